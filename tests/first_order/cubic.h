/* The function of expected.py.  */

#ifndef GRADUS_TESTS_FIRST_ORDER_CUBIC_H
#define GRADUS_TESTS_FIRST_ORDER_CUBIC_H

#include "../function.h"

enum { UPDATES = 3 };

/* Ten operations an update on numbers near 1, each rounded by 1.1e-16, and errors that the
   Hessian (norm below 6) times a rate of 0.137 does not blow up in three updates.  */
static const double BY_HAND = 1e-14;

static inline double cubic(const double x[], double g[]) {
    if (g) {
        g[0] = 3.7 * x[0] + 0.81 * x[1] - 1.3 + 0.3 * x[0] * x[0];
        g[1] = 0.45 * x[1] + 0.81 * x[0];
    }
    return 1.85 * x[0] * x[0] + 0.225 * x[1] * x[1] + 0.81 * x[0] * x[1] - 1.3 * x[0] +
           0.1 * x[0] * x[0] * x[0];
}

static const double cubic_start[2] = {2.385, -0.717};

/* How many evaluations that took.  */
static inline size_t check_trajectory(const char *method, const double want[UPDATES][2]) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t trial = trial_of_function(&function, method, NULL);
    for (size_t k = 0; k < UPDATES; k++) {
        const double *x = trial_step(&trial);
        for (size_t i = 0; i < 2; i++)
            assert_close(x[i], want[k][i], BY_HAND);
    }
    trial_close(&trial);
    return function.calls;
}

/* Fewer evaluations than updates when a point was not left: it is not evaluated again.  */
static inline void check_updates(const char *method, const double want[UPDATES][2]) {
    ck_assert_uint_le(check_trajectory(method, want), UPDATES);
}

static inline double uneven(const double x[], double g[]) {
    static const double slopes[] = {0.81, 0.0, 1e-200, 0.0, -3.7};
    double value = 0.0;
    for (size_t i = 0; i < 5; i++) {
        value += slopes[i] * x[i];
        if (g)
            g[i] = slopes[i];
    }
    return value;
}

/* Parameters without a gradient stay where they are, to the bit, beside others that move,
   and one whose gradient is too small to be squared stays finite.  */
static inline void check_still(const char *method) {
    static const double start[5] = {2.385, -0.717, 1.17, -0.0, 0.371};
    function_t function = {.n = 5, .start = start, .evaluate = uneven};
    trial_t trial = trial_of_function(&function, method, NULL);
    for (size_t k = 0; k < UPDATES; k++) {
        const double *x = trial_step(&trial);
        ck_assert_msg(same_bits(x[1], start[1]) && x[3] == 0.0, "%s moves what is still",
                      method);
        for (size_t i = 0; i < 5; i++)
            ck_assert_msg(isfinite(x[i]), "%s: x[%zu] = %g", method, i, x[i]);
    }
    const double *x = gradus_run_parameters(trial.run);
    bool frozen = strcmp(method, "adadelta:epsilon=0") == 0;
    ck_assert(frozen ? x[0] == start[0] : x[0] < start[0] && x[4] > start[4]);
    trial_close(&trial);
}

/* The parameters after some updates on a long vector, with one thread and with three.  */
static inline void check_threads(const char *method) {
    static const char spec[] = "quadratic:dimension=200003,condition=30";
    double *one = NULL;
    size_t n = 0;
    for (size_t threads = 1; threads <= 3; threads += 2) {
        gradus_problem *problem;
        assert_ok(gradus_problem_create(&problem, spec, threads, NULL));
        n = gradus_problem_dimension(problem);
        trial_t trial = trial_open(problem, method, NULL);
        const double *x = NULL;
        for (size_t k = 0; k < UPDATES; k++)
            x = trial_step(&trial);
        if (!one) {
            one = malloc(n * sizeof *one);
            memcpy(one, x, n * sizeof *one);
        } else
            ck_assert_msg(memcmp(one, x, n * sizeof *x) == 0, "%s depends on threads",
                          method);
        trial_close(&trial);
    }
    free(one);
}

#endif
