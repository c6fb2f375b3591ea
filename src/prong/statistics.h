/* Statistics of the inputs of a problem's layers over a sample of the training data, taken
   in one pass for all layers: what their whitening is made from.  */

#ifndef GRADUS_PRONG_STATISTICS_H
#define GRADUS_PRONG_STATISTICS_H

#include "gradus.h"
#include "prong/whiten.h"

typedef struct gradus_statistics {
    /* The owner's to set before open.  */
    size_t samples; /* examples, drawn anew every time; more than all are all */
    double epsilon; /* added to the eigenvalues */
    bool diagonal;  /* variances only */
    bool inverse;   /* only the whitenings' inverses will be used */
    size_t first;   /* layers before this one are left alone */

    size_t layers, threads;
    gradus_layer *shapes;                   /* layers */
    gradus_moments *moments;                /* layers; of one left alone, without inputs */
    size_t largest_inputs, largest_weights; /* of the others */
    double **inputs;       /* layers: block x inputs each, NULL for one left alone */
    size_t *rows;          /* samples */
    size_t workers;        /* threads that decompose */
    size_t workspace_size; /* bytes of one */
    char *workspace;       /* workers x workspace_size */
} gradus_statistics;

/* Asks for memory; when that runs out, `shapes` may be NULL, and the run refuses.  OWNER is
   named in the refusal of a layer too wide to decompose.  */
gradus_err gradus_statistics_open(gradus_statistics *statistics, const char *owner,
                                  gradus_oracle *oracle, gradus_state *state,
                                  gradus_error *why);
/* Means and sums at the canonical point X, billed as gradient evaluations.  */
gradus_err gradus_statistics_take(gradus_statistics *statistics, gradus_oracle *oracle,
                                  const double x[]);
/* Makes of them what gradus_whitening_set takes.  False when a covariance is not finite or
   does not decompose.  */
bool gradus_statistics_decompose(gradus_statistics *statistics);
/* After that: which layer's, and why.  */
void gradus_statistics_explain(const gradus_statistics *statistics,
                               char detail[GRADUS_DETAIL_SIZE]);

#endif
