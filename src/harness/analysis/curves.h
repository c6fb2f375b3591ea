/* The curve of a method: median and band over its seeds, aligned on the update.  */

#ifndef GRADUS_HARNESS_ANALYSIS_CURVES_H
#define GRADUS_HARNESS_ANALYSIS_CURVES_H

#include "harness/results/results.h"

typedef struct gradus_point {
    double x, middle, low, high; /* MIDDLE is NaN where half of the runs have failed */
} gradus_point;

typedef struct gradus_curve {
    size_t runs, count;
    gradus_point *point;
    bool failed; /* every run did */
} gradus_curve;

/* From this many runs on the band is from the first to the third quartile, below it from
   the lowest to the highest: a quartile of fewer is little but interpolation.  */
enum { GRADUS_QUARTILES_FROM = 5 };

/* At every update at which some run of METHOD has a row: the medians of X and Y over its
   runs, where a run that has stopped stays at its last row, and one that diverged is
   worse than any other.  Only points with a finite x are kept.  */
gradus_err gradus_curve_open(gradus_curve *curve, const gradus_results *results,
                             size_t method, gradus_column x, gradus_column y,
                             gradus_error *why);
/* Against the varied values, which must be numbers, the median, lowest and highest of METHOD's
   final training values, where COLUMN is that, and else of what it took of COLUMN to reach
   the last target.  */
gradus_err gradus_curve_of_values(gradus_curve *curve, const gradus_results *results,
                                  size_t method, gradus_column column, gradus_error *why);
void gradus_curve_close(gradus_curve *curve);
/* The last point with a middle; NULL when there is none.  */
const gradus_point *gradus_curve_end(const gradus_curve *curve);

#endif
