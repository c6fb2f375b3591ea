/* A run: open, step, close; run_measure.c measures and tests it.  The caller writes the
   loop.  */

#include "base/memory.h"
#include "base/memory_limit.h"
#include "base/stream.h"
#include "core/fork.h"
#include "core/method.h"
#include "core/registry.h"
#include "core/run_parts.h"
#include "core/symmetry.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const gradus_look NO_LOOK = {
    .update = SIZE_MAX, .value = NAN, .gradient_norm = NAN, .last_value = NAN};

/* ---- Open and close ---- */

/* The vectors below and the two of the oracle are known before any of them is taken.  */
static gradus_err allocate(gradus_run *run) {
    enum { VECTORS = 6 };
    size_t n = run->problem->dimension;
    if (!gradus_memory_fits((double)n * (VECTORS * sizeof(double))))
        return GRADUS_ENOMEM;
    run->x = GRADUS_NEW(n, double);
    run->before = GRADUS_NEW(n, double);
    run->gradient = GRADUS_NEW(n, double);
    run->best = GRADUS_NEW(n, double);
    run->self = gradus_allocate(1, run->method->type->size);
    size_t size = gradus_integer_given(run->values->batch) ? (size_t)run->values->batch : 0;
    bool ok = run->x && run->before && run->gradient && run->best && run->self;
    gradus_err err = ok ? GRADUS_OK : GRADUS_ENOMEM;
    if (!err)
        err = gradus_batches_open(&run->batches, run->problem->examples, size,
                                  (gradus_sampling)run->values->sampling,
                                  (uint64_t)run->values->seed);
    if (!err)
        err = gradus_oracle_open(&run->oracle, run->problem, !run->batches.order,
                                 (uint64_t)run->values->seed);
    run->oracle.interrupted = &run->interrupted;
    return err;
}

static gradus_err set_start(gradus_run *run, const double start[], gradus_error *why) {
    if (start) {
        memcpy(run->x, start, run->problem->dimension * sizeof *start);
        return GRADUS_OK;
    }
    if (!run->problem->type->start)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s has no start of its own: expected one from the caller",
                           run->problem->type->name);
    gradus_stream *stream =
        gradus_stream_open((uint64_t)run->values->seed, GRADUS_FOR_START);
    if (!stream)
        return GRADUS_ENOMEM;
    run->problem->type->start(run->problem->self, stream, run->x);
    gradus_stream_close(stream);
    return GRADUS_OK;
}

/* From here on the oracle speaks the coordinates of the run.  When they cannot be found the
   run is open, and stopped.  */
static gradus_err open_coordinates(gradus_run *run, gradus_error *why) {
    const gradus_coordinates_type *type =
        gradus_coordinates_types[run->values->coordinates];
    run->z = run->x;
    if (!type)
        return GRADUS_OK;
    gradus_coordinates *coordinates = &run->coordinates;
    size_t n = run->problem->dimension;
    run->z = gradus_state_scratch(&run->state, n, sizeof *run->z);
    gradus_err err = gradus_coordinates_open(coordinates, type, n, run->values,
                                             &run->oracle, &run->state, why);
    if (err || run->state.failed)
        return err ? err : GRADUS_ENOMEM;
    gradus_report report = {0};
    err = gradus_coordinates_begin(coordinates, &run->oracle, run->x, &report);
    run->stop = report.stop;
    memcpy(run->detail, report.detail, sizeof run->detail);
    memcpy(run->z, coordinates->z, n * sizeof *run->z);
    run->oracle.coordinates = coordinates;
    return err;
}

static gradus_err open_method(gradus_run *run, gradus_error *why) {
    const gradus_method_type *type = run->method->type;
    gradus_err err =
        type->open(run->self, run->method->settings.values, &run->oracle, &run->state, why);
    return !err && run->state.failed ? GRADUS_ENOMEM : err;
}

/* When the Hessian is not symmetric the run is open, and stopped.  */
static gradus_err probe(gradus_run *run) {
    gradus_stream *stream =
        gradus_stream_open((uint64_t)run->values->seed, GRADUS_FOR_CHECKS);
    gradus_report report = {0};
    gradus_err err = stream ? gradus_symmetry_probe(&run->oracle, run->z, stream, &report)
                            : GRADUS_ENOMEM;
    gradus_stream_close(stream);
    if (!err && report.stop) {
        run->stop = report.stop;
        memcpy(run->detail, report.detail, sizeof run->detail);
    }
    return err;
}

