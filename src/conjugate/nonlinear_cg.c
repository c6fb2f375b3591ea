/* Nonlinear conjugate gradients.

     x <- x + t d,   d <- -g + beta d,   t by a line search;   with y = g_new - g_old

     fr            beta = g_new'g_new / g_old'g_old
     pr+           beta = max(0, g_new'y / g_old'g_old)
     hs            beta = g_new'y / d'y
     hager-zhang   beta = max((y - 2 d y'y / d'y)'g_new / d'y,  -1 / (|d| min(0.01, |g_old|)))

   d = -g at the start, after `restart` updates, and where d would not go down.  The first
   trial step is the minimum along d if the function is quadratic there and the decrease is
   that of the last update.

   Fletcher and Reeves, The Computer Journal 7, 1964; Polak and Ribiere, Revue francaise
   d'informatique et de recherche operationnelle 16, 1969, and Powell, Mathematical
   Programming 12, 1977 (restarts); Hestenes and Stiefel, J. Res. NBS 49, 1952; Hager and
   Zhang, SIAM J. Optimization 16(1), 2005; Nocedal and Wright, Numerical Optimization, 2006,
   section 5.2 and formula 3.60.  */

#include "line_search/update.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double ETA = 0.01; /* Hager and Zhang's, of the bound from below */

/* Of values, relative: what is rounding, and what three digits of can be told from that.  */
static const double NOISE = 10 * DBL_EPSILON, VISIBLE = 1e4 * DBL_EPSILON;

/* n updates find the minimum of a quadratic of n variables if each ends at the minimum along
   its line.  Searches that are content with less do not, and restarts as frequent leave of
   conjugate gradients little more than steepest descent: in two variables every other update.
   So many dimensions is what Hager and Zhang's CG_DESCENT takes (ACM TOMS 32(1), 2006).  */
enum { LOOSE_CYCLE = 6 };

enum formula { FLETCHER_REEVES, POLAK_RIBIERE, HESTENES_STIEFEL, HAGER_ZHANG };

typedef struct {
    long formula, restart;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.1 /* of the search: conjugacy wants the minimum along the line */

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, formula), .initial = HAGER_ZHANG,
     .choices = "fr|pr+|hs|hager-zhang",
     .help = "Fletcher and Reeves; Polak and Ribiere, not negative; Hestenes and Stiefel; "
             "Hager and Zhang."},
    {GRADUS_FIELD(params_t, restart), .minimum = 1, .maximum = 1e9, .unset = "auto",
     .help =
         "Updates from one steepest descent to the next; `auto` is the dimension, with a "
         "line_search other than more-thuente six times it."},
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads, restart;
    long formula;
    gradus_search search;
    double *g;       /* n: gradient of this update */
    double *d;       /* n: direction of this update, and before it of the last */
    double *last;    /* n: at a restart the direction of the last update */
    double beta;     /* for the next direction */
    double gain;     /* twice the decrease of the last search */
    size_t since;    /* updates since the last steepest descent, itself included */
} nonlinear_cg_t;

static gradus_err nonlinear_cg_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("nonlinear_cg", &p->search, CURVATURE, why);
}

static gradus_err nonlinear_cg_open(void *self, const void *values, gradus_oracle *oracle,
                                    gradus_state *state, gradus_error *why) {
    nonlinear_cg_t *c = self;
    const params_t *p = values;
    (void)why;
    c->n = gradus_oracle_dimension(oracle);
    c->threads = gradus_oracle_threads(oracle);
    c->formula = p->formula;
    size_t cycle = p->search.line_search == GRADUS_MORE_THUENTE ? c->n : LOOSE_CYCLE * c->n;
    c->restart = p->restart > 0 ? (size_t)p->restart : cycle;
    gradus_search_open(&c->search, &p->search, CURVATURE, oracle, state);
    c->g = gradus_state_scratch(state, c->n, sizeof(double));
    c->last = gradus_state_scratch(state, c->n, sizeof(double));
    c->d = gradus_state_vector(state, "direction", c->n);
    gradus_state_keep_real(state, "beta", &c->beta);
    gradus_state_keep_real(state, "gain", &c->gain);
    gradus_state_keep_size(state, "since_restart", &c->since);
    return GRADUS_OK;
}

