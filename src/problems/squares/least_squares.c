/* What sums of squares have in common.  */

#include "problems/squares/least_squares.h"

#include "base/memory.h"
#include "base/memory_limit.h"
#include "linalg/vector.h"

#include <string.h>

/* For the row's macro, which looks for it in a part.  */
typedef struct {
    gradus_least_squares_params shared;
} params_t;

const gradus_param gradus_least_squares_rows[] = {GRADUS_START_SCALE_ROW(params_t, shared),
                                                  {0}};

gradus_err gradus_least_squares_open(gradus_least_squares *self,
                                     const gradus_residuals *residuals, size_t n, size_t m,
                                     const gradus_least_squares_params *params,
                                     gradus_error *why) {
    *self = (gradus_least_squares){
        .residuals = residuals, .n = n, .m = m, .start_scale = params->start_scale};
    double rows = (double)m, columns = (double)n;
    if (!gradus_memory_fits(sizeof(double) * (rows + columns) * (columns + 2)))
        return gradus_fail(why, GRADUS_ENOMEM, "%s: dimension=%zu: out of memory",
                           residuals->name, n);
    self->r = GRADUS_NEW(m, double);
    self->w = GRADUS_NEW(m, double);
    self->J = GRADUS_NEW(m * n, double);
    self->S = GRADUS_NEW(n * n, double);
    if (!self->r || !self->w || !self->J || !self->S)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", residuals->name);
    return GRADUS_OK;
}

void gradus_least_squares_close(void *self) {
    gradus_least_squares *s = self;
    gradus_free(s->r);
    gradus_free(s->w);
    gradus_free(s->J);
    gradus_free(s->S);
}

size_t gradus_least_squares_dimension(const void *self) {
    return ((const gradus_least_squares *)self)->n;
}

/* Zero has no multiples; Algorithm 566 starts there too, from a vector of the factor.  */
void gradus_least_squares_start(const void *self, gradus_stream *stream, double x[]) {
    const gradus_least_squares *s = self;
    bool zero = true;
    (void)stream;
    s->residuals->start(s->n, x);
    for (size_t j = 0; j < s->n; j++)
        zero = zero && x[j] == 0;
    for (size_t j = 0; j < s->n; j++)
        x[j] = zero && s->start_scale != 1 ? s->start_scale : s->start_scale * x[j];
}

bool gradus_least_squares_pick(const void *self, const double points[], size_t count,
                               size_t index, double x[]) {
    size_t n = ((const gradus_least_squares *)self)->n;
    if (index >= count)
        return false;
    memcpy(x, points + index * n, n * sizeof *x);
    return true;
}

bool gradus_least_squares_fill(const void *self, double every, size_t index, double x[]) {
    for (size_t j = 0; index == 0 && j < ((const gradus_least_squares *)self)->n; j++)
        x[j] = every;
    return index == 0;
}

/* Residuals and Jacobian at X.  */
static void linearise(gradus_least_squares *s, const double x[]) {
    memset(s->J, 0, s->m * s->n * sizeof *s->J);
    s->residuals->evaluate(s->n, x, s->r, s->J);
}

/* S = 2 sum_i r_i r_i'', both triangles, from the residuals in R.  */
static void curve(gradus_least_squares *s, const double x[]) {
    size_t n = s->n;
    memset(s->S, 0, n * n * sizeof *s->S);
    if (!s->residuals->curve)
        return;
    for (size_t i = 0; i < s->m; i++)
        s->w[i] = 2 * s->r[i];
    s->residuals->curve(n, x, s->w, s->S);
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < j; k++)
            s->S[k * n + j] = s->S[j * n + k];
}

gradus_err gradus_least_squares_evaluate(void *self, const gradus_batch *batch,
                                         const double x[], double *value,
                                         double gradient[]) {
    gradus_least_squares *s = self;
    (void)batch;
    if (gradient)
        linearise(s, x);
    else
        s->residuals->evaluate(s->n, x, s->r, NULL);
    if (value)
        *value = gradus_dot(s->m, s->r, s->r, 1);
    if (!gradient)
        return GRADUS_OK;
    memset(gradient, 0, s->n * sizeof *gradient);
    for (size_t i = 0; i < s->m; i++)
        for (size_t j = 0; j < s->n; j++)
            gradient[j] += 2 * s->r[i] * s->J[i * s->n + j];
    return GRADUS_OK;
}

/* RESULT += 2 J'J V.  */
static void add_gauss_newton(gradus_least_squares *s, const double v[], double result[]) {
    for (size_t i = 0; i < s->m; i++)
        s->w[i] = gradus_dot(s->n, s->J + i * s->n, v, 1);
    for (size_t j = 0; j < s->n; j++)
        for (size_t i = 0; i < s->m; i++)
            result[j] += 2 * s->w[i] * s->J[i * s->n + j];
}

gradus_err gradus_least_squares_product(void *self, const gradus_batch *batch,
                                        const double x[], const double v[],
                                        double result[]) {
    gradus_least_squares *s = self;
    (void)batch;
    linearise(s, x);
    curve(s, x);
    for (size_t j = 0; j < s->n; j++)
        result[j] = gradus_dot(s->n, s->S + j * s->n, v, 1);
    add_gauss_newton(s, v, result);
    return GRADUS_OK;
}

gradus_err gradus_least_squares_gauss_newton(void *self, const gradus_batch *batch,
                                             const double x[], const double v[],
                                             double result[]) {
    gradus_least_squares *s = self;
    (void)batch;
    linearise(s, x);
    memset(result, 0, s->n * sizeof *result);
    add_gauss_newton(s, v, result);
    return GRADUS_OK;
}

gradus_err gradus_least_squares_diagonal(void *self, const gradus_batch *batch,
                                         const double x[], double diagonal[]) {
    gradus_least_squares *s = self;
    (void)batch;
    linearise(s, x);
    curve(s, x);
    for (size_t j = 0; j < s->n; j++) {
        diagonal[j] = s->S[j * s->n + j];
        for (size_t i = 0; i < s->m; i++)
            diagonal[j] += 2 * s->J[i * s->n + j] * s->J[i * s->n + j];
    }
    return GRADUS_OK;
}

gradus_err gradus_least_squares_hessian(void *self, const gradus_batch *batch,
                                        const double x[], double matrix[]) {
    gradus_least_squares *s = self;
    size_t n = s->n;
    (void)batch;
    linearise(s, x);
    curve(s, x);
    memcpy(matrix, s->S, n * n * sizeof *matrix);
    for (size_t i = 0; i < s->m; i++) {
        const double *row = s->J + i * n;
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < n; k++)
                matrix[j * n + k] += 2 * row[j] * row[k];
    }
    return GRADUS_OK;
}
