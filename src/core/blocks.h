/* Sums over blocks of examples, the same bits for any number of threads.

   The examples of a batch are cut into blocks whose size follows from the shape of the work
   alone.  Each block adds its contribution to a zeroed vector; the block sums meet in a
   fixed binary tree (node i of a level is nodes 2i and 2i+1 of the one below), whoever
   finishes last doing the addition.  Sums live in buffers that are handed on, so that
   memory grows with the logarithm of the number of blocks.  */

#ifndef GRADUS_CORE_BLOCKS_H
#define GRADUS_CORE_BLOCKS_H

#include "gradus.h"

typedef struct gradus_blocks gradus_blocks;

/* Adds the contribution of the examples FIRST .. FIRST+COUNT-1 of BATCH to sum[WIDTH].
   SCRATCH is this thread's own.  */
typedef void (*gradus_block_kernel)(void *context, const gradus_batch *batch, size_t first,
                                    size_t count, double sum[], void *scratch);

/* For batches of up to EXAMPLES examples, sums of WIDTH numbers, and SCRATCH bytes for each
   of THREADS threads.  */
gradus_err gradus_blocks_open(gradus_blocks **out, size_t examples, size_t width,
                              size_t scratch, size_t threads);
void gradus_blocks_close(gradus_blocks *blocks);

/* The sum of the kernel over all blocks of BATCH; WIDTH is at most what was opened.  The
   result is borrowed until the next call.  */
const double *gradus_blocks_sum(gradus_blocks *blocks, const gradus_batch *batch,
                                size_t width, gradus_block_kernel kernel, void *context);

/* The row number in the data of example I of a batch.  */
static inline size_t gradus_batch_row(const gradus_batch *batch, size_t i) {
    return batch->rows ? batch->rows[i] : i;
}

#endif
