/* Eigendecomposition of a symmetric matrix in memory of the caller's.  */

#ifndef GRADUS_LINALG_EIGEN_H
#define GRADUS_LINALG_EIGEN_H

#include <stdbool.h>
#include <stddef.h>

typedef enum gradus_eigen_result {
    GRADUS_EIGEN_OK,
    GRADUS_EIGEN_NOT_FINITE,    /* an entry is infinite or NaN; nothing was touched */
    GRADUS_EIGEN_NOT_CONVERGED, /* the matrix is lost */
} gradus_eigen_result;

enum { GRADUS_EIGEN_LARGEST = 32766 }; /* beyond, LAPACK cannot count the workspace */

/* Bytes of workspace for n up to GRADUS_EIGEN_LARGEST; grows with n.  A whole number of
   cache lines, so that the workspaces of several threads can stand side by side.  */
size_t gradus_eigen_workspace(size_t n);

/* MATRIX = sum_j values[j] e_j e_j', n x n, of which the lower triangle is read.  The
   eigenvectors replace it, e_j in row j; the values ascend.  */
gradus_eigen_result gradus_eigen(size_t n, double matrix[], double values[],
                                 void *workspace);

/* The eigenvalues alone, ascending, at a quarter of the cost; MATRIX is lost.  WORKSPACE as
   above.  */
gradus_eigen_result gradus_eigenvalues(size_t n, double matrix[], double values[],
                                       void *workspace);

/* The eigenvalues of a tridiagonal matrix: its DIAGONAL, which they replace, ascending, and
   the N - 1 entries BESIDE it, which are lost.  False when one is not finite.  */
bool gradus_eigen_tridiagonal(size_t n, double diagonal[], double beside[]);

#endif
