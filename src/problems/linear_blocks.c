/* The preconditioner of linear models: the diagonal blocks of the Hessian, one an output,
   from a sample of the examples.

     M = diag(S_1 .. S_K),   S_k = 1/n sum_i w_ik z_i z_i' + (l2 + damping) I,   z = (x, 1),

   where w_ik is the loss's second derivative in score k; the coupling between outputs is
   left out.  Each block is kept as its Cholesky factor L L'.

   Block Jacobi preconditioning: Saad, Iterative Methods for Sparse Linear Systems, 2003,
   section 10.1; a sample's curvature for the curvature of all: Byrd, Chin, Neveitt and
   Nocedal, "On the use of stochastic Hessian information in optimization methods for
   machine learning", SIAM J. Optimization 21, 2011.  */

#include "core/blocks.h"
#include "linalg/cholesky.h"
#include "linalg/product.h"
#include "problems/linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 512,      /* examples at a time: enough for the products to run at speed */
    LARGEST = 1 << 25 /* numbers in all blocks: 268 MB, seconds of work */
};

/* Added to the diagonal, in units of its mean: a feature that the sample does not show has
   no curvature of its own.  */
static const double FLOOR = 1e-6;

/* The memory, taken apart.  */
typedef struct {
    gradus_linear_shape shape;
    size_t d;        /* of a block: features, and the bias if there is one */
    double *blocks;  /* outputs x d x d */
    double *vectors; /* outputs x d: an argument, output by output */
    double *rows;    /* CHUNK x features */
    double *scaled;  /* CHUNK x d */
    double *u;       /* outputs */
    double *mean;    /* d */
} blocks_t;

static blocks_t take_apart(const void *self, double memory[]) {
    blocks_t b = {.shape = gradus_linear_get_shape(self), .blocks = memory};
    b.d = b.shape.features + b.shape.bias;
    b.vectors = b.blocks + b.shape.outputs * b.d * b.d;
    b.rows = b.vectors + b.shape.outputs * b.d;
    b.scaled = b.rows + CHUNK * b.shape.features;
    b.u = b.scaled + CHUNK * b.d;
    b.mean = b.u + b.shape.outputs;
    return b;
}

size_t gradus_linear_preconditioner_size(const void *self) {
    gradus_linear_shape shape = gradus_linear_get_shape(self);
    size_t d = shape.features + shape.bias;
    if (d > LARGEST / d / shape.outputs)
        return 0;
    return shape.outputs * (d * d + d + 1) + CHUNK * (shape.features + d) + d;
}

/* The loss's second derivative in score K, at probabilities P.  */
static double weight(const blocks_t *b, size_t k, const double p[]) {
    memset(b->u, 0, b->shape.outputs * sizeof *b->u);
    b->u[k] = 1.0;
    b->shape.link->curve(b->shape.outputs, p, b->u);
    return b->u[k];
}

/* Adds COUNT examples, numbers ROWS with weights w, to block K.  */
static gradus_err add_rows(const blocks_t *b, void *self, size_t k, const double x[],
                           const size_t rows[], const double w[], size_t count) {
    size_t features = b->shape.features, d = b->d;
    gradus_err err = gradus_linear_inputs(
        self, &(gradus_batch){.count = count, .rows = rows}, x, (double *[]){b->rows});
    for (size_t i = 0; i < count; i++) {
        double root = sqrt(w[i]);
        double *scaled = b->scaled + i * d;
        for (size_t j = 0; j < features; j++)
            scaled[j] = root * b->rows[i * features + j];
        if (b->shape.bias)
            scaled[features] = root;
    }
    gradus_add_gram(d, count, b->scaled, b->blocks + k * d * d, b->shape.threads);
    return err;
}

static gradus_err add_block(const blocks_t *b, void *self, size_t k, const gradus_batch *batch,
                            const double x[], const double p[]) {
    size_t rows[CHUNK], filled = 0, outputs = b->shape.outputs;
    double w[CHUNK], total = 0.0;
    double mult = getenv("MULT") ? atof(getenv("MULT")) : 2.0;
    double m = mult * (double)b->d;
    for (size_t i = 0; i < batch->count; i++)
        total += weight(b, k, p + i * outputs);
    double tau = total / m, acc = 0.5 * tau;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < batch->count && !err; i++) {
        double wi = weight(b, k, p + i * outputs);
        if ((double)batch->count > m) {
            acc += wi;
            double hits = floor(acc / tau);
            acc -= hits * tau;
            wi = hits * tau;
        }
        if (wi > 0) {
            rows[filled] = gradus_batch_row(batch, i);
            w[filled++] = wi;
        }
        if (filled == CHUNK || (i + 1 == batch->count && filled > 0)) {
            err = add_rows(b, self, k, x, rows, w, filled);
            filled = 0;
        }
    }
    return err;
}

