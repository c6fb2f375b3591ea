/* Newton's method, truncated: the system is solved by conjugate gradients, as exactly as is
   worth the while.

     x <- x + t p,   H(x) p = -g + r,   |r| <= min(forcing, |g|^forcing_exponent) |g|,

   t by a strong Wolfe line search from 1.  Where conjugate gradients, with a preconditioner
   or without, meet a direction of curvature that is not positive, p is what they have found
   so far, or -g if that is nothing: a direction of descent in either case.

   Dembo, Eisenstat and Steihaug, "Inexact Newton methods", SIAM J. Numer. Anal. 19, 1982;
   Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.1.  */

#include "conjugate/linear_cg.h"
#include "line_search/update.h"
#include "newton/preconditioner.h"

#include <math.h>
#include <string.h>

typedef struct {
    double forcing, forcing_exponent;
    long cg_iterations;
    gradus_preconditioner_params preconditioner;
    gradus_search_params search;
} params_t;

#define CURVATURE 0.9 /* of the search: the directions are well scaled */

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, forcing), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .grid = {0.05, 0.5, 2},
     .help = "Largest residual of the Newton system, relative to the gradient."},
    {GRADUS_FIELD(params_t, forcing_exponent), .initial = 0.5, .minimum = 0, .maximum = 1,
     .help = "Power of the gradient norm that bounds the relative residual too; 0: it does "
             "not."},
    {GRADUS_FIELD(params_t, cg_iterations), .initial = 100, .minimum = 1, .maximum = 1e9,
     .flags = GRADUS_LOG, .grid = {10, 250, 3},
     .help = "Most iterations of conjugate gradients, one product each, in an update."},
    GRADUS_PRECONDITIONER_ROWS(params_t, "the problem's own where it has one, else none"),
    GRADUS_SEARCH_ROWS(params_t, GRADUS_MORE_THUENTE, CURVATURE),
    {0}};

typedef struct {
    size_t n, threads;
    const params_t *p;
    gradus_search search;
    gradus_linear_cg cg;
    gradus_preconditioner preconditioner;
    double *g, *d; /* n each: gradient and direction of this update */
} newton_cg_t;

static gradus_err newton_cg_check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return gradus_search_check("newton_cg", &p->search, CURVATURE, why);
}

/* The Newton system at a point, for conjugate gradients.  */
typedef struct {
    gradus_oracle *oracle;
    const double *x;
    const gradus_preconditioner *preconditioner;
} system_t;

static gradus_err product(void *context, const double v[], double result[]) {
    const system_t *system = context;
    return gradus_oracle_product(system->oracle, system->x, v, result);
}

static gradus_err precondition(void *context, const double v[], double result[]) {
    const system_t *system = context;
    return gradus_preconditioner_apply(system->preconditioner, system->oracle, v, result);
}

static gradus_err newton_cg_open(void *self, const void *values, gradus_oracle *oracle,
                                 gradus_state *state, gradus_error *why) {
    newton_cg_t *s = self;
    s->p = values;
    s->n = gradus_oracle_dimension(oracle);
    s->threads = gradus_oracle_threads(oracle);
    gradus_search_open(&s->search, &s->p->search, CURVATURE, oracle, state);
    gradus_err err =
        gradus_preconditioner_open(&s->preconditioner, &s->p->preconditioner, "newton_cg",
                                   GRADUS_PRECONDITIONER_PROBLEM, 1.0, oracle, state, why);
    bool plain = s->preconditioner.kind == GRADUS_PRECONDITIONER_NONE;
    gradus_linear_cg_open(&s->cg, plain ? NULL : precondition, oracle, state);
    s->g = gradus_state_scratch(state, s->n, sizeof(double));
    s->d = gradus_state_scratch(state, s->n, sizeof(double));
    return err;
}

/* The truncated Newton direction; zero when conjugate gradients find nothing.  */
static gradus_err find_direction(newton_cg_t *s, gradus_oracle *oracle, const double x[],
                                 double norm) {
    system_t system = {oracle, x, &s->preconditioner};
    double forcing = fmin(s->p->forcing, pow(norm, s->p->forcing_exponent));
    gradus_err err = gradus_preconditioner_refresh(&s->preconditioner, oracle, x, 0.0);
    if (err)
        return err;
    err = gradus_linear_cg_solve(&s->cg, product, &system, s->g, forcing * norm,
                                 (size_t)s->p->cg_iterations, s->d);
    s->preconditioner.iterations = s->cg.iterations;
    for (size_t i = 0; i < s->n; i++)
        s->d[i] = -s->d[i];
    return err;
}

static gradus_err newton_cg_step(void *self, gradus_oracle *oracle, double x[],
                                 gradus_report *report) {
    newton_cg_t *s = self;
    double value, norm;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, s->threads, x, &value, s->g, &norm, report);
    if (!err && !report->stop)
        err = find_direction(s, oracle, x, norm);
    if (err || report->stop)
        return err;
    /* A direction of zero is not one of descent, so that the search falls back to -g.  */
    err = gradus_update_search(&s->search, oracle, x, value, s->g, norm, s->d, 1.0, false,
                               &fell_back, report);
    if (!err && !report->stop)
        memcpy(x, s->search.x, s->n * sizeof *x);
    return err;
}

const gradus_method_type gradus_method_newton_cg = {
    .name = "newton_cg",
    .brief = "truncated Newton: conjugate gradients and a strong Wolfe line search",
    .formula =
        "x <- x + t p,  |H p + g| <= min(forcing, |g|^forcing_exponent) |g|,  t by a "
        "line search from 1",
    .citation = "Dembo, Eisenstat and Steihaug, SIAM J. Numer. Anal. 19, 1982; Nocedal and "
                "Wright, Numerical Optimization, 2006, algorithm 7.1",
    .notes =
        "A singular or indefinite Hessian is coped with: conjugate gradients end where "
        "the curvature is not positive beyond rounding, and the direction found so far, "
        "or -g, is used.  When a search fails, steepest descent is tried in the same "
        "update.",
    .needs = GRADUS_CAN_PRODUCT,
    .size = sizeof(newton_cg_t),
    .params_size = sizeof(params_t),
    .params = params,
    .check = newton_cg_check,
    .open = newton_cg_open,
    .step = newton_cg_step,
};
