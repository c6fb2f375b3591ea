/* EKFAC: the natural gradient in the eigenbasis of Kronecker factors, with the second moment
   of the gradient measured along every one of its axes.

     A = E_A diag(.) E_A',   G = E_G diag(.) E_G',
     s_ij = E[(E_G' signals)_i^2 (E_A' inputs)_j^2],
     [gW gb] <- E_G ((E_G' [gW gb] E_A) / (s + lambda)) E_A',
     v <- mu v - a [gW gb],   [W b] <- [W b] + v

   A and G are the running averages of factors.h.  The bases are made anew every `interval`
   updates; s, a running average in one basis, is then begun anew, and takes in a fresh sample
   every `scaling_interval` updates.  Of all diagonal matrices in this basis s is the closest
   to the Fisher matrix of the layer, in the Frobenius norm.

   George, Laurent, Bouthillier, Ballas and Vincent, "Fast approximate natural gradient descent
   in a Kronecker-factored eigenbasis", NeurIPS 2018.  */

#include "first_order/momentum.h"
#include "linalg/eigen.h"
#include "linalg/product.h"
#include "natural/factors.h"
#include "natural/kl_clip.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    gradus_descent_params descent;
    double momentum, damping, decay, kl_clip;
    long interval, scaling_interval, samples, fisher;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.3, 1e-2, 1, 3,
                        "Factor of the natural gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0, 0.9, 2},
     .help = "Fraction of the last step kept."},
    {GRADUS_FIELD(params_t, damping), .initial = 1e-2, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .grid = {1e-4, 1e-2, 3},
     .help = "Added to the second moments (lambda); the step size along an axis is "
             "multiplied by at most 1/lambda."},
    {GRADUS_FIELD(params_t, decay), .initial = 0.95, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM,
     .help = "Share of the running averages that fresh statistics leave; 0 uses these "
             "alone."},
    GRADUS_KL_CLIP_ROW(params_t),
    {GRADUS_FIELD(params_t, interval), .initial = 100, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG, .grid = {10, 1000, 3},
     .help = "Updates between fresh factors and bases."},
    {GRADUS_FIELD(params_t, scaling_interval), .initial = 20, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Updates between samples for the second moments along the axes."},
    {GRADUS_FIELD(params_t, samples), .initial = 1000, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Training examples, drawn anew, that statistics are taken over; at most all "
             "of them."},
    {GRADUS_FIELD(params_t, fisher), .choices = "model|empirical",
     .initial = GRADUS_FISHER_MODEL,
     .help = "Targets that the signals are of: drawn from the model's prediction, or the "
             "data's."},
    {0}};

/* The eigenbasis of a layer; a checkpoint holds it under names of its own.  */
enum { BASIS_A, BASIS_G, MOMENTS, KEPT };
static const char *const kept[KEPT] = {"basis-A", "basis-G", "moments"};

typedef struct {
    double *A, *G;  /* eigenvectors, one a row, as the factors */
    double *values; /* columns + outputs: eigenvalues, not used */
    double *s;      /* outputs x columns */
    char names[KEPT][40];
} basis_t;

typedef struct {
    gradus_momentum momentum;
    const params_t *p;
    gradus_kl_clip clip;
    gradus_factors factors;
    basis_t *bases;           /* factors.layers */
    double *left, *matrix;    /* factors.most_weights each */
    double *inputs, *signals; /* a block of examples in the bases, squared */
    size_t measured;          /* samples in s */
    size_t workers, workspace_size;
    char *workspace; /* workers x workspace_size */
} ekfac_t;

/* ---- Open ---- */

static double *vector(gradus_state *state, basis_t *basis, size_t index, int what,
                      size_t count) {
    snprintf(basis->names[what], sizeof basis->names[what], "%s-%zu", kept[what], index);
    return gradus_state_vector(state, basis->names[what], count);
}

