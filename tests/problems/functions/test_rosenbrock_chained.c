/* The chained Rosenbrock function against SciPy 1.10's rosen, rosen_der and
   rosen_hess_prod.  */

#include "core/problem.h"

#include "../../support.h"

#include <float.h>

enum { N = 5 };
static const gradus_batch whole = {.count = 1};
/* The largest coefficients are in the thousands and a few terms are added.  */
static const double ROUNDING = 64 * DBL_EPSILON;

START_TEST(agrees_with_scipy) {
    static const double x[N] = {0.3, -1.7, 2.385, 0.9, -0.4},
                        v[N] = {1, -2.5, 0.25, 3, -0.125},
                        gradient[N] = {213.4, -706.8, 4469.73665, -522.245, -242},
                        product[N] = {1090, -6740, -2895.0325, 3808.5, -1105},
                        published[N] = {1.3, 0.7, 0.8, 1.9, 1.2};
    gradus_problem *problem;
    double value, g[N], hv[N];
    assert_ok(gradus_problem_create(&problem, "rosenbrock_chained:dimension=5", 1, NULL));
    const gradus_problem_type *type = problem->type;
    assert_ok(type->evaluate(problem->self, &whole, x, &value, g));
    assert_ok(type->product(problem->self, &whole, x, v, hv));
    assert_close(value, 2794.740590062499, ROUNDING);
    for (int i = 0; i < N; i++) {
        assert_close(g[i], gradient[i], ROUNDING);
        assert_close(hv[i], product[i], ROUNDING);
    }
    assert_ok(type->evaluate(problem->self, &whole, published, &value, NULL));
    assert_close(value, 848.22, ROUNDING);
    gradus_problem_close(problem);
}
END_TEST

/* In two dimensions it is the other Rosenbrock function, bit for bit.  */
START_TEST(is_rosenbrock_in_the_plane) {
    static const char *const specs[] = {"rosenbrock", "rosenbrock_chained"};
    const double x[2] = {-0.7, 1.9};
    double value[2], g[2][2], h[2][4], start[2][2];
    for (int i = 0; i < 2; i++) {
        gradus_problem *problem;
        assert_ok(gradus_problem_create(&problem, specs[i], 1, NULL));
        problem->type->start(problem->self, NULL, start[i]);
        assert_ok(problem->type->evaluate(problem->self, &whole, x, &value[i], g[i]));
        assert_ok(problem->type->hessian(problem->self, &whole, x, h[i]));
        gradus_problem_close(problem);
    }
    ck_assert(same_bits(value[0], value[1]) && !memcmp(g[0], g[1], sizeof g[0]) &&
              !memcmp(h[0], h[1], sizeof h[0]) &&
              !memcmp(start[0], start[1], sizeof start[0]));
}
END_TEST

TEST_MAIN("rosenbrock_chained", agrees_with_scipy, is_rosenbrock_in_the_plane)
