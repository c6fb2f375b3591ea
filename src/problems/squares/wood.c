/* Wood's function, number 14 of More, Garbow and Hillstrom, "Testing unconstrained
   optimization software", ACM TOMS 7(1), 1981:

     r = (10 (x2 - x1^2), 1 - x1, sqrt(90) (x4 - x3^2), 1 - x3, sqrt(10) (x2 + x4 - 2),
          (x2 - x4) / sqrt(10)),

   start (-3, -1, -3, -1), minimum 0 at (1, 1, 1, 1).  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

static void wood_evaluate(size_t n, const double x[], double r[], double J[]) {
    double root90 = sqrt(90), root10 = sqrt(10);
    r[0] = 10 * (x[1] - x[0] * x[0]);
    r[1] = 1 - x[0];
    r[2] = root90 * (x[3] - x[2] * x[2]);
    r[3] = 1 - x[2];
    r[4] = root10 * (x[1] + x[3] - 2);
    r[5] = (x[1] - x[3]) / root10;
    if (!J)
        return;
    J[0] = -20 * x[0], J[1] = 10;
    J[n] = -1;
    J[2 * n + 2] = -2 * root90 * x[2], J[2 * n + 3] = root90;
    J[3 * n + 2] = -1;
    J[4 * n + 1] = J[4 * n + 3] = root10;
    J[5 * n + 1] = 1 / root10, J[5 * n + 3] = -1 / root10;
}

static void wood_curve(size_t n, const double x[], const double w[], double S[]) {
    (void)x;
    S[0] -= 20 * w[0];
    S[2 * n + 2] -= 2 * sqrt(90) * w[2];
}

static void wood_start(size_t n, double x[]) {
    static const double standard[] = {-3, -1, -3, -1};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {
    .name = "wood", .evaluate = wood_evaluate, .curve = wood_curve, .start = wood_start};

static gradus_err wood_open(void *self, const void *values, size_t threads,
                            gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 4, 6, values, why);
}

static bool wood_minimum(const void *self, size_t index, double x[]) {
    static const double points[] = {1, 1, 1, 1};
    return gradus_least_squares_pick(self, points, 1, index, x);
}

const gradus_problem_type gradus_problem_wood = {
    .name = "wood",
    .brief = "Wood's function: two valleys, coupled",
    .formula =
        "f(x) = 100 (x2 - x1^2)^2 + (1 - x1)^2 + 90 (x4 - x3^2)^2 + (1 - x3)^2 + 10 (x2 + "
        "x4 - 2)^2 + (x2 - x4)^2 / 10; start (-3, -1, -3, -1); minimum 0 at (1, 1, 1, 1)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 14",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = wood_open,
    .minimum = wood_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
