/* Products of a direction (V, v) with the Hessian and the Gauss-Newton matrix.  R{.} is the
   derivative along the direction:

     R{z_l} = W_l R{h_{l-1}} + V_l h_{l-1} + v_l,     R{h_l} = f'(z_l) R{z_l}
     R{d_L} = L R{z_L},  L the loss's Hessian
     R{d_{l-1}} = R{f'(z_{l-1}) (W_l' d_l)},  R{W_l' d_l} = W_l' R{d_l} + V_l' d_l
     R{dW_l} = R{d_l} h_{l-1}' + d_l R{h_{l-1}}',     R{db_l} = R{d_l}

   The Gauss-Newton product takes L R{z_L} down as a gradient goes.  The losses are negative
   log-likelihoods of exponential families in z_L, so it is also the product with the Fisher
   matrix.

   Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6(1), 1994;
   Schraudolph, "Fast curvature matrix-vector products", Neural Computation 14(7), 2002.  */

#include "linalg/product.h"
#include "problems/network/network_pass.h"

/* ---- Forward ---- */

static void tangent_tile(const gradus_pass *pass, size_t l, const double v[],
                         gradus_patch p) {
    const gradus_network_layer *layer = &pass->net->layers[l];
    size_t k = layer->shape.inputs, n = layer->shape.outputs;
    size_t corner = p.row * n + p.column, weights = layer->shape.weights + p.column * k;
    const double *biases = v + layer->shape.biases + p.column;
    double *Rh = pass->Rh[l + 1] + corner;
    gradus_tile(p.rows, p.columns, k, (gradus_operand){pass->h[l] + p.row * k, k, false},
                (gradus_operand){v + weights, k, true}, false, Rh, n);
    if (l > 0)
        gradus_tile(p.rows, p.columns, k,
                    (gradus_operand){pass->Rh[l] + p.row * k, k, false},
                    (gradus_operand){pass->x + weights, k, true}, true, Rh, n);
    for (size_t i = 0; i < p.rows; i++) {
        for (size_t j = 0; j < p.columns; j++)
            Rh[i * n + j] += biases[j];
        layer->activation.slope(p.columns, pass->h[l + 1] + corner + i * n, Rh + i * n);
    }
}

/* Fills Rh of all layers.  */
static void tangents(gradus_pass *pass, const double v[]) {
    for (size_t l = 0; l < pass->net->count; l++) {
        const gradus_layer *shape = &pass->net->layers[l].shape;
        gradus_tiling tiling = gradus_tile_product(pass->count, shape->outputs);
#pragma omp parallel for num_threads(pass->threads)                                        \
    schedule(dynamic, 1) if (gradus_tiling_long(&tiling, shape->inputs))
        for (size_t t = 0; t < tiling.count; t++)
            tangent_tile(pass, l, v, gradus_tiling_patch(&tiling, t));
    }
}

/* Rd = FACTOR times L R{z_L}.  */
static void curve(const gradus_pass *pass, double factor, double Rd[]) {
    size_t k = pass->net->layers[pass->net->count - 1].shape.outputs;
    const double *y = pass->h[pass->net->count], *Rz = pass->Rh[pass->net->count];
    for (size_t i = 0; i < pass->count; i++) {
        for (size_t j = i * k; j < (i + 1) * k; j++)
            Rd[j] = factor * Rz[j];
        pass->net->loss->curve(k, y + i * k, Rd + i * k);
    }
}

/* ---- Back ---- */

/* A tile of f'(z) (d W), and of how it changes.  */
static void down_tile(const gradus_pass *pass, size_t l, const double v[], gradus_patch p) {
    const gradus_layer *shape = &pass->net->layers[l].shape;
    const gradus_activation *f = &pass->net->layers[l - 1].activation;
    size_t n = shape->inputs, k = shape->outputs, at = p.row * n + p.column;
    const gradus_operand d = {pass->d + p.row * k, k, false},
                         Rd = {pass->Rd + p.row * k, k, false},
                         W = {pass->x + shape->weights + p.column, n, false},
                         V = {v + shape->weights + p.column, n, false};
    gradus_tile(p.rows, p.columns, k, d, W, false, pass->below + at, n);
    gradus_tile(p.rows, p.columns, k, Rd, W, false, pass->Rbelow + at, n);
    gradus_tile(p.rows, p.columns, k, d, V, true, pass->Rbelow + at, n);
    for (size_t i = 0; i < p.rows; i++, at += n)
        f->bend(p.columns, pass->h[l] + at, pass->Rh[l] + at, pass->below + at,
                pass->Rbelow + at);
}

