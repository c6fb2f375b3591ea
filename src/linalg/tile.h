/* A product of two parts of matrices, the innermost work of a network.  Matrices are
   row-major.  */

#ifndef GRADUS_LINALG_TILE_H
#define GRADUS_LINALG_TILE_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a larger matrix, or its transpose.  */
typedef struct gradus_operand {
    const double *entries;
    size_t stride;   /* doubles between rows as they stand in memory */
    bool transposed; /* it is the transpose of what stands there */
} gradus_operand;

/* X without its first rows and columns.  */
static inline gradus_operand gradus_operand_from(gradus_operand X, size_t row,
                                                 size_t column) {
    X.entries += X.transposed ? column * X.stride + row : row * X.stride + column;
    return X;
}

/* C = A B, or C += A B, with C m x n and A's columns k, on the calling thread.  C shares no
   entry with A or B.  */
typedef void gradus_tile_kernel(size_t m, size_t n, size_t k, gradus_operand A,
                                gradus_operand B, bool add, double C[], size_t stride);

gradus_tile_kernel gradus_tile;

typedef struct gradus_tile_level {
    const char *name; /* "avx512", for the record */
    gradus_tile_kernel *tile;
} gradus_tile_level;

/* The fastest that this processor has, which gradus_tile is, RANK 0; slower ones, RANK 1 and
   on; NULL past the slowest.  All but the slowest, which is dgemm, round alike.  */
const gradus_tile_level *gradus_tile_level_for(size_t rank);

#endif
