/* Inverting and applying Kronecker products.  */

#include "natural/kronecker.h"

#include "linalg/cholesky.h"
#include "linalg/eigen.h"
#include "linalg/product.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

gradus_err gradus_kronecker_open(gradus_kronecker *k, const char *owner,
                                 gradus_oracle *oracle, gradus_state *state,
                                 gradus_error *why) {
    gradus_factors *f = &k->factors;
    gradus_err err = gradus_factors_open(f, owner, oracle, state, why);
    k->inverses = gradus_state_scratch(state, f->layers, sizeof *k->inverses);
    if (err || !k->inverses || !f->factor) /* without memory the run refuses */
        return err;
    for (size_t i = 0; i < f->layers; i++) {
        gradus_inverse *inverse = &k->inverses[i];
        size_t columns = f->factor[i].columns, outputs = f->factor[i].shape.outputs;
        snprintf(inverse->names[0], sizeof inverse->names[0], "inverse-A-%zu", i);
        snprintf(inverse->names[1], sizeof inverse->names[1], "inverse-G-%zu", i);
        inverse->A = gradus_state_vector(state, inverse->names[0], columns * columns);
        if (f->fisher != GRADUS_FISHER_INPUTS)
            inverse->G = gradus_state_vector(state, inverse->names[1], outputs * outputs);
    }
    k->left = gradus_state_scratch(state, f->most_weights, sizeof(double));
    k->matrix = gradus_state_scratch(state, f->most_weights, sizeof(double));
    return GRADUS_OK;
}

/* ---- Inverses ---- */

static double mean_diagonal(size_t n, const double S[]) {
    double trace = 0.0;
    for (size_t i = 0; i < n; i++)
        trace += S[i * n + i];
    return trace / (double)n;
}

double gradus_kronecker_pi(const gradus_kronecker *k, size_t layer) {
    const gradus_factor *factor = &k->factors.factor[layer];
    if (!factor->G || k->plain)
        return 1.0;
    double pi = sqrt(mean_diagonal(factor->columns, factor->A) /
                     mean_diagonal(factor->shape.outputs, factor->G));
    return pi > 0.0 && pi < INFINITY ? pi : 1.0;
}

/* INVERSE = (S + damping I)^-1, the identity's first COUNT entries.  */
static bool invert(size_t n, const double S[], double damping, size_t count,
                   double inverse[]) {
    memcpy(inverse, S, n * n * sizeof *S);
    for (size_t i = 0; i < count; i++)
        inverse[i * n + i] += damping;
    return gradus_cholesky_invert(n, inverse) == GRADUS_FACTOR_OK;
}

/* One half of a layer: A for HALF 0, G for HALF 1.  */
static bool invert_half(gradus_kronecker *k, size_t layer, size_t half, double gamma) {
    const gradus_factor *factor = &k->factors.factor[layer];
    const gradus_inverse *inverse = &k->inverses[layer];
    double pi = gradus_kronecker_pi(k, layer);
    size_t columns = factor->columns, outputs = factor->shape.outputs;
    if (half == 0)
        return invert(columns, factor->A, pi * gamma,
                      k->spare_biases ? factor->shape.inputs : columns, inverse->A);
    return !factor->G || invert(outputs, factor->G, gamma / pi, outputs, inverse->G);
}

/* Why a factor could not be inverted.  */
static gradus_stop find_fault(const gradus_factors *f) {
    double largest;
    for (size_t i = 0; i < f->layers; i++) {
        const gradus_factor *factor = &f->factor[i];
        if (!gradus_symmetric_finite(factor->columns, factor->A, &largest) ||
            (factor->G &&
             !gradus_symmetric_finite(factor->shape.outputs, factor->G, &largest)))
            return GRADUS_FAIL_HESSIAN;
    }
    return GRADUS_FAIL_SINGULAR;
}

void gradus_kronecker_invert(gradus_kronecker *k, gradus_oracle *oracle, double gamma,
                             gradus_stop *stop) {
    const gradus_factors *f = &k->factors;
    bool ok = true;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
#pragma omp parallel for schedule(dynamic, 1) num_threads(f->threads)                      \
    if (f->threads > 1) reduction(&& : ok)
    for (size_t i = 0; i < 2 * f->layers; i++)
        ok = invert_half(k, i / 2, i % 2, gamma) && ok;
    gradus_oracle_leave(oracle);
    if (!ok)
        *stop = find_fault(f);
}

/* ---- Products ---- */

static void apply_to_layer(const gradus_kronecker *k, size_t layer, double g[]) {
    const gradus_factor *factor = &k->factors.factor[layer];
    const gradus_inverse *inverse = &k->inverses[layer];
    size_t outputs = factor->shape.outputs, columns = factor->columns;
    size_t threads = k->factors.threads;
    double *from = k->matrix, *to = k->left;
    gradus_factor_gather(factor, g, from);
    gradus_product(outputs, columns, columns, from, inverse->A, to, threads);
    if (inverse->G) {
        gradus_product(outputs, columns, outputs, inverse->G, to, from, threads);
        to = from;
    }
    gradus_factor_scatter(factor, to, g);
}

void gradus_kronecker_apply(const gradus_kronecker *k, const gradus_mapping *mapping,
                            double g[]) {
    for (size_t i = 0; i < k->factors.layers; i++)
        if (!mapping || !mapping->layers[i].matrix)
            apply_to_layer(k, i, g);
}
