/* Scaled conjugate gradients: the step along a conjugate direction d is the minimum of a
   parabola whose curvature is a difference of gradients, plus a lambda that follows how well
   the parabola foretold the last change, as in a trust region.  No line search.

     c = d'(g(x + s d) - g) / s,   s = sigma / |d|,   delta = c + lambda |d|^2;
     lambda <- -2 c / |d|^2,  delta <- -c   if delta <= 0;
     t = -g'd / delta,   rho = (f(x) - f(x + t d)) / (t^2 delta / 2);
     lambda <- lambda / 4 if rho > 3/4,   lambda + delta (1 - rho) / |d|^2 if rho < 1/4;
     x <- x + t d if f falls, else try again with the new lambda;
     d <- -g_new + beta d,   beta = g_new'(g_new - g) / -g'd

   Moller, "A scaled conjugate gradient algorithm for fast supervised learning", Neural
   Networks 6(4), 1993.  Differences from the paper, most of them known from later
   implementations (Nabney, NETLAB, 2002):

     - delta is always made from c itself and the present lambda.  The paper's second lambda,
       which says how much is in delta already, is then not needed; the steps are the same.
     - lambda cannot vanish, which would leave delta = 0 possible, nor grow by more than a
       factor after one bad trial, or one without a value.
     - d = -g also where the new direction would not go down, besides every `restart` updates.
     - the end is found by a line search along -g when no step along d can be resolved.  */

#include "line_search/update.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double POOR = 0.25, GOOD = 0.75, RELAX = 0.25; /* Moller's */
static const double LEAST_LAMBDA = 1e-15;                   /* NETLAB's */
/* Of delta after one trial, and after one without a value.  */
static const double LARGEST_GROWTH = 1e6, BLIND_GROWTH = 16.0;
static const double NOISE = 10 * DBL_EPSILON; /* relative, of values and of parameters */

typedef struct {
    double sigma, lambda;
    long restart, maximum_trials;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, sigma), .initial = 1e-5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help =
         "Length of the step over which gradients are compared; Moller asks for at most "
         "1e-4."},
    {GRADUS_FIELD(params_t, lambda), .initial = 1e-6, .minimum = 0, .maximum = 1e6,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "What is added to the curvature at first; Moller asks for at most 1e-6."},
    {GRADUS_FIELD(params_t, restart), .minimum = 1, .maximum = 1e9, .unset = "auto",
     .help = "Updates from one steepest descent to the next; `auto` is the dimension."},
    {GRADUS_FIELD(params_t, maximum_trials), .initial = 40, .minimum = 1, .maximum = 1000,
     .help = "Most trials in an update."},
    {0}};

typedef struct {
    size_t n, threads, restart, maximum_trials;
    double sigma, first_lambda;
    double *g;      /* n: gradient of this update */
    double *d;      /* n: direction of this update, and before it of the last */
    double *x, *gx; /* n each: the trial point and its gradient */
    double beta;    /* for the next direction */
    double lambda;
    double reach;         /* length of the last step; infinite: there was none */
    double scale;         /* of values and gradients here, a power of two */
    size_t since;         /* updates since the last steepest descent, itself included */
    gradus_search search; /* along -g, once no step along d can be resolved */
} scaled_cg_t;

static const double CURVATURE = 0.9; /* of that search: it is to find a lower point */
static const gradus_search_params last_resort = {.line_search = GRADUS_MORE_THUENTE,
                                                 .wolfe_decrease = NAN,
                                                 .wolfe_curvature = NAN,
                                                 .maximum_evaluations = 40};

static gradus_err scaled_cg_open(void *self, const void *values, gradus_oracle *oracle,
                                 gradus_state *state, gradus_error *why) {
    scaled_cg_t *c = self;
    const params_t *p = values;
    (void)why;
    c->n = gradus_oracle_dimension(oracle);
    c->threads = gradus_oracle_threads(oracle);
    c->sigma = p->sigma;
    c->lambda = c->first_lambda = p->lambda;
    c->scale = 1.0;
    c->reach = INFINITY;
    c->restart = p->restart > 0 ? (size_t)p->restart : c->n;
    c->maximum_trials = (size_t)p->maximum_trials;
    c->g = gradus_state_scratch(state, c->n, sizeof(double));
    c->x = gradus_state_scratch(state, c->n, sizeof(double));
    c->gx = gradus_state_scratch(state, c->n, sizeof(double));
    c->d = gradus_state_vector(state, "direction", c->n);
    gradus_search_open(&c->search, &last_resort, CURVATURE, oracle, state);
    gradus_state_keep_real(state, "beta", &c->beta);
    gradus_state_keep_real(state, "lambda", &c->lambda);
    gradus_state_keep_real(state, "last_length", &c->reach);
    gradus_state_keep_real(state, "gradient_scale", &c->scale);
    gradus_state_keep_size(state, "since_restart", &c->since);
    return GRADUS_OK;
}

