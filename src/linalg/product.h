/* Matrix products, the same bits for any number of threads.  Matrices are row-major.  */

#ifndef GRADUS_LINALG_PRODUCT_H
#define GRADUS_LINALG_PRODUCT_H

#include <stddef.h>

/* C = A B, with A m x k and B k x n.  */
void gradus_product(size_t m, size_t n, size_t k, const double A[], const double B[],
                    double C[], size_t threads);
/* C = A B', with A m x k and B n x k.  */
void gradus_product_transposed(size_t m, size_t n, size_t k, const double A[],
                               const double B[], double C[], size_t threads);
/* C += A'B, with A k x m and B k x n.  */
void gradus_add_transposed_product(size_t m, size_t n, size_t k, const double A[],
                                   const double B[], double C[], size_t threads);
/* S += A'A in the lower triangle of S, n x n; A is k x n.  Above the diagonal S is not
   meaningful until gradus_mirror.  */
void gradus_add_gram(size_t n, size_t k, const double A[], double S[], size_t threads);
/* Copies the lower triangle to the upper.  */
void gradus_mirror(size_t n, double S[]);

#endif
