/* Matrix products, the same bits for any number of threads.  Matrices are row-major.  */

#ifndef GRADUS_LINALG_PRODUCT_H
#define GRADUS_LINALG_PRODUCT_H

#include "linalg/tile.h"

#include <stdbool.h>
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

/* The tiles of an m x n product, which follow from its shape alone: the longer side is cut
   into as few pieces of at most 256 as there can be, but an even number.  */
typedef struct gradus_tiling {
    size_t count;
    size_t rows, columns; /* of a tile; the last one has what is left */
    size_t m, n;
} gradus_tiling;
typedef struct gradus_patch {
    size_t row, column, rows, columns;
} gradus_patch;

gradus_tiling gradus_tile_product(size_t m, size_t n);
/* Whether the products of the tiles, of K terms an entry, are worth more than a thread.  */
bool gradus_tiling_long(const gradus_tiling *tiling, size_t k);
gradus_patch gradus_tiling_patch(const gradus_tiling *tiling, size_t index);

#endif
