/* The ladder of values at x + h d and x - h d, and the slopes that they measure.

   With phi(h) = f(x + h d) the slope is estimated on every rung,

     (phi(h) - phi(-h)) / 2h = phi'(0) + O(h^2) + noise / h,

   and three neighbours that agree are a measurement, good to their spread, to the rounding
   of the values, to their noise as the shortest steps show it, and to what the curvature
   makes of the rounding of x.  */

#include "line_search/ladder.h"

#include "line_search/search.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { RUNGS = 16 }; /* at first, from the size of x to its rounding */

static const double RATIO = 0.125;   /* of steps; the last at first is 2^-48 */
static const double AGREEMENT = 0.5; /* a search fails by far larger errors only */

gradus_err gradus_ladder_value(const gradus_ladder *l, const double v[], double t,
                               double *value) {
    const gradus_failure *failure = l->failure;
    memcpy(failure->point, failure->x, l->n * sizeof *failure->point);
    gradus_add(l->n, t, v, failure->point, l->threads);
    return gradus_oracle_value(l->oracle, failure->point, value);
}

/* What the rounding of the variables that D moves makes of the value by its gradient, each
   variable for itself: their sizes may be worlds apart.  */
static double shift_of(const gradus_failure *failure, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        if (failure->direction[i] != 0.0)
            sum += fabs(DBL_EPSILON * failure->x[i] * failure->g[i]);
    return sum;
}

void gradus_ladder_prepare(gradus_ladder *l, gradus_oracle *oracle,
                           gradus_failure *failure) {
    size_t n = gradus_oracle_dimension(oracle), threads = gradus_oracle_threads(oracle);
    l->failure = failure, l->oracle = oracle, l->n = n, l->threads = threads;
    l->slope = gradus_dot(n, failure->g, failure->direction, threads);
    l->length = gradus_norm(n, failure->direction, threads);
    l->finest = gradus_search_finest(n, failure->x, failure->direction);
    l->shift = shift_of(failure, n);
    l->top = fmax(gradus_norm(n, failure->x, threads), 1.0) / l->length;
    l->noise = 0.0, l->rough = false, l->rungs = 0;
    failure->lower = 0.0;
}

/* How far the value is from the first on a rung; NaN where it is not finite.  */
double gradus_ladder_change(const gradus_ladder *l, int k) {
    if (k < 0) /* a ladder that was cut short has no such rung */
        return NAN;
    double f = l->failure->value;
    double most = fmax(fabs(l->rung[k].up - f), fabs(l->rung[k].down - f));
    return isfinite(most) ? most : NAN;
}

static double slope_on(const gradus_ladder *l, int k) {
    const gradus_rung *r = &l->rung[k];
    if (isfinite(r->down))
        return (r->up - r->down) / (2.0 * r->step);
    return (r->up - l->failure->value) / r->step;
}

/* What the one-sided slopes differ by: the curvature times the step, or a kink.  */
double gradus_ladder_bend(const gradus_ladder *l, int k) {
    const gradus_rung *r = &l->rung[k];
    double f = l->failure->value;
    return ((r->up - f) - (f - r->down)) / r->step;
}

/* Rounding of the values on a rung: of themselves, and by that of x.  */
static double rounding_on(const gradus_ladder *l, int k) {
    const gradus_rung *r = &l->rung[k];
    double most = fmax(fabs(l->failure->value), fmax(fabs(r->up), fabs(r->down)));
    return fmax(fmax(GRADUS_LADDER_NOISE * most, DBL_MIN), l->shift);
}

/* Error of a slope by rounding and noise of values.  */
double gradus_ladder_blur(const gradus_ladder *l, int k) {
    return fmax(rounding_on(l, k), l->noise) / l->rung[k].step;
}

/* From the rungs up to K.  */
static gradus_estimate estimate(const gradus_ladder *l, int k) {
    double low = INFINITY, high = -INFINITY, b = gradus_ladder_bend(l, k);
    for (int i = k - GRADUS_LADDER_MEASURED + 1; i <= k; i++) {
        low = fmin(low, slope_on(l, i));
        high = isnan(slope_on(l, i)) ? NAN : fmax(high, slope_on(l, i));
    }
    double curvature = isfinite(b) ? b / l->rung[k].step : 0.0;
    double grid = l->shift / fabs(l->slope); /* step by which x is rounded */
    return (gradus_estimate){.slope = slope_on(l, k - 1),
                             .error = high - low + gradus_ladder_blur(l, k) +
                                      fabs(curvature) * grid,
                             .gap = isnan(b) ? 0.0 : fabs(b),
                             .curvature = curvature,
                             .middle = l->rung[k - 1].step};
}

double gradus_ladder_larger(const gradus_ladder *l, gradus_estimate e) {
    return fmax(fabs(e.slope), fabs(l->slope));
}

