/* RMSProp: steps scaled by a running average of squared gradients.

     s <- decay s + (1 - decay) g^2
     v <- mu v - a g / (sqrt(s) + epsilon),   x <- x + v       epsilon outside the root
     v <- mu v - a g / sqrt(s + epsilon),     x <- x + v       inside

   element by element, s = v = 0 at the start.

   Tieleman and Hinton, "Neural networks for machine learning", lecture 6e, 2012; with momentum
   and epsilon inside: Graves, "Generating sequences with recurrent neural networks", 2013.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double decay, momentum;
    gradus_divisor_params divisor;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Length, about, of a step along every parameter."),
    {GRADUS_FIELD(params_t, decay), .initial = 0.9, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .help = "Decay of the average of squared gradients."},
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0.0, 0.9, 2},
     .help = "Fraction of the last step that is kept."},
    GRADUS_DIVISOR_ROWS(params_t, 1e-8),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *s; /* n: average of g^2 */
    double *v; /* n: velocity; none without momentum */
} rmsprop_t;

static inline void plain(const rmsprop_t *r, double a, double x[], size_t begin, size_t end,
                         bool inside) {
    const double *g = r->descent.g, decay = r->p->decay, epsilon = r->p->divisor.epsilon;
    double *s = r->s;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] = gradus_average(decay, s[i], g[i] * g[i]);
        x[i] -= a * gradus_ratio(g[i], gradus_divisor(s[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(plain)

static inline void heavy(const rmsprop_t *r, double a, double x[], size_t begin, size_t end,
                         bool inside) {
    const double *g = r->descent.g, decay = r->p->decay, epsilon = r->p->divisor.epsilon;
    double *s = r->s, *v = r->v, mu = r->p->momentum;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] = gradus_average(decay, s[i], g[i] * g[i]);
        v[i] = mu * v[i] - a * gradus_ratio(g[i], gradus_divisor(s[i], epsilon, inside));
        x[i] += v[i];
    }
}
GRADUS_DIVISOR_KERNELS(heavy)

static gradus_err rmsprop_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    rmsprop_t *r = self;
    r->p = values;
    gradus_err err = gradus_descent_open(&r->descent, &r->p->descent, oracle, state, why);
    r->s = gradus_state_vector(state, "second_moment", r->descent.n);
    if (r->p->momentum > 0.0)
        r->v = gradus_state_vector(state, "velocity", r->descent.n);
    return err;
}

static gradus_err rmsprop_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    rmsprop_t *r = self;
    gradus_err err = gradus_descent_begin(&r->descent, oracle, x, report);
    if (!err && !report->stop)
        gradus_descent_move(r,
                            r->p->momentum > 0.0 ? GRADUS_DIVISOR_KERNEL(heavy, r->p)
                                                 : GRADUS_DIVISOR_KERNEL(plain, r->p),
                            report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_rmsprop = {
    .name = "rmsprop",
    .brief = "steps scaled by a running average of squared gradients",
    .formula =
        "s <- decay s + (1 - decay) g^2,  v <- momentum v - learning_rate g / (sqrt(s) + "
        "epsilon),  x <- x + v",
    .citation =
        "Tieleman and Hinton, Neural networks for machine learning, lecture 6e, 2012",
    .notes =
        "The lecture has no epsilon.  With epsilon outside this is PyTorch's form at a "
        "constant rate, whose decay (alpha) is 0.99; TensorFlow and Graves put epsilon "
        "inside.",
    .size = sizeof(rmsprop_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = rmsprop_open,
    .step = rmsprop_step,
};