/* What is on the clock of opening a run.  */
static gradus_err set_up(gradus_run *run, gradus_error *why) {
    gradus_fork_expect(run->problem->threads);
    gradus_clock_start(&run->oracle.clock);
    gradus_err err = open_coordinates(run, why);
    run->mark = run->state.last;
    if (!err)
        err = open_method(run, why);
    if (!err && run->values->probe && !run->stop)
        err = probe(run);
    gradus_clock_stop(&run->oracle.clock);
    run->blocked = run->stop != GRADUS_RUNNING;
    const char *trouble = run->oracle.trouble.text;
    return err && *trouble ? gradus_fail(why, err, "%s on %s: %s", run->method->type->name,
                                         run->problem->type->name, trouble)
                           : err;
}

gradus_err gradus_run_open(gradus_run **out, gradus_problem *problem,
                           const gradus_method *method, const double start[],
                           const char *options, gradus_error *why) {
    *out = NULL;
    gradus_settings settings;
    gradus_err err = gradus_settings_open(&settings, "the run", gradus_run_params,
                                          gradus_run_params_size, why);
    if (!err)
        err = gradus_settings_parse(&settings, options, why);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    return gradus_run_open_settings(out, problem, method, start, &settings, why);
}

/* At its start, without a method; half made on failure.  */
static gradus_err make(gradus_run **out, gradus_problem *problem,
                       const gradus_method *method, const double start[],
                       gradus_settings *settings, gradus_error *why) {
    gradus_run *run = *out = GRADUS_NEW(1, gradus_run);
    if (!run) {
        gradus_settings_close(settings);
        return GRADUS_ENOMEM;
    }
    *run = (gradus_run){.problem = problem,
                        .method = method,
                        .settings = *settings,
                        .values = settings->values,
                        .best_value = INFINITY,
                        .whole = NO_LOOK,
                        .part = NO_LOOK,
                        .learning_rate = NAN,
                        .damping = NAN,
                        .reduction = NAN};
    settings->values = NULL;
    gradus_err err = allocate(run);
    return err ? err : set_start(run, start, why);
}

static gradus_err close_on(gradus_err err, gradus_run **out, gradus_problem *problem,
                           const gradus_method *method, gradus_error *why) {
    if (err == GRADUS_ENOMEM)
        gradus_fail(why, err, "%s on %s: out of memory", method->type->name,
                    problem->type->name);
    if (err) {
        gradus_run_close(*out);
        *out = NULL;
    }
    return err;
}

gradus_err gradus_run_open_settings(gradus_run **out, gradus_problem *problem,
                                    const gradus_method *method, const double start[],
                                    gradus_settings *settings, gradus_error *why) {
    *out = NULL;
    gradus_err err = gradus_run_fits(method, problem, settings, why);
    if (err) {
        gradus_settings_close(settings);
        return err;
    }
    err = make(out, problem, method, start, settings, why);
    if (!err)
        err = set_up(*out, why);
    return close_on(err, out, problem, method, why);
}

gradus_err gradus_run_open_refused(gradus_run **out, gradus_problem *problem,
                                   const gradus_method *method, const double start[],
                                   gradus_settings *settings, const char *detail,
                                   gradus_error *why) {
    gradus_err err = make(out, problem, method, start, settings, why);
    if (!err) {
        gradus_run *run = *out;
        run->z = run->x;
        run->stop = GRADUS_FAIL_REFUSED;
        run->blocked = true;
        snprintf(run->detail, sizeof run->detail, "%.*s", (int)sizeof run->detail - 1,
                 detail);
    }
    return close_on(err, out, problem, method, why);
}

void gradus_run_close(gradus_run *run) {
    if (!run)
        return;
    gradus_state_release(&run->state);
    gradus_oracle_close(&run->oracle);
    gradus_batches_close(&run->batches);
    gradus_settings_close(&run->settings);
    gradus_free(run->self);
    gradus_free(run->x);
    gradus_free(run->before);
    gradus_free(run->gradient);
    gradus_free(run->best);
    gradus_free(run);
}

