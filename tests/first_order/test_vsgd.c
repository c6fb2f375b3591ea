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

/* Without noise and with a diagonal Hessian the first step is Newton's, up to the floor: a
   relative error of 1e-9 / d, d at least 1, and a difference that cancels three digits.  */
START_TEST(one_step_on_a_separable_quadratic) {
    trial_t trial = trial_of_problem(
        "quadratic:dimension=7,condition=50",
        "vsgd:slow_start=1,slow_start_factor=1,curvature_floor=1e-9", NULL);
    const double *x = trial_step(&trial);
    for (int i = 0; i < 7; i++)
        assert_close(x[i], 1.0, 2e-9);
    trial_close(&trial);
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

static double nowhere(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = 1.0, g[1] = NAN;
    return 0.5;
}

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
          one_step_on_a_separable_quadratic, nothing_known_moves_nothing,
          curvature_that_is_not_finite_is_not_used, not_finite_stops_and_leaves_x,
          same_bits_with_any_threads)
