/* From the examples to the outputs of the last layer, and to their losses.  */

#include "core/blocks.h"
#include "linalg/product.h"
#include "problems/network_pass.h"

#include <string.h>

enum {
    ROWS = 16,            /* of a task that is done row by row */
    LONG_ENOUGH = 1 << 14 /* numbers; below, starting threads costs more */
};

/* ---- Memory ---- */

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

/* ---- Forward ---- */

/* The examples as numbers, and what the outputs should be.  */
static void load(gradus_pass *pass, const gradus_view *view, const gradus_batch *batch,
                 size_t first) {
    const gradus_network *net = pass->net;
    size_t inputs = view->columns;
    bool labels = !net->reconstructs;
#pragma omp parallel for num_threads(pass->threads) if (pass->count * inputs >= LONG_ENOUGH)
    for (size_t i = 0; i < pass->count; i++) {
        size_t row = gradus_batch_row(batch, first + i);
        double *h = pass->h[0] + i * inputs;
        gradus_examples_row(&net->examples, view, row, h);
        pass->targets[i] = (gradus_target){.values = labels ? NULL : h,
                                           .label = labels ? view->targets[row] : 0};
    }
}

/* h_l = f(h_{l-1} W' + b); of a normalised layer the sums alone.  */
static void forward_layer(gradus_pass *pass, size_t l) {
    const gradus_network_layer *layer = &pass->net->layers[l];
    size_t k = layer->shape.inputs, n = layer->shape.outputs;
    const double *below = pass->h[l], *W = pass->x + layer->shape.weights,
                 *b = layer->normalised ? NULL : pass->x + layer->shape.biases;
    double *h = pass->h[l + 1];
    gradus_tiling tiling = gradus_tile_product(pass->count, n);
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(dynamic, 1) if (gradus_tiling_long(&tiling, k))
    for (size_t t = 0; t < tiling.count; t++) {
        gradus_patch p = gradus_tiling_patch(&tiling, t);
        double *corner = h + p.row * n + p.column;
        gradus_tile(p.rows, p.columns, k, (gradus_operand){below + p.row * k, k, false},
                    (gradus_operand){W + p.column * k, k, true}, false, corner, n);
        for (size_t i = 0; b && i < p.rows; i++)
            layer->activation.apply(p.columns, b + p.column, corner + i * n);
    }
}

void gradus_pass_forward(gradus_pass *pass, const gradus_view *view,
                         const gradus_batch *batch, size_t first, size_t count,
                         const double x[]) {
    pass->count = count;
    pass->x = x;
    load(pass, view, batch, first);
    for (size_t l = 0; l < pass->net->count; l++) {
        forward_layer(pass, l);
        if (pass->net->layers[l].normalised)
            gradus_pass_normalise(pass, l);
    }
}

/* ---- Losses ---- */

static size_t outputs_of(const gradus_pass *pass) {
    return pass->net->layers[pass->net->count - 1].shape.outputs;
}

double gradus_pass_respond(gradus_pass *pass) {
    size_t k = outputs_of(pass);
    double total = 0.0, *outputs = pass->h[pass->net->count];
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(static, ROWS) if (pass->count * k >= LONG_ENOUGH)
    for (size_t i = 0; i < pass->count; i++)
        pass->losses[i] = pass->net->loss->respond(k, pass->targets[i], outputs + i * k);
    for (size_t i = 0; i < pass->count; i++)
        total += pass->losses[i];
    return total;
}

/* ---- Layer inputs ---- */

gradus_err gradus_network_inputs(void *self, const gradus_batch *batch, const double x[],
                                 double *const inputs[]) {
    gradus_network *net = self;
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    size_t most = gradus_pass_examples(net, batch->count);
    for (size_t first = 0, size; first < batch->count; first += size) {
        size = batch->count - first < most ? batch->count - first : most;
        gradus_pass_forward(&pass, &net->examples.training, batch, first, size, x);
        gradus_pass_copy_inputs(&pass, first, inputs);
    }
    return GRADUS_OK;
}

void gradus_pass_copy_inputs(const gradus_pass *pass, size_t first,
                             double *const inputs[]) {
    for (size_t l = 0; l < pass->net->count; l++) {
        size_t width = pass->net->layers[l].shape.inputs;
        if (inputs[l])
            memcpy(inputs[l] + first * width, pass->h[l],
                   pass->count * width * sizeof *inputs[l]);
    }
}

/* ---- Measuring ---- */

/* totals: loss, examples classified right, squared error.  */
static void measure_some(const gradus_network_job *job, gradus_pass *pass,
                         const gradus_batch *batch, size_t first, size_t count,
                         double totals[], const gradus_sums *sums) {
    size_t k = outputs_of(pass);
    (void)sums;
    gradus_pass_forward(pass, job->view, batch, first, count, job->x);
    totals[GRADUS_LOSS] += gradus_pass_respond(pass);
    for (size_t i = 0; i < count; i++) {
        const double *y = pass->h[pass->net->count] + i * k, *t = pass->targets[i].values;
        size_t best = 0;
        for (size_t j = 0; j < k; j++) {
            best = y[j] > y[best] ? j : best;
            totals[GRADUS_ERROR] += t ? (y[j] - t[j]) * (y[j] - t[j]) : 0.0;
        }
        totals[GRADUS_RIGHT] += best == pass->targets[i].label ? 1.0 : 0.0;
    }
}

/* The mean loss and the share classified right; of a network that reconstructs, the mean
   squared error of a reconstruction.  */
gradus_err gradus_network_measure(void *self, gradus_subset subset, size_t examples,
                                  const double x[], gradus_metrics *out) {
    gradus_network *net = self;
    const gradus_network_job job = {
        .view = subset == GRADUS_TEST ? &net->examples.test : &net->examples.validation,
        .x = x,
        .work = measure_some};
    const gradus_batch first = {.count = examples};
    double totals[GRADUS_TOTALS], count = (double)examples;
    gradus_network_sum(net, &job, &first, NULL, totals, NULL);
    *out = net->reconstructs
               ? (gradus_metrics){.value = totals[GRADUS_ERROR] / count, .accuracy = NAN}
               : (gradus_metrics){.value = totals[GRADUS_LOSS] / count,
                                  .accuracy = totals[GRADUS_RIGHT] / count};
    return GRADUS_OK;
}

gradus_err gradus_network_reconstruct(void *self, size_t count, const double x[],
                                      double inputs[], double outputs[]) {
    gradus_network *net = self;
    const gradus_examples *e = &net->examples;
    const gradus_view *view = e->test.count >= count ? &e->test : &e->training;
    const gradus_batch batch = {.count = count};
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    size_t most = gradus_pass_examples(net, count), width = view->columns;
    for (size_t first = 0, size; first < count; first += size) {
        size = count - first < most ? count - first : most;
        gradus_pass_forward(&pass, view, &batch, first, size, x);
        gradus_pass_respond(&pass);
        memcpy(inputs + first * width, pass.h[0], size * width * sizeof *inputs);
        memcpy(outputs + first * width, pass.h[net->count], size * width * sizeof *outputs);
    }
    return GRADUS_OK;
}
