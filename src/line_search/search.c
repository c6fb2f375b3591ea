/* A search along a direction, and what its failure means.

   The point found has a value that is lower in double precision, if only by rounding, so
   that a sequence of searches ends.  An algorithm that goes by slopes where values are lost
   in rounding may also find one that is higher by that much.  Then a sequence of searches
   ends because within so many of them either the lowest value or the least gradient norm
   found since must get less.

   Where the problem offers cheaper trials on a ray, a search with several is made of those
   and one evaluation, at the point found.  A first trial that is likely to be the only one
   is evaluated at once.

   The point satisfies the conditions of the algorithm unless the evaluations ran out or the
   interval shrank to rounding before.

   When no trial has a lower value, that is rounding if

     - no value differs from the first one by more than rounding; or
     - the minimum is where the promised decrease is below the rounding of the value, or the
       step below the rounding of the parameters.  It is estimated by the secant to the
       shortest step over which the slope changes by half its size, and is not before the
       longest over which it does not.

   Otherwise value and gradient do not belong together, or the function is not smooth.  */

#include "line_search/search.h"

#include "core/settings.h"
#include "line_search/backtracking.h"
#include "line_search/hager_zhang.h"
#include "line_search/more_thuente.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double NOISE = 10 * DBL_EPSILON; /* relative, of values and of parameters */
/* Far enough below the largest double that an algorithm may double it and more.  */
static const double HUGE_STEP = 0x1p-8 * DBL_MAX;

/* How far above the lowest value found another may be and be put down to rounding, relative
   to it: what a sum over many examples loses.  Hager and Zhang's 1e-6 would let a search
   give away true decreases.  */
static const double SLACK = 1e-12;
/* Progress is a value lower by more than a search may give away, or a gradient norm of at
   most half the least: by rounding neither can come up for ever.  */
static const double SHORTER = 0.5;
enum { PATIENCE = 10 }; /* searches without progress */

/* Whether the next search will find its first trial is predicted by a counter of two bits:
   one search out of the ordinary changes nothing.  Smith, "A study of branch prediction
   strategies", 8th Symposium on Computer Architecture, 1981.  */
enum { LIKELY_TO_MISS = 2, MOST_MISSES = 3 };

static const struct {
    const gradus_search_algorithm *algorithm;
    double decrease, curvature; /* by default; NaN: the method's */
} algorithms[] = {
    [GRADUS_MORE_THUENTE] = {&gradus_search_more_thuente, 1e-4, NAN},
    [GRADUS_HAGER_ZHANG] = {&gradus_search_hager_zhang, 0.1, 0.9}, /* their own */
    [GRADUS_BACKTRACKING] = {&gradus_search_backtracking, 1e-4, NAN},
};

static void find_constants(const gradus_search_params *params, double curvature,
                           gradus_search *search) {
    long k = params->line_search;
    search->algorithm = algorithms[k].algorithm;
    search->decrease = gradus_real_given(params->wolfe_decrease) ? params->wolfe_decrease
                                                                 : algorithms[k].decrease;
    search->curvature = gradus_real_given(params->wolfe_curvature) ? params->wolfe_curvature
                        : gradus_real_given(algorithms[k].curvature)
                            ? algorithms[k].curvature
                            : curvature;
}

gradus_err gradus_search_check(const char *owner, const gradus_search_params *params,
                               double curvature, gradus_error *why) {
    gradus_search search;
    find_constants(params, curvature, &search);
    if (params->line_search == GRADUS_BACKTRACKING)
        return gradus_real_given(params->wolfe_curvature)
                   ? gradus_fail(why, GRADUS_EINPUT,
                                 "%s: wolfe_curvature is given, which "
                                 "line_search=backtracking does not look at",
                                 owner)
                   : GRADUS_OK;
    if (search.decrease < search.curvature)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s: wolfe_curvature=%g: expected more than wolfe_decrease=%g",
                       owner, search.curvature, search.decrease);
}

void gradus_search_open(gradus_search *search, const gradus_search_params *params,
                        double curvature, const gradus_oracle *oracle,
                        gradus_state *state) {
    size_t n = gradus_oracle_dimension(oracle);
    *search = (gradus_search){.maximum_evaluations = (size_t)params->maximum_evaluations,
                              .n = n,
                              .threads = gradus_oracle_threads(oracle),
                              .misses = MOST_MISSES,
                              .lowest = INFINITY,
                              .least = INFINITY};
    find_constants(params, curvature, search);
    search->x = gradus_state_scratch(state, n, sizeof(double));
    search->g = gradus_state_scratch(state, n, sizeof(double));
    if (gradus_oracle_has_ray(oracle))
        gradus_state_keep_size(state, "misses", &search->misses);
    if (search->algorithm->by_slope) {
        gradus_state_keep_real(state, "lowest_value", &search->lowest);
        gradus_state_keep_real(state, "least_gradient", &search->least);
        gradus_state_keep_size(state, "idle_searches", &search->idle);
    }
}

