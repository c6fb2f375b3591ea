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

enum answer { YES, NO };

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2;
    gradus_divisor_params divisor;
    long bias_correction;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Bound, nearly, on how far a step moves any one parameter."),
    GRADUS_MOMENT_ROWS(params_t),
    GRADUS_DIVISOR_ROWS(params_t, 1e-8),
    {GRADUS_FIELD(params_t, bias_correction), .initial = YES, .choices = "yes|no",
     .help = "Whether the averages are corrected for having started at zero."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v; /* n each: running averages of g and g^2 */
    double unbias; /* vh = unbias v in this update */
} adam_t;

/* STEP is a / (1 - beta1^t).  */
static inline void move(const adam_t *adam, double step, double x[], size_t begin,
                        size_t end, bool inside) {
    const double *g = adam->descent.g, epsilon = adam->p->divisor.epsilon;
    double *m = adam->m, *v = adam->v, unbias = adam->unbias;
    double beta1 = adam->p->beta1, beta2 = adam->p->beta2;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        x[i] -= step * gradus_ratio(m[i], gradus_divisor(unbias * v[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(move)

static gradus_err adam_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    adam_t *adam = self;
    adam->p = values;
    gradus_err err =
        gradus_descent_open(&adam->descent, &adam->p->descent, oracle, state, why);
    adam->m = gradus_state_vector(state, "first_moment", adam->descent.n);
    adam->v = gradus_state_vector(state, "second_moment", adam->descent.n);
    return err;
}

static gradus_err adam_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    adam_t *adam = self;
    gradus_err err = gradus_descent_begin(&adam->descent, oracle, x, report);
    if (err || report->stop)
        return err;
    bool correct = adam->p->bias_correction == YES;
    double t = (double)adam->descent.updates + 1.0;
    double step = report->learning_rate;
    adam->unbias = correct ? gradus_unbias(adam->p->beta2, t) : 1.0;
    if (correct)
        step *= gradus_unbias(adam->p->beta1, t);
    gradus_descent_move(adam, GRADUS_DIVISOR_KERNEL(move, adam->p), step, x);
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