static void open_layer(ekfac_t *s, size_t index, gradus_state *state) {
    const gradus_factor *factor = &s->factors.factor[index];
    basis_t *basis = &s->bases[index];
    size_t columns = factor->columns, outputs = factor->shape.outputs;
    basis->A = vector(state, basis, index, BASIS_A, columns * columns);
    basis->G = vector(state, basis, index, BASIS_G, outputs * outputs);
    basis->s = vector(state, basis, index, MOMENTS, outputs * columns);
    basis->values = gradus_state_scratch(state, columns + outputs, sizeof(double));
}

static gradus_err ekfac_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    ekfac_t *s = self;
    s->p = values;
    gradus_err err = gradus_momentum_open(&s->momentum, &s->p->descent, s->p->momentum,
                                          oracle, state, why);
    if (err)
        return err;
    gradus_kl_clip_open(&s->clip, s->p->kl_clip, oracle, state);
    gradus_factors *f = &s->factors;
    *f = (gradus_factors){.samples = (size_t)s->p->samples,
                          .decay = s->p->decay,
                          .fisher = (gradus_fisher)s->p->fisher};
    err = gradus_factors_open(f, "ekfac", oracle, state, why);
    s->bases = gradus_state_scratch(state, f->layers, sizeof *s->bases);
    if (err || !s->bases || !f->factor) /* without memory the run refuses */
        return err;
    for (size_t i = 0; i < f->layers; i++)
        open_layer(s, i, state);
    gradus_state_keep_size(state, "measured", &s->measured);
    s->left = gradus_state_scratch(state, f->most_weights, sizeof(double));
    s->matrix = gradus_state_scratch(state, f->most_weights, sizeof(double));
    s->inputs = gradus_state_scratch(state, f->block * f->widest_inputs, sizeof(double));
    s->signals = gradus_state_scratch(state, f->block * f->widest_outputs, sizeof(double));
    size_t widest =
        f->widest_inputs > f->widest_outputs ? f->widest_inputs : f->widest_outputs;
    s->workers = f->threads < 2 * f->layers ? f->threads : 2 * f->layers;
    s->workspace_size = gradus_eigen_workspace(widest);
    s->workspace = gradus_state_scratch(state, s->workers, s->workspace_size);
    return GRADUS_OK;
}

/* ---- Bases ---- */

/* One half of a layer: A for HALF 0, G for HALF 1.  */
static bool decompose(ekfac_t *s, size_t index, size_t half) {
    const gradus_factor *factor = &s->factors.factor[index];
    const basis_t *basis = &s->bases[index];
    void *workspace = s->workspace + (size_t)omp_get_thread_num() * s->workspace_size;
    size_t n = half ? factor->shape.outputs : factor->columns;
    double *vectors = half ? basis->G : basis->A;
    memcpy(vectors, half ? factor->G : factor->A, n * n * sizeof *vectors);
    return gradus_eigen(n, vectors, basis->values + (half ? factor->columns : 0),
                        workspace) == GRADUS_EIGEN_OK;
}

static gradus_err refresh(ekfac_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    gradus_factors *f = &s->factors;
    gradus_err err = gradus_factors_take(f, oracle, x);
    if (err)
        return err;
    bool ok = true;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->workers)                      \
    if (s->workers > 1) reduction(&& : ok)
    for (size_t i = 0; i < 2 * f->layers; i++)
        ok = decompose(s, i / 2, i % 2) && ok;
    gradus_oracle_leave(oracle);
    s->measured = 0;
    if (!ok)
        report->stop = GRADUS_FAIL_EIGENDECOMPOSITION;
    return GRADUS_OK;
}

/* ---- Second moments along the axes ---- */

static void square(size_t n, double factor, double x[]) {
    for (size_t i = 0; i < n; i++)
        x[i] *= factor * x[i];
}

static void add_moments(void *context, size_t index, size_t count, double weight,
                        double A[], double S[]) {
    ekfac_t *s = context;
    const gradus_factor *factor = &s->factors.factor[index];
    const basis_t *basis = &s->bases[index];
    size_t columns = factor->columns, outputs = factor->shape.outputs;
    size_t threads = s->factors.threads;
    double fresh = 1.0 - gradus_running_share(s->p->decay, s->measured + 1);
    gradus_product_transposed(count, columns, columns, A, basis->A, s->inputs, threads);
    gradus_product_transposed(count, outputs, outputs, S, basis->G, s->signals, threads);
    square(count * columns, weight * fresh, s->inputs);
    square(count * outputs, 1.0, s->signals);
    gradus_add_transposed_product(outputs, columns, count, s->signals, s->inputs, basis->s,
                                  threads);
}