/* What is known of a direction.  */
typedef struct {
    bool steepest;         /* it is -g */
    double slope;          /* g'd */
    double length, cosine; /* |d| and g'd / |g| |d|, where g'd is no double; else 0 */
} direction_t;

/* Whether d goes down.  Where products of entries overflow or underflow, those of entries
   relative to the norms tell.  */
static bool descends(const nonlinear_cg_t *c, double norm, direction_t *direction) {
    double slope = gradus_dot(c->n, c->g, c->d, c->threads), cosine = 0.0;
    *direction = (direction_t){.slope = slope};
    if (isfinite(slope) && fabs(slope) >= DBL_MIN)
        return slope < 0.0;
    double length = gradus_norm(c->n, c->d, c->threads);
    for (size_t i = 0; i < c->n; i++)
        cosine += (c->g[i] / norm) * (c->d[i] / length);
    direction->length = length;
    direction->cosine = cosine;
    return cosine < 0.0;
}

/* d <- -g + beta LAST; whether that goes down.  */
static bool conjugate(nonlinear_cg_t *c, double norm, const double last[],
                      direction_t *direction) {
#pragma omp simd
    for (size_t i = 0; i < c->n; i++)
        c->d[i] = -c->g[i] + c->beta * last[i];
    return descends(c, norm, direction);
}

/* d <- -g + beta d if that goes down, else -g.  */
static direction_t find_direction(nonlinear_cg_t *c, double norm) {
    direction_t direction;
    if (c->since < c->restart && c->since > 0 && conjugate(c, norm, c->d, &direction))
        return direction;
    memcpy(c->last, c->d, c->n * sizeof *c->d);
    for (size_t i = 0; i < c->n; i++)
        c->d[i] = -c->g[i];
    direction = (direction_t){.steepest = true, .slope = -norm * norm};
    if (!isfinite(direction.slope) || -direction.slope < DBL_MIN)
        direction.length = norm, direction.cosine = -1.0;
    return direction;
}

/* A gain that is rounding of the value says nothing of the next; then the step is the first
   that promises a decrease to be told.  */
static double first_step(const nonlinear_cg_t *c, const double x[], double value,
                         double norm, direction_t direction) {
    double gain = c->gain > NOISE * fabs(value) ? c->gain : VISIBLE * fabs(value);
    double step = direction.length > 0.0
                      ? gain / norm / -direction.cosine / direction.length
                      : -gain / direction.slope;
    return c->gain > 0.0 && step > 0.0 && isfinite(step)
               ? step
               : gradus_update_first_step(&c->search, x, value, norm);
}

/* What the last direction counts for in the next, from both gradients of this update, which
   are on the same batch; OLD is the square of the first's norm.  */
static double formula_beta(const nonlinear_cg_t *c, double old) {
    size_t n = c->n, threads = c->threads;
    const double *g = c->search.g, *d = c->d;
    double gg = gradus_dot(n, g, g, threads);
    double g_old = gradus_dot(n, g, c->g, threads), gy = gg - g_old;
    double gd = gradus_dot(n, g, d, threads);
    double dy = gd - gradus_dot(n, c->g, d, threads);
    switch (c->formula) {
    case FLETCHER_REEVES:
        return gg / old;
    case POLAK_RIBIERE:
        return fmax(0.0, gy / old);
    case HESTENES_STIEFEL:
        return gy / dy;
    default:
        break;
    }
    double distance = gradus_distance(n, g, c->g, threads), yy = distance * distance;
    return (gy - 2.0 * gd * yy / dy) / dy;
}

