/* What the units of a network do to the sum of their inputs.  */

#ifndef GRADUS_PROBLEMS_NETWORK_ACTIVATIONS_H
#define GRADUS_PROBLEMS_NETWORK_ACTIVATIONS_H

#include <stddef.h>

#define GRADUS_ACTIVATION_CHOICES "sigmoid|tanh|relu|linear"
enum { GRADUS_SIGMOID, GRADUS_TANH, GRADUS_RELU, GRADUS_LINEAR };

/* y = f(z), entry by entry, on rows of N.  */
typedef struct gradus_activation {
    void (*apply)(size_t n, const double shift[], double z[]); /* z <- f(z + shift) */
    void (*slope)(size_t n, const double y[], double d[]);     /* d <- f'(z) d */
    /* Along a direction in which y changes at the rate Ry and d at the rate Rd:
       Rd <- R(f'(z) d), then d <- f'(z) d.  */
    void (*bend)(size_t n, const double y[], const double Ry[], double d[], double Rd[]);
} gradus_activation;

gradus_activation gradus_activation_get(long kind);

#endif
