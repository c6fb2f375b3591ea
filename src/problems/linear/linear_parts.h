/* The sums over examples of residual times compressed row, by several threads: the residuals
   of a batch are kept, and every thread then adds up what is in its columns.  Each sum runs in
   the order of the batch, so that the bits are those of one thread that adds as it goes.  */

#ifndef GRADUS_PROBLEMS_LINEAR_LINEAR_PARTS_H
#define GRADUS_PROBLEMS_LINEAR_LINEAR_PARTS_H

#include "data/examples.h"

typedef struct gradus_parts {
    const gradus_view *view; /* NULL: not in use */
    size_t outputs, threads;
    double *residuals; /* examples x outputs, in the order of the batch */
    uint32_t *cuts;    /* examples x (threads + 1): where each thread's entries begin */
} gradus_parts;

/* VIEW is borrowed.  Close the parts whether or not this succeeds.  */
gradus_err gradus_parts_open(gradus_parts *parts, const gradus_view *view, size_t outputs,
                             size_t threads);
void gradus_parts_close(gradus_parts *parts);

/* Keeps the residuals of COUNT examples from FIRST of the batch on.  */
void gradus_parts_keep(const gradus_parts *parts, size_t first, size_t count,
                       const double residuals[]);
/* Adds up all that were kept, over BATCH.  */
void gradus_parts_add(const gradus_parts *parts, const gradus_batch *batch, double sums[]);

#endif
