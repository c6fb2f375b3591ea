/* Profiles as figures.  */

#ifndef GRADUS_HARNESS_FIGURES_PROFILES_FIGURE_H
#define GRADUS_HARNESS_FIGURES_PROFILES_FIGURE_H

#include "harness/analysis/profiles.h"
#include "harness/figures/figures.h"

/* For every tolerance performance by passes and by CPU-seconds, and data by passes.  */
gradus_err gradus_profiles_draw(gradus_extra_figures *figures,
                                const gradus_profiles *profiles, const char *folder,
                                gradus_error *why);

#endif
