/* Resilient propagation: steps that follow the sign of the gradient alone, each parameter
   with a step length D of its own that grows while the sign stays and shrinks when it
   changes.  With s = g g', g' the gradient of the last update, element by element,

     s > 0:  D <- min(increase D, maximum_step),   x <- x - a sign(g) D
     s = 0:                                        x <- x - a sign(g) D
     s < 0:  D <- max(decrease D, minimum_step), and

       rprop-    x <- x - a sign(g) D
       rprop+    the last step of this parameter is taken back,  g <- 0
       irprop-   x stays,                                        g <- 0
       irprop+   the last step is taken back if the value has risen, else x stays;  g <- 0

   where g <- 0 makes s = 0 at the next update.  a is the learning rate, a factor of every
   step.  With increase = decrease = 1, rprop- moves every parameter by the same D: the
   Manhattan rule.

   Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the
   RPROP algorithm", IEEE International Conference on Neural Networks, 1993 (rprop+); Igel
   and Huesken, "Empirical evaluation of the improved Rprop learning algorithms",
   Neurocomputing 50, 2003 (the others).  */

#include "first_order/descent.h"

#include <math.h>

enum variant { IRPROP_MINUS, IRPROP_PLUS, RPROP_MINUS, RPROP_PLUS };

typedef struct {
    gradus_descent_params descent;
    double initial_step, increase, decrease, minimum_step, maximum_step;
    long variant;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1.0, 0, 0, 0, "Factor of every step."),
    {GRADUS_FIELD(params_t, initial_step), .initial = 0.0125, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .grid = {1e-4, 1e-1, 4}, .help = "Length of the first step of every parameter."},
    {GRADUS_FIELD(params_t, increase), .initial = 1.2, .minimum = 1, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MAXIMUM,
     .help = "Factor of a step length while the sign of the gradient stays."},
    {GRADUS_FIELD(params_t, decrease), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM,
     .help = "Factor of a step length when the sign of the gradient changes."},
    {GRADUS_FIELD(params_t, minimum_step), .initial = 0, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MAXIMUM, .help = "Shortest step length."},
    {GRADUS_FIELD(params_t, maximum_step), .initial = 50, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM, .help = "Longest step length."},
    {GRADUS_FIELD(params_t, variant), .initial = IRPROP_MINUS,
     .choices = "irprop-|irprop+|rprop-|rprop+",
     .help = "What a parameter does when the sign of its gradient changes: stay; take the "
             "last step back if the value has risen, else stay; go on with the shorter "
             "step; take the last step back."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *step;      /* n: D */
    double *sign;      /* n: of the gradient of the last update; 0 after a change */
    double last_rate;  /* of the last update */
    double last_value; /* of the last update */
    double back;       /* share of the last step to take back when a sign changes */
} rprop_t;

static gradus_err rprop_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    if (!(p->minimum_step <= p->initial_step))
        return gradus_fail(why, GRADUS_EINPUT,
                           "rprop: initial_step=%g: expected at least minimum_step=%g",
                           p->initial_step, p->minimum_step);
    if (!(p->initial_step <= p->maximum_step))
        return gradus_fail(why, GRADUS_EINPUT,
                           "rprop: initial_step=%g: expected at most maximum_step=%g",
                           p->initial_step, p->maximum_step);
    return gradus_descent_check(values, why);
}

static gradus_err rprop_open(void *self, const void *values, gradus_oracle *oracle,
                             gradus_state *state, gradus_error *why) {
    rprop_t *r = self;
    r->p = values;
    gradus_err err = gradus_descent_open(&r->descent, &r->p->descent, oracle, state, why);
    r->step = gradus_state_vector(state, "steps", r->descent.n);
    r->sign = gradus_state_vector(state, "signs", r->descent.n);
    r->last_value = INFINITY;
    gradus_state_keep_real(state, "last_rate", &r->last_rate);
    gradus_state_keep_real(state, "last_value", &r->last_value);
    for (size_t i = 0; r->sign && i < r->descent.n; i++)
        r->step[i] = r->p->initial_step;
    return err;
}

/* Where the sign has changed, the last step was -last_rate sign step: nothing else of it
   need be remembered.  No arithmetic is conditional, so that the compiler can choose without
   branches.  GOES_ON (rprop-) is a constant where this is called.  */
static inline void move(const rprop_t *r, double rate, double x[], size_t begin, size_t end,
                        bool goes_on) {
    const double *g = r->descent.g;
    double *step = r->step, *sign = r->sign;
    double increase = r->p->increase, decrease = r->p->decrease, back = r->back;
    double shortest = r->p->minimum_step, longest = r->p->maximum_step;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        double now = (g[i] > 0.0 ? 1.0 : 0.0) - (g[i] < 0.0 ? 1.0 : 0.0);
        double s = now * sign[i], factor = s > 0.0 ? increase : 1.0;
        factor = s < 0.0 ? decrease : factor;
        double undone = back * sign[i] * step[i], length = step[i] * factor;
        length = length > longest ? longest : length;
        length = length < shortest ? shortest : length;
        double change = -rate * now * length;
        if (!goes_on) {
            change = s < 0.0 ? undone : change;
            now = s < 0.0 ? 0.0 : now;
        }
        x[i] += change;
        sign[i] = now;
        step[i] = length;
    }
}

static void move_on(const void *self, double rate, double x[], size_t begin, size_t end) {
    move(self, rate, x, begin, end, true);
}

static void move_or_turn(const void *self, double rate, double x[], size_t begin,
                         size_t end) {
    move(self, rate, x, begin, end, false);
}

static gradus_err rprop_step(void *self, gradus_oracle *oracle, double x[],
                             gradus_report *report) {
    rprop_t *r = self;
    gradus_err err = gradus_descent_begin(&r->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    bool risen = r->descent.value > r->last_value;
    bool takes_back =
        r->p->variant == RPROP_PLUS || (r->p->variant == IRPROP_PLUS && risen);
    r->back = takes_back ? r->last_rate : 0.0;
    gradus_descent_move(r, r->p->variant == RPROP_MINUS ? move_on : move_or_turn,
                        report->learning_rate, x);
    r->last_rate = report->learning_rate;
    r->last_value = r->descent.value;
    return GRADUS_OK;
}

const gradus_method_type gradus_method_rprop = {
    .name = "rprop",
    .brief = "resilient propagation: step lengths from the signs of the gradient alone",
    .formula = "x <- x - learning_rate sign(g) D,  D <- increase D while the sign of g "
               "stays, D <- decrease D when it changes, within minimum_step and "
               "maximum_step",
    .citation = "Riedmiller and Braun, ICNN 1993 (rprop+); Igel and Huesken, "
                "Neurocomputing 50, 2003 (the other variants)",
    .notes =
        "The default lengths are those of Igel and Huesken (0.0125, 0, 50); Riedmiller and "
        "Braun take initial_step=0.1,minimum_step=1e-6.  PyTorch's Rprop is irprop- with "
        "initial_step=0.01,minimum_step=1e-6.  Shark's form without backtracking takes a "
        "step where irprop- stays.  The Manhattan rule is "
        "variant=rprop-,increase=1,decrease=1.  In mini-batch the signs, and in irprop+ "
        "the values, of two batches are compared, which the method was not made for.",
    .size = sizeof(rprop_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = rprop_check,
    .open = rprop_open,
    .step = rprop_step,
};
