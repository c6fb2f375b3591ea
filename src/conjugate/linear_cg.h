/* Conjugate gradients for linear systems, truncated, with a symmetric matrix that is known
   by its products alone.  */

#ifndef GRADUS_CONJUGATE_LINEAR_CG_H
#define GRADUS_CONJUGATE_LINEAR_CG_H

#include "gradus.h"

/* RESULT = matrix V.  */
typedef gradus_err (*gradus_linear_map)(void *context, const double v[], double result[]);

typedef enum gradus_cg_end {
    GRADUS_CG_CONVERGED,    /* the residual is below the tolerance */
    GRADUS_CG_ITERATIONS,   /* the iterations ran out */
    GRADUS_CG_NOT_POSITIVE, /* a direction of curvature that is not positive beyond rounding
                               or not finite */
} gradus_cg_end;

/* Workspace and result.  */
typedef struct gradus_linear_cg {
    size_t n, threads;
    double *r, *p, *ap; /* n each: residual, search direction and its product */
    gradus_cg_end end;
    size_t iterations; /* steps taken */
    double residual;   /* norm */
} gradus_linear_cg;

/* Asks for the workspace.  */
void gradus_linear_cg_open(gradus_linear_cg *cg, const gradus_oracle *oracle,
                           gradus_state *state);

/* X = approximate solution of A x = B from 0, to |b - A x| <= TOLERANCE (at least
   2.2e-16 |b|) or ITERATIONS steps.  Whatever the end, x'b > 0 once a step was taken, and X
   = 0 when none was.  */
gradus_err gradus_linear_cg_solve(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], double tolerance,
                                  size_t iterations, double x[]);

#endif
