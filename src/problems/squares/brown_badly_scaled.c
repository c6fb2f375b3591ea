/* Brown's badly scaled function, number 4 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r = (x1 - 10^6, x2 - 2 10^-6, x1 x2 - 2),

   start (1, 1), minimum 0 at (10^6, 2 10^-6).  */

#include "problems/squares/least_squares.h"

#include <string.h>

static const double FAR = 1e6, NEAR = 2e-6; /* the minimiser; their product is 2 */

static void brown_badly_scaled_evaluate(size_t n, const double x[], double r[],
                                        double J[]) {
    r[0] = x[0] - FAR;
    r[1] = x[1] - NEAR;
    r[2] = x[0] * x[1] - 2;
    for (size_t j = 0; J && j < n; j++) {
        J[j * n + j] = 1;
        J[2 * n + j] = x[1 - j];
    }
}

static void brown_badly_scaled_curve(size_t n, const double x[], const double w[],
                                     double S[]) {
    (void)x;
    S[n] += w[2];
}

static void brown_badly_scaled_start(size_t n, double x[]) {
    static const double standard[] = {1, 1};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "brown_badly_scaled",
                                           .evaluate = brown_badly_scaled_evaluate,
                                           .curve = brown_badly_scaled_curve,
                                           .start = brown_badly_scaled_start};

static gradus_err brown_badly_scaled_open(void *self, const void *values, size_t threads,
                                          gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 2, 3, values, why);
}

static bool brown_badly_scaled_minimum(const void *self, size_t index, double x[]) {
    const double points[] = {FAR, NEAR};
    return gradus_least_squares_pick(self, points, 1, index, x);
}

const gradus_problem_type gradus_problem_brown_badly_scaled = {
    .name = "brown_badly_scaled",
    .brief = "Brown's badly scaled function",
    .formula = "f(x) = (x1 - 10^6)^2 + (x2 - 2 10^-6)^2 + (x1 x2 - 2)^2; start (1, 1); "
               "minimum 0 at (10^6, 2 10^-6)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 4",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = brown_badly_scaled_open,
    .minimum = brown_badly_scaled_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
