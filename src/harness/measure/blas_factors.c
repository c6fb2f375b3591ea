/* Factors and eigenvectors of the bound LAPACK against identities that they must satisfy, on
   probes: the unit vectors for a small matrix, vectors of signs for a large one, so that the
   cost is that of the factors.

   Bounds.  Cholesky: |L L' - S| <= gamma(n + 1) |L||L'| and solving with it gamma(3 n + 1)
   |L||L'||x| (Higham, Accuracy and Stability, 2nd edition, 2002, theorems 10.3 and 10.4).  An
   inverse by it has the residual of n such solutions; Bunch and Kaufman's factors are as large
   as the matrix where, as here, nearly all is in pivots that dominate (section 11.1.2).
   Eigenvectors: 30 n eps |S| is where LAPACK's own tests draw the line (LAPACK Working Note 41,
   section 6.6).  */

#include "harness/measure/blas_parts.h"

#include <math.h>

enum {
    ALL_UNITS = 17, /* orders up to this are probed by every unit vector */
    SIGNS = 2,      /* vectors of signs for the larger ones */
    LAPACK_LINE = 30,
};

static size_t probes(size_t n) { return n <= ALL_UNITS ? n : SIGNS; }

static double probe(const gradus_blas_examination *e, size_t n, size_t which, size_t i) {
    if (n <= ALL_UNITS)
        return i == which ? 1.0 : 0.0;
    return e->pool[i + 7 * which] < 0.0 ? -1.0 : 1.0;
}

/* Entry (i, j) of a symmetric matrix that is kept by its pivots: definite, with the order on
   the diagonal, or not, with it in 2 x 2 pivots across the diagonal.  */
static double symmetric(const gradus_blas_examination *e, size_t n, bool definite, size_t i,
                        size_t j) {
    size_t low = i > j ? i : j, high = i > j ? j : i;
    double noise = e->pool[low * n + high];
    if (definite)
        return i == j ? (double)n + 1.0 : noise;
    return i + j + 1 == n ? (double)n + 1.0 : i == j ? 0.01 * noise : noise;
}

