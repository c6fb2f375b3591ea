/* The mean loss of a linear model along a ray x + t d, from the examples' scores at x and
   their changes with d.  */

#ifndef GRADUS_PROBLEMS_LINEAR_LINEAR_RAY_H
#define GRADUS_PROBLEMS_LINEAR_LINEAR_RAY_H

#include "core/blocks.h"
#include "problems/linear/linear.h"

typedef struct gradus_linear_ray {
    const gradus_link *link;
    size_t outputs;
    const unsigned *targets;         /* of all training examples */
    const double *scores, *changes;  /* examples of the batch x outputs each, borrowed */
    double square, cross, curvature; /* of the regulariser: l2 x'x, l2 x'd, l2 d'd */
} gradus_linear_ray;

/* Value and slope at STEP, over BATCH.  The scratch of BLOCKS holds the scores of an
   example at least.  */
void gradus_linear_ray_along(const gradus_linear_ray *ray, gradus_blocks *blocks,
                             const gradus_batch *batch, double step, double *value,
                             double *slope);

#endif
