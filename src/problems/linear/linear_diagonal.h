/* Sums for the diagonal of a linear model's Hessian,

     sum_i c_ik z_ij^2   and   sum_i c_ik,

   c_ik being the loss's second derivative in score k and z_i the entries of example i as the
   model sees them, scaled.  */

#ifndef GRADUS_PROBLEMS_LINEAR_LINEAR_DIAGONAL_H
#define GRADUS_PROBLEMS_LINEAR_LINEAR_DIAGONAL_H

#include "core/blocks.h"
#include "data/examples.h"
#include "problems/linear/linear.h"

typedef struct gradus_linear_diagonal_job {
    const gradus_link *link;
    const gradus_examples *examples;
    size_t outputs;
    const double *p;       /* of the batch, examples x outputs: probabilities */
    gradus_blocks *blocks; /* dense: as wide as the sums, with scratch for a row and U */
    double *cross, *u;     /* sparse: outputs x features, and outputs; to work in */
} gradus_linear_diagonal_job;

/* SUMS: outputs x features, then outputs.  */
void gradus_linear_diagonal_sums(const gradus_linear_diagonal_job *job,
                                 const gradus_batch *batch, double sums[]);

#endif
