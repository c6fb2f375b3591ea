/* What the first-order methods share: the gradient and the rate of an update, and one pass
   over the parameters to make it.  */

#ifndef GRADUS_FIRST_ORDER_DESCENT_H
#define GRADUS_FIRST_ORDER_DESCENT_H

#include "gradus.h"

/* The first member of a first-order method's own struct.  */
typedef struct gradus_descent {
    size_t n, threads;
    double learning_rate;
    double *g; /* n: gradient of this update */
} gradus_descent;

void gradus_descent_open(gradus_descent *descent, double learning_rate,
                         const gradus_oracle *oracle, gradus_state *state);

/* Begins an update: evaluates the gradient at X and decides on the rate, which is then in
   REPORT.  When value or gradient is not finite, report->stop is set.  */
gradus_err gradus_descent_begin(gradus_descent *descent, gradus_oracle *oracle,
                                const double x[], gradus_report *report);

/* Updates x[begin .. end-1] and what state belongs to these entries.  */
typedef void (*gradus_descent_kernel)(const void *self, double rate, double x[],
                                      size_t begin, size_t end);

/* Ends the update: runs the kernel on every part of X, in parallel when X is long.  SELF
   is the method's own struct.  Where a part begins depends on the length alone.  */
void gradus_descent_move(const void *self, gradus_descent_kernel kernel, double rate,
                         double x[]);

#endif
