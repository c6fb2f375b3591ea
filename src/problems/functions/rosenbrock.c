/* The extended Rosenbrock function, number 21 of More, Garbow and Hillstrom, "Testing
   unconstrained optimization software", ACM TOMS 7(1), 1981:

     f(x) = sum over pairs of 100 (x_2i - x_2i-1^2)^2 + (1 - x_2i-1)^2,

   start (-1.2, 1, -1.2, 1, ...), minimum 0 at (1, ..., 1).  The pairs are separable.  */

#include "gradus.h"

#include <string.h>

typedef struct {
    long dimension;
} params_t;

static const gradus_param params[] = {{GRADUS_FIELD(params_t, dimension), .initial = 2,
                                       .minimum = 2, .maximum = 1e9,
                                       .help = "Number of parameters, even."},
                                      {0}};

typedef struct {
    size_t n;
} rosenbrock_t;

static gradus_err rosenbrock_open(void *self, const void *values, size_t threads,
                                  gradus_error *why) {
    const params_t *p = values;
    (void)threads;
    if (p->dimension % 2 != 0)
        return gradus_fail(why, GRADUS_EINPUT,
                           "rosenbrock: dimension=%ld: expected an even number",
                           p->dimension);
    ((rosenbrock_t *)self)->n = (size_t)p->dimension;
    return GRADUS_OK;
}

static size_t rosenbrock_dimension(const void *self) {
    return ((const rosenbrock_t *)self)->n;
}

static void rosenbrock_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    for (size_t i = 0; i < ((const rosenbrock_t *)self)->n; i += 2) {
        x[i] = -1.2;
        x[i + 1] = 1.0;
    }
}

static gradus_err rosenbrock_evaluate(void *self, const gradus_batch *batch,
                                      const double x[], double *value, double gradient[]) {
    size_t n = ((rosenbrock_t *)self)->n;
    double total = 0.0;
    (void)batch;
    for (size_t i = 0; i < n; i += 2) {
        double a = x[i], r = x[i + 1] - a * a, s = 1.0 - a;
        total += 100.0 * r * r + s * s;
        if (gradient) {
            gradient[i] = -400.0 * a * r - 2.0 * s;
            gradient[i + 1] = 200.0 * r;
        }
    }
    if (value)
        *value = total;
    return GRADUS_OK;
}

/* The 2x2 block of the pair that begins at A: [p q; q 200].  */
static void block(const double a[2], double *p, double *q) {
    *p = 1200.0 * a[0] * a[0] - 400.0 * a[1] + 2.0;
    *q = -400.0 * a[0];
}

static gradus_err rosenbrock_product(void *self, const gradus_batch *batch,
                                     const double x[], const double v[], double result[]) {
    (void)batch;
    for (size_t i = 0; i < ((rosenbrock_t *)self)->n; i += 2) {
        double p, q;
        block(x + i, &p, &q);
        result[i] = p * v[i] + q * v[i + 1];
        result[i + 1] = q * v[i] + 200.0 * v[i + 1];
    }
    return GRADUS_OK;
}

static gradus_err rosenbrock_hessian(void *self, const gradus_batch *batch,
                                     const double x[], double matrix[]) {
    size_t n = ((rosenbrock_t *)self)->n;
    (void)batch;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i += 2) {
        double p, q;
        block(x + i, &p, &q);
        matrix[i * n + i] = p;
        matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = q;
        matrix[(i + 1) * n + i + 1] = 200.0;
    }
    return GRADUS_OK;
}

static bool rosenbrock_minimum(const void *self, size_t index, double x[]) {
    for (size_t i = 0; i < ((const rosenbrock_t *)self)->n; i++)
        x[i] = 1.0;
    return index == 0;
}

const gradus_problem_type gradus_problem_rosenbrock = {
    .name = "rosenbrock",
    .brief = "extended Rosenbrock function, separable pairs",
    .formula = "f(x) = sum_i 100 (x_2i - x_2i-1^2)^2 + (1 - x_2i-1)^2",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 21",
    .size = sizeof(rosenbrock_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = rosenbrock_open,
    .dimension = rosenbrock_dimension,
    .start = rosenbrock_start,
    .evaluate = rosenbrock_evaluate,
    .product = rosenbrock_product,
    .hessian = rosenbrock_hessian,
    .minimum = rosenbrock_minimum,
};
