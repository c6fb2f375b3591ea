/* Fletcher's chebyquad, number 35 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_i = 1/n sum_j T_i(x_j) - integral of T_i over [0, 1],   i = 1..n,

   T_i the Chebyshev polynomials of [0, 1]; start x_j = j/(n+1), minimum 0 for n = 1..7 and
   9, 3.51687e-3 for 8, 6.50395e-3 for 10: the nodes of a quadrature with equal weights.  */

#include "problems/squares/least_squares.h"

/* A polynomial at a point with its first and second derivatives.  */
typedef struct {
    double value, slope, bend;
} jet_t;

/* T_i+1 from T_i and T_i-1, at X.  */
static jet_t next(jet_t now, jet_t before, double x) {
    double y = 2 * x - 1;
    return (jet_t){.value = 2 * y * now.value - before.value,
                   .slope = 4 * now.value + 2 * y * now.slope - before.slope,
                   .bend = 8 * now.slope + 2 * y * now.bend - before.bend};
}

/* Integral of T_i.  */
static double integral(size_t i) {
    double order = (double)i;
    return i % 2 == 0 ? -1 / (order * order - 1) : 0;
}

static void chebyquad_evaluate(size_t n, const double x[], double r[], double J[]) {
    double weight = 1 / (double)n;
    for (size_t i = 0; i < n; i++)
        r[i] = -integral(i + 1);
    for (size_t j = 0; j < n; j++) {
        jet_t before = {.value = 1}, now = {.value = 2 * x[j] - 1, .slope = 2};
        for (size_t i = 0; i < n; i++) {
            r[i] += weight * now.value;
            if (J)
                J[i * n + j] = weight * now.slope;
            jet_t after = next(now, before, x[j]);
            before = now, now = after;
        }
    }
}

static void chebyquad_curve(size_t n, const double x[], const double w[], double S[]) {
    for (size_t j = 0; j < n; j++) {
        jet_t before = {.value = 1}, now = {.value = 2 * x[j] - 1, .slope = 2};
        for (size_t i = 0; i < n; i++) {
            S[j * n + j] += w[i] * now.bend / (double)n;
            jet_t after = next(now, before, x[j]);
            before = now, now = after;
        }
    }
}

static void chebyquad_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = (double)(j + 1) / (double)(n + 1);
}

static const gradus_residuals residuals = {.name = "chebyquad",
                                           .evaluate = chebyquad_evaluate,
                                           .curve = chebyquad_curve,
                                           .start = chebyquad_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(8, 1, 1000, "Number of parameters."), {0}};

static gradus_err chebyquad_open(void *self, const void *values, size_t threads,
                                 gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, n, &p->shared, why);
}

const gradus_problem_type gradus_problem_chebyquad = {
    .name = "chebyquad",
    .brief = "nodes of a quadrature with equal weights, by Fletcher",
    .formula = "f(x) = sum_i=1..n (1/n sum_j T_i(x_j) - int_0^1 T_i)^2, T_i the Chebyshev "
               "polynomials of [0, 1]; start x_j = j/(n+1); minimum 0 for n = 1..7 and 9, "
               "3.51687e-3 for n = 8, 6.50395e-3 for n = 10",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 35",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = chebyquad_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
