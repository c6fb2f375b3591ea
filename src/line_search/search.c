/* A search along a direction, and what its failure means.

   The point found has a value that is lower in double precision, if only by rounding, so
   that a sequence of searches ends.  It satisfies the strong Wolfe conditions unless the
   evaluations ran out or the interval shrank to rounding before.

   When no trial has a lower value, that is rounding if

     - no value differs from the first one by more than rounding; or
     - the minimum is where the promised decrease is below the rounding of the value, or the
       step below the rounding of the parameters.  It is estimated by the secant to the
       shortest step over which the slope changes by half its size, and is not before the
       longest over which it does not.

   Otherwise value and gradient do not belong together, or the function is not smooth.  */

#include "line_search/search.h"

#include "line_search/more_thuente.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double LONGEST = 1e10;           /* step; More and Thuente's */
static const double NOISE = 10 * DBL_EPSILON; /* relative, of values and of parameters */

gradus_err gradus_search_check(const char *owner, double wolfe_decrease,
                               double wolfe_curvature, gradus_error *why) {
    if (wolfe_decrease < wolfe_curvature)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s: wolfe_curvature=%g: expected more than wolfe_decrease=%g",
                       owner, wolfe_curvature, wolfe_decrease);
}

void gradus_search_open(gradus_search *search, double wolfe_decrease,
                        double wolfe_curvature, long maximum_evaluations,
                        const gradus_oracle *oracle, gradus_state *state) {
    size_t n = gradus_oracle_dimension(oracle);
    *search = (gradus_search){.decrease = wolfe_decrease,
                              .curvature = wolfe_curvature,
                              .maximum_evaluations = (size_t)maximum_evaluations,
                              .n = n,
                              .threads = gradus_oracle_threads(oracle)};
    search->x = gradus_state_scratch(state, n, sizeof(double));
    search->g = gradus_state_scratch(state, n, sizeof(double));
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
} ray_t;

static gradus_err evaluate(ray_t *ray, double step, gradus_trial *trial) {
    gradus_search *s = ray->search;
    memcpy(s->x, ray->x, s->n * sizeof *s->x);
    gradus_add(s->n, step, ray->direction, s->x, s->threads);
    s->evaluations++;
    trial->step = step;
    gradus_err err = gradus_oracle_gradient(ray->oracle, s->x, &trial->value, s->g);
    trial->slope = gradus_dot(s->n, s->g, ray->direction, s->threads);
    return err;
}

static bool is_finite(gradus_trial trial) {
    return isfinite(trial.value) && isfinite(trial.slope);
}

/* ---- Post-mortem ---- */

static bool below_rounding(const ray_t *ray, double step) {
    const gradus_search *s = ray->search;
    if (-ray->start.slope * step <= NOISE * fabs(ray->start.value))
        return true;
    double length = gradus_norm(s->n, ray->direction, s->threads);
    return step * length <= NOISE * gradus_norm(s->n, ray->x, s->threads);
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

static bool is_rounding(const ray_t *ray) {
    if (!ray->resolved)
        return true;
    double change = fabs(ray->turned.slope - ray->start.slope);
    double secant = ray->turned.step * fmin(1.0, -ray->start.slope / change);
    return isfinite(ray->turned.step) && below_rounding(ray, fmax(ray->straight, secant));
}

/* ---- The search ---- */

/* Runs the algorithm.  The last trial is in *TRIAL and the best step in *BEST.  */
static gradus_err run(ray_t *ray, double step, gradus_trial *trial, gradus_trial *best) {
    gradus_search *s = ray->search;
    gradus_more_thuente algorithm;
    gradus_search_state state = GRADUS_SEARCH_GOES_ON;
    gradus_more_thuente_begin(&algorithm, s->decrease, s->curvature, LONGEST,
                              ray->start.value, ray->start.slope, step);
    while (state == GRADUS_SEARCH_GOES_ON && s->evaluations < s->maximum_evaluations) {
        gradus_err err = evaluate(ray, step, trial);
        if (err)
            return err;
        if (!is_finite(*trial)) {
            gradus_more_thuente_contract(&algorithm, &step);
            ray->resolved = true;
            continue;
        }
        note(ray, *trial);
        state = gradus_more_thuente_advance(&algorithm, *trial, &step);
        *best = state == GRADUS_SEARCH_WOLFE || state == GRADUS_SEARCH_LONGEST
                    ? *trial
                    : algorithm.best;
        if (best->step == 0.0 && below_rounding(ray, trial->step))
            break; /* what follows is shorter still */
    }
    return GRADUS_OK;
}

static gradus_err search_ray(ray_t *ray, double step, gradus_search_end *end) {
    gradus_trial trial = {0}, best = ray->start;
    gradus_err err = run(ray, step, &trial, &best);
    if (err)
        return err;
    if (!(best.step > 0.0 && best.value < ray->start.value)) {
        *end = is_rounding(ray) ? GRADUS_SEARCH_ROUNDING : GRADUS_SEARCH_FAILED;
        return GRADUS_OK;
    }
    if (trial.step != best.step)
        err = evaluate(ray, best.step, &trial);
    ray->search->step = trial.step;
    ray->search->value = trial.value;
    *end = GRADUS_SEARCH_FOUND;
    return err;
}

gradus_err gradus_search_along(gradus_search *search, gradus_oracle *oracle,
                               const double x[], double value, const double g[],
                               const double direction[], double step,
                               gradus_search_end *end) {
    double slope = gradus_dot(search->n, g, direction, search->threads);
    search->evaluations = 0;
    *end = GRADUS_SEARCH_NOT_DESCENT;
    if (!(slope < 0.0 && isfinite(slope)))
        return GRADUS_OK;
    ray_t ray = {.search = search,
                 .oracle = oracle,
                 .x = x,
                 .direction = direction,
                 .start = {0.0, value, slope},
                 .turned = {.step = INFINITY}};
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    gradus_err err = search_ray(&ray, fmin(step, LONGEST), end);
    gradus_oracle_leave(oracle);
    return err;
}
