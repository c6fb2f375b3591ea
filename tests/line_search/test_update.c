/* The frame of an update: what ends it before a search, after one, and which pairs serve.  */

#include "line_search/update.h"

#include "../function.h"
#include "core/oracle.h"

enum { N = 3 };

static const double start[N] = {0.5, -0.25, 2.0};

/* The gradient that `slopes` gives.  */
static double g_start[N];

static double slopes(const double x[], double g[]) {
    (void)x;
    if (g)
        memcpy(g, g_start, sizeof g_start);
    return 2.385;
}

static gradus_report begin(double a, double b, double c) {
    function_t function = {.n = N, .start = start, .evaluate = slopes};
    gradus_problem *problem;
    gradus_oracle oracle;
    gradus_report report = {0};
    double g[N], value, norm;
    g_start[0] = a, g_start[1] = b, g_start[2] = c;
    assert_ok(gradus_problem_wrap(&problem, &function_type, &function, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    assert_ok(gradus_update_begin(&oracle, 1, start, &value, g, &norm, &report));
    ck_assert(memcmp(g, g_start, sizeof g) == 0);
    gradus_oracle_close(&oracle);
    gradus_problem_close(problem);
    return report;
}

START_TEST(begins_only_where_there_is_a_slope) {
    ck_assert_int_eq(begin(1.0, 0.0, -2.0).stop, GRADUS_RUNNING);
    ck_assert_int_eq(begin(0.0, -0.0, 0.0).stop, GRADUS_FAIL_STATIONARY);
    ck_assert_int_eq(begin(1.0, NAN, 0.0).stop, GRADUS_FAIL_DIVERGED);
    ck_assert_int_eq(begin(1.0, -INFINITY, 0.0).stop, GRADUS_FAIL_DIVERGED);
    /* Whose square is zero: that does not make it a zero gradient.  */
    ck_assert_int_ne(begin(0.0, -3e-170, 0.0).stop, GRADUS_FAIL_STATIONARY);
}
END_TEST

/* No division by zero, whatever the pair: two identical points, two identical gradients, or
   what overflows.  */
START_TEST(pairs_that_serve) {
    static const double none[N], s[N] = {1.0, 2.0, -1.0}, y[N] = {0.5, 1.0, -3.0};
    static const double across[N] = {2.0, -1.0, 0.0}, back[N] = {-1.0, -2.0, 1.0};
    static const double tiny[N] = {1e-200, 0.0, 0.0}, lost[N] = {NAN, 1.0, 0.0};
    double sy, yy;
    ck_assert(gradus_update_safe_pair(N, s, y, 1, &sy, &yy));
    assert_close(sy, 5.5, 1e-15);
    assert_close(yy, 10.25, 1e-15);
    ck_assert(!gradus_update_safe_pair(N, none, y, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, s, none, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, none, none, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, s, across, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, s, back, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, tiny, tiny, 1, &sy, &yy));
    ck_assert(!gradus_update_safe_pair(N, s, lost, 1, &sy, &yy));
}
END_TEST

/* The valley falls over 10^20, far beyond the longest step, and has a floor: the update is
   made, and the point it found is still the one that was evaluated.  */
static double long_slope(const double x[], double g[]) {
    double r = 1e-20 * x[0];
    if (g)
        g[0] = -1.0 + r, g[1] = x[1], g[2] = x[2];
    return -x[0] + 0.5 * r * x[0] + 0.5 * (x[1] * x[1] + x[2] * x[2]);
}

START_TEST(a_long_step_is_not_the_end) {
    static const double at[N];
    function_t function = {.n = N, .start = at, .evaluate = long_slope};
    trial_t trial = trial_of_function(&function, "lbfgs", "updates=1,gradient_tolerance=0");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_UPDATES);
    const double *x = gradus_run_parameters(trial.run);
    ck_assert(x[0] == GRADUS_LONGEST_STEP);
    gradus_row row = trial_row(&trial);
    ck_assert(same_bits(row.train_value, long_slope(x, NULL)));
    ck_assert(row.learning_rate == GRADUS_LONGEST_STEP);
    trial_close(&trial);
    trial = trial_of_function(&function, "lbfgs", "updates=100");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    assert_close(gradus_run_parameters(trial.run)[0] / 1e20, 1.0, 1e-5);
    trial_close(&trial);
}
END_TEST

TEST_MAIN("update", begins_only_where_there_is_a_slope, pairs_that_serve,
          a_long_step_is_not_the_end)
