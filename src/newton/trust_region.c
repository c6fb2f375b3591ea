/* A trust region: the quadratic model is believed within a radius, which follows how well it
   foretold the last change.

     p = minimizer of m(p) = g'p + p'H p / 2 over |p| <= radius,
     rho = (f(x) - f(x + p)) / -m(p),   x <- x + p if rho > acceptance;
     radius <- radius / 4 if rho < 1/4,   2 radius if rho > 3/4 and p is on the boundary

   The minimizer is found exactly, or by conjugate gradients to |r| <= min(forcing,
   |g|^forcing_exponent) |g|.  An update is as many trials as it takes to accept one.

   Where the decrease -m(p) is below the rounding of f, rho is noise.  A point is then taken
   if f is not higher there and |g| is less.  When the region has collapsed without a point
   taken, a line search along -g finds out why, or a point after all.

   More and Sorensen, "Computing a trust region step", SIAM J. Sci. Stat. Comput. 4(3), 1983;
   Steihaug, "The conjugate gradient method and trust regions in large scale optimization",
   SIAM J. Numer. Anal. 20(3), 1983; Nocedal and Wright, Numerical Optimization, 2006,
   algorithm 4.1.  */

#include "core/settings.h"
#include "line_search/update.h"
#include "linalg/symmetric.h"
#include "linalg/vector.h"
#include "newton/more_sorensen.h"
#include "newton/steihaug.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double POOR = 0.25, GOOD = 0.75; /* rho; algorithm 4.1 */
static const double SHRINK = 0.25, GROW = 2.0;
static const double NOISE = 10 * DBL_EPSILON; /* relative, of values and of parameters */

enum { AUTO, STEIHAUG, EXACT };
enum { SMALL = 100 }; /* dimension: an eigendecomposition takes about a millisecond */

typedef struct {
    long subproblem;
    double radius, maximum_radius, acceptance;
    double forcing, forcing_exponent;
    long cg_iterations, maximum_trials, maximum_dimension;
} params_t;

#define LARGEST_RADIUS 1e150 /* has a square */
#define LEAST_RADIUS 1e-150  /* likewise */

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, subproblem), .initial = AUTO, .choices = "auto|steihaug|exact",
     .help = "Steihaug's conjugate gradients, by products; or exactly, by an "
             "eigendecomposition of the dense Hessian; `auto` is exact up to dimension 100 "
             "where there is a dense Hessian, and where there are no products."},
    {GRADUS_FIELD(params_t, radius), .minimum = 0, .maximum = LARGEST_RADIUS,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG, .unset = "auto", .grid = {0.1, 10, 3},
     .help =
         "Radius of the region at first; `auto` is the length of the step to the minimum "
         "of the model along -g, or 1 where there is none."},
    {GRADUS_FIELD(params_t, maximum_radius), .initial = 1e10, .minimum = 0,
     .maximum = LARGEST_RADIUS, .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "Largest radius; at least `radius`."},
    {GRADUS_FIELD(params_t, acceptance), .initial = 0.15, .minimum = 0, .maximum = 0.25,
     .flags = GRADUS_OPEN_MAXIMUM,
     .help = "Part of the decrease foretold by the model above which a step is taken."},
    {GRADUS_FIELD(params_t, forcing), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .help = "Largest residual of the Newton system, relative to the gradient; for "
             "steihaug."},
    {GRADUS_FIELD(params_t, forcing_exponent), .initial = 0.5, .minimum = 0, .maximum = 1,
     .help = "Power of the gradient norm that bounds the relative residual too; 0: it does "
             "not; for steihaug."},
    {GRADUS_FIELD(params_t, cg_iterations), .initial = 100, .minimum = 1, .maximum = 1e9,
     .flags = GRADUS_LOG,
     .help = "Most iterations of conjugate gradients, one product each, in a trial; for "
             "steihaug."},
    {GRADUS_FIELD(params_t, maximum_trials), .initial = 40, .minimum = 1, .maximum = 1000,
     .help = "Most trials in an update."},
    GRADUS_MAXIMUM_DIMENSION_ROW(params_t),
    {0}};

