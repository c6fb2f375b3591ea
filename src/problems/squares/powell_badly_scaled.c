/* Powell's badly scaled function, number 3 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r = (10^4 x1 x2 - 1, exp(-x1) + exp(-x2) - 1.0001),

   start (0, 1), minimum 0 at about (1.098e-5, 9.106).  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

static void powell_badly_scaled_evaluate(size_t n, const double x[], double r[],
                                         double J[]) {
    r[0] = 1e4 * x[0] * x[1] - 1;
    r[1] = exp(-x[0]) + exp(-x[1]) - 1.0001;
    for (size_t j = 0; J && j < n; j++) {
        J[j] = 1e4 * x[1 - j];
        J[n + j] = -exp(-x[j]);
    }
}

static void powell_badly_scaled_curve(size_t n, const double x[], const double w[],
                                      double S[]) {
    S[0] += w[1] * exp(-x[0]);
    S[n] += w[0] * 1e4;
    S[n + 1] += w[1] * exp(-x[1]);
}

static void powell_badly_scaled_start(size_t n, double x[]) {
    static const double standard[] = {0, 1};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "powell_badly_scaled",
                                           .evaluate = powell_badly_scaled_evaluate,
                                           .curve = powell_badly_scaled_curve,
                                           .start = powell_badly_scaled_start};

static gradus_err powell_badly_scaled_open(void *self, const void *values, size_t threads,
                                           gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 2, 2, values, why);
}

const gradus_problem_type gradus_problem_powell_badly_scaled = {
    .name = "powell_badly_scaled",
    .brief = "Powell's badly scaled function",
    .formula = "f(x) = (10^4 x1 x2 - 1)^2 + (exp(-x1) + exp(-x2) - 1.0001)^2; start (0, "
               "1); minimum 0 at about (1.098e-5, 9.106)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 3",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = powell_badly_scaled_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
