/* NAdam: Adam with Nesterov's momentum, the step of the next update taken in this one.

     mu_t = beta1 (1 - 0.96^(momentum_decay t) / 2),     P_t = mu_1 ... mu_t
     m <- mu_t m + (1 - mu_t) g
     v <- beta2 v + (1 - beta2) g^2,                     vh = v / (1 - beta2^t)
     d = (1 - mu_t) / (1 - P_t) g + mu_t+1 / (1 - P_t+1) m
     x <- x - a d / (sqrt(vh) + epsilon)       epsilon outside the root
     x <- x - a d / sqrt(vh + epsilon)         inside

   element by element, m = v = 0 at the start, t = 1 at the first update.

   Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop, 2016.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

static const double WARMING = 0.96; /* the paper's base of the momentum schedule */

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2, momentum_decay, epsilon;
    long epsilon_placement;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 2e-3, 1e-4, 1e-1, 7,
                        "About how far a step moves any one parameter."),
    GRADUS_DECAY_ROW(params_t, beta1, 0.99,
                     "Decay of the average of gradients that is approached."),
    GRADUS_DECAY_ROW(params_t, beta2, 0.999, "Decay of the average of squared gradients."),
    {GRADUS_FIELD(params_t, momentum_decay), .initial = 0.004, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MAXIMUM,
     .help = "How fast the decay of the average of gradients rises from half of beta1."},
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;                       /* n each: running averages of g and g^2 */
    double product;                      /* P of the updates before this one */
    double mu, own_share, average_share; /* of this update; the factors of g and m */
    double second_scale;                 /* vh = second_scale v in this update */
    gradus_epsilon epsilon;
} nadam_t;

static gradus_err nadam_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    nadam_t *nadam = self;
    nadam->p = values;
    gradus_err err =
        gradus_descent_open(&nadam->descent, &nadam->p->descent, oracle, state, why);
    nadam->m = gradus_state_vector(state, "first_moment", nadam->descent.n);
    nadam->v = gradus_state_vector(state, "second_moment", nadam->descent.n);
    nadam->product = 1.0;
    gradus_state_keep_real(state, "product", &nadam->product);
    nadam->epsilon = gradus_epsilon_at(nadam->p->epsilon_placement, nadam->p->epsilon);
    return err;
}

static void move(const void *self, double a, double x[], size_t begin, size_t end) {
    const nadam_t *nadam = self;
    const double *g = nadam->descent.g;
    double *m = nadam->m, *v = nadam->v;
    double mu = nadam->mu, beta2 = nadam->p->beta2, scale = nadam->second_scale;
    double own = a * nadam->own_share, average = a * nadam->average_share;
    gradus_epsilon epsilon = nadam->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(mu, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        x[i] -= gradus_over_root(own * g[i] + average * m[i], scale * v[i], epsilon);
    }
}

static double momentum_at(const params_t *p, size_t t) {
    return p->beta1 * (1.0 - 0.5 * pow(WARMING, p->momentum_decay * (double)t));
}

static gradus_err nadam_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    nadam_t *nadam = self;
    gradus_err err = gradus_descent_begin(&nadam->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    size_t t = nadam->descent.updates + 1;
    double mu = momentum_at(nadam->p, t), next = momentum_at(nadam->p, t + 1);
    nadam->mu = mu;
    nadam->product *= mu;
    nadam->own_share = (1.0 - mu) / (1.0 - nadam->product);
    nadam->average_share = next / (1.0 - nadam->product * next);
    nadam->second_scale = gradus_bias_correction(nadam->p->beta2, t);
    gradus_descent_move(nadam, move, report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_nadam = {
    .name = "nadam",
    .brief = "Adam with Nesterov's momentum",
    .formula = "m <- mu_t m + (1 - mu_t) g,  v <- beta2 v + (1 - beta2) g^2,  x <- x - "
               "learning_rate ((1 - mu_t) / (1 - P_t) g + mu_t+1 / (1 - P_t+1) m) / "
               "(sqrt(vh) + epsilon),  vh = v / (1 - beta2^t),  P_t = mu_1 ... mu_t,  "
               "mu_t = beta1 (1 - 0.96^(momentum_decay t) / 2)",
    .citation = "Dozat, ICLR workshop, 2016",
    .notes = "PyTorch's form averages the gradient with the constant decay beta1 in place "
             "of mu_t, and its beta1 is 0.9.  Some printings of the paper have beta2 v in "
             "place of v in vh; v is meant, as in Adam.",
    .size = sizeof(nadam_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = nadam_open,
    .step = nadam_step,
};
