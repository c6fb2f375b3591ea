/* A results folder in memory: the manifest and the trace of every finished run.  */

#ifndef GRADUS_HARNESS_RESULTS_RESULTS_H
#define GRADUS_HARNESS_RESULTS_RESULTS_H

#include "gradus.h"

#include <jansson.h>

/* The columns of a trace that a report uses.  A trace may leave out those from
   FIRST_OPTIONAL on; they are NaN then.  */
#define GRADUS_COLUMN_LIST(X)                                                              \
    X(GRADUS_COLUMN_UPDATE, "update")                                                      \
    X(GRADUS_COLUMN_PASSES, "passes")                                                      \
    X(GRADUS_COLUMN_CPU, "cpu_seconds")                                                    \
    X(GRADUS_COLUMN_WALL, "wall_seconds")                                                  \
    X(GRADUS_COLUMN_VALUE, "train_value")                                                  \
    X(GRADUS_COLUMN_GRADIENT, "gradient_norm")                                             \
    X(GRADUS_COLUMN_ACCURACY, "test_accuracy")                                             \
    X(GRADUS_COLUMN_EVALUATION, "evaluation_seconds")                                      \
    X(GRADUS_COLUMN_PRODUCT, "product_seconds")                                            \
    X(GRADUS_COLUMN_EIGENDECOMPOSITION, "eigendecomposition_seconds")                      \
    X(GRADUS_COLUMN_LINE_SEARCH, "line_search_seconds")                                    \
    X(GRADUS_COLUMN_REST, "rest_seconds")                                                  \
    X(GRADUS_COLUMN_PRECONDITIONER, "preconditioner_seconds")                              \
    X(GRADUS_COLUMN_CONDITION, "condition")                                                \
    X(GRADUS_COLUMN_WHITENED_CONDITION, "whitened_condition")

#define GRADUS_COLUMN_ENUM_ROW(name, word) name,
typedef enum gradus_column {
    GRADUS_COLUMN_LIST(GRADUS_COLUMN_ENUM_ROW) GRADUS_COLUMNS,
    GRADUS_COLUMN_FIRST_OPTIONAL = GRADUS_COLUMN_EVALUATION
} gradus_column;

typedef struct gradus_trace {
    size_t rows, columns;           /* at least one row */
    char *header;                   /* the names' memory */
    const char **name;              /* of every column */
    double **cell;                  /* of every column, the rows; NaN where it is empty */
    double *column[GRADUS_COLUMNS]; /* the same for those above */
    double *absent;                 /* stands for those that the trace leaves out */
} gradus_trace;

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

/* Of an unfinished race, with what has been made so far (unfinished.h).  GRADUS_EINPUT, and a sentence that names the file, when FOLDER holds no results or
   broken ones.  */
gradus_err gradus_results_open(gradus_results *results, const char *folder,
                               gradus_error *why);
void gradus_results_close(gradus_results *results);
/* The minimum that the study names at a varied value, or as it is when nothing varies; NaN:
   none.  */
double gradus_results_minimum(const gradus_results *results, size_t variant);
/* VALUE less the study's minimum, where it names one; else VALUE.  */
double gradus_results_gap(const gradus_results *results, double value);

/* Rows that a curve goes through: all, but for a last one over other examples.  */
size_t gradus_result_curve_rows(const gradus_result *run);

/* Whether a run of this status has no final value that counts.  */
bool gradus_status_diverged(const char *status);

/* Reads one trace; PATH is named in messages with the line.  */
gradus_err gradus_trace_open(gradus_trace *trace, const char *path, gradus_error *why);
void gradus_trace_close(gradus_trace *trace);

#endif
