/* Sensitivity: the score of every trial of tuning against each parameter that was searched,
   a figure for every parameter, sensitivity-NAME, and every varied value, sensitivity-NAME-1 and
   so on.  */

#ifndef GRADUS_HARNESS_FIGURES_SENSITIVITY_H
#define GRADUS_HARNESS_FIGURES_SENSITIVITY_H

#include "harness/figures/figures.h"

typedef struct gradus_extra_figure {
    char stem[128], title[320];
    gradus_drawing drawing;
} gradus_extra_figure;

typedef struct gradus_extra_figures {
    gradus_extra_figure *figure;
    size_t count;
} gradus_extra_figures;

/* Draws in FOLDER; no figures when nothing was tuned.  */
gradus_err gradus_sensitivity_draw(gradus_extra_figures *figures,
                                   const gradus_results *results, const char *folder,
                                   gradus_error *why);
void gradus_extra_figures_close(gradus_extra_figures *figures);

#endif
