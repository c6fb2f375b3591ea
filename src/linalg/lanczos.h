/* Extreme eigenvalues of a symmetric matrix that is known by its products only.

   Lanczos, J. Res. Nat. Bur. Standards 45, 1950; with full reorthogonalisation (Golub and Van
   Loan, Matrix Computations, 2013, section 10.3.1), so that no eigenvalue comes twice.  */

#ifndef GRADUS_LINALG_LANCZOS_H
#define GRADUS_LINALG_LANCZOS_H

#include "gradus.h"

/* RESULT = matrix V.  */
typedef gradus_err (*gradus_operator)(void *context, const double v[], double result[]);

/* Takes STEPS <= n steps from a random direction.  VALUES[STEPS] get the Ritz values,
   ascending, *FOUND of them: fewer where the directions that the start contains are
   exhausted, and then they are eigenvalues.  Otherwise the outermost are the first to become
   eigenvalues, from inside: the smallest is an upper bound of the smallest eigenvalue.
   Takes memory for STEPS + 1 vectors of n.  */
gradus_err gradus_lanczos(size_t n, size_t steps, gradus_operator multiply, void *context,
                          gradus_stream *stream, double values[], size_t *found);

#endif
