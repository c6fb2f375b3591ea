/* The summary of a run: one JSON object.  Numbers that are not finite are null.  */

#ifndef GRADUS_HARNESS_RUN_SUMMARY_H
#define GRADUS_HARNESS_RUN_SUMMARY_H

#include "gradus.h"

#include <jansson.h>

/* At least: problem, method, seed, status, reason, detail, updates, updates_without_move, passes, value, gradient_norm,
   gap_bound, best_value, value_evaluations, gradient_evaluations, products, cpu_seconds,
   wall_seconds, threads, dimension, examples; then every phase's seconds, test and
   validation metrics, version.  PROBLEM and METHOD are specifications as the user gave
   them.  NULL when there is no memory.  */
json_t *gradus_summary(const gradus_run *run, const gradus_row *last, const char *problem,
                       const char *method);

/* What a run is to be remembered by: its last point, or after a divergence the best one
   measured, if there is one.  *WHICH says so: "last" or "best".  */
const double *gradus_summary_point(const gradus_run *run, const char **which);

#endif
