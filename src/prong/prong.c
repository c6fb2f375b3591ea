/* PRONG, projected natural gradient: stochastic gradient descent in coordinates in which
   every layer's inputs are white.  All layers are whitened anew every `interval` updates;
   in between U and c are constants.

     V <- V - a gV,   d <- d - a gd,     outputs = V U (h - c) + d

   Desjardins, Simonyan, Pascanu and Kavukcuoglu, "Natural neural networks", NIPS 2015.

   The method never leaves the canonical coordinates.  By the laws of whiten.h a step of V
   and d with momentum mu is

     [vW vb] <- mu [vW vb] - a [gW gb] A^-1,   A = [Sigma + epsilon I + c c', c; c', 1],
     [W b]   <- [W b] + [vW vb],

   which is stochastic gradient descent with the gradient of every whitened layer multiplied
   by A^-1.  One product a layer does it, by (Sigma + epsilon I)^-1 from the eigenvectors:
   forming that matrix costs little beside the eigenvectors themselves, and going through
   them at every update would take two products.  A velocity in canonical coordinates is a
   displacement that a refresh does not change.  */

#include "gradus.h"
#include "linalg/eigen.h"
#include "linalg/vector.h"
#include "prong/whiten.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

enum {
    BLOCK = 256
}; /* examples of a block of the sample: few enough for the buffers to be
      small beside the matrices of a wide layer */

enum { YES, NO };
enum { ZCA, PCA };
enum { TRANSPORT, RESET, KEEP };

typedef struct {
    double learning_rate, momentum, epsilon;
    long interval, samples;
    long whiten_input, whitened_start, form, diagonal, momentum_at_refresh;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, learning_rate), .initial = 0.01, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .grid = {1e-3, 1e-1, 3}, .help = "Step size in whitened coordinates."},
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0, 0.9, 2},
     .help = "Fraction of the last step kept; 0 is plain descent."},
    {GRADUS_FIELD(params_t, epsilon), .initial = 0.1, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .grid = {1e-3, 1e-1, 3},
     .help = "Added to the eigenvalues of the covariance; the step size of a weight is "
             "multiplied by at most 1/epsilon."},
    {GRADUS_FIELD(params_t, interval), .initial = 100, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG, .grid = {10, 1000, 3},
     .help = "Updates between refreshes of the whitening."},
    {GRADUS_FIELD(params_t, samples), .initial = 1000, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Training examples, drawn anew, that the statistics of a refresh are taken "
             "over; at most all of them."},
    {GRADUS_FIELD(params_t, whiten_input), .choices = "yes|no", .initial = YES,
     .help = "Whether to whiten the inputs of the first layer, which are the data; `no` "
             "leaves that layer to plain descent."},
    {GRADUS_FIELD(params_t, whitened_start), .choices = "yes|no", .initial = YES,
     .help =
         "Whether the first refresh comes before the first update; `no` is plain descent "
         "for the first `interval` updates."},
    {GRADUS_FIELD(params_t, form), .choices = "zca|pca", .initial = ZCA,
     .help = "Whitening with the axes turned back (zca) or along the eigenvectors (pca); "
             "matters with momentum_at_refresh=keep only."},
    {GRADUS_FIELD(params_t, diagonal), .choices = "yes|no", .initial = NO,
     .help = "Whether to use the variances of the inputs only: every input is centred and "
             "scaled, not decorrelated."},
    {GRADUS_FIELD(params_t, momentum_at_refresh), .choices = "transport|reset|keep",
     .initial = TRANSPORT,
     .help = "What a refresh does with the velocity: the same displacement in the new "
             "coordinates (transport), zero (reset), or the same numbers in the new "
             "coordinates (keep)."},
    {0}};

/* What a checkpoint holds of a layer, under a name of its own.  */
enum { CENTER, SCALE, BASIS, INVERSE, KEPT };
static const char *const kept[KEPT] = {"center", "scale", "eigenvectors", "inverse"};

typedef struct {
    gradus_layer shape;
    bool whitened;
    gradus_whitening now;
    gradus_moments fresh; /* of the refresh under way */
    char names[KEPT][40];
} layer_t;

typedef struct {
    const params_t *p;
    size_t n, threads;
    size_t count;    /* of layers */
    layer_t *layers; /* count */
    double **inputs; /* count: block x inputs each, NULL for a layer left alone */
    size_t whitened; /* layers that are */
    size_t updates, refreshes;
    double *gradient, *velocity;            /* n */
    size_t *rows;                           /* samples */
    size_t largest_inputs, largest_weights; /* of the whitened layers */
    double *scratch;                        /* largest_weights */
    size_t workers;                         /* threads that decompose */
    size_t workspace_size;                  /* bytes of one */
    char *workspace;                        /* workers x workspace_size */
} prong_t;

/* ---- Open ---- */

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t samples_of(const params_t *p, const gradus_oracle *oracle) {
    return smaller((size_t)p->samples, gradus_oracle_examples(oracle));
}

