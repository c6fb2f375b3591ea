/* The layer view of linear models: one layer, whose inputs are the data and whose signals are
   the loss's derivatives in the scores.  */

#include "core/blocks.h"
#include "data/examples.h"
#include "problems/linear/linear.h"

#include <string.h>

size_t gradus_linear_layers(const void *self) {
    (void)self;
    return 1;
}

void gradus_linear_layer(const void *self, size_t index, gradus_layer *out) {
    gradus_linear_shape shape = gradus_linear_get_shape(self);
    (void)index;
    *out = (gradus_layer){.inputs = shape.features,
                          .outputs = shape.outputs,
                          .weights = 0,
                          .biases = shape.bias ? shape.outputs * shape.features
                                               : GRADUS_NO_BIASES};
}

gradus_err gradus_linear_inputs(void *self, const gradus_batch *batch, const double x[],
                                double *const inputs[]) {
    gradus_linear_shape shape = gradus_linear_get_shape(self);
    (void)x;
    for (size_t i = 0; inputs[0] && i < batch->count; i++)
        gradus_examples_row(shape.examples, &shape.examples->training,
                            gradus_batch_row(batch, i), inputs[0] + i * shape.features);
    return GRADUS_OK;
}

/* A class with the probabilities P; with one output, that of class 1.  */
static size_t draw_target(size_t k, const double p[], gradus_stream *stream) {
    double u = gradus_stream_uniform(stream);
    if (k == 1)
        return u < p[0];
    size_t i = 0;
    while (i < k - 1 && u >= p[i])
        u -= p[i++];
    return i;
}

gradus_err gradus_linear_signals(void *self, const gradus_batch *batch,
                                 gradus_stream *targets, const double x[],
                                 double *const inputs[], double *const signals[]) {
    gradus_linear_shape shape = gradus_linear_get_shape(self);
    const unsigned *classes = shape.examples->training.targets;
    gradus_linear_inputs(self, batch, x, inputs);
    if (!signals[0])
        return GRADUS_OK;
    memcpy(signals[0], gradus_linear_responses(self, batch, x),
           batch->count * shape.outputs * sizeof(double));
    for (size_t i = 0; i < batch->count; i++) {
        double *p = signals[0] + i * shape.outputs;
        size_t target = targets ? draw_target(shape.outputs, p, targets)
                                : classes[gradus_batch_row(batch, i)];
        shape.link->residual(shape.outputs, target, p);
    }
    return GRADUS_OK;
}
