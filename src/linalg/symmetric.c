/* Dense symmetric matrices.  Systems are solved by Bunch and Kaufman's factorization:
   LAPACK's dsytrf, dsycon and dsytrs (Anderson et al., LAPACK Users' Guide, 1999, section
   2.4.1), through the interface that allocates nothing.  */

#include "linalg/symmetric.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>

gradus_err gradus_dense_check(const char *owner, size_t n, long maximum,
                              gradus_error *why) {
    const double gigabyte = 1e9;
    if (n <= (size_t)maximum)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s keeps a dense matrix, which takes %.3g GB in dimension %zu: "
                       "expected a dimension of at most maximum_dimension=%ld",
                       owner, (double)n * (double)n * sizeof(double) / gigabyte, n,
                       maximum);
}

void gradus_symmetric_product(size_t n, const double S[], const double v[],
                              double result[]) {
    cblas_dsymv(CblasRowMajor, CblasLower, (int)n, 1.0, S, (int)n, v, 1, 0.0, result, 1);
}

void gradus_symmetric_update(size_t n, const double a[], const double b[], double S[]) {
    cblas_dsyr2(CblasRowMajor, CblasLower, (int)n, 1.0, a, 1, b, 1, S, (int)n);
}

bool gradus_symmetric_finite(size_t n, const double S[], double *largest) {
    *largest = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            if (!isfinite(S[i * n + j]))
                return false;
            *largest = fmax(*largest, fabs(S[i * n + j]));
        }
    return true;
}

static double power_above(double size) {
    return ldexp(1.0, size < DBL_MAX ? ilogb(size) + 1 : DBL_MAX_EXP - 1);
}

/* What row I asks of its size: that of the diagonal, and of its entries the part that the sizes
   of their columns, up to COUNT and where known, leave.  */
static double row_size(size_t n, const double S[], const double sizes[], size_t i,
                       size_t count) {
    double size = sqrt(fabs(S[i * n + i]));
    for (size_t j = 0; j < count; j++)
        if (sizes[j] > 0.0)
            size = fmax(size, fabs(j < i ? S[i * n + j] : S[j * n + i]) / sizes[j]);
    return size;
}

/* The largest entry of row I.  */
static double row_largest(size_t n, const double S[], size_t i) {
    double largest = 0.0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, fabs(j < i ? S[i * n + j] : S[j * n + i]));
    return largest;
}

/* Bunch, "Equilibration of symmetric matrices in the max-norm", J. ACM 18(4), 1971: each row
   follows those before it.  A row that has nothing there, nor a diagonal, follows those after
   it; two such rows that meet share what they have.  */
void gradus_symmetric_sizes(size_t n, const double S[], double sizes[]) {
    for (size_t i = 0; i < n; i++)
        sizes[i] = row_size(n, S, sizes, i, i);
    for (size_t i = 0; i < n; i++) {
        if (sizes[i] > 0.0)
            continue;
        double size = row_size(n, S, sizes, i, n);
        if (!(size > 0.0))
            size = sqrt(row_largest(n, S, i));
        sizes[i] = size > 0.0 ? size : 1.0;
    }
}

/* dsycon asks for 2 n reals; dsytrf takes what it gets, columns by columns.  */
enum { COLUMNS = 32 };

size_t gradus_symmetric_workspace(size_t n) {
    return (COLUMNS + 1) * n * sizeof(double) + 2 * n * sizeof(lapack_int);
}

/* The largest column sum of |S|; uses n reals.  */
static double one_norm(size_t n, const double S[], double sums[]) {
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        sums[i] = fabs(S[i * n + i]);
        for (size_t j = 0; j < i; j++) {
            sums[i] += fabs(S[i * n + j]);
            sums[j] += fabs(S[i * n + j]);
        }
    }
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, sums[i]);
    return largest;
}

/* S and B in variables multiplied by their sizes, powers of two: this loses no digit.  */
static void scale(size_t n, const double sizes[], double S[], double b[]) {
    for (size_t i = 0; i < n; i++) {
        b[i] /= sizes[i];
        for (size_t j = 0; j <= i; j++)
            S[i * n + j] = S[i * n + j] / sizes[i] / sizes[j];
    }
}

/* Read by columns our lower triangle is the upper one.  */
gradus_factor_result gradus_symmetric_solve(size_t n, double S[], double b[],
                                            void *workspace) {
    double largest, condition = 0.0, *real = workspace, *sizes = real + COLUMNS * n;
    lapack_int order = (lapack_int)n, *pivots = (lapack_int *)(sizes + n);
    if (!gradus_symmetric_finite(n, S, &largest))
        return GRADUS_FACTOR_NOT_FINITE;
    gradus_symmetric_sizes(n, S, sizes);
    for (size_t i = 0; i < n; i++)
        sizes[i] = power_above(sizes[i]);
    scale(n, sizes, S, b);
    double norm = one_norm(n, S, real);
    lapack_int info = LAPACKE_dsytrf_work(LAPACK_COL_MAJOR, 'U', order, S, order, pivots,
                                          real, COLUMNS * order);
    if (info == 0)
        info = LAPACKE_dsycon_work(LAPACK_COL_MAJOR, 'U', order, S, order, pivots, norm,
                                   &condition, real, pivots + n);
    if (info != 0 || !(condition > DBL_EPSILON)) /* the reciprocal one */
        return GRADUS_FACTOR_SINGULAR;
    LAPACKE_dsytrs_work(LAPACK_COL_MAJOR, 'U', order, 1, S, order, pivots, b, order);
    for (size_t i = 0; i < n; i++)
        b[i] /= sizes[i];
    return GRADUS_FACTOR_OK;
}
