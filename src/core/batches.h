/* Which examples each update sees: all of them; or shuffled epochs cut into mini-batches,
   the last of an epoch being shorter; or mini-batches of examples drawn independently, with
   replacement.  */

#ifndef GRADUS_CORE_BATCHES_H
#define GRADUS_CORE_BATCHES_H

#include "base/inventory.h"
#include "gradus.h"

typedef enum gradus_sampling { GRADUS_SHUFFLED, GRADUS_IID } gradus_sampling;

typedef struct gradus_batches {
    size_t examples, size; /* SIZE of a batch; equal to EXAMPLES in full batch */
    gradus_sampling sampling;
    size_t *order; /* this epoch's order, or the rows of a batch; NULL in full batch */
    size_t next;   /* where in an epoch's order the next batch begins */
    size_t drawn;  /* examples so far */
    gradus_stream *stream;
} gradus_batches;

/* SIZE is at most EXAMPLES; as many, or 0, is full batch.  */
gradus_err gradus_batches_open(gradus_batches *batches, size_t examples, size_t size,
                               gradus_sampling sampling, uint64_t seed);
void gradus_batches_close(gradus_batches *batches);
gradus_batch gradus_batches_next(gradus_batches *batches);
/* The batch that came last, once there was one.  */
gradus_batch gradus_batches_last(const gradus_batches *batches);
void gradus_batches_list(gradus_batches *batches, gradus_inventory *inventory);
double gradus_batches_epoch(const gradus_batches *batches);

#endif
