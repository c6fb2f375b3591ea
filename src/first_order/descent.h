/* What the first-order methods share: the gradient of an update, clipped; the rate, from a
   schedule; and one pass over the parameters to make the update.  */

#ifndef GRADUS_FIRST_ORDER_DESCENT_H
#define GRADUS_FIRST_ORDER_DESCENT_H

#include "first_order/schedule.h"
#include "gradus.h"

/* The first member, `descent`, of a first-order method's parameter struct.  */
typedef struct gradus_descent_params {
    double learning_rate;
    gradus_schedule_params schedule;
    double clip_norm, clip_value;
} gradus_descent_params;

/* Its rows in the table of a method's struct T; RATE is the default of the learning rate,
   LOW to HIGH in POINTS its grid and HELP its sentence.  */
#define GRADUS_DESCENT_ROWS(T, RATE, LOW, HIGH, POINTS, HELP)                              \
    {GRADUS_FIELD_OF(T, descent, gradus_descent_params, learning_rate),                    \
     .initial = (RATE),                                                                    \
     .minimum = 0,                                                                         \
     .maximum = INFINITY,                                                                  \
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,                                            \
     .grid = {LOW, HIGH, POINTS},                                                          \
     .help = HELP},                                                                        \
        GRADUS_SCHEDULE_ROWS(T, descent.schedule),                                         \
        {GRADUS_FIELD_OF(T, descent, gradus_descent_params, clip_norm),                    \
         .minimum = 0,                                                                     \
         .maximum = INFINITY,                                                              \
         .flags = GRADUS_OPEN_MINIMUM,                                                     \
         .unset = "none",                                                                  \
         .help = "Longest gradient; a longer one is shortened to it."},                    \
    {                                                                                      \
        GRADUS_FIELD_OF(T, descent, gradus_descent_params, clip_value),                    \
            .minimum = 0, .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM,               \
            .unset = "none",                                                               \
            .help = "Largest absolute entry of the gradient; larger ones are cut to it."   \
    }

/* The first member of a first-order method's own struct.  */
typedef struct gradus_descent {
    const gradus_descent_params *p;
    size_t n, threads;
    size_t updates; /* before this one, since the method was opened */
    gradus_schedule schedule;
    double *g;    /* n: gradient of this update, clipped */
    double value; /* where it was taken */
    double *raw;  /* n: the gradient before clipping; NULL unless asked for */
    gradus_mapping
        *mapping; /* of the gradient, whose length clip_norm takes without it; NULL: none */
} gradus_descent;

/* Entry `check` of a method type; PARAMS begins with a gradus_descent_params.  */
gradus_err gradus_descent_check(const void *params, gradus_error *why);

/* Whether a method with these PARAMS may have its gradients with maps: the problem must be
   able to, the batch not all of the data, and no entry clipped.  */
bool gradus_descent_can_map(const gradus_descent_params *params,
                            const gradus_oracle *oracle);

gradus_err gradus_descent_open(gradus_descent *descent, const gradus_descent_params *params,
                               const gradus_oracle *oracle, gradus_state *state,
                               gradus_error *why);

/* Whether the current batch may be mapped, and it takes fewer multiplications to map a
   layer's inputs, and with SIGNALS its signals, than to multiply its gradient afterwards;
   PRODUCT: the mapping's product is wanted.  */
bool gradus_descent_map_pays(const gradus_descent *descent, const gradus_oracle *oracle,
                             const gradus_layer *layer, bool signals, bool product);

/* Asks for the gradient before clipping too, which is G itself where nothing is clipped.  */
void gradus_descent_keep_raw(gradus_descent *descent, gradus_state *state);

/* Begins an update of X: evaluates the gradient at AT (X itself, or a look-ahead point),
   clips it, and decides on the rate, which is then in REPORT.  When value or gradient is
   not finite, report->stop is set.  */
gradus_err gradus_descent_begin(gradus_descent *descent, gradus_oracle *oracle,
                                const double x[], const double at[], gradus_report *report);

/* Updates x[begin .. end-1] and what state belongs to these entries.  */
typedef void (*gradus_descent_kernel)(const void *self, double rate, double x[],
                                      size_t begin, size_t end);

/* Ends the update: runs the kernel on every part of X, in parallel when X is long.  SELF
   is the method's own struct.  Where a part begins depends on the length alone.  */
void gradus_descent_move(void *self, gradus_descent_kernel kernel, double rate, double x[]);
/* The same without counting an update: for what comes before it, a look-ahead point say. */
void gradus_descent_pass(const void *self, gradus_descent_kernel kernel, double rate,
                         double x[]);

#endif