/* ---- Step ---- */

static size_t measure_every(const gradus_run *run) {
    if (gradus_integer_given(run->values->measure_every))
        return (size_t)run->values->measure_every;
    return (run->batches.examples + run->batches.size - 1) / run->batches.size;
}

bool gradus_run_due(const gradus_run *run) {
    return run->updates % measure_every(run) == 0;
}

/* X after a move of Z; the map is billed.  */
static void follow(gradus_run *run) {
    if (run->coordinates.type)
        memcpy(run->x, gradus_coordinates_point(&run->coordinates, run->z),
               run->problem->dimension * sizeof *run->x);
}

static bool coordinates_due(const gradus_run *run) {
    long interval = run->values->whitening_interval;
    return gradus_integer_given(interval) && run->updates > 0 &&
           run->updates % (size_t)interval == 0;
}

/* The point and the displacements that the method carries stay where they are; what else it
   keeps begins anew.  */
static gradus_err refresh_coordinates(gradus_run *run, gradus_report *report,
                                      gradus_error *why) {
    gradus_coordinates *c = &run->coordinates;
    gradus_state_map(&run->state, run->mark, c->type->to_canonical, c->self);
    gradus_err err = gradus_coordinates_begin(c, &run->oracle, run->x, report);
    gradus_state_map(&run->state, run->mark, c->type->from_canonical, c->self);
    if (err || report->stop)
        return err;
    memcpy(run->z, c->z, run->problem->dimension * sizeof *run->z);
    gradus_state_rewind(&run->state, run->mark);
    memset(run->self, 0, run->method->type->size);
    err = open_method(run, why);
    gradus_state_settle(&run->state, run->mark);
    return err;
}

/* The update itself, on the clock.  */
static gradus_err advance(gradus_run *run, gradus_report *report, gradus_error *why) {
    run->oracle.updates = run->updates;
    run->oracle.epoch = gradus_batches_epoch(&run->batches);
    run->oracle.batch = gradus_batches_next(&run->batches);
    run->oracle.curvature = NULL;
    gradus_err err =
        coordinates_due(run) ? refresh_coordinates(run, report, why) : GRADUS_OK;
    if (err || report->stop)
        return err;
    err = run->method->type->step(run->self, &run->oracle, run->z, report);
    if (!err && !report->stop)
        follow(run);
    return err;
}

void gradus_run_stop_at(gradus_run *run, gradus_err err) {
    const char *trouble = run->oracle.trouble.text;
    run->stop = GRADUS_FAIL_EVALUATION;
    if (*trouble)
        snprintf(run->detail, sizeof run->detail, "%.*s", (int)sizeof run->detail - 1,
                 trouble);
    else
        snprintf(run->detail, sizeof run->detail, "error %d after %zu updates", (int)err,
                 run->updates);
}

/* Takes the update under way back.  What the method keeps may be half changed, so that the
   run can neither go on nor be saved.  */
static void abandon(gradus_run *run, const double before[]) {
    gradus_copy(run->problem->dimension, before, run->x, run->problem->threads);
    gradus_oracle_restore_averages(&run->oracle);
    run->abandoned = true;
    run->stop = GRADUS_STOP_INTERRUPTED;
}

/* Whether the update that REPORT is of cannot be made.  That a mini-batch has a zero gradient
   says nothing of the others: its update moves nothing, unless all have been seen to be so
   in a row, which an epoch is whole within two.  */
static bool is_over(gradus_run *run, const gradus_report *report) {
    const gradus_batches *batches = &run->batches;
    size_t epoch = (batches->examples + batches->size - 1) / batches->size;
    bool zero = report->stop == GRADUS_FAIL_STATIONARY && !run->oracle.full;
    run->zero_batches = zero ? run->zero_batches + 1 : 0;
    if (zero && batches->sampling == GRADUS_SHUFFLED)
        return run->zero_batches >= 2 * epoch - 1;
    return !zero && report->stop != GRADUS_RUNNING;
}

