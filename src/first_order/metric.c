/* Products of a gradient with itself, preconditioned.  */

#include "first_order/metric.h"

#include "linalg/vector.h"

void gradus_metric_open(gradus_metric *metric, const gradus_oracle *oracle,
                        gradus_state *state) {
    metric->layers = gradus_oracle_layers(oracle);
    metric->shapes = gradus_state_scratch(state, metric->layers, sizeof *metric->shapes);
    metric->raw =
        gradus_state_scratch(state, gradus_oracle_dimension(oracle), sizeof(double));
    metric->spans =
        gradus_state_scratch(state, 2 * metric->layers + 1, sizeof *metric->spans);
    for (size_t i = 0; metric->shapes && i < metric->layers; i++)
        gradus_oracle_layer(oracle, i, &metric->shapes[i]);
}

/* ---- What is not mapped ---- */

static void end_span(gradus_metric *metric, size_t begin, size_t end) {
    if (begin < end)
        metric->spans[metric->count++] = (gradus_span){begin, end - begin};
}

/* Layers come in the order of their parameters.  */
static void find_spans(gradus_metric *metric, const gradus_descent *descent) {
    const gradus_mapping *mapping = descent->mapping;
    size_t begin = 0;
    metric->count = 0;
    for (size_t i = 0; mapping && i < metric->layers; i++) {
        const gradus_layer *shape = &metric->shapes[i];
        if (!mapping->layers[i].matrix)
            continue;
        end_span(metric, begin, shape->weights);
        begin = shape->weights + shape->outputs * shape->inputs;
        if (shape->biases == GRADUS_NO_BIASES)
            continue;
        end_span(metric, begin, shape->biases);
        begin = shape->biases + shape->outputs;
    }
    end_span(metric, begin, descent->n);
}

/* ---- Before and after ---- */

void gradus_metric_note(gradus_metric *metric, const gradus_descent *descent) {
    find_spans(metric, descent);
    metric->mapped = descent->mapping ? descent->mapping->product : 0.0;
    for (size_t i = 0; i < metric->count; i++) {
        const gradus_span *span = &metric->spans[i];
        gradus_copy(span->count, descent->g + span->begin, metric->raw + span->begin,
                    descent->threads);
    }
}

double gradus_metric_product(const gradus_metric *metric, const gradus_descent *descent) {
    double product = metric->mapped;
    for (size_t i = 0; i < metric->count; i++) {
        const gradus_span *span = &metric->spans[i];
        product += gradus_dot(span->count, metric->raw + span->begin,
                              descent->g + span->begin, descent->threads);
    }
    return product;
}
