/* Where a run is, and whether it is over.  */

#include "core/calls.h"
#include "core/method.h"
#include "core/run_parts.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double GRADIENT_TOLERANCE = 1e-6; /* in full batch, when none is given */
static const double FAR_DOWN = -1e150; /* no minimum is down there, and squares overflow */

/* ---- Measure ---- */

/* Value and gradient of the first COUNT examples at the current point, outside the bill. */
static gradus_err evaluate(gradus_run *run, size_t count, double *value,
                           const double **gradient) {
    gradus_problem *problem = run->problem;
    if (run->oracle.full && count == problem->examples) {
        gradus_err err = gradus_oracle_learn(&run->oracle, run->x);
        *value = run->oracle.known.value;
        *gradient = run->oracle.known.gradient;
        return err;
    }
    *gradient = run->gradient;
    gradus_oracle_begin_measuring(&run->oracle);
    gradus_err err = gradus_call_evaluate(problem, &(gradus_batch){.count = count}, run->x,
                                          value, run->gradient, &run->oracle.trouble);
    gradus_oracle_end_measuring(&run->oracle);
    return err;
}

/* Of EXAMPLES, those that a row is over.  */
static size_t part_size(long part, size_t examples) {
    return gradus_integer_given(part) && (size_t)part < examples ? (size_t)part : examples;
}

/* Looks at all data or at the part that rows of the trace are over, once an update.  */
static gradus_err look(gradus_run *run, bool everything, const gradus_look **out) {
    gradus_problem *problem = run->problem;
    size_t count = everything ? problem->examples
                              : part_size(run->values->measure_examples, problem->examples);
    gradus_look *last = count == problem->examples ? &run->whole : &run->part;
    *out = last;
    if (last->update == run->updates)
        return GRADUS_OK;
    double value;
    const double *gradient;
    gradus_err err = evaluate(run, count, &value, &gradient);
    if (err)
        return err;
    *last = (gradus_look){.update = run->updates,
                          .value = value,
                          .last_value = last->value,
                          .gradient_norm =
                              gradus_norm(problem->dimension, gradient, problem->threads)};
    if (last == &run->whole && value < run->best_value && isfinite(value)) {
        run->best_value = value;
        gradus_copy(problem->dimension, run->x, run->best, problem->threads);
    }
    return GRADUS_OK;
}

static gradus_err measure_subset(gradus_run *run, bool everything, gradus_subset subset,
                                 gradus_metrics *out) {
    const gradus_problem_type *type = run->problem->type;
    void *self = run->problem->self;
    *out = (gradus_metrics){NAN, NAN};
    size_t count = type->measure ? type->subset_examples(self, subset) : 0;
    if (count == 0)
        return GRADUS_OK;
    if (!everything)
        count = part_size(run->values->measure_test_examples, count);
    gradus_oracle_begin_measuring(&run->oracle);
    gradus_err err = type->measure(self, subset, count, run->x, out);
    gradus_oracle_end_measuring(&run->oracle);
    return err;
}

gradus_err gradus_run_reconstruct(const gradus_run *run, size_t count, double inputs[],
                                  double outputs[]) {
    const gradus_problem *problem = run->problem;
    gradus_oracle_begin_measuring(&run->oracle);
    gradus_err err =
        problem->type->reconstruct(problem->self, count, run->x, inputs, outputs);
    gradus_oracle_end_measuring(&run->oracle);
    return err;
}

/* NaN before the first update.  */
static double step_norm(const gradus_run *run) {
    const gradus_problem *problem = run->problem;
    return run->updates
               ? gradus_distance(problem->dimension, run->x, run->before, problem->threads)
               : NAN;
}

void gradus_run_costs(const gradus_run *run, gradus_row *row) {
    const gradus_counts *counts = &run->oracle.counts;
    gradus_times spent = gradus_clock_read(&run->oracle.clock);
    *row = (gradus_row){.update = run->updates,
                        .epoch = gradus_batches_epoch(&run->batches),
                        .passes = gradus_oracle_passes(&run->oracle),
                        .value_evaluations = counts->value_evaluations,
                        .gradient_evaluations = counts->gradient_evaluations,
                        .products = counts->products,
                        .ray_evaluations = counts->ray_evaluations,
                        .cpu_seconds = spent.cpu,
                        .wall_seconds = spent.wall,
                        .step_norm = step_norm(run),
                        .learning_rate = run->learning_rate,
                        .damping = run->damping,
                        .reduction = run->reduction};
    memcpy(row->phase_seconds, run->oracle.clock.phase_seconds, sizeof row->phase_seconds);
}