/* d <- -g + beta d if that goes down, else -g.  Returns the slope g'd.  */
static double find_direction(scaled_cg_t *c, double norm) {
    if (c->since < c->restart && c->since > 0) {
#pragma omp simd
        for (size_t i = 0; i < c->n; i++)
            c->d[i] = -c->g[i] + c->beta * c->d[i];
        double slope = gradus_dot(c->n, c->g, c->d, c->threads);
        if (slope < 0.0 && isfinite(slope))
            return slope;
    }
    c->since = 0;
    for (size_t i = 0; i < c->n; i++)
        c->d[i] = -c->g[i];
    return -norm * norm;
}

static void multiply(size_t n, double factor, double v[]) {
    for (size_t i = 0; factor != 1.0 && i < n; i++)
        v[i] *= factor;
}

/* Value, when asked for, and gradient at x + step d.  */
static gradus_err evaluate(scaled_cg_t *c, gradus_oracle *oracle, const double x[],
                           double step, double *value) {
    memcpy(c->x, x, c->n * sizeof *x);
    gradus_add(c->n, step, c->d, c->x, c->threads);
    gradus_err err = gradus_oracle_gradient(oracle, c->x, value, c->gx);
    if (value)
        *value *= c->scale;
    multiply(c->n, c->scale, c->gx);
    return err;
}

/* The parabola along d.  */
typedef struct {
    double value, slope; /* at 0 */
    double dd;           /* |d|^2 */
    double curvature;    /* c, by differences */
    double norm;         /* of the gradient at 0 */
} parabola_t;

/* The step to compare gradients over: of length sigma, or of the last step's where that was
   shorter, since over more than a step the curvature may be another; but so long that rounding
   is at most a part sigma of what some variable moves by.  */
static double probe_step(const scaled_cg_t *c, const double x[], double length) {
    double least = gradus_search_finest(c->n, x, c->d) / c->sigma;
    return fmax(fmin(c->sigma, c->reach) / length, least);
}

/* A difference of slopes is rounding alone when it is within that of their terms, and where
   the function ends that near it is nothing at all: then lambda alone decides.  */
static gradus_err find_curvature(scaled_cg_t *c, gradus_oracle *oracle, const double x[],
                                 parabola_t *along) {
    along->dd = gradus_dot(c->n, c->d, c->d, c->threads);
    double step = probe_step(c, x, sqrt(along->dd));
    gradus_err err = evaluate(c, oracle, x, step, NULL);
    double change = gradus_dot(c->n, c->gx, c->d, c->threads) - along->slope;
    double size =
        gradus_search_size(c->n, c->g, c->d) + gradus_search_size(c->n, c->gx, c->d);
    along->curvature = change / step;
    if (!isfinite(along->curvature) || fabs(change) <= NOISE * size)
        along->curvature = 0.0;
    return err;
}

/* Curvature with lambda, which grows until that is positive.  */
static double find_delta(scaled_cg_t *c, const parabola_t *along) {
    double delta = along->curvature + c->lambda * along->dd;
    if (delta > 0.0)
        return delta;
    c->lambda = -2.0 * along->curvature / along->dd;
    return -along->curvature;
}

/* What lambda is relaxed to: not below LEAST_LAMBDA, in units of the curvature where that is
   less than 1, so that it can follow a function of small values.  */
static double relaxed(const scaled_cg_t *c, const parabola_t *along) {
    double curvature = fabs(along->curvature) / along->dd;
    return fmax(RELAX * c->lambda, fmax(LEAST_LAMBDA * fmin(1.0, curvature), DBL_MIN));
}

/* Whether the trial is taken; lambda follows, unless the comparison is of rounding alone.
   Not where anything is NaN.  */
static bool judge(scaled_cg_t *c, const parabola_t *along, double delta, double decrease,
                  double value) {
    double norm = gradus_norm(c->n, c->gx, c->threads);
    bool finite = isfinite(value) && isfinite(norm);
    bool told = decrease > NOISE * fabs(along->value);
    double rho = !finite ? 1.0 - BLIND_GROWTH
                 : told  ? (along->value - value) / decrease
                         : 0.5 * (POOR + GOOD);
    if (rho > GOOD)
        c->lambda = relaxed(c, along);
    else if (!(rho >= POOR))
        c->lambda += delta * fmin(1.0 - rho, LARGEST_GROWTH) / along->dd;
    return finite &&
           (value < along->value || (!told && value == along->value && norm < along->norm));
}

