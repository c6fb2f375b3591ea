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
   by A^-1.  One product a layer does it, by (Sigma + epsilon I)^-1, which Cholesky's factor
   gives at a fraction of the eigenvectors' cost; these are found where the factor does not
   exist to working precision, and where momentum_at_refresh=keep needs them.  A velocity in
   canonical coordinates is a displacement that a refresh does not change.

   [gW gb] is a sum of products of signals with inputs, and A^-1 may be applied to either side
   of it: to the inputs of the batch where that takes fewer multiplications and the problem can
   form a gradient from them, or else to the gradient.  An update that refreshes
   needs its gradient first, to see whether the network has diverged.

   The square of the gradient's length in whitened coordinates, which clip_whitened bounds, is
   the product of [gW gb] and [gW gb] A^-1, summed over the layers; what is not whitened
   counts as with A = I.

   With plus=yes the gradient is also divided, unit by unit, by the second moments of
   signals.h: K-FAC (Martens and Grosse, ICML 2015) with a diagonal G.  */

#include "core/settings.h"
#include "first_order/metric.h"
#include "first_order/momentum.h"
#include "prong/signals.h"
#include "prong/statistics.h"

#include <math.h>

#include <stdio.h>
#include <string.h>

enum { YES, NO };
enum { ZCA, PCA };
enum { TRANSPORT, RESET, KEEP };

typedef struct {
    gradus_descent_params descent;
    double momentum, epsilon, clip_whitened;
    long interval, samples;
    long whiten_input, whitened_start, form, diagonal, momentum_at_refresh;
    long plus;
    double plus_epsilon, plus_decay;
    long plus_interval, plus_samples;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.01, 1e-3, 1e-1, 3,
                        "Step size in whitened coordinates."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0, 0.9, 2},
     .help = "Fraction of the last step kept; 0 is plain descent."},
    {GRADUS_FIELD(params_t, epsilon), .initial = 0.1, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG, .grid = {1e-3, 1e-1, 3},
     .help = "Added to the eigenvalues of the covariance; the step size of a weight is "
             "multiplied by at most 1/epsilon.  With 0, inputs that depend on each other "
             "end the run."},
    {GRADUS_FIELD(params_t, clip_whitened), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .unset = "none",
     .help = "Longest gradient in whitened coordinates, after clip_norm and clip_value; a "
             "longer one is shortened to it before momentum is added.  What is not whitened "
             "counts as it is, and before the first refresh that is everything."},
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
    {GRADUS_FIELD(params_t, plus), .choices = "yes|no", .initial = NO,
     .help = "Whether to divide the gradient of every unit by the second moment of its "
             "back-propagated signal too: K-FAC with a diagonal G."},
    {GRADUS_FIELD(params_t, plus_epsilon), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .unset = "auto",
     .help = "Added to these moments, times their mean over the layer (auto: 0.1)."},
    {GRADUS_FIELD(params_t, plus_decay), .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .unset = "auto",
     .help = "Share of their running averages that a fresh sample leaves (auto: 0.9)."},
    {GRADUS_FIELD(params_t, plus_interval), .minimum = 1, .maximum = 9007199254740992.0,
     .flags = GRADUS_LOG, .unset = "auto",
     .help = "Updates between samples for them (auto: 10)."},
    {GRADUS_FIELD(params_t, plus_samples), .minimum = 1, .maximum = 9007199254740992.0,
     .flags = GRADUS_LOG, .unset = "auto",
     .help = "Training examples, drawn anew, of such a sample (auto: 100); at most all of "
             "them."},
    {0}};

static const double PLUS_EPSILON = 0.1, PLUS_DECAY = 0.9;
enum { PLUS_INTERVAL = 10, PLUS_SAMPLES = 100 };

/* What a checkpoint holds of a layer, under a name of its own.  */
enum { CENTER, SCALE, BASIS, INVERSE, KEPT };
static const char *const kept[KEPT] = {"center", "scale", "eigenvectors", "inverse"};

typedef struct {
    gradus_layer shape;
    gradus_whitening now;
    char names[KEPT][40];
} layer_t;

typedef struct {
    gradus_momentum momentum;
    const params_t *p;
    layer_t *layers;              /* as many as the statistics have */
    gradus_statistics statistics; /* of the refresh under way */
    size_t refreshes;
    double *scratch;        /* statistics.largest_weights */
    gradus_layer_map *maps; /* layers; NULL when gradients cannot be had with them */
    gradus_mapping mapping;
    gradus_metric metric; /* of the whitened coordinates; with clip_whitened */
    gradus_signals signals;
    size_t signals_interval; /* 0: without signals */
} prong_t;

static gradus_err prong_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    if (p->plus == NO &&
        (gradus_real_given(p->plus_epsilon) || gradus_real_given(p->plus_decay) ||
         gradus_integer_given(p->plus_interval) || gradus_integer_given(p->plus_samples)))
        return gradus_fail(why, GRADUS_EINPUT,
                           "prong: keys that begin with plus_ need plus=yes");
    return gradus_descent_check(values, why);
}

