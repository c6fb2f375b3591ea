/* Products of a few weight vectors with compressed rows: the row kernels of rows.h for
   data that are mostly 0, and the part of the backward product that belongs to some of the
   columns.

   Weights and sums are COLUMNS x K here, so that what an entry meets lies together.  Every
   sum over examples runs in the order of the rows, however the columns are divided: the
   bits of a sum do not depend on it.  */

#ifndef GRADUS_LINALG_SPARSE_H
#define GRADUS_LINALG_SPARSE_H

#include "linalg/rows.h"

#include <stdint.h>

/* rows[i] of the kernels points to one of these.  */
typedef struct gradus_sparse_row {
    const uint32_t *columns; /* COUNT, ascending */
    const double *values;    /* COUNT */
    size_t count;
} gradus_sparse_row;

extern const gradus_row_kernels gradus_sparse_kernels;

/* Cuts COLUMNS columns into PARTS of about as many entries: part p has the columns
   bounds[p] .. bounds[p+1]-1.  COUNTS holds the entries of every column.  */
void gradus_sparse_divide(size_t columns, const size_t counts[], size_t parts,
                          size_t bounds[]);

/* The same of a row: its entries cuts[p] .. cuts[p+1]-1 are in part p.  */
void gradus_sparse_cut(const gradus_sparse_row *row, size_t parts, const size_t bounds[],
                       uint32_t cuts[]);

/* `backward` for one part alone, cuts[i] pointing to where it begins in row i.  */
void gradus_sparse_backward_part(size_t count, size_t k, const void *const rows[],
                                 const uint32_t *const cuts[], const double residuals[],
                                 double sums[]);

#endif
