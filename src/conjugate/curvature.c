/* Curvature and its rounding.  */

#include "conjugate/curvature.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Rounding of a sum of numbers of size 1: their units in the last place add up like a random
   walk, slowed down by the partial sums of the kernels.  */
static const double ROUNDING = 10 * DBL_EPSILON;

void gradus_curvature_open(gradus_curvature *c, size_t n, size_t threads,
                           gradus_state *state) {
    *c = (gradus_curvature){.n = n, .threads = threads};
    c->root = gradus_state_scratch(state, n, sizeof *c->root);
}

void gradus_curvature_begin(gradus_curvature *c, double rz, double summed) {
    memset(c->root, 0, c->n * sizeof *c->root);
    c->largest = 0.0;
    c->square = rz;
    c->summed = c->lost = fmax(rz, summed);
}

typedef struct {
    const gradus_curvature *c;
    const double *p, *Ap;
    double pAp;
} product_t;

enum { TERMS, SIZES, SUMS };

static void add_sizes(const void *context, size_t begin, size_t count, double sums[]) {
    const product_t *product = context;
    const double *p = product->p + begin, *Ap = product->Ap + begin,
                 *root = product->c->root + begin;
    double terms = 0.0, sizes = 0.0;
#pragma omp simd reduction(+ : terms, sizes)
    for (size_t i = 0; i < count; i++) {
        terms += fabs(p[i] * Ap[i]);
        sizes += (p[i] * root[i]) * (p[i] * root[i]);
    }
    sums[TERMS] += terms;
    sums[SIZES] += sizes;
}

static void raise_bounds(const void *context, size_t begin, size_t count, double sums[]) {
    const product_t *product = context;
    const double *Ap = product->Ap + begin;
    double *root = product->c->root + begin, length = sqrt(product->pAp);
    (void)sums;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double bound = fabs(Ap[i]) / length;
        root[i] = bound > root[i] ? bound : root[i];
    }
}

bool gradus_curvature_stands_out(gradus_curvature *c, const double p[], const double Ap[],
                                 double pAp) {
    product_t product = {c, p, Ap, pAp};
    double sums[SUMS];
    gradus_sweep(c->n, SUMS, add_sizes, &product, c->threads, sums);
    c->largest = fmax(c->largest, pAp / c->square);
    c->rounding = fmax(ROUNDING * fmax(sums[TERMS], sums[SIZES]),
                       ROUNDING * ROUNDING * c->largest * c->lost);
    bool positive = isfinite(pAp) && pAp > c->rounding;
    if (positive)
        gradus_sweep(c->n, 0, raise_bounds, &product, c->threads, NULL);
    return positive;
}

void gradus_curvature_turn(gradus_curvature *c, double rz, double beta) {
    c->summed = fmax(c->summed, rz);
    c->square = rz + beta * beta * c->square;
    c->lost = c->summed + beta * beta * c->lost;
}
