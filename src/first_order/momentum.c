/* Classical momentum (Polyak, USSR Computational Mathematics and Mathematical Physics 4(5),
   1964).  */

#include "first_order/momentum.h"

gradus_err gradus_momentum_open(gradus_momentum *momentum,
                                const gradus_descent_params *params, double mu,
                                const gradus_oracle *oracle, gradus_state *state,
                                gradus_error *why) {
    gradus_err err = gradus_descent_open(&momentum->descent, params, oracle, state, why);
    momentum->momentum = mu;
    if (mu > 0.0)
        momentum->v = gradus_state_vector(state, "velocity", momentum->descent.n);
    return err;
}

static void move_plain(const void *self, double a, double x[], size_t begin, size_t end) {
    const double *g = ((const gradus_momentum *)self)->descent.g;
#pragma omp simd
    for (size_t i = begin; i < end; i++)
        x[i] -= a * g[i];
}

static void move_by_velocity(const void *self, double a, double x[], size_t begin,
                             size_t end) {
    const gradus_momentum *momentum = self;
    const double *g = momentum->descent.g;
    double mu = momentum->momentum, *v = momentum->v;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        v[i] = mu * v[i] - a * g[i];
        x[i] += v[i];
    }
}

void gradus_momentum_move(gradus_momentum *momentum, double rate, double x[]) {
    gradus_descent_move(momentum, momentum->v ? move_by_velocity : move_plain, rate, x);
}
