/* Who won, in a few lines of text.  */

#ifndef GRADUS_HARNESS_ANALYSIS_STANDINGS_H
#define GRADUS_HARNESS_ANALYSIS_STANDINGS_H

#include "gradus.h"
#include "harness/results/results.h"

#include <stdio.h>

/* The medians over the seeds and, for every target, who reached it first by each measure of
   cost; for every varied value.  */
gradus_err gradus_standings_print(FILE *file, const gradus_results *results,
                                  gradus_error *why);

#endif
