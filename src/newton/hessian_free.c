/* Hessian-free optimization: Newton's method with the Gauss-Newton matrix G, damped, its
   system solved by truncated conjugate gradients.

     (G + lambda I) p = -g,   x <- x + t p

   Conjugate gradients start from a part of the last solution.  They lower the model

     phi(p) = 1/2 p'(G + lambda I) p + g'p

   and end at iteration i when they have brought little for k = max(10, i/10) of them:
   phi_{i-k} < 0 and (phi_i - phi_{i-k}) / phi_i < cg_tolerance k.  Of the iterates 5, 5 1.3,
   5 1.3^2, ... and the last, p is where the value is lowest, going back from the last one
   while it does not rise.  t is found by backtracking from 1.  The damping follows the
   ratio of the value's change to what the model without damping promised,

     rho = (f(x + p) - f(x)) / (g'p + 1/2 p'G p):   lambda <- damping_factor lambda when
     rho < 1/4,   lambda / damping_factor when rho > 3/4.

   Where lambda should grow but is so little that it is lost in the last place of G, it would
   take many updates to be felt; it then begins to grow there.

   Martens, "Deep learning via Hessian-free optimization", ICML 2010; Martens and Sutskever,
   "Training deep and recurrent networks with Hessian-free optimization", 2012.  */

#include "conjugate/linear_cg.h"
#include "core/settings.h"
#include "line_search/update.h"
#include "linalg/vector.h"
#include "newton/preconditioner.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct {
    double damping, damping_factor;
    long cg_iterations;
    double cg_tolerance, cg_start;
    long curvature_samples;
    gradus_preconditioner_params preconditioner;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, damping), .initial = 45, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_LOG | GRADUS_OPEN_MAXIMUM, .grid = {0.01, 100, 5},
     .help = "Added to the curvature, times I, in the first update; 0: never any."},
    {GRADUS_FIELD(params_t, damping_factor), .initial = 1.5, .minimum = 1,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MAXIMUM,
     .help = "The damping is multiplied by it where the model promises far too much and "
             "divided by it where it is good; 1: the damping stays."},
    {GRADUS_FIELD(params_t, cg_iterations), .initial = 250, .minimum = 1, .maximum = 1e6,
     .flags = GRADUS_LOG,
     .help = "Most iterations of conjugate gradients, one product each, in an update."},
    {GRADUS_FIELD(params_t, cg_tolerance), .initial = 5e-4, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM | GRADUS_LOG,
     .help = "Conjugate gradients end when an iteration lowers the model by less than this "
             "part of it, on the average of the last ones."},
    {GRADUS_FIELD(params_t, cg_start), .initial = 0.95, .minimum = 0, .maximum = 1,
     .help = "Part of the last solution that they start from."},
    {GRADUS_FIELD(params_t, curvature_samples), .minimum = 1, .maximum = 9007199254740992.0,
     .unset = "all",
     .help = "Training examples that the products of an update are over, drawn anew for "
             "each; at most all; `all` is the batch of the update."},
    GRADUS_PRECONDITIONER_ROWS(params_t,
                               "the diagonal where the problem has it, else none"),
    {0}};

static const double BAD = 0.25, GOOD = 0.75; /* ratios that change the damping */
static const double DIAGONAL_EXPONENT = 0.75;
static const double FIRST_KEPT = 5, KEPT_GROWTH = 1.3;

enum { LEAST_GAP = 10, GAP_PART = 10 }; /* k is at least 10, and a tenth of i */

#define CURVATURE 0.9 /* of the search, which does not look at it */
static const gradus_search_params search_params = {.line_search = GRADUS_BACKTRACKING,
                                                   .wolfe_decrease = 1e-2,
                                                   .wolfe_curvature = NAN,
                                                   .maximum_evaluations = 60};

typedef struct {
    size_t n, threads;
    const params_t *p;
    gradus_search search;
    gradus_linear_cg cg;
    gradus_preconditioner preconditioner;
    double damping;
    double *solution;   /* n: of the last system, before going back */
    double *g, *b, *d;  /* n each: gradient, -g, the step */
    double *model;      /* cg_iterations + 1: phi */
    double *kept;       /* kept_room x n: iterates */
    double *kept_model; /* kept_room: phi of each */
    size_t kept_room, kept_count;
    size_t *rows, samples; /* of the curvature; none for the batch of the update */
} hessian_free_t;

/* The J-th iteration whose iterate is kept.  */
static size_t kept_iteration(size_t j) {
    return (size_t)ceil(FIRST_KEPT * pow(KEPT_GROWTH, (double)j));
}

