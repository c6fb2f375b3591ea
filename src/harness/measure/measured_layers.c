/* Conditions, variances and symmetry, layer by layer.  */

#include "harness/measure/measured_layers.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"

#include <math.h>

static size_t measured_examples(const gradus_problem *problem) {
    return problem->examples < GRADUS_MEASURED_EXAMPLES ? problem->examples
                                                        : GRADUS_MEASURED_EXAMPLES;
}

static size_t layers_of(const gradus_problem *problem) {
    return problem->type->layers(problem->self);
}

/* ---- Conditions ---- */

static size_t part_dimension(const gradus_problem *problem, long part) {
    gradus_layer layer;
    if (part == GRADUS_SPECTRUM_WHOLE)
        return problem->dimension;
    problem->type->layer(problem->self, (size_t)part, &layer);
    return layer.outputs * (layer.inputs + (layer.biases != GRADUS_NO_BIASES));
}

static gradus_err open_spectrum(const gradus_run *run, gradus_shared *shared) {
    const gradus_problem *problem = gradus_run_problem(run);
    const gradus_run_values *values = gradus_run_settings(run)->values;
    const gradus_spectrum_request request = {
        .matrix = GRADUS_FISHER,
        .whitened = gradus_problem_abilities(problem) & GRADUS_CAN_LAYERS,
        .whitening_samples = measured_examples(problem),
        .whitening_epsilon = GRADUS_MEASURED_EPSILON,
        .examples = measured_examples(problem),
        .largest_dense = GRADUS_MEASURED_PARAMETERS,
        .seed = (uint64_t)values->seed};
    return shared->spectrum ? GRADUS_OK
                            : gradus_spectrum_open(&shared->spectrum, problem, &request,
                                                   gradus_run_parameters(run), NULL);
}

/* Of parts FIRST .. END-1; NaN where a part is too large or there is no spectrum.  */
static gradus_err conditions(const gradus_run *run, gradus_shared *shared, bool whitened,
                             long first, long end, double out[]) {
    gradus_spectrum_part found;
    gradus_err err = open_spectrum(run, shared);
    for (long part = first; part < end; part++) {
        out[part - first] = NAN;
        if (err ||
            part_dimension(gradus_run_problem(run), part) > GRADUS_MEASURED_PARAMETERS)
            continue;
        err = gradus_spectrum_of(shared->spectrum, whitened, part, &found, NULL);
        if (!err)
            out[part - first] = found.condition;
    }
    return err == GRADUS_EINPUT ? GRADUS_OK : err; /* not finite: nothing to say */
}

static gradus_err of_whole(const gradus_run *run, gradus_shared *shared, bool whitened,
                           double out[]) {
    return conditions(run, shared, whitened, GRADUS_SPECTRUM_WHOLE,
                      GRADUS_SPECTRUM_WHOLE + 1, out);
}

static gradus_err of_layers(const gradus_run *run, gradus_shared *shared, bool whitened,
                            double out[]) {
    return conditions(run, shared, whitened, 0, (long)layers_of(gradus_run_problem(run)),
                      out);
}

gradus_err gradus_measure_condition(const gradus_run *run, gradus_shared *shared,
                                    double out[]) {
    return of_whole(run, shared, false, out);
}

gradus_err gradus_measure_whitened_condition(const gradus_run *run, gradus_shared *shared,
                                             double out[]) {
    return of_whole(run, shared, true, out);
}

gradus_err gradus_measure_layer_condition(const gradus_run *run, gradus_shared *shared,
                                          double out[]) {
    return of_layers(run, shared, false, out);
}

gradus_err gradus_measure_whitened_layer_condition(const gradus_run *run,
                                                   gradus_shared *shared, double out[]) {
    return of_layers(run, shared, true, out);
}

/* ---- Variances ---- */

static double variance(size_t count, const double x[]) {
    double mean = 0.0, sum = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += x[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum / (double)count;
}

/* Inputs of all layers and, when asked for, their signals.  */
static gradus_err variances(const gradus_run *run, bool of_signals, double out[]) {
    const gradus_problem *problem = gradus_run_problem(run);
    const gradus_problem_type *type = problem->type;
    const gradus_batch batch = {.count = measured_examples(problem)};
    size_t layers = layers_of(problem), total = 0;
    gradus_layer layer;
    double *rows[GRADUS_COORDINATES] = {NULL}, *none[GRADUS_COORDINATES] = {NULL};
    size_t width[GRADUS_COORDINATES];
    for (size_t i = 0; i < layers; i++) {
        type->layer(problem->self, i, &layer);
        width[i] = of_signals ? layer.outputs : layer.inputs;
        total += width[i];
    }
    double *memory = GRADUS_NEW(batch.count * total, double);
    if (!memory)
        return GRADUS_ENOMEM;
    for (size_t i = 0, offset = 0; i < layers; offset += width[i++] * batch.count)
        rows[i] = memory + offset;
    const double *x = gradus_run_parameters(run);
    gradus_err err = of_signals ? type->signals(problem->self, &batch, NULL, x, none, rows)
                                : type->inputs(problem->self, &batch, x, rows);
    for (size_t i = 0; !err && i < layers; i++)
        out[i] = variance(batch.count * width[i], rows[i]);
    gradus_free(memory);
    return err;
}

gradus_err gradus_measure_input_variance(const gradus_run *run, gradus_shared *shared,
                                         double out[]) {
    (void)shared;
    return variances(run, false, out);
}

gradus_err gradus_measure_signal_variance(const gradus_run *run, gradus_shared *shared,
                                          double out[]) {
    (void)shared;
    return variances(run, true, out);
}

/* ---- Symmetry ---- */

gradus_err gradus_measure_unit_distance(const gradus_run *run, gradus_shared *shared,
                                        double out[]) {
    const gradus_problem *problem = gradus_run_problem(run);
    const double *x = gradus_run_parameters(run);
    (void)shared;
    for (size_t i = 0; i < layers_of(problem); i++) {
        gradus_layer layer;
        double most = 0.0, largest = 0.0;
        problem->type->layer(problem->self, i, &layer);
        const double *W = x + layer.weights;
        for (size_t j = 0; j < layer.inputs * layer.outputs; j++) {
            most = fmax(most, fabs(W[j] - W[j % layer.inputs]));
            largest = fmax(largest, fabs(W[j]));
        }
        out[i] = largest > 0.0 ? most / largest : 0.0;
    }
    return GRADUS_OK;
}
