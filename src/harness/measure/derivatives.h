/* Derivatives of a problem against its values, by Taylor remainders.

   Along random directions that move every coordinate, a remainder must fall with the step h
   like its power of h until it drowns in rounding; a wrong derivative leaves a term of a
   lower power.  */

#ifndef GRADUS_HARNESS_MEASURE_DERIVATIVES_H
#define GRADUS_HARNESS_MEASURE_DERIVATIVES_H

#include "gradus.h"

typedef enum gradus_taylor_test {
    GRADUS_TAYLOR_FORWARD,  /* |f(x + hd) - f(x) - h g.d|, order 2 */
    GRADUS_TAYLOR_CENTRAL,  /* |f(x + hd) - f(x - hd) - 2h g.d| / 2, order 3 */
    GRADUS_TAYLOR_VALUE,    /* |f(x + hd) - f(x) - h g.d - h^2/2 d.Hd|, order 3 */
    GRADUS_TAYLOR_PRODUCT,  /* |g(x + hd) - g(x - hd) - 2h Hd| / 2, order 3 */
    GRADUS_TAYLOR_DIAGONAL, /* entry i of it for d along coordinate i, H's diagonal's entry
                               in place of H, order 3 */
    GRADUS_TAYLOR_TESTS
} gradus_taylor_test;

enum { GRADUS_TAYLOR_STEPS = 13 };

typedef struct gradus_taylor {
    const char *name;
    int expected; /* order */
    bool made;    /* false: the problem has no such derivative */
    double remainder[GRADUS_TAYLOR_STEPS];
    double rounding[GRADUS_TAYLOR_STEPS]; /* estimate of the error of the remainder */
    double order;                         /* observed; NaN: all of it is rounding */
    bool ok;
} gradus_taylor;

typedef struct gradus_derivatives {
    double h[GRADUS_TAYLOR_STEPS]; /* falling */
    gradus_taylor taylor[GRADUS_TAYLOR_TESTS];
    double symmetry;  /* |v.Hw - w.Hv| relative to its terms; NaN: not made */
    double dense;     /* |(dense Hessian) d - Hd| likewise */
    double tolerance; /* of both */
    bool ok;          /* everything that was made */
} gradus_derivatives;

/* Checks near START (dimension numbers), over all examples.  A dense Hessian of a large
   problem is left out.  */
gradus_err gradus_derivatives_check(gradus_derivatives *out, gradus_problem *problem,
                                    const double start[], uint64_t seed, gradus_error *why);

#endif
