/* Whitened coordinates for any method: every layer's weights and biases [W b] are moved as
   [V d] with

     outputs = V U (h - c) + d,   W = V U,   b = d - W c,
     c = mean of the inputs h,   U = (Sigma + epsilon I)^-1/2 (zca),

   so that h as the layer sees it, U (h - c), is white.  Parameters outside the layers are
   left as they are.

   Desjardins, Simonyan, Pascanu and Kavukcuoglu, "Natural neural networks", NIPS 2015.

   The maps are those of the last refresh.  The inputs of a first layer are the data and never
   change; those of later layers do, and are then white only so far as they have not
   moved.  */

#include "core/coordinates.h"
#include "prong/statistics.h"

#include <stdio.h>

/* What a checkpoint holds of a layer, under a name of its own.  */
enum { CENTER, SCALE, BASIS, MAP, KEPT };
static const char *const kept[KEPT] = {"center", "scale", "eigenvectors", "map"};

typedef struct {
    gradus_layer shape;
    gradus_whitening now;
    char names[KEPT][48];
} layer_t;

typedef struct {
    size_t threads;
    gradus_statistics statistics;
    layer_t *layers; /* statistics.layers */
    double *scratch; /* statistics.largest_weights */
} whitened_t;

/* ---- Open and refresh ---- */

static double *vector(gradus_state *state, layer_t *layer, size_t index, int what,
                      size_t count) {
    snprintf(layer->names[what], sizeof layer->names[what], "whitened-%s-%zu", kept[what],
             index);
    return gradus_state_vector(state, layer->names[what], count);
}

static gradus_err whitened_open(void *self, const gradus_run_values *values,
                                gradus_oracle *oracle, gradus_state *state,
                                gradus_error *why) {
    whitened_t *w = self;
    w->threads = gradus_oracle_threads(oracle);
    w->statistics = (gradus_statistics){.samples = (size_t)values->whitening_samples,
                                        .epsilon = values->whitening_epsilon};
    gradus_err err =
        gradus_statistics_open(&w->statistics, "coordinates=whitened", oracle, state, why);
    w->layers = gradus_state_scratch(state, w->statistics.layers, sizeof *w->layers);
    if (err || !w->layers) /* without memory the run refuses */
        return err;
    for (size_t i = 0; i < w->statistics.layers; i++) {
        layer_t *layer = &w->layers[i];
        size_t n = w->statistics.shapes[i].inputs;
        layer->shape = w->statistics.shapes[i];
        layer->now = (gradus_whitening){.inputs = n,
                                        .center = vector(state, layer, i, CENTER, n),
                                        .scale = vector(state, layer, i, SCALE, n),
                                        .basis = vector(state, layer, i, BASIS, n * n),
                                        .map = vector(state, layer, i, MAP, n * n)};
    }
    w->scratch = gradus_state_scratch(state, w->statistics.largest_weights, sizeof(double));
    return GRADUS_OK;
}

static gradus_err whitened_refresh(void *self, gradus_oracle *oracle, const double x[],
                                   gradus_report *report) {
    whitened_t *w = self;
    gradus_statistics *statistics = &w->statistics;
    gradus_err err = gradus_statistics_take(statistics, oracle, x);
    if (err)
        return err;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
    if (!gradus_statistics_decompose(statistics)) {
        report->stop = GRADUS_FAIL_EIGENDECOMPOSITION;
        gradus_statistics_explain(statistics, report->detail);
    }
    for (size_t i = 0; !report->stop && i < statistics->layers; i++)
        gradus_whitening_set(&w->layers[i].now, &statistics->moments[i], w->threads);
    gradus_oracle_leave(oracle);
    return GRADUS_OK;
}

/* ---- Maps ---- */

static double *weights(const layer_t *layer, double vector[]) {
    return vector + layer->shape.weights;
}

static double *biases(const layer_t *layer, double vector[]) {
    size_t offset = layer->shape.biases;
    return offset == GRADUS_NO_BIASES ? NULL : vector + offset;
}

static void whitened_to_canonical(void *self, double z[]) {
    whitened_t *w = self;
    for (size_t i = 0; i < w->statistics.layers; i++) {
        layer_t *layer = &w->layers[i];
        gradus_unwhiten(&layer->now, layer->shape.outputs, weights(layer, z),
                        biases(layer, z), w->scratch, w->threads);
    }
}

static void whitened_from_canonical(void *self, double x[]) {
    whitened_t *w = self;
    for (size_t i = 0; i < w->statistics.layers; i++) {
        layer_t *layer = &w->layers[i];
        gradus_whiten(&layer->now, layer->shape.outputs, weights(layer, x),
                      biases(layer, x), w->scratch, w->threads);
    }
}

static void whitened_pull_gradient(void *self, double g[]) {
    whitened_t *w = self;
    for (size_t i = 0; i < w->statistics.layers; i++) {
        layer_t *layer = &w->layers[i];
        gradus_whiten_gradient(&layer->now, layer->shape.outputs, weights(layer, g),
                               biases(layer, g), w->scratch, w->threads);
    }
}

const gradus_coordinates_type gradus_coordinates_whitened = {
    .name = "whitened",
    .needs = GRADUS_CAN_LAYERS,
    .size = sizeof(whitened_t),
    .open = whitened_open,
    .refresh = whitened_refresh,
    .to_canonical = whitened_to_canonical,
    .from_canonical = whitened_from_canonical,
    .pull_gradient = whitened_pull_gradient,
};
