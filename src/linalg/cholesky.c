/* Cholesky factorization: LAPACK's dpotrf and dpotrs (Anderson et al., LAPACK Users' Guide,
   1999, section 2.4.1), through the interface that allocates nothing.  */

#include "linalg/cholesky.h"

#include "linalg/product.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>

/* Read by columns, as LAPACK does, our lower triangle is the upper one.  The ratio of the
   extreme pivots, squares of the diagonal of L, is at most the condition of S.  */
gradus_factor_result gradus_cholesky(size_t n, double S[]) {
    double largest, least = INFINITY, most = 0.0;
    if (!gradus_symmetric_finite(n, S, &largest))
        return GRADUS_FACTOR_NOT_FINITE;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, S, (lapack_int)n) != 0)
        return GRADUS_FACTOR_SINGULAR;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, S[i * n + i]);
        most = fmax(most, S[i * n + i]);
    }
    bool regular = least * least > (double)n * DBL_EPSILON * most * most;
    return regular ? GRADUS_FACTOR_OK : GRADUS_FACTOR_SINGULAR;
}

gradus_factor_result gradus_cholesky_invert(size_t n, double S[]) {
    gradus_factor_result result = gradus_cholesky(n, S);
    if (result != GRADUS_FACTOR_OK)
        return result;
    LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, S, (lapack_int)n);
    gradus_mirror(n, S);
    return GRADUS_FACTOR_OK;
}

void gradus_cholesky_solve(size_t n, const double L[], double b[]) {
    LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, 1, L, (lapack_int)n, b,
                        (lapack_int)n);
}