static void ask_for_sample(hessian_free_t *s, const gradus_oracle *oracle,
                           gradus_state *state) {
    if (!gradus_integer_given(s->p->curvature_samples))
        return;
    size_t examples = gradus_oracle_examples(oracle),
           asked = (size_t)s->p->curvature_samples;
    s->samples = asked < examples ? asked : examples;
    s->rows = gradus_state_scratch(state, s->samples, sizeof *s->rows);
}

/* The damped system at a point, for conjugate gradients.  */
typedef struct {
    gradus_oracle *oracle;
    const double *x;
    const hessian_free_t *s;
} system_t;

static gradus_err product(void *context, const double v[], double result[]) {
    const system_t *system = context;
    gradus_err err = gradus_oracle_gauss_newton(system->oracle, system->x, v, result);
    gradus_add(system->s->n, system->s->damping, v, result, system->s->threads);
    return err;
}

static gradus_err precondition(void *context, const double v[], double result[]) {
    const system_t *system = context;
    return gradus_preconditioner_apply(&system->s->preconditioner, system->oracle, v,
                                       result);
}

static gradus_err hessian_free_open(void *self, const void *values, gradus_oracle *oracle,
                                    gradus_state *state, gradus_error *why) {
    hessian_free_t *s = self;
    s->p = values;
    s->n = gradus_oracle_dimension(oracle);
    s->threads = gradus_oracle_threads(oracle);
    s->damping = s->p->damping;
    size_t iterations = (size_t)s->p->cg_iterations;
    while (kept_iteration(s->kept_room) < iterations)
        s->kept_room++;
    s->kept_room++; /* the last */
    gradus_search_open(&s->search, &search_params, CURVATURE, oracle, state);
    gradus_err err = gradus_preconditioner_open(
        &s->preconditioner, &s->p->preconditioner, "hessian_free",
        GRADUS_PRECONDITIONER_DIAGONAL, DIAGONAL_EXPONENT, oracle, state, why);
    bool plain = s->preconditioner.kind == GRADUS_PRECONDITIONER_NONE;
    gradus_linear_cg_open(&s->cg, plain ? NULL : precondition, oracle, state);
    s->solution = gradus_state_vector(state, "solution", s->n);
    gradus_state_keep_real(state, "damping", &s->damping);
    s->g = gradus_state_scratch(state, s->n, sizeof(double));
    s->b = gradus_state_scratch(state, s->n, sizeof(double));
    s->d = gradus_state_scratch(state, s->n, sizeof(double));
    s->model = gradus_state_scratch(state, iterations + 1, sizeof(double));
    s->kept = gradus_state_scratch(state, s->kept_room * s->n, sizeof(double));
    s->kept_model = gradus_state_scratch(state, s->kept_room, sizeof(double));
    ask_for_sample(s, oracle, state);
    return err;
}

/* ---- Conjugate gradients ---- */

/* Whether the last iterations have brought little.  */
static bool is_enough(const hessian_free_t *s) {
    size_t i = s->cg.iterations, part = (i + GAP_PART - 1) / GAP_PART;
    size_t k = part > LEAST_GAP ? part : LEAST_GAP;
    if (i <= k || !(s->model[i - k] < 0.0))
        return false;
    return (s->model[i] - s->model[i - k]) / s->model[i] < s->p->cg_tolerance * (double)k;
}

static void keep(hessian_free_t *s) {
    memcpy(s->kept + s->kept_count * s->n, s->solution, s->n * sizeof *s->kept);
    s->kept_model[s->kept_count++] = s->cg.model;
}

/* Leaves the iterates in s->kept, the last one in s->solution.  */
static gradus_err solve(hessian_free_t *s, gradus_oracle *oracle, const double x[]) {
    system_t system = {oracle, x, s};
    for (size_t i = 0; i < s->n; i++) {
        s->b[i] = -s->g[i];
        s->solution[i] *= s->p->cg_start;
    }
    gradus_err err = gradus_linear_cg_begin(&s->cg, product, &system, s->b, s->solution);
    s->kept_count = 0;
    s->model[0] = s->cg.model;
    while (!err && s->cg.iterations < (size_t)s->p->cg_iterations && !is_enough(s)) {
        err = gradus_linear_cg_advance(&s->cg, product, &system, s->solution);
        if (s->cg.end == GRADUS_CG_NOT_POSITIVE)
            break;
        s->model[s->cg.iterations] = s->cg.model;
        if (s->cg.iterations == kept_iteration(s->kept_count))
            keep(s);
    }
    if (s->kept_count == 0 || s->cg.iterations != kept_iteration(s->kept_count - 1))
        keep(s);
    s->preconditioner.iterations = s->cg.iterations;
    return err;
}

/* ---- The step ---- */

static gradus_err value_at(hessian_free_t *s, gradus_oracle *oracle, const double x[],
                           const double step[], double *value) {
    for (size_t i = 0; i < s->n; i++)
        s->b[i] = x[i] + step[i];
    return gradus_oracle_value(oracle, s->b, value);
}

