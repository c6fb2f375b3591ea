/* The Lanczos iteration:  A Q = Q T + beta q e',  Q orthogonal, T tridiagonal.  */

#include "linalg/lanczos.h"

#include "base/memory.h"
#include "linalg/eigen.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct {
    size_t n;
    double *Q;     /* steps x n: orthonormal, a vector a row */
    double *next;  /* n: not yet of length 1 */
    double *alpha; /* steps: diagonal of T */
    double *beta;  /* steps: beside it */
} lanczos_t;

static void scale(size_t n, double factor, const double x[], double y[]) {
    for (size_t i = 0; i < n; i++)
        y[i] = factor * x[i];
}

/* Twice is enough (Parlett, The Symmetric Eigenvalue Problem, 1998, section 6.9).  */
static void orthogonalise(lanczos_t *l, size_t count) {
    for (int time = 0; time < 2; time++)
        for (size_t i = 0; i < count; i++) {
            const double *q = l->Q + i * l->n;
            gradus_add(l->n, -gradus_dot(l->n, q, l->next, 1), q, l->next, 1);
        }
}

/* Says how many columns of T there are.  */
static gradus_err iterate(lanczos_t *l, size_t steps, gradus_operator multiply,
                          void *context, size_t *made) {
    double length = gradus_norm(l->n, l->next, 1), size = 0.0;
    *made = 0;
    for (size_t k = 0; k < steps; k++) {
        double *q = l->Q + k * l->n;
        scale(l->n, 1.0 / length, l->next, q);
        gradus_err err = multiply(context, q, l->next);
        if (err)
            return err;
        l->alpha[k] = gradus_dot(l->n, q, l->next, 1);
        orthogonalise(l, k + 1);
        length = l->beta[k] = gradus_norm(l->n, l->next, 1);
        size = fmax(size, fabs(l->alpha[k]) + length);
        *made = k + 1;
        if (!(length > (double)l->n * DBL_EPSILON * size)) /* exhausted, or not finite */
            break;
    }
    return GRADUS_OK;
}

static gradus_err allocate(lanczos_t *l, size_t n, size_t steps) {
    *l = (lanczos_t){.n = n,
                     .Q = GRADUS_NEW(steps * n, double),
                     .next = GRADUS_NEW(n, double),
                     .alpha = GRADUS_NEW(steps, double),
                     .beta = GRADUS_NEW(steps, double)};
    return l->Q && l->next && l->alpha && l->beta ? GRADUS_OK : GRADUS_ENOMEM;
}

gradus_err gradus_lanczos(size_t n, size_t steps, gradus_operator multiply, void *context,
                          gradus_stream *stream, double values[], size_t *found) {
    lanczos_t l;
    gradus_err err = allocate(&l, n, steps);
    for (size_t i = 0; !err && i < n; i++)
        l.next[i] = gradus_stream_normal(stream);
    if (!err)
        err = iterate(&l, steps, multiply, context, found);
    for (size_t i = 0; !err && i < *found; i++)
        values[i] = l.alpha[i];
    if (!err && !gradus_eigen_tridiagonal(*found, values, l.beta))
        values[0] = NAN; /* an entry is not finite */
    gradus_free(l.Q);
    gradus_free(l.next);
    gradus_free(l.alpha);
    gradus_free(l.beta);
    return err;
}