static void multiply(nonlinear_cg_t *c, double by_gradients, double by_direction) {
    for (size_t i = 0; i < c->n; i++) {
        c->g[i] *= by_gradients;
        c->search.g[i] *= by_gradients;
        c->d[i] *= by_direction;
    }
}

/* Where squares of gradients or of the direction are no doubles, of such that powers of two
   have brought to size 1.  The gradients are not needed any more, the direction is.  */
static double scaled_beta(nonlinear_cg_t *c, double norm, double length) {
    double by = gradus_update_scale(norm, 1.0),
           by_direction = gradus_update_scale(length, 1.0);
    if (by == 1.0 && by_direction == 1.0)
        return formula_beta(c, norm * norm);
    multiply(c, by, by_direction);
    double beta = formula_beta(c, (by * norm) * (by * norm));
    multiply(c, 1.0, 1.0 / by_direction);
    bool of_gradients = c->formula == FLETCHER_REEVES || c->formula == POLAK_RIBIERE;
    return of_gradients ? beta : beta / by * by_direction;
}

static double find_beta(nonlinear_cg_t *c, double norm) {
    double length = gradus_norm(c->n, c->d, c->threads);
    double beta = scaled_beta(c, norm, length);
    return c->formula == HAGER_ZHANG ? fmax(beta, -1.0 / (length * fmin(ETA, norm))) : beta;
}

/* When the search along -g fails where a restart was due, the direction without a restart may
   still lead down: in a narrow valley all that -g promises may be lost in rounding.  */
static gradus_err search_on(nonlinear_cg_t *c, gradus_oracle *oracle, const double x[],
                            double value, double norm, gradus_report *report) {
    direction_t direction;
    gradus_report other = {0};
    bool fell_back;
    if (!conjugate(c, norm, c->last, &direction))
        return GRADUS_OK;
    gradus_err err = gradus_update_search(&c->search, oracle, x, value, c->g, norm, c->d,
                                          first_step(c, x, value, norm, direction), true,
                                          &fell_back, &other);
    if (!err && !other.stop)
        *report = other;
    return err;
}

static gradus_err nonlinear_cg_step(void *self, gradus_oracle *oracle, double x[],
                                    gradus_report *report) {
    nonlinear_cg_t *c = self;
    double value, norm;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, c->threads, x, &value, c->g, &norm, report);
    if (err || report->stop)
        return err;
    bool due = c->since >= c->restart;
    direction_t direction = find_direction(c, norm);
    bool steepest = direction.steepest;
    err = gradus_update_search(&c->search, oracle, x, value, c->g, norm, c->d,
                               first_step(c, x, value, norm, direction), steepest,
                               &fell_back, report);
    if (!err && due && report->stop == GRADUS_FAIL_ROUNDING)
        err = search_on(c, oracle, x, value, norm, report);
    if (err || report->stop)
        return err;
    c->since = fell_back || steepest ? 1 : c->since + 1;
    c->gain = 2.0 * (value - c->search.value);
    c->beta = find_beta(c, norm);
    memcpy(x, c->search.x, c->n * sizeof *x);
    return GRADUS_OK;
}

const gradus_method_type gradus_method_nonlinear_cg = {
    .name = "nonlinear_cg",
    .brief = "nonlinear conjugate gradients with a line search",
    .formula = "x <- x + t d,  d <- -g + beta d,  beta by `formula`,  t by a line search",
    .citation = "Nocedal and Wright, Numerical Optimization, 2006, section 5.2; Hager and "
                "Zhang, SIAM J. Optimization 16(1), 2005",
    .notes =
        "The first trial step is the minimum of the parabola whose decrease is that of the "
        "last update; at the first it is min(1, 1/|g|).  Where the direction does not "
        "go down, and when a search along it fails, steepest descent is tried in the same "
        "update.  beta is of gradients on one batch.",
    .size = sizeof(nonlinear_cg_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = nonlinear_cg_check,
    .open = nonlinear_cg_open,
    .step = nonlinear_cg_step,
};
