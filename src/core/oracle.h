/* The oracle: the only door from a method to a problem.  It holds the batch, counts and
   times every evaluation, translates when the method runs in other coordinates than the
   problem's, and in full batch remembers the last point, so that what was
   evaluated for measuring or testing need not be evaluated again: it is billed, with the
   time it took, at the moment the method asks for it.

   Once the run is interrupted it refuses all that a method asks for, so that a step ends
   with the evaluation at hand, or goes through without another one.  */

#ifndef GRADUS_CORE_ORACLE_H
#define GRADUS_CORE_ORACLE_H

#include "core/clock.h"
#include "core/coordinates.h"
#include "core/problem.h"

#include <signal.h>

/* The last point in full batch.  */
typedef struct gradus_known {
    double *x, *gradient;
    double value;
    bool has_value, has_gradient;
    bool value_unbilled, gradient_unbilled; /* evaluated outside the bill so far */
    gradus_times cost;                      /* of what is unbilled */
} gradus_known;

typedef struct gradus_counts {
    size_t value_evaluations, gradient_evaluations, products, ray_evaluations; /* calls */
    size_t value_examples, gradient_examples, product_examples, ray_examples;
} gradus_counts;

struct gradus_oracle {
    const gradus_problem *problem;
    gradus_batch batch;            /* of the current update */
    const gradus_batch *curvature; /* of its products and diagonals; NULL: the same */
    size_t updates;                /* before this one */
    double epoch;                  /* examples drawn before this update, over all */
    bool fresh_sample;             /* nobody has looked at the last one */
    bool full; /* the batch is all examples, in order, at every update */
    gradus_clock clock;
    gradus_counts counts;
    gradus_known known;
    gradus_stream *samples; /* for statistics */
    double *averages;       /* the problem's over batches; NULL: it has none */
    size_t average_count;
    double *averages_before;         /* the update under way */
    gradus_coordinates *coordinates; /* the method's; borrowed, NULL: canonical */
    const volatile sig_atomic_t *interrupted; /* the run's; NULL: it cannot be */
    bool refused;                             /* what an update under way asked for */
    gradus_error trouble; /* with a function of the caller's; no text: none */
};

gradus_err gradus_oracle_open(gradus_oracle *oracle, const gradus_problem *problem,
                              bool full, uint64_t seed);
void gradus_oracle_close(gradus_oracle *oracle);
/* From the one to the other, evaluations are with the averages, as measurements are.  */
void gradus_oracle_begin_measuring(const gradus_oracle *oracle);
void gradus_oracle_end_measuring(const gradus_oracle *oracle);
/* Puts the averages back where they were at `keep_averages`.  */
void gradus_oracle_keep_averages(gradus_oracle *oracle);
void gradus_oracle_restore_averages(gradus_oracle *oracle);
void gradus_oracle_list(gradus_oracle *oracle, gradus_inventory *inventory);

/* Value and gradient at X, canonical, over all examples, outside the bill; full batch only.
   The results are in oracle->known.  */
gradus_err gradus_oracle_learn(gradus_oracle *oracle, const double x[]);

/* Examples touched, in units of the data: gradients and products, and half the values, among
   which a trial on a ray counts as one of its examples divided by the features.  */
double gradus_oracle_passes(const gradus_oracle *oracle);

#endif