/* A moment that is infinite would stop its axis for good.  */
static bool are_finite(const ekfac_t *s) {
    double sum = 0.0;
    for (size_t i = 0; i < s->factors.layers; i++) {
        const gradus_factor *factor = &s->factors.factor[i];
        for (size_t j = 0; j < factor->columns * factor->shape.outputs; j++)
            sum += s->bases[i].s[j];
    }
    return isfinite(sum);
}

static gradus_err measure(ekfac_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    double share = gradus_running_share(s->p->decay, s->measured + 1);
    for (size_t i = 0; i < s->factors.layers; i++) {
        const gradus_factor *factor = &s->factors.factor[i];
        for (size_t j = 0; j < factor->columns * factor->shape.outputs; j++)
            s->bases[i].s[j] *= share;
    }
    gradus_err err = gradus_factors_visit(&s->factors, oracle, x, add_moments, s);
    s->measured++;
    if (!err && !are_finite(s))
        report->stop = GRADUS_FAIL_HESSIAN;
    return err;
}

/* ---- Step ---- */

static void precondition(ekfac_t *s) {
    double *g = s->momentum.descent.g, *from = s->matrix, *to = s->left;
    size_t threads = s->factors.threads;
    for (size_t i = 0; i < s->factors.layers; i++) {
        const gradus_factor *factor = &s->factors.factor[i];
        const basis_t *basis = &s->bases[i];
        size_t outputs = factor->shape.outputs, columns = factor->columns;
        gradus_factor_gather(factor, g, from);
        gradus_product(outputs, columns, outputs, basis->G, from, to, threads);
        gradus_product_transposed(outputs, columns, columns, to, basis->A, from, threads);
        for (size_t j = 0; j < outputs * columns; j++)
            from[j] /= basis->s[j] + s->p->damping;
        gradus_product(outputs, columns, columns, from, basis->A, to, threads);
        memset(from, 0, outputs * columns * sizeof *from);
        gradus_add_transposed_product(outputs, columns, outputs, basis->G, to, from,
                                      threads);
        gradus_factor_scatter(factor, from, g);
    }
}

static gradus_err ekfac_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    ekfac_t *s = self;
    gradus_descent *descent = &s->momentum.descent;
    gradus_err err = gradus_descent_begin(descent, oracle, x, x, report);
    if (!err && !report->stop && descent->updates % (size_t)s->p->interval == 0)
        err = refresh(s, oracle, x, report);
    if (!err && !report->stop &&
        (s->measured == 0 || descent->updates % (size_t)s->p->scaling_interval == 0))
        err = measure(s, oracle, x, report);
    if (err || report->stop)
        return err;
    gradus_kl_clip_note(&s->clip, descent);
    precondition(s);
    gradus_momentum_move(&s->momentum,
                         gradus_kl_clip_rate(&s->clip, descent, report->learning_rate), x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_ekfac = {
    .name = "ekfac",
    .brief = "natural gradient in the eigenbasis of Kronecker factors",
    .formula = "v <- momentum v - learning_rate E_G ((E_G' [gW gb] E_A) / (s + damping)) "
               "E_A',  [W b] <- [W b] + v;  E_A, E_G the eigenvectors of K-FAC's factors,  "
               "s = E[(E_G' signals)^2 (E_A' inputs)^2]",
    .citation = "George, Laurent, Bouthillier, Ballas and Vincent, NeurIPS 2018",
    .notes = "s is measured over a sample of its own, as a running average that begins "
             "anew with every basis; the paper also has a form that uses the gradients of "
             "mini-batches, squared.  Parameters outside the layers are left to plain "
             "descent.",
    .needs = GRADUS_CAN_LAYERS | GRADUS_CAN_SIGNALS,
    .size = sizeof(ekfac_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = ekfac_open,
    .step = ekfac_step,
};
