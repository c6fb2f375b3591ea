/* A trace in memory.  */

#ifndef GRADUS_HARNESS_RESULTS_TRACE_READER_H
#define GRADUS_HARNESS_RESULTS_TRACE_READER_H

#include "gradus.h"

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

/* Reads one trace; PATH is named in messages with the line.  */
gradus_err gradus_trace_open(gradus_trace *trace, const char *path, gradus_error *why);
void gradus_trace_close(gradus_trace *trace);

#endif
