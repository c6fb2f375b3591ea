/* Claims: sentences with a check that is computed from the results of a race.

   A check is an expression (expression.h) over the functions below.  All that they give is
   a median over the seeds; a run that diverged, or missed its target, counts as infinite.
 */

#ifndef GRADUS_HARNESS_ANALYSIS_VERDICTS_H
#define GRADUS_HARNESS_ANALYSIS_VERDICTS_H

#include "gradus.h"

#include <jansson.h>
#include <stdio.h>

typedef struct gradus_claim {
    char *id, *that, *check;
    size_t line; /* of the check, in the study file */
} gradus_claim;

void gradus_claim_close(gradus_claim *claim);

/* What a check can speak of.  */
typedef struct gradus_names {
    size_t labels, values, columns;
    const char **label;        /* of methods */
    const char *const *column; /* of traces */
    /* Nothing varies when VALUES is 0.  */
    const char **value; /* as the study spells it */
    double *number;     /* the same as a number, or NaN */
} gradus_names;

/* Whether TEXT is a check that speaks of NAMES; GRADUS_EINPUT: "column N: ...".  */
gradus_err gradus_check_text(const char *text, const gradus_names *names,
                             gradus_error *why);

struct gradus_results;
/* The verdicts on the claims of RESULTS, a list of {id, that, check, holds, timed: whether
   it hangs on how fast the machine was, numbers: [{expression, value}], finding: all of
   them in a line, verdict: the sentence}; empty when there are no claims, or when runs are
   missing.  A value that is not finite is a text.  */
gradus_err gradus_claims_judge(json_t **out, const struct gradus_results *results,
                               gradus_error *why);
/* A line for each.  */
void gradus_claims_print(FILE *file, const json_t *verdicts);

/* Spelling and meaning of function I; NULL past the last.  */
const char *gradus_claim_function(size_t i, const char **help);

#endif