/* One search: the ray and what was learnt along it.  */
typedef struct {
    gradus_search *search;
    gradus_oracle *oracle;
    const double *x, *direction;
    gradus_trial start;
    gradus_trial turned; /* the shortest with another slope; infinite step: none */
    double straight;     /* the longest step over which the slope stays */
    bool resolved;       /* some value differs from the first by more than rounding */
    bool cheap;          /* the problem's cheaper trials may be used, and */
    bool prepared;       /* it has taken in the ray */
    double evaluated;    /* the step of search->x and g; NaN: none */
    double finest;       /* a shorter step moves no variable; NaN: not yet known */
} ray_t;

static gradus_err evaluate(ray_t *ray, double step, gradus_trial *trial) {
    gradus_search *s = ray->search;
    ray->evaluated = step;
    gradus_move(s->n, ray->x, step, ray->direction, s->x, s->threads);
    s->evaluations++;
    trial->step = step;
    gradus_err err = gradus_oracle_gradient(ray->oracle, s->x, &trial->value, s->g);
    trial->slope = gradus_dot(s->n, s->g, ray->direction, s->threads);
    return err;
}

/* An evaluation, or a cheaper trial unless the first one is likely to be the only one.  */
static gradus_err try_step(ray_t *ray, double step, gradus_trial *trial) {
    gradus_search *s = ray->search;
    if (!ray->cheap || (s->evaluations == 0 && s->misses < LIKELY_TO_MISS))
        return evaluate(ray, step, trial);
    if (!ray->prepared) {
        gradus_err err = gradus_oracle_ray(ray->oracle, ray->x, ray->direction);
        if (err)
            return err;
        ray->prepared = true;
    }
    s->evaluations++;
    trial->step = step;
    return gradus_oracle_along(ray->oracle, step, &trial->value, &trial->slope);
}

static bool is_finite(gradus_trial trial) {
    return isfinite(trial.value) && isfinite(trial.slope);
}

/* ---- Post-mortem ---- */

double gradus_search_size(size_t n, const double x[], const double y[]) {
    double size = 0.0;
#pragma omp simd reduction(+ : size)
    for (size_t i = 0; i < n; i++)
        size += fabs(x[i] * y[i]);
    return size;
}

double gradus_search_finest(size_t n, const double x[], const double direction[]) {
    double most = 0.0; /* of a variable's change, relative to it */
    for (size_t i = 0; i < n; i++)
        if (direction[i] != 0.0)
            most = fmax(most, fabs(direction[i]) / fabs(x[i]));
    return NOISE / most;
}

/* The promised decrease is lost in the value, or no variable moves beyond its rounding.  Each
   is compared with itself, so that large ones do not hide small ones.  */
static bool below_rounding(ray_t *ray, double step) {
    if (-ray->start.slope * step <= NOISE * fabs(ray->start.value))
        return true;
    if (isnan(ray->finest))
        ray->finest = gradus_search_finest(ray->search->n, ray->x, ray->direction);
    return step <= ray->finest;
}

/* Takes note of what a trial says about rounding.  */
static void note(ray_t *ray, gradus_trial trial) {
    gradus_trial start = ray->start;
    if (fabs(trial.value - start.value) > NOISE * fabs(start.value))
        ray->resolved = true;
    bool turned = fabs(trial.slope - start.slope) >= 0.5 * fabs(start.slope);
    if (turned && trial.step < ray->turned.step)
        ray->turned = trial;
    if (!turned)
        ray->straight = fmax(ray->straight, trial.step);
}

static bool is_rounding(ray_t *ray) {
    if (!ray->resolved)
        return true;
    double change = fabs(ray->turned.slope - ray->start.slope);
    double secant = ray->turned.step * fmin(1.0, -ray->start.slope / change);
    return isfinite(ray->turned.step) && below_rounding(ray, fmax(ray->straight, secant));
}

/* ---- Progress where values are lost in rounding ---- */

/* Whether the value at X, where the gradient is G, is lower than the lowest by more than a
   search may give away, and than the rounding of X makes of it, each variable for itself.  */
static bool is_lower(const gradus_search *s, double value, const double x[],
                     const double g[]) {
    double decrease = s->lowest - value;
    return isinf(s->lowest) || (decrease > SLACK * fabs(s->lowest) &&
                                decrease > NOISE * gradus_search_size(s->n, x, g));
}

/* Takes up a point; false when there was no progress for too long.  In mini-batch the searches
   are on different functions, and each is the first.  */
static bool progresses(gradus_search *s, double value, const double x[], const double g[]) {
    double norm = gradus_norm(s->n, g, s->threads);
    if (is_lower(s, value, x, g) || norm <= SHORTER * s->least) {
        s->lowest = fmin(value, s->lowest);
        s->least = norm;
        s->idle = 0;
        return true;
    }
    return ++s->idle <= PATIENCE;
}

static void look_at_start(ray_t *ray, const double g[]) {
    gradus_search *s = ray->search;
    if (!gradus_oracle_full_batch(ray->oracle)) {
        s->lowest = s->least = INFINITY;
        s->idle = 0;
    }
    if (is_lower(s, ray->start.value, ray->x, g))
        progresses(s, ray->start.value, ray->x, g);
}

