/* The language of claims: an expression (expression.h) over functions of a race's results.

   All that the functions give is a median over the seeds; a run that diverged, or missed its
   target, counts as infinite.  */

#ifndef GRADUS_HARNESS_LANGUAGE_CLAIM_LANGUAGE_H
#define GRADUS_HARNESS_LANGUAGE_CLAIM_LANGUAGE_H

#include "harness/language/expression.h"

/* The index of a call in a parsed check.  */
typedef enum gradus_claim_call {
    GRADUS_CLAIM_FINAL,
    GRADUS_CLAIM_SPREAD,
    GRADUS_CLAIM_LAST,
    GRADUS_CLAIM_AT,
    GRADUS_CLAIM_UPDATES_TO,
    GRADUS_CLAIM_PASSES_TO,
    GRADUS_CLAIM_CPU_TO,
    GRADUS_CLAIM_WALL_TO,
    GRADUS_CLAIM_MAXIMUM,
    GRADUS_CLAIM_MINIMUM,
    GRADUS_CLAIM_SLOPE,
    GRADUS_CLAIM_ALL,
    GRADUS_CLAIM_TREND,
    GRADUS_CLAIM_FUNCTIONS
} gradus_claim_call;

/* The index of a varied value in a parsed check: the one that trend() is at.  */
enum { GRADUS_CLAIM_CURRENT = (size_t)-1 };

/* What a check can speak of.  */
typedef struct gradus_names {
    size_t labels, values, columns;
    const char **label;        /* of methods */
    const char *const *column; /* of traces */
    /* Nothing varies when VALUES is 0.  */
    const char **value; /* as the study spells it */
    double *number;     /* the same as a number, or NaN */
} gradus_names;

/* Parses TEXT as a check that speaks of NAMES.  GRADUS_EINPUT: "column N: ...".  */
gradus_err gradus_claim_parse(gradus_expression **out, const char *text,
                              const gradus_names *names, gradus_error *why);
/* The same, without keeping it; *TIMED says whether it asks how long something took.  */
gradus_err gradus_claim_check(const char *text, const gradus_names *names, bool *timed,
                              gradus_error *why);
/* Whether a parsed check asks how long something took.  */
bool gradus_claim_is_timed(const gradus_expression *e);

/* The arguments of a function, a letter each: l a label, c a column, n a number, r a number
   of a row, t a truth of a row, v a number of the varied value.  All but trend() take the
   value to look at last, where something varies.  */
const char *gradus_claim_arguments(size_t function);
/* Spelling and meaning of function I; NULL past the last.  */
const char *gradus_claim_function(size_t i, const char **help);

#endif
