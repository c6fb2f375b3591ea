/* Functions of every entry of a vector: exponentials, their relatives, and the derivatives of
   the functions that networks use, in vector registers.  The mathematical library computes one
   entry at a time; a network needs a million each evaluation.  */

#ifndef GRADUS_LINALG_MAPS_H
#define GRADUS_LINALG_MAPS_H

#include <stddef.h>

/* Every function takes rows of N entries.  NaN stays NaN.  */
typedef struct gradus_maps {
    const char *name; /* "avx512", for the record */

    /* z <- f(z + shift), for f = 1/(1 + exp(-z)), tanh z, max(z, 0).  */
    void (*sigmoid)(size_t n, const double shift[], double z[]);
    void (*tanh)(size_t n, const double shift[], double z[]);
    void (*relu)(size_t n, const double shift[], double z[]);

    /* d <- f'(z) d, from y = f(z).  */
    void (*sigmoid_slope)(size_t n, const double y[], double d[]);
    void (*tanh_slope)(size_t n, const double y[], double d[]);
    void (*relu_slope)(size_t n, const double y[], double d[]);

    /* z <- p = 1/(1 + exp(-z)); the sum of -t log p - (1 - t) log(1 - p).  */
    double (*bernoulli)(size_t n, const double t[], double z[]);
} gradus_maps;

/* The fastest that this processor has, RANK 0; slower ones, RANK 1 and on; NULL past the
   slowest.  Another one may round differently.  */
const gradus_maps *gradus_maps_for(size_t rank);

#endif
