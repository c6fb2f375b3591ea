/* Time to target: what every method spent until the training value was at a target or below,
   and how much sooner it was there than the baseline.

   A run that misses a target counts as infinite.  Over the seeds there are the median, the
   lowest and the highest.  The speed-up is the baseline's median over the method's; its
   interval holds the middle 95 % of what comes out when the seeds, which all methods share,
   are drawn anew with replacement (the percentile bootstrap: Efron, Ann. Stat. 7, 1979),
   RESAMPLES times from a fixed seed.  A draw in which neither arrives decides nothing: it
   counts as 0 for the lower end and as infinite for the upper one.

   targets.csv has a line for every method, target and cost, with the columns varied, target
   (its value), target_of ("best of LABEL", or empty), label, cost, runs, reached, median,
   lowest, highest, baseline, speedup, speedup_low, speedup_high; "inf" is a miss.  */

#ifndef GRADUS_HARNESS_ANALYSIS_TARGETS_H
#define GRADUS_HARNESS_ANALYSIS_TARGETS_H

#include "harness/analysis/findings.h"

enum { GRADUS_COSTS = 4, GRADUS_RESAMPLES = 2000, GRADUS_INTERVAL_FROM = 3 };
extern const gradus_column gradus_costs[GRADUS_COSTS];
extern const char *const gradus_cost_names[GRADUS_COSTS]; /* as in targets.csv */

typedef struct gradus_reach {
    gradus_spread spread;
    double speedup;   /* NaN when neither arrives, or nothing was run */
    double low, high; /* NaN with fewer seeds than GRADUS_INTERVAL_FROM */
} gradus_reach;

typedef struct gradus_targets {
    const gradus_results *results;
    size_t baseline;     /* method */
    gradus_reach *reach; /* for every varied value, target, method and cost */
} gradus_targets;

gradus_err gradus_targets_open(gradus_targets *targets, const gradus_results *results,
                               gradus_error *why);
void gradus_targets_close(gradus_targets *targets);
const gradus_reach *gradus_targets_at(const gradus_targets *targets, size_t variant,
                                      size_t target, size_t method, size_t cost);
/* "LABEL" of "best of LABEL"; NULL when the study gives a number.  */
const char *gradus_target_reference(const gradus_results *results, size_t target);

/* Writes FOLDER/targets.csv; nothing when the study has no target.  */
gradus_err gradus_targets_write(const gradus_targets *targets, const char *folder,
                                gradus_error *why);

/* Ratio of the medians of BASE to those of OTHER, COUNT pairs, and its interval.  SCRATCH has
   room for 2 * COUNT + GRADUS_RESAMPLES numbers.  */
gradus_err gradus_speedup(gradus_reach *reach, const double base[], const double other[],
                          size_t count, double scratch[]);

#endif
