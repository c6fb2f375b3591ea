/* Watson's function, number 20 of More, Garbow and Hillstrom, "Testing unconstrained
   optimization software", ACM TOMS 7(1), 1981:

     r_i = sum_j (j-1) x_j t^(j-2) - (sum_j x_j t^(j-1))^2 - 1,   t = i/29,  i = 1..29,
     r_30 = x1,   r_31 = x2 - x1^2 - 1,

   start 0, minimum 2.28767e-3 for n = 6, 1.39976e-6 for 9, 4.72238e-10 for 12.  The
   polynomial with coefficients x solves y' = 1 + y^2, y(0) = 0 in the least-squares sense;
   the higher its degree, the less the residuals determine it.  */

#include "problems/squares/least_squares.h"

#include <string.h>

enum { POINTS = 29 };

static void watson_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double t = (double)(i + 1) / POINTS, y = 0, slope = 0;
        double power = 1, before = 0; /* t^j and t^(j-1) */
        for (size_t j = 0; j < n; j++, before = power, power *= t) {
            y += x[j] * power;
            slope += (double)j * x[j] * before;
        }
        r[i] = slope - y * y - 1;
        power = 1, before = 0;
        for (size_t j = 0; J && j < n; j++, before = power, power *= t)
            J[i * n + j] = (double)j * before - 2 * y * power;
    }
    r[POINTS] = x[0];
    r[POINTS + 1] = x[1] - x[0] * x[0] - 1;
    if (J) {
        J[POINTS * n] = 1;
        J[(POINTS + 1) * n] = -2 * x[0];
        J[(POINTS + 1) * n + 1] = 1;
    }
}

static void watson_curve(size_t n, const double x[], const double w[], double S[]) {
    (void)x;
    for (size_t i = 0; i < POINTS; i++) {
        double t = (double)(i + 1) / POINTS, first = 1;
        for (size_t j = 0; j < n; j++, first *= t) {
            double second = 1;
            for (size_t k = 0; k <= j; k++, second *= t)
                S[j * n + k] -= 2 * w[i] * first * second;
        }
    }
    S[0] -= 2 * w[POINTS + 1];
}

static void watson_start(size_t n, double x[]) { memset(x, 0, n * sizeof *x); }

static const gradus_residuals residuals = {.name = "watson",
                                           .evaluate = watson_evaluate,
                                           .curve = watson_curve,
                                           .start = watson_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(6, 2, 31, "Number of parameters."), {0}};

static gradus_err watson_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, POINTS + 2, &p->shared, why);
}

const gradus_problem_type gradus_problem_watson = {
    .name = "watson",
    .brief = "Watson's polynomial fitted to a differential equation",
    .formula = "f(x) = sum_i=1..29 (p'(t) - p(t)^2 - 1)^2 + x1^2 + (x2 - x1^2 - 1)^2, t = "
               "i/29, p(t) = sum_j x_j t^(j-1); start 0; minimum 2.28767e-3 for n = 6, "
               "1.39976e-6 for 9, 4.72238e-10 for 12",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 20",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = watson_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
