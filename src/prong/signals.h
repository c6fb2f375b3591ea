/* Running second moments of what is propagated back to the units of every layer,

     G = diag(E[s^2]),  s the derivative of an example's loss in a layer's outputs,

   of targets drawn from what the model predicts: the diagonal of K-FAC's second factor.  */

#ifndef GRADUS_PRONG_SIGNALS_H
#define GRADUS_PRONG_SIGNALS_H

#include "gradus.h"

typedef struct gradus_signals {
    /* The owner's to set before open.  */
    size_t samples; /* examples, drawn anew every time; more than all are all */
    size_t first;   /* layers before this one are left alone */
    double decay;   /* most of the average that is left by a fresh sample */
    double epsilon; /* added to a unit's moment, times the mean over the layer */

    size_t layers, taken;
    gradus_layer *shapes; /* layers */
    double **moments;     /* layers: outputs each, NULL for one left alone */
    double **fresh;       /* the same, of the sample under way */
    double **block;       /* layers: a block of examples x outputs, or NULL */
    double **skipped;     /* layers: NULL each, for inputs that are not wanted */
    char (*names)[40];    /* layers: of the moments in a checkpoint */
    size_t *rows;         /* samples */
} gradus_signals;

/* Asks for memory; when that runs out `shapes` may be NULL, and the run refuses.  */
void gradus_signals_open(gradus_signals *signals, gradus_oracle *oracle,
                         gradus_state *state);
/* Takes a sample at the canonical point X into the averages.  *FINITE: whether it was
   finite; if not the averages stay as they are.  */
gradus_err gradus_signals_take(gradus_signals *signals, gradus_oracle *oracle,
                               const double x[], bool *finite);
/* [gW gb] <- (G + epsilon mean(G) I)^-1 [gW gb] in every layer.  */
void gradus_signals_divide(const gradus_signals *signals, double gradient[]);

#endif
