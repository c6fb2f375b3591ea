/* AdaDelta: steps with the units of the parameters, from running averages of squared
   gradients and of squared steps.

     s <- decay s + (1 - decay) g^2
     d = sqrt(r + epsilon) / sqrt(s + epsilon) g
     r <- decay r + (1 - decay) d^2
     x <- x - a d

   element by element, s = r = 0 at the start.  The rule has no learning rate: a = 1.

   Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, 2012,
   algorithm 1.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double decay, epsilon;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1.0, 0, 0, 0, "Factor of every step."),
    GRADUS_DECAY_ROW(params_t, decay, 0.95,
                     "Decay of the averages of squared gradients and of squared steps."),
    {GRADUS_FIELD(params_t, epsilon), .initial = 1e-6, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MAXIMUM | GRADUS_LOG, .grid = {1e-8, 1e-4, 5},
     .help = "Sets the size of the first steps; with 0 there are none."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *s; /* n: running average of g^2 */
    double *r; /* n: running average of d^2 */
} adadelta_t;

static gradus_err adadelta_open(void *self, const void *values, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    adadelta_t *adadelta = self;
    adadelta->p = values;
    gradus_err err =
        gradus_descent_open(&adadelta->descent, &adadelta->p->descent, oracle, state, why);
    adadelta->s = gradus_state_vector(state, "squared_gradients", adadelta->descent.n);
    adadelta->r = gradus_state_vector(state, "squared_steps", adadelta->descent.n);
    return err;
}

static void move(const void *self, double a, double x[], size_t begin, size_t end) {
    const adadelta_t *adadelta = self;
    const double *g = adadelta->descent.g;
    double *s = adadelta->s, *r = adadelta->r;
    double decay = adadelta->p->decay, epsilon = adadelta->p->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] = gradus_average(decay, s[i], g[i] * g[i]);
        double d = sqrt(gradus_quotient(r[i] + epsilon, s[i] + epsilon)) * g[i];
        r[i] = gradus_average(decay, r[i], d * d);
        x[i] -= a * d;
    }
}

static gradus_err adadelta_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    adadelta_t *adadelta = self;
    gradus_err err = gradus_descent_begin(&adadelta->descent, oracle, x, x, report);
    if (!err && !report->stop)
        gradus_descent_move(adadelta, move, report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_adadelta = {
    .name = "adadelta",
    .brief = "steps with the units of the parameters, and no learning rate",
    .formula = "s <- decay s + (1 - decay) g^2,  d = sqrt(r + epsilon) / sqrt(s + epsilon) "
               "g,  r <- decay r + (1 - decay) d^2,  x <- x - learning_rate d",
    .citation = "Zeiler, arXiv:1212.5701, 2012, algorithm 1",
    .notes = "The paper has no learning rate, which is the default, 1.  PyTorch's form, "
             "whose decay is 0.9.  With epsilon=0 nothing ever moves.",
    .size = sizeof(adadelta_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adadelta_open,
    .step = adadelta_step,
};
