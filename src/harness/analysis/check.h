/* Checks: expressions over the functions of a study's claims, bound to the names that they
   speak of, and what they come to in a race.  */

#ifndef GRADUS_HARNESS_ANALYSIS_CHECK_H
#define GRADUS_HARNESS_ANALYSIS_CHECK_H

#include "harness/analysis/verdicts.h"
#include "harness/language/expression.h"
#include "harness/results/results.h"

/* What is known where an expression is checked, and then where it is evaluated.  */
typedef struct gradus_scope {
    const gradus_names *names;
    bool any_value; /* inside trend() */
    /* Evaluation only.  */
    const gradus_results *results;
    double *scratch; /* a number for every run */
    size_t variant;  /* the value inside trend() */
    const gradus_trace *trace;
    size_t row;
} gradus_scope;

/* GRADUS_EINPUT: "column N: ...".  */
gradus_err gradus_check_open(gradus_expression **out, const char *text,
                             const gradus_names *names, gradus_error *why);
/* The value of a check, or of a part of one.  */
double gradus_check_value(const gradus_expression *e, const gradus_scope *scope);
/* A refused run that a check speaks of, which has no numbers; NULL: none.  */
const gradus_result *gradus_check_refused(const gradus_expression *e,
                                          const gradus_scope *scope);
/* Whether a check that was opened asks how long something took.  */
bool gradus_check_is_timed(const gradus_expression *e);
/* Of a call of all(), in how many of COUNT rows it holds; *TRUTH: whether in all, NaN when
   that cannot be told.  */
size_t gradus_check_rows(const gradus_scope *scope, const gradus_expression *e,
                         double *truth, size_t *count);

#endif
