/* A bound on how far a natural gradient moves the model in one step: with the raw gradient g
   and u = F^-1 g the step a u changes the predictions by a Kullback-Leibler divergence of
   about a^2 u'F u / 2 = a^2 g'u / 2.  Where a^2 g'u is more than kl_clip, the step is
   shortened to make it that.

   Ba, Grosse and Martens, "Distributed second-order optimization using Kronecker-factored
   approximations", ICLR 2017, section 5.  */

#ifndef GRADUS_NATURAL_KL_CLIP_H
#define GRADUS_NATURAL_KL_CLIP_H

#include "first_order/metric.h"

/* The row of a parameter table, for struct T with the member kl_clip (double).  */
/* clang-format off */
#define GRADUS_KL_CLIP_ROW(T)                                                              \
    {GRADUS_FIELD(T, kl_clip), .initial = 0.1, .minimum = 0, .maximum = INFINITY,          \
     .flags = GRADUS_LOG, .grid = {1e-2, 1, 3},                                            \
     .help = "Most that a step without momentum may change the predictions, twice the "    \
             "Kullback-Leibler divergence of an example by the model of the curvature; "   \
             "0: no bound."}
/* clang-format on */

typedef struct gradus_kl_clip {
    double most; /* 0: no bound, and nothing is computed for it */
    gradus_metric metric;
} gradus_kl_clip;

void gradus_kl_clip_open(gradus_kl_clip *clip, double most, const gradus_oracle *oracle,
                         gradus_state *state);
/* Before and after what is not mapped of descent->g is preconditioned: the latter gives what
   a step of RATE is shortened to.  */
void gradus_kl_clip_note(gradus_kl_clip *clip, const gradus_descent *descent);
double gradus_kl_clip_rate(const gradus_kl_clip *clip, const gradus_descent *descent,
                           double rate);

#endif
