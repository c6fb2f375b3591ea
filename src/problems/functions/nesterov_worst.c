/* Nesterov's worst function in the world: no method whose steps are combinations of the
   gradients seen gets far on it in fewer than n/2 updates.

     f(x) = L/4 (1/2 (x_1^2 + sum over i < n of (x_i - x_i+1)^2 + x_n^2) - x_1),

   start 0.  The Hessian is L/4 times tridiag(-1, 2, -1), its eigenvalues lie between 0 and
   L.  Minimum -L/8 n/(n+1) at x_i = 1 - i/(n+1), whose squared norm, and so that of its
   distance from the start, is n (2n+1) / (6 (n+1)), at most (n+1)/3.

   Nesterov, Introductory Lectures on Convex Optimization, 2004, section 2.1.2.  */

#include "gradus.h"

#include <string.h>

typedef struct {
    long dimension;
    double lipschitz;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, dimension), .initial = 100, .minimum = 1, .maximum = 1e9,
     .help = "Number of parameters."},
    {GRADUS_FIELD(params_t, lipschitz), .initial = 1, .minimum = 0, .maximum = 1e15,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "Lipschitz constant L of the gradient."},
    {0}};

typedef struct {
    size_t n;
    double quarter; /* L/4 */
} worst_t;

static gradus_err worst_open(void *self, const void *values, size_t threads,
                             gradus_error *why) {
    const params_t *p = values;
    (void)threads, (void)why;
    *(worst_t *)self = (worst_t){(size_t)p->dimension, p->lipschitz / 4};
    return GRADUS_OK;
}

static size_t worst_dimension(const void *self) { return ((const worst_t *)self)->n; }

static void worst_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    memset(x, 0, ((const worst_t *)self)->n * sizeof *x);
}

/* Row I of tridiag(-1, 2, -1) times V.  */
static double row(size_t n, const double v[], size_t i) {
    double sum = 2 * v[i];
    if (i > 0)
        sum -= v[i - 1];
    if (i + 1 < n)
        sum -= v[i + 1];
    return sum;
}

static gradus_err worst_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    const worst_t *w = self;
    double squares = x[0] * x[0] + x[w->n - 1] * x[w->n - 1];
    (void)batch;
    for (size_t i = 0; i + 1 < w->n; i++)
        squares += (x[i] - x[i + 1]) * (x[i] - x[i + 1]);
    if (value)
        *value = w->quarter * (0.5 * squares - x[0]);
    for (size_t i = 0; gradient && i < w->n; i++)
        gradient[i] = w->quarter * (row(w->n, x, i) - (i == 0));
    return GRADUS_OK;
}

static gradus_err worst_product(void *self, const gradus_batch *batch, const double x[],
                                const double v[], double result[]) {
    const worst_t *w = self;
    (void)batch;
    (void)x;
    for (size_t i = 0; i < w->n; i++)
        result[i] = w->quarter * row(w->n, v, i);
    return GRADUS_OK;
}

static gradus_err worst_hessian(void *self, const gradus_batch *batch, const double x[],
                                double matrix[]) {
    const worst_t *w = self;
    size_t n = w->n;
    (void)batch;
    (void)x;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 2 * w->quarter;
        if (i + 1 < n)
            matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = -w->quarter;
    }
    return GRADUS_OK;
}

static bool worst_minimum(const void *self, size_t index, double x[]) {
    size_t n = ((const worst_t *)self)->n;
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(n - i) / (double)(n + 1);
    return index == 0;
}

const gradus_problem_type gradus_problem_nesterov_worst = {
    .name = "nesterov_worst",
    .brief = "Nesterov's quadratic on which first-order methods are slowest",
    .formula =
        "f(x) = L/4 (1/2 (x_1^2 + sum over i < n of (x_i - x_i+1)^2 + x_n^2) - x_1), L "
        "being lipschitz; start 0; minimum -L/8 n/(n+1) at x_i = 1 - i/(n+1), of "
        "squared norm n (2n+1) / (6 (n+1))",
    .citation =
        "Nesterov, Introductory Lectures on Convex Optimization, 2004, section 2.1.2",
    .size = sizeof(worst_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = worst_open,
    .dimension = worst_dimension,
    .start = worst_start,
    .evaluate = worst_evaluate,
    .product = worst_product,
    .hessian = worst_hessian,
    .minimum = worst_minimum,
};
