/* Curves of a study that varies a word: for each of them the training value by update and by
   CPU time, value-updates-1 and value-cpu-1, then -2 and so on.  */

#ifndef GRADUS_HARNESS_FIGURES_VARIANTS_FIGURE_H
#define GRADUS_HARNESS_FIGURES_VARIANTS_FIGURE_H

#include "harness/figures/figures.h"

/* Draws in FOLDER; no figures when nothing varies, when it has many values, or when they
   are numbers, which figures have an axis for.  */
gradus_err gradus_variants_draw(gradus_extra_figures *figures,
                                const gradus_results *results, const char *folder,
                                gradus_error *why);

#endif