/* Trials until one is taken or a shorter step is not worth one; then *STEP is 0.  */
static gradus_err go_on_trial(scaled_cg_t *c, gradus_oracle *oracle, const double x[],
                              const parabola_t *along, double *step) {
    for (size_t k = 0; k < c->maximum_trials; k++) {
        double value, delta = find_delta(c, along), t = -along->slope / delta;
        double decrease = 0.5 * t * t * delta;
        gradus_err err = evaluate(c, oracle, x, t, &value);
        if (err)
            return err;
        *step = t;
        if (judge(c, along, delta, decrease, value))
            return GRADUS_OK;
        if (!(decrease > NOISE * fabs(along->value)) ||
            !(t > gradus_search_finest(c->n, x, c->d)))
            break;
    }
    *step = 0.0;
    return GRADUS_OK;
}

/* The next beta, from both gradients of this update, which are on the same batch.  */
static void take(scaled_cg_t *c, const parabola_t *along, double step, double x[],
                 gradus_report *report) {
    double gg = gradus_dot(c->n, c->gx, c->gx, c->threads);
    c->beta = (gg - gradus_dot(c->n, c->gx, c->g, c->threads)) / -along->slope;
    c->since++;
    c->reach = step * sqrt(along->dd);
    report->learning_rate = step;
    memcpy(x, c->x, c->n * sizeof *x);
}

/* A line search along -g of the function itself; what follows begins anew.  */
static gradus_err find_reason(scaled_cg_t *c, gradus_oracle *oracle, double x[],
                              const parabola_t *along, gradus_report *report) {
    bool fell_back;
    double value = along->value / c->scale, norm = along->norm / c->scale;
    multiply(c->n, 1.0 / c->scale, c->g);
    for (size_t i = 0; i < c->n; i++)
        c->d[i] = -c->g[i];
    double step = gradus_update_first_step(&c->search, x, value, norm);
    gradus_err err = gradus_update_search(&c->search, oracle, x, value, c->g, norm, c->d,
                                          step, true, &fell_back, report);
    if (err || report->stop)
        return err;
    c->since = 0;
    c->lambda = c->first_lambda;
    c->reach = fabs(c->search.step) * norm;
    memcpy(x, c->search.x, c->n * sizeof *x);
    return GRADUS_OK;
}

/* Brings values and gradients to the scale at which squares are doubles; a new one begins
   anew.  */
static void set_scale(scaled_cg_t *c, parabola_t *along) {
    double scale = gradus_update_scale(along->norm, c->scale);
    if (!isfinite(scale * along->value)) /* whose digits are too few to show a decrease */
        scale = 1.0;
    if (scale != c->scale) {
        c->since = 0;
        c->lambda = c->first_lambda;
    }
    c->scale = scale;
    along->value *= scale;
    along->norm *= scale;
    multiply(c->n, scale, c->g);
}

static gradus_err scaled_cg_step(void *self, gradus_oracle *oracle, double x[],
                                 gradus_report *report) {
    scaled_cg_t *c = self;
    parabola_t along;
    double step = 0.0;
    gradus_err err =
        gradus_update_begin(oracle, c->threads, x, &along.value, c->g, &along.norm, report);
    if (err || report->stop)
        return err;
    set_scale(c, &along);
    along.slope = find_direction(c, along.norm);
    err = find_curvature(c, oracle, x, &along);
    if (!err)
        err = go_on_trial(c, oracle, x, &along, &step);
    if (err)
        return err;
    if (step > 0.0)
        take(c, &along, step, x, report);
    else
        err = find_reason(c, oracle, x, &along, report);
    return err;
}

const gradus_method_type gradus_method_scaled_cg = {
    .name = "scaled_cg",
    .brief = "scaled conjugate gradients: a trust region in place of the line search",
    .formula = "x <- x + t d,  t = -g'd / (d'(g(x + s d) - g) / s + lambda |d|^2),  "
               "s = sigma/|d|,  d <- -g + beta d,  beta = g_new'(g_new - g) / -g'd",
    .citation = "Moller, Neural Networks 6(4), 1993",
    .notes =
        "lambda falls by 4 where f falls by more than 3/4 of what the parabola says and "
        "grows where by less than 1/4.  Other than in the paper lambda has a lower bound "
        "and grows by a bounded factor, and the method begins anew with -g where the "
        "direction does not go down.  An update makes trials until f falls; when it does "
        "not, steepest descent with a line search is tried in the same update, and lambda "
        "is what it was at first.  beta is of gradients on one batch.",
    .size = sizeof(scaled_cg_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = scaled_cg_open,
    .step = scaled_cg_step,
};
