/* Conjugate gradients for linear systems, truncated, with a symmetric matrix that is known
   by its products alone, and a preconditioner likewise.  */

#ifndef GRADUS_CONJUGATE_LINEAR_CG_H
#define GRADUS_CONJUGATE_LINEAR_CG_H

#include "conjugate/curvature.h"

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
    double *r, *p, *ap;             /* n each: residual, search direction and its product */
    double *z;                      /* n: M^-1 r, with a preconditioner */
    gradus_linear_map precondition; /* M^-1 v, of the same context; NULL: M = I */
    gradus_cg_end end;
    size_t iterations; /* steps taken */
    double unit;       /* of r, z and p: a power of two */
    double residual;   /* norm */
    double model;      /* 1/2 x'Ax - b'x */
    double rz;         /* r'z, in the unit */
    gradus_curvature curvature;
} gradus_linear_cg;

/* The largest power of two up to SIZE; 1 where that is not positive and finite.  */
double gradus_power_of_two(double size);

/* Asks for the workspace.  PRECONDITION may be NULL.  */
void gradus_linear_cg_open(gradus_linear_cg *cg, gradus_linear_map precondition,
                           const gradus_oracle *oracle, gradus_state *state);

/* X = approximate solution of A x = B from 0, to |b - A x| <= TOLERANCE (at least
   2.2e-16 |b|) or ITERATIONS steps.  Whatever the end, x'b > 0 once a step was taken, and X
   = 0 when none was.  */
gradus_err gradus_linear_cg_solve(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], double tolerance,
                                  size_t iterations, double x[]);

/* The same in steps, for a rule of one's own when to end.  `begin` starts from X, at the
   cost of a product unless that is 0; `advance` makes one step, unless it meets a direction
   that is not one of positive curvature: cg->end then says so.  */
gradus_err gradus_linear_cg_begin(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], const double x[]);
gradus_err gradus_linear_cg_advance(gradus_linear_cg *cg, gradus_linear_map map,
                                    void *context, double x[]);

#endif
