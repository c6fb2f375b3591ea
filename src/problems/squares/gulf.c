/* The Gulf Research and Development function, number 11 of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = exp(-|y_i - x2|^x3 / x1) - t,   y_i = 25 + (-50 ln t)^(2/3),   t = i/100,
     i = 1..99,

   start (5, 2.5, 0.15), minimum 0 at (50, 25, 1.5).  (The paper prints "y_i m i x2", with
   m residuals; Algorithm 566 computes y_i - x2, with 99 of them.)  Not finite where x1 is
   0, and of no use where it is negative.  */

#include "problems/squares/least_squares.h"

#include <math.h>
#include <string.h>

enum { POINTS = 99 };

static double fraction(size_t i) { return 0.01 * (double)(i + 1); } /* t */

static double distance(size_t i, const double x[]) { /* y - x2 */
    return 25 + pow(-50 * log(fraction(i)), 2.0 / 3) - x[1];
}

/* The logarithm of |d|; at 0 anything finite will do, since |d|^x3 is 0 there.  */
static double logarithm(double d) { return d == 0 ? 0 : log(fabs(d)); }

static void gulf_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < POINTS; i++) {
        double d = distance(i, x), a = fabs(d), q = pow(a, x[2]) / x[0], e = exp(-q);
        r[i] = e - fraction(i);
        if (J) { /* the derivative of q times -e */
            double *row = J + i * n;
            row[0] = e * q / x[0];
            row[1] = e * x[2] * pow(a, x[2] - 1) * copysign(1, d) / x[0];
            row[2] = -e * q * logarithm(d);
        }
    }
}

/* e^-q has the second derivatives e^-q (q_j q_k - q_jk).  */
static void gulf_curve(size_t n, const double x[], const double w[], double S[]) {
    double b = x[0], c = x[2];
    for (size_t i = 0; i < POINTS; i++) {
        double d = distance(i, x), a = fabs(d), l = logarithm(d), q = pow(a, c) / b;
        double over = pow(a, c - 1) * copysign(1, d) / b; /* q/d */
        double q1 = -q / b, q2 = -c * over, q3 = q * l, e = w[i] * exp(-q);
        S[0] += e * (q1 * q1 - 2 * q / (b * b));
        S[n] += e * (q1 * q2 - c * over / b);
        S[n + 1] += e * (q2 * q2 - c * (c - 1) * pow(a, c - 2) / b);
        S[2 * n] += e * (q1 * q3 + q * l / b);
        S[2 * n + 1] += e * (q2 * q3 + over * (1 + c * l));
        S[2 * n + 2] += e * (q3 * q3 - q * l * l);
    }
}

static void gulf_start(size_t n, double x[]) {
    static const double standard[] = {5, 2.5, 0.15};
    memcpy(x, standard, n * sizeof *x);
}

static const gradus_residuals residuals = {
    .name = "gulf", .evaluate = gulf_evaluate, .curve = gulf_curve, .start = gulf_start};

static gradus_err gulf_open(void *self, const void *values, size_t threads,
                            gradus_error *why) {
    (void)threads;
    return gradus_least_squares_open(self, &residuals, 3, POINTS, values, why);
}

static bool gulf_minimum(const void *self, size_t index, double x[]) {
    static const double points[] = {50, 25, 1.5};
    return gradus_least_squares_pick(self, points, 1, index, x);
}

const gradus_problem_type gradus_problem_gulf = {
    .name = "gulf",
    .brief = "Weibull distribution of Gulf Research and Development, fitted",
    .formula = "f(x) = sum_i=1..99 (exp(-|y - x2|^x3 / x1) - t)^2, t = i/100, y = 25 + "
               "(-50 ln t)^(2/3); start (5, 2.5, 0.15); minimum 0 at (50, 25, 1.5)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 11",
    .params_size = sizeof(gradus_least_squares_params),
    .params = gradus_least_squares_rows,
    .open = gulf_open,
    .minimum = gulf_minimum,
    GRADUS_LEAST_SQUARES_ENTRIES};