typedef struct {
    size_t n, threads;
    bool exact;
    const params_t *p;
    double radius;        /* 0 at first if it is to be found */
    double *g;            /* n: gradient of this update */
    double *step;         /* n */
    double *x, *gx;       /* n each: the trial point and its gradient */
    gradus_search search; /* along -g, once the region has collapsed */
    gradus_more_sorensen more_sorensen;
    gradus_steihaug steihaug;
} trust_region_t;

/* Of the search: the textbook's constants and the cheapest algorithm.  */
static const gradus_search_params last_resort = {.line_search = GRADUS_BACKTRACKING,
                                                 .wolfe_decrease = NAN,
                                                 .wolfe_curvature = NAN,
                                                 .maximum_evaluations = 40};

static gradus_err trust_region_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    if (!gradus_real_given(p->radius) || p->radius <= p->maximum_radius)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "trust_region: maximum_radius=%g: expected at least radius=%g",
                       p->maximum_radius, p->radius);
}

static gradus_err choose(trust_region_t *s, const gradus_oracle *oracle,
                         gradus_error *why) {
    unsigned can = gradus_oracle_abilities(oracle);
    bool dense = can & GRADUS_CAN_HESSIAN, products = can & GRADUS_CAN_PRODUCT;
    bool small = s->n <= SMALL && s->n <= (size_t)s->p->maximum_dimension;
    long wanted = s->p->subproblem;
    s->exact = wanted == EXACT || (wanted == AUTO && dense && (small || !products));
    if (s->exact ? dense : products)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EUNSUPPORTED,
                       "trust_region: subproblem=%s, which the problem cannot do",
                       s->exact ? "exact needs a dense Hessian"
                                : "steihaug needs Hessian-vector products");
}

static gradus_err trust_region_open(void *self, const void *values, gradus_oracle *oracle,
                                    gradus_state *state, gradus_error *why) {
    trust_region_t *s = self;
    size_t n = s->n = gradus_oracle_dimension(oracle);
    s->p = values;
    s->threads = gradus_oracle_threads(oracle);
    s->radius = gradus_real_given(s->p->radius) ? s->p->radius : 0.0;
    gradus_err err = choose(s, oracle, why);
    if (!err && s->exact)
        err = gradus_more_sorensen_open(&s->more_sorensen, "trust_region", n,
                                        s->p->maximum_dimension, state, why);
    if (err)
        return err;
    if (!s->exact)
        gradus_steihaug_open(&s->steihaug, oracle, state);
    s->g = gradus_state_scratch(state, n, sizeof(double));
    s->step = gradus_state_scratch(state, n, sizeof(double));
    s->x = gradus_state_scratch(state, n, sizeof(double));
    s->gx = gradus_state_scratch(state, n, sizeof(double));
    gradus_search_open(&s->search, &last_resort, NAN, oracle, state);
    gradus_state_keep_real(state, "radius", &s->radius);
    return GRADUS_OK;
}

/* ---- The model ---- */

/* The Hessian at a point, for conjugate gradients.  */
typedef struct {
    gradus_oracle *oracle;
    const double *x;
} hessian_t;

static gradus_err product(void *context, const double v[], double result[]) {
    const hessian_t *hessian = context;
    return gradus_oracle_product(hessian->oracle, hessian->x, v, result);
}

static void set_radius(trust_region_t *s, double radius) {
    s->radius = fmax(fmin(radius, s->p->maximum_radius), LEAST_RADIUS);
}

/* The first radius: the length t |g| of the step from x to the minimum of the model along -g,
   t = g'g / g'H g; it has the scale of x whatever that of f.  In the unit of g, a power of
   two, it loses no digit and g'H g neither overflows nor underflows for g alone.  */
