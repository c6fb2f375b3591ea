/* The exact natural gradient of linear models, whose Fisher matrix is their Hessian.  */

#include "../elimination.h"
#include "core/problem.h"

#include "../specs.h"
#include "../support.h"

enum { N = SPEC_FEATURES + 1 };

/* One step and one with a velocity, by Gaussian elimination with the dense Hessian.  The
   matrix with its damping has a condition below 1e3.  */
START_TEST(steps_are_damped_newton_steps) {
    enum { UPDATES = 3 };
    static const double RATE = 0.4, MOMENTUM = 0.5, DAMPING = 0.02;
    char spec[SPEC_SIZE];
    double x[N], v[N] = {0}, H[N * N], g[N], value;
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    make_specs();
    assert_ok(gradus_problem_create(&problem, small_spec("logistic", spec), 1, NULL));
    assert_ok(gradus_method_create(
        &method, "natural_gradient:learning_rate=0.4,momentum=0.5,damping=0.02", NULL));
    assert_ok(gradus_run_open(&run, problem, method, NULL, NULL, NULL));
    ck_assert_uint_eq(gradus_problem_dimension(problem), N);
    memcpy(x, gradus_run_parameters(run), sizeof x);
    gradus_batch all = {.count = SPEC_EXAMPLES};
    for (int update = 0; update < UPDATES; update++) {
        assert_ok(gradus_run_step(run, NULL));
        assert_ok(problem->type->hessian(problem->self, &all, x, H));
        assert_ok(problem->type->evaluate(problem->self, &all, x, &value, g));
        for (int i = 0; i < N; i++)
            H[i * N + i] += DAMPING;
        solve(N, H, g);
        for (int i = 0; i < N; i++) {
            v[i] = MOMENTUM * v[i] - RATE * g[i];
            x[i] += v[i];
            assert_close(gradus_run_parameters(run)[i], x[i], 1e-12);
        }
    }
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    remove_specs();
}
END_TEST

/* The matrix of the first update serves the second.  */
START_TEST(the_matrix_is_kept_for_an_interval) {
    char spec[SPEC_SIZE];
    gradus_row row[2];
    make_specs();
    for (int i = 0; i < 2; i++) {
        gradus_problem *problem;
        gradus_method *method;
        gradus_run *run;
        assert_ok(gradus_problem_create(&problem, small_spec("logistic", spec), 1, NULL));
        assert_ok(gradus_method_create(
            &method, i ? "natural_gradient:interval=4" : "natural_gradient", NULL));
        assert_ok(gradus_run_open(&run, problem, method, NULL, NULL, NULL));
        for (int update = 0; update < 8; update++)
            assert_ok(gradus_run_step(run, NULL));
        assert_ok(gradus_run_measure(run, true, &row[i], NULL));
        gradus_run_close(run);
        gradus_method_close(method);
        gradus_problem_close(problem);
    }
    ck_assert_uint_eq(row[0].products, 8 * N);
    ck_assert_uint_eq(row[1].products, 2 * N);
    remove_specs();
}
END_TEST

TEST_MAIN("natural_gradient", steps_are_damped_newton_steps,
          the_matrix_is_kept_for_an_interval)
