/* A convex quadratic with a prescribed condition number.

     f(x) = 1/2 sum_i d_i (x_i - 1)^2,   d_i = condition^((i-1)/(n-1)),   start 0.

   The Hessian is diag(d), its eigenvalues geometrically spaced from 1 to `condition`; the
   minimum is 0 at (1, ..., 1).  Convergence of gradient methods on it is governed by the
   condition number (Nocedal and Wright, Numerical Optimization, 2006, theorem 3.4).  */

#include "base/memory.h"
#include "base/memory_limit.h"
#include "gradus.h"

#include <math.h>
#include <string.h>

typedef struct {
    long dimension;
    double condition;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, dimension), .initial = 100, .minimum = 1, .maximum = 1e9,
     .help = "Number of parameters."},
    {GRADUS_FIELD(params_t, condition), .initial = 100, .minimum = 1, .maximum = 1e15,
     .flags = GRADUS_LOG, .help = "Largest eigenvalue of the Hessian; the smallest is 1."},
    {0}};

typedef struct {
    size_t n;
    double *d; /* n: diagonal of the Hessian */
} quadratic_t;

static gradus_err quadratic_open(void *self, const void *values, size_t threads,
                                 gradus_error *why) {
    quadratic_t *q = self;
    const params_t *p = values;
    (void)threads;
    q->n = (size_t)p->dimension;
    bool fits = gradus_memory_fits((double)q->n * (3 * sizeof(double))); /* d, x, gradient */
    q->d = fits ? GRADUS_NEW(q->n, double) : NULL;
    if (!q->d)
        return gradus_fail(why, GRADUS_ENOMEM, "quadratic: dimension=%zu: out of memory",
                           q->n);
    for (size_t i = 0; i < q->n; i++)
        q->d[i] =
            q->n > 1 ? pow(p->condition, (double)i / (double)(q->n - 1)) : p->condition;
    return GRADUS_OK;
}

static void quadratic_close(void *self) { gradus_free(((quadratic_t *)self)->d); }

static size_t quadratic_dimension(const void *self) {
    return ((const quadratic_t *)self)->n;
}

static void quadratic_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    memset(x, 0, ((const quadratic_t *)self)->n * sizeof *x);
}

static gradus_err quadratic_evaluate(void *self, const gradus_batch *batch,
                                     const double x[], double *value, double gradient[]) {
    const quadratic_t *q = self;
    double total = 0.0;
    (void)batch;
    for (size_t i = 0; i < q->n; i++) {
        double slope = q->d[i] * (x[i] - 1.0);
        total += slope * (x[i] - 1.0);
        if (gradient)
            gradient[i] = slope;
    }
    if (value)
        *value = 0.5 * total;
    return GRADUS_OK;
}

static gradus_err quadratic_product(void *self, const gradus_batch *batch, const double x[],
                                    const double v[], double result[]) {
    const quadratic_t *q = self;
    (void)batch;
    (void)x;
    for (size_t i = 0; i < q->n; i++)
        result[i] = q->d[i] * v[i];
    return GRADUS_OK;
}

static gradus_err quadratic_hessian(void *self, const gradus_batch *batch, const double x[],
                                    double matrix[]) {
    const quadratic_t *q = self;
    (void)batch;
    (void)x;
    memset(matrix, 0, q->n * q->n * sizeof *matrix);
    for (size_t i = 0; i < q->n; i++)
        matrix[i * q->n + i] = q->d[i];
    return GRADUS_OK;
}

static gradus_err quadratic_diagonal(void *self, const gradus_batch *batch,
                                     const double x[], double diagonal[]) {
    const quadratic_t *q = self;
    (void)batch;
    (void)x;
    memcpy(diagonal, q->d, q->n * sizeof *diagonal);
    return GRADUS_OK;
}

static bool quadratic_minimum(const void *self, size_t index, double x[]) {
    for (size_t i = 0; i < ((const quadratic_t *)self)->n; i++)
        x[i] = 1.0;
    return index == 0;
}

static double quadratic_strong_convexity(const void *self) {
    return ((const quadratic_t *)self)->d[0];
}

const gradus_problem_type gradus_problem_quadratic = {
    .name = "quadratic",
    .brief = "convex quadratic with a prescribed condition number",
    .formula = "f(x) = 1/2 sum_i d_i (x_i - 1)^2,  d_i = condition^((i-1)/(n-1))",
    .citation = "Nocedal and Wright, Numerical Optimization, 2006, section 3.3",
    .size = sizeof(quadratic_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = quadratic_open,
    .close = quadratic_close,
    .dimension = quadratic_dimension,
    .start = quadratic_start,
    .evaluate = quadratic_evaluate,
    .product = quadratic_product,
    .hessian = quadratic_hessian,
    .diagonal = quadratic_diagonal,
    .gauss_newton = quadratic_product, /* it is half a sum of squares */
    .minimum = quadratic_minimum,
    .strong_convexity = quadratic_strong_convexity,
};
