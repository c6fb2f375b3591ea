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

#include <math.h>
#include <string.h>

static const double ETA = 0.01; /* Hager and Zhang's, of the bound from below */

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
     .help = "Updates from one steepest descent to the next; `auto` is the dimension."},
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads, restart;
    long formula;
    gradus_search search;
    double *g;       /* n: gradient of this update */
    double *d;       /* n: direction of this update, and before it of the last */
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
    c->restart = p->restart > 0 ? (size_t)p->restart : c->n;
    gradus_search_open(&c->search, &p->search, CURVATURE, oracle, state);
    c->g = gradus_state_scratch(state, c->n, sizeof(double));
    c->d = gradus_state_vector(state, "direction", c->n);
    gradus_state_keep_real(state, "beta", &c->beta);
    gradus_state_keep_real(state, "gain", &c->gain);
    gradus_state_keep_size(state, "since_restart", &c->since);
    return GRADUS_OK;
}

/* d <- -g + beta d if that goes down, else -g.  Returns the slope.  */
static double find_direction(nonlinear_cg_t *c, double norm) {
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

static double first_step(const nonlinear_cg_t *c, double norm, double slope) {
    double step = -c->gain / slope;
    return step > 0.0 && isfinite(step) ? step : gradus_update_first_step(norm);
}

/* What the last direction counts for in the next, from both gradients of this update, which
   are on the same batch.  */
static double find_beta(const nonlinear_cg_t *c, double norm) {
    size_t n = c->n, threads = c->threads;
    const double *g = c->search.g, *d = c->d;
    double gg = gradus_dot(n, g, g, threads), old = norm * norm;
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
    double beta = (gy - 2.0 * gd * yy / dy) / dy;
    return fmax(beta, -1.0 / (gradus_norm(n, d, threads) * fmin(ETA, norm)));
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
    double slope = find_direction(c, norm);
    err =
        gradus_update_search(&c->search, oracle, x, value, c->g, norm, c->d,
                             first_step(c, norm, slope), c->since == 0, &fell_back, report);
    if (err || report->stop)
        return err;
    c->since = fell_back ? 1 : c->since + 1;
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
