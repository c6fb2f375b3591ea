/* Statistics of all layers: the function is the same in any coordinates, so that one pass
   over the sample serves them all.  */

#include "prong/statistics.h"

#include "linalg/eigen.h"
#include "linalg/symmetric.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>

enum {
    BLOCK = 256
}; /* examples of a block of the sample: few enough for the buffers to be
      small beside the matrices of a wide layer */

/* Bytes that a block may take; its rows are dense, whatever the data are.  */
static const size_t LARGEST_BLOCK = (size_t)2 << 30;

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void allocate_layer(gradus_statistics *s, size_t index, gradus_state *state) {
    size_t n = s->shapes[index].inputs, matrix = s->diagonal ? n : n * n;
    s->moments[index] =
        (gradus_moments){.inputs = n,
                         .diagonal = s->diagonal,
                         .mean = gradus_state_scratch(state, n, sizeof(double)),
                         .deviation = gradus_state_scratch(state, n, sizeof(double)),
                         .matrix = gradus_state_scratch(state, matrix, sizeof(double)),
                         .scale = gradus_state_scratch(state, n, sizeof(double))};
    s->inputs[index] =
        gradus_state_scratch(state, smaller(BLOCK, s->samples) * n, sizeof(double));
    if (n > s->largest_inputs)
        s->largest_inputs = n;
    if (n * s->shapes[index].outputs > s->largest_weights)
        s->largest_weights = n * s->shapes[index].outputs;
}

/* Refuses a layer that is too wide.  */
static gradus_err check_layer(const gradus_statistics *s, size_t index, const char *owner,
                              gradus_error *why) {
    size_t n = s->shapes[index].inputs;
    size_t most = LARGEST_BLOCK / sizeof(double) / smaller(BLOCK, s->samples);
    if (!s->diagonal && most > GRADUS_EIGEN_LARGEST)
        most = GRADUS_EIGEN_LARGEST;
    return n <= most ? GRADUS_OK
                     : gradus_fail(why, GRADUS_EINPUT,
                                   "%s: layer %zu has %zu inputs, expected at most %zu",
                                   owner, index, n, most);
}

gradus_err gradus_statistics_open(gradus_statistics *s, const char *owner,
                                  gradus_oracle *oracle, gradus_state *state,
                                  gradus_error *why) {
    s->samples = smaller(s->samples, gradus_oracle_examples(oracle));
    s->threads = gradus_oracle_threads(oracle);
    s->layers = gradus_oracle_layers(oracle);
    s->inputs = gradus_state_scratch(state, s->layers, sizeof *s->inputs);
    s->moments = gradus_state_scratch(state, s->layers, sizeof *s->moments);
    s->shapes = gradus_state_scratch(state, s->layers, sizeof *s->shapes);
    if (!s->shapes) /* nor anything after */
        return GRADUS_OK;
    for (size_t i = 0; i < s->layers; i++) {
        gradus_oracle_layer(oracle, i, &s->shapes[i]);
        gradus_err err = i < s->first ? GRADUS_OK : check_layer(s, i, owner, why);
        if (err)
            return err;
        if (i >= s->first)
            allocate_layer(s, i, state);
    }
    if (s->layers > s->first)
        s->workers = smaller(s->threads, s->layers - s->first);
    s->workspace_size = s->diagonal ? 0 : gradus_eigen_workspace(s->largest_inputs);
    s->workspace = gradus_state_scratch(state, s->workers, s->workspace_size);
    s->rows = gradus_state_scratch(state, s->samples, sizeof *s->rows);
    return GRADUS_OK;
}

gradus_err gradus_statistics_take(gradus_statistics *s, gradus_oracle *oracle,
                                  const double x[]) {
    size_t samples = gradus_oracle_sample(oracle, s->samples, s->rows);
    gradus_err err = GRADUS_OK;
    for (size_t i = s->first; i < s->layers; i++)
        s->moments[i].count = 0;
    for (size_t begin = 0; !err && begin < samples; begin += BLOCK) {
        size_t count = smaller(BLOCK, samples - begin);
        gradus_batch batch = {.count = count, .rows = s->rows + begin};
        err = gradus_oracle_inputs(oracle, &batch, x, s->inputs);
        for (size_t i = s->first; !err && i < s->layers; i++)
            gradus_moments_add(&s->moments[i], count, s->inputs[i], s->threads);
    }
    return err;
}

/* The layers do not depend on each other: a thread takes one at a time.  */
bool gradus_statistics_decompose(gradus_statistics *s) {
    bool ok = true;
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->workers) if (s->workers > 1)  \
    reduction(&& : ok)
    for (size_t i = s->first; i < s->layers; i++) {
        void *workspace = s->workspace + (size_t)omp_get_thread_num() * s->workspace_size;
        gradus_moments_finish(&s->moments[i], s->shapes[i].biases != GRADUS_NO_BIASES);
        ok = (s->inverse ? gradus_moments_invert : gradus_moments_decompose)(
                 &s->moments[i], s->epsilon, workspace) &&
             ok;
    }
    return ok;
}

/* An input that is not finite makes its mean so too.  */
static bool all_finite(size_t count, const double a[]) {
    bool finite = true;
    for (size_t i = 0; i < count; i++)
        finite = finite && isfinite(a[i]);
    return finite;
}

void gradus_statistics_explain(const gradus_statistics *s,
                               char detail[GRADUS_DETAIL_SIZE]) {
    double largest;
    snprintf(detail, GRADUS_DETAIL_SIZE, "LAPACK's iteration did not converge");
    for (size_t i = s->layers; i-- > s->first;) {
        const gradus_moments *m = &s->moments[i];
        if (!all_finite(m->inputs, m->mean))
            snprintf(detail, GRADUS_DETAIL_SIZE, "the inputs of layer %zu are not finite",
                     i);
        else if (m->diagonal ? !all_finite(m->inputs, m->matrix)
                             : !gradus_symmetric_finite(m->inputs, m->matrix, &largest))
            snprintf(detail, GRADUS_DETAIL_SIZE,
                     "the covariance of the inputs of layer %zu is not finite", i);
    }
}
