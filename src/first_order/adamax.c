/* AdaMax: Adam with a running maximum for the second moment.

     m <- beta1 m + (1 - beta1) g
     u <- max(beta2 u, |g|)
     x <- x - a / (1 - beta1^t) m / u

   element by element, m = u = 0 at the start, t = 1 at the first update; a parameter with
   u = 0 does not move.

   Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 2.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 2e-3, 1e-4, 1e-1, 7,
                        "Bound on how far a step moves any one parameter."),
    GRADUS_MOMENT_ROWS(params_t),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *u; /* n each: average of g, running maximum of |g| */
} adamax_t;

static void move(const void *self, double step, double x[], size_t begin, size_t end) {
    const adamax_t *s = self;
    const double *g = s->descent.g, beta1 = s->p->beta1, beta2 = s->p->beta2;
    double *m = s->m, *u = s->u;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        double faded = beta2 * u[i], size = fabs(g[i]);
        m[i] = gradus_average(beta1, m[i], g[i]);
        u[i] = faded > size ? faded : size;
        x[i] -= step * gradus_ratio(m[i], u[i]);
    }
}

static gradus_err adamax_open(void *self, const void *values, gradus_oracle *oracle,
                              gradus_state *state, gradus_error *why) {
    adamax_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->m = gradus_state_vector(state, "first_moment", s->descent.n);
    s->u = gradus_state_vector(state, "maximum", s->descent.n);
    return err;
}

static gradus_err adamax_step(void *self, gradus_oracle *oracle, double x[],
                              gradus_report *report) {
    adamax_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (err || report->stop)
        return err;
    double t = (double)s->descent.updates + 1.0;
    gradus_descent_move(s, move, report->learning_rate * gradus_unbias(s->p->beta1, t), x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adamax = {
    .name = "adamax",
    .brief = "Adam with a running maximum in place of the second moment",
    .formula = "m <- beta1 m + (1 - beta1) g,  u <- max(beta2 u, |g|),  "
               "x <- x - learning_rate / (1 - beta1^t) m / u",
    .citation = "Kingma and Ba, ICLR 2015, algorithm 2",
    .notes =
        "PyTorch adds an epsilon of 1e-8 to |g|; the paper has none, and a parameter whose "
        "running maximum is 0 does not move here.",
    .size = sizeof(adamax_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adamax_open,
    .step = adamax_step,
};
