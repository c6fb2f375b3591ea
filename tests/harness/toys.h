/* A problem and a method small enough to know everything about.

   The problem: f(x) = mean over i of (x - a_i)^2 / 2 with a_i = i, i = 0..EXAMPLES-1, in
   one parameter, start 10.  Over the first m examples the gradient is x - (m - 1) / 2.  The
   method: x <- x - rate g, which gives up at update `fail_at` after a further evaluation,
   or jumps to infinity at update `jump_at`.  */

#ifndef GRADUS_TESTS_HARNESS_TOYS_H
#define GRADUS_TESTS_HARNESS_TOYS_H

#include "gradus.h"

#include <check.h>
#include <limits.h>
#include <math.h>

enum { EXAMPLES = 5 };
static const double START = 10.0;

static gradus_err mean_open(void *self, const void *params, size_t threads,
                            gradus_error *why) {
    (void)self, (void)params, (void)threads, (void)why;
    return GRADUS_OK;
}
static size_t mean_dimension(const void *self) { return (void)self, 1; }
static size_t mean_examples(const void *self) { return (void)self, EXAMPLES; }
static void mean_start(const void *self, gradus_stream *stream, double x[]) {
    (void)self, (void)stream;
    x[0] = START;
}
static gradus_err mean_evaluate(void *self, const gradus_batch *batch, const double x[],
                                double *value, double gradient[]) {
    double total = 0, slope = 0;
    (void)self;
    for (size_t i = 0; i < batch->count; i++) {
        double r = x[0] - (double)(batch->rows ? batch->rows[i] : i);
        total += r * r / 2;
        slope += r;
    }
    if (value)
        *value = total / (double)batch->count;
    if (gradient)
        gradient[0] = slope / (double)batch->count;
    return GRADUS_OK;
}
static const gradus_problem_type mean_type = {.name = "mean",
                                              .brief = "mean of squares",
                                              .size = 1,
                                              .open = mean_open,
                                              .dimension = mean_dimension,
                                              .examples = mean_examples,
                                              .start = mean_start,
                                              .evaluate = mean_evaluate};

typedef struct {
    double rate;
    long fail_at, jump_at;
} walk_params_t;
static const gradus_param walk_params[] = {
    {GRADUS_FIELD(walk_params_t, rate), .initial = 0.25, .minimum = 0, .maximum = 10,
     .help = "Rate."},
    {GRADUS_FIELD(walk_params_t, fail_at), .minimum = 0, .maximum = 1000, .unset = "never",
     .help = "Update that fails."},
    {GRADUS_FIELD(walk_params_t, jump_at), .minimum = 0, .maximum = 1000, .unset = "never",
     .help = "Update that diverges."},
    {0}};
typedef struct {
    const walk_params_t *p;
    double *g;
    long made;
} walk_t;
static gradus_err walk_open(void *self, const void *params, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    walk_t *w = self;
    (void)why;
    w->p = params;
    w->g = gradus_state_vector(state, "g", gradus_oracle_dimension(oracle));
    return GRADUS_OK;
}
static gradus_err walk_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    walk_t *w = self;
    double value, trial = x[0] + 1;
    gradus_err err = gradus_oracle_gradient(oracle, x, &value, w->g);
    if (err)
        return err;
    if (w->made == w->p->fail_at) {
        report->stop = GRADUS_FAIL_LINE_SEARCH;
        return gradus_oracle_value(oracle, &trial, &value);
    }
    x[0] = w->made == w->p->jump_at ? INFINITY : x[0] - w->p->rate * w->g[0];
    report->learning_rate = w->p->rate;
    w->made++;
    return GRADUS_OK;
}
static const gradus_method_type walk_type = {.name = "walk",
                                             .brief = "gradient descent that can fail",
                                             .size = sizeof(walk_t),
                                             .params_size = sizeof(walk_params_t),
                                             .params = walk_params,
                                             .open = walk_open,
                                             .step = walk_step};

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} toys_t;

static inline toys_t toys_open(const char *method, const char *run) {
    toys_t t;
    gradus_error why;
    ck_assert_msg(!gradus_problem_open(&t.problem, &mean_type, NULL, 1, &why), "%s",
                  why.text);
    ck_assert_msg(!gradus_method_open(&t.method, &walk_type, method, &why), "%s", why.text);
    ck_assert_msg(!gradus_run_open(&t.run, t.problem, t.method, NULL, run, &why), "%s",
                  why.text);
    return t;
}

static inline void toys_close(toys_t *t) {
    gradus_run_close(t->run);
    gradus_method_close(t->method);
    gradus_problem_close(t->problem);
}

#endif
