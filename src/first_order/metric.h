/* The square of a gradient's length in the metric of what preconditions it, g'u with u = P g.

   With P = F^-1 it is the decrease that the model of the curvature promises, and a step a u
   changes the model's predictions by a Kullback-Leibler divergence of about a^2 g'u / 2; with
   the P of whitening, u = U'U g in every layer, it is the square of the gradient's length in
   whitened coordinates.  Where a gradient is had with maps the problem gives the part of the
   mapped layers; for the others the plain gradient is kept until it is preconditioned.  */

#ifndef GRADUS_FIRST_ORDER_METRIC_H
#define GRADUS_FIRST_ORDER_METRIC_H

#include "first_order/descent.h"

/* Parameters that follow one another.  */
typedef struct gradus_span {
    size_t begin, count;
} gradus_span;

typedef struct gradus_metric {
    size_t layers;
    gradus_layer *shapes; /* layers */
    double *raw;          /* n: the gradient before it is preconditioned */
    double mapped;        /* g'u of the mapped layers */
    gradus_span *spans;   /* 2 layers + 1: what is not mapped; raw is not kept elsewhere */
    size_t count;         /* of them */
} gradus_metric;

/* Nothing else may be called without it.  */
void gradus_metric_open(gradus_metric *metric, const gradus_oracle *oracle,
                        gradus_state *state);
/* Before and after what is not mapped of descent->g is preconditioned: the latter gives g'u.
   A mapping must have wanted its product.  */
void gradus_metric_note(gradus_metric *metric, const gradus_descent *descent);
double gradus_metric_product(const gradus_metric *metric, const gradus_descent *descent);

#endif
