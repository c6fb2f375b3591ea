/* The figure of basins: for every method a panel, whose points are starts, in the colour of
   the minimum that is reached from there.  */

#ifndef GRADUS_HARNESS_FIGURES_BASINS_FIGURE_H
#define GRADUS_HARNESS_FIGURES_BASINS_FIGURE_H

#include "harness/figures/figures.h"
#include "harness/results/results.h"

extern const char gradus_basins_stem[], gradus_basins_title[];

/* Writes FIGURES/basins.dat and .gp, and draws .svg, from what FOLDER has in basins/; does
   nothing when that is not there for every method.  Trouble and old drawings are as in
   landscape.h.  */
gradus_err gradus_basins_draw(gradus_drawing *drawing, const gradus_results *results,
                              const char *folder, const char *figures, gradus_error *why);

#endif
