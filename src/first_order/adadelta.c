/* AdaDelta: the units of the parameters, from a running average of squared steps.

     E <- decay E + (1 - decay) g^2
     d = -sqrt(D + epsilon) / sqrt(E + epsilon) g
     D <- decay D + (1 - decay) d^2
     x <- x + a d

   element by element, E = D = 0 at the start.  There is no learning rate in the paper: a is 1.

   Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double decay, epsilon;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1.0, 0, 0, 0, "Factor of a step; 1 in the paper."),
    {GRADUS_FIELD(params_t, decay), .initial = 0.95, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0.9, 0.99, 2},
     .help = "Decay of both averages."},
    {GRADUS_FIELD(params_t, epsilon), .initial = 1e-6, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG, .grid = {1e-8, 1e-4, 3},
     .help =
         "Added under both roots; its root is the size of the first steps.  With 0 nothing "
         "ever moves."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *E, *D; /* n each: averages of g^2 and of d^2 */
} adadelta_t;

static void move(const void *self, double a, double x[], size_t begin, size_t end) {
    const adadelta_t *s = self;
    const double *g = s->descent.g, decay = s->p->decay, epsilon = s->p->epsilon;
    double *E = s->E, *D = s->D;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        E[i] = gradus_average(decay, E[i], g[i] * g[i]);
        double d = -sqrt(D[i] + epsilon) * gradus_ratio(g[i], sqrt(E[i] + epsilon));
        D[i] = gradus_average(decay, D[i], d * d);
        x[i] += a * d;
    }
}

static gradus_err adadelta_open(void *self, const void *values, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    adadelta_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->E = gradus_state_vector(state, "second_moment", s->descent.n);
    s->D = gradus_state_vector(state, "squared_steps", s->descent.n);
    return err;
}

static gradus_err adadelta_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    adadelta_t *s = self;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, report);
    if (!err && !report->stop)
        gradus_descent_move(s, move, report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_adadelta = {
    .name = "adadelta",
    .brief = "steps in the parameters' own units, without a learning rate",
    .formula =
        "E <- decay E + (1 - decay) g^2,  d = -sqrt(D + epsilon) / sqrt(E + epsilon) g,  "
        "D <- decay D + (1 - decay) d^2,  x <- x + learning_rate d",
    .citation = "Zeiler, ADADELTA: an adaptive learning rate method, 2012, algorithm 1",
    .notes =
        "This is PyTorch's form, whose decay (rho) is 0.9.  D averages the steps before "
        "learning_rate is applied.",
    .size = sizeof(adadelta_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adadelta_open,
    .step = adadelta_step,
};
