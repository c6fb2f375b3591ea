/* Box's function of three parameters, number 12 of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = exp(-t x1) - exp(-t x2) - x3 (exp(-t) - exp(-10 t)),   t = i/10,  i = 1..10,

   start (0, 10, 20), minimum 0 at (1, 10, 1), (10, 1, -1) and wherever x1 = x2 and
   x3 = 0.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

enum { POINTS = 10 };

static void box_3d_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double t = 0.1 * (double)(i + 1), first = exp(-t * x[0]), second = exp(-t * x[1]);
        double third = exp(-t) - exp(-10 * t);
        r[i] = first - second - x[2] * third;
        if (J) {
            J[i * n] = -t * first;
            J[i * n + 1] = t * second;
            J[i * n + 2] = -third;
        }
    }
}

static void box_3d_curve(size_t n, const double x[], const double w[], double S[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double t = 0.1 * (double)(i + 1);
        S[0] += w[i] * t * t * exp(-t * x[0]);
        S[n + 1] -= w[i] * t * t * exp(-t * x[1]);
    }
}

static void box_3d_start(size_t n, double x[]) {
    static const double standard[] = {0, 10, 20};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "box_3d",
                                           .evaluate = box_3d_evaluate,
                                           .curve = box_3d_curve,
                                           .start = box_3d_start};

static gradus_err box_3d_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 3, POINTS, values, why);
}

static bool box_3d_minimum(const void *self, size_t index, double x[]) {
    static const double points[] = {1, 10, 1, 10, 1, -1};
    return gradus_least_squares_pick(self, points, 2, index, x);
}

const gradus_problem_type gradus_problem_box_3d = {
    .name = "box_3d",
    .brief = "Box's difference of exponentials, fitted",
    .formula =
        "f(x) = sum_i=1..10 (exp(-t x1) - exp(-t x2) - x3 (exp(-t) - exp(-10 t)))^2, t = "
        "i/10; start (0, 10, 20); minimum 0 at (1, 10, 1), (10, 1, -1) and (a, a, 0)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 12",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = box_3d_open,
    .minimum = box_3d_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
