/* The inverse of a Fisher matrix of Kronecker products, layer by layer and damped:

     F^-1 [gW gb] = (G + gamma/pi I)^-1 [gW gb] (A + pi gamma I)^-1,
     pi = sqrt((trace A / columns) / (trace G / outputs))

   A and G being the running averages of factors.h.

   Martens and Grosse, "Optimizing neural networks with Kronecker-factored approximate
   curvature", ICML 2015, sections 3 and 6.3.  */

#ifndef GRADUS_NATURAL_KRONECKER_H
#define GRADUS_NATURAL_KRONECKER_H

#include "natural/factors.h"

/* The inverses of a layer's factors; a checkpoint holds them under names of their own.  */
typedef struct gradus_inverse {
    double *A, *G; /* as the factors */
    char names[2][40];
} gradus_inverse;

typedef struct gradus_kronecker {
    /* The owner's to set before open, and three members of factors.  */
    gradus_factors factors;
    bool plain;        /* pi = 1 */
    bool spare_biases; /* the damping of A is not for the biases */

    gradus_inverse *inverses; /* factors.layers */
    double *left, *matrix;    /* factors.most_weights each */
} gradus_kronecker;

/* Asks for memory, as gradus_factors_open does.  */
gradus_err gradus_kronecker_open(gradus_kronecker *kronecker, const char *owner,
                                 gradus_oracle *oracle, gradus_state *state,
                                 gradus_error *why);

/* pi; 1 where a factor is zero, which then has nothing to be measured by.  */
double gradus_kronecker_pi(const gradus_kronecker *kronecker, size_t layer);

/* Makes the inverses of what the averages are now; STOP is set when there are none.  */
void gradus_kronecker_invert(gradus_kronecker *kronecker, gradus_oracle *oracle,
                             double gamma, gradus_stop *stop);

/* g becomes F^-1 g, but for the parameters outside the layers and, unless MAPPING is NULL,
   for the layers that it maps.  */
void gradus_kronecker_apply(const gradus_kronecker *kronecker,
                            const gradus_mapping *mapping, double g[]);

#endif
