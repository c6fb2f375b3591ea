/* The one call: a function of the caller's as a problem of one example, and the loop around
   a run that a caller of gradus_run_* writes out.  */

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"
#include "core/unwritten.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The instance of the problem.  */
typedef struct {
    const gradus_function *function;
    gradus_minimum *result; /* holds the counts */
    gradus_err err;         /* of a function's call: none is called again */
    size_t best_update;     /* after which the best point was found */
    /* Of the last value that was asked for without a gradient, which comes with it.  */
    bool kept;
    double value;
    double *x, *gradient; /* dimension each */
} caller_t;

static size_t get_dimension(const void *self) {
    return ((const caller_t *)self)->function->dimension;
}

/* What a function of the caller's returned, at its COUNT-th call.  */
static gradus_err heed(caller_t *caller, int code, const char *name, size_t count) {
    if (code == 0)
        return GRADUS_OK;
    caller->err = GRADUS_EFUNCTION;
    caller->result->user_code = code;
    snprintf(caller->result->text, sizeof caller->result->text,
             "%s returned the error code %d at call %zu", name, code, count);
    return caller->err;
}

/* Of a function that returned ERR.  */
static gradus_err look_for_marks(caller_t *caller, gradus_err err,
                                 const gradus_written *written) {
    gradus_error why;
    if (err || gradus_unwritten_refuse(written, &why) == GRADUS_OK)
        return err;
    snprintf(caller->result->text, sizeof caller->result->text, "%s", why.text);
    return caller->err = why.code;
}

/* Where the value is not finite, the gradient need not be written.  */
static gradus_err call(caller_t *caller, const double x[], double *value,
                       double gradient[]) {
    const gradus_function *f = caller->function;
    size_t count = ++caller->result->evaluations;
    const gradus_written v = {"evaluate", "value", count, 1, 1, value};
    const gradus_written g = {"evaluate", "gradient", count, 1, f->dimension, gradient};
    gradus_unwritten_mark(&v);
    gradus_unwritten_mark(&g);
    int code = f->evaluate(f->context, f->dimension, x, value, gradient);
    gradus_err err = heed(caller, code, "evaluate", count);
    err = look_for_marks(caller, err, &v);
    return !err && isfinite(*value) ? look_for_marks(caller, err, &g) : err;
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]) {
    caller_t *caller = self;
    size_t size = caller->function->dimension * sizeof *x;
    double unused;
    (void)batch;
    if (caller->err)
        return caller->err;
    if (!value)
        value = &unused;
    if (gradient && !(caller->kept && memcmp(caller->x, x, size) == 0))
        return call(caller, x, value, gradient);
    if (!gradient) {
        memcpy(caller->x, x, size);
        gradus_err err = call(caller, x, &caller->value, caller->gradient);
        caller->kept = !err;
        if (err)
            return err;
    } else {
        memcpy(gradient, caller->gradient, size);
    }
    *value = caller->value;
    return GRADUS_OK;
}

static gradus_err product(void *self, const gradus_batch *batch, const double x[],
                          const double v[], double result[]) {
    caller_t *caller = self;
    const gradus_function *f = caller->function;
    (void)batch;
    if (caller->err)
        return caller->err;
    size_t count = ++caller->result->products;
    const gradus_written r = {"product", "result", count, 1, f->dimension, result};
    gradus_unwritten_mark(&r);
    int code = f->product(f->context, f->dimension, x, v, result);
    return look_for_marks(caller, heed(caller, code, "product", count), &r);
}

static gradus_err hessian(void *self, const gradus_batch *batch, const double x[],
                          double matrix[]) {
    caller_t *caller = self;
    const gradus_function *f = caller->function;
    (void)batch;
    if (caller->err)
        return caller->err;
    size_t n = f->dimension, count = ++caller->result->hessians;
    const gradus_written m = {"hessian", "matrix", count, n, n, matrix};
    gradus_unwritten_mark(&m);
    int code = f->hessian(f->context, n, x, matrix);
    return look_for_marks(caller, heed(caller, code, "hessian", count), &m);
}

