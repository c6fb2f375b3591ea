/* Sensitivity: the score of every trial of tuning against each parameter that was searched,
   a figure for every parameter, sensitivity-NAME, and every varied value, sensitivity-NAME-1 and
   so on.  */

#ifndef GRADUS_HARNESS_FIGURES_SENSITIVITY_H
#define GRADUS_HARNESS_FIGURES_SENSITIVITY_H

#include "harness/figures/figures.h"

/* Draws in FOLDER; no figures when nothing was tuned.  */
gradus_err gradus_sensitivity_draw(gradus_extra_figures *figures,
                                   const gradus_results *results, const char *folder,
                                   gradus_error *why);

#endif
