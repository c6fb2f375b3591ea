/* The frame of a first-order update.  */

#include "first_order/descent.h"

#include "core/settings.h"
#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum {
    BLOCK = 4096,       /* entries: the vectors of an update fit in a cache */
    LONG_ENOUGH = 65536 /* below this, starting threads costs more than the pass */
};

gradus_err gradus_descent_check(const void *params, gradus_error *why) {
    const gradus_descent_params *p = params;
    return gradus_schedule_check(&p->schedule, why);
}

gradus_err gradus_descent_open(gradus_descent *descent, const gradus_descent_params *params,
                               const gradus_oracle *oracle, gradus_state *state,
                               gradus_error *why) {
    descent->p = params;
    descent->n = gradus_oracle_dimension(oracle);
    descent->threads = gradus_oracle_threads(oracle);
    descent->g = gradus_state_scratch(state, descent->n, sizeof(double));
    gradus_state_keep_size(state, "updates", &descent->updates);
    return gradus_schedule_open(&descent->schedule, &params->schedule, oracle, state, why);
}

bool gradus_descent_can_map(const gradus_descent_params *p, const gradus_oracle *oracle) {
    return gradus_oracle_abilities(oracle) & GRADUS_CAN_MAP &&
           !gradus_oracle_full_batch(oracle) && !gradus_real_given(p->clip_value);
}

/* A Gram matrix takes about five eighths of its multiplications: a triangle in panels.  */
bool gradus_descent_map_pays(const gradus_descent *descent, const gradus_oracle *oracle,
                             const gradus_layer *layer, bool signals, bool product) {
    double n = (double)layer->inputs, m = (double)layer->outputs,
           batch = (double)gradus_oracle_batch_size(oracle),
           grams = gradus_real_given(descent->p->clip_norm) + product;
    double before = batch * n * n + grams * 0.625 * batch * batch * (m + n),
           after = m * n * n;
    if (signals) {
        before += batch * m * m;
        after += n * m * m;
    }
    return batch <= GRADUS_MOST_MAPPED && before < after;
}

void gradus_descent_keep_raw(gradus_descent *descent, gradus_state *state) {
    const gradus_descent_params *p = descent->p;
    descent->raw = gradus_real_given(p->clip_value) || gradus_real_given(p->clip_norm)
                       ? gradus_state_scratch(state, descent->n, sizeof(double))
                       : descent->g;
}

/* ---- Passes over the parameters ---- */

static size_t block_end(size_t n, size_t begin) {
    return n - begin < BLOCK ? n : begin + BLOCK;
}

void gradus_descent_pass(const void *self, gradus_descent_kernel kernel, double rate,
                         double x[]) {
    const gradus_descent *descent = self;
    size_t n = descent->n;
    if (n <= BLOCK) { /* without the cost of beginning a parallel region */
        kernel(self, rate, x, 0, n);
        return;
    }
#pragma omp parallel for num_threads(descent->threads) if (descent->threads > 1 &&         \
                                                           n >= LONG_ENOUGH)
    for (size_t begin = 0; begin < n; begin += BLOCK)
        kernel(self, rate, x, begin, block_end(n, begin));
}

void gradus_descent_move(void *self, gradus_descent_kernel kernel, double rate,
                         double x[]) {
    gradus_descent_pass(self, kernel, rate, x);
    ((gradus_descent *)self)->updates++;
}

/* ---- Clipping (Pascanu, Mikolov and Bengio, ICML 2013) ---- */

static void clip_values(const void *self, double most, double g[], size_t begin,
                        size_t end) {
    (void)self;
#pragma omp simd
    for (size_t i = begin; i < end; i++)
        g[i] = g[i] > most ? most : g[i] < -most ? -most : g[i];
}

static void scale_values(const void *self, double factor, double g[], size_t begin,
                         size_t end) {
    (void)self;
#pragma omp simd
    for (size_t i = begin; i < end; i++)
        g[i] *= factor;
}

static double length(const gradus_descent *descent) {
    return gradus_norm(descent->n, descent->g, descent->threads);
}

static void shorten(const gradus_descent *descent, double factor) {
    gradus_descent_pass(descent, scale_values, factor, descent->g);
    if (descent->mapping)
        descent->mapping->product *= factor * factor;
}

/* By entry first, then by norm.  Says whether the gradient is finite; one whose norm is above
   the largest number is not.  */
static bool clip(const gradus_descent *descent) {
    const gradus_descent_params *p = descent->p;
    const gradus_mapping *mapping = descent->mapping;
    bool known = mapping && mapping->wants_square;
    double norm = known ? sqrt(mapping->square) : length(descent);
    if (!isfinite(norm))
        return false;
    if (gradus_real_given(p->clip_value)) {
        gradus_descent_pass(descent, clip_values, p->clip_value, descent->g);
        norm = length(descent);
    }
    if (gradus_real_given(p->clip_norm) && norm > p->clip_norm)
        shorten(descent, p->clip_norm / norm);
    return true;
}

gradus_err gradus_descent_begin(gradus_descent *descent, gradus_oracle *oracle,
                                const double x[], const double at[],
                                gradus_report *report) {
    double factor = 1.0;
    if (descent->mapping)
        descent->mapping->wants_square = gradus_real_given(descent->p->clip_norm);
    gradus_err err = descent->mapping
                         ? gradus_oracle_mapped_gradient(oracle, at, descent->mapping,
                                                         &descent->value, descent->g)
                         : gradus_oracle_gradient(oracle, at, &descent->value, descent->g);
    if (err)
        return err;
    if (descent->raw && descent->raw != descent->g)
        memcpy(descent->raw, descent->g, descent->n * sizeof *descent->g);
    if (!(isfinite(descent->value) && clip(descent))) {
        report->stop = GRADUS_FAIL_DIVERGED;
        return GRADUS_OK;
    }
    err = gradus_schedule_rate(&descent->schedule, oracle, gradus_oracle_updates(oracle), x,
                               &factor);
    report->learning_rate = factor * descent->p->learning_rate;
    return err;
}
