/* vSGD: a learning rate for every parameter from running averages of its gradient g, of g^2
   and of its curvature h, element by element:

     tau <- tau + 1                              where g or h is an outlier
     gm  <- gm + (g - gm) / tau,                 vm  <- vm + (g^2 - vm) / tau
     hm  <- hm + (h - hm) / tau,                 qm  <- qm + (h^2 - qm) / tau
     r    = gm^2 / vm
     x   <- x - a r (hm / qm) g,                 tau <- (1 - r) tau + 1

   h is the absolute value of the Hessian's diagonal on the same batch or, where the problem
   has none, |g(x + gm) - g(x)| / |gm|, gm as it was before (g at the first update); plus
   `curvature_floor`.  hm / qm is 1 / hm where h does not vary.  g is an outlier when
   |g - gm| > 2 sqrt(vm - gm^2), and likewise h.  a is the learning rate, a factor of every
   rate.

   Slow start: x stays for the first `slow_start` - 1 updates, in which the averages are
   plain means; then vm and hm are multiplied by `slow_start_factor` and qm by its square,
   and tau is `slow_start`.

   Schaul, Zhang and LeCun, "No more pesky learning rates", ICML 2013; Schaul and LeCun,
   "Adaptive learning rates and parallelization for stochastic, sparse, non-smooth
   gradients", ICLR 2013 (h by differences, hm / qm, outliers).  */

#include "first_order/descent.h"
#include "linalg/vector.h"

#include <math.h>

typedef struct {
    gradus_descent_params descent;
    long curvature, slow_start;
    double slow_start_factor, curvature_floor, smallest_shift;
} params_t;

static const gradus_param params[] = {
    GRADUS_DESCENT_ROWS(params_t, 1.0, 0, 0, 0, "Factor of every rate."),
    {GRADUS_FIELD(params_t, curvature), .choices = "auto|exact|differences",
     .help = "Where h is from: the problem's own diagonal (`exact`), or differences of "
             "gradients; `auto` is the first where there is one."},
    {GRADUS_FIELD(params_t, slow_start), .initial = 10, .minimum = 1, .maximum = 1e9,
     .help = "Updates whose gradients make the first averages; the last of them is the "
             "first to move."},
    {GRADUS_FIELD(params_t, slow_start_factor), .initial = 2, .minimum = 1,
     .maximum = 1e100, .flags = GRADUS_LOG,
     .help = "Factor of the first averages of g^2 and h, which makes the first rates "
             "small."},
    {GRADUS_FIELD(params_t, curvature_floor), .initial = 1e-6, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .help = "Added to every curvature; no rate is above its inverse."},
    {GRADUS_FIELD(params_t, smallest_shift), .initial = 1e-12, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .help = "A parameter moved by less than this for the difference keeps the average of "
             "its curvature."},
    {0}};

static const double OUTLIER = 2.0; /* standard deviations; of the paper */

enum { AUTO, EXACT, DIFFERENCES };

typedef struct {
    gradus_descent descent;
    const params_t *p;
    double *gm, *vm, *hm, *qm; /* n each: averages of g, g^2, h, h^2 */
    double *tau;               /* n: how many updates the averages remember */
    bool exact;
    double *y, *gy; /* n each: x + gm, and the gradient there; EXACT: NULL, the diagonal */
} vsgd_t;

static gradus_err vsgd_open(void *self, const void *values, gradus_oracle *oracle,
                            gradus_state *state, gradus_error *why) {
    vsgd_t *s = self;
    s->p = values;
    gradus_err err = gradus_descent_open(&s->descent, &s->p->descent, oracle, state, why);
    size_t n = s->descent.n;
    gradus_descent_keep_raw(&s->descent, state);
    s->gm = gradus_state_vector(state, "mean_gradient", n);
    s->vm = gradus_state_vector(state, "mean_square", n);
    s->hm = gradus_state_vector(state, "mean_curvature", n);
    s->qm = gradus_state_vector(state, "mean_square_curvature", n);
    s->tau = gradus_state_vector(state, "memory", n);
    bool can = gradus_oracle_abilities(oracle) & GRADUS_CAN_DIAGONAL;
    s->exact = s->p->curvature == AUTO ? can : s->p->curvature == EXACT;
    if (!s->exact)
        s->y = gradus_state_scratch(state, n, sizeof(double));
    s->gy = gradus_state_scratch(state, n, sizeof(double));
    if (!err && s->exact && !can)
        err = gradus_fail(why, GRADUS_EUNSUPPORTED,
                          "vsgd: curvature=exact needs the diagonal of the Hessian, which "
                          "is not to be had here; leave it out for differences");
    return err;
}

static void shift(const void *self, double unused, double x[], size_t begin, size_t end) {
    const vsgd_t *s = self;
    const double *by = s->descent.updates == 0 ? s->descent.g : s->gm;
    double *y = s->y;
    (void)unused;
#pragma omp simd
    for (size_t i = begin; i < end; i++)
        y[i] = x[i] + by[i];
}

/* Whether a sample is far from the MEAN, by the mean SQUARE.  */
static inline bool is_outlier(double sample, double mean, double square) {
    double distance = sample - mean, variance = square - mean * mean;
    return distance * distance > OUTLIER * OUTLIER * fmax(variance, 0.0);
}

/* The curvature that entry I shows; not finite where it cannot be told.  */
static inline double curvature(const vsgd_t *s, const double x[], size_t i) {
    if (s->exact)
        return fabs(s->gy[i]);
    double moved = fabs(s->y[i] - x[i]);
    return moved >= s->p->smallest_shift ? fabs(s->gy[i] - s->descent.raw[i]) / moved
                                         : INFINITY;
}

