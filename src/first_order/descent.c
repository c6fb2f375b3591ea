/* The frame of a first-order update.  */

#include "first_order/descent.h"

#include <math.h>

enum {
    BLOCK = 4096,       /* entries: the vectors of an update fit in a cache */
    LONG_ENOUGH = 65536 /* below this, starting threads costs more than the pass */
};

void gradus_descent_open(gradus_descent *descent, double learning_rate,
                         const gradus_oracle *oracle, gradus_state *state) {
    descent->n = gradus_oracle_dimension(oracle);
    descent->threads = gradus_oracle_threads(oracle);
    descent->learning_rate = learning_rate;
    descent->g = gradus_state_scratch(state, descent->n, sizeof(double));
}

static size_t block_end(size_t n, size_t begin) {
    return n - begin < BLOCK ? n : begin + BLOCK;
}

static size_t useful_threads(const gradus_descent *descent) {
    return descent->n < LONG_ENOUGH ? 1 : descent->threads;
}

/* A finite number times zero is zero, anything else is NaN.  */
static bool finite_block(const double g[], size_t begin, size_t end) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = begin; i < end; i++)
        total += g[i] * 0.0;
    return total == 0.0;
}

static bool all_finite(const gradus_descent *descent) {
    const double *g = descent->g;
    size_t n = descent->n, threads = useful_threads(descent);
    bool ok = true;
#pragma omp parallel for reduction(&& : ok) num_threads(threads)
    for (size_t begin = 0; begin < n; begin += BLOCK)
        ok = ok && finite_block(g, begin, block_end(n, begin));
    return ok;
}

gradus_err gradus_descent_begin(gradus_descent *descent, gradus_oracle *oracle,
                                const double x[], gradus_report *report) {
    double value = NAN;
    gradus_err err = gradus_oracle_gradient(oracle, x, &value, descent->g);
    if (err)
        return err;
    report->learning_rate = descent->learning_rate;
    if (!(isfinite(value) && all_finite(descent)))
        report->stop = GRADUS_FAIL_DIVERGED;
    return GRADUS_OK;
}

void gradus_descent_move(const void *self, gradus_descent_kernel kernel, double rate,
                         double x[]) {
    const gradus_descent *descent = self;
    size_t n = descent->n, threads = useful_threads(descent);
#pragma omp parallel for num_threads(threads)
    for (size_t begin = 0; begin < n; begin += BLOCK)
        kernel(self, rate, x, begin, block_end(n, begin));
}
