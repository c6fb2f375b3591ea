/* Which examples each update sees: all of them, or shuffled epochs cut into mini-batches,
   the last of an epoch being shorter.  */

#ifndef GRADUS_CORE_BATCHES_H
#define GRADUS_CORE_BATCHES_H

#include "gradus.h"

typedef struct gradus_batches {
    size_t examples, size; /* SIZE of a batch; equal to EXAMPLES in full batch */
    size_t *order;         /* this epoch's order; NULL in full batch */
    size_t next;           /* where in it the next batch begins */
    uint64_t drawn;        /* examples so far */
    gradus_stream *stream;
} gradus_batches;

/* SIZE 0 or at least EXAMPLES: full batch.  */
gradus_err gradus_batches_open(gradus_batches *batches, size_t examples, size_t size,
                               uint64_t seed);
void gradus_batches_close(gradus_batches *batches);
gradus_batch gradus_batches_next(gradus_batches *batches);
double gradus_batches_epoch(const gradus_batches *batches);

#endif
