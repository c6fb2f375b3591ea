/* Back-propagation: from the losses to the derivatives in every layer's sums, and to the
   gradient.

     d_L = y - t,   d_{l-1} = f'(z_{l-1}) (W_l' d_l),   dW_l = d_l h_{l-1}',   db_l = d_l

   Those in the inputs of the first layer are not computed.  Rumelhart, Hinton and Williams,
   Nature 323, 1986.  */

#include "linalg/product.h"
#include "linalg/vector.h"
#include "problems/network/network_pass.h"

#include <string.h>

enum { LONG_ENOUGH = 1 << 14 }; /* numbers; below, starting threads costs more */

static const gradus_layer *shape_of(const gradus_pass *pass, size_t l) {
    return &pass->net->layers[l].shape;
}

/* ---- From the losses ---- */

static void residual_row(gradus_pass *pass, size_t i, size_t k, double factor,
                         gradus_stream *stream) {
    const double *y = pass->h[pass->net->count] + i * k;
    double *d = pass->d + i * k;
    gradus_target target =
        stream ? pass->net->loss->draw(k, y, stream, d) : pass->targets[i];
    gradus_residual(k, target, factor, y, d);
}

void gradus_pass_residual(gradus_pass *pass, double factor, gradus_stream *stream) {
    size_t k = shape_of(pass, pass->net->count - 1)->outputs;
    bool many = !stream && pass->count * k >= LONG_ENOUGH; /* draws come in order */
    pass->factor = factor;
#pragma omp parallel for num_threads(pass->threads) if (many)
    for (size_t i = 0; i < pass->count; i++)
        residual_row(pass, i, k, factor, stream);
}

/* ---- Down a layer ---- */

/* A tile of f'(z) (d W) in `below`.  */
static void down_tile(const gradus_pass *pass, size_t l, gradus_patch p) {
    size_t n = shape_of(pass, l)->inputs, k = shape_of(pass, l)->outputs;
    size_t at = p.row * n + p.column;
    const gradus_activation *f = &pass->net->layers[l - 1].activation;
    gradus_tile(p.rows, p.columns, k, (gradus_operand){pass->d + p.row * k, k, false},
                (gradus_operand){pass->x + shape_of(pass, l)->weights + p.column, n, false},
                false, pass->below + at, n);
    for (size_t i = 0; i < p.rows; i++)
        f->slope(p.columns, pass->h[l] + at + i * n, pass->below + at + i * n);
}

static void swap(double **a, double **b) {
    double *kept = *a;
    *a = *b;
    *b = kept;
}

void gradus_pass_swap(gradus_pass *pass) {
    swap(&pass->d, &pass->below);
    swap(&pass->Rd, &pass->Rbelow);
}

void gradus_pass_down(gradus_pass *pass, size_t index) {
    gradus_tiling tiling =
        gradus_tile_product(pass->count, shape_of(pass, index + 1)->inputs);
    size_t k = shape_of(pass, index + 1)->outputs;
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(dynamic, 1) if (gradus_tiling_long(&tiling, k))
    for (size_t t = 0; t < tiling.count; t++)
        down_tile(pass, index + 1, gradus_tiling_patch(&tiling, t));
    gradus_pass_swap(pass);
}

/* ---- The gradient ---- */

/* Whether a tile of the gradient is added to what is there: other sums, or l2 times the
   weights, which are put there.  */
static bool begin_tile(const gradus_pass *pass, size_t l, gradus_patch p,
                       const gradus_sums *sums) {
    const gradus_layer *shape = shape_of(pass, l);
    size_t corner = shape->weights + p.row * shape->inputs + p.column;
    double l2 = pass->net->l2;
    if (!sums->begin)
        return true;
    for (size_t i = 0; l2 > 0.0 && i < p.rows; i++)
        for (size_t j = 0; j < p.columns; j++) {
            size_t at = corner + i * shape->inputs + j;
            sums->gradient[at] = l2 * sums->point[at];
        }
    return l2 > 0.0;
}

/* The biases of a tile's rows: sums of columns of d.  */
static void add_biases(const gradus_pass *pass, const gradus_mapped *mapped, size_t outputs,
                       gradus_patch p, const gradus_sums *sums, double *restrict biases) {
    if (sums->begin)
        memset(biases + p.row, 0, p.rows * sizeof *biases);
    for (size_t i = 0; i < pass->count; i++) {
        double share = mapped->shares ? mapped->shares[i] : 1.0;
#pragma omp simd
        for (size_t j = p.row; j < p.row + p.rows; j++)
            biases[j] += share * mapped->d[i * outputs + j];
    }
}

