/* Biggs's function of three exponentials, number 18 of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = x3 exp(-t x1) - x4 exp(-t x2) + x6 exp(-t x5)
           - exp(-t) + 5 exp(-10 t) - 3 exp(-4 t),   t = i/10,  i = 1..13,

   start (1, 2, 1, 1, 1, 1), minimum 0 at (1, 10, 1, 5, 4, 3), a local one of
   5.65565e-3.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

enum { TERMS = 3, POINTS = 13 };

/* The terms sign * x[factor] * exp(-t x[rate]).  */
static const struct {
    size_t rate, factor;
    double sign;
} terms[TERMS] = {{0, 2, 1}, {1, 3, -1}, {4, 5, 1}};

static void biggs_exp6_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double t = 0.1 * (double)(i + 1);
        r[i] = -exp(-t) + 5 * exp(-10 * t) - 3 * exp(-4 * t);
        for (size_t k = 0; k < TERMS; k++) {
            size_t rate = terms[k].rate, factor = terms[k].factor;
            double e = terms[k].sign * exp(-t * x[rate]);
            r[i] += x[factor] * e;
            if (J) {
                J[i * n + rate] = -t * x[factor] * e;
                J[i * n + factor] = e;
            }
        }
    }
}

static void biggs_exp6_curve(size_t n, const double x[], const double w[], double S[]) {
    for (size_t i = 0; i < POINTS; i++)
        for (size_t k = 0; k < TERMS; k++) {
            size_t rate = terms[k].rate, factor = terms[k].factor;
            double t = 0.1 * (double)(i + 1), e = w[i] * terms[k].sign * exp(-t * x[rate]);
            S[rate * n + rate] += t * t * x[factor] * e;
            S[factor * n + rate] -= t * e;
        }
}

static void biggs_exp6_start(size_t n, double x[]) {
    static const double standard[] = {1, 2, 1, 1, 1, 1};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {.name = "biggs_exp6",
                                           .evaluate = biggs_exp6_evaluate,
                                           .curve = biggs_exp6_curve,
                                           .start = biggs_exp6_start};

static gradus_err biggs_exp6_open(void *self, const void *values, size_t threads,
                                  gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 6, POINTS, values, why);
}

static bool biggs_exp6_minimum(const void *self, size_t index, double x[]) {
    static const double points[] = {1, 10, 1, 5, 4, 3};
    return gradus_least_squares_pick(self, points, 1, index, x);
}

const gradus_problem_type gradus_problem_biggs_exp6 = {
    .name = "biggs_exp6",
    .brief = "Biggs's sum of three exponentials, fitted",
    .formula = "f(x) = sum_i=1..13 (x3 exp(-t x1) - x4 exp(-t x2) + x6 exp(-t x5) - y)^2, "
               "t = i/10, y = exp(-t) - 5 exp(-10 t) + 3 exp(-4 t); start (1, 2, 1, 1, 1, "
               "1); minimum 0 at (1, 10, 1, 5, 4, 3)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 18",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = biggs_exp6_open,
    .minimum = biggs_exp6_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