/* Able to do what FUNCTION is.  */
static gradus_problem_type type_of(const gradus_function *function) {
    return (gradus_problem_type){.name = "the function",
                                 .size = sizeof(caller_t),
                                 .dimension = get_dimension,
                                 .evaluate = evaluate,
                                 .product = function->product ? product : NULL,
                                 .hessian = function->hessian ? hessian : NULL};
}

/* ---- The loop ---- */

/* RESULT holds the best point's value and gradient norm so far.  */
static void note_best(const gradus_run *run, caller_t *caller) {
    gradus_minimum *result = caller->result;
    if (gradus_run_best_value(run) < result->value) {
        caller->best_update = gradus_run_updates(run);
        result->value = gradus_run_best_value(run);
        result->gradient_norm = gradus_run_gradient_norm(run);
    }
}

/* Shows the caller an update; true when the caller has seen enough.  */
static bool show(const gradus_run *run, const caller_t *caller) {
    const gradus_function *f = caller->function;
    const double *x = gradus_run_parameters(run);
    if (!f->progress)
        return false;
    const gradus_iterate now = {.update = gradus_run_updates(run),
                                .evaluations = caller->result->evaluations,
                                .dimension = f->dimension,
                                .x = x,
                                .gradient = gradus_run_gradient(run),
                                .value = gradus_run_value(run),
                                .gradient_norm = gradus_run_gradient_norm(run),
                                .step_norm =
                                    gradus_distance(f->dimension, x, gradus_run_before(run),
                                                    gradus_run_threads(run))};
    caller->result->user_code = f->progress(f->context, &now);
    return caller->result->user_code != 0;
}

static gradus_err iterate(gradus_run *run, caller_t *caller, gradus_error *why) {
    size_t shown = 0;
    gradus_err err = GRADUS_OK;
    while (!err) {
        gradus_stop stop = gradus_run_test(run); /* evaluates where the run has moved to */
        if (caller->err)
            return caller->err;
        if (stop == GRADUS_FAIL_EVALUATION)
            return gradus_fail(why, GRADUS_EINPUT, "%s", gradus_run_detail(run));
        note_best(run, caller);
        if (gradus_run_updates(run) > shown && show(run, caller)) {
            gradus_run_interrupt(run);
            stop = gradus_run_test(run);
        }
        if (stop)
            return GRADUS_OK;
        shown = gradus_run_updates(run);
        err = gradus_run_step(run, why);
    }
    return err;
}

/* ---- The result ---- */

/* Whether the last point, where the gradient vanishes, may stand for the best one.  Of a
   convex function the values there differ by at most |g| |x - best|: by more only when
   there is a rise between the two.  Values that agree in half of the digits are not told
   apart, since a function may know them to single precision only.  */
static bool is_as_good(const gradus_run *run, double best, size_t n) {
    const double *x = gradus_run_parameters(run);
    double value = gradus_run_value(run), excess = value - best;
    double distance =
        gradus_distance(n, x, gradus_run_best_parameters(run), gradus_run_threads(run));
    return excess <= gradus_run_gradient_norm(run) * distance ||
           excess <= sqrt(DBL_EPSILON) * fmax(fabs(value), fabs(best));
}

/* The point with the least value, or the last one when it is there that the gradient
   vanishes.  */
static void take_point(const gradus_run *run, caller_t *caller, double x[]) {
    gradus_minimum *result = caller->result;
    size_t dimension = caller->function->dimension;
    const double *point = gradus_run_best_parameters(run);
    if (result->stop == GRADUS_STOP_GRADIENT && is_as_good(run, result->value, dimension)) {
        point = gradus_run_parameters(run);
        caller->best_update = gradus_run_updates(run);
        result->value = gradus_run_value(run);
        result->gradient_norm = gradus_run_gradient_norm(run);
    }
    if (point)
        memcpy(x, point, dimension * sizeof *x);
}

