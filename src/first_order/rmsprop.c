/* RMSProp: steps scaled by the root of a running average of squared gradients.

     s <- decay s + (1 - decay) g^2
     d = g / (sqrt(s) + epsilon)       epsilon outside the root
     d = g / sqrt(s + epsilon)         inside
     v <- mu v - a d,    x <- x + v

   element by element, s = v = 0 at the start; a is the learning rate and mu the momentum.
   Without momentum this is x <- x - a d.

   Tieleman and Hinton, "Lecture 6.5: RMSProp", Coursera: Neural networks for machine
   learning, 2012.  Momentum as in Graves, "Generating sequences with recurrent neural
   networks", arXiv:1308.0850, 2013.  */

#include "first_order/averages.h"
#include "first_order/descent.h"

typedef struct {
    gradus_descent_params descent;
    double decay, momentum, epsilon;
    long epsilon_placement;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Step along a gradient that has the size of its running average."),
    GRADUS_DECAY_ROW(params_t, decay, 0.9, "Decay of the average of squared gradients."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0.0, 0.9, 2},
     .help = "Fraction of the last step that is kept."},
    GRADUS_EPSILON_ROW(params_t, 1e-8),
    GRADUS_PLACEMENT_ROW(params_t),
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *s; /* n: running average of g^2 */
    double *v; /* n: last step; none without momentum */
    gradus_epsilon epsilon;
    gradus_descent_kernel kernel;
} rmsprop_t;

static void move_plain(const void *self, double a, double x[], size_t begin, size_t end) {
    const rmsprop_t *rmsprop = self;
    const double *g = rmsprop->descent.g;
    double *s = rmsprop->s, decay = rmsprop->p->decay;
    gradus_epsilon epsilon = rmsprop->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] = gradus_average(decay, s[i], g[i] * g[i]);
        x[i] -= gradus_over_root(a * g[i], s[i], epsilon);
    }
}

static void move_momentum(const void *self, double a, double x[], size_t begin,
                          size_t end) {
    const rmsprop_t *rmsprop = self;
    const double *g = rmsprop->descent.g;
    double *s = rmsprop->s, decay = rmsprop->p->decay;
    double *v = rmsprop->v, mu = rmsprop->p->momentum;
    gradus_epsilon epsilon = rmsprop->epsilon;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        s[i] = gradus_average(decay, s[i], g[i] * g[i]);
        v[i] = mu * v[i] - gradus_over_root(a * g[i], s[i], epsilon);
        x[i] += v[i];
    }
}

static gradus_err rmsprop_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    rmsprop_t *rmsprop = self;
    const params_t *p = rmsprop->p = values;
    gradus_err err =
        gradus_descent_open(&rmsprop->descent, &p->descent, oracle, state, why);
    rmsprop->s = gradus_state_vector(state, "second_moment", rmsprop->descent.n);
    rmsprop->epsilon = gradus_epsilon_at(p->epsilon_placement, p->epsilon);
    rmsprop->kernel = move_plain;
    if (p->momentum > 0.0) {
        rmsprop->v = gradus_state_vector(state, "velocity", rmsprop->descent.n);
        rmsprop->kernel = move_momentum;
    }
    return err;
}

static gradus_err rmsprop_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    rmsprop_t *rmsprop = self;
    gradus_err err = gradus_descent_begin(&rmsprop->descent, oracle, x, x, report);
    if (!err && !report->stop)
        gradus_descent_move(rmsprop, rmsprop->kernel, report->learning_rate, x);
    return err;
}

const gradus_method_type gradus_method_rmsprop = {
    .name = "rmsprop",
    .brief = "steps scaled by the root of a running average of squared gradients",
    .formula = "s <- decay s + (1 - decay) g^2,  "
               "v <- momentum v - learning_rate g / (sqrt(s) + epsilon),  x <- x + v",
    .citation = "Tieleman and Hinton, Coursera lecture 6.5, 2012; momentum: Graves, "
                "arXiv:1308.0850, 2013",
    .notes = "The lecture has no epsilon; Graves has one of 1e-4 inside the root.  PyTorch "
             "has epsilon outside, decay 0.99, and v <- momentum v + g / (sqrt(s) + "
             "epsilon), x <- x - learning_rate v, which is this form at a constant rate.",
    .size = sizeof(rmsprop_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = rmsprop_open,
    .step = rmsprop_step,
};
