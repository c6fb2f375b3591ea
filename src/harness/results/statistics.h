/* Quantiles and spreads over the seeds, and what a trace had spent when it reached a target.
   Quantiles interpolate linearly between order statistics (GSL's definition, Hyndman and
   Fan's type 7).  */

#ifndef GRADUS_HARNESS_RESULTS_STATISTICS_H
#define GRADUS_HARNESS_RESULTS_STATISTICS_H

#include "harness/results/trace_reader.h"

/* Over the runs of one method.  A run that did not get there counts as infinite.  */
typedef struct gradus_spread {
    size_t count, finite;
    double low, median, high; /* infinite when COUNT is zero */
} gradus_spread;

/* The quantile of VALUES, which it sorts; NaN is not allowed, infinities are.  */
double gradus_quantile(double values[], size_t count, double fraction);
/* Of VALUES, which it sorts.  */
gradus_spread gradus_spread_of(double values[], size_t count);
/* What stands in COLUMN when the trace's value is first at most TARGET; infinite when it
   never is.  */
double gradus_trace_reached(const gradus_trace *trace, double target, gradus_column column);

#endif
