/* The trigonometric function, number 26 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = n - sum_j cos(x_j) + i (1 - cos(x_i)) - sin(x_i),   i = 1..n,

   start x_j = 1/n, minimum 0 at 0, among others; local ones above 0.  */

#include "problems/squares/least_squares.h"

#include <math.h>

static void trigonometric_evaluate(size_t n, const double x[], double r[], double J[]) {
    double sum = 0; /* n - sum_j cos(x_j) */
    for (size_t j = 0; j < n; j++)
        sum += 1 - cos(x[j]);
    for (size_t i = 0; i < n; i++) {
        double c = cos(x[i]), s = sin(x[i]), order = (double)(i + 1);
        r[i] = sum + order * (1 - c) - s;
        for (size_t j = 0; J && j < n; j++)
            J[i * n + j] = sin(x[j]);
        if (J)
            J[i * n + i] += order * s - c;
    }
}

static void trigonometric_curve(size_t n, const double x[], const double w[], double S[]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += w[i];
    for (size_t j = 0; j < n; j++) {
        double c = cos(x[j]), s = sin(x[j]);
        S[j * n + j] += sum * c + w[j] * ((double)(j + 1) * c + s);
    }
}

static void trigonometric_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = 1 / (double)n;
}

static const gradus_residuals residuals = {.name = "trigonometric",
                                           .evaluate = trigonometric_evaluate,
                                           .curve = trigonometric_curve,
                                           .start = trigonometric_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(10, 1, 1000, "Number of parameters."), {0}};

static gradus_err trigonometric_open(void *self, const void *values, size_t threads,
                                     gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, n, &p->shared, why);
}

static bool trigonometric_minimum(const void *self, size_t index, double x[]) {
    return gradus_least_squares_fill(self, 0, index, x);
}

const gradus_problem_type gradus_problem_trigonometric = {
    .name = "trigonometric",
    .brief = "trigonometric equations, any dimension",
    .formula = "f(x) = sum_i (n - sum_j cos(x_j) + i (1 - cos(x_i)) - sin(x_i))^2; start "
               "x_j = 1/n; minimum 0 at 0, among others",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 26",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = trigonometric_open,
    .minimum = trigonometric_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
