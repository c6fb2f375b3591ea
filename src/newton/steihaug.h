/* The step in a trust region by conjugate gradients, for a symmetric matrix that is known by
   its products alone.  */

#ifndef GRADUS_NEWTON_STEIHAUG_H
#define GRADUS_NEWTON_STEIHAUG_H

#include "conjugate/linear_cg.h"
#include "newton/region.h"

/* Workspace.  */
typedef struct gradus_steihaug {
    size_t n, threads;
    double *r;      /* n: residual, the gradient of the model at the step */
    double *d, *hd; /* n each: search direction and its product */
    double *hp;     /* n: product of the step */
    gradus_curvature curvature;
    size_t iterations;
} gradus_steihaug;

/* Asks for the workspace.  */
void gradus_steihaug_open(gradus_steihaug *s, const gradus_oracle *oracle,
                          gradus_state *state);

/* P = approximate minimizer of g'p + p'H p / 2 over |p| <= RADIUS: conjugate gradients to
   |H p + g| <= TOLERANCE (at least 2.2e-16 |g|), ITERATIONS products, a curvature that is
   rounding, or the boundary.  */
gradus_err gradus_steihaug_solve(gradus_steihaug *s, gradus_linear_map map, void *context,
                                 const double g[], double tolerance, size_t iterations,
                                 double radius, double p[], gradus_region_step *step);

#endif