static void fill(const gradus_blas_examination *e, size_t n, bool definite, double S[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            S[i * n + j] = symmetric(e, n, definite, i, j);
}

static double worse(double a, double b) { return b <= a ? a : b; } /* NaN is worse */

/* OUT = L (L' V), or |L| (|L'| |V|); L is lower and TEMP has N entries.  */
static void cholesky_product(size_t n, const double L[], const double v[], bool sizes,
                             long double temp[], long double out[]) {
    for (size_t j = 0; j < n; j++) {
        temp[j] = 0.0L;
        for (size_t i = j; i < n; i++)
            temp[j] += sizes ? fabsl((long double)L[i * n + j] * v[i])
                             : (long double)L[i * n + j] * v[i];
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = 0.0L;
        for (size_t j = 0; j <= i; j++)
            out[i] += (sizes ? fabsl(L[i * n + j]) : (long double)L[i * n + j]) * temp[j];
    }
}

static long double row_sum(size_t n, const double S[], size_t i, const double v[]) {
    long double sum = 0.0L;
    for (size_t j = 0; j < n; j++)
        sum += (long double)S[i * n + j] * v[j];
    return sum;
}

/* The largest |S X - B| in units of gamma(TERMS) |L||L'||X|, given both products.  */
static double residual(size_t n, const double S[], const double x[], const double b[],
                       const long double sizes[], size_t terms) {
    double worst = 0.0;
    for (size_t i = 0; i < n; i++)
        worst = worse(worst, (double)fabsl(row_sum(n, S, i, x) - b[i]) /
                                 (gradus_gamma(terms) * (double)sizes[i]));
    return worst;
}

/* L L' v = S v; S x = v; S (S^-1 v) = v.  */
static void cholesky(gradus_blas_examination *e, size_t n) {
    double *S = e->matrix[0], *L = e->matrix[1], *X = e->matrix[2];
    double *v = e->vector[0], *x = e->vector[1], factor = 0.0, solved = 0.0, inverted = 0.0;
    long double *temp = e->workspace, *product = temp + n, *sizes = product + n;
    fill(e, n, true, S), fill(e, n, true, L), fill(e, n, true, X);
    bool ok = e->callers->cholesky(n, L) == GRADUS_FACTOR_OK &&
              e->callers->cholesky_invert(n, X) == GRADUS_FACTOR_OK;
    for (size_t p = 0; p < probes(n); p++) {
        for (size_t i = 0; i < n; i++)
            v[i] = x[i] = probe(e, n, p, i);
        cholesky_product(n, L, v, false, temp, product);
        cholesky_product(n, L, v, true, temp, sizes);
        for (size_t i = 0; i < n; i++)
            factor = worse(factor, (double)fabsl(product[i] - row_sum(n, S, i, v)) /
                                       (gradus_gamma(n + 1) * (double)sizes[i]));
        e->callers->cholesky_solve(n, L, x);
        cholesky_product(n, L, x, true, temp, sizes);
        solved = worse(solved, residual(n, S, x, v, sizes, 3 * n + 1));
        for (size_t i = 0; i < n; i++)
            x[i] = (double)row_sum(n, X, i, v);
        /* of the inverse, sums of n entries: as large as |S^-1| |v| */
        for (size_t i = 0; i < n; i++) {
            double off = (double)fabsl(row_sum(n, S, i, x) - v[i]);
            inverted = worse(inverted, off / (8.0 * (double)n * gradus_gamma(n + 1)));
        }
    }
    gradus_blas_place at = {GRADUS_BLAS_DPOTRF, "order %zu", n, 0, 0};
    gradus_blas_note(e, &at, ok ? factor : NAN, 1.0);
    at.function = GRADUS_BLAS_DPOTRS;
    gradus_blas_note(e, &at, ok ? solved : NAN, 1.0);
    at.function = GRADUS_BLAS_DPOTRI;
    gradus_blas_note(e, &at, ok ? inverted : NAN, 1.0);
}

/* The solver works in variables divided by their sizes, where the entries of S are at most 1
   and the bound is that of such a matrix; in the given variables S_ij then counts as the
   product of the sizes, each rounded up by a factor of 2.  */
static void indefinite(gradus_blas_examination *e, size_t n) {
    double *S = e->matrix[0], *F = e->matrix[1], *b = e->vector[0], *x = e->vector[1];
    double *sizes = e->vector[2], worst = 0.0, size;
    gradus_blas_place at = {GRADUS_BLAS_DSYTRF, "order %zu", n, 0, 0};
    fill(e, n, false, S), fill(e, n, false, F);
    for (size_t i = 0; i < n; i++)
        b[i] = x[i] = e->pool[i + 3];
    gradus_symmetric_sizes(n, S, sizes);
    bool ok = e->callers->symmetric_solve(n, F, x, e->workspace) == GRADUS_FACTOR_OK;
    for (size_t i = 0; i < n; i++) {
        size = 0.0;
        for (size_t j = 0; j < n; j++)
            size += (fabs(S[i * n + j]) + 4.0 * sizes[i] * sizes[j]) * fabs(x[j]);
        worst = worse(worst, (double)fabsl(row_sum(n, S, i, x) - b[i]) /
                                 (gradus_gamma(10 * n) * size));
    }
    gradus_blas_note(e, &at, ok ? worst : NAN, 1.0);
}

/* S'v = Q' (values (Q v)) and Q'(Q v) = v, with the vectors in the rows of Q.  */
static double decomposition(gradus_blas_examination *e, size_t n, const double values[],
                            double line) {
    const double *S = e->matrix[0], *Q = e->matrix[1];
    double *v = e->vector[2], worst = 0.0;
    long double *c = e->workspace;
    for (size_t p = 0; p < probes(n); p++) {
        double length = n <= ALL_UNITS ? 1.0 : sqrt((double)n);
        for (size_t i = 0; i < n; i++)
            v[i] = probe(e, n, p, i);
        for (size_t k = 0; k < n; k++)
            c[k] = row_sum(n, Q, k, v);
        for (size_t i = 0; i < n; i++) {
            long double back = 0.0L, image = 0.0L;
            for (size_t k = 0; k < n; k++) {
                back += Q[k * n + i] * c[k];
                image += Q[k * n + i] * (values[k] * c[k]);
            }
            double scale = line * length;
            worst = worse(worst, (double)fabsl(back - v[i]) / scale);
            worst = worse(worst, (double)fabsl(image - row_sum(n, S, i, v)) /
                                     (scale * 2.0 * (double)n));
        }
    }
    return worst;
}

/* |S|, the largest row sum, is between n / 2 and 2 n + 1.  */
static void eigen(gradus_blas_examination *e, size_t n) {
    double *values = e->vector[0], *alone = e->vector[1], worst = 0.0;
    double line = LAPACK_LINE * (double)n * DBL_EPSILON;
    gradus_blas_place at = {GRADUS_BLAS_DSYEVD, "order %zu", n, 0, 0};
    for (int i = 0; i < 3; i++)
        fill(e, n, false, e->matrix[i]);
    bool ok = e->callers->eigen(n, e->matrix[1], values, e->workspace) == GRADUS_EIGEN_OK;
    gradus_blas_note(e, &at, ok ? decomposition(e, n, values, line) : NAN, 1.0);
    ok = e->callers->eigenvalues(n, e->matrix[2], alone, e->workspace) == GRADUS_EIGEN_OK;
    for (size_t i = 0; i < n; i++)
        worst = worse(worst, fabs(alone[i] - values[i]) / (line * 2.0 * (double)n));
    at.function = GRADUS_BLAS_DSYEVD_VALUES;
    gradus_blas_note(e, &at, ok ? worst : NAN, 1.0);
}

/* 2 on the diagonal and -1 beside it has the eigenvalues 2 - 2 cos(k pi / (n + 1)).  */
static void tridiagonal(gradus_blas_examination *e, size_t n) {
    double *diagonal = e->vector[0], *beside = e->vector[1], worst = 0.0;
    for (size_t i = 0; i < n; i++)
        diagonal[i] = 2.0, beside[i] = -1.0;
    bool ok = e->callers->tridiagonal(n, diagonal, beside);
    for (size_t k = 1; k <= n; k++) {
        double want = 2.0 - 2.0 * cos((double)k * M_PI / (double)(n + 1));
        worst = worse(worst, fabs(diagonal[k - 1] - want) /
                                 (LAPACK_LINE * (double)n * DBL_EPSILON * 4.0));
    }
    gradus_blas_place at = {GRADUS_BLAS_DSTERF, "order %zu", n, 0, 0};
    gradus_blas_note(e, &at, ok ? worst : NAN, 1.0);
}

void gradus_blas_examine_factors(gradus_blas_examination *e) {
    size_t n;
    for (size_t i = 0; (n = gradus_blas_side(e, i)) > 0; i++) {
        cholesky(e, n);
        indefinite(e, n);
        eigen(e, n);
        tridiagonal(e, n);
    }
}
