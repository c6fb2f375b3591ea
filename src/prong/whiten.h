/* Whitened coordinates of one fully connected layer (Desjardins, Simonyan, Pascanu and
   Kavukcuoglu, "Natural neural networks", NIPS 2015).

     outputs = W h + b = V U (h - c) + d,      W = V U,     b = d - W c,
     c = mean of the inputs h,      Sigma + epsilon I = E diag(s) E',
     U = diag(s)^-1/2 E' (PCA)   or   U = E diag(s)^-1/2 E' (ZCA).

   A layer without biases has c = 0 and the second moment E[h h'] for Sigma, for d could not
   make up for a shift.  The memory is the owner's.  */

#ifndef GRADUS_PRONG_WHITEN_H
#define GRADUS_PRONG_WHITEN_H

#include <stdbool.h>
#include <stddef.h>

/* ---- Statistics ---- */

/* Mean and covariance of the inputs, in one pass over blocks of examples.  The sums are
   about a provisional mean, that of the first block, which takes the mean's size out of
   the rounding errors.  */
typedef struct gradus_moments {
    size_t inputs;
    bool diagonal;     /* of the covariance only the diagonal */
    size_t count;      /* examples so far; 0 begins anew */
    double *mean;      /* inputs: the provisional mean; after `finish` the mean, or 0 */
    double *deviation; /* inputs: sum of h - provisional mean */
    double *matrix;    /* inputs x inputs, its lower triangle, or inputs when diagonal: sum
                          of squares and products; after `finish` the covariance; after
                          `decompose` E', an eigenvector a row, or as it was; after
                          `invert`, when it says so, (Sigma + epsilon I)^-1 */
    double *scale;     /* inputs: after `decompose` sqrt(s) */
    bool inverted;     /* `invert` did without eigenvectors */
    bool singular; /* why `decompose` or `invert` failed: an eigenvalue and epsilon are 0 */
} gradus_moments;

/* Adds COUNT > 0 examples; overwrites INPUTS, count x inputs.  */
void gradus_moments_add(gradus_moments *moments, size_t count, double inputs[],
                        size_t threads);
/* CENTRED: whether the layer has biases.  */
void gradus_moments_finish(gradus_moments *moments, bool centred);
/* False when the covariance is not finite, does not decompose or is singular.  WORKSPACE is
   that of gradus_eigen; a diagonal needs none.  */
bool gradus_moments_decompose(gradus_moments *moments, double epsilon, void *workspace);
/* The same for a whitening of which only `precondition` is used, which needs no eigenvectors
   where Sigma + epsilon I is regular to working precision.  */
bool gradus_moments_invert(gradus_moments *moments, double epsilon, void *workspace);

/* ---- Coordinates ---- */

typedef struct gradus_whitening {
    size_t inputs;
    bool diagonal;   /* E = I; BASIS and INVERSE are not used */
    bool pca;        /* the form of U */
    double *center;  /* inputs: c */
    double *scale;   /* inputs: sqrt(s) */
    double *basis;   /* inputs x inputs: E'; may be NULL when only `precondition` is used */
    double *inverse; /* inputs x inputs: U'U = (Sigma + epsilon I)^-1; may be NULL when
                        `precondition` is not used */
    double *map;     /* inputs x inputs: U of the zca form, in place of INVERSE, which then
                        is NULL; may be NULL: `unwhiten` and `whiten_gradient` then go
                        through the basis, at twice the cost */
} gradus_whitening;

/* Takes over what MOMENTS has decomposed, whose matrix it overwrites.  */
void gradus_whitening_set(gradus_whitening *whitening, gradus_moments *moments,
                          size_t threads);

/* All below work in place on W, outputs x inputs, and on b, outputs or NULL for a layer
   without biases.  SCRATCH is outputs x inputs.  The maps are linear, so they also map
   displacements and velocities.  */

/* Canonical to whitened: V = W U^-1, d = b + W c.  */
void gradus_whiten(const gradus_whitening *whitening, size_t outputs, double W[],
                   double b[], double scratch[], size_t threads);
/* Whitened to canonical: W = V U, b = d - W c.  */
void gradus_unwhiten(const gradus_whitening *whitening, size_t outputs, double V[],
                     double d[], double scratch[], size_t threads);
/* Canonical to whitened gradient: gV = (gW - gb c') U', gd = gb.  */
void gradus_whiten_gradient(const gradus_whitening *whitening, size_t outputs, double gW[],
                            const double gb[], double scratch[], size_t threads);
/* Canonical gradient to the canonical displacement of a unit step against the whitened
   gradient, the sign apart: [gW gb] A^-1 with A = [Sigma + epsilon I + c c', c; c', 1].  It
   is gradus_whiten_gradient followed by gradus_unwhiten at half the cost.  */
void gradus_precondition(const gradus_whitening *whitening, size_t outputs, double gW[],
                         double gb[], double scratch[], size_t threads);

#endif