/* From the sum to the factor of block K.  Where there is none, for numbers that are not
   finite, it is that of I.  */
static void factor(const blocks_t *b, size_t k, size_t count, double damping) {
    size_t d = b->d, features = b->shape.features;
    double *S = b->blocks + k * d * d, trace = 0.0;
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j <= i; j++)
            S[i * d + j] /= (double)count;
        trace += S[i * d + i];
    }
    for (size_t i = 0; i < d; i++)
        S[i * d + i] += damping + FLOOR * trace / (double)d +
                        (i < features ? b->shape.l2 : b->shape.bias_l2);
    if (gradus_cholesky(d, S) == GRADUS_FACTOR_OK)
        return;
    memset(S, 0, d * d * sizeof *S);
    for (size_t i = 0; i < d; i++)
        S[i * d + i] = 1.0;
}

gradus_err gradus_linear_prepare(void *self, const gradus_batch *batch, const double x[],
                                 double damping, double memory[]) {
    blocks_t b = take_apart(self, memory);
    size_t outputs = b.shape.outputs, threads = b.shape.threads;
    const double *p = gradus_linear_responses(self, batch, x);
    memset(b.blocks, 0, outputs * b.d * b.d * sizeof *b.blocks);
    for (size_t k = 0; k < outputs; k++) {
        gradus_err err = add_block(&b, self, k, batch, x, p);
        if (err)
            return err;
    }
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t k = 0; k < outputs; k++)
        factor(&b, k, batch->count, damping);
    return GRADUS_OK;
}

/* Output by output, the weights and the bias side by side.  */
static void gather(const blocks_t *b, const double v[]) {
    size_t outputs = b->shape.outputs, features = b->shape.features;
    for (size_t k = 0; k < outputs; k++) {
        memcpy(b->vectors + k * b->d, v + k * features, features * sizeof *v);
        if (b->shape.bias)
            b->vectors[k * b->d + features] = v[outputs * features + k];
    }
}

static void scatter(const blocks_t *b, double v[]) {
    size_t outputs = b->shape.outputs, features = b->shape.features;
    for (size_t k = 0; k < outputs; k++) {
        memcpy(v + k * features, b->vectors + k * b->d, features * sizeof *v);
        if (b->shape.bias)
            v[outputs * features + k] = b->vectors[k * b->d + features];
    }
}

/* Takes the mean over the outputs off, and adds it to MEAN.  */
static void split(const blocks_t *b, double mean[]) {
    size_t outputs = b->shape.outputs, d = b->d;
    for (size_t j = 0; j < d; j++) {
        double total = 0.0;
        for (size_t k = 0; k < outputs; k++)
            total += b->vectors[k * d + j];
        total /= (double)outputs;
        for (size_t k = 0; k < outputs; k++)
            b->vectors[k * d + j] -= total;
        mean[j] = total;
    }
}

gradus_err gradus_linear_precondition(void *self, double memory[], const double v[],
                                      double result[]) {
    blocks_t b = take_apart(self, memory);
    size_t outputs = b.shape.outputs, d = b.d;
    gather(&b, v);
    if (b.shape.link->invariant)
        split(&b, b.mean);
#pragma omp parallel for num_threads(b.shape.threads) schedule(dynamic)
    for (size_t k = 0; k < outputs; k++)
        gradus_cholesky_solve(d, b.blocks + k * d * d, b.vectors + k * d);
    if (b.shape.link->invariant) {
        split(&b, b.scaled);
        for (size_t k = 0; k < outputs; k++)
            for (size_t j = 0; j < d; j++)
                b.vectors[k * d + j] += b.mean[j] / (j < d - 1 ? b.shape.l2 : 1.0);
    }
    scatter(&b, result);
    return GRADUS_OK;
}