/* Brings the averages up to date.  GATHERING is a constant where this is called: in the
   slow start SHARE is that of this sample, else it is 1 / tau.  */
static inline void learn(const vsgd_t *s, double share, const double x[], size_t begin,
                         size_t end, bool gathering) {
    const double *g = s->descent.g;
    double *gm = s->gm, *vm = s->vm, *hm = s->hm, *qm = s->qm, *tau = s->tau;
    for (size_t i = begin; i < end; i++) {
        double h = curvature(s, x, i) + s->p->curvature_floor;
        double square = h * h, part = share;
        if (!(square < INFINITY)) {
            h = hm[i];
            square = qm[i];
        }
        if (!gathering) {
            if (is_outlier(g[i], gm[i], vm[i]) || is_outlier(h, hm[i], qm[i]))
                tau[i] += 1.0;
            part = 1.0 / tau[i];
        }
        gm[i] += part * (g[i] - gm[i]);
        vm[i] += part * (g[i] * g[i] - vm[i]);
        hm[i] += part * (h - hm[i]);
        qm[i] += part * (square - qm[i]);
    }
}

/* Moves by averages that are up to date.  Both ratios are 0 / 0 for a parameter of which
   nothing is known yet: it stays.  */
static void move(const void *self, double rate, double x[], size_t begin, size_t end) {
    const vsgd_t *s = self;
    const double *g = s->descent.g, *gm = s->gm, *vm = s->vm, *hm = s->hm, *qm = s->qm;
    double *tau = s->tau;
#pragma omp simd
    for (size_t i = begin; i < end; i++) {
        double r = gm[i] * gm[i] / vm[i], inverse = hm[i] / qm[i];
        r = r >= 0.0 ? r : 0.0;
        r = r > 1.0 ? 1.0 : r; /* by rounding */
        inverse = inverse >= 0.0 ? inverse : 0.0;
        x[i] -= rate * r * inverse * g[i];
        tau[i] = (1.0 - r) * tau[i] + 1.0;
    }
}

static void gather(const void *self, double share, double x[], size_t begin, size_t end) {
    learn(self, share, x, begin, end, true);
}

static void end_slow_start(const void *self, double factor, double x[], size_t begin,
                           size_t end) {
    const vsgd_t *s = self;
    (void)x;
    for (size_t i = begin; i < end; i++) {
        s->vm[i] *= factor;
        s->hm[i] *= factor;
        s->qm[i] *= factor * factor;
        s->tau[i] = (double)s->p->slow_start;
    }
}

/* A part of the vectors stays in the cache from the first loop to the second.  */
static void learn_and_move(const void *self, double rate, double x[], size_t begin,
                           size_t end) {
    learn(self, 0.0, x, begin, end, false);
    move(self, rate, x, begin, end);
}

static gradus_err vsgd_step(void *self, gradus_oracle *oracle, double x[],
                            gradus_report *report) {
    vsgd_t *s = self;
    size_t sample = s->descent.updates + 1, first = (size_t)s->p->slow_start;
    gradus_err err = gradus_descent_begin(&s->descent, oracle, x, x, report);
    if (err || report->stop)
        return err;
    if (!s->exact)
        gradus_descent_pass(s, shift, 0.0, x);
    err = s->exact ? gradus_oracle_diagonal(oracle, x, s->gy)
                   : gradus_oracle_gradient(oracle, s->y, NULL, s->gy);
    if (err)
        return err;
    if (s->exact && !isfinite(gradus_norm(s->descent.n, s->gy, s->descent.threads))) {
        report->stop = GRADUS_FAIL_HESSIAN;
        return GRADUS_OK;
    }
    if (sample <= first)
        gradus_descent_pass(s, gather, 1.0 / (double)sample, x);
    if (sample == first)
        gradus_descent_pass(s, end_slow_start, s->p->slow_start_factor, x);
    if (sample < first)
        s->descent.updates++;
    else
        gradus_descent_move(s, sample == first ? move : learn_and_move,
                            report->learning_rate, x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_vsgd = {
    .name = "vsgd",
    .brief = "variance-based rates: one for every parameter, without tuning",
    .formula = "x <- x - learning_rate (gm^2 / vm) (hm / qm) g,  running averages gm of g, "
               "vm of g^2, hm of h and qm of h^2,  h = |diagonal of the Hessian| or |g(x + "
               "gm) - g(x)| / |gm|",
    .citation = "Schaul, Zhang and LeCun, ICML 2013; Schaul and LeCun, ICLR 2013",
    .notes =
        "The variant with a rate for every parameter (vSGD-l).  Curvatures are exact "
        "where the problem has the diagonal of its Hessian, else by differences "
        "(vSGD-fd); either costs as much as a second gradient evaluation of the same "
        "batch.  The first paper's rate has 1 / hm, which is hm / qm for a curvature that "
        "does not vary, and gets a curvature without sign by Gauss-Newton.  A batch counts "
        "as one sample; the papers' code averages the squares of single "
        "examples.  It also gathers the slow start's samples in one large first batch; "
        "here "
        "they are updates that do not move.  The slow start is that of Schaul's code; the "
        "paper's factor, a tenth of the dimension, holds a large model back for thousands "
        "of updates.",
    .size = sizeof(vsgd_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = gradus_descent_check,
    .open = vsgd_open,
    .step = vsgd_step,
};
