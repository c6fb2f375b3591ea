/* Kronecker factors of the Fisher matrix, layer by layer:

     F of [W b]  ~  A (x) G,     A = E[a a'],  a = [h; 1],     G = E[s s'],

   h being a layer's inputs and s the derivative of an example's loss in its outputs, of a
   target drawn from what the model predicts.  The averages run: the statistics of a sample
   enter with the weight 1 - e, e = min(1 - 1/k, decay) at the k-th.  A layer without biases
   has a = h.

   Martens and Grosse, "Optimizing neural networks with Kronecker-factored approximate
   curvature", ICML 2015, sections 3 and 5.  */

#ifndef GRADUS_NATURAL_FACTORS_H
#define GRADUS_NATURAL_FACTORS_H

#include "gradus.h"

/* Whose targets G is made from.  */
typedef enum gradus_fisher {
    GRADUS_FISHER_MODEL,
    GRADUS_FISHER_EMPIRICAL, /* the data's */
    GRADUS_FISHER_INPUTS     /* none: G = I */
} gradus_fisher;

typedef struct gradus_factor {
    gradus_layer shape;
    size_t columns; /* of [W b]: inputs, and one with biases */
    double *A;      /* columns x columns, lower triangle */
    double *G;      /* outputs x outputs, lower triangle; NULL when it is I */
    char names[2][40];
} gradus_factor;

typedef struct gradus_factors {
    /* The owner's to set before open.  */
    size_t samples; /* examples, drawn anew every time; more than all are all */
    double decay;
    gradus_fisher fisher;

    size_t layers, threads;
    size_t block;                                       /* most examples at a time */
    size_t taken;                                       /* k */
    gradus_factor *factor;                              /* layers */
    size_t widest_inputs, widest_outputs, most_weights; /* with the biases' column */
    double **inputs, **signals; /* layers: a block of examples x width */
    double *homogeneous;        /* block x widest_inputs: h with a column of ones */
    size_t *rows;               /* samples */
} gradus_factors;

/* Asks for memory; when that runs out, `factor` may be NULL, and the run refuses.  OWNER is
   named in the refusal of a layer too wide.  */
gradus_err gradus_factors_open(gradus_factors *factors, const char *owner,
                               gradus_oracle *oracle, gradus_state *state,
                               gradus_error *why);

/* What is done with a block of COUNT examples of a layer: A is count x columns, S is count x
   outputs or NULL; both may be overwritten.  */
typedef void (*gradus_factors_visitor)(void *context, size_t layer, size_t count,
                                       double weight, double A[], double S[]);

/* Draws a sample and shows it to VISIT, block by block, at the canonical point X; WEIGHT is
   1 / sample size.  Billed as gradient evaluations.  */
gradus_err gradus_factors_visit(gradus_factors *factors, gradus_oracle *oracle,
                                const double x[], gradus_factors_visitor visit,
                                void *context);
/* Takes the statistics of a fresh sample into the averages.  */
gradus_err gradus_factors_take(gradus_factors *factors, gradus_oracle *oracle,
                               const double x[]);
/* The running average's share of what was, at the K-th statistics.  */
double gradus_running_share(double decay, size_t k);

/* [W b] of LAYER between a vector of parameters and a matrix, outputs x columns.  */
void gradus_factor_gather(const gradus_factor *factor, const double vector[],
                          double matrix[]);
void gradus_factor_scatter(const gradus_factor *factor, const double matrix[],
                           double vector[]);

#endif