/* Negative when the point is not finite, else GRADUS_RUNNING.  */
static gradus_stop test_finite(gradus_run *run, const gradus_look *point) {
    if (isfinite(point->value) && isfinite(point->gradient_norm))
        return GRADUS_RUNNING;
    snprintf(run->detail, sizeof run->detail, "value %.6g, gradient norm %.6g",
             point->value, point->gradient_norm);
    return run->updates == 0         ? GRADUS_FAIL_START
           : point->value < FAR_DOWN ? GRADUS_FAIL_UNBOUNDED
                                     : GRADUS_FAIL_DIVERGED;
}

gradus_err gradus_run_measure(gradus_run *run, bool everything, gradus_row *row,
                              gradus_error *why) {
    const gradus_look *point;
    const char *trouble = run->oracle.trouble.text;
    gradus_run_costs(run, row);
    gradus_err err = look(run, everything, &point);
    row->train_value = point->value;
    row->gradient_norm = point->gradient_norm;
    if (!err)
        err = measure_subset(run, everything, GRADUS_TEST, &row->test);
    if (!err)
        err = measure_subset(run, everything, GRADUS_VALIDATION, &row->validation);
    if (err)
        return gradus_fail(why, err, "%s: %s", run->problem->type->name,
                           *trouble ? trouble : "a measurement failed");
    /* In mini-batch a budget may end a run that diverged since it was last looked at.  */
    gradus_stop broken = run->stop > 0 ? test_finite(run, point) : GRADUS_RUNNING;
    if (broken)
        run->stop = broken;
    return GRADUS_OK;
}

/* ---- Test ---- */

static gradus_stop test_point(gradus_run *run, const gradus_look *point) {
    const gradus_run_values *v = run->values;
    gradus_stop broken = test_finite(run, point);
    if (broken)
        return broken;
    double tolerance = v->gradient_tolerance;
    if (!gradus_real_given(tolerance))
        tolerance = run->oracle.full ? GRADIENT_TOLERANCE : 0.0;
    if (tolerance > 0.0 && point->gradient_norm <= tolerance)
        return GRADUS_STOP_GRADIENT;
    if (gradus_real_given(v->target) && point->value <= v->target)
        return GRADUS_STOP_TARGET;
    if (gradus_real_given(v->value_tolerance) &&
        fabs(point->value - point->last_value) <=
            v->value_tolerance * fmax(fabs(point->value), fabs(point->last_value)))
        return GRADUS_STOP_VALUE;
    return GRADUS_RUNNING;
}

static gradus_stop test_budgets(const gradus_run *run) {
    const gradus_run_values *v = run->values;
    const gradus_counts *counts = &run->oracle.counts;
    if (gradus_integer_given(v->updates) && run->updates >= (size_t)v->updates)
        return GRADUS_STOP_UPDATES;
    if (gradus_oracle_passes(&run->oracle) >= v->passes)
        return GRADUS_STOP_PASSES;
    if (gradus_integer_given(v->evaluations) &&
        counts->value_evaluations + counts->gradient_evaluations >= (size_t)v->evaluations)
        return GRADUS_STOP_EVALUATIONS;
    if (!gradus_real_given(v->cpu_seconds) && !gradus_real_given(v->wall_seconds))
        return GRADUS_RUNNING; /* the process clock is a system call */
    gradus_times spent = gradus_clock_read(&run->oracle.clock);
    if (spent.cpu >= v->cpu_seconds)
        return GRADUS_STOP_CPU;
    if (spent.wall >= v->wall_seconds)
        return GRADUS_STOP_WALL;
    return GRADUS_RUNNING;
}

static bool short_step(const gradus_run *run) {
    double tolerance = run->values->step_tolerance;
    return gradus_real_given(tolerance) &&
           step_norm(run) <= tolerance * gradus_norm(run->problem->dimension, run->x,
                                                     run->problem->threads);
}

gradus_stop gradus_run_test(gradus_run *run) {
    if (run->stop)
        return run->stop;
    /* In full batch the look is one that the method's next update takes up.  */
    const gradus_look *point;
    if (run->oracle.full || gradus_run_due(run)) {
        gradus_err err = look(run, run->oracle.full, &point);
        if (err)
            gradus_run_stop_at(run, err);
        else
            run->stop = test_point(run, point);
        if (!run->stop && short_step(run))
            run->stop = GRADUS_STOP_STEP;
    }
    if (!run->stop)
        run->stop = test_budgets(run);
    if (!run->stop && run->interrupted)
        run->stop = GRADUS_STOP_INTERRUPTED;
    return run->stop;
}