void gradus_pass_gradient_tile(const gradus_pass *pass, size_t l, gradus_patch p,
                               const gradus_mapped *mapped, const gradus_sums *sums) {
    const gradus_layer *shape = shape_of(pass, l);
    bool add = begin_tile(pass, l, p, sums);
    gradus_tile(p.rows, p.columns, pass->count,
                (gradus_operand){mapped->d + p.row, shape->outputs, true},
                (gradus_operand){mapped->h + p.column, shape->inputs, false}, add,
                sums->gradient + shape->weights + p.row * shape->inputs + p.column,
                shape->inputs);
    if (p.column == 0 && shape->biases != GRADUS_NO_BIASES)
        add_biases(pass, mapped, shape->outputs, p, sums, sums->gradient + shape->biases);
}

/* ---- Back ---- */

/* The gradient of a layer and the derivatives below it need the same d and not each other:
   their tiles are shared out together.  */
static void backward_layer(gradus_pass *pass, size_t l, const gradus_sums *sums) {
    const gradus_layer *shape = shape_of(pass, l);
    const gradus_mapped mapped = gradus_pass_map(pass, l);
    gradus_tiling down = gradus_tile_product(pass->count, shape->inputs),
                  grad = gradus_tile_product(shape->outputs, shape->inputs);
    size_t downs = l > 0 ? down.count : 0;
    bool many = gradus_tiling_long(&grad, pass->count) ||
                (downs && gradus_tiling_long(&down, shape->outputs));
#pragma omp parallel for num_threads(pass->threads) schedule(dynamic, 1) if (many)
    for (size_t t = 0; t < downs + grad.count; t++)
        if (t < downs)
            down_tile(pass, l, gradus_tiling_patch(&down, t));
        else
            gradus_pass_gradient_tile(pass, l, gradus_tiling_patch(&grad, t - downs),
                                      &mapped, sums);
    gradus_pass_swap(pass);
}

void gradus_pass_gradient(gradus_pass *pass, const gradus_sums *sums) {
    for (size_t l = pass->net->count; l-- > 0;) {
        if (pass->net->layers[l].normalised)
            gradus_pass_normalise_back(pass, l, sums);
        backward_layer(pass, l, sums);
    }
}

/* ---- Evaluation ---- */

static void evaluate_some(const gradus_network_job *job, gradus_pass *pass,
                          const gradus_batch *batch, size_t first, size_t count,
                          double totals[], const gradus_sums *sums) {
    gradus_pass_forward(pass, job->view, batch, first, count, job->x);
    totals[GRADUS_LOSS] += gradus_pass_respond(pass);
    if (!sums->gradient)
        return;
    gradus_pass_residual(pass, job->factor, NULL);
    pass->mapping = job->mapping;
    gradus_pass_gradient(pass, sums);
    gradus_pass_end_mapping(pass, sums->gradient);
}

static double regulariser(const gradus_network *net, const double x[]) {
    double square = 0.0;
    for (size_t l = 0; net->l2 > 0.0 && l < net->count; l++) {
        const gradus_layer *shape = &net->layers[l].shape;
        const double *W = x + shape->weights;
        square += gradus_dot(shape->outputs * shape->inputs, W, W, net->threads);
    }
    return 0.5 * net->l2 * square;
}

gradus_err gradus_network_mapped_gradient(void *self, const gradus_batch *batch,
                                          const double x[], gradus_mapping *mapping,
                                          double *value, double gradient[]) {
    gradus_network *net = self;
    const gradus_network_job job = {.view = &net->examples.training,
                                    .x = x,
                                    .factor = 1.0 / (double)batch->count,
                                    .mapping = mapping,
                                    .work = evaluate_some};
    double totals[GRADUS_TOTALS];
    if (mapping)
        mapping->square = mapping->product = 0.0;
    gradus_network_sum(net, &job, batch, x, totals, gradient);
    if (value)
        *value = totals[GRADUS_LOSS] * job.factor + regulariser(net, x);
    return GRADUS_OK;
}

gradus_err gradus_network_evaluate(void *self, const gradus_batch *batch, const double x[],
                                   double *value, double gradient[]) {
    return gradus_network_mapped_gradient(self, batch, x, NULL, value, gradient);
}

gradus_err gradus_network_signals(void *self, const gradus_batch *batch,
                                  gradus_stream *targets, const double x[],
                                  double *const inputs[], double *const signals[]) {
    gradus_network *net = self;
    gradus_pass pass;
    gradus_pass_open(&pass, net, net->memory, net->chunk, net->threads);
    size_t most = gradus_pass_examples(net, batch->count);
    for (size_t first = 0, size; first < batch->count; first += size) {
        size = batch->count - first < most ? batch->count - first : most;
        gradus_pass_forward(&pass, &net->examples.training, batch, first, size, x);
        gradus_pass_copy_inputs(&pass, first, inputs);
        gradus_pass_respond(&pass);
        gradus_pass_residual(&pass, 1.0, targets);
        for (size_t l = net->count; l-- > 0;) {
            size_t width = shape_of(&pass, l)->outputs;
            if (signals[l])
                memcpy(signals[l] + first * width, pass.d, size * width * sizeof *pass.d);
            if (l > 0)
                gradus_pass_down(&pass, l - 1);
        }
    }
    return GRADUS_OK;
}
