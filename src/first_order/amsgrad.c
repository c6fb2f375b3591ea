/* AMSGrad: Adam whose second moment never falls, so that no rate ever rises.

     m <- beta1 m + (1 - beta1) g
     v <- beta2 v + (1 - beta2) g^2
     u <- max(u, v)
     x <- x - a m / (sqrt(u) + epsilon)       epsilon outside the root
     x <- x - a m / sqrt(u + epsilon)         inside

   element by element, m = v = u = 0 at the start.  With the bias correction m is divided by
   1 - beta1^t and u by 1 - beta2^t, t = 1 at the first update.

   Reddi, Kale and Kumar, "On the convergence of Adam and beyond", ICLR 2018, algorithm 2.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

enum answer { NO, YES };

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
    {GRADUS_FIELD(params_t, bias_correction), .initial = NO, .choices = "no|yes",
     .help =
         "Whether the averages are corrected for having started at zero; the paper does "
         "not."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v, *u; /* n each: averages of g and g^2, maximum of v */
    double unbias;     /* of u */
} amsgrad_t;

static inline void move(const amsgrad_t *s, double step, double x[], size_t begin,
                        size_t end, bool inside) {
    const double *g = s->descent.g, epsilon = s->p->divisor.epsilon;
    double *m = s->m, *v = s->v, *u = s->u, unbias = s->unbias;
    double beta1 = s->p->beta1, beta2 = s->p->beta2;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = gradus_average(beta1, m[i], g[i]);
        v[i] = gradus_average(beta2, v[i], g[i] * g[i]);
        u[i] = u[i] > v[i] ? u[i] : v[i];
        x[i] -= step * gradus_ratio(m[i], gradus_divisor(unbias * u[i], epsilon, inside));
    }
}
GRADUS_DIVISOR_KERNELS(move)

static gradus_err amsgrad_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    amsgrad_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->m = gradus_state_vector(state, "first_moment", s->descent.n);
    s->v = gradus_state_vector(state, "second_moment", s->descent.n);
    s->u = gradus_state_vector(state, "maximum", s->descent.n);
    return err;
}

static gradus_err amsgrad_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    amsgrad_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (err || report->stop)
        return err;
    bool correct = s->p->bias_correction == YES;
    double t = (double)s->descent.updates + 1.0;
    double step = report->learning_rate;
    s->unbias = correct ? gradus_unbias(s->p->beta2, t) : 1.0;
    if (correct)
        step *= gradus_unbias(s->p->beta1, t);
    gradus_descent_move(s, GRADUS_DIVISOR_KERNEL(move, s->p), step, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_amsgrad = {
    .name = "amsgrad",
    .brief = "Adam whose second moment never falls",
    .formula =
        "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  u <- max(u, v),  "
        "x <- x - learning_rate m / (sqrt(u) + epsilon)",
    .citation = "Reddi, Kale and Kumar, ICLR 2018, algorithm 2",
    .notes =
        "The paper has neither epsilon nor bias correction, and a rate that falls like "
        "1/sqrt(t).  With bias_correction=yes this is PyTorch's Adam with amsgrad=True.",
    .size = sizeof(amsgrad_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = amsgrad_open,
    .step = amsgrad_step,
};
