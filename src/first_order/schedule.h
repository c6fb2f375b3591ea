/* Learning-rate schedules: a factor of the rate as a function of time t, counted in updates
   or epochs before this one.

     constant      1
     step          factor^floor(t / every)
     exponential   exp(-decay t)
     inverse       1 / (1 + decay t)
     linear        from 1 at t = 0 to `floor` at t = length, constant from there
     plateau       times `factor` whenever the value on the validation data, looked at
                   once in `every`, has not improved at `patience` looks in a row
     restarts      floor + (1 - floor) (1 + cos(pi T / length)) / 2, T the time since the
                   last restart; each period is `multiplier` times the one before

   Robbins and Monro, Annals of Mathematical Statistics 22, 1951 (inverse); Goodfellow,
   Bengio and Courville, Deep Learning, 2016, equation 8.14 (linear); Loshchilov and Hutter,
   "SGDR: stochastic gradient descent with warm restarts", ICLR 2017 (restarts).  */

#ifndef GRADUS_FIRST_ORDER_SCHEDULE_H
#define GRADUS_FIRST_ORDER_SCHEDULE_H

#include "gradus.h"

typedef struct gradus_schedule_params {
    long schedule, schedule_unit;
    double schedule_every, schedule_factor, schedule_decay, schedule_length, schedule_floor;
    double schedule_multiplier;
    long schedule_patience;
} gradus_schedule_params;

/* Rows for the member PART, a gradus_schedule_params, of a method's parameter struct T.  */
#define GRADUS_SCHEDULE_ROWS(T, part)                                                      \
    {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule),                           \
     .choices = "constant|step|exponential|inverse|linear|plateau|restarts",               \
     .help = "How the learning rate changes with time."},                                  \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_unit),                  \
         .choices = "update|epoch", .help = "What the schedule counts time in."},          \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_every),                 \
         .minimum = 0,                                                                     \
         .maximum = 1e15,                                                                  \
         .flags = GRADUS_OPEN_MINIMUM,                                                     \
         .unset = "auto",                                                                  \
         .help = "Time between steps (auto: 10), or between looks at the validation data " \
                 "in `plateau` (auto: 1)."},                                               \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_factor),                \
         .minimum = 0,                                                                     \
         .maximum = 1,                                                                     \
         .flags = GRADUS_OPEN_MINIMUM,                                                     \
         .unset = "auto",                                                                  \
         .help = "Factor of a step or of a plateau (auto: 0.5)."},                         \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_decay), .minimum = 0,   \
         .maximum = 1e15, .unset = "auto",                                                 \
         .help = "Decay per unit of time, `exponential` and `inverse` (auto: 0.01)."},     \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_length),                \
         .minimum = 0,                                                                     \
         .maximum = 1e15,                                                                  \
         .flags = GRADUS_OPEN_MINIMUM,                                                     \
         .unset = "auto",                                                                  \
         .help = "Time to the floor in `linear` (auto: 1000), or to the first restart "    \
                 "(auto: 100)."},                                                          \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_floor), .minimum = 0,   \
         .maximum = 1, .unset = "auto",                                                    \
         .help = "Lowest share of the learning rate, `linear` (auto: 0.01) and "           \
                 "`restarts` (auto: 0)."},                                                 \
        {GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_multiplier),            \
         .minimum = 1, .maximum = 1e6, .unset = "auto",                                    \
         .help = "Length of a period over the one before, `restarts` (auto: 2)."},         \
    {                                                                                      \
        GRADUS_FIELD_OF(T, part, gradus_schedule_params, schedule_patience),               \
            .minimum = 1, .maximum = 1e9, .unset = "auto",                                 \
            .help = "Looks without improvement before `plateau` acts (auto: 1)."           \
    }

typedef struct gradus_schedule {
    gradus_schedule_params p; /* with the defaults filled in */
    double scale;             /* plateau: product of its factors */
    double best;      /* plateau: best validation value; infinite before the first */
    double next_look; /* plateau: time of it */
    size_t waited;    /* plateau: looks since the best */
} gradus_schedule;

/* Refuses a key that the chosen schedule does not read.  */
gradus_err gradus_schedule_check(const gradus_schedule_params *params, gradus_error *why);
/* Refuses `plateau` where there are no validation data.  */
gradus_err gradus_schedule_open(gradus_schedule *schedule,
                                const gradus_schedule_params *params,
                                const gradus_oracle *oracle, gradus_state *state,
                                gradus_error *why);
/* The factor at time T; not for `plateau`.  */
double gradus_schedule_factor(const gradus_schedule_params *params, double t);
/* The factor for an update at X, the UPDATES-th from 0.  `plateau` may look at the
   validation data, which is billed.  */
gradus_err gradus_schedule_rate(gradus_schedule *schedule, gradus_oracle *oracle,
                                size_t updates, const double x[], double *factor);

#endif
