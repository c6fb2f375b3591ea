/* Who won: the spread over seeds of every method's final value and of what it spent to
   reach every target, each in order, the best first.  */

#ifndef GRADUS_HARNESS_ANALYSIS_FINDINGS_H
#define GRADUS_HARNESS_ANALYSIS_FINDINGS_H

#include "harness/results/results.h"
#include "harness/results/statistics.h"

/* The axes a method can be first on.  */
enum { GRADUS_AXES = 3 };
extern const gradus_column gradus_axes[GRADUS_AXES]; /* updates, passes, CPU-seconds */

typedef struct gradus_standing {
    size_t method;
    gradus_spread spread;
} gradus_standing;

typedef struct gradus_findings {
    size_t methods;
    gradus_standing *final;   /* METHODS of them */
    gradus_standing *reached; /* METHODS for every axis of every target */
} gradus_findings;

/* At the varied value number VARIANT; 0 when nothing varies.  */
gradus_err gradus_findings_open(gradus_findings *findings, const gradus_results *results,
                                size_t variant, gradus_error *why);
void gradus_findings_close(gradus_findings *findings);
/* The standings at a target on an axis (position in gradus_axes), the first one first.  */
const gradus_standing *gradus_findings_reached(const gradus_findings *findings,
                                               size_t target, size_t axis);

/* How many of COUNT standings share the first median.  */
size_t gradus_standings_first(const gradus_standing standings[], size_t count);

#endif
