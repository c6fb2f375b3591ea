/* Checks: parsed claims (claim_language.h), and what they come to in a race.  */

#ifndef GRADUS_HARNESS_ANALYSIS_CHECK_H
#define GRADUS_HARNESS_ANALYSIS_CHECK_H

#include "harness/language/claim_language.h"
#include "harness/results/results.h"

/* What a check is evaluated in.  */
typedef struct gradus_scope {
    const gradus_names *names;
    const gradus_results *results;
    double *scratch; /* a number for every run */
    size_t variant;  /* the value inside trend() */
    const gradus_trace *trace;
    size_t row;
} gradus_scope;

/* The value of a check, or of a part of one.  */
double gradus_check_value(const gradus_expression *e, const gradus_scope *scope);
/* A refused run that a check speaks of, which has no numbers; NULL: none.  */
const gradus_result *gradus_check_refused(const gradus_expression *e,
                                          const gradus_scope *scope);
/* Of a call of all(), in how many of COUNT rows it holds; *TRUTH: whether in all, NaN when
   that cannot be told.  */
size_t gradus_check_rows(const gradus_scope *scope, const gradus_expression *e,
                         double *truth, size_t *count);

#endif