static gradus_err find_radius(trust_region_t *s, gradus_oracle *oracle, const double x[],
                              double norm) {
    gradus_err err = GRADUS_OK;
    double unit = gradus_power_of_two(norm), length = norm / unit;
    for (size_t i = 0; i < s->n; i++)
        s->x[i] = s->g[i] / unit;
    if (s->exact)
        gradus_symmetric_product(s->n, s->more_sorensen.matrix, s->x, s->step);
    else
        err = gradus_oracle_product(oracle, x, s->x, s->step);
    double radius = length * length * length /
                    gradus_dot(s->n, s->x, s->step, s->threads) * unit;
    set_radius(s, radius > 0.0 && isfinite(radius) ? radius : 1.0);
    return err;
}

/* What all trials of an update share.  */
static gradus_err make_model(trust_region_t *s, gradus_oracle *oracle, const double x[],
                             double norm, gradus_report *report) {
    gradus_err err = GRADUS_OK;
    if (s->exact)
        err = gradus_oracle_hessian(oracle, x, s->more_sorensen.matrix);
    if (!err && !(s->radius > 0.0))
        err = find_radius(s, oracle, x, norm);
    if (err || !s->exact)
        return err;
    gradus_oracle_enter(oracle, GRADUS_PHASE_EIGENDECOMPOSITION);
    report->stop = gradus_more_sorensen_begin(&s->more_sorensen, s->g);
    gradus_oracle_leave(oracle);
    return GRADUS_OK;
}

static gradus_err find_step(trust_region_t *s, gradus_oracle *oracle, const double x[],
                            double norm, gradus_region_step *step) {
    if (s->exact) {
        gradus_more_sorensen_solve(&s->more_sorensen, s->radius, s->step, step);
        return GRADUS_OK;
    }
    hessian_t hessian = {oracle, x};
    double forcing = fmin(s->p->forcing, pow(norm, s->p->forcing_exponent));
    return gradus_steihaug_solve(&s->steihaug, product, &hessian, s->g, forcing * norm,
                                 (size_t)s->p->cg_iterations, s->radius, s->step, step);
}

/* ---- The region ---- */

/* Whether the trial is taken; the radius follows.  Not where anything is NaN.  */
static bool judge(trust_region_t *s, double value, double norm, double trial_value,
                  const gradus_region_step *step) {
    double trial_norm = gradus_norm(s->n, s->gx, s->threads);
    double rho = (value - trial_value) / step->decrease;
    if (!isfinite(trial_norm) || !isfinite(trial_value))
        rho = -INFINITY;
    if (rho > s->p->acceptance && trial_value < value) {
        if (rho > GOOD && step->boundary)
            set_radius(s, GROW * s->radius);
        else if (!(rho >= POOR))
            set_radius(s, SHRINK * s->radius);
        return true;
    }
    if (step->decrease <= NOISE * fabs(value) && trial_value <= value && trial_norm < norm)
        return true;
    do
        set_radius(s, SHRINK * s->radius); /* as often as it takes to be felt */
    while (s->radius >= step->length && s->radius > LEAST_RADIUS);
    return false;
}

/* Whether a shorter step is not worth a trial.  */
static bool has_collapsed(const trust_region_t *s, const double x[], double value,
                          const gradus_region_step *step) {
    return !(step->decrease > NOISE * fabs(value)) ||
           !(step->length > NOISE * gradus_norm(s->n, x, s->threads)) ||
           !(s->radius > LEAST_RADIUS);
}

