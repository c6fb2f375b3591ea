/* NAdam: Adam with Nesterov's look-ahead in the first moment.

     mu_t = beta1 (1 - 0.96^(t d) / 2),   P_t = mu_1 mu_2 ... mu_t
     m <- mu_t m + (1 - mu_t) g
     v <- beta2 v + (1 - beta2) g^2,    vh = v / (1 - beta2^t)
     mb = (1 - mu_t) g / (1 - P_t) + mu_(t+1) m / (1 - P_(t+1))
     x <- x - a mb / (sqrt(vh) + epsilon)

   element by element, m = v = 0 at the start, t = 1 at the first update, d = momentum_decay.

   Dozat, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

static const double BASE = 0.96; /* of the momentum's warming, in the paper */

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2;
    gradus_divisor_params divisor;
    double momentum_decay;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 2e-3, 1e-4, 1e-1, 7,
                        "Bound, nearly, on how far a step moves any one parameter."),
    GRADUS_MOMENT_ROWS(params_t),
    GRADUS_DIVISOR_ROWS(params_t, 1e-8),
    {GRADUS_FIELD(params_t, momentum_decay), .initial = 0.004, .minimum = 0, .maximum = 1e6,
     .help =
         "How fast the momentum rises from half of beta1 to beta1; 0.004 in the paper."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;                /* n each: running averages of g and g^2 */
    double product;               /* P_t */
    double mu, now, next, unbias; /* mu_t, and the factors of g, m and v in this update */
} nadam_t;

static inline void move(const nadam_t *s, double a, double x[], size_t begin, size_t end,
                        bool inside) {
    const double *g = s->descent.g, epsilon = s->p->divisor.epsilon;
    double *m = s->m, *v = s->v, beta2 = s->p->beta2;
    double mu = s->mu, now = s->now, next = s->next, unbias = s->unbias;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(mu, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        double ahead = now * g[i] + next * m[i];
        x[i] -= a * gradus_ratio(ahead, gradus_divisor(unbias * v[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(move)

static gradus_err nadam_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    nadam_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->m = gradus_state_vector(state, "first_moment", s->descent.n);
    s->v = gradus_state_vector(state, "second_moment", s->descent.n);
    s->product = 1.0;
    gradus_state_keep_real(state, "momentum_product", &s->product);
    return err;
}

/* mu_t.  */
static double momentum(const params_t *p, double t) {
    return p->beta1 * (1.0 - 0.5 * pow(BASE, t * p->momentum_decay));
}

static gradus_err nadam_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    nadam_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (err || report->stop)
        return err;
    double t = (double)s->descent.updates + 1.0, after = momentum(s->p, t + 1.0);
    s->mu = momentum(s->p, t);
    s->product *= s->mu;
    s->now = (1.0 - s->mu) / (1.0 - s->product);
    s->next = after / (1.0 - s->product * after);
    s->unbias = gradus_unbias(s->p->beta2, t);
    gradus_descent_move(s, GRADUS_DIVISOR_KERNEL(move, s->p), report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_nadam = {
    .name = "nadam",
    .brief = "Adam with Nesterov's look-ahead",
    .formula =
        "m <- mu_t m + (1 - mu_t) g,  v <- beta2 v + (1 - beta2) g^2,  x <- x - "
        "learning_rate ((1 - mu_t) g / (1 - P_t) + mu_t+1 m / (1 - P_t+1)) / (sqrt(vh) + "
        "epsilon),  P_t = mu_1 ... mu_t",
    .citation = "Dozat, Incorporating Nesterov momentum into Adam, ICLR 2016 workshop",
    .notes = "PyTorch averages the gradient with a constant beta1 where the paper, and "
             "this, have "
             "mu_t.",
    .size = sizeof(nadam_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = nadam_open,
    .step = nadam_step,
};
