/* The parts of a report's page, in order.  All write HTML; errors show in the stream.  */

#ifndef GRADUS_HARNESS_REPORT_PAGE_H
#define GRADUS_HARNESS_REPORT_PAGE_H

#include "harness/analysis/findings.h"
#include "harness/analysis/profiles.h"
#include "harness/analysis/targets.h"
#include "harness/results/results.h"

#include <stdio.h>

typedef struct gradus_page {
    FILE *file;
    const gradus_results *results;
    const gradus_findings *findings; /* at every varied value */
    const json_t *verdicts;          /* on the claims */
    const gradus_targets *targets;
    const gradus_profiles *profiles;
} gradus_page;

void gradus_page_begin(const gradus_page *page); /* up to the study's question */
void gradus_page_end(const gradus_page *page);
void gradus_page_claims(const gradus_page *page); /* the verdicts */
/* What is missing, failed or contaminated.  */
void gradus_page_warnings(const gradus_page *page);
void gradus_page_answer(const gradus_page *page);  /* who won */
void gradus_page_varied(const gradus_page *page);  /* the same of a study that varies */
void gradus_page_firsts(const gradus_page *page);  /* who was first at every target */
void gradus_page_targets(const gradus_page *page); /* time to target */
gradus_err gradus_page_tuning(const gradus_page *page, gradus_error *why);
void gradus_page_profiles(const gradus_page *page);
void gradus_page_runs(const gradus_page *page);    /* every run */
void gradus_page_methods(const gradus_page *page); /* and their parameters */
void gradus_page_provenance(const gradus_page *page);

/* A method's label with its colour.  */
void gradus_page_label(const gradus_page *page, size_t method);
/* What varies, without the name of what it belongs to.  */
void gradus_page_key(const gradus_page *page);
/* One of its values, after that name where it is a number.  */
void gradus_page_value(const gradus_page *page, size_t variant);
/* A target, with whose best it is; as a gap where the study names its minimum.  */
void gradus_page_target(const gradus_page *page, size_t variant, size_t target);
/* "†" when the timing of some run of METHOD is not to be trusted, else "".  */
const char *gradus_page_mark(const gradus_page *page, size_t variant, size_t method);
/* A table cell with a number.  */
void gradus_page_cell(const gradus_page *page, const char *number, const char *mark);

/* One of the axes of gradus_axes.  */
extern const char *const gradus_axis_names[GRADUS_AXES];
const char *gradus_axis_number(char *buffer, size_t axis, double value);

#endif
