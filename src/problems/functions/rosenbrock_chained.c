/* The chained Rosenbrock function, the one of SciPy (scipy.optimize.rosen):

     f(x) = sum over i < n of 100 (x_i+1 - x_i^2)^2 + (1 - x_i)^2,

   start (-1.2, 1, -1.2, 1, ...), minimum 0 at (1, ..., 1).  From n = 4 on there is a second
   minimum near (-1, 1, ..., 1).

   Rosenbrock, "An automatic method for finding the greatest or least value of a function",
   The Computer Journal 3(3), 1960 (n = 2); Shang and Qiu, "A note on the extended
   Rosenbrock function", Evolutionary Computation 14(1), 2006 (minima).  */

#include "gradus.h"

#include <string.h>

typedef struct {
    long dimension;
} params_t;

static const gradus_param params[] = {{GRADUS_FIELD(params_t, dimension), .initial = 2,
                                       .minimum = 2, .maximum = 1e9,
                                       .help = "Number of parameters."},
                                      {0}};

typedef struct {
    size_t n;
} chain_t;

static gradus_err chain_open(void *self, const void *values, size_t threads,
                             gradus_error *why) {
    (void)threads, (void)why;
    ((chain_t *)self)->n = (size_t)((const params_t *)values)->dimension;
    return GRADUS_OK;
}

static size_t chain_dimension(const void *self) { return ((const chain_t *)self)->n; }

static void chain_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    for (size_t i = 0; i < ((const chain_t *)self)->n; i++)
        x[i] = i % 2 == 0 ? -1.2 : 1.0;
}

static gradus_err chain_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    size_t n = ((chain_t *)self)->n;
    double total = 0.0;
    (void)batch;
    if (gradient)
        memset(gradient, 0, n * sizeof *gradient);
    for (size_t i = 0; i + 1 < n; i++) {
        double r = x[i + 1] - x[i] * x[i], s = 1.0 - x[i];
        total += 100.0 * r * r + s * s;
        if (gradient) {
            gradient[i] += -400.0 * x[i] * r - 2.0 * s;
            gradient[i + 1] += 200.0 * r;
        }
    }
    if (value)
        *value = total;
    return GRADUS_OK;
}

/* The Hessian is tridiagonal: its diagonal at I, and the entry after it.  */
static double diagonal(size_t n, const double x[], size_t i) {
    return (i + 1 < n ? 1200.0 * x[i] * x[i] - 400.0 * x[i + 1] + 2.0 : 0.0) +
           (i > 0 ? 200.0 : 0.0);
}

static double beside(const double x[], size_t i) { return -400.0 * x[i]; }

static gradus_err chain_product(void *self, const gradus_batch *batch, const double x[],
                                const double v[], double result[]) {
    size_t n = ((chain_t *)self)->n;
    (void)batch;
    for (size_t i = 0; i < n; i++) {
        result[i] = diagonal(n, x, i) * v[i];
        if (i + 1 < n)
            result[i] += beside(x, i) * v[i + 1];
        if (i > 0)
            result[i] += beside(x, i - 1) * v[i - 1];
    }
    return GRADUS_OK;
}

static gradus_err chain_hessian(void *self, const gradus_batch *batch, const double x[],
                                double matrix[]) {
    size_t n = ((chain_t *)self)->n;
    (void)batch;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = diagonal(n, x, i);
        if (i + 1 < n)
            matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = beside(x, i);
    }
    return GRADUS_OK;
}

static bool chain_minimum(const void *self, size_t index, double x[]) {
    for (size_t i = 0; i < ((const chain_t *)self)->n; i++)
        x[i] = 1.0;
    return index == 0;
}

const gradus_problem_type gradus_problem_rosenbrock_chained = {
    .name = "rosenbrock_chained",
    .brief = "chained Rosenbrock function, as in SciPy",
    .formula = "f(x) = sum over i < n of 100 (x_i+1 - x_i^2)^2 + (1 - x_i)^2; start (-1.2, "
               "1, -1.2, 1, ...); minimum 0 at (1, ..., 1)",
    .citation = "Rosenbrock, The Computer Journal 3(3), 1960; SciPy's scipy.optimize.rosen",
    .size = sizeof(chain_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = chain_open,
    .dimension = chain_dimension,
    .start = chain_start,
    .evaluate = chain_evaluate,
    .product = chain_product,
    .hessian = chain_hessian,
    .minimum = chain_minimum,
};
