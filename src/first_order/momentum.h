/* The step that gradient descent ends in, with or without momentum:

     v <- mu v - a g,  x <- x + v;     without momentum  x <- x - a g.

   g is descent.g, which a method may change between gradus_descent_begin and the move: the
   natural gradients are this step with another g.  */

#ifndef GRADUS_FIRST_ORDER_MOMENTUM_H
#define GRADUS_FIRST_ORDER_MOMENTUM_H

#include "first_order/descent.h"

/* The first member of such a method's own struct.  */
typedef struct gradus_momentum {
    gradus_descent descent;
    double momentum;
    double *v; /* n: velocity; NULL without momentum */
} gradus_momentum;

gradus_err gradus_momentum_open(gradus_momentum *momentum,
                                const gradus_descent_params *params, double mu,
                                const gradus_oracle *oracle, gradus_state *state,
                                gradus_error *why);
/* Ends the update.  */
void gradus_momentum_move(gradus_momentum *momentum, double rate, double x[]);

#endif
