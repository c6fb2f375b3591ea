/* Adam: steps scaled by running averages of the gradient and of its square.

     m <- beta1 m + (1 - beta1) g,      mh = m / (1 - beta1^t)
     v <- beta2 v + (1 - beta2) g^2,    vh = v / (1 - beta2^t)
     x <- x - a mh / (sqrt(vh) + epsilon)       epsilon outside the root
     x <- x - a mh / sqrt(vh + epsilon)         inside

   element by element, m = v = 0 at the start, t = 1 at the first update.  Without the bias
   correction mh = m and vh = v.

   Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.  */

#include "first_order/descent.h"

#include <math.h>

enum placement { OUTSIDE, INSIDE };
enum answer { YES, NO };

typedef struct {
    gradus_descent_params descent;
    double beta1, beta2, epsilon;
    long epsilon_placement, bias_correction;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1e-3, 1e-4, 1e-1, 7,
                        "Bound, nearly, on how far a step moves any one parameter."),
    {GRADUS_FIELD(params_t, beta1), .initial = 0.9, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .help = "Decay of the average of gradients."},
    {GRADUS_FIELD(params_t, beta2), .initial = 0.999, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .help = "Decay of the average of squared gradients."},
    {GRADUS_FIELD(params_t, epsilon), .initial = 1e-8, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .help = "Keeps the divisor away from zero."},
    {GRADUS_FIELD(params_t, epsilon_placement), .initial = OUTSIDE,
     .choices = "outside|inside",
     .help = "Whether epsilon is added to the square root or under it."},
    {GRADUS_FIELD(params_t, bias_correction), .initial = YES, .choices = "yes|no",
     .help = "Whether the averages are corrected for having started at zero."},
    {0}};

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *m, *v;       /* n each: running averages of g and g^2 */
    double second_scale; /* vh = second_scale v in this update */
    gradus_descent_kernel kernel;
} adam_t;

/* STEP is a / (1 - beta1^t).  INSIDE is a constant where this is called.  */
static inline void move(const adam_t *adam, double step, double x[], size_t begin,
                        size_t end, bool inside) {
    const double *g = adam->descent.g;
    double *m = adam->m, *v = adam->v;
    double beta1 = adam->p->beta1, beta2 = adam->p->beta2, epsilon = adam->p->epsilon;
    double scale = adam->second_scale, root_scale = sqrt(scale);
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
        double divisor =
            inside ? sqrt(scale * v[i] + epsilon) : root_scale * sqrt(v[i]) + epsilon;
        x[i] -= step * m[i] / divisor;
    }
}

static void move_outside(const void *self, double step, double x[], size_t begin,
                         size_t end) {
    move(self, step, x, begin, end, false);
}

static void move_inside(const void *self, double step, double x[], size_t begin,
                        size_t end) {
    move(self, step, x, begin, end, true);
}

static gradus_err adam_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    adam_t *adam = self;
    adam->p = values;
    gradus_err err =
        gradus_descent_open(&adam->descent, &adam->p->descent, oracle, state, why);
    adam->m = gradus_state_vector(state, "first_moment", adam->descent.n);
    adam->v = gradus_state_vector(state, "second_moment", adam->descent.n);
    adam->kernel = adam->p->epsilon_placement == INSIDE ? move_inside : move_outside;
    return err;
}

static gradus_err adam_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    adam_t *adam = self;
    gradus_err err = gradus_descent_begin(&adam->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    double step = report->learning_rate;
    double t = (double)adam->descent.updates + 1.0;
    adam->second_scale = 1.0;
    if (adam->p->bias_correction == YES) {
        step /= 1.0 - pow(adam->p->beta1, t);
        adam->second_scale = 1.0 / (1.0 - pow(adam->p->beta2, t));
    }
    gradus_descent_move(adam, adam->kernel, step, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_adam = {
    .name = "adam",
    .brief = "adaptive moments: steps scaled by running averages of g and g^2",
    .formula =
        "m <- beta1 m + (1 - beta1) g,  v <- beta2 v + (1 - beta2) g^2,  "
        "x <- x - learning_rate mh / (sqrt(vh) + epsilon),  mh = m / (1 - beta1^t),  "
        "vh = v / (1 - beta2^t)",
    .citation = "Kingma and Ba, ICLR 2015, algorithm 1",
    .notes =
        "With epsilon outside this is PyTorch's form.  TensorFlow adds a fixed epsilon "
        "to the root of the uncorrected v, the order at the end of section 2 of the "
        "paper, which is this one with epsilon divided by sqrt(1 - beta2^t).",
    .size = sizeof(adam_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = adam_open,
    .step = adam_step,
};
