/* Verdicts on claims: sentences with a check that is computed from the results of a race.  */

#ifndef GRADUS_HARNESS_ANALYSIS_VERDICTS_H
#define GRADUS_HARNESS_ANALYSIS_VERDICTS_H

#include "harness/results/results.h"

#include <stdio.h>

/* The verdicts on the claims of RESULTS, a list of {id, that, check, holds, timed: whether
   it hangs on how fast the machine was, numbers: [{expression, value}], finding: all of
   them in a line, verdict: the sentence}; empty when there are no claims, or when runs are
   missing.  A value that is not finite is a text.  */
gradus_err gradus_claims_judge(json_t **out, const gradus_results *results,
                               gradus_error *why);
/* A line for each.  */
void gradus_claims_print(FILE *file, const json_t *verdicts);

#endif
