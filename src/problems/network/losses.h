/* Losses of one example, each with the output that makes it a negative log-likelihood: so the
   Fisher matrix is the Gauss-Newton matrix (Martens, "New insights and perspectives on the
   natural gradient method", JMLR 21(146), 2020, section 9).

     bernoulli   y = sigmoid(z),  sum -t log y - (1 - t) log(1 - y)
     squared     y = z,           sum (y - t)^2 / 2
     softmax     y = softmax(z),  -log y_label

   For all of them the derivative in z is y - t.  */

#ifndef GRADUS_PROBLEMS_NETWORK_LOSSES_H
#define GRADUS_PROBLEMS_NETWORK_LOSSES_H

#include "gradus.h"

/* What the outputs should be: values, or, when that is NULL, 1 for one class and 0 for the
   others.  */
typedef struct gradus_target {
    const double *values;
    size_t label;
} gradus_target;

typedef struct gradus_loss {
    /* The loss; the K sums of inputs Z become the outputs Y.  */
    double (*respond)(size_t k, gradus_target target, double z[]);
    /* U becomes (the loss's Hessian in z) U.  */
    void (*curve)(size_t k, const double y[], double u[]);
    /* A target as the outputs say it is distributed; SPACE is K numbers for its values.  */
    gradus_target (*draw)(size_t k, const double y[], gradus_stream *stream,
                          double space[]);
} gradus_loss;

extern const gradus_loss gradus_loss_bernoulli, gradus_loss_squared, gradus_loss_softmax;

/* D = factor (y - t), the derivative of factor times the loss in z.  */
void gradus_residual(size_t k, gradus_target target, double factor, const double y[],
                     double d[]);

#endif