static bool agrees(const gradus_ladder *l, gradus_estimate e) {
    return fabs(e.slope - l->slope) <= AGREEMENT * gradus_ladder_larger(l, e);
}

/* A slope that disagrees says nothing as long as the two sides do not agree on it either: the
   function is not yet straight there, and has some slope between them at x.  */
gradus_verdict gradus_ladder_judge(const gradus_ladder *l) {
    gradus_verdict verdict = {.best = {.error = INFINITY}};
    for (int k = GRADUS_LADDER_MEASURED - 1; k < l->rungs; k++) {
        gradus_estimate e = estimate(l, k);
        bool tells = e.error <= GRADUS_LADDER_TELLING * gradus_ladder_larger(l, e),
             right = tells && agrees(l, e);
        bool wrong =
            tells && !right &&
            e.error + 0.5 * e.gap <= GRADUS_LADDER_TELLING * gradus_ladder_larger(l, e);
        bool first = right > verdict.right || (wrong && !verdict.right && !verdict.wrong);
        verdict.right = verdict.right || right;
        verdict.wrong = !verdict.right && (verdict.wrong || wrong);
        bool of_kind = verdict.right ? right : !verdict.wrong || wrong;
        if (first || (of_kind && e.error < verdict.best.error))
            verdict.best = e;
    }
    return verdict;
}

static gradus_err measure_rung(const gradus_ladder *l, gradus_rung *r, double step) {
    r->step = step;
    gradus_err err = gradus_ladder_value(l, l->failure->direction, step, &r->up);
    return err ? err : gradus_ladder_value(l, l->failure->direction, -step, &r->down);
}

/* Whether no value so far differs from the first.  */
static bool is_silent(const gradus_ladder *l) {
    for (int k = 0; k < l->rungs; k++)
        if (gradus_ladder_change(l, k) != 0.0)
            return false;
    return true;
}

/* Rungs above the top, where a value of large steps may show them.  */
static gradus_err climb_up(gradus_ladder *l) {
    double step = l->top;
    gradus_err err = GRADUS_OK;
    for (int k = 0; !err && k < RUNGS / 2; k++) {
        gradus_rung above;
        err = measure_rung(l, &above, step);
        memmove(l->rung + 1, l->rung, (size_t)l->rungs * sizeof *l->rung);
        l->rung[0] = above;
        l->rungs++;
        step /= RATIO;
    }
    return err;
}

bool gradus_ladder_has_lower(const gradus_ladder *l) {
    for (int k = 0; k < l->rungs; k++)
        if (l->failure->value - l->rung[k].up > rounding_on(l, k))
            return true;
    return false;
}

/* Whether there is more to see below the last rung: three neighbours more on which x moves
   and the value does by more than rounding.  A slope that is right and leads down is enough.
 */
static bool goes_on(const gradus_ladder *l) {
    int last = l->rungs - 1;
    const double deep = RATIO * RATIO * RATIO;
    double now = gradus_ladder_change(l, last);
    if (l->rungs < RUNGS)
        return true;
    if (l->rungs == GRADUS_LADDER_MOST || deep * l->rung[last].step <= l->finest ||
        (gradus_ladder_judge(l).right && gradus_ladder_has_lower(l)))
        return false;
    return l->rung[last].up == INFINITY ||
           (deep * now > rounding_on(l, last) &&
            GRADUS_LADDER_SLOW * now < gradus_ladder_change(l, last - 1));
}

/* The noise is the change on the shortest rungs, as long as it does not follow the step.
   Where values have steps, the shortest rungs show none and those above a whole one: of a
   smooth change there would be a 64th part left on the next rung.  */
static void find_noise(gradus_ladder *l) {
    int last = l->rungs - 1, k = last;
    while (k > 0 && gradus_ladder_change(l, k) == 0.0)
        k--;
    double noise = gradus_ladder_change(l, k);
    if (!isfinite(noise))
        return;
    int first = k;
    while (k > 0 && gradus_ladder_change(l, k - 1) < GRADUS_LADDER_SLOW * noise)
        noise = fmax(noise, gradus_ladder_change(l, --k));
    l->noise = noise;
    l->rough = noise > 0.0 && (first < last || first - k >= GRADUS_LADDER_MEASURED);
}

/* Not further than the gradient is known to be right, when that is all there is to find.  */
gradus_err gradus_ladder_climb(gradus_ladder *l) {
    double step = l->top;
    while (goes_on(l)) {
        gradus_err err = measure_rung(l, &l->rung[l->rungs], step *= RATIO);
        if (err)
            return err;
        l->rungs++;
        if (l->failure->rounding && gradus_ladder_judge(l).right)
            return GRADUS_OK;
        if (l->rungs == RUNGS / 2 && is_silent(l)) {
            err = climb_up(l);
            if (err)
                return err;
        }
    }
    find_noise(l);
    return GRADUS_OK;
}
