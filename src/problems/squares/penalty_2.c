/* The second penalty function, number 24 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     r_1 = x1 - 1/5,   r_2n = sum_j (n-j+1) x_j^2 - 1,   and for i = 2..n
     r_i = sqrt(a) (exp(x_i/10) + exp(x_i-1/10) - exp(i/10) - exp((i-1)/10)),
     r_n+i-1 = sqrt(a) (exp(x_i/10) - exp(-1/10)),   a = 10^-5,

   start x_j = 1/2, minimum 9.37629e-6 for n = 4, 2.93660e-4 for n = 10.  */

#include "problems/squares/least_squares.h"

#include <math.h>

static const double WEIGHT = 1e-5; /* a */
static const double RATE = 0.1;    /* of the exponentials */

static void penalty_2_evaluate(size_t n, const double x[], double r[], double J[]) {
    double root = sqrt(WEIGHT);
    size_t last = 2 * n - 1;
    r[0] = x[0] - 0.2;
    r[last] = -1;
    for (size_t j = 0; j < n; j++)
        r[last] += (double)(n - j) * x[j] * x[j];
    for (size_t j = 1; j < n; j++) {
        double e = exp(RATE * x[j]), before = exp(RATE * x[j - 1]), i = (double)(j + 1);
        r[j] = root * (e + before - exp(RATE * i) - exp(RATE * (i - 1)));
        r[n + j - 1] = root * (e - exp(-RATE));
        if (J) {
            J[j * n + j] = J[(n + j - 1) * n + j] = root * RATE * e;
            J[j * n + j - 1] = root * RATE * before;
        }
    }
    if (J)
        J[0] = 1;
    for (size_t j = 0; J && j < n; j++)
        J[last * n + j] = 2 * (double)(n - j) * x[j];
}

static void penalty_2_curve(size_t n, const double x[], const double w[], double S[]) {
    double bend = sqrt(WEIGHT) * RATE * RATE;
    for (size_t j = 0; j < n; j++) {
        double sum = j > 0 ? w[j] + w[n + j - 1] : 0; /* of residuals with exp(x_j/10) */
        if (j + 1 < n)
            sum += w[j + 1];
        S[j * n + j] += bend * exp(RATE * x[j]) * sum + 2 * (double)(n - j) * w[2 * n - 1];
    }
}

static void penalty_2_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = 0.5;
}

static const gradus_residuals residuals = {.name = "penalty_2",
                                           .evaluate = penalty_2_evaluate,
                                           .curve = penalty_2_curve,
                                           .start = penalty_2_start};

static const gradus_param params[] = {
    GRADUS_LEAST_SQUARES_ROWS(10, 1, 1000, "Number of parameters."), {0}};

static gradus_err penalty_2_open(void *self, const void *values, size_t threads,
                                 gradus_error *why) {
    const gradus_least_squares_sized *p = values;
    size_t n = (size_t)p->dimension;
    (void)threads;
    return gradus_least_squares_open(self, &residuals, n, 2 * n, &p->shared, why);
}

const gradus_problem_type gradus_problem_penalty_2 = {
    .name = "penalty_2",
    .brief = "exponentials pulled weakly away from an ellipsoid",
    .formula =
        "f(x) = (x1 - 1/5)^2 + 10^-5 sum_i=2..n [(exp(x_i/10) + exp(x_i-1/10) - exp(i/10) "
        "- exp((i-1)/10))^2 + (exp(x_i/10) - exp(-1/10))^2] + (sum_j (n-j+1) x_j^2 - 1)^2; "
        "start x_j = 1/2; minimum 9.37629e-6 for n = 4, 2.93660e-4 for n = 10",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 24",
    .params_size = sizeof(gradus_least_squares_sized),
    .params = params,
    .open = penalty_2_open,
    GRADUS_LEAST_SQUARES_ENTRIES};
