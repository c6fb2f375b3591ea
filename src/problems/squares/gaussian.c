/* A Gaussian fitted to its values, number 9 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = x1 exp(-x2 (t - x3)^2 / 2) - y_i,   t = (8 - i)/2,  i = 1..15,

   y the density of the standard normal with four digits; start (0.4, 1, 0), minimum
   1.12793e-8.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 15, MIDDLE = 7 };

/* The density at 0, 0.5, 1, ...  */
static const double density[MIDDLE + 1] = {0.3989, 0.3521, 0.2420, 0.1295,
                                           0.0540, 0.0175, 0.0044, 0.0009};

static void gaussian_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (int i = 0; i < POINTS; i++) {
        double d = 0.5 * (MIDDLE - i) - x[2], e = exp(-0.5 * x[1] * d * d);
        r[i] = x[0] * e - density[abs(MIDDLE - i)];
        if (J) {
            double *row = J + (size_t)i * n;
            row[0] = e;
            row[1] = -0.5 * x[0] * e * d * d;
            row[2] = x[0] * e * x[1] * d;
        }
    }
}

static void gaussian_curve(size_t n, const double x[], const double w[], double S[]) {
    for (int i = 0; i < POINTS; i++) {
        double d = 0.5 * (MIDDLE - i) - x[2], square = d * d;
        double e = w[i] * exp(-0.5 * x[1] * square);
        S[n] -= 0.5 * e * square;
        S[n + 1] += 0.25 * x[0] * e * square * square;
        S[2 * n] += e * x[1] * d;
        S[2 * n + 1] += x[0] * e * d * (1 - 0.5 * x[1] * square);
        S[2 * n + 2] += x[0] * e * x[1] * (x[1] * square - 1);
    }
}

static void gaussian_start(size_t n, double x[]) {
    static const double standard[] = {0.4, 1, 0};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "gaussian",
                                           .evaluate = gaussian_evaluate,
                                           .curve = gaussian_curve,
                                           .start = gaussian_start};

static gradus_err gaussian_open(void *self, const void *values, size_t threads,
                                gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 3, POINTS, values, why);
}

const gradus_problem_type gradus_problem_gaussian = {
    .name = "gaussian",
    .brief = "Gaussian fitted to rounded values of one",
    .formula =
        "f(x) = sum_i=1..15 (x1 exp(-x2 (t - x3)^2 / 2) - y_i)^2, t = (8 - i)/2, y the "
        "standard normal density with four digits; start (0.4, 1, 0); minimum 1.12793e-8",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 9",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = gaussian_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
