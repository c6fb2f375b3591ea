/* AdaMax: Adam with the largest of the decayed gradients in place of a root of squares.

     m <- beta1 m + (1 - beta1) g
     u <- max(beta2 u, |g|)
     x <- x - a / (1 - beta1^t) m / u

   element by element, m = u = 0 at the start, t = 1 at the first update.  A parameter with
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
    GRADUS_DECAY_ROW(params_t, beta1, 0.9, "Decay of the average of gradients."),
    GRADUS_DECAY_ROW(params_t, beta2, 0.999, "Decay of the largest absolute gradient."),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m; /* n: running average of g */
    double *u; /* n: largest |g|, decayed */
} adamax_t;

static gradus_err adamax_open(void *self, const void *values, gradus_oracle *oracle,
                              gradus_state *state, gradus_error *why) {
    adamax_t *adamax = self;
    adamax->p = values;
    gradus_err err =
        gradus_descent_open(&adamax->descent, &adamax->p->descent, oracle, state, why);
    adamax->m = gradus_state_vector(state, "first_moment", adamax->descent.n);
    adamax->u = gradus_state_vector(state, "largest_gradient", adamax->descent.n);
    return err;
}

/* STEP is a / (1 - beta1^t).  */
static void move(const void *self, double step, double x[], size_t begin, size_t end) {
    const adamax_t *adamax = self;
    const double *g = adamax->descent.g;
    double *m = adamax->m, *u = adamax->u;
    double beta1 = adamax->p->beta1, beta2 = adamax->p->beta2;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        double decayed = beta2 * u[i], now = fabs(g[i]);
        m[i] = gradus_average(beta1, m[i], g[i]);
        u[i] = decayed > now ? decayed : now;
        x[i] -= gradus_quotient(step * m[i], u[i]);
    }
}

static gradus_err adamax_step(void *self, gradus_oracle *oracle, double x[],
                              gradus_report *report) {
    adamax_t *adamax = self;
    gradus_err err = gradus_descent_begin(&adamax->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    size_t t = adamax->descent.updates + 1;
    gradus_descent_move(adamax, move,
                        report->learning_rate * gradus_bias_correction(adamax->p->beta1, t),
                        x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adamax = {
    .name = "adamax",
    .brief = "Adam scaled by the largest of the decayed gradients",
    .formula = "m <- beta1 m + (1 - beta1) g,  u <- max(beta2 u, |g|),  "
               "x <- x - learning_rate / (1 - beta1^t) m / u",
    .citation = "Kingma and Ba, ICLR 2015, algorithm 2",
    .notes = "A parameter whose gradient has always been 0 does not move.  The paper needs "
             "no epsilon; PyTorch has one, u <- max(beta2 u, |g| + epsilon).",
    .size = sizeof(adamax_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adamax_open,
    .step = adamax_step,
};
