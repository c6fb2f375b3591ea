/* The natural gradient with the whole Fisher matrix, for small models.

     x <- x + v,   v <- mu v - a (F + lambda I)^-1 g

   F is the Gauss-Newton matrix, which for a loss that is the negative logarithm of the
   model's likelihood in its natural parameters (cross-entropy of a softmax or of logistic
   outputs, squared error of linear ones) is the Fisher matrix of the model's own
   distribution.  It is made, a product a column, every `interval` updates over the batch.

   Amari, "Natural gradient works efficiently in learning", Neural Computation 10(2), 1998;
   Martens, "New insights and perspectives on the natural gradient method", JMLR 21, 2020
   (the Gauss-Newton matrix, section 9).  */

#include "first_order/momentum.h"
#include "linalg/cholesky.h"

#include <math.h>
#include <string.h>

typedef struct {
    gradus_descent_params descent;
    double momentum, damping;
    long interval, maximum_dimension;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.1, 1e-2, 1, 3,
                        "Factor of the natural gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .initial = 0, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .grid = {0, 0.9, 2},
     .help = "Fraction of the last step kept."},
    {GRADUS_FIELD(params_t, damping), .initial = 1e-3, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG, .grid = {1e-4, 1e-2, 3},
     .help = "Added to the diagonal (lambda); the step size is multiplied by at most "
             "1/lambda."},
    {GRADUS_FIELD(params_t, interval), .initial = 1, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Updates between fresh matrices."},
    GRADUS_MAXIMUM_DIMENSION_ROW(params_t),
    {0}};

typedef struct {
    gradus_momentum momentum;
    const params_t *p;
    double *factor; /* n x n: of F + lambda I */
    double *unit;   /* n: zero between updates */
} natural_t;

static gradus_err natural_open(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    natural_t *s = self;
    s->p = values;
    size_t n = gradus_oracle_dimension(oracle);
    gradus_err err =
        gradus_dense_check("natural_gradient", n, s->p->maximum_dimension, why);
    if (!err)
        err = gradus_momentum_open(&s->momentum, &s->p->descent, s->p->momentum, oracle,
                                   state, why);
    if (err)
        return err;
    gradus_state_carry(state, s->momentum.v);
    s->factor = gradus_state_vector(state, "factor", n * n);
    s->unit = gradus_state_scratch(state, n, sizeof(double));
    return GRADUS_OK;
}

static gradus_err refresh(natural_t *s, gradus_oracle *oracle, const double x[],
                          gradus_report *report) {
    size_t n = s->momentum.descent.n;
    for (size_t i = 0; i < n; i++) {
        s->unit[i] = 1.0;
        gradus_err err = gradus_oracle_gauss_newton(oracle, x, s->unit, s->factor + i * n);
        s->unit[i] = 0.0;
        if (err)
            return err;
        s->factor[i * n + i] += s->p->damping;
    }
    gradus_factor_result result = gradus_cholesky(n, s->factor);
    if (result != GRADUS_FACTOR_OK)
        report->stop =
            result == GRADUS_FACTOR_NOT_FINITE ? GRADUS_FAIL_HESSIAN : GRADUS_FAIL_SINGULAR;
    return GRADUS_OK;
}

static gradus_err natural_step(void *self, gradus_oracle *oracle, double x[],
                               gradus_report *report) {
    natural_t *s = self;
    gradus_descent *descent = &s->momentum.descent;
    gradus_err err = gradus_descent_begin(descent, oracle, x, x, report);
    if (!err && !report->stop && descent->updates % (size_t)s->p->interval == 0)
        err = refresh(s, oracle, x, report);
    if (err || report->stop)
        return err;
    gradus_cholesky_solve(descent->n, s->factor, descent->g);
    gradus_momentum_move(&s->momentum, report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_natural_gradient = {
    .name = "natural_gradient",
    .brief = "natural gradient with the whole Fisher matrix, for small models",
    .formula = "v <- momentum v - learning_rate (F + damping I)^-1 g,  x <- x + v;  F the "
               "Fisher matrix, as the Gauss-Newton matrix",
    .citation = "Amari, Neural Computation 10(2), 1998; Martens, JMLR 21, 2020",
    .notes = "F is over the batch of the update.  It is the exact Fisher matrix of losses "
             "that are likelihoods in the natural parameters of the model; of a sum of "
             "squares it makes the method damped Gauss-Newton.",
    .needs = GRADUS_CAN_GAUSS_NEWTON,
    .size = sizeof(natural_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = natural_open,
    .step = natural_step,
};
