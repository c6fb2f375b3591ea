/* A results folder in memory: the manifest and the trace of every finished run.  */

#ifndef GRADUS_HARNESS_RESULTS_RESULTS_H
#define GRADUS_HARNESS_RESULTS_RESULTS_H

#include "harness/results/trace_reader.h"

#include <jansson.h>

/* One finished run.  Texts are borrowed from the manifest.  */
typedef struct gradus_result {
    size_t method;  /* position in `labels` */
    size_t variant; /* position in `value`; 0 when nothing varies */
    json_int_t seed;
    const char *status, *reason; /* a word and a sentence; "" when the record has none */
    const char *detail;          /* what the method found out beyond the reason, or "" */
    const char *contaminated_by; /* NULL when the timing can be trusted */
    bool failed;                 /* the method could not go on */
    bool refused;                /* or not begin: it does not suit the varied value */
    bool diverged;               /* and has no final value that counts */
    bool sampled;                /* rows are over a part of the data, but for the last */
    double value, gradient_norm, test_accuracy; /* NaN when there is none */
    double updates, passes, cpu_seconds, wall_seconds;
    gradus_trace trace;
} gradus_result;

typedef struct gradus_results {
    json_t *manifest;
    const char *study, *question; /* question: "" when there is none */
    size_t methods, runs, seeds, targets;
    size_t missing; /* runs that the study has and the folder has not */
    const char **labels;
    const char *varied; /* the key that varies; NULL: nothing */
    size_t variants;    /* varied values; 1 when nothing varies */
    const char **value; /* as the study spells them; NULL when nothing varies */
    double *number;     /* the same as numbers, or NaN */
    double *target;     /* in the study's order, variant by variant; NaN: not known yet */
    double minimum;     /* that the study names; NaN: none, or something varies */
    gradus_result *run;
} gradus_results;

/* Opens what FOLDER's manifest lists.  GRADUS_EINPUT, and a sentence that names the file,
   when FOLDER holds no results or broken ones.  */
gradus_err gradus_results_open(gradus_results *results, const char *folder,
                               gradus_error *why);
/* The same in two steps: the manifest may be brought up to date in between, as that of an
   unfinished race is (record/unfinished.h).  RESULTS keeps a reference to MANIFEST.  */
gradus_err gradus_results_manifest(json_t **manifest, const char *folder,
                                   gradus_error *why);
gradus_err gradus_results_open_manifest(gradus_results *results, json_t *manifest,
                                        const char *folder, gradus_error *why);
void gradus_results_close(gradus_results *results);
/* The minimum that the study names at a varied value, or as it is when nothing varies; NaN:
   none.  */
double gradus_results_minimum(const gradus_results *results, size_t variant);
/* VALUE less the study's minimum, where it names one; else VALUE.  */
double gradus_results_gap(const gradus_results *results, double value);

/* Rows that a curve goes through: all, but for a last one over other examples.  */
size_t gradus_result_curve_rows(const gradus_result *run);

#endif