/* ---- Open ---- */

static double *vector(gradus_state *state, layer_t *layer, size_t index, int what,
                      size_t count) {
    snprintf(layer->names[what], sizeof layer->names[what], "%s-%zu", kept[what], index);
    return gradus_state_vector(state, layer->names[what], count);
}

/* Eigenvectors are needed from one refresh to the next only to keep a velocity's numbers.
 */
static void open_layer(prong_t *s, size_t index, gradus_state *state) {
    layer_t *layer = &s->layers[index];
    bool diagonal = s->statistics.diagonal, keep = s->p->momentum_at_refresh == KEEP;
    size_t n = s->statistics.shapes[index].inputs;
    layer->shape = s->statistics.shapes[index];
    layer->now = (gradus_whitening){
        .inputs = n,
        .diagonal = diagonal,
        .pca = s->p->form == PCA,
        .center = vector(state, layer, index, CENTER, n),
        .scale = vector(state, layer, index, SCALE, n),
        .basis = diagonal || !keep ? NULL : vector(state, layer, index, BASIS, n * n),
        .inverse = diagonal ? NULL : vector(state, layer, index, INVERSE, n * n)};
}

static size_t count_or(long given, size_t otherwise) {
    return gradus_integer_given(given) ? (size_t)given : otherwise;
}

static void open_signals(prong_t *s, gradus_oracle *oracle, gradus_state *state) {
    const params_t *p = s->p;
    s->signals_interval = count_or(p->plus_interval, PLUS_INTERVAL);
    s->signals = (gradus_signals){
        .samples = count_or(p->plus_samples, PLUS_SAMPLES),
        .first = s->statistics.first,
        .decay = gradus_real_given(p->plus_decay) ? p->plus_decay : PLUS_DECAY,
        .epsilon = gradus_real_given(p->plus_epsilon) ? p->plus_epsilon : PLUS_EPSILON};
    gradus_signals_open(&s->signals, oracle, state);
}

static bool clips(const prong_t *s) { return gradus_real_given(s->p->clip_whitened); }

static gradus_err prong_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    prong_t *s = self;
    s->p = values;
    if (s->p->plus == YES && !(gradus_oracle_abilities(oracle) & GRADUS_CAN_SIGNALS))
        return gradus_fail(why, GRADUS_EUNSUPPORTED,
                           "prong with plus=yes needs back-propagated signals, which the "
                           "problem does not have");
    gradus_err err = gradus_momentum_open(&s->momentum, &s->p->descent, s->p->momentum,
                                          oracle, state, why);
    if (err)
        return err;
    gradus_state_keep_size(state, "refreshes", &s->refreshes);
    s->statistics = (gradus_statistics){.samples = (size_t)s->p->samples,
                                        .epsilon = s->p->epsilon,
                                        .diagonal = s->p->diagonal == YES,
                                        .inverse = s->p->momentum_at_refresh != KEEP,
                                        .first = s->p->whiten_input == YES ? 0 : 1};
    err = gradus_statistics_open(&s->statistics, "prong with diagonal=no", oracle, state,
                                 why);
    s->layers = gradus_state_scratch(state, s->statistics.layers, sizeof *s->layers);
    if (err || !s->layers) /* without memory the run refuses */
        return err;
    for (size_t i = s->statistics.first; i < s->statistics.layers; i++)
        open_layer(s, i, state);
    s->scratch = gradus_state_scratch(state, s->statistics.largest_weights, sizeof(double));
    if (!s->statistics.diagonal && gradus_descent_can_map(&s->p->descent, oracle))
        s->maps = gradus_state_scratch(state, s->statistics.layers, sizeof *s->maps);
    if (clips(s))
        gradus_metric_open(&s->metric, oracle, state);
    if (s->p->plus == YES)
        open_signals(s, oracle, state);
    return GRADUS_OK;
}

/* ---- Refresh ---- */

static double *biases(const layer_t *layer, double vector[]) {
    size_t offset = layer->shape.biases;
    return offset == GRADUS_NO_BIASES ? NULL : vector + offset;
}

/* Moves to the fresh coordinates.  The velocity is a displacement, which stays; to keep its
   numbers instead, they are read off in the old coordinates and put down in the new.  */
static void change_coordinates(prong_t *s, layer_t *layer, gradus_moments *fresh) {
    const gradus_layer *shape = &layer->shape;
    size_t threads = s->statistics.threads;
    double *v = s->momentum.v;
    bool keep = v && s->p->momentum_at_refresh == KEEP;
    if (keep && s->refreshes > 0) /* before, U = I and c = 0 */
        gradus_whiten(&layer->now, shape->outputs, v + shape->weights, biases(layer, v),
                      s->scratch, threads);
    gradus_whitening_set(&layer->now, fresh, threads);
    if (keep)
        gradus_unwhiten(&layer->now, shape->outputs, v + shape->weights, biases(layer, v),
                        s->scratch, threads);
}

