/* The preconditioner of linear models: the diagonal blocks of the Hessian, one an output,
   from a sample of the examples.

     M = diag(S_1 .. S_K),   S_k = 1/n sum_i w_ik z_i z_i' + (l2 + damping) I,   z = (x, 1),

   where w_ik is the loss's second derivative in score k; the coupling between outputs is
   left out.  Each block is kept as its Cholesky factor.

   Where a number added to all scores changes nothing, the coupling is everything for one
   direction: a step that is the same for all outputs has no curvature but the
   regulariser's, which M would miss.  With P, which takes the mean over the outputs off,

     M^-1 = P diag(S_k)^-1 P + (I - P) / (l2 + damping).

   A block of d rows needs no more than a few d examples.  From a larger sample they are
   drawn for each output by their weights: example i as often as the sum of the weights, in
   units of tau, passes a whole number at it, each time for tau.  Most weights of a model
   that fits are next to nothing.

   Block Jacobi preconditioning: Saad, Iterative Methods for Sparse Linear Systems, 2003,
   section 10.1; a sample's curvature for the curvature of all: Byrd, Chin, Neveitt and
   Nocedal, "On the use of stochastic Hessian information in optimization methods for
   machine learning", SIAM J. Optimization 21, 2011; systematic sampling: Madow, "On the
   theory of systematic sampling, II", Annals of Mathematical Statistics 20, 1949.  */

#include "core/blocks.h"
#include "linalg/cholesky.h"
#include "linalg/product.h"
#include "problems/linear/linear.h"

#include <math.h>
#include <string.h>

enum {
    CHUNK = 512,      /* examples at a time: enough for the products to run at speed */
    PLENTY = 2,       /* examples that a block needs for each of its rows */
    LARGEST = 1 << 25 /* numbers in all blocks: 268 MB, seconds of work */
};

/* The memory, taken apart.  */
typedef struct {
    void *self;
    gradus_linear_shape shape;
    size_t d;        /* of a block: features, and the bias if there is one */
    double *blocks;  /* outputs x d x d */
    double *vectors; /* outputs x d: an argument, output by output */
    double *mean;    /* d: and its mean over the outputs */
    double *lost;    /* d: and what P takes off in the end */
    double *ridge;   /* 1: the damping */
    double *u;       /* outputs */
    double *rows;    /* CHUNK x features */
    double *scaled;  /* CHUNK x d */
} blocks_t;

static blocks_t take_apart(void *self, double memory[]) {
    blocks_t b = {.self = self, .shape = gradus_linear_get_shape(self), .blocks = memory};
    b.d = b.shape.features + b.shape.bias;
    b.vectors = b.blocks + b.shape.outputs * b.d * b.d;
    b.mean = b.vectors + b.shape.outputs * b.d;
    b.lost = b.mean + b.d;
    b.ridge = b.lost + b.d;
    b.u = b.ridge + 1;
    b.rows = b.u + b.shape.outputs;
    b.scaled = b.rows + CHUNK * b.shape.features;
    return b;
}

size_t gradus_linear_preconditioner_size(const void *self) {
    gradus_linear_shape shape = gradus_linear_get_shape(self);
    size_t d = shape.features + shape.bias;
    if (shape.sparse || d > LARGEST / d / shape.outputs)
        return 0; /* compressed rows would be lost among dense blocks */
    return shape.outputs * (d * d + d + 1) + 2 * d + 1 + CHUNK * (shape.features + d);
}

/* The loss's second derivative in score K, at probabilities P.  */
static double weight(const blocks_t *b, size_t k, const double p[]) {
    memset(b->u, 0, b->shape.outputs * sizeof *b->u);
    b->u[k] = 1.0;
    b->shape.link->curve(b->shape.outputs, p, b->u);
    return b->u[k];
}

/* Examples on their way into a block.  */
typedef struct {
    size_t count, rows[CHUNK];
    double weights[CHUNK];
} chunk_t;

