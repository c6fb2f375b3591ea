/* Symmetric eigendecomposition by divide and conquer: LAPACK's dsyevd (Anderson et al.,
   LAPACK Users' Guide, 1999, section 2.3.4), through the interface that allocates
   nothing.  */

#include "linalg/eigen.h"

#include <lapacke.h>
#include <math.h>
#include <stdbool.h>

enum { CACHE_LINE = 64 };

/* What dsyevd asks for when vectors are wanted.  */
static size_t reals(size_t n) { return 1 + 6 * n + 2 * n * n; }

static size_t integers(size_t n) { return 3 + 5 * n; }

size_t gradus_eigen_workspace(size_t n) {
    size_t bytes = reals(n) * sizeof(double) + integers(n) * sizeof(lapack_int);
    return (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static bool is_finite(size_t n, const double matrix[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            if (!isfinite(matrix[i * n + j]))
                return false;
    return true;
}

/* WANTED: 'V' for vectors too, 'N' for values alone.  Read by columns, as LAPACK does, our
   lower triangle is the upper one, and a vector that fills a column fills a row of ours.  */
static gradus_eigen_result decompose(char wanted, size_t n, double matrix[],
                                     double values[], void *workspace) {
    if (!is_finite(n, matrix))
        return GRADUS_EIGEN_NOT_FINITE;
    double *real = workspace;
    lapack_int *integer = (lapack_int *)(real + reals(n));
    lapack_int info = LAPACKE_dsyevd_work(
        LAPACK_COL_MAJOR, wanted, 'U', (lapack_int)n, matrix, (lapack_int)n, values, real,
        (lapack_int)reals(n), integer, (lapack_int)integers(n));
    return info == 0 ? GRADUS_EIGEN_OK : GRADUS_EIGEN_NOT_CONVERGED;
}

gradus_eigen_result gradus_eigen(size_t n, double matrix[], double values[],
                                 void *workspace) {
    return decompose('V', n, matrix, values, workspace);
}

gradus_eigen_result gradus_eigenvalues(size_t n, double matrix[], double values[],
                                       void *workspace) {
    return decompose('N', n, matrix, values, workspace);
}

bool gradus_eigen_tridiagonal(size_t n, double diagonal[], double beside[]) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(diagonal[i]) || (i + 1 < n && !isfinite(beside[i])))
            return false;
    return LAPACKE_dsterf_work((lapack_int)n, diagonal, beside) == 0;
}
