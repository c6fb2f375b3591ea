/* What a run is made of, for the files that are one: run.c opens it and makes its updates,
   run_measure.c looks where it is and says whether it is over.  */

#ifndef GRADUS_CORE_RUN_PARTS_H
#define GRADUS_CORE_RUN_PARTS_H

#include "core/batches.h"
#include "core/coordinates.h"
#include "core/oracle.h"
#include "core/run.h"
#include "core/state.h"

#include <signal.h>

/* The last look at the current point over some of the data.  */
typedef struct gradus_look {
    size_t update; /* SIZE_MAX: none yet */
    double value, gradient_norm;
    double last_value; /* of the look before; NaN: none */
} gradus_look;

struct gradus_run {
    gradus_problem *problem;
    const gradus_method *method;
    gradus_settings settings;
    const gradus_run_values *values;
    gradus_oracle oracle;
    gradus_batches batches;
    gradus_state state;
    gradus_coordinates coordinates;
    const gradus_item *mark; /* the last item of the state that is not the method's */
    void *self;              /* the method's own struct */
    double *z;        /* dimension; what the method moves: X, or in other coordinates */
    double *x;        /* dimension; in canonical coordinates */
    double *before;   /* X before the last update */
    double *gradient; /* dimension; of a measurement, or X before the update under way */
    size_t updates;
    size_t unmoved;      /* of them, those that left X as it was */
    size_t zero_batches; /* the last in a row whose gradient was zero */
    double learning_rate, damping, reduction; /* of the last update; NaN: none */
    double best_value;                        /* over all data */
    double *best;                             /* dimension; where that was */
    gradus_look whole, part; /* the last looks at all data and at measure_examples */
    bool blocked;            /* the set-up found that it cannot begin */
    bool abandoned;          /* in the middle of an update: it cannot go on */
    gradus_stop stop;
    char detail[GRADUS_DETAIL_SIZE]; /* of the stop */
    volatile sig_atomic_t interrupted;
};

/* Ends it for an evaluation that failed with ERR.  */
void gradus_run_stop_at(gradus_run *run, gradus_err err);

#endif
