/* Networks: from widths to layers, memory, and the entries that evaluate nothing.  */

#include "problems/network/network.h"

#include "base/memory.h"
#include "base/memory_limit.h"
#include "core/settings.h"
#include "problems/network/network_pass.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    NORMALISED_CHUNK = 1024, /* of one whose examples are normalised together */
    CHUNK = 512,          /* examples of a pass: products run at speed from half of it on */
    MOST_UNITS = 1000000, /* of a layer */
    BLOCK_PARAMETERS = 1 << 19 /* sums of blocks are kept for networks of up to so many */
};

/* ---- Layers ---- */

/* Reads "1000-500-250" into widths[], as many as *COUNT.  */
static gradus_err read_widths(const char *name, const char *text, size_t widths[],
                              size_t *count, gradus_error *why) {
    const char *at = text;
    for (*count = 0;; at++) {
        char *end;
        errno = 0;
        long width = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
        if (width < 1 || width > MOST_UNITS || errno || (*end != '-' && *end != '\0'))
            return gradus_fail(
                why, GRADUS_EINPUT,
                "%s: layers=%s: layer %zu: expected a number of units from 1 "
                "to %d, with '-' before the next",
                name, text, *count + 1, MOST_UNITS);
        if (*count == GRADUS_MOST_LAYERS / 2 - 1)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: layers=%s: expected at most %d layers", name, text,
                               GRADUS_MOST_LAYERS / 2 - 1);
        widths[(*count)++] = (size_t)width;
        at = end;
        if (*at == '\0')
            return GRADUS_OK;
    }
}

static void add_layer(gradus_network *net, size_t outputs, bool normalised,
                      gradus_activation activation) {
    gradus_network_layer *layer = &net->layers[net->count];
    size_t inputs = net->count ? layer[-1].shape.outputs : net->examples.training.columns;
    size_t weights = net->dimension, end = weights + outputs * inputs;
    layer->shape = (gradus_layer){.inputs = inputs,
                                  .outputs = outputs,
                                  .weights = weights,
                                  .biases = normalised ? GRADUS_NO_BIASES : end};
    layer->activation = activation;
    layer->normalised = normalised;
    layer->gamma = end;
    layer->beta = end + outputs;
    layer->unit = net->normalisation.units;
    net->count++;
    net->dimension = end + (normalised ? 2 * outputs : outputs);
    net->normalisation.units += normalised ? outputs : 0;
    net->widths += outputs;
    net->widest = outputs > net->widest ? outputs : net->widest;
}

/* The hidden layers, with a decoder that mirrors them around the linear code when the network
   is to reconstruct; then the outputs.  */
static gradus_err build(gradus_network *net, const gradus_network_request *request,
                        gradus_error *why) {
    const gradus_activation hidden = gradus_activation_get(request->values->activation),
                            linear = gradus_activation_get(GRADUS_LINEAR);
    size_t widths[GRADUS_MOST_LAYERS], count, inputs = net->examples.training.columns;
    gradus_err err =
        read_widths(request->name, request->values->layers, widths, &count, why);
    if (err)
        return err;
    if (inputs > MOST_UNITS)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s has %zu features, expected at most %d", request->name,
                           request->values->data, inputs, MOST_UNITS);
    net->widths = net->widest = inputs;
    bool normalised = request->values->batch_norm;
    for (size_t i = 0; i < count; i++)
        add_layer(net, widths[i], normalised,
                  net->reconstructs && i == count - 1 ? linear : hidden);
    for (size_t i = count - 1; net->reconstructs && i > 0; i--)
        add_layer(net, widths[i - 1], normalised, hidden);
    add_layer(net, net->reconstructs ? inputs : net->examples.classes, false, linear);
    return GRADUS_OK;
}

/* ---- Data ---- */

