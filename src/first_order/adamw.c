/* AdamW: Adam beside a decay of the parameters that the adaptive scale does not touch.

     m <- beta1 m + (1 - beta1) g,      mh = m / (1 - beta1^t)
     v <- beta2 v + (1 - beta2) g^2,    vh = v / (1 - beta2^t)
     x <- x - s (a mh / (sqrt(vh) + epsilon) + w x)       epsilon outside the root
     x <- x - s (a mh / sqrt(vh + epsilon) + w x)         inside

   element by element, m = v = 0 at the start, t = 1 at the first update; a is the learning
   rate, w the weight decay and s the factor of the schedule, which both share.

   Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2, epsilon;
    long epsilon_placement;
    double weight_decay;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Bound, nearly, on how far a step moves any one parameter, its "
                        "decay apart."),
    GRADUS_BETA_ROWS(params_t, 0.9, 0.999),
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    {GRADUS_FIELD(params_t, weight_decay), .initial = 1e-5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_LOG, .grid = {1e-6, 1e-3, 4},
     .help = "Share of every parameter, biases too, that an update takes away."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;       /* n each: running averages of g and g^2 */
    double second_scale; /* vh = second_scale v in this update */
    double shrink;       /* s w of this update */
    gradus_epsilon epsilon;
} adamw_t;

static gradus_err adamw_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    adamw_t *adamw = self;
    adamw->p = values;
    gradus_err err =
        gradus_descent_open(&adamw->descent, &adamw->p->descent, oracle, state, why);
    adamw->m = gradus_state_vector(state, "first_moment", adamw->descent.n);
    adamw->v = gradus_state_vector(state, "second_moment", adamw->descent.n);
    adamw->epsilon = gradus_epsilon_at(adamw->p->epsilon_placement, adamw->p->epsilon);
    return err;
}

/* STEP is s a / (1 - beta1^t).  */
static void move(const void *self, double step, double x[], size_t begin, size_t end) {
    const adamw_t *adamw = self;
    const double *g = adamw->descent.g;
    double *m = adamw->m, *v = adamw->v;
    double beta1 = adamw->p->beta1, beta2 = adamw->p->beta2, scale = adamw->second_scale;
    double shrink = adamw->shrink;
    gradus_epsilon epsilon = adamw->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        x[i] -= gradus_over_root(step * m[i], scale * v[i], epsilon) + shrink * x[i];
    }
}

static gradus_err adamw_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    adamw_t *adamw = self;
    const params_t *p = adamw->p;
    gradus_err err = gradus_descent_begin(&adamw->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    size_t t = adamw->descent.updates + 1;
    adamw->second_scale = gradus_bias_correction(p->beta2, t);
    adamw->shrink = report->learning_rate / p->descent.learning_rate * p->weight_decay;
    gradus_descent_move(adamw, move,
                        report->learning_rate * gradus_bias_correction(p->beta1, t), x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adamw = {
    .name = "adamw",
    .brief = "Adam with weight decay beside it, not in the gradient",
    .formula = "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  "
               "x <- x - s (learning_rate mh / (sqrt(vh) + epsilon) + weight_decay x),  "
               "mh = m / (1 - beta1^t),  vh = v / (1 - beta2^t),  s the schedule's factor",
    .citation = "Loshchilov and Hutter, ICLR 2019, algorithm 2",
    .notes =
        "PyTorch multiplies its weight_decay by the learning rate: its default of 0.01 "
        "at a rate of 0.001 is 1e-5 here.  The paper's normalised decay is "
        "weight_decay / sqrt(batch size / (examples x epochs)).",
    .size = sizeof(adamw_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adamw_open,
    .step = adamw_step,
};