/* ---- The search ---- */

/* Any algorithm.  */
typedef union {
    gradus_more_thuente more_thuente;
    gradus_hager_zhang hager_zhang;
    gradus_backtracking backtracking;
} any_t;

/* Runs the algorithm.  The last trial is in *TRIAL and the best in *BEST, which is the last
   one if *ACCEPTED.  */
static gradus_err run(ray_t *ray, double step, gradus_trial *trial, gradus_trial *best,
                      bool *accepted) {
    gradus_search *s = ray->search;
    const gradus_search_algorithm *algorithm = s->algorithm;
    any_t any;
    gradus_search_state state = GRADUS_SEARCH_GOES_ON;
    gradus_search_rules rules = {.decrease = s->decrease,
                                 .curvature = s->curvature,
                                 .longest = s->longest,
                                 .ceiling = s->lowest + SLACK * fabs(s->lowest)};
    algorithm->begin(&any, &rules, ray->start, step);
    *accepted = false;
    while (state == GRADUS_SEARCH_GOES_ON && s->evaluations < s->maximum_evaluations) {
        gradus_err err = try_step(ray, step, trial);
        if (err)
            return err;
        if (!is_finite(*trial)) {
            algorithm->contract(&any, &step);
            ray->resolved = true;
            continue;
        }
        note(ray, *trial);
        state = algorithm->advance(&any, *trial, &step);
        *accepted = state == GRADUS_SEARCH_ACCEPTED || state == GRADUS_SEARCH_APPROXIMATE ||
                    state == GRADUS_SEARCH_LONGEST;
        if (*accepted || trial->value <= best->value)
            *best = *trial;
        if (!algorithm->by_slope && best->step == 0.0 && below_rounding(ray, trial->step))
            break; /* what follows is shorter still */
    }
    return GRADUS_OK;
}

/* Whether a search ends at BEST.  */
static bool is_found(const ray_t *ray, gradus_trial best, bool accepted) {
    return best.step > 0.0 && (best.value < ray->start.value ||
                               (accepted && ray->search->algorithm->by_slope));
}

/* Runs the algorithm from STEP, with the problem's cheaper trials if CHEAP, and evaluates
   the point found.  */
static gradus_err search_once(ray_t *ray, bool cheap, double step, gradus_trial *best,
                              bool *found) {
    gradus_trial trial = {0};
    bool accepted;
    ray->search->evaluations = 0;
    ray->turned = (gradus_trial){.step = INFINITY};
    ray->straight = 0.0;
    ray->resolved = false;
    ray->cheap = cheap;
    ray->evaluated = NAN;
    *best = ray->start;
    gradus_err err = run(ray, step, &trial, best, &accepted);
    *found = !err && is_found(ray, *best, accepted);
    if (*found && best->step != ray->evaluated) {
        err = evaluate(ray, best->step, best);
        *found = !err && is_found(ray, *best, accepted);
    }
    return err;
}

/* What a search with cheaper trials does not find, one with evaluations may, and it alone
   knows why not.  */
static gradus_err search_ray(ray_t *ray, double step, gradus_search_end *end) {
    gradus_search *s = ray->search;
    gradus_trial best;
    bool found;
    gradus_err err =
        search_once(ray, gradus_oracle_has_ray(ray->oracle), step, &best, &found);
    if (!err && !found && ray->prepared)
        err = search_once(ray, false, step, &best, &found);
    if (err)
        return err;
    if (!(found && best.step == step))
        s->misses += s->misses < MOST_MISSES;
    else
        s->misses -= s->misses > 0;
    if (!found) {
        *end = is_rounding(ray) ? GRADUS_SEARCH_ROUNDING : GRADUS_SEARCH_FAILED;
        return GRADUS_OK;
    }
    s->step = best.step;
    s->value = best.value;
    *end = !s->algorithm->by_slope || progresses(s, s->value, s->x, s->g)
               ? GRADUS_SEARCH_FOUND
               : GRADUS_SEARCH_ROUNDING;
    return GRADUS_OK;
}

gradus_err gradus_search_along(gradus_search *search, gradus_oracle *oracle,
                               const double x[], double value, const double g[],
                               const double direction[], double step,
                               gradus_search_end *end) {
    double slope = gradus_dot(search->n, g, direction, search->threads);
    search->evaluations = 0; /* also when there is nothing to search */
    *end = GRADUS_SEARCH_NOT_DESCENT;
    if (!(slope < -DBL_MIN && isfinite(slope) && step > 0.0)) /* below, digits are lost */
        return GRADUS_OK;
    search->longest = fmin(GRADUS_LONGEST_STEP * step, HUGE_STEP);
    ray_t ray = {.search = search,
                 .oracle = oracle,
                 .x = x,
                 .direction = direction,
                 .start = {0.0, value, slope},
                 .finest = NAN};
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    if (search->algorithm->by_slope)
        look_at_start(&ray, g);
    gradus_err err = search_ray(&ray, fmin(step, search->longest), end);
    gradus_oracle_leave(oracle);
    return err;
}
