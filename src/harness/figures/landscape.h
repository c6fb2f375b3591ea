/* The figure of a race in the plane: where every method went, over the contours of the
   problem.  */

#ifndef GRADUS_HARNESS_FIGURES_LANDSCAPE_H
#define GRADUS_HARNESS_FIGURES_LANDSCAPE_H

#include "harness/figures/figures.h"
#include "harness/results/results.h"

extern const char gradus_landscape_stem[], gradus_landscape_title[];

/* Whether the problem of RESULTS has two parameters.  */
bool gradus_landscape_fits(const gradus_results *results);

/* Writes FIGURES/landscape.dat and .gp, and draws .svg, from the trajectories in FOLDER; does
   nothing when the problem is not in the plane or nothing has run.  Without gnuplot, or when
   the problem of the race cannot be opened again, the result is GRADUS_OK with `trouble`.
   No .svg of an earlier drawing is left.  */
gradus_err gradus_landscape_draw(gradus_drawing *drawing, const gradus_results *results,
                                 const char *folder, const char *figures,
                                 gradus_error *why);

#endif
