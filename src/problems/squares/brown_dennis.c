/* The function of Brown and Dennis, number 16 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = (x1 + t x2 - exp(t))^2 + (x3 + x4 sin(t) - cos(t))^2,   t = i/5,  i = 1..20,

   start (25, 5, -5, -1), minimum 85822.2.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

enum { POINTS = 20 };

static void brown_dennis_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double t = 0.2 * (double)(i + 1), s = sin(t);
        double a = x[0] + t * x[1] - exp(t), b = x[2] + s * x[3] - cos(t);
        r[i] = a * a + b * b;
        if (J) {
            double *row = J + i * n;
            row[0] = 2 * a;
            row[1] = 2 * a * t;
            row[2] = 2 * b;
            row[3] = 2 * b * s;
        }
    }
}

static void brown_dennis_curve(size_t n, const double x[], const double w[], double S[]) {
    (void)x;
    for (size_t i = 0; i < POINTS; i++) {
        double t = 0.2 * (double)(i + 1), s = sin(t);
        S[0] += 2 * w[i];
        S[n] += 2 * w[i] * t;
        S[n + 1] += 2 * w[i] * t * t;
        S[2 * n + 2] += 2 * w[i];
        S[3 * n + 2] += 2 * w[i] * s;
        S[3 * n + 3] += 2 * w[i] * s * s;
    }
}

static void brown_dennis_start(size_t n, double x[]) {
    static const double standard[] = {25, 5, -5, -1};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "brown_dennis",
                                           .evaluate = brown_dennis_evaluate,
                                           .curve = brown_dennis_curve,
                                           .start = brown_dennis_start};

static gradus_err brown_dennis_open(void *self, const void *values, size_t threads,
                                    gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 4, POINTS, values, why);
}

const gradus_problem_type gradus_problem_brown_dennis = {
    .name = "brown_dennis",
    .brief = "quartic of Brown and Dennis, with large residuals",
    .formula = "f(x) = sum_i=1..20 ((x1 + t x2 - exp(t))^2 + (x3 + x4 sin(t) - "
               "cos(t))^2)^2, t = i/5; start (25, 5, -5, -1); minimum 85822.2",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 16",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = brown_dennis_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
