/* Cholesky factorization: LAPACK's dpotrf and dpotrs (Anderson et al., LAPACK Users' Guide,
   1999, section 2.4.1), through the interface that allocates nothing.  */

#include "linalg/cholesky.h"

#include "linalg/product.h"
#include "linalg/vector.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>

/* The pivot L_ii^2 is what elimination leaves of S_ii, with a rounding of (n + 1) / 2 units in
   the last place of S_ii at most (Higham, Accuracy and Stability of Numerical Algorithms,
   2002, theorem 10.3, where |L| |L'| has the diagonal of S).  It stands out where it is above
   n of them.  Scaling the variables does not change that.  S_ii itself is lost, but it is the
   square norm of row i of L.  */
static bool stand_out(size_t n, const double L[]) {
    double part = sqrt((double)n * DBL_EPSILON);
    for (size_t i = 0; i < n; i++)
        if (!(L[i * n + i] > part * gradus_norm(i + 1, L + i * n, 1)))
            return false;
    return true;
}

/* Read by columns, as LAPACK does, our lower triangle is the upper one.  */
gradus_factor_result gradus_cholesky(size_t n, double S[]) {
    double largest;
    if (!gradus_symmetric_finite(n, S, &largest))
        return GRADUS_FACTOR_NOT_FINITE;
    if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (lapack_int)n, S, (lapack_int)n) != 0)
        return GRADUS_FACTOR_SINGULAR;
    return stand_out(n, S) ? GRADUS_FACTOR_OK : GRADUS_FACTOR_SINGULAR;
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
