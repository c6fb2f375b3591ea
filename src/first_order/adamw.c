/* AdamW: Adam with weight decay that does not pass through the moments.

     m <- beta1 m + (1 - beta1) g,      mh = m / (1 - beta1^t)
     v <- beta2 v + (1 - beta2) g^2,    vh = v / (1 - beta2^t)
     x <- x - a (mh / (sqrt(vh) + epsilon) + decay x)

   element by element, m = v = 0 at the start, t = 1 at the first update; a is the learning rate
   times its schedule, which thus moves the decay too.

   Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2;
    gradus_divisor_params divisor;
    double weight_decay;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(
        params_t, 1e-3, 1e-4, 1e-1, 7,
        "Bound, nearly, on how far the gradient moves any one parameter in a "
        "step."),
    GRADUS_MOMENT_ROWS(params_t),
    GRADUS_DIVISOR_ROWS(params_t, 1e-8),
    {GRADUS_FIELD(params_t, weight_decay), .initial = 0.01, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_LOG, .grid = {1e-3, 1e-1, 3},
     .help = "Share of a parameter that a step takes away, over the learning rate."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v; /* n each: running averages of g and g^2 */
    double unbias1, unbias2;
} adamw_t;

static inline void move(const adamw_t *s, double a, double x[], size_t begin, size_t end,
                        bool inside) {
    const double *g = s->descent.g, epsilon = s->p->divisor.epsilon;
    double *m = s->m, *v = s->v, kept = 1.0 - a * s->p->weight_decay;
    double beta1 = s->p->beta1, beta2 = s->p->beta2;
    double step = a * s->unbias1, unbias2 = s->unbias2;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        x[i] = kept * x[i] -
               step * gradus_ratio(m[i], gradus_divisor(unbias2 * v[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(move)

static gradus_err adamw_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    adamw_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->m = gradus_state_vector(state, "first_moment", s->descent.n);
    s->v = gradus_state_vector(state, "second_moment", s->descent.n);
    return err;
}

static gradus_err adamw_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    adamw_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (err || report->stop)
        return err;
    double t = (double)s->descent.updates + 1.0;
    s->unbias1 = gradus_unbias(s->p->beta1, t);
    s->unbias2 = gradus_unbias(s->p->beta2, t);
    gradus_descent_move(s, GRADUS_DIVISOR_KERNEL(move, s->p), report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adamw = {
    .name = "adamw",
    .brief = "Adam with decoupled weight decay",
    .formula = "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  "
               "x <- x - learning_rate (mh / (sqrt(vh) + epsilon) + weight_decay x)",
    .citation = "Loshchilov and Hutter, ICLR 2019, algorithm 2",
    .notes =
        "PyTorch's form: the decay is multiplied by the learning rate.  In the paper it is "
        "multiplied by the schedule alone.  It decays every parameter, biases too, and "
        "is no part of the training value.",
    .size = sizeof(adamw_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adamw_open,
    .step = adamw_step,
};
