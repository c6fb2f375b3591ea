/* The helical valley of Fletcher and Powell, number 7 of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981:

     r = (10 (x3 - 10 theta), 10 (rho - 1), x3),
     rho^2 = x1^2 + x2^2,  2 pi theta = the angle of (x1, x2), between -pi/2 and 3 pi/2,

   start (-1, 0, 0), minimum 0 at (1, 0, 0).  The angle jumps across the half-line x1 = 0,
   x2 < 0.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

/* The angle of (x1, x2) in turns.  */
static double turns(const double x[]) {
    double theta = atan2(x[1], x[0]) / (2 * M_PI);
    return x[0] < 0 && theta < 0 ? theta + 1 : theta;
}

static void helical_valley_evaluate(size_t n, const double x[], double r[], double J[]) {
    double square = x[0] * x[0] + x[1] * x[1], rho = sqrt(square);
    r[0] = 10 * (x[2] - 10 * turns(x));
    r[1] = 10 * (rho - 1);
    r[2] = x[2];
    if (!J)
        return;
    double *angle = J, *radius = J + n, *height = J + 2 * n;
    angle[0] = 100 / (2 * M_PI) * x[1] / square;
    angle[1] = -100 / (2 * M_PI) * x[0] / square;
    angle[2] = 10;
    radius[0] = 10 * x[0] / rho;
    radius[1] = 10 * x[1] / rho;
    height[2] = 1;
}

static void helical_valley_curve(size_t n, const double x[], const double w[], double S[]) {
    double a = x[0], b = x[1], square = a * a + b * b, cube = square * sqrt(square);
    double turn = -100 / (2 * M_PI) * w[0] / (square * square), bend = 10 * w[1] / cube;
    S[0] += 2 * turn * a * b + bend * b * b;
    S[n] += turn * (b * b - a * a) - bend * a * b;
    S[n + 1] += -2 * turn * a * b + bend * a * a;
}

static void helical_valley_start(size_t n, double x[]) {
    static const double standard[] = {-1, 0, 0};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "helical_valley",
                                           .evaluate = helical_valley_evaluate,
                                           .curve = helical_valley_curve,
                                           .start = helical_valley_start};

static gradus_err helical_valley_open(void *self, const void *values, size_t threads,
                                      gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 3, 3, values, why);
}

static bool helical_valley_minimum(const void *self, size_t index, double x[]) {
    static const double points[] = {1, 0, 0};
    return gradus_least_squares_pick(self, points, 1, index, x);
}

const gradus_problem_type gradus_problem_helical_valley = {
    .name = "helical_valley",
    .brief = "helical valley, of Fletcher and Powell",
    .formula =
        "f(x) = 100 (x3 - 10 theta)^2 + 100 (rho - 1)^2 + x3^2, rho and 2 pi theta the "
        "polar coordinates of (x1, x2); start (-1, 0, 0); minimum 0 at (1, 0, 0)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 7",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = helical_valley_open,
    .minimum = helical_valley_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
