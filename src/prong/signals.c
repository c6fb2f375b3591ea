/* The moments of a sample, a block of examples at a time, and division by them.  */

#include "prong/signals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 256 }; /* examples: their buffers are small beside a wide layer's weights */

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

void gradus_signals_open(gradus_signals *s, gradus_oracle *oracle, gradus_state *state) {
    s->samples = smaller(s->samples, gradus_oracle_examples(oracle));
    s->layers = gradus_oracle_layers(oracle);
    gradus_state_keep_size(state, "signals_taken", &s->taken);
    s->moments = gradus_state_scratch(state, s->layers, sizeof *s->moments);
    s->fresh = gradus_state_scratch(state, s->layers, sizeof *s->fresh);
    s->block = gradus_state_scratch(state, s->layers, sizeof *s->block);
    s->skipped = gradus_state_scratch(state, s->layers, sizeof *s->skipped);
    s->names = gradus_state_scratch(state, s->layers, sizeof *s->names);
    s->rows = gradus_state_scratch(state, s->samples, sizeof *s->rows);
    s->shapes = gradus_state_scratch(state, s->layers, sizeof *s->shapes);
    if (!s->shapes) /* nor, maybe, what comes before */
        return;
    for (size_t l = 0; l < s->layers; l++) {
        gradus_oracle_layer(oracle, l, &s->shapes[l]);
        size_t outputs = s->shapes[l].outputs;
        if (l < s->first)
            continue;
        snprintf(s->names[l], sizeof s->names[l], "signals-%zu", l);
        s->moments[l] = gradus_state_vector(state, s->names[l], outputs);
        s->fresh[l] = gradus_state_scratch(state, outputs, sizeof(double));
        s->block[l] = gradus_state_scratch(state, smaller(BLOCK, s->samples) * outputs,
                                           sizeof(double));
    }
}

static void add_squares(size_t count, size_t n, const double s[], double sums[]) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < n; j++)
            sums[j] += s[i * n + j] * s[i * n + j];
}

/* Of all layers, into `fresh`.  */
static gradus_err sum_squares(gradus_signals *s, gradus_oracle *oracle, const double x[]) {
    size_t samples = gradus_oracle_sample(oracle, s->samples, s->rows);
    gradus_err err = GRADUS_OK;
    for (size_t l = s->first; l < s->layers; l++)
        memset(s->fresh[l], 0, s->shapes[l].outputs * sizeof(double));
    for (size_t begin = 0; !err && begin < samples; begin += BLOCK) {
        size_t count = smaller(BLOCK, samples - begin);
        gradus_batch batch = {.count = count, .rows = s->rows + begin};
        err = gradus_oracle_signals(oracle, &batch, true, x, s->skipped, s->block);
        for (size_t l = s->first; !err && l < s->layers; l++)
            add_squares(count, s->shapes[l].outputs, s->block[l], s->fresh[l]);
    }
    return err;
}

static double mean(size_t n, const double values[]) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

gradus_err gradus_signals_take(gradus_signals *s, gradus_oracle *oracle, const double x[],
                               bool *finite) {
    gradus_err err = sum_squares(s, oracle, x);
    *finite = true;
    for (size_t l = s->first; l < s->layers; l++)
        *finite = *finite && isfinite(mean(s->shapes[l].outputs, s->fresh[l]));
    if (err || !*finite)
        return err;
    double share = fmin(1.0 - 1.0 / (double)++s->taken, s->decay);
    for (size_t l = s->first; l < s->layers; l++)
        for (size_t j = 0; j < s->shapes[l].outputs; j++)
            s->moments[l][j] = share * s->moments[l][j] +
                               (1.0 - share) * s->fresh[l][j] / (double)s->samples;
    return GRADUS_OK;
}

/* A layer that nothing comes back to has no gradient either.  */
static void divide_layer(const gradus_layer *shape, const double moments[], double epsilon,
                         double gradient[]) {
    double floor = epsilon * mean(shape->outputs, moments);
    for (size_t i = 0; floor > 0.0 && i < shape->outputs; i++) {
        double factor = 1.0 / (moments[i] + floor);
        double *row = gradient + shape->weights + i * shape->inputs;
        for (size_t j = 0; j < shape->inputs; j++)
            row[j] *= factor;
        if (shape->biases != GRADUS_NO_BIASES)
            gradient[shape->biases + i] *= factor;
    }
}

void gradus_signals_divide(const gradus_signals *s, double gradient[]) {
    for (size_t l = s->first; l < s->layers; l++)
        divide_layer(&s->shapes[l], s->moments[l], s->epsilon, gradient);
}
