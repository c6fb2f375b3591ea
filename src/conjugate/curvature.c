/* Curvature and its rounding.  */

#include "conjugate/curvature.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Rounding of a sum of numbers of size 1: their units in the last place add up like a random
   walk, slowed down by the partial sums of the kernels.  */
static const double ROUNDING = 10 * DBL_EPSILON;
/* Of a difference, which is one sum, and of what is subtracted.  */
static const double LOSS = 2 * DBL_EPSILON;

void gradus_curvature_open(gradus_curvature *c, size_t n, size_t threads,
                           gradus_state *state) {
    *c = (gradus_curvature){.n = n, .threads = threads};
    double **const vectors[] = {&c->root, &c->largest, &c->lost};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        *vectors[i] = gradus_state_scratch(state, n, sizeof(double));
}

void gradus_curvature_begin(gradus_curvature *c, const double b[]) {
    memset(c->root, 0, c->n * sizeof *c->root);
    memset(c->lost, 0, c->n * sizeof *c->lost);
    for (size_t i = 0; i < c->n; i++)
        c->largest[i] = fabs(b[i]);
}

typedef struct {
    const gradus_curvature *c;
    const double *r, *z;
    double beta;
} turn_t;

static void add_loss(const void *context, size_t begin, size_t count, double sums[]) {
    const turn_t *turn = context;
    const double *r = turn->r + begin, *z = turn->z + begin, beta = fabs(turn->beta);
    double *largest = turn->c->largest + begin, *lost = turn->c->lost + begin;
    (void)sums;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        double size = fabs(r[i]), past = largest[i] > size ? largest[i] : size;
        double part = LOSS * past < size ? LOSS * past / size : 1.0;
        largest[i] = past;
        lost[i] = part * fabs(z[i]) + beta * lost[i];
    }
}

void gradus_curvature_turn(gradus_curvature *c, const double r[], const double z[],
                           double beta) {
    turn_t turn = {c, r, z, beta};
    gradus_sweep(c->n, 0, add_loss, &turn, c->threads, NULL);
}

typedef struct {
    const gradus_curvature *c;
    const double *p, *Ap;
    double pAp;
} product_t;

enum { TERMS, SIZES, LOST, SUMS };

static void add_sizes(const void *context, size_t begin, size_t count, double sums[]) {
    const product_t *product = context;
    const double *p = product->p + begin, *Ap = product->Ap + begin,
                 *root = product->c->root + begin, *loss = product->c->lost + begin;
    double terms = 0.0, sizes = 0.0, lost = 0.0;
#pragma omp simd reduction(+ : terms, sizes, lost)
    for (size_t i = 0; i < count; i++) {
        terms += fabs(p[i] * Ap[i]);
        sizes += (p[i] * root[i]) * (p[i] * root[i]);
        lost += (loss[i] * root[i]) * (loss[i] * root[i]);
    }
    sums[TERMS] += terms;
    sums[SIZES] += sizes;
    sums[LOST] += lost;
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
    c->rounding = fmax(ROUNDING * fmax(sums[TERMS], sums[SIZES]), sums[LOST]);
    bool positive = isfinite(pAp) && pAp > c->rounding;
    if (positive)
        gradus_sweep(c->n, 0, raise_bounds, &product, c->threads, NULL);
    return positive;
}

double gradus_curvature_largest(const gradus_curvature *c) {
    double root = 0.0;
    for (size_t i = 0; i < c->n; i++)
        root = fmax(root, c->root[i]);
    return root * root;
}