static double *vector(gradus_state *state, layer_t *layer, size_t index, int what,
                      size_t count) {
    snprintf(layer->names[what], sizeof layer->names[what], "%s-%zu", kept[what], index);
    return gradus_state_vector(state, layer->names[what], count);
}

/* Eigenvectors are needed from one refresh to the next only to keep a velocity's numbers.
 */
static void allocate_layer(prong_t *s, size_t index, size_t block, gradus_state *state) {
    layer_t *layer = &s->layers[index];
    bool diagonal = s->p->diagonal == YES, keep = s->p->momentum_at_refresh == KEEP;
    size_t n = layer->shape.inputs, matrix = diagonal ? n : n * n;
    layer->now = (gradus_whitening){
        .inputs = n,
        .diagonal = diagonal,
        .pca = s->p->form == PCA,
        .center = vector(state, layer, index, CENTER, n),
        .scale = vector(state, layer, index, SCALE, n),
        .basis = diagonal || !keep ? NULL : vector(state, layer, index, BASIS, matrix),
        .inverse = diagonal ? NULL : vector(state, layer, index, INVERSE, matrix)};
    layer->fresh =
        (gradus_moments){.inputs = n,
                         .diagonal = diagonal,
                         .mean = gradus_state_scratch(state, n, sizeof(double)),
                         .deviation = gradus_state_scratch(state, n, sizeof(double)),
                         .matrix = gradus_state_scratch(state, matrix, sizeof(double)),
                         .scale = gradus_state_scratch(state, n, sizeof(double))};
    s->inputs[index] = gradus_state_scratch(state, block * n, sizeof(double));
}

static gradus_err open_layer(prong_t *s, size_t index, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    layer_t *layer = &s->layers[index];
    gradus_oracle_layer(oracle, index, &layer->shape);
    layer->whitened = index > 0 || s->p->whiten_input == YES;
    size_t n = layer->shape.inputs;
    if (!layer->whitened)
        return GRADUS_OK;
    if (s->p->diagonal == NO && n > GRADUS_EIGEN_LARGEST)
        return gradus_fail(why, GRADUS_EINPUT,
                           "prong: layer %zu has %zu inputs; more than %d can be whitened "
                           "with diagonal=yes only",
                           index, n, GRADUS_EIGEN_LARGEST);
    s->whitened++;
    s->largest_inputs = larger(s->largest_inputs, n);
    s->largest_weights = larger(s->largest_weights, n * layer->shape.outputs);
    allocate_layer(s, index, smaller(BLOCK, samples_of(s->p, oracle)), state);
    return GRADUS_OK;
}

static gradus_err prong_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    prong_t *s = self;
    s->p = values;
    s->n = gradus_oracle_dimension(oracle);
    s->threads = gradus_oracle_threads(oracle);
    s->count = gradus_oracle_layers(oracle);
    gradus_state_keep_size(state, "updates", &s->updates);
    gradus_state_keep_size(state, "refreshes", &s->refreshes);
    s->velocity = gradus_state_vector(state, "velocity", s->n);
    s->gradient = gradus_state_scratch(state, s->n, sizeof(double));
    s->layers = gradus_state_scratch(state, s->count, sizeof *s->layers);
    s->inputs = gradus_state_scratch(state, s->count, sizeof *s->inputs);
    if (!s->inputs) /* nor anything after; the run refuses */
        return GRADUS_OK;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < s->count; i++)
        err = open_layer(s, i, oracle, state, why);
    s->workers = smaller(s->threads, s->whitened);
    s->workspace_size =
        s->p->diagonal == YES ? 0 : gradus_eigen_workspace(s->largest_inputs);
    s->workspace = gradus_state_scratch(state, s->workers, s->workspace_size);
    s->scratch = gradus_state_scratch(state, s->largest_weights, sizeof(double));
    s->rows = gradus_state_scratch(state, samples_of(s->p, oracle), sizeof *s->rows);
    return err;
}

/* ---- Refresh ---- */

static gradus_err take_statistics(prong_t *s, gradus_oracle *oracle, const double x[]) {
    size_t samples = gradus_oracle_sample(oracle, (size_t)s->p->samples, s->rows);
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < s->count; i++)
        s->layers[i].fresh.count = 0;
    for (size_t first = 0; !err && first < samples; first += BLOCK) {
        size_t left = samples - first, count = left < BLOCK ? left : BLOCK;
        gradus_batch batch = {.count = count, .rows = s->rows + first};
        err = gradus_oracle_inputs(oracle, &batch, x, s->inputs);
        for (size_t i = 0; !err && i < s->count; i++)
            if (s->layers[i].whitened)
                gradus_moments_add(&s->layers[i].fresh, count, s->inputs[i], s->threads);
    }
    return err;
}