/* All layers or none.  */
static gradus_err refresh(prong_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    gradus_err err = gradus_statistics_take(&s->statistics, oracle, x);
    if (err)
        return err;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
    bool ok = gradus_statistics_decompose(&s->statistics, report);
    for (size_t i = s->statistics.first; ok && i < s->statistics.layers; i++)
        change_coordinates(s, &s->layers[i], &s->statistics.moments[i]);
    if (ok && s->momentum.v && s->p->momentum_at_refresh == RESET)
        memset(s->momentum.v, 0, s->momentum.descent.n * sizeof(double));
    s->refreshes += ok;
    gradus_oracle_leave(oracle);
    return GRADUS_OK;
}

/* ---- Step ---- */

static bool due(const prong_t *s) {
    return s->statistics.layers > s->statistics.first &&
           s->momentum.descent.updates % (size_t)s->p->interval == 0 &&
           (s->momentum.descent.updates > 0 || s->p->whitened_start == YES);
}

/* Maps of the inputs of the layers where that is cheaper; NULL when there are none.  */
static gradus_mapping *choose_mapping(prong_t *s, const gradus_oracle *oracle) {
    bool any = false;
    if (!s->maps || s->refreshes == 0)
        return NULL;
    for (size_t i = s->statistics.first; i < s->statistics.layers; i++) {
        const layer_t *layer = &s->layers[i];
        bool pays = gradus_descent_map_pays(&s->momentum.descent, oracle, &layer->shape,
                                            false, clips(s));
        s->maps[i] = (gradus_layer_map){.center = layer->now.center,
                                        .matrix = pays ? layer->now.inverse : NULL,
                                        .stride = layer->now.inputs,
                                        .unit = 1.0};
        any = any || pays;
    }
    s->mapping = (gradus_mapping){.layers = s->maps, .wants_product = clips(s)};
    return any ? &s->mapping : NULL;
}

/* [gW gb] <- [gW gb] A^-1 in every layer whose inputs were not mapped.  */
static void precondition_layers(prong_t *s) {
    const gradus_mapping *mapping = s->momentum.descent.mapping;
    double *g = s->momentum.descent.g;
    for (size_t i = s->statistics.first; i < s->statistics.layers; i++) {
        layer_t *layer = &s->layers[i];
        if (!mapping || !mapping->layers[i].matrix)
            gradus_precondition(&layer->now, layer->shape.outputs, g + layer->shape.weights,
                                biases(layer, g), s->scratch, s->statistics.threads);
    }
}

/* Does that where there are coordinates, and finds what the rate is multiplied by to make the
   gradient's length in them at most clip_whitened.  A length that is 0 but for rounding may
   be the root of less than 0.  */
static double precondition(prong_t *s) {
    const gradus_descent *descent = &s->momentum.descent;
    if (clips(s))
        gradus_metric_note(&s->metric, descent);
    if (s->refreshes > 0)
        precondition_layers(s);
    if (!clips(s))
        return 1.0;
    double length = sqrt(gradus_metric_product(&s->metric, descent));
    return length > s->p->clip_whitened ? s->p->clip_whitened / length : 1.0;
}

/* Takes the sample that is due and divides.  */
static gradus_err divide_by_signals(prong_t *s, gradus_oracle *oracle, const double x[],
                                    gradus_report *report) {
    gradus_err err = GRADUS_OK;
    bool finite = true;
    if (s->signals.taken == 0 || s->momentum.descent.updates % s->signals_interval == 0)
        err = gradus_signals_take(&s->signals, oracle, x, &finite);
    if (!finite)
        report->stop = GRADUS_FAIL_DIVERGED;
    else if (!err)
        gradus_signals_divide(&s->signals, s->momentum.descent.g);
    return err;
}

static gradus_err prong_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    prong_t *s = self;
    bool fresh = due(s);
    s->momentum.descent.mapping = fresh ? NULL : choose_mapping(s, oracle);
    gradus_err err = gradus_descent_begin(&s->momentum.descent, oracle, x, x, report);
    if (!err && !report->stop && fresh)
        err = refresh(s, oracle, x, report);
    if (err || report->stop)
        return err;
    double factor = precondition(s);
    if (s->refreshes > 0 && s->signals_interval > 0)
        err = divide_by_signals(s, oracle, x, report);
    if (err || report->stop)
        return err;
    gradus_momentum_move(&s->momentum, factor * report->learning_rate, x);
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
        "without centring.  clip_norm and clip_value act on the canonical gradient, "
        "clip_whitened on what descent in whitened coordinates would follow: on deep "
        "networks, whose gradients are long there at first, it allows the learning rate "
        "that is fast later.  With plus=yes it comes before the division, "
        "whose result it does not bound.",
    .needs = GRADUS_CAN_LAYERS,
    .size = sizeof(prong_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = prong_check,
    .open = prong_open,
    .step = prong_step,
};
