/* Products of a few weight vectors with rows of data, bytes or doubles.

   A linear model with K outputs on n features needs, for a piece of the data,

     scores[i][k] = sum_j weights[k][j] x[i][j]        (forward)
     sums[k][j]  += sum_i residuals[i][k] x[i][j]      (backward)

   with K far smaller than n.  A general matrix product packs its operands first, which
   costs as much as the product when one side is this narrow; and it takes doubles only, so
   that bytes would have to be widened in memory.  These kernels widen in registers.  */

#ifndef GRADUS_LINALG_ROWS_H
#define GRADUS_LINALG_ROWS_H

#include <stdbool.h>
#include <stddef.h>

/* A piece is at most this many rows: what a kernel reads twice then stays in cache.  */
enum { GRADUS_PIECE = 64 };

typedef struct gradus_row_kernels {
    const char *name; /* "bytes, avx512", for the record */
    bool sparse;      /* rows, weights and sums are those of sparse.h */
    /* rows[i] points to COLUMNS entries, i < COUNT <= GRADUS_PIECE; weights is
       K x COLUMNS and scores COUNT x K.  */
    void (*forward)(size_t count, size_t columns, size_t k, const void *const rows[],
                    const double weights[], double scores[]);
    /* residuals is COUNT x K and sums K x COLUMNS.  */
    void (*backward)(size_t count, size_t columns, size_t k, const void *const rows[],
                     const double residuals[], double sums[]);
} gradus_row_kernels;

typedef enum gradus_entry { GRADUS_ENTRY_BYTE, GRADUS_ENTRY_DOUBLE } gradus_entry;

/* The fastest kernels this processor has for entries of a kind, RANK 0; slower ones, RANK 1 and
   on; NULL past the slowest.  Another kernel may round differently.  */
const gradus_row_kernels *gradus_row_kernels_for(gradus_entry entry, size_t rank);

#endif
