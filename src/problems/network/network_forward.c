/* From the examples to the outputs of the last layer, and to their losses.  */

#include "core/blocks.h"
#include "linalg/product.h"
#include "problems/network/network_pass.h"

#include <string.h>

enum {
    ROWS = 16,            /* of a task that is done row by row */
    LONG_ENOUGH = 1 << 14 /* numbers; below, starting threads costs more */
};

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

size_t gradus_pass_outputs(const gradus_pass *pass) {
    return pass->net->layers[pass->net->count - 1].shape.outputs;
}

double gradus_pass_respond(gradus_pass *pass) {
    size_t k = gradus_pass_outputs(pass);
    double total = 0.0, *outputs = pass->h[pass->net->count];
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(static, ROWS) if (pass->count * k >= LONG_ENOUGH)
    for (size_t i = 0; i < pass->count; i++)
        pass->losses[i] = pass->net->loss->respond(k, pass->targets[i], outputs + i * k);
    for (size_t i = 0; i < pass->count; i++)
        total += pass->losses[i];
    return total;
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