/* Adds a tile of R{d}' h + d' R{h}.  */
static void product_tile(const gradus_pass *pass, size_t l, gradus_patch p,
                         const gradus_sums *sums) {
    const gradus_layer *shape = &pass->net->layers[l].shape;
    gradus_pass_gradient_tile(pass, l, p, &(gradus_mapped){.d = pass->Rd, .h = pass->h[l]},
                              sums);
    if (l > 0)
        gradus_tile(p.rows, p.columns, pass->count,
                    (gradus_operand){pass->d + p.row, shape->outputs, true},
                    (gradus_operand){pass->Rh[l] + p.column, shape->inputs, false}, true,
                    sums->gradient + shape->weights + p.row * shape->inputs + p.column,
                    shape->inputs);
}

static void backward_layer(gradus_pass *pass, size_t l, const double v[],
                           const gradus_sums *sums) {
    const gradus_layer *shape = &pass->net->layers[l].shape;
    gradus_tiling down = gradus_tile_product(pass->count, shape->inputs),
                  grad = gradus_tile_product(shape->outputs, shape->inputs);
    size_t downs = l > 0 ? down.count : 0;
    bool many = gradus_tiling_long(&grad, pass->count) ||
                (downs && gradus_tiling_long(&down, shape->outputs));
#pragma omp parallel for num_threads(pass->threads) schedule(dynamic, 1) if (many)
    for (size_t t = 0; t < downs + grad.count; t++)
        if (t < downs)
            down_tile(pass, l, v, gradus_tiling_patch(&down, t));
        else
            product_tile(pass, l, gradus_tiling_patch(&grad, t - downs), sums);
    gradus_pass_swap(pass);
}

/* ---- Over a batch ---- */

static void product_some(const gradus_network_job *job, gradus_pass *pass,
                         const gradus_batch *batch, size_t first, size_t count,
                         double totals[], const gradus_sums *sums) {
    (void)totals;
    gradus_pass_forward(pass, job->view, batch, first, count, job->x);
    tangents(pass, job->v);
    gradus_pass_respond(pass);
    gradus_pass_residual(pass, job->factor, NULL);
    curve(pass, job->factor, pass->Rd);
    for (size_t l = pass->net->count; l-- > 0;)
        backward_layer(pass, l, job->v, sums);
}

static void gauss_newton_some(const gradus_network_job *job, gradus_pass *pass,
                              const gradus_batch *batch, size_t first, size_t count,
                              double totals[], const gradus_sums *sums) {
    (void)totals;
    gradus_pass_forward(pass, job->view, batch, first, count, job->x);
    tangents(pass, job->v);
    gradus_pass_respond(pass);
    curve(pass, job->factor, pass->d);
    gradus_pass_gradient(pass, sums);
}

static gradus_err multiply(gradus_network *net, const gradus_batch *batch, const double x[],
                           const double v[], double result[], gradus_network_work work) {
    const gradus_network_job job = {.view = &net->examples.training,
                                    .x = x,
                                    .v = v,
                                    .factor = 1.0 / (double)batch->count,
                                    .work = work};
    double totals[GRADUS_TOTALS];
    gradus_network_sum(net, &job, batch, v, totals, result);
    return GRADUS_OK;
}

gradus_err gradus_network_product(void *self, const gradus_batch *batch, const double x[],
                                  const double v[], double result[]) {
    return multiply(self, batch, x, v, result, product_some);
}

gradus_err gradus_network_gauss_newton(void *self, const gradus_batch *batch,
                                       const double x[], const double v[],
                                       double result[]) {
    return multiply(self, batch, x, v, result, gauss_newton_some);
}

/* Column by column, as products with the unit vectors; the lower triangle is then made the
   upper one's mirror image.  */
gradus_err gradus_network_hessian(void *self, const gradus_batch *batch, const double x[],
                                  double matrix[]) {
    gradus_network *net = self;
    size_t n = net->dimension;
    for (size_t i = 0; i < n; i++) {
        net->unit[i] = 1.0;
        gradus_network_product(net, batch, x, net->unit, matrix + i * n);
        net->unit[i] = 0.0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            matrix[i * n + j] = matrix[j * n + i];
    return GRADUS_OK;
}