gradus_err gradus_run_step(gradus_run *run, gradus_error *why) {
    if (run->interrupted && !run->stop)
        run->stop = GRADUS_STOP_INTERRUPTED;
    if (run->blocked || run->abandoned || run->interrupted)
        return GRADUS_OK; /* run->stop says why */
    double *before = run->gradient;
    gradus_copy(run->problem->dimension, run->x, before, run->problem->threads);
    gradus_oracle_keep_averages(&run->oracle);
    gradus_report report = {.learning_rate = NAN, .damping = NAN, .reduction = NAN};
    gradus_clock_start(&run->oracle.clock);
    gradus_err err = advance(run, &report, why);
    gradus_clock_stop(&run->oracle.clock);
    if (run->oracle.refused) {
        abandon(run, before);
        return GRADUS_OK;
    }
    if (err) {
        gradus_run_stop_at(run, err);
        const char *trouble = run->oracle.trouble.text;
        return gradus_fail(why, err, "%s on %s: %s", run->method->type->name,
                           run->problem->type->name,
                           *trouble ? trouble : "an evaluation failed");
    }
    if (is_over(run, &report)) {
        run->stop = report.stop;
        memcpy(run->detail, report.detail, sizeof run->detail);
        return GRADUS_OK;
    }
    run->updates++;
    run->unmoved += memcmp(run->x, before, run->problem->dimension * sizeof *run->x) == 0;
    run->learning_rate = report.learning_rate;
    run->damping = report.damping;
    run->reduction = report.reduction;
    run->gradient = run->before;
    run->before = before;
    return GRADUS_OK;
}

/* ---- Parts of a checkpoint ---- */

static void list_look(gradus_look *look, const char *group, gradus_inventory *inventory) {
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "update", &look->update, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "value", &look->value, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "gradient_norm",
                         &look->gradient_norm, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "last_value",
                         &look->last_value, 1);
}

void gradus_run_list(gradus_run *run, gradus_inventory *inventory) {
    static const char group[] = "run";
    size_t n = run->problem->dimension;
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "x", run->x, n);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "before", run->before, n);
    if (run->z != run->x)
        gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "z", run->z, n);
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "updates", &run->updates, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "unmoved", &run->unmoved, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "zero_batches",
                         &run->zero_batches, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "learning_rate",
                         &run->learning_rate, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "damping", &run->damping, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "reduction", &run->reduction,
                         1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "best_value",
                         &run->best_value, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "best", run->best, n);
    list_look(&run->whole, "whole", inventory);
    list_look(&run->part, "part", inventory);
    gradus_batches_list(&run->batches, inventory);
    gradus_oracle_list(&run->oracle, inventory);
    gradus_coordinates_list(&run->coordinates, inventory);
    gradus_state_list(&run->state, inventory);
}

/* ---- Ask ---- */

gradus_stop gradus_run_stop(const gradus_run *run) { return run->stop; }

const char *gradus_run_detail(const gradus_run *run) { return run->detail; }

const double *gradus_run_parameters(const gradus_run *run) { return run->x; }

const double *gradus_run_before(const gradus_run *run) {
    return run->updates ? run->before : NULL;
}

gradus_batch gradus_run_batch(const gradus_run *run) {
    return gradus_batches_last(&run->batches);
}

size_t gradus_run_updates(const gradus_run *run) { return run->updates; }

size_t gradus_run_unmoved(const gradus_run *run) { return run->unmoved; }

double gradus_run_value(const gradus_run *run) { return run->whole.value; }

double gradus_run_gradient_norm(const gradus_run *run) { return run->whole.gradient_norm; }

const double *gradus_run_gradient(const gradus_run *run) {
    return run->oracle.full ? run->oracle.known.gradient : NULL;
}

double gradus_run_best_value(const gradus_run *run) { return run->best_value; }

const double *gradus_run_best_parameters(const gradus_run *run) {
    return isfinite(run->best_value) ? run->best : NULL;
}

const gradus_settings *gradus_run_settings(const gradus_run *run) { return &run->settings; }

const gradus_problem *gradus_run_problem(const gradus_run *run) { return run->problem; }

const gradus_method *gradus_run_method(const gradus_run *run) { return run->method; }

size_t gradus_run_method_bytes(const gradus_run *run) { return run->state.bytes; }

bool gradus_run_abandoned(const gradus_run *run) { return run->abandoned; }

size_t gradus_run_threads(const gradus_run *run) { return run->problem->threads; }

void gradus_run_interrupt(gradus_run *run) { run->interrupted = 1; }
