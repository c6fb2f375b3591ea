/* Nesterov's accelerated gradient: momentum with the gradient at the look-ahead point y,
   where the momentum leads.

     classical:  v <- mu v - a g(y),             x <- x + v,      y <- x + mu v
     averaged:   v <- mu v + (1 - mu) g(y),      x <- x - a v,    y <- x - mu a v

   a is the learning rate and mu the momentum; v = 0 and y = x at the start.  With the convex
   schedule, y of update k is x + (t' - 1) / t v with t' and t of updates k - 1 and k,

     t = 1 at the first update,    t <- (1 + sqrt(1 + 4 t^2)) / 2

   and for a convex f whose gradient has the Lipschitz constant L = 1 / a, after k updates

     f(x) - f* <= 2 L |x0 - x*|^2 / (k + 1)^2

   Nesterov, "A method of solving a convex programming problem with convergence rate
   O(1/k^2)", Soviet Mathematics Doklady 27(2), 1983 (convex), in the form of Beck and
   Teboulle, SIAM Journal on Imaging Sciences 2(1), 2009.  Sutskever, Martens, Dahl and
   Hinton, "On the importance of initialization and momentum in deep learning", ICML 2013
   (classical).  */

#include "core/settings.h"
#include "first_order/descent.h"

#include <math.h>
#include <string.h>

enum form { CLASSICAL, AVERAGED };
enum momentum_schedule { CONSTANT, CONVEX };

static const double MOMENTUM = 0.9; /* of the constant schedule */

typedef struct {
    gradus_descent_params descent;
    double momentum;
    long form, momentum_schedule;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.01, 1e-3, 1.0, 7, "Factor of the gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .unset = "auto",
     .help = "Fraction of the last velocity that is kept (auto: 0.9; "
             "momentum_schedule=convex has its own)."},
    {GRADUS_FIELD(params_t, form), .initial = CLASSICAL, .choices = "classical|averaged",
     .help = "Whether the velocity is a sum of steps or an average of gradients."},
    {GRADUS_FIELD(params_t, momentum_schedule), .initial = CONSTANT,
     .choices = "constant|convex",
     .help = "Whether the momentum stays, or rises towards 1 as is best for convex "
             "functions with learning_rate 1 / L."},
    {0}};

typedef struct {
    gradus_descent descent;
    bool convex;
    double momentum; /* that leads to the next look-ahead point */
    double t;        /* convex: of this update */
    double *y;       /* n: look-ahead point */
    double *v;       /* n: average of gradients; averaged only */
    gradus_descent_kernel kernel;
} nesterov_t;

static gradus_err nesterov_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    if (p->momentum_schedule == CONVEX && gradus_real_given(p->momentum))
        return gradus_fail(why, GRADUS_EINPUT,
                           "nesterov: momentum_schedule=convex does not read momentum");
    if (p->momentum_schedule == CONVEX && p->form == AVERAGED)
        return gradus_fail(why, GRADUS_EINPUT,
                           "nesterov: momentum_schedule=convex needs form=classical: an "
                           "average of ever more gradients takes ever smaller steps");
    return gradus_descent_check(values, why);
}

/* The velocity is the difference of two points, so that none is stored.  */
static void move_classical(const void *self, double a, double x[], size_t begin,
                           size_t end) {
    const nesterov_t *nesterov = self;
    const double *g = nesterov->descent.g;
    double mu = nesterov->momentum, *y = nesterov->y;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        double old = x[i];
        x[i] = y[i] - a * g[i];
        y[i] = x[i] + mu * (x[i] - old);
    }
}

static void move_averaged(const void *self, double a, double x[], size_t begin,
                          size_t end) {
    const nesterov_t *nesterov = self;
    const double *g = nesterov->descent.g;
    double mu = nesterov->momentum, *y = nesterov->y, *v = nesterov->v;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        v[i] = mu * v[i] + (1.0 - mu) * g[i];
        x[i] -= a * v[i];
        y[i] = x[i] - mu * a * v[i];
    }
}

static gradus_err nesterov_open(void *self, const void *values, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    nesterov_t *nesterov = self;
    const params_t *p = values;
    gradus_err err =
        gradus_descent_open(&nesterov->descent, &p->descent, oracle, state, why);
    nesterov->convex = p->momentum_schedule == CONVEX;
    nesterov->momentum = gradus_real_given(p->momentum) ? p->momentum : MOMENTUM;
    nesterov->t = 1.0;
    gradus_state_keep_real(state, "t", &nesterov->t);
    nesterov->y = gradus_state_vector(state, "look_ahead", nesterov->descent.n);
    nesterov->kernel = move_classical;
    if (p->form == CLASSICAL) {
        gradus_state_carry(state, &nesterov->descent.updates);
        gradus_state_carry(state, &nesterov->t);
        gradus_state_carry(state, nesterov->y);
    }
    if (p->form == AVERAGED) {
        nesterov->v = gradus_state_vector(state, "velocity", nesterov->descent.n);
        nesterov->kernel = move_averaged;
    }
    return err;
}

static gradus_err nesterov_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    nesterov_t *nesterov = self;
    gradus_descent *descent = &nesterov->descent;
    if (descent->updates == 0)
        memcpy(nesterov->y, x, descent->n * sizeof *x);
    gradus_err err = gradus_descent_begin(descent, oracle, x, nesterov->y, report);
    if (err || report->stop)
        return err;
    if (nesterov->convex) {
        double t = nesterov->t;
        nesterov->t = 0.5 * (1.0 + sqrt(1.0 + 4.0 * t * t));
        nesterov->momentum = (t - 1.0) / nesterov->t;
    }
    gradus_descent_move(nesterov, nesterov->kernel, report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_nesterov = {
    .name = "nesterov",
    .brief = "accelerated gradient: momentum with the gradient at the look-ahead point",
    .formula = "classical: v <- momentum v - learning_rate g(y),  x <- x + v,  "
               "y <- x + momentum v;  averaged: v <- momentum v + (1 - momentum) g(y),  "
               "x <- x - learning_rate v,  y <- x - momentum learning_rate v",
    .citation = "Nesterov, Soviet Math. Dokl. 27(2), 1983; Beck and Teboulle, SIAM J. "
                "Imaging Sci. 2(1), 2009; Sutskever, Martens, Dahl and Hinton, ICML 2013",
    .notes = "The value reported is at x, not at the look-ahead point y, whose distance "
             "from x is the momentum times the last step.  At a constant rate the averaged "
             "form is the classical one with learning_rate (1 - momentum), and PyTorch's "
             "parameters, with nesterov=True, are the points y.",
    .size = sizeof(nesterov_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = nesterov_check,
    .open = nesterov_open,
    .step = nesterov_step,
};
