/* Quantiles, spreads and costs to a target.  */

#include "harness/results/statistics.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>

double gradus_quantile(double values[], size_t count, double fraction) {
    if (count == 0)
        return INFINITY;
    gsl_sort(values, 1, count);
    /* GSL multiplies the upper neighbour by a weight that may be 0, and 0 * inf is NaN.  */
    double position = fraction * (double)(count - 1), below = floor(position);
    size_t lower = (size_t)below;
    if (!(position > below))
        return values[lower];
    if (!isfinite(values[lower]) || !isfinite(values[lower + 1]))
        return isfinite(values[lower + 1]) ? values[lower] : values[lower + 1];
    return gsl_stats_quantile_from_sorted_data(values, 1, count, fraction);
}

double gradus_trace_reached(const gradus_trace *trace, double target,
                            gradus_column column) {
    for (size_t i = 0; i < trace->rows; i++)
        if (trace->column[GRADUS_COLUMN_VALUE][i] <= target)
            return trace->column[column][i];
    return INFINITY;
}

gradus_spread gradus_spread_of(double values[], size_t count) {
    gradus_spread spread = {.count = count, .low = INFINITY, .high = INFINITY};
    for (size_t i = 0; i < count; i++)
        spread.finite += isfinite(values[i]) != 0;
    spread.median = gradus_quantile(values, count, 0.5); /* sorts */
    if (count > 0) {
        spread.low = values[0];
        spread.high = values[count - 1];
    }
    return spread;
}
