/* AMSGrad: Adam with a divisor that never shrinks.

     m <- beta1 m + (1 - beta1) g
     v <- beta2 v + (1 - beta2) g^2,    w <- max(w, v)
     x <- x - a m / (sqrt(w) + epsilon)       epsilon outside the root
     x <- x - a m / sqrt(w + epsilon)         inside

   element by element, m = v = w = 0 at the start.  With the bias correction, m is divided
   by 1 - beta1^t and w by 1 - beta2^t where they are used, t = 1 at the first update.

   Reddi, Kale and Kumar, "On the convergence of Adam and beyond", ICLR 2018, algorithm 2.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2, epsilon;
    long epsilon_placement, bias_correction;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Factor of the average gradient over the root of its largest "
                        "average square."),
    GRADUS_BETA_ROWS(params_t, 0.9, 0.999),
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    GRADUS_CORRECTION_ROW(params_t, GRADUS_NO),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;       /* n each: running averages of g and g^2 */
    double *w;           /* n: largest v so far */
    double second_scale; /* of w in this update */
    gradus_epsilon epsilon;
} amsgrad_t;

static gradus_err amsgrad_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    amsgrad_t *amsgrad = self;
    amsgrad->p = values;
    gradus_err err =
        gradus_descent_open(&amsgrad->descent, &amsgrad->p->descent, oracle, state, why);
    amsgrad->m = gradus_state_vector(state, "first_moment", amsgrad->descent.n);
    amsgrad->v = gradus_state_vector(state, "second_moment", amsgrad->descent.n);
    amsgrad->w = gradus_state_vector(state, "largest_second_moment", amsgrad->descent.n);
    amsgrad->epsilon =
        gradus_epsilon_at(amsgrad->p->epsilon_placement, amsgrad->p->epsilon);
    return err;
}

/* STEP is a, times the correction of m.  */
static void move(const void *self, double step, double x[], size_t begin, size_t end) {
    const amsgrad_t *amsgrad = self;
    const double *g = amsgrad->descent.g;
    double *m = amsgrad->m, *v = amsgrad->v, *w = amsgrad->w;
    double beta1 = amsgrad->p->beta1, beta2 = amsgrad->p->beta2;
    double scale = amsgrad->second_scale;
    gradus_epsilon epsilon = amsgrad->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        w[i] = w[i] > v[i] ? w[i] : v[i];
        x[i] -= gradus_over_root(step * m[i], scale * w[i], epsilon);
    }
}

static gradus_err amsgrad_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    amsgrad_t *amsgrad = self;
    gradus_err err = gradus_descent_begin(&amsgrad->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    double step = report->learning_rate;
    size_t t = amsgrad->descent.updates + 1;
    amsgrad->second_scale = 1.0;
    if (amsgrad->p->bias_correction == GRADUS_YES) {
        step *= gradus_bias_correction(amsgrad->p->beta1, t);
        amsgrad->second_scale = gradus_bias_correction(amsgrad->p->beta2, t);
    }
    gradus_descent_move(amsgrad, move, step, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_amsgrad = {
    .name = "amsgrad",
    .brief = "Adam with a divisor that never shrinks",
    .formula = "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  "
               "w <- max(w, v),  x <- x - learning_rate m / (sqrt(w) + epsilon)",
    .citation = "Reddi, Kale and Kumar, ICLR 2018, algorithm 2",
    .notes = "The paper has no epsilon and, in its theory, rates that fall like "
             "1 / sqrt(t).  PyTorch's Adam with amsgrad=True is bias_correction=yes.",
    .size = sizeof(amsgrad_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = amsgrad_open,
    .step = amsgrad_step,
};