static void take_costs(const gradus_run *run, gradus_minimum *result) {
    gradus_row row;
    gradus_run_costs(run, &row);
    result->updates = row.update;
    result->cpu_seconds = row.cpu_seconds;
    result->wall_seconds = row.wall_seconds;
}

/* That the point returned is not the last one.  */
static void tell_best(const gradus_run *run, const caller_t *caller) {
    gradus_minimum *result = caller->result;
    double last = gradus_run_value(run);
    size_t length = strlen(result->text);
    char where[48] = "at the start", number[32] = "not a number";
    if (!isfinite(result->value) || last == result->value ||
        caller->best_update == gradus_run_updates(run))
        return;
    if (caller->best_update > 0)
        snprintf(where, sizeof where, "at update %zu", caller->best_update);
    if (!isnan(last))
        snprintf(number, sizeof number, "%.6g", last);
    snprintf(result->text + length, sizeof result->text - length,
             "; the best point is returned, of value %.6g %s; the value of the last is %s",
             result->value, where, number);
}

static void explain(const gradus_run *run, const caller_t *caller) {
    gradus_minimum *result = caller->result;
    const char *detail = gradus_run_detail(run);
    if (result->stop == GRADUS_STOP_INTERRUPTED)
        snprintf(result->text, sizeof result->text,
                 "stopped by the caller: progress returned %d", result->user_code);
    else
        snprintf(result->text, sizeof result->text, "%s%s%s",
                 gradus_stop_text(result->stop), *detail ? "; " : "", detail);
    tell_best(run, caller);
}

static gradus_err run_method(gradus_problem *problem, caller_t *caller, double x[],
                             const char *spec, const char *options, gradus_error *why) {
    gradus_minimum *result = caller->result;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_err err = gradus_method_create(&method, spec ? spec : "lbfgs", why);
    if (!err)
        err = gradus_run_open(&run, problem, method, x, options, why);
    if (!err) {
        err = iterate(run, caller, why);
        result->stop = gradus_run_stop(run);
        take_point(run, caller, x);
        take_costs(run, result);
        if (!err)
            explain(run, caller);
    }
    gradus_run_close(run);
    gradus_method_close(method);
    return err;
}

static gradus_err minimize(caller_t *caller, double x[], const char *method,
                           const char *options, gradus_error *why) {
    const gradus_function *function = caller->function;
    if (!function || !function->evaluate || !x)
        return gradus_fail(why, GRADUS_EINPUT, "gradus_minimize: %s is NULL",
                           !function             ? "the function"
                           : !function->evaluate ? "evaluate"
                                                 : "x");
    gradus_problem_type type = type_of(function);
    gradus_problem *problem = NULL;
    caller->x = GRADUS_NEW(function->dimension, double);
    caller->gradient = GRADUS_NEW(function->dimension, double);
    gradus_err err =
        caller->x && caller->gradient
            ? gradus_problem_wrap(&problem, &type, caller, function->threads, why)
            : gradus_fail(why, GRADUS_ENOMEM, "gradus_minimize: out of memory");
    if (!err) {
        gradus_problem_trust(problem);
        err = run_method(problem, caller, x, method, options, why);
    }
    gradus_problem_close(problem);
    gradus_free(caller->x);
    gradus_free(caller->gradient);
    return err;
}

gradus_err gradus_minimize(const gradus_function *function, double x[], const char *method,
                           const char *options, gradus_minimum *result) {
    gradus_error why;
    if (!result)
        return GRADUS_EINPUT;
    *result = (gradus_minimum){
        .stop = GRADUS_FAIL_REFUSED, .value = INFINITY, .gradient_norm = NAN};
    caller_t caller = {.function = function, .result = result};
    gradus_err err = minimize(&caller, x, method, options, &why);
    result->error = err;
    if (err && !caller.err)
        snprintf(result->text, sizeof result->text, "%s", why.text);
    if (caller.err) /* before the first update too */
        result->stop = GRADUS_FAIL_EVALUATION;
    if (!isfinite(result->value))
        result->value = NAN;
    return err;
}
