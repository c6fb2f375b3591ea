/* The figure of reconstructions: a row of test images, and below it for every method a row of
   what its autoencoder makes of them.  */

#ifndef GRADUS_HARNESS_FIGURES_RECONSTRUCTIONS_FIGURE_H
#define GRADUS_HARNESS_FIGURES_RECONSTRUCTIONS_FIGURE_H

#include "harness/figures/figures.h"
#include "harness/results/results.h"

extern const char gradus_reconstructions_stem[], gradus_reconstructions_title[];

/* Writes FIGURES/reconstructions.dat and .gp, and draws .svg, from what FOLDER has in
   reconstructions/, of the first varied value; does nothing when that is not there for every
   method, or when the examples are not square images.  Trouble and old drawings are as in
   landscape.h.  */
gradus_err gradus_reconstructions_draw(gradus_drawing *drawing,
                                       const gradus_results *results, const char *folder,
                                       const char *figures, gradus_error *why);

#endif
