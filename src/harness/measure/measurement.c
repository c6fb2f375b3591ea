/* The measurements that a study may record.  */

#include "harness/measure/measurement.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/measure/measured_layers.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static gradus_err parameters(const gradus_run *run, gradus_shared *shared, double out[]) {
    (void)shared;
    memcpy(out, gradus_run_parameters(run),
           gradus_run_problem(run)->dimension * sizeof *out);
    return GRADUS_OK;
}

static gradus_err distance(const gradus_run *run, gradus_shared *shared, double out[]) {
    const gradus_problem *problem = gradus_run_problem(run);
    *out = gradus_distance(problem->dimension, gradus_run_parameters(run), shared->start,
                           problem->threads);
    return GRADUS_OK;
}

static gradus_err best_value(const gradus_run *run, gradus_shared *shared, double out[]) {
    (void)shared;
    *out = gradus_run_best_value(run);
    return GRADUS_OK;
}

static gradus_err method_bytes(const gradus_run *run, gradus_shared *shared, double out[]) {
    (void)shared;
    *out = (double)gradus_run_method_bytes(run);
    return GRADUS_OK;
}

/* |step_i| / |gradient_i|, the gradient being evaluated anew where the update began.  */
static gradus_err effective_rates(const gradus_run *run, gradus_shared *shared,
                                  double out[]) {
    const gradus_problem *problem = gradus_run_problem(run);
    const double *x = gradus_run_parameters(run), *before = gradus_run_before(run);
    double value, gradient[GRADUS_COORDINATES];
    (void)shared;
    for (size_t i = 0; i < problem->dimension; i++)
        out[i] = NAN;
    if (!before)
        return GRADUS_OK;
    gradus_batch all = {.count = problem->examples};
    gradus_err err = problem->type->evaluate(problem->self, &all, before, &value, gradient);
    for (size_t i = 0; i < problem->dimension && !err; i++)
        out[i] = fabs(x[i] - before[i]) / fabs(gradient[i]);
    return err;
}

static gradus_err gradient_at(const gradus_problem *problem, gradus_batch batch,
                              const double x[], double gradient[]) {
    double value;
    return problem->type->evaluate(problem->self, &batch, x, &value, gradient);
}

/* |gradient of the batch - gradient of all data| where the update began.  */
static gradus_err gradient_error(const gradus_run *run, gradus_shared *shared,
                                 double out[]) {
    const gradus_problem *problem = gradus_run_problem(run);
    const double *before = gradus_run_before(run);
    size_t n = problem->dimension;
    (void)shared;
    *out = NAN;
    if (!before)
        return GRADUS_OK;
    double *part = GRADUS_NEW(n, double), *whole = GRADUS_NEW(n, double);
    gradus_err err = part && whole ? GRADUS_OK : GRADUS_ENOMEM;
    if (!err)
        err = gradient_at(problem, gradus_run_batch(run), before, part);
    if (!err)
        err =
            gradient_at(problem, (gradus_batch){.count = problem->examples}, before, whole);
    if (!err)
        *out = gradus_distance(n, part, whole, problem->threads);
    gradus_free(part);
    gradus_free(whole);
    return err;
}

const gradus_measurement gradus_measurements[] = {
    {.name = "parameters",
     .column = "x",
     .columns = GRADUS_EVERY_COORDINATE,
     .measure = parameters,
     .help = "The parameters themselves."},
    {.name = "distance",
     .column = "distance",
     .measure = distance,
     .help = "Euclidean distance from the start."},
    {.name = "best_value",
     .column = "best_value",
     .measure = best_value,
     .help = "The least training value measured over all data."},
    {.name = "method_bytes",
     .column = "method_bytes",
     .measure = method_bytes,
     .help = "The memory that the method asked for, in bytes; it takes no more."},
    {.name = "effective_rates",
     .column = "rate",
     .columns = GRADUS_EVERY_COORDINATE,
     .for_full_batch = true,
     .measure = effective_rates,
     .help = "Of every coordinate, the length of the last step over that of the gradient "
             "before it."},
    {.name = "gradient_error",
     .column = "gradient_error",
     .measure = gradient_error,
     .help = "Euclidean distance of the gradient of the last batch from that of all data, "
             "both where the update began."},
    {.name = "condition",
     .column = "condition",
     .needs = GRADUS_CAN_GAUSS_NEWTON,
     .most = GRADUS_MEASURED_PARAMETERS,
     .measure = gradus_measure_condition,
     .help = "Condition number of the Fisher matrix: its largest eigenvalue over the least "
             "that stands out of rounding."},
    {.name = "whitened_condition",
     .column = "whitened_condition",
     .needs = GRADUS_CAN_GAUSS_NEWTON | GRADUS_CAN_LAYERS,
     .most = GRADUS_MEASURED_PARAMETERS,
     .measure = gradus_measure_whitened_condition,
     .help = "The same in coordinates that are whitened anew at that point."},
    {.name = "layer_condition",
     .column = "layer_condition",
     .columns = GRADUS_EVERY_LAYER,
     .needs = GRADUS_CAN_GAUSS_NEWTON | GRADUS_CAN_LAYERS,
     .measure = gradus_measure_layer_condition,
     .help = "Of every layer, the condition number of its block of the Fisher matrix."},
    {.name = "whitened_layer_condition",
     .column = "whitened_layer_condition",
     .columns = GRADUS_EVERY_LAYER,
     .needs = GRADUS_CAN_GAUSS_NEWTON | GRADUS_CAN_LAYERS,
     .measure = gradus_measure_whitened_layer_condition,
     .help = "The same in coordinates that are whitened anew at that point."},
    {.name = "input_variance",
     .column = "input_variance",
     .columns = GRADUS_EVERY_LAYER,
     .needs = GRADUS_CAN_LAYERS,
     .measure = gradus_measure_input_variance,
     .help = "Of every layer, the variance of what it is given, the activations of the one "
             "before it, over examples and units."},
    {.name = "signal_variance",
     .column = "signal_variance",
     .columns = GRADUS_EVERY_LAYER,
     .needs = GRADUS_CAN_SIGNALS,
     .measure = gradus_measure_signal_variance,
     .help = "Of every layer, the variance of the back-propagated derivatives of each "
             "example's loss in its sums, over examples and units."},
    {.name = "unit_distance",
     .column = "unit_distance",
     .columns = GRADUS_EVERY_LAYER,
     .needs = GRADUS_CAN_LAYERS,
     .measure = gradus_measure_unit_distance,
     .help =
         "Of every layer, the largest difference between a weight of a unit and that of "
         "its first unit, over the largest weight; 0 where all units are the same."},
    {0}};

size_t gradus_measurement_columns(const gradus_measurement *measurement,
                                  const gradus_problem *problem) {
    if (measurement->columns == GRADUS_ONE_COLUMN)
        return 1;
    if (!problem)
        return GRADUS_COORDINATES;
    return measurement->columns == GRADUS_EVERY_LAYER ? problem->type->layers(problem->self)
                                                      : problem->dimension;
}

const char *gradus_measurement_column(const gradus_measurement *measurement, size_t i,
                                      char buffer[GRADUS_COLUMN_SIZE]) {
    if (measurement->columns != GRADUS_ONE_COLUMN)
        snprintf(buffer, GRADUS_COLUMN_SIZE, "%s%zu", measurement->column, i + 1);
    else
        snprintf(buffer, GRADUS_COLUMN_SIZE, "%s", measurement->column);
    return buffer;
}
