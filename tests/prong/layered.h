/* A small network outside the tree: tanh layers, a linear last one, half the squared error
   summed over the outputs, mean over the batch.  With one layer it is linear least
   squares.  */

#ifndef GRADUS_TESTS_LAYERED_H
#define GRADUS_TESTS_LAYERED_H

#include "gradus.h"

#include <math.h>
#include <string.h>

enum { LAYERED_MOST = 3, LAYERED_WIDEST = 300 };

typedef struct layered {
    size_t layers, widths[LAYERED_MOST + 1]; /* of the data, then of every layer */
    bool biases;
    size_t examples;
    const double *data, *targets;        /* examples x first width, examples x last width */
    double spoil_inputs, spoil_gradient; /* added to what `inputs` and `evaluate` give */
    size_t inputs_calls, inputs_examples;
} layered_t;

static inline void layered_layer(const void *self, size_t index, gradus_layer *out) {
    const layered_t *p = self;
    size_t offset = 0;
    for (size_t i = 0;; i++) {
        size_t weights = p->widths[i] * p->widths[i + 1];
        if (i == index) {
            *out =
                (gradus_layer){.inputs = p->widths[i],
                               .outputs = p->widths[i + 1],
                               .weights = offset,
                               .biases = p->biases ? offset + weights : GRADUS_NO_BIASES};
            return;
        }
        offset += weights + (p->biases ? p->widths[i + 1] : 0);
    }
}

static inline size_t layered_dimension(const void *self) {
    const layered_t *p = self;
    size_t n = 0;
    for (size_t i = 0; i < p->layers; i++)
        n += (p->widths[i] + (p->biases ? 1 : 0)) * p->widths[i + 1];
    return n;
}

static inline size_t layered_layers(const void *self) {
    return ((const layered_t *)self)->layers;
}

static inline size_t layered_examples(const void *self) {
    return ((const layered_t *)self)->examples;
}

static inline void layered_start(const void *self, gradus_stream *stream, double x[]) {
    for (size_t i = 0, n = layered_dimension(self); i < n; i++)
        x[i] = 0.3 * gradus_stream_normal(stream);
}

/* h[0] is the example, h[l+1] what layer l gives.  */
typedef double layered_values[LAYERED_MOST + 1][LAYERED_WIDEST];

static inline void layered_forward(const layered_t *p, const double x[], size_t row,
                                   layered_values h) {
    memcpy(h[0], p->data + row * p->widths[0], p->widths[0] * sizeof *h[0]);
    for (size_t l = 0; l < p->layers; l++) {
        gradus_layer layer;
        layered_layer(p, l, &layer);
        for (size_t i = 0; i < layer.outputs; i++) {
            double sum = p->biases ? x[layer.biases + i] : 0.0;
            for (size_t j = 0; j < layer.inputs; j++)
                sum += x[layer.weights + i * layer.inputs + j] * h[l][j];
            h[l + 1][i] = l + 1 < p->layers ? tanh(sum) : sum;
        }
    }
}

/* Adds an example's gradient, times SCALE; delta is of the last layer's outputs.  */
static inline void layered_backward(const layered_t *p, const double x[], layered_values h,
                                    double delta[], double scale, double gradient[]) {
    for (size_t l = p->layers; l-- > 0;) {
        gradus_layer layer;
        layered_layer(p, l, &layer);
        double below[LAYERED_WIDEST] = {0.0};
        for (size_t i = 0; i < layer.outputs; i++) {
            if (p->biases)
                gradient[layer.biases + i] += scale * delta[i];
            for (size_t j = 0; j < layer.inputs; j++) {
                size_t w = layer.weights + i * layer.inputs + j;
                gradient[w] += scale * delta[i] * h[l][j];
                below[j] += x[w] * delta[i];
            }
        }
        for (size_t j = 0; j < layer.inputs; j++)
            delta[j] = below[j] * (1.0 - h[l][j] * h[l][j]);
    }
}

static inline gradus_err layered_evaluate(void *self, const gradus_batch *batch,
                                          const double x[], double *value,
                                          double gradient[]) {
    const layered_t *p = self;
    size_t outputs = p->widths[p->layers];
    double scale = 1.0 / (double)batch->count, total = 0.0;
    if (gradient)
        memset(gradient, 0, layered_dimension(p) * sizeof *gradient);
    for (size_t e = 0; e < batch->count; e++) {
        size_t row = batch->rows ? batch->rows[e] : e;
        layered_values h;
        double delta[LAYERED_WIDEST];
        layered_forward(p, x, row, h);
        for (size_t i = 0; i < outputs; i++) {
            delta[i] = h[p->layers][i] - p->targets[row * outputs + i];
            total += 0.5 * scale * delta[i] * delta[i];
        }
        if (gradient)
            layered_backward(p, x, h, delta, scale, gradient);
    }
    if (value)
        *value = total;
    if (gradient)
        gradient[0] += p->spoil_gradient;
    return GRADUS_OK;
}

static inline gradus_err layered_inputs(void *self, const gradus_batch *batch,
                                        const double x[], double *const inputs[]) {
    layered_t *p = self;
    p->inputs_calls++;
    p->inputs_examples += batch->count;
    for (size_t e = 0; e < batch->count; e++) {
        layered_values h;
        layered_forward(p, x, batch->rows ? batch->rows[e] : e, h);
        for (size_t l = 0; l < p->layers; l++)
            if (inputs[l])
                memcpy(inputs[l] + e * p->widths[l], h[l], p->widths[l] * sizeof *h[l]);
    }
    for (size_t l = 0; l < p->layers; l++)
        if (inputs[l])
            inputs[l][0] += p->spoil_inputs;
    return GRADUS_OK;
}

/* Of a target drawn from a Gaussian of variance 1 about the prediction the signal is its
   noise.  */
static inline gradus_err layered_signals(void *self, const gradus_batch *batch,
                                         gradus_stream *drawn, const double x[],
                                         double *const inputs[], double *const signals[]) {
    layered_t *p = self;
    gradus_err err = layered_inputs(self, batch, x, inputs);
    for (size_t e = 0; e < batch->count; e++) {
        size_t row = batch->rows ? batch->rows[e] : e;
        layered_values h;
        double delta[LAYERED_WIDEST];
        layered_forward(p, x, row, h);
        size_t outputs = p->widths[p->layers];
        for (size_t i = 0; i < outputs; i++)
            delta[i] = drawn ? gradus_stream_normal(drawn)
                             : h[p->layers][i] - p->targets[row * outputs + i];
        for (size_t l = p->layers; l-- > 0;) {
            gradus_layer layer;
            layered_layer(p, l, &layer);
            if (signals[l])
                memcpy(signals[l] + e * layer.outputs, delta,
                       layer.outputs * sizeof *delta);
            double below[LAYERED_WIDEST] = {0.0};
            for (size_t i = 0; i < layer.outputs; i++)
                for (size_t j = 0; j < layer.inputs; j++)
                    below[j] += x[layer.weights + i * layer.inputs + j] * delta[i];
            for (size_t j = 0; j < layer.inputs; j++)
                delta[j] = below[j] * (1.0 - h[l][j] * h[l][j]);
        }
    }
    return err;
}

static const gradus_problem_type layered_type = {
    .name = "layered",
    .brief = "a small network of the tests",
    .size = sizeof(layered_t),
    .dimension = layered_dimension,
    .examples = layered_examples,
    .start = layered_start,
    .evaluate = layered_evaluate,
    .layers = layered_layers,
    .layer = layered_layer,
    .inputs = layered_inputs,
    .signals = layered_signals,
};

#endif