static gradus_err open_examples(gradus_network *net, const gradus_network_request *request,
                                gradus_error *why) {
    const gradus_network_values *values = request->values;
    const gradus_examples_request wanted = {
        .owner = request->name,
        .data = values->data,
        .test = values->test,
        .validation = values->validation,
        .features = gradus_integer_given(values->features) ? (size_t)values->features : 0,
        .scaling = (gradus_scaling)values->scaling,
        .unlabelled = request->reconstructs};
    gradus_err err = gradus_examples_open(&net->examples, &wanted, why);
    if (!err && !request->reconstructs && net->examples.classes < 2)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: %s: expected two classes or more, found %zu", request->name,
                          values->data, net->examples.classes);
    return err;
}

/* ---- Memory of a pass ---- */

/* What is handed out from the front of BASE, or counted when that is NULL.  */
typedef struct {
    double *base;
    size_t used;
} cursor_t;

/* COUNT doubles; the next ones stay on a cache line.  */
static double *take(cursor_t *cursor, size_t count) {
    double *taken = cursor->base ? cursor->base + cursor->used : NULL;
    cursor->used += (count + 7) / 8 * 8;
    return taken;
}

static void lay_out(gradus_pass *pass, cursor_t *cursor, size_t most) {
    const gradus_network *net = pass->net;
    size_t widest = most * net->widest;
    pass->h[0] = take(cursor, most * net->layers[0].shape.inputs);
    for (size_t l = 0; l < net->count; l++)
        pass->h[l + 1] = take(cursor, most * net->layers[l].shape.outputs);
    for (size_t l = 0; l < net->count; l++)
        pass->Rh[l + 1] = take(cursor, most * net->layers[l].shape.outputs);
    pass->d = take(cursor, widest);
    pass->below = take(cursor, widest);
    pass->Rd = take(cursor, widest);
    pass->Rbelow = take(cursor, widest);
    pass->losses = take(cursor, most);
    pass->shares = take(cursor, most);
    size_t mapped = most < GRADUS_MOST_MAPPED ? most : GRADUS_MOST_MAPPED;
    for (size_t i = 0; i < 2; i++)
        pass->grams[i] = take(cursor, mapped * mapped);
    size_t bytes = most * sizeof *pass->targets;
    pass->targets =
        (gradus_target *)take(cursor, (bytes + sizeof(double) - 1) / sizeof(double));
}

size_t gradus_pass_size(const gradus_network *net, size_t count) {
    gradus_pass pass = {.net = net};
    cursor_t cursor = {0};
    lay_out(&pass, &cursor, count);
    return cursor.used;
}

size_t gradus_pass_examples(const gradus_network *net, size_t count) {
    size_t passes = (count + net->chunk - 1) / net->chunk;
    return (count + passes - 1) / passes;
}

void gradus_pass_open(gradus_pass *pass, const gradus_network *net, double memory[],
                      size_t most, size_t threads) {
    *pass = (gradus_pass){.net = net, .threads = threads};
    pass->y = pass->Rh;
    lay_out(pass, &(cursor_t){.base = memory}, most);
}

/* ---- Open and close ---- */

static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static gradus_err allocate_statistics(gradus_normalisation *n) {
    n->mean = GRADUS_NEW(n->units, double);
    n->variance = GRADUS_NEW(n->units, double);
    n->inverse = GRADUS_NEW(n->units, double);
    n->batch_mean = GRADUS_NEW(n->units, double);
    n->batch_variance = GRADUS_NEW(n->units, double);
    return n->mean && n->variance && n->inverse && n->batch_mean && n->batch_variance
               ? GRADUS_OK
               : GRADUS_ENOMEM;
}

static gradus_err allocate(gradus_network *net, size_t threads) {
    const gradus_examples *e = &net->examples;
    bool normalises = net->normalisation.units > 0;
    size_t largest = most(e->training.count, most(e->test.count, e->validation.count));
    size_t chunk = normalises ? NORMALISED_CHUNK : CHUNK;
    net->threads = threads;
    net->chunk = largest < chunk ? largest : chunk;
    double least = 3 * (double)net->dimension; /* a point, a gradient and `unit` */
    if (!gradus_memory_fits(sizeof(double) *
                            (least + (double)gradus_pass_size(net, net->chunk))))
        return GRADUS_ENOMEM;
    net->memory = GRADUS_NEW(gradus_pass_size(net, net->chunk), double);
    net->unit = GRADUS_NEW(net->dimension, double);
    if (!net->memory || !net->unit)
        return GRADUS_ENOMEM;
    if (normalises)
        return allocate_statistics(&net->normalisation);
    if (net->dimension > BLOCK_PARAMETERS || largest <= chunk)
        return GRADUS_OK;
    return gradus_blocks_open(&net->blocks, largest, GRADUS_TOTALS + net->dimension,
                              gradus_pass_size(net, GRADUS_PASS_PIECE) * sizeof(double),
                              threads);
}

