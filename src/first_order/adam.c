/* Adam: steps scaled by running averages of the gradient and of its square.

     m <- beta1 m + (1 - beta1) g,      mh = m / (1 - beta1^t)
     v <- beta2 v + (1 - beta2) g^2,    vh = v / (1 - beta2^t)
     x <- x - a mh / (sqrt(vh) + epsilon)       epsilon outside the root
     x <- x - a mh / sqrt(vh + epsilon)         inside

   element by element, m = v = 0 at the start, t = 1 at the first update.  Without the bias
   correction mh = m and vh = v.

   Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2, epsilon;
    long epsilon_placement, bias_correction;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Bound, nearly, on how far a step moves any one parameter."),
    GRADUS_BETA_ROWS(params_t, 0.9, 0.999),
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    GRADUS_CORRECTION_ROW(params_t, GRADUS_YES),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;       /* n each: running averages of g and g^2 */
    double second_scale; /* vh = second_scale v in this update */
    gradus_epsilon epsilon;
} adam_t;

static gradus_err adam_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    adam_t *adam = self;
    adam->p = values;
    gradus_err err =
        gradus_descent_open(&adam->descent, &adam->p->descent, oracle, state, why);
    adam->m = gradus_state_vector(state, "first_moment", adam->descent.n);
    adam->v = gradus_state_vector(state, "second_moment", adam->descent.n);
    adam->epsilon = gradus_epsilon_at(adam->p->epsilon_placement, adam->p->epsilon);
    return err;
}

/* STEP is a / (1 - beta1^t).  */
static void move(const void *self, double step, double x[], size_t begin, size_t end) {
    const adam_t *adam = self;
    const double *g = adam->descent.g;
    double *m = adam->m, *v = adam->v;
    double beta1 = adam->p->beta1, beta2 = adam->p->beta2, scale = adam->second_scale;
    gradus_epsilon epsilon = adam->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        x[i] -= gradus_over_root(step * m[i], scale * v[i], epsilon);
    }
}

static gradus_err adam_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    adam_t *adam = self;
    gradus_err err = gradus_descent_begin(&adam->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    double step = report->learning_rate;
    size_t t = adam->descent.updates + 1;
    adam->second_scale = 1.0;
    if (adam->p->bias_correction == GRADUS_YES) {
        step *= gradus_bias_correction(adam->p->beta1, t);
        adam->second_scale = gradus_bias_correction(adam->p->beta2, t);
    }
    gradus_descent_move(adam, move, step, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adam = {
    .name = "adam",
    .brief = "adaptive moments: steps scaled by running averages of g and g^2",
    .formula =
        "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  "
        "x <- x - learning_rate mh / (sqrt(vh) + epsilon),  mh = m / (1 - beta1^t),  "
        "vh = v / (1 - beta2^t)",
    .citation = "Kingma and Ba, ICLR 2015, algorithm 1",
    .notes =
        "With epsilon outside this is PyTorch's form.  TensorFlow adds a fixed epsilon "
        "to the root of the uncorrected v, the order at the end of section 2 of the "
        "paper, which is this one with epsilon divided by sqrt(1 - beta2^t).",
    .size = sizeof(adam_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adam_open,
    .step = adam_step,
};
