/* vsgd: updates by hand (expected.py), what it converges to, and what must not move.  */

#include "cubic.h"

static const double at_once[UPDATES][2] = {{1.2881978713282707, -1.0512662642459267},
                                           {0.95170151560761196, -1.1478125560081267},
                                           {0.80837533493119063, -1.1807850351107516}};
static const double slowly[UPDATES][2] = {{2.0054836925011319, -0.83266306721312344},
                                          {1.6323119520318539, -0.94754620998009331},
                                          {1.2915102238973684, -1.0504372405317939}};
static const double gathered[UPDATES][2] = {{2.3849999999999998, -0.71699999999999997},
                                            {2.0054836925011319, -0.83266306721312344},
                                            {1.6490610860894805, -0.9424257295592986}};
static const double clipped[UPDATES][2] = {{2.2539417041194105, -0.7472349144238013},
                                           {2.0739378377235456, -0.78901874564329066},
                                           {1.8111953976491151, -0.85006468949397784}};

#define SLOW "vsgd:curvature_floor=0.01,slow_start_factor=1.7,slow_start="

START_TEST(first_updates) {
    size_t calls = check_trajectory(
        "vsgd:curvature_floor=0.01,slow_start=1,slow_start_factor=1", at_once);
    ck_assert_uint_eq(calls, 2 * UPDATES);
    check_trajectory(SLOW "1", slowly);
    check_trajectory(SLOW "2", gathered);
}
END_TEST

/* Curvature comes from gradients that are not clipped.  */
START_TEST(clipping_leaves_curvature_alone) {
    check_trajectory(SLOW "1,clip_norm=2.3", clipped);
}
END_TEST

static double nowhere(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = 1.0, g[1] = NAN;
    return 0.5;
}

/* Without noise and with a diagonal Hessian the first step is Newton's, up to the floor: a
   relative error of 1e-9 / d, d at least 1, and a difference that cancels three digits.  */
START_TEST(one_step_on_a_separable_quadratic) {
    static const char *const curvatures[] = {"exact", "differences", "auto"};
    for (int k = 0; k < 3; k++) {
        char spec[128];
        snprintf(spec, sizeof spec,
                 "vsgd:slow_start=1,slow_start_factor=1,curvature_floor=1e-9,curvature=%s",
                 curvatures[k]);
        trial_t trial = trial_of_problem("quadratic:dimension=7,condition=50", spec, NULL);
        const double *x = trial_step(&trial);
        for (int i = 0; i < 7; i++)
            assert_close(x[i], 1.0, 2e-9);
        gradus_row row = trial_row(&trial);
        ck_assert_uint_eq(row.gradient_evaluations, 2); /* either way */
        assert_close(row.passes, 2.0, 0.0);
        trial_close(&trial);
    }
}
END_TEST

/* The problem's diagonal is what is used where there is one: with as much as 1e-3 for the
   floor the first step shows h to the last bits, |d| + floor, and the rest is the rule.  */
START_TEST(exact_curvature_is_the_problems) {
    trial_t trial = trial_of_problem(
        "quadratic:dimension=3,condition=64",
        "vsgd:slow_start=1,slow_start_factor=1,curvature_floor=0.001", NULL);
    static const double d[] = {1.0, 8.0, 64.0};
    const double *x = trial_step(&trial);
    for (int i = 0; i < 3; i++) /* from 0, where the gradient is -d */
        assert_close(x[i], d[i] / (d[i] + 0.001), 4e-16);
    trial_close(&trial);
}
END_TEST

START_TEST(refuses_exact_curvature_that_is_not_there) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = nowhere};
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_problem_wrap(&problem, &function_type, &function, 1, NULL));
    assert_ok(gradus_method_create(&method, "vsgd:curvature=exact", NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, NULL, &why),
                     GRADUS_EUNSUPPORTED);
    assert_sentence(why.text);
    assert_contains(why.text, "diagonal");
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

/* The first parameter has no gradient until the second has come down to 0.5.  */
static double late(const double x[], double g[]) {
    bool on = x[1] < 0.5;
    if (g)
        g[0] = on ? x[0] : 0.0, g[1] = x[1];
    return 0.5 * (on ? x[0] * x[0] : 0.0) + 0.5 * x[1] * x[1];
}

START_TEST(nothing_known_moves_nothing) {
    static const double start[2] = {1.385, 0.917};
    function_t function = {.n = 2, .start = start, .evaluate = late};
    trial_t trial = trial_of_function(&function, "vsgd", NULL);
    size_t moved = 0;
    for (int k = 0; k < 40; k++) {
        bool on = gradus_run_parameters(trial.run)[1] < 0.5;
        const double *x = trial_step(&trial);
        ck_assert(isfinite(x[0]) && isfinite(x[1]));
        ck_assert(on || moved || same_bits(x[0], start[0]));
        moved += x[0] != start[0];
    }
    ck_assert_uint_gt(moved, 0);
    ck_assert(gradus_run_parameters(trial.run)[0] < start[0]);
    trial_close(&trial);
}
END_TEST

/* Not finite where the difference is taken: nothing is learnt from it.  */
static double walled(const double x[], double g[]) {
    bool inside = x[0] < 2.0;
    if (g)
        g[0] = inside ? x[0] : NAN;
    return inside ? 0.5 * x[0] * x[0] : NAN;
}

START_TEST(curvature_that_is_not_finite_is_not_used) {
    static const double start[1] = {1.385};
    function_t function = {.n = 1, .start = start, .evaluate = walled};
    trial_t trial = trial_of_function(&function, "vsgd:slow_start=1", NULL);
    ck_assert(same_bits(*trial_step(&trial), start[0]));
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
    trial_close(&trial);
}
END_TEST

START_TEST(not_finite_stops_and_leaves_x) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = nowhere};
    trial_t trial = trial_of_function(&function, "vsgd", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
    ck_assert(memcmp(x, cubic_start, sizeof cubic_start) == 0);
    trial_close(&trial);
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("vsgd:slow_start=2");
    check_threads("vsgd:slow_start=1,clip_norm=1.5");
}
END_TEST

TEST_MAIN("vsgd", first_updates, clipping_leaves_curvature_alone,
          one_step_on_a_separable_quadratic, exact_curvature_is_the_problems,
          refuses_exact_curvature_that_is_not_there, nothing_known_moves_nothing,
          curvature_that_is_not_finite_is_not_used, not_finite_stops_and_leaves_x,
          same_bits_with_any_threads)
