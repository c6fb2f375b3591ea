/* The post-mortem of a search along d, where the slope s = g'd is negative.

   Values are taken at x + h d and x - h d on a ladder of steps h, from the size of x to its
   rounding.  With phi(h) = f(x + h d) the slope is estimated on every rung,

     (phi(h) - phi(-h)) / 2h = phi'(0) + O(h^2) + noise / h,

   and three neighbours that agree are a measurement, good to their spread, to the rounding
   of the values, to their noise as the shortest steps show it, and to what the curvature
   makes of the rounding of x.  Compared with s:

     one agrees                  the gradient is right
     none agrees, some measure   it is not: then single coordinates are measured too
     none measures               s is lost in rounding

   The one-sided slopes (phi(h) - phi(0)) / h and (phi(0) - phi(-h)) / h of a smooth function
   approach each other like h.  Where they stay apart there is a kink; where the differences
   themselves do not get smaller with h, noise or a jump.  */

#include "line_search/postmortem.h"

#include "core/oracle.h"
#include "line_search/search.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    RUNGS = 16,       /* at first, from the size of x to its rounding */
    MOST_RUNGS = 360, /* 8^-360 is below all doubles */
    MEASURED = 3,     /* neighbours that must agree */
    COORDINATES = 32, /* most to be measured one by one */
    BISECTIONS = 64   /* most gradients to look at a kink; a double has 53 bits */
};

static const double RATIO = 0.125; /* of steps; the last at first is 2^-48 */
static const double NOISE =
    10 * DBL_EPSILON;                /* relative, of values: as the search has it */
static const double ROUGH = 1e-12;   /* what is more is not rounding, relative to values */
static const double SLOW = 4.0;      /* a change that grows by less, by RATIO, is noise */
static const double TELLING = 0.25;  /* error of a slope that is a measurement */
static const double AGREEMENT = 0.5; /* a search fails by far larger errors only */
static const double PROPORTIONAL = 0.1; /* part of the slope that may be left far away */

typedef struct {
    double step, up, down; /* h, phi(h), phi(-h) */
} rung_t;

typedef struct {
    gradus_failure *failure;
    gradus_oracle *oracle;
    size_t n, threads;
    double slope;  /* s */
    double length; /* |d| */
    double top;    /* the longest step of the ladder, but for rungs above */
    double finest; /* step below which no variable moves beyond its rounding */
    double shift;  /* what the rounding of x makes of the value */
    double noise;  /* of values, or less than the last rungs show; once all are there */
    bool rough;    /* it is noise, or steps of the value, and not their slope */
    rung_t rung[MOST_RUNGS];
    int rungs;
} ladder_t;

typedef struct {
    double slope, error;
    double gap; /* what the slopes of the two sides differ by */
    double curvature;
    double middle; /* step */
} estimate_t;

typedef struct {
    bool right, wrong; /* of the gradient; neither: nothing was measured */
    estimate_t best;   /* of the measurements that say so, or of all there is */
} verdict_t;

/* ---- The ladder ---- */

