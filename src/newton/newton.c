/* Newton's method with the dense Hessian H.

     safeguard=yes   x <- x - t (H + tau D)^-1 g,   t by a line search from 1
     safeguard=no    x <- x - H^-1 g

   tau is 0 where H is positive definite, and else the first of a growing sequence that makes
   H + tau D so: the step then goes down, away from saddles and maxima.  D is diagonal, of the
   sizes that the variables have in H, the diagonal of H where that is all there is to say: so
   the step does not depend on the scales of the variables.  Without the safeguard it goes to
   where the gradient of the quadratic model is zero, minimum or not.

   Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.2 and 3.3.  */

#include "line_search/update.h"
#include "linalg/cholesky.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double GROWTH = 10.0; /* of tau; algorithm 3.3 suggests as much */

enum { NO, YES };

typedef struct {
    long safeguard, maximum_dimension;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.9 /* of the search: the directions are well scaled */

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, safeguard), .initial = YES, .choices = "no|yes",
     .help = "Whether a Hessian that is not positive definite is modified and the step is "
             "searched for; `no` is the plain step, which no other parameter but "
             "maximum_dimension matters to."},
    GRADUS_MAXIMUM_DIMENSION_ROW(params_t),
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads;
    bool safe;
    gradus_search search;
    double *h;       /* n x n: Hessian, lower triangle */
    double *factor;  /* n x n; with the safeguard */
    double *sizes;   /* n: roots of D */
    double *g, *d;   /* n each: gradient and direction of this update */
    void *workspace; /* without the safeguard */
} newton_t;

static gradus_err newton_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("newton", &p->search, CURVATURE, why);
}

static gradus_err newton_open(void *self, const void *values, gradus_oracle *oracle,
                              gradus_state *state, gradus_error *why) {
    newton_t *s = self;
    const params_t *p = values;
    size_t n = s->n = gradus_oracle_dimension(oracle);
    s->threads = gradus_oracle_threads(oracle);
    s->safe = p->safeguard == YES;
    gradus_err err = gradus_dense_check("newton", n, p->maximum_dimension, why);
    if (err)
        return err;
    s->h = gradus_state_scratch(state, n * n, sizeof(double));
    s->g = gradus_state_scratch(state, n, sizeof(double));
    s->d = gradus_state_scratch(state, n, sizeof(double));
    if (s->safe) {
        gradus_search_open(&s->search, &p->search, CURVATURE, oracle, state);
        s->factor = gradus_state_scratch(state, n * n, sizeof(double));
        s->sizes = gradus_state_scratch(state, n, sizeof(double));
    } else
        s->workspace = gradus_state_scratch(state, gradus_symmetric_workspace(n), 1);
    return GRADUS_OK;
}

/* d = -(H + tau D)^-1 g, finite H given.  In variables multiplied by their sizes the entries
   of H are at most 1: the first tau > 0 is what a pivot needs to stand out of rounding, and
   the last one makes the diagonal dominate.  */
static void find_direction(newton_t *s, double largest) {
    size_t n = s->n;
    double tau = 0.0;
    for (size_t i = 0; i < n; i++)
        s->d[i] = -s->g[i];
    while (largest > 0.0 && tau <= GROWTH * (double)n) {
        memcpy(s->factor, s->h, n * n * sizeof *s->h);
        for (size_t i = 0; i < n && tau > 0.0; i++)
            s->factor[i * n + i] += tau * s->sizes[i] * s->sizes[i];
        if (gradus_cholesky(n, s->factor) == GRADUS_FACTOR_OK) {
            gradus_cholesky_solve(n, s->factor, s->d);
            return;
        }
        if (tau == 0.0)
            gradus_symmetric_sizes(n, s->h, s->sizes);
        tau = tau > 0.0 ? GROWTH * tau : sqrt(DBL_EPSILON);
    }
}

static gradus_err plain_step(newton_t *s, double x[], gradus_report *report) {
    gradus_factor_result result;
    result = gradus_symmetric_solve(s->n, s->h, s->g, s->workspace);
    if (result != GRADUS_FACTOR_OK) {
        report->stop = GRADUS_FAIL_SINGULAR;
        return GRADUS_OK;
    }
    for (size_t i = 0; i < s->n; i++)
        x[i] -= s->g[i];
    report->learning_rate = 1.0;
    return GRADUS_OK;
}

static gradus_err newton_step(void *self, gradus_oracle *oracle, double x[],
                              gradus_report *report) {
    newton_t *s = self;
    double value, norm, largest;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, s->threads, x, &value, s->g, &norm, report);
    if (!err && !report->stop)
        err = gradus_oracle_hessian(oracle, x, s->h);
    if (err || report->stop)
        return err;
    if (!gradus_symmetric_finite(s->n, s->h, &largest)) {
        report->stop = GRADUS_FAIL_HESSIAN;
        return GRADUS_OK;
    }
    if (!s->safe)
        return plain_step(s, x, report);
    find_direction(s, largest);
    err = gradus_update_search(&s->search, oracle, x, value, s->g, norm, s->d, 1.0, false,
                               &fell_back, report);
    if (!err && !report->stop)
        memcpy(x, s->search.x, s->n * sizeof *x);
    return err;
}

const gradus_method_type gradus_method_newton = {
    .name = "newton",
    .brief = "Newton's method with the dense Hessian",
    .formula = "x <- x - t (H + tau D)^-1 g,  t by a line search from 1;  safeguard=no: "
               "x <- x - H^-1 g",
    .citation = "Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.2 and 3.3",
    .notes =
        "tau is 0, or if H is not positive definite to working precision the first of "
        "1.5e-8, 1.5e-7, ... that makes H + tau D so.  D is the absolute diagonal of H, or "
        "what larger entries beside it ask for, so that the scales of variables do not "
        "matter.  When a search fails, steepest descent is tried in the "
        "same update.  The plain step goes to saddles and maxima too, and ends with the "
        "reason `singular` where H is that.",
    .needs = GRADUS_CAN_HESSIAN,
    .size = sizeof(newton_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = newton_check,
    .open = newton_open,
    .step = newton_step,
};