/* Trials until one is taken or the region has collapsed.  */
static gradus_err go_on_trial(trust_region_t *s, gradus_oracle *oracle, const double x[],
                              double value, double norm, bool *taken,
                              gradus_report *report) {
    *taken = false;
    for (long k = 0; k < s->p->maximum_trials; k++) {
        gradus_region_step step;
        double trial_value;
        gradus_err err = find_step(s, oracle, x, norm, &step);
        if (err)
            return err;
        if (!isfinite(step.decrease)) {
            report->stop = GRADUS_FAIL_DIVERGED;
            return GRADUS_OK;
        }
        if (!(step.decrease > 0.0))
            return GRADUS_OK;
        memcpy(s->x, x, s->n * sizeof *x);
        gradus_add(s->n, 1.0, s->step, s->x, s->threads);
        err = gradus_oracle_gradient(oracle, s->x, &trial_value, s->gx);
        if (err)
            return err;
        *taken = judge(s, value, norm, trial_value, &step);
        if (*taken || has_collapsed(s, x, value, &step))
            return GRADUS_OK;
    }
    return GRADUS_OK;
}

/* The line search along -g; the region begins anew with its step.  */
static gradus_err find_reason(trust_region_t *s, gradus_oracle *oracle, double x[],
                              double value, double norm, gradus_report *report) {
    bool fell_back;
    for (size_t i = 0; i < s->n; i++)
        s->step[i] = -s->g[i];
    double step = gradus_update_first_step(&s->search, x, value, norm);
    gradus_err err = gradus_update_search(&s->search, oracle, x, value, s->g, norm, s->step,
                                          step, true, &fell_back, report);
    if (err || report->stop)
        return err;
    set_radius(s, report->learning_rate * gradus_norm(s->n, s->step, s->threads));
    memcpy(x, s->search.x, s->n * sizeof *x);
    return GRADUS_OK;
}

/* Where the gradient is zero the curvature may still say where to go, if it is known.  */
static gradus_err trust_region_step(void *self, gradus_oracle *oracle, double x[],
                                    gradus_report *report) {
    trust_region_t *s = self;
    double value, norm;
    bool taken;
    gradus_err err =
        gradus_update_begin(oracle, s->threads, x, &value, s->g, &norm, report);
    bool stationary = !err && report->stop == GRADUS_FAIL_STATIONARY;
    if (stationary && s->exact)
        report->stop = GRADUS_RUNNING;
    if (!err && !report->stop)
        err = make_model(s, oracle, x, norm, report);
    if (!err && !report->stop)
        err = go_on_trial(s, oracle, x, value, norm, &taken, report);
    if (err || report->stop)
        return err;
    if (taken)
        memcpy(x, s->x, s->n * sizeof *x);
    else if (stationary)
        report->stop = GRADUS_FAIL_STATIONARY;
    else
        err = find_reason(s, oracle, x, value, norm, report);
    return err;
}

const gradus_method_type gradus_method_trust_region = {
    .name = "trust_region",
    .brief = "trust region: Newton's model, exactly or by Steihaug's conjugate gradients",
    .formula =
        "x <- x + p,  p = minimizer of g'p + p'Hp/2 over |p| <= radius, taken if f falls "
        "by more than `acceptance` of what the model says;  radius <- radius/4 where f "
        "falls by less than 1/4 of that, 2 radius where by more than 3/4 and |p| = radius",
    .citation =
        "More and Sorensen, SIAM J. Sci. Stat. Comput. 4(3), 1983; Steihaug, SIAM J. "
        "Numer. Anal. 20(3), 1983; Nocedal and Wright, Numerical Optimization, 2006, "
        "algorithm 4.1",
    .notes =
        "Directions of negative curvature are followed to the boundary, so that saddles "
        "and maxima are left; exactly, also from where the gradient is zero.  An update "
        "makes trials until one is taken.  Where a decrease is below the rounding of the "
        "value, a step is taken if the value does not rise and the gradient norm falls.  "
        "When no trial is taken, steepest descent is tried in the same update, which alone "
        "reports a learning rate.",
    .needs = GRADUS_CAN_CURVATURE,
    .size = sizeof(trust_region_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = trust_region_check,
    .open = trust_region_open,
    .step = trust_region_step,
};