static gradus_err value_at(const ladder_t *l, const double v[], double t, double *value) {
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

static void prepare(ladder_t *l, gradus_oracle *oracle, gradus_failure *failure) {
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
static double change(const ladder_t *l, int k) {
    double f = l->failure->value;
    double most = fmax(fabs(l->rung[k].up - f), fabs(l->rung[k].down - f));
    return isfinite(most) ? most : NAN;
}

static double slope_on(const ladder_t *l, int k) {
    const rung_t *r = &l->rung[k];
    if (isfinite(r->down))
        return (r->up - r->down) / (2.0 * r->step);
    return (r->up - l->failure->value) / r->step;
}

/* What the one-sided slopes differ by: the curvature times the step, or a kink.  */
static double bend(const ladder_t *l, int k) {
    const rung_t *r = &l->rung[k];
    double f = l->failure->value;
    return ((r->up - f) - (f - r->down)) / r->step;
}

/* Rounding of the values on a rung: of themselves, and by that of x.  */
static double rounding_on(const ladder_t *l, int k) {
    const rung_t *r = &l->rung[k];
    double most = fmax(fabs(l->failure->value), fmax(fabs(r->up), fabs(r->down)));
    return fmax(fmax(NOISE * most, DBL_MIN), l->shift);
}

/* Error of a slope by rounding and noise of values.  */
static double blur(const ladder_t *l, int k) {
    return fmax(rounding_on(l, k), l->noise) / l->rung[k].step;
}

/* From the rungs up to K.  */
static estimate_t estimate(const ladder_t *l, int k) {
    double low = INFINITY, high = -INFINITY, b = bend(l, k);
    for (int i = k - MEASURED + 1; i <= k; i++) {
        low = fmin(low, slope_on(l, i));
        high = isnan(slope_on(l, i)) ? NAN : fmax(high, slope_on(l, i));
    }
    double curvature = isfinite(b) ? b / l->rung[k].step : 0.0;
    double grid = l->shift / fabs(l->slope); /* step by which x is rounded */
    return (estimate_t){.slope = slope_on(l, k - 1),
                        .error = high - low + blur(l, k) + fabs(curvature) * grid,
                        .gap = isnan(b) ? 0.0 : fabs(b),
                        .curvature = curvature,
                        .middle = l->rung[k - 1].step};
}

static double larger(const ladder_t *l, estimate_t e) {
    return fmax(fabs(e.slope), fabs(l->slope));
}

static bool agrees(const ladder_t *l, estimate_t e) {
    return fabs(e.slope - l->slope) <= AGREEMENT * larger(l, e);
}

/* A slope that disagrees says nothing as long as the two sides do not agree on it either: the
   function is not yet straight there, and has some slope between them at x.  */
static verdict_t judge(const ladder_t *l) {
    verdict_t verdict = {.best = {.error = INFINITY}};
    for (int k = MEASURED - 1; k < l->rungs; k++) {
        estimate_t e = estimate(l, k);
        bool tells = e.error <= TELLING * larger(l, e), right = tells && agrees(l, e);
        bool wrong = tells && !right && e.error + 0.5 * e.gap <= TELLING * larger(l, e);
        bool first = right > verdict.right || (wrong && !verdict.right && !verdict.wrong);
        verdict.right = verdict.right || right;
        verdict.wrong = !verdict.right && (verdict.wrong || wrong);
        bool of_kind = verdict.right ? right : !verdict.wrong || wrong;
        if (first || (of_kind && e.error < verdict.best.error))
            verdict.best = e;
    }
    return verdict;
}

static gradus_err measure_rung(const ladder_t *l, rung_t *r, double step) {
    r->step = step;
    gradus_err err = value_at(l, l->failure->direction, step, &r->up);
    return err ? err : value_at(l, l->failure->direction, -step, &r->down);
}

/* Whether no value so far differs from the first.  */
static bool is_silent(const ladder_t *l) {
    for (int k = 0; k < l->rungs; k++)
        if (change(l, k) != 0.0)
            return false;
    return true;
}

/* Rungs above the top, where a value of large steps may show them.  */
static gradus_err climb_up(ladder_t *l) {
    double step = l->top;
    gradus_err err = GRADUS_OK;
    for (int k = 0; !err && k < RUNGS / 2; k++) {
        rung_t above;
        err = measure_rung(l, &above, step);
        memmove(l->rung + 1, l->rung, (size_t)l->rungs * sizeof *l->rung);
        l->rung[0] = above;
        l->rungs++;
        step /= RATIO;
    }
    return err;
}

static bool has_lower(const ladder_t *l) {
    for (int k = 0; k < l->rungs; k++)
        if (l->failure->value - l->rung[k].up > rounding_on(l, k))
            return true;
    return false;
}

/* Whether there is more to see below the last rung: three neighbours more on which x moves
   and the value does by more than rounding.  A slope that is right and leads down is enough.
 */
static bool goes_on(const ladder_t *l) {
    int last = l->rungs - 1;
    const double deep = RATIO * RATIO * RATIO;
    double now = change(l, last);
    if (l->rungs < RUNGS)
        return true;
    if (l->rungs == MOST_RUNGS || deep * l->rung[last].step <= l->finest ||
        (judge(l).right && has_lower(l)))
        return false;
    return l->rung[last].up == INFINITY ||
           (deep * now > rounding_on(l, last) && SLOW * now < change(l, last - 1));
}

/* The noise is the change on the shortest rungs, as long as it does not follow the step.
   Where values have steps, the shortest rungs show none and those above a whole one: of a
   smooth change there would be a 64th part left on the next rung.  */
static void find_noise(ladder_t *l) {
    int last = l->rungs - 1, k = last;
    while (k > 0 && change(l, k) == 0.0)
        k--;
    double noise = change(l, k);
    if (!isfinite(noise))
        return;
    int first = k;
    while (k > 0 && change(l, k - 1) < SLOW * noise)
        noise = fmax(noise, change(l, --k));
    l->noise = noise;
    l->rough = noise > 0.0 && (first < last || first - k >= MEASURED);
}

/* Not further than the gradient is known to be right, when that is all there is to find.  */
static gradus_err climb(ladder_t *l) {
    double step = l->top;
    while (goes_on(l)) {
        gradus_err err = measure_rung(l, &l->rung[l->rungs], step *= RATIO);
        if (err)
            return err;
        l->rungs++;
        if (l->failure->rounding && judge(l).right)
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

/* ---- What values alone show ---- */

static bool never_finite(const ladder_t *l) {
    for (int k = 0; k < l->rungs; k++)
        if (isfinite(l->rung[k].up))
            return false;
    return true;
}

static bool falls_to_infinity(const ladder_t *l) {
    for (int k = 0; k < l->rungs; k++)
        if (l->rung[k].up == -INFINITY)
            return true;
    return false;
}

/* The finest rung on which the one-sided slopes differ by more than rounding makes them.  */
static int finest_bend(const ladder_t *l) {
    int k = l->rungs - 1;
    while (k >= 0 && !(2.0 * blur(l, k) <= TELLING * bend(l, k)))
        k--;
    return k;
}

/* Three neighbours between whose sides the slopes differ by the same, up on both, and that
   are the finest to tell: further down nothing contradicts them.  */
static bool seems_kink(const ladder_t *l, int *rung) {
    int finest = finest_bend(l);
    if (finest < MEASURED - 1)
        return false;
    double f = l->failure->value, low = INFINITY, high = -INFINITY;
    bool up = true;
    for (int i = finest - MEASURED + 1; i <= finest; i++) {
        low = fmin(low, bend(l, i));
        high = fmax(high, bend(l, i));
        up = up && l->rung[i].up > f && l->rung[i].down > f;
    }
    for (int i = finest + 1; up && i < l->rungs; i++)
        up = bend(l, i) + 2.0 * blur(l, i) >= (1.0 - TELLING) * low;
    *rung = finest - 1;
    return up && high - low + 2.0 * blur(l, finest) <= TELLING * low;
}

/* Where the slope at x + t d is between that before the kink, 0, and that after it, 1.  */
static gradus_err place_at(const ladder_t *l, const rung_t *r, double t, double *place) {
    const gradus_failure *failure = l->failure;
    double f = failure->value, value;
    double before = (f - r->down) / r->step, after = (r->up - f) / r->step;
    memcpy(failure->point, failure->x, l->n * sizeof *failure->point);
    gradus_add(l->n, t, failure->direction, failure->point, l->threads);
    gradus_err err =
        gradus_oracle_gradient(l->oracle, failure->point, &value, failure->move);
    double slope = gradus_dot(l->n, failure->move, failure->direction, l->threads);
    *place = (slope - before) / (after - before);
    return err;
}

/* A smooth function may look like a kink from as near as values can tell.  Its slope does not
   jump: between a step before and one after the rise there is one with a slope between.  So
   gradients look, by halves, until two neighbours are left.  */
static gradus_err find_kink(const ladder_t *l, int rung, bool *is_kink) {
    const rung_t *r = &l->rung[rung];
    double f = l->failure->value, before = (f - r->down) / r->step;
    double place = (l->slope - before) / bend(l, rung);
    double low = 0.0, high = r->step, least = l->rung[l->rungs - 1].step;
    gradus_err err = GRADUS_OK;
    *is_kink = place <= TELLING;
    double t = least;
    for (int k = 0; !err && *is_kink && k < BISECTIONS && high - low > least; k++) {
        err = place_at(l, r, t, &place);
        *is_kink = place <= TELLING || place >= 1.0 - TELLING;
        if (place <= TELLING)
            low = t;
        else
            high = t;
        t = low + 0.5 * (high - low);
    }
    return err;
}

/* Of the largest value seen, where terms may cancel less than in the first.  */
static double size(const ladder_t *l) {
    double most = fabs(l->failure->value);
    for (int k = 0; k < l->rungs; k++)
        if (isfinite(l->rung[k].up) && l->rung[k].step < l->top)
            most = fmax(most, fabs(l->rung[k].up));
    return most;
}

/* Whether neighbouring points differ by what is neither slope nor rounding.  */
static bool is_noisy(const ladder_t *l) {
    return l->rough && l->noise > fmax(ROUGH * size(l), SLOW * l->shift);
}

/* Whether the decrease down to the minimum along d, s^2 / (2 curvature), can be told from
   noise; twice, because few values are all that is known of it.  */
static bool is_visible(const ladder_t *l, estimate_t e) {
    double noise = fmax(NOISE * fabs(l->failure->value), l->noise);
    return !(fabs(l->slope) * (fabs(l->slope) / e.curvature) <= 4.0 * noise) ||
           e.curvature <= 0.0;
}

/* Takes note of a value that is the lowest so far, beyond rounding and noise.  */
static void take_note(const ladder_t *l, double step, double value, double *lowest) {
    double f = l->failure->value, noise = l->rough ? SLOW * l->noise : 0.0;
    noise = fmax(noise, fmax(NOISE * fmax(fabs(f), fabs(value)), l->shift));
    if (isfinite(value) && value < *lowest && f - value > noise) {
        *lowest = value;
        l->failure->lower = step;
    }
}

/* The lowest value of all rungs, and failing that at the minimum that a slope and a curvature
   promise.  */
static gradus_err find_lower(const ladder_t *l, verdict_t verdict) {
    double lowest = INFINITY, value;
    for (int k = 0; k < l->rungs; k++) {
        take_note(l, l->rung[k].step, l->rung[k].up, &lowest);
        take_note(l, -l->rung[k].step, l->rung[k].down, &lowest);
    }
    double step = -l->slope / verdict.best.curvature;
    if (l->failure->lower != 0.0 || !verdict.right || !is_visible(l, verdict.best) ||
        !(step > 0.0 && isfinite(step)))
        return GRADUS_OK;
    gradus_err err = value_at(l, l->failure->direction, step, &value);
    if (!err)
        take_note(l, step, value, &lowest);
    return err;
}

/* ---- Coordinates ---- */

typedef struct {
    size_t index;
    double gradient, measured; /* measured is NaN when none could be */
    double minus, size; /* |measured + gradient|^2 and |gradient|^2 over those tried */
} worst_t;

/* The slope by values along move, a change of x by STEP times it; NaN on an error.  */
static gradus_err measure(const ladder_t *l, double step, double *slope) {
    double up = NAN, down = NAN;
    gradus_err err = value_at(l, l->failure->move, step, &up);
    if (!err)
        err = value_at(l, l->failure->move, -step, &down);
    *slope = (up - down) / (2.0 * step);
    return err;
}

/* By how much the gradient is wrong over the coordinates FIRST to END - 1 together, each
   moved up or down in turns.  */
static gradus_err error_of_part(const ladder_t *l, size_t first, size_t end, double step,
                                double *error) {
    double *v = l->failure->move, slope;
    memset(v, 0, l->n * sizeof *v);
    for (size_t i = first; i < end; i++)
        v[i] = (i % 2 ? -1.0 : 1.0) / sqrt((double)(end - first));
    gradus_err err = measure(l, step, &slope);
    *error = fabs(slope - gradus_dot(l->n, l->failure->g, v, l->threads));
    return err;
}

/* Follows the half with the larger error until few coordinates are left, and measures
   these.  */
static gradus_err find_worst(const ladder_t *l, double step, worst_t *worst) {
    size_t first = 0, end = l->n;
    *worst = (worst_t){.measured = NAN};
    gradus_err err = GRADUS_OK;
    while (!err && end - first > COORDINATES) {
        size_t middle = first + (end - first) / 2;
        double low, high = 0.0;
        err = error_of_part(l, first, middle, step, &low);
        if (!err)
            err = error_of_part(l, middle, end, step, &high);
        if (low >= high)
            end = middle;
        else
            first = middle;
    }
    double *v = l->failure->move, slope, most = -1.0;
    memset(v, 0, l->n * sizeof *v);
    for (size_t i = first; !err && i < end; i++) {
        double g = l->failure->g[i];
        v[i] = 1.0;
        err = measure(l, step, &slope);
        v[i] = 0.0;
        worst->minus += (slope + g) * (slope + g);
        worst->size += g * g;
        if (fabs(slope - g) > most) {
            most = fabs(slope - g);
            worst->index = i;
            worst->gradient = g;
            worst->measured = slope;
        }
    }
    return err;
}

/* ---- Reports ---- */

#define SAY(report, ...) snprintf((report)->detail, sizeof(report)->detail, __VA_ARGS__)

static gradus_err report_wrong(const ladder_t *l, estimate_t e, gradus_report *report) {
    worst_t worst;
    gradus_err err = find_worst(l, e.middle * l->length, &worst);
    bool opposite = fabs(e.slope + l->slope) <= TELLING * larger(l, e) &&
                    worst.minus <= TELLING * TELLING * worst.size;
    report->stop = opposite ? GRADUS_FAIL_SIGN : GRADUS_FAIL_GRADIENT;
    int used = SAY(report,
                   "slope along -g: %.3g by the gradient, %.3g by values around %.1e "
                   "away, a relative error of %.2g",
                   l->slope / l->length, e.slope / l->length, e.middle * l->length,
                   fabs(e.slope - l->slope) / larger(l, e));
    if (!isnan(worst.measured))
        snprintf(report->detail + used, sizeof report->detail - (size_t)used,
                 "; worst at %s[%zu]: %.3g by the gradient, %.3g by values",
                 l->oracle->coordinates ? "whitened x" : "x", worst.index, worst.gradient,
                 worst.measured);
    return err;
}

/* The gradient is right and the values are fine as far as can be seen.  */
static gradus_err report_search(const ladder_t *l, gradus_report *report) {
    const gradus_failure *failure = l->failure;
    double length = fabs(failure->lower) * l->length, value;
    report->stop =
        failure->capped ? GRADUS_FAIL_SEARCH_EVALUATIONS : GRADUS_FAIL_LINE_SEARCH;
    if (failure->lower == 0.0)
        return GRADUS_OK;
    gradus_err err = value_at(l, failure->direction, failure->lower, &value);
    SAY(report, "the value would be lower by %.3g at a step of length %.1e",
        failure->value - value, length);
    if (!err)
        err = gradus_oracle_gradient(l->oracle, failure->point, &value, failure->move);
    if (!err && !isfinite(gradus_norm(l->n, failure->move, l->threads))) {
        report->stop = GRADUS_FAIL_NOT_FINITE;
        SAY(report, "the gradient is not finite at a step of length %.1e", length);
    }
    return err;
}

/* Nothing was measured, or what there is to gain is too little.  */
static void report_rounding(const ladder_t *l, verdict_t verdict, gradus_report *report) {
    report->stop = GRADUS_FAIL_ROUNDING;
    if (verdict.right)
        SAY(report, "slope along -g: %.3g, and %.3g by values", l->slope / l->length,
            verdict.best.slope / l->length);
    else if (isfinite(verdict.best.error))
        SAY(report, "slope along -g: %.3g, of which values show no less than %.1e",
            l->slope / l->length, verdict.best.error / l->length);
    else
        SAY(report, "slope along -g: %.3g, of which values show nothing",
            l->slope / l->length);
}

static void report_kink(const ladder_t *l, int kink, gradus_report *report) {
    double f = l->failure->value;
    const rung_t *r = &l->rung[kink];
    report->stop = GRADUS_FAIL_KINK;
    SAY(report, "slopes along -g: %.3g before and %.3g after, %.1e away",
        (f - r->down) / r->step / l->length, (r->up - f) / r->step / l->length,
        r->step * l->length);
}

/* The shortest rung with a change says how near.  */
static void report_noise(const ladder_t *l, gradus_report *report) {
    int k = l->rungs - 1;
    while (k > 0 && change(l, k) == 0.0)
        k--;
    report->stop = GRADUS_FAIL_NOISE;
    int used = SAY(report, "it differs by %.3g at a distance of %.1e", change(l, k),
                   l->rung[k].step * l->length);
    if (k < l->rungs - 1)
        snprintf(report->detail + used, sizeof report->detail - (size_t)used,
                 " and by nothing nearer, so it has steps of that size");
}

static void report_no_value(const ladder_t *l, gradus_report *report) {
    double away = l->rung[0].step * l->length;
    double near = l->rung[l->rungs - 1].step * l->length, value = l->rung[0].up;
    report->stop = GRADUS_FAIL_NOT_FINITE;
    if (isnan(value))
        SAY(report, "the value is not a number from %.1e to %.1e away", away, near);
    else
        SAY(report, "the value is %g from %.1e to %.1e away", value, away, near);
}

/* What is said when neither the gradient is wrong nor the shape of the function is to blame.
 */
static gradus_err report_rest(const ladder_t *l, verdict_t verdict, gradus_report *report) {
    gradus_err err = find_lower(l, verdict);
    if (err)
        return err;
    bool lost = verdict.right ? !is_visible(l, verdict.best) : l->failure->lower == 0.0;
    if (is_noisy(l))
        report_noise(l, report);
    else if ((l->failure->rounding && l->failure->lower == 0.0) || lost)
        report_rounding(l, verdict, report);
    else
        return report_search(l, report);
    return GRADUS_OK;
}

static gradus_err report_all(const ladder_t *l, gradus_report *report) {
    verdict_t verdict = judge(l);
    int kink;
    bool has_kink = false;
    if (never_finite(l)) {
        report_no_value(l, report);
        return GRADUS_OK;
    }
    if (falls_to_infinity(l)) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "it is -inf nearby");
        return GRADUS_OK;
    }
    if (!verdict.right && seems_kink(l, &kink)) {
        gradus_err err = find_kink(l, kink, &has_kink);
        if (err)
            return err;
    }
    if (has_kink)
        report_kink(l, kink, report);
    else if (verdict.wrong)
        return report_wrong(l, verdict.best, report);
    else
        return report_rest(l, verdict, report);
    return GRADUS_OK;
}

gradus_err gradus_postmortem(gradus_oracle *oracle, gradus_failure *failure,
                             gradus_report *report) {
    ladder_t ladder;
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    prepare(&ladder, oracle, failure);
    gradus_err err = climb(&ladder);
    if (!err)
        err = report_all(&ladder, report);
    gradus_oracle_leave(oracle);
    return err;
}

/* At four lengths, evenly between that of x and the largest there are, in powers of ten.  */
gradus_err gradus_postmortem_far(gradus_oracle *oracle, gradus_failure *failure,
                                 gradus_report *report) {
    enum { PLACES = 4 };
    static const double FARTHEST = 1e300;
    ladder_t l;
    bool falls = true;
    gradus_err err = GRADUS_OK;
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    prepare(&l, oracle, failure);
    double near = fmax(gradus_norm(l.n, failure->x, l.threads), 1.0);
    for (int k = 1; !err && falls && k <= PLACES; k++) {
        double length = near * pow(FARTHEST / near, (double)k / PLACES), value;
        double step = length / l.length, promise = l.slope / l.length * length;
        err = value_at(&l, failure->direction, step, &value);
        falls = !err && value <= failure->value + PROPORTIONAL * promise;
    }
    gradus_oracle_leave(oracle);
    if (falls) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "in proportion to the step, up to a length of %.0e", FARTHEST);
    }
    return err;
}
