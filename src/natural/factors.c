/* Statistics for Kronecker factors, a block of examples at a time.  */

#include "natural/factors.h"

#include "core/state.h"
#include "linalg/eigen.h"
#include "linalg/product.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 256 }; /* examples: their buffers are small beside a wide layer's factors */

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static void open_layer(gradus_factors *f, size_t index, gradus_state *state) {
    gradus_factor *factor = &f->factor[index];
    const gradus_layer *shape = &factor->shape;
    size_t block = f->block;
    snprintf(factor->names[0], sizeof factor->names[0], "A-%zu", index);
    snprintf(factor->names[1], sizeof factor->names[1], "G-%zu", index);
    factor->A =
        gradus_state_vector(state, factor->names[0], factor->columns * factor->columns);
    f->inputs[index] = gradus_state_scratch(state, block * shape->inputs, sizeof(double));
    if (f->fisher == GRADUS_FISHER_INPUTS)
        return;
    factor->G =
        gradus_state_vector(state, factor->names[1], shape->outputs * shape->outputs);
    f->signals[index] = gradus_state_scratch(state, block * shape->outputs, sizeof(double));
}

gradus_err gradus_factors_open(gradus_factors *f, const char *owner, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    f->samples = smaller(f->samples, gradus_oracle_examples(oracle));
    f->block = smaller(BLOCK, f->samples);
    f->threads = gradus_oracle_threads(oracle);
    f->layers = gradus_oracle_layers(oracle);
    gradus_state_keep_size(state, "taken", &f->taken);
    f->inputs = gradus_state_scratch(state, f->layers, sizeof *f->inputs);
    f->signals = gradus_state_scratch(state, f->layers, sizeof *f->signals);
    f->factor = gradus_state_scratch(state, f->layers, sizeof *f->factor);
    if (state->failed) /* the run refuses */
        return GRADUS_OK;
    for (size_t i = 0; i < f->layers; i++) {
        gradus_layer *shape = &f->factor[i].shape;
        gradus_oracle_layer(oracle, i, shape);
        size_t columns = shape->inputs + (shape->biases != GRADUS_NO_BIASES);
        f->factor[i].columns = columns;
        if (larger(columns, shape->outputs) > GRADUS_EIGEN_LARGEST)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: layer %zu is %zu x %zu, expected at most %d", owner, i,
                               shape->outputs, shape->inputs, GRADUS_EIGEN_LARGEST);
        f->widest_inputs = larger(f->widest_inputs, columns);
        f->widest_outputs = larger(f->widest_outputs, shape->outputs);
        f->most_weights = larger(f->most_weights, columns * shape->outputs);
        open_layer(f, i, state);
    }
    f->homogeneous =
        gradus_state_scratch(state, f->block * f->widest_inputs, sizeof(double));
    f->rows = gradus_state_scratch(state, f->samples, sizeof *f->rows);
    return GRADUS_OK;
}

/* ---- Statistics ---- */

/* h with a column of ones where there are biases.  */
static double *homogeneous(const gradus_factors *f, size_t index, size_t count) {
    size_t inputs = f->factor[index].shape.inputs, columns = f->factor[index].columns;
    if (columns == inputs)
        return f->inputs[index];
    for (size_t i = 0; i < count; i++) {
        memcpy(f->homogeneous + i * columns, f->inputs[index] + i * inputs,
               inputs * sizeof(double));
        f->homogeneous[i * columns + inputs] = 1.0;
    }
    return f->homogeneous;
}

gradus_err gradus_factors_visit(gradus_factors *f, gradus_oracle *oracle, const double x[],
                                gradus_factors_visitor visit, void *context) {
    size_t samples = gradus_oracle_sample(oracle, f->samples, f->rows);
    double weight = 1.0 / (double)samples;
    gradus_err err = GRADUS_OK;
    for (size_t begin = 0; !err && begin < samples; begin += f->block) {
        size_t count = smaller(f->block, samples - begin);
        gradus_batch batch = {.count = count, .rows = f->rows + begin};
        err = f->fisher == GRADUS_FISHER_INPUTS
                  ? gradus_oracle_inputs(oracle, &batch, x, f->inputs)
                  : gradus_oracle_signals(oracle, &batch, f->fisher == GRADUS_FISHER_MODEL,
                                          x, f->inputs, f->signals);
        for (size_t i = 0; !err && i < f->layers; i++)
            visit(context, i, count, weight, homogeneous(f, i, count), f->signals[i]);
    }
    return err;
}

static void scale(size_t n, double factor, double x[]) {
    for (size_t i = 0; i < n; i++)
        x[i] *= factor;
}

/* The weight goes into the examples, so that sums and averages are one.  */
static void add_moments(void *context, size_t index, size_t count, double weight,
                        double A[], double S[]) {
    const gradus_factors *f = context;
    const gradus_factor *factor = &f->factor[index];
    size_t outputs = factor->shape.outputs;
    double root = sqrt(weight * (1.0 - gradus_running_share(f->decay, f->taken + 1)));
    scale(count * factor->columns, root, A);
    gradus_add_gram(factor->columns, count, A, factor->A, f->threads);
    if (!factor->G)
        return;
    scale(count * outputs, root, S);
    gradus_add_gram(outputs, count, S, factor->G, f->threads);
}

double gradus_running_share(double decay, size_t k) {
    return fmin(1.0 - 1.0 / (double)k, decay);
}

gradus_err gradus_factors_take(gradus_factors *f, gradus_oracle *oracle, const double x[]) {
    double share = gradus_running_share(f->decay, f->taken + 1);
    for (size_t i = 0; i < f->layers; i++) {
        gradus_factor *factor = &f->factor[i];
        size_t outputs = factor->shape.outputs;
        scale(factor->columns * factor->columns, share, factor->A);
        if (factor->G)
            scale(outputs * outputs, share, factor->G);
    }
    gradus_err err = gradus_factors_visit(f, oracle, x, add_moments, f);
    f->taken++;
    return err;
}

/* ---- [W b] ---- */

void gradus_factor_gather(const gradus_factor *factor, const double vector[],
                          double matrix[]) {
    const gradus_layer *shape = &factor->shape;
    for (size_t i = 0; i < shape->outputs; i++) {
        double *row = matrix + i * factor->columns;
        memcpy(row, vector + shape->weights + i * shape->inputs,
               shape->inputs * sizeof *row);
        if (shape->biases != GRADUS_NO_BIASES)
            row[shape->inputs] = vector[shape->biases + i];
    }
}

void gradus_factor_scatter(const gradus_factor *factor, const double matrix[],
                           double vector[]) {
    const gradus_layer *shape = &factor->shape;
    for (size_t i = 0; i < shape->outputs; i++) {
        const double *row = matrix + i * factor->columns;
        memcpy(vector + shape->weights + i * shape->inputs, row,
               shape->inputs * sizeof *row);
        if (shape->biases != GRADUS_NO_BIASES)
            vector[shape->biases + i] = row[shape->inputs];
    }
}
