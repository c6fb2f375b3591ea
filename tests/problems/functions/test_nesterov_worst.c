/* Nesterov's worst function: its minimum in closed form, its curvature below L, and that
   gradients reveal one coordinate an update.  */

#include "core/problem.h"

#include "../../function.h"

#include <float.h>

enum { N = 9 };
static const gradus_batch whole = {.count = 1};

START_TEST(minimum_in_closed_form) {
    static const int sizes[] = {1, 2, 9, 60};
    const double L = 3.5;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double n = sizes[i], x[60], g[60], value, squares = 0, slope = 0;
        char spec[64];
        gradus_problem *problem;
        snprintf(spec, sizeof spec, "nesterov_worst:dimension=%d,lipschitz=3.5", sizes[i]);
        assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
        ck_assert(problem->type->minimum(problem->self, 0, x));
        ck_assert(!problem->type->minimum(problem->self, 1, g));
        assert_ok(problem->type->evaluate(problem->self, &whole, x, &value, g));
        for (int j = 0; j < sizes[i]; j++) {
            squares += x[j] * x[j];
            slope = fmax(slope, fabs(g[j]));
        }
        /* n terms are summed, each with a few roundings.  */
        assert_close(value, L / 8 * (-1 + 1 / (n + 1)), 4 * n * DBL_EPSILON);
        assert_close(squares, n * (2 * n + 1) / (6 * (n + 1)), 4 * n * DBL_EPSILON);
        ck_assert(squares <= (n + 1) / 3);
        assert_at_most("gradient at the minimum", slope, 8 * L * DBL_EPSILON);
        gradus_problem_close(problem);
    }
}
END_TEST

/* The eigenvector of tridiag(-1, 2, -1) is sin(j pi / (n+1)) with k = n for the largest
   eigenvalue 2 - 2 cos(n pi / (n+1)).  */
START_TEST(curvature_is_below_the_constant) {
    gradus_problem *problem;
    double v[N], hv[N], angle = N * M_PI / (N + 1);
    assert_ok(
        gradus_problem_create(&problem, "nesterov_worst:dimension=9,lipschitz=8", 1, NULL));
    for (int j = 0; j < N; j++)
        v[j] = sin((j + 1) * angle);
    assert_ok(problem->type->product(problem->self, &whole, v, v, hv));
    for (int j = 0; j < N; j++)
        assert_close(hv[j], 2 * (2 - 2 * cos(angle)) * v[j], 32 * DBL_EPSILON);
    assert_at_most("largest eigenvalue", 2 * (2 - 2 * cos(angle)), 8);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(one_coordinate_an_update) {
    trial_t trial = trial_of_problem("nesterov_worst:dimension=9", "sgd:learning_rate=1",
                                     "updates=9,gradient_tolerance=0");
    for (int k = 1; k <= N; k++) {
        const double *x = trial_step(&trial);
        for (int j = 0; j < N; j++)
            ck_assert_msg((x[j] != 0) == (j < k), "update %d, coordinate %d: %g", k, j,
                          x[j]);
    }
    trial_close(&trial);
}
END_TEST

TEST_MAIN("nesterov_worst", minimum_in_closed_form, curvature_is_below_the_constant,
          one_coordinate_an_update)
