/* The first penalty function, number 23 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = sqrt(a) (x_i - 1),  i = 1..n,   r_n+1 = sum_j x_j^2 - 1/4,   a = 10^-5,

   start x_j = j, minimum 2.24997e-5 for n = 4, 7.08765e-5 for n = 10.  */

#include "problems/squares/least_squares.h"

#include <math.h>

static const double WEIGHT = 1e-5; /* a */

static void penalty_1_evaluate(size_t n, const double x[], double r[], double J[]) {
    double root = sqrt(WEIGHT);
    r[n] = -0.25;
    for (size_t j = 0; j < n; j++) {
        r[j] = root * (x[j] - 1);
        r[n] += x[j] * x[j];
    }
    for (size_t j = 0; J && j < n; j++) {
        J[j * n + j] = root;
        J[n * n + j] = 2 * x[j];
    }
}

static void penalty_1_curve(size_t n, const double x[], const double w[], double S[]) {
    (void)x;
    for (size_t j = 0; j < n; j++)
        S[j * n + j] += 2 * w[n];
}

static void penalty_1_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = (double)(j + 1);
}

static const gradus_residuals residuals = {.name = "penalty_1",
                                           .evaluate = penalty_1_evaluate,
                                           .curve = penalty_1_curve,
                                           .start = penalty_1_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(10, 1, 1000, "Number of parameters."), {0}};

static gradus_err penalty_1_open(void *self, const void *values, size_t threads,
                                 gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, n + 1, &p->shared, why);
}

const gradus_problem_type gradus_problem_penalty_1 = {
    .name = "penalty_1",
    .brief = "point pulled weakly away from a sphere",
    .formula = "f(x) = 10^-5 sum_i (x_i - 1)^2 + (sum_j x_j^2 - 1/4)^2; start x_j = j; "
               "minimum 2.24997e-5 for n = 4, 7.08765e-5 for n = 10",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 23",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = penalty_1_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
