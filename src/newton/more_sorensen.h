/* The step in a trust region, exactly, for a dense symmetric matrix.  */

#ifndef GRADUS_NEWTON_MORE_SORENSEN_H
#define GRADUS_NEWTON_MORE_SORENSEN_H

#include "gradus.h"
#include "newton/region.h"

/* Workspace, and the matrix as its eigenvectors tell it.  */
typedef struct gradus_more_sorensen {
    size_t n;
    double *matrix;  /* n x n: the matrix, lower triangle; then the eigenvectors as rows */
    double *values;  /* n: eigenvalues, ascending */
    double *c, *y;   /* n each: gradient and step, in eigenvectors */
    void *workspace; /* of the eigendecomposition */
} gradus_more_sorensen;

/* Refuses a dimension whose matrices are too large; else asks for the workspace.  */
gradus_err gradus_more_sorensen_open(gradus_more_sorensen *s, const char *owner, size_t n,
                                     long maximum_dimension, gradus_state *state,
                                     gradus_error *why);

/* Takes up the matrix, which the caller has written to s->matrix, and the gradient G.
   Returns GRADUS_RUNNING, or why it cannot.  */
gradus_stop gradus_more_sorensen_begin(gradus_more_sorensen *s, const double g[]);

/* P = minimizer of g'p + p'H p / 2 over |p| <= RADIUS, for any number of radii.  Among several
   it is the shortest, and where two are as short one of them.  */
void gradus_more_sorensen_solve(gradus_more_sorensen *s, double radius, double p[],
                                gradus_region_step *step);

#endif