/* Goes back over the iterates while the value does not rise: *VALUE is that of the one it
   ends at, whose number is *BEST.  */
static gradus_err go_back(hessian_free_t *s, gradus_oracle *oracle, const double x[],
                          double *value, size_t *best) {
    *best = s->kept_count - 1;
    gradus_err err = value_at(s, oracle, x, s->kept + *best * s->n, value);
    while (!err && *best > 0) {
        double before;
        err = value_at(s, oracle, x, s->kept + (*best - 1) * s->n, &before);
        if (before > *value)
            break;
        *value = before;
        (*best)--;
    }
    return err;
}

/* LAMBDA, at least LEAST, is next: finite, and 0 only where it is so from the first.  */
static void set_damping(hessian_free_t *s, double lambda, double least) {
    if (s->damping > 0.0)
        s->damping = fmin(fmax(lambda, fmax(least, DBL_MIN)), DBL_MAX);
}

/* Follows the ratio of what a step brought to what the model without damping promised.  */
static void adapt_damping(hessian_free_t *s, double change, double promised,
                          gradus_report *report) {
    double ratio = promised < 0.0 ? change / promised : NAN;
    double felt = DBL_EPSILON * gradus_curvature_largest(&s->cg.curvature);
    report->damping = s->damping;
    report->reduction = ratio;
    if (s->p->damping_factor == 1.0)
        return;
    if (!(ratio >= BAD))
        set_damping(s, s->damping * s->p->damping_factor, felt);
    else if (ratio > GOOD)
        set_damping(s, s->damping / s->p->damping_factor, 0.0);
}

static gradus_err find_step(hessian_free_t *s, gradus_oracle *oracle, const double x[],
                            double value, gradus_report *report) {
    gradus_batch sample = {.rows = s->rows};
    if (s->rows) {
        sample.count = gradus_oracle_sample(oracle, s->samples, s->rows);
        gradus_oracle_set_curvature(oracle, &sample);
    }
    gradus_err err =
        gradus_preconditioner_refresh(&s->preconditioner, oracle, x, s->damping);
    if (!err)
        err = solve(s, oracle, x);
    gradus_oracle_set_curvature(oracle, NULL);
    double best_value;
    size_t best;
    if (!err)
        err = go_back(s, oracle, x, &best_value, &best);
    if (err)
        return err;
    memcpy(s->d, s->kept + best * s->n, s->n * sizeof *s->d);
    double square = gradus_dot(s->n, s->d, s->d, s->threads);
    adapt_damping(s, best_value - value, s->kept_model[best] - 0.5 * s->damping * square,
                  report);
    return GRADUS_OK;
}

static gradus_err hessian_free_step(void *self, gradus_oracle *oracle, double x[],
                                    gradus_report *report) {
    hessian_free_t *s = self;
    double value, norm;
    bool fell_back;
    gradus_err err =
        gradus_update_begin(oracle, s->threads, x, &value, s->g, &norm, report);
    if (!err && !report->stop)
        err = find_step(s, oracle, x, value, report);
    if (err || report->stop)
        return err;
    /* A step that does not descend makes the search fall back to -g.  */
    err = gradus_update_search(&s->search, oracle, x, value, s->g, norm, s->d, 1.0, false,
                               &fell_back, report);
    if (!err && !report->stop)
        memcpy(x, s->search.x, s->n * sizeof *x);
    return err;
}

const gradus_method_type gradus_method_hessian_free = {
    .name = "hessian_free",
    .brief = "Hessian-free: damped Gauss-Newton steps by conjugate gradients",
    .formula =
        "x <- x + t p,  (G + lambda I) p = -g;  lambda grows when (f(x + p) - f(x)) / "
        "(g'p + p'G p / 2) < 1/4 and shrinks when it is > 3/4",
    .citation =
        "Martens, Deep learning via Hessian-free optimization, ICML 2010; Martens and "
        "Sutskever, Training deep and recurrent networks with Hessian-free "
        "optimization, 2012",
    .notes =
        "The damping's default is Martens's for autoencoders, whose loss is summed over "
        "hundreds of outputs.  Value and gradient are those of the batch of the update, "
        "for the ratio too; the curvature can be that of a sample.  The line search "
        "interpolates; when it fails, steepest descent is tried in the same update.  The "
        "diagonal that preconditions is the Hessian's, where Martens takes squared "
        "gradients, to the power of 3/4 as there.",
    .needs = GRADUS_CAN_GAUSS_NEWTON,
    .size = sizeof(hessian_free_t),
    .params_size = sizeof(params_t),
    .params = params,
    .open = hessian_free_open,
    .step = hessian_free_step,
};
