/* Gradient descent with momentum.

     classical:  v <- mu v - a g(x),       x <- x + v
     averaged:   v <- mu v + (1 - mu) g(x),  x <- x - a v

   a is the learning rate, mu the momentum, v = 0 at the start.  Without momentum both are
   x <- x - a g(x).

   Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
   Computational Mathematics and Mathematical Physics 4(5), 1964 (classical).  Robbins and
   Monro, "A stochastic approximation method", Annals of Mathematical Statistics 22, 1951
   (gradients of a part of the data).  */

#include "first_order/momentum.h"

#include <math.h>

enum form { CLASSICAL, AVERAGED };

typedef struct {
    gradus_descent_params descent;
    double momentum;
    long form;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.01, 1e-3, 1.0, 7, "Factor of the gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0.0, 0.9, 2},
     .help = "Fraction of the last velocity that is kept; 0 is plain gradient descent."},
    {GRADUS_FIELD(params_t, form), .initial = CLASSICAL, .choices = "classical|averaged",
     .help = "Whether the velocity is a sum of steps or an average of gradients."},
    {0}};

typedef struct {
    gradus_momentum momentum;
    bool averages;
} sgd_t;

static void move_averaged(const void *self, double a, double x[], size_t begin,
                          size_t end) {
    const gradus_momentum *momentum = self;
    const double *g = momentum->descent.g;
    double mu = momentum->momentum, *v = momentum->v;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        v[i] = mu * v[i] + (1.0 - mu) * g[i];
        x[i] -= a * v[i];
    }
}

static gradus_err sgd_open(void *self, const void *values, gradus_oracle *oracle,
                           gradus_state *state, gradus_error *why) {
    sgd_t *sgd = self;
    const params_t *p = values;
    sgd->averages = p->momentum > 0.0 && p->form == AVERAGED;
    gradus_err err =
        gradus_momentum_open(&sgd->momentum, &p->descent, p->momentum, oracle, state, why);
    if (!sgd->averages)
        gradus_state_carry(state, sgd->momentum.v);
    return err;
}

static gradus_err sgd_step(void *self, gradus_oracle *oracle, double x[],
                           gradus_report *report) {
    sgd_t *sgd = self;
    gradus_err err = gradus_descent_begin(&sgd->momentum.descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    if (sgd->averages)
        gradus_descent_move(sgd, move_averaged, report->learning_rate, x);
    else
        gradus_momentum_move(&sgd->momentum, report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_sgd = {
    .name = "sgd",
    .brief = "gradient descent with momentum",
    .formula = "classical: v <- momentum v - learning_rate g,  x <- x + v;  "
               "averaged: v <- momentum v + (1 - momentum) g,  x <- x - learning_rate v",
    .citation = "Polyak, USSR Comput. Math. Math. Phys. 4(5), 1964; Robbins and Monro, "
                "Ann. Math. Stat. 22, 1951",
    .notes = "At a constant rate the averaged form is the classical one with learning_rate "
             "(1 - momentum).  PyTorch's form, v <- momentum v + g, x <- x - learning_rate "
             "v, is the classical one at a constant rate.",
    .size = sizeof(sgd_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = sgd_open,
    .step = sgd_step,
};
