/* The variably dimensioned function, number 25 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = x_i - 1,  i = 1..n,   r_n+1 = s,   r_n+2 = s^2,   s = sum_j j (x_j - 1),

   start x_j = 1 - j/n, minimum 0 at (1, ..., 1).  */

#include "problems/squares/least_squares.h"

static double weighted_sum(size_t n, const double x[]) {
    double s = 0;
    for (size_t j = 0; j < n; j++)
        s += (double)(j + 1) * (x[j] - 1);
    return s;
}

static void variably_dimensioned_evaluate(size_t n, const double x[], double r[],
                                          double J[]) {
    double s = weighted_sum(n, x);
    for (size_t j = 0; j < n; j++)
        r[j] = x[j] - 1;
    r[n] = s;
    r[n + 1] = s * s;
    for (size_t j = 0; J && j < n; j++) {
        J[j * n + j] = 1;
        J[n * n + j] = (double)(j + 1);
        J[(n + 1) * n + j] = 2 * s * (double)(j + 1);
    }
}

static void variably_dimensioned_curve(size_t n, const double x[], const double w[],
                                       double S[]) {
    (void)x;
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k <= j; k++)
            S[j * n + k] += w[n + 1] * 2 * (double)(j + 1) * (double)(k + 1);
}

static void variably_dimensioned_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = 1 - (double)(j + 1) / (double)n;
}

static const gradus_residuals residuals = {.name = "variably_dimensioned",
                                           .evaluate = variably_dimensioned_evaluate,
                                           .curve = variably_dimensioned_curve,
                                           .start = variably_dimensioned_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(10, 1, 1000, "Number of parameters."), {0}};

static gradus_err variably_dimensioned_open(void *self, const void *values, size_t threads,
                                            gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, n + 2, &p->shared, why);
}

static bool variably_dimensioned_minimum(const void *self, size_t index, double x[]) {
    return gradus_least_squares_fill(self, 1, index, x);
}

const gradus_problem_type gradus_problem_variably_dimensioned = {
    .name = "variably_dimensioned",
    .brief = "quartic valley across one direction, any dimension",
    .formula = "f(x) = sum_i (x_i - 1)^2 + s^2 + s^4, s = sum_j j (x_j - 1); start x_j = 1 "
               "- j/n; minimum 0 at (1, ..., 1)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 25",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = variably_dimensioned_open,
    .minimum = variably_dimensioned_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
