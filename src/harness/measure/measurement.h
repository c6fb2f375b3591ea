/* What a study may record beside the columns that every trace has.  A measurement is one
   entry in a table.  */

#ifndef GRADUS_HARNESS_MEASURE_MEASUREMENT_H
#define GRADUS_HARNESS_MEASURE_MEASUREMENT_H

#include "gradus.h"
#include "harness/measure/spectrum.h"

/* One column for every coordinate, or layer, is for problems of at most so many.  */
enum { GRADUS_COORDINATES = 16 };

typedef enum gradus_columns {
    GRADUS_ONE_COLUMN,
    GRADUS_EVERY_COORDINATE,
    GRADUS_EVERY_LAYER
} gradus_columns;

/* What the measurements of a run share.  */
typedef struct gradus_shared {
    double *start;             /* the parameters at update 0 */
    gradus_spectrum *spectrum; /* at the current point; NULL until one asks for it */
} gradus_shared;

typedef struct gradus_measurement {
    const char *name, *help;
    const char *column; /* its name, or what precedes the number of coordinate or layer */
    gradus_columns columns;
    unsigned needs;      /* of the problem, enum gradus_ability */
    bool for_full_batch; /* means nothing on a part of the data */
    size_t most;         /* parameters of the problem; 0: any number */
    /* Fills in the columns at the current point of RUN; NaN: does not apply.  Nothing of it
       is billed.  */
    gradus_err (*measure)(const gradus_run *run, gradus_shared *shared, double out[]);
} gradus_measurement;

extern const gradus_measurement gradus_measurements[]; /* until name is NULL */

/* How many columns it has on PROBLEM; the most there can be when that is NULL.  */
size_t gradus_measurement_columns(const gradus_measurement *measurement,
                                  const gradus_problem *problem);
/* The name of the I-th one.  */
enum { GRADUS_COLUMN_SIZE = 32 };
const char *gradus_measurement_column(const gradus_measurement *measurement, size_t i,
                                      char buffer[GRADUS_COLUMN_SIZE]);

#endif