/* The layers do not depend on each other: a thread takes one at a time.  */
static bool decompose(prong_t *s) {
    bool ok = true;
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->workers) if (s->workers > 1)  \
    reduction(&& : ok)
    for (size_t i = 0; i < s->count; i++) {
        layer_t *layer = &s->layers[i];
        if (!layer->whitened)
            continue;
        gradus_moments_finish(&layer->fresh, layer->shape.biases != GRADUS_NO_BIASES);
        ok = gradus_moments_decompose(&layer->fresh, s->p->epsilon,
                                      s->workspace + (size_t)omp_get_thread_num() *
                                                         s->workspace_size) &&
             ok;
    }
    return ok;
}

static double *biases(const layer_t *layer, double vector[]) {
    size_t offset = layer->shape.biases;
    return offset == GRADUS_NO_BIASES ? NULL : vector + offset;
}

/* Moves to the fresh coordinates.  The velocity is a displacement, which stays; to keep its
   numbers instead, they are read off in the old coordinates and put down in the new.  */
static void change_coordinates(prong_t *s, layer_t *layer) {
    const gradus_layer *shape = &layer->shape;
    bool keep = s->p->momentum_at_refresh == KEEP;
    double *vW = s->velocity + shape->weights, *vb = biases(layer, s->velocity);
    if (keep && s->refreshes > 0) /* before, U = I and c = 0 */
        gradus_whiten(&layer->now, shape->outputs, vW, vb, s->scratch, s->threads);
    gradus_whitening_set(&layer->now, &layer->fresh, s->threads);
    if (keep)
        gradus_unwhiten(&layer->now, shape->outputs, vW, vb, s->scratch, s->threads);
}

/* All layers or none: the function is the same before and after, so that one pass over the
   sample serves them all.  */
static gradus_err refresh(prong_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    gradus_err err = take_statistics(s, oracle, x);
    if (err)
        return err;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
    bool ok = decompose(s);
    for (size_t i = 0; ok && i < s->count; i++)
        if (s->layers[i].whitened)
            change_coordinates(s, &s->layers[i]);
    if (ok && s->p->momentum_at_refresh == RESET)
        memset(s->velocity, 0, s->n * sizeof *s->velocity);
    s->refreshes += ok;
    gradus_oracle_leave(oracle);
    if (!ok)
        report->stop = GRADUS_FAIL_EIGENDECOMPOSITION;
    return GRADUS_OK;
}

/* ---- Step ---- */

static bool due(const prong_t *s) {
    return s->whitened > 0 && s->updates % (size_t)s->p->interval == 0 &&
           (s->updates > 0 || s->p->whitened_start == YES);
}

/* [gW gb] <- [gW gb] A^-1 in every layer.  */
static void precondition(prong_t *s) {
    for (size_t i = 0; i < s->count; i++) {
        layer_t *layer = &s->layers[i];
        if (layer->whitened)
            gradus_precondition(&layer->now, layer->shape.outputs,
                                s->gradient + layer->shape.weights,
                                biases(layer, s->gradient), s->scratch, s->threads);
    }
}

static gradus_err prong_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    prong_t *s = self;
    double *g = s->gradient, *v = s->velocity, value;
    double a = s->p->learning_rate, mu = s->p->momentum;
    gradus_err err = gradus_oracle_gradient(oracle, x, &value, g);
    if (err)
        return err;
    if (!(isfinite(value) && isfinite(gradus_norm(s->n, g, s->threads)))) {
        report->stop = GRADUS_FAIL_DIVERGED;
        return GRADUS_OK;
    }
    if (due(s)) {
        err = refresh(s, oracle, x, report);
        if (err || report->stop)
            return err;
    }
    if (s->refreshes > 0)
        precondition(s);
    for (size_t i = 0; i < s->n; i++) {
        v[i] = mu * v[i] - a * g[i];
        x[i] += v[i];
    }
    s->updates++;
    report->learning_rate = a;
    return GRADUS_OK;
}

const gradus_method_type gradus_method_prong = {
    .name = "prong",
    .brief = "stochastic gradient descent in whitened coordinates",
    .formula = "[vW vb] <- momentum [vW vb] - learning_rate [gW gb] A^-1;  "
               "[W b] <- [W b] + [vW vb];  "
               "A = [Sigma + epsilon I + c c', c; c', 1] of the layer's inputs",
    .citation =
        "Desjardins, Simonyan, Pascanu and Kavukcuoglu, \"Natural neural networks\", "
        "NIPS 2015",
    .notes =
        "Computes in canonical coordinates what the published form does in whitened "
        "ones.  There a refresh is d = b + W c, b = d - W c, without which it would "
        "change the network.  A transported velocity is unchanged in canonical "
        "coordinates, and U enters as U'U only, so that zca and pca differ with "
        "momentum_at_refresh=keep alone.  A layer without biases is whitened by E[h h'], "
        "without centring.",
    .needs = GRADUS_CAN_LAYERS,
    .size = sizeof(prong_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = prong_open,
    .step = prong_step,
};
