/* Powell's singular function, extended, number 22 of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981:

     sum over quadruples (a, b, c, d) of x of
     (a + 10 b)^2 + 5 (c - d)^2 + (b - 2 c)^4 + 10 (a - d)^4,

   start (3, -1, 0, 1, 3, ...), minimum 0 at 0, where the Hessian has half the rank.  */

#include "problems/squares/least_squares.h"

#include <math.h>

static void extended_powell_evaluate(size_t n, const double x[], double r[], double J[]) {
    double root5 = sqrt(5), root10 = sqrt(10);
    for (size_t i = 0; i < n; i += 4) {
        const double *q = x + i;
        double inner = q[1] - 2 * q[2], outer = q[0] - q[3];
        r[i] = q[0] + 10 * q[1];
        r[i + 1] = root5 * (q[2] - q[3]);
        r[i + 2] = inner * inner;
        r[i + 3] = root10 * outer * outer;
        if (J) {
            double *row = J + i * n + i; /* of the first residual, from a on */
            row[0] = 1, row[1] = 10;
            row += n;
            row[2] = root5, row[3] = -root5;
            row += n;
            row[1] = 2 * inner, row[2] = -4 * inner;
            row += n;
            row[0] = 2 * root10 * outer, row[3] = -2 * root10 * outer;
        }
    }
}

static void extended_powell_curve(size_t n, const double x[], const double w[],
                                  double S[]) {
    (void)x;
    for (size_t i = 0; i < n; i += 4) {
        double *block = S + i * n + i, inner = w[i + 2], outer = sqrt(10) * w[i + 3];
        block[n + 1] += 2 * inner;
        block[2 * n + 1] -= 4 * inner;
        block[2 * n + 2] += 8 * inner;
        block[0] += 2 * outer;
        block[3 * n] -= 2 * outer;
        block[3 * n + 3] += 2 * outer;
    }
}

static void extended_powell_start(size_t n, double x[]) {
    static const double standard[] = {3, -1, 0, 1};
    for (size_t j = 0; j < n; j++)
        x[j] = standard[j % 4];
}

static const gradus_residuals residuals = {.name = "extended_powell",
                                           .evaluate = extended_powell_evaluate,
                                           .curve = extended_powell_curve,
                                           .start = extended_powell_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(12, 4, 1000, "Number of parameters, a multiple of 4."), {0}};

static gradus_err extended_powell_open(void *self, const void *values, size_t threads,
                                       gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    if (n % 4 != 0)
        return gradus_fail(why, GRADUS_EINPUT,
                           "extended_powell: dimension=%ld: expected a multiple of 4",
                           p->dimension);
    return gradus_least_squares_open(self, &residuals, n, n, &p->shared, why);
}

const gradus_problem_type gradus_problem_extended_powell = {
    .name = "extended_powell",
    .brief = "Powell's singular function, extended to separable quadruples",
    .formula = "f(x) = sum over quadruples (a, b, c, d) of (a + 10 b)^2 + 5 (c - d)^2 + (b "
               "- 2 c)^4 + 10 (a - d)^4; start (3, -1, 0, 1, 3, ...); minimum 0 at 0, "
               "where the Hessian is singular",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 22",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = extended_powell_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
