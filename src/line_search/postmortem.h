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
    double lower; /* set: the step, of either sign, to the lowest value seen, if that is
                     lower beyond rounding and noise; else 0 */
} gradus_failure;

/* Sets report->stop and report->detail.  Billed; some 30 values, more where x has variables
   near zero, in which finer steps can be told apart; when the gradient is found to be wrong up
   to 64 and 4 log2(dimension) more, and before a kink is said some gradients.  */
gradus_err gradus_postmortem(gradus_oracle *oracle, gradus_failure *failure,
                             gradus_report *report);

/* Of a search that did not fail but ended at its longest step: reports GRADUS_FAIL_UNBOUNDED
   when the value goes on falling in proportion to the step as far as numbers go.  */
gradus_err gradus_postmortem_far(gradus_oracle *oracle, gradus_failure *failure,
                                 gradus_report *report);

#endif