/* Adds a chunk to block K and empties it.  */
static gradus_err add_chunk(const blocks_t *b, size_t k, const double x[], chunk_t *chunk) {
    size_t features = b->shape.features, d = b->d;
    gradus_batch batch = {.count = chunk->count, .rows = chunk->rows};
    gradus_err err = gradus_linear_inputs(b->self, &batch, x, (double *[]){b->rows});
    for (size_t i = 0; i < chunk->count; i++) {
        double root = sqrt(chunk->weights[i]);
        double *scaled = b->scaled + i * d;
        for (size_t j = 0; j < features; j++)
            scaled[j] = root * b->rows[i * features + j];
        if (b->shape.bias)
            scaled[features] = root;
    }
    gradus_add_gram(d, chunk->count, b->scaled, b->blocks + k * d * d, b->shape.threads);
    chunk->count = 0;
    return err;
}

/* The sum of block K, at probabilities P.  */
static gradus_err add_examples(const blocks_t *b, size_t k, const gradus_batch *batch,
                               const double x[], const double p[]) {
    chunk_t chunk = {.count = 0};
    size_t outputs = b->shape.outputs, enough = PLENTY * b->d;
    double total = 0.0, passed = 0.5; /* in units of tau, beyond the last whole number */
    for (size_t i = 0; i < batch->count; i++)
        total += weight(b, k, p + i * outputs);
    double tau = total / (double)enough;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < batch->count && !err; i++) {
        double w = weight(b, k, p + i * outputs);
        if (batch->count > enough) {
            passed += w / tau;
            w = tau * floor(passed);
            passed -= floor(passed);
        }
        if (!(w > 0.0))
            continue;
        chunk.rows[chunk.count] = gradus_batch_row(batch, i);
        chunk.weights[chunk.count++] = w;
        if (chunk.count == CHUNK)
            err = add_chunk(b, k, x, &chunk);
    }
    return err ? err : add_chunk(b, k, x, &chunk);
}

/* From the sum to the factor of block K.  Where there is none, for numbers that are not
   finite, it is that of I.  One more example, whose length has no direction, is added: what
   the sample does not show may well have curvature.  */
static void factor(const blocks_t *b, size_t k, size_t count, double damping) {
    size_t d = b->d, features = b->shape.features, enough = PLENTY * d;
    double *S = b->blocks + k * d * d, trace = 0.0;
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j <= i; j++)
            S[i * d + j] /= (double)count;
        trace += S[i * d + i];
    }
    double more = trace / (double)(count < enough ? count : enough) / (double)d;
    for (size_t i = 0; i < d; i++)
        S[i * d + i] += damping + more + (i < features ? b->shape.l2 : b->shape.bias_l2);
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
    *b.ridge = damping;
    for (size_t k = 0; k < outputs; k++) {
        gradus_err err = add_examples(&b, k, batch, x, p);
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

/* Takes the mean over the outputs off.  */
static void split(const blocks_t *b, double mean[]) {
    size_t outputs = b->shape.outputs, d = b->d;
    for (size_t j = 0; j < d; j++) {
        double total = 0.0;
        for (size_t k = 0; k < outputs; k++)
            total += b->vectors[k * d + j];
        mean[j] = total / (double)outputs;
        for (size_t k = 0; k < outputs; k++)
            b->vectors[k * d + j] -= mean[j];
    }
}

/* What (I - P) / (l2 + damping) makes of the mean, added to every output; where there is no
   curvature at all, the mean itself.  */
static void add_mean(const blocks_t *b) {
    for (size_t j = 0; j < b->d; j++) {
        double l2 = j < b->shape.features ? b->shape.l2 : b->shape.bias_l2;
        double curvature = l2 + *b->ridge;
        double add = curvature > 0.0 ? b->mean[j] / curvature : b->mean[j];
        for (size_t k = 0; k < b->shape.outputs; k++)
            b->vectors[k * b->d + j] += add;
    }
}

gradus_err gradus_linear_precondition(void *self, double memory[], const double v[],
                                      double result[]) {
    blocks_t b = take_apart(self, memory);
    size_t d = b.d, threads = b.shape.threads;
    bool project = b.shape.link->invariant;
    gather(&b, v);
    if (project)
        split(&b, b.mean);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t k = 0; k < b.shape.outputs; k++)
        gradus_cholesky_solve(d, b.blocks + k * d * d, b.vectors + k * d);
    if (project) {
        split(&b, b.lost);
        add_mean(&b);
    }
    scatter(&b, result);
    return GRADUS_OK;
}
