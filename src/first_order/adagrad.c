/* AdaGrad: a rate for every parameter that dies out with the sum of its squared gradients.

     G <- G + g^2
     x <- x - a g / (sqrt(G) + epsilon)       epsilon outside the root
     x <- x - a g / sqrt(G + epsilon)         inside

   element by element, G = 0 at the start.

   Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
   optimization", JMLR 12, 2011.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    gradus_divisor_params divisor;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.01, 1e-3, 1.0, 7,
                        "Length of the first step along every parameter."),
    GRADUS_DIVISOR_ROWS(params_t, 1e-8),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *G; /* n: sum of squared gradients */
} adagrad_t;

static inline void move(const adagrad_t *s, double a, double x[], size_t begin, size_t end,
                        bool inside) {
    const double *g = s->descent.g, epsilon = s->p->divisor.epsilon;
    double *G = s->G;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        G[i] += g[i] * g[i];
        x[i] -= a * gradus_ratio(g[i], gradus_divisor(G[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(move)

static gradus_err adagrad_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    adagrad_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->G = gradus_state_vector(state, "sum_of_squares", s->descent.n);
    return err;
}

static gradus_err adagrad_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    adagrad_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (!err && !report->stop)
        gradus_descent_move(s, GRADUS_DIVISOR_KERNEL(move, s->p), report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_adagrad = {
    .name = "adagrad",
    .brief = "rates that die out with the sum of squared gradients",
    .formula = "G <- G + g^2,  x <- x - learning_rate g / (sqrt(G) + epsilon)",
    .citation = "Duchi, Hazan and Singer, JMLR 12, 2011",
    .notes = "With epsilon outside this is PyTorch's form, whose epsilon is 1e-10.",
    .size = sizeof(adagrad_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adagrad_open,
    .step = adagrad_step,
};