gradus_err gradus_network_open(gradus_network *net, const gradus_network_request *request,
                               size_t threads, gradus_error *why) {
    *net = (gradus_network){.loss = request->loss,
                            .reconstructs = request->reconstructs,
                            .initialization = request->values->initialization,
                            .scale = request->values->scale,
                            .l2 = request->values->l2};
    gradus_err err = open_examples(net, request, why);
    if (!err)
        err = build(net, request, why);
    if (!err && allocate(net, threads))
        err = gradus_fail(why, GRADUS_ENOMEM,
                          "%s: layers=%s: out of memory for %zu parameters", request->name,
                          request->values->layers, net->dimension);
    return err;
}

void gradus_network_close(void *self) {
    gradus_network *net = self;
    gradus_blocks_close(net->blocks);
    gradus_examples_close(&net->examples);
    gradus_free(net->memory);
    gradus_free(net->unit);
    gradus_free(net->normalisation.mean);
    gradus_free(net->normalisation.variance);
    gradus_free(net->normalisation.inverse);
    gradus_free(net->normalisation.batch_mean);
    gradus_free(net->normalisation.batch_variance);
}

size_t gradus_network_dimension(const void *self) {
    return ((const gradus_network *)self)->dimension;
}

size_t gradus_network_examples(const void *self) {
    return ((const gradus_network *)self)->examples.training.count;
}

void gradus_network_start(const void *self, gradus_stream *stream, double x[]) {
    const gradus_network *net = self;
    memset(x, 0, net->dimension * sizeof *x);
    for (size_t l = 0; l < net->count; l++) {
        const gradus_layer *shape = &net->layers[l].shape;
        gradus_initialize(net->initialization, net->scale, shape->inputs, shape->outputs,
                          stream, x + shape->weights);
        for (size_t i = 0; net->layers[l].normalised && i < shape->outputs; i++)
            x[net->layers[l].gamma + i] = 1.0;
    }
}

/* ---- Sums over a batch ---- */

/* What every example's loss depends on all of them for has no products yet, and no signals
   of its own.  A map of the inputs would have to go into the regulariser's part of the gradient
   too.  */
unsigned gradus_network_lacks(const void *self) {
    const gradus_network *net = self;
    return (net->normalisation.units ? GRADUS_CAN_PRODUCT | GRADUS_CAN_HESSIAN |
                                           GRADUS_CAN_GAUSS_NEWTON | GRADUS_CAN_SIGNALS
                                     : 0u) |
           (net->l2 > 0.0 ? GRADUS_CAN_MAP : 0u);
}

/* ---- The layer view ---- */

size_t gradus_network_layers(const void *self) {
    return ((const gradus_network *)self)->count;
}

void gradus_network_layer_at(const void *self, size_t index, gradus_layer *out) {
    *out = ((const gradus_network *)self)->layers[index].shape;
}

/* ---- Data that are not trained on, and where data came from ---- */

size_t gradus_network_subset_examples(const void *self, gradus_subset subset) {
    const gradus_examples *e = &((const gradus_network *)self)->examples;
    return subset == GRADUS_TEST ? e->test.count : e->validation.count;
}

void gradus_network_sources(const void *self,
                            void (*emit)(void *context, const char *path,
                                         const char *checksum),
                            void *context) {
    const gradus_examples *e = &((const gradus_network *)self)->examples;
    for (size_t i = 0; i < sizeof e->sets / sizeof *e->sets; i++)
        for (size_t j = 0; j < e->sets[i].source_count; j++)
            emit(context, e->sets[i].sources[j].path, e->sets[i].sources[j].checksum);
}
