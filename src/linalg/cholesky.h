/* Cholesky factorization of a symmetric matrix, row-major, lower triangle.  */

#ifndef GRADUS_LINALG_CHOLESKY_H
#define GRADUS_LINALG_CHOLESKY_H

#include "linalg/symmetric.h"

/* S = L L', in place of the lower triangle of S.  A matrix of which elimination leaves 2.2e-16 n
   or less of an entry of the diagonal counts as singular, whatever the scales of the
   variables.  */
gradus_factor_result gradus_cholesky(size_t n, double S[]);

/* S <- S^-1, both triangles; as above.  */
gradus_factor_result gradus_cholesky_invert(size_t n, double S[]);

/* B <- (L L')^-1 B.  */
void gradus_cholesky_solve(size_t n, const double L[], double b[]);

#endif
