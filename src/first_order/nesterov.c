/* Nesterov's accelerated gradient: the gradient is taken at the point that the momentum alone
   would reach.

     classical:  v <- mu v - a g(x + mu v),                x <- x + v
     averaged:   v <- mu v + (1 - mu) g(x - a mu v),       x <- x - a v

   with v = 0 at the start and mu constant, or, in the convex schedule, at the update that follows
   k others, k >= 1,

     mu_k = (t_k - 1) / t_(k+1),   t_1 = 1,   t_(k+1) = (1 + sqrt(1 + 4 t_k^2)) / 2,

   which for a = 1/L on a convex function with an L-Lipschitz gradient gives
   f(x_k) - f* <= 2 L |x_0 - x*|^2 / (k + 1)^2.

   Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)",
   Soviet Math. Dokl. 27, 1983; Beck and Teboulle, SIAM J. Imaging Sci. 2(1), 2009 (the schedule in
   this form); Sutskever, Martens, Dahl and Hinton, ICML 2013 (as a momentum).  */

#include "core/settings.h"
#include "first_order/averages.h"
#include "first_order/descent.h"

enum form { CLASSICAL, AVERAGED };
enum momentum_schedule { CONSTANT, CONVEX };

static const double MOMENTUM = 0.9; /* when none is given */

typedef struct {
    gradus_descent_params descent;
    double momentum;
    long form, momentum_schedule;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 0.01, 1e-3, 1.0, 7, "Factor of the gradient in a step."),
    {GRADUS_FIELD(params_t, momentum), .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .unset = "auto", .grid = {0.5, 0.95, 2},
     .help =
         "Fraction of the last velocity that is kept (auto: 0.9); not read by the convex "
         "schedule."},
    {GRADUS_FIELD(params_t, form), .choices = "classical|averaged",
     .help = "Whether the velocity is a sum of steps or an average of gradients."},
    {GRADUS_FIELD(params_t, momentum_schedule), .choices = "constant|convex",
     .help = "Whether the momentum is constant or rises towards 1 as it should on a convex "
             "function."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double momentum; /* of this update */
    double t;        /* t_k of the convex schedule */
    double *v;       /* n: velocity */
    double *ahead;   /* n: where the gradient is taken */
} nesterov_t;

static gradus_err nesterov_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    if (p->momentum_schedule == CONVEX && gradus_real_given(p->momentum))
        return gradus_fail(why, GRADUS_EINPUT,
                           "nesterov: momentum_schedule=convex does not read momentum");
    if (p->momentum_schedule == CONVEX && p->form == AVERAGED)
        return gradus_fail(why, GRADUS_EINPUT,
                           "nesterov: momentum_schedule=convex goes with form=classical");
    return gradus_descent_check(values, why);
}

/* What a velocity is multiplied by to make a displacement: 1 or -a.  */
static double displacement(const nesterov_t *s, double a) {
    return s->p->form == AVERAGED ? -a : 1.0;
}

static void look_ahead(const void *self, double factor, double x[], size_t begin,
                       size_t end) {
    const nesterov_t *s = self;
    const double *v = s->v;
    double *ahead = s->ahead, reach = factor * s->momentum;
#pragma omp simd
    for (size_t i = begin; i < end; i++)
        ahead[i] = x[i] + reach * v[i];
}

static void move_classical(const void *self, double a, double x[], size_t begin,
                           size_t end) {
    const nesterov_t *s = self;
    const double *g = s->descent.g, mu = s->momentum;
    double *v = s->v;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        v[i] = mu * v[i] - a * g[i];
        x[i] += v[i];
    }
}

static void move_averaged(const void *self, double a, double x[], size_t begin,
                          size_t end) {
    const nesterov_t *s = self;
    const double *g = s->descent.g, mu = s->momentum;
    double *v = s->v;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        v[i] = gradus_average(mu, v[i], g[i]);
        x[i] -= a * v[i];
    }
}

static gradus_err nesterov_open(void *self, const void *values, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    nesterov_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    s->v = gradus_state_vector(state, "velocity", s->descent.n);
    s->ahead = gradus_state_scratch(state, s->descent.n, sizeof(double));
    s->t = 1.0;
    gradus_state_keep_real(state, "t", &s->t);
    return err;
}

/* t_(k+1).  */
static double next_t(double t) { return 0.5 * (1.0 + sqrt(1.0 + 4.0 * t * t)); }

/* The averaged form's look-ahead needs the rate before the gradient: that of the last
   update, which at a constant rate is this one's too.  */
static gradus_err nesterov_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    nesterov_t *s = self;
    double next = s->t;
    s->momentum = gradus_real_given(s->p->momentum) ? s->p->momentum : MOMENTUM;
    if (s->p->momentum_schedule == CONVEX && s->descent.updates > 0) {
        next = next_t(s->t);
        s->momentum = (s->t - 1.0) / next;
    }
    double rate;
    gradus_err err = gradus_descent_rate(&s->descent, oracle, x, &rate);
    if (err)
        return err;
    gradus_descent_pass(s, look_ahead, displacement(s, rate), x);
    err = gradus_descent_gradient(&s->descent, oracle, s->ahead, rate, report);
    if (err || report->stop)
        return err;
    s->t = next;
    gradus_descent_move(s, s->p->form == AVERAGED ? move_averaged : move_classical, rate,
                        x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_nesterov = {
    .name = "nesterov",
    .brief = "Nesterov's accelerated gradient",
    .formula =
        "classical: v <- momentum v - learning_rate g(x + momentum v),  x <- x + v;  "
        "averaged: v <- momentum v + (1 - momentum) g(x - learning_rate momentum v),  "
        "x <- x - learning_rate v",
    .citation =
        "Nesterov, Soviet Math. Dokl. 27, 1983; Sutskever, Martens, Dahl and Hinton, "
        "ICML 2013",
    .notes =
        "The value reported is at the parameters, not at the look-ahead point, which costs "
        "measuring an evaluation of its own.  PyTorch's form keeps the look-ahead point as "
        "its parameters: they are x + momentum v here.",
    .size = sizeof(nesterov_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = nesterov_check,
    .open = nesterov_open,
    .step = nesterov_step,
};
