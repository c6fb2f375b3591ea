/* Why a search along a direction failed, found out from values.  */

#ifndef GRADUS_LINE_SEARCH_POSTMORTEM_H
#define GRADUS_LINE_SEARCH_POSTMORTEM_H

#include "gradus.h"

/* A search from X, where the value is VALUE and the gradient G, along DIRECTION, which goes
   down by G.  */
typedef struct gradus_failure {
    const double *x, *g, *direction;
    double value;
    bool rounding;        /* it took its failure for rounding */
    bool capped;          /* it used up its evaluations */
    double *point, *move; /* workspace, dimension each */
} gradus_failure;

/* Sets report->stop and report->detail.  Billed; some 30 values, and when the gradient is
   found to be wrong up to 64 and 4 log2(dimension) more.  */
gradus_err gradus_postmortem(gradus_oracle *oracle, const gradus_failure *failure,
                             gradus_report *report);

/* Of a search that did not fail but ended at its longest step: reports GRADUS_FAIL_UNBOUNDED
   when the value goes on falling in proportion to the step as far as numbers go.  */
gradus_err gradus_postmortem_far(gradus_oracle *oracle, const gradus_failure *failure,
                                 gradus_report *report);

#endif
