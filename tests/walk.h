/* A method that does what its parameters say: gradient descent on the counting problem.  */

#ifndef GRADUS_TESTS_WALK_H
#define GRADUS_TESTS_WALK_H

#include "counting.h"

typedef struct {
    double rate;
    long values; /* value evaluations before the gradient of an update */
    long stop_at;
    long reason;    /* of stopping there */
    double blow_at; /* the update that sets X to infinity; NaN: none */
    double burns;   /* CPU-seconds of its own an update */
    double opening; /* CPU-seconds of its set-up */
} walk_params;

static const gradus_param walk_table[] = {
    {GRADUS_FIELD(walk_params, rate), .initial = 0.5, .minimum = 0, .maximum = 10,
     .help = "Rate."},
    {GRADUS_FIELD(walk_params, values), .minimum = 0, .maximum = 10, .help = "Values."},
    {GRADUS_FIELD(walk_params, stop_at), .minimum = 0, .maximum = 1e6, .unset = "none",
     .help = "Update at which it cannot go on."},
    {GRADUS_FIELD(walk_params, reason), .initial = -5, .minimum = GRADUS_FAIL_REFUSED,
     .maximum = -1, .help = "Why it cannot."},
    {GRADUS_FIELD(walk_params, blow_at), .minimum = 0, .maximum = 1e6, .unset = "none",
     .help = "Update at which it diverges."},
    {GRADUS_FIELD(walk_params, burns), .minimum = 0, .maximum = 1, .help = "Work."},
    {GRADUS_FIELD(walk_params, opening), .minimum = 0, .maximum = 1, .help = "Set-up."},
    {0}};

typedef struct {
    const walk_params *p;
    size_t updates;
    double *g;
} walk_t;

static gradus_err walk_open(void *self, const void *params, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    walk_t *w = self;
    (void)why;
    w->p = params;
    w->g = gradus_state_vector(state, "g", gradus_oracle_dimension(oracle));
    burn(w->p->opening);
    return GRADUS_OK;
}

static gradus_err walk_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    walk_t *w = self;
    double value;
    gradus_err err = GRADUS_OK;
    if (w->p->stop_at == (long)w->updates) {
        report->stop = (gradus_stop)w->p->reason;
        return GRADUS_OK;
    }
    for (long i = 0; !err && i < w->p->values; i++)
        err = gradus_oracle_value(oracle, x, &value);
    if (!err)
        err = gradus_oracle_gradient(oracle, x, &value, w->g);
    if (err)
        return err;
    burn(w->p->burns);
    for (size_t i = 0; i < gradus_oracle_dimension(oracle); i++)
        x[i] -= w->p->rate * w->g[i];
    if (w->p->blow_at == (double)w->updates)
        x[0] = INFINITY;
    report->learning_rate = w->p->rate;
    w->updates++;
    return GRADUS_OK;
}

static const gradus_method_type walk_type = {
    .name = "walk",
    .size = sizeof(walk_t),
    .params_size = sizeof(walk_params),
    .params = walk_table,
    .open = walk_open,
    .step = walk_step,
};

#endif
