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
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    RUNGS = 16,
    MEASURED = 3,     /* neighbours that must agree */
    COORDINATES = 32, /* most to be measured one by one */
};

static const double RATIO = 0.125; /* of steps; the last is 2^-48 */
static const double NOISE =
    10 * DBL_EPSILON;                /* relative, of values: as the search has it */
static const double ROUGH = 1e-12;   /* what is more is not rounding, relative to values */
static const double TELLING = 0.25;  /* error of a slope that is a measurement */
static const double AGREEMENT = 0.5; /* a search fails by far larger errors only */
static const double PROPORTIONAL = 0.1; /* part of the slope that may be left far away */

typedef struct {
    double step, up, down; /* h, phi(h), phi(-h) */
} rung_t;

typedef struct {
    const gradus_failure *failure;
    gradus_oracle *oracle;
    size_t n, threads;
    double slope;  /* s */
    double length; /* |d| */
    double grid;   /* step that moves x by its rounding */
    double noise;  /* of values, once all rungs are there */
    rung_t rung[RUNGS];
    int rungs;
} ladder_t;

typedef struct {
    double slope, error;
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

static void prepare(ladder_t *l, gradus_oracle *oracle, const gradus_failure *failure) {
    size_t n = gradus_oracle_dimension(oracle), threads = gradus_oracle_threads(oracle);
    *l = (ladder_t){.failure = failure, .oracle = oracle, .n = n, .threads = threads};
    l->slope = gradus_dot(n, failure->g, failure->direction, threads);
    l->length = gradus_norm(n, failure->direction, threads);
    l->grid = DBL_EPSILON * gradus_norm(n, failure->x, threads) / l->length;
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
    return (r->up - 2.0 * l->failure->value + r->down) / r->step;
}

/* Error of a slope by rounding and noise of values.  */
static double blur(const ladder_t *l, int k) {
    const rung_t *r = &l->rung[k];
    double most = fmax(fabs(l->failure->value), fmax(fabs(r->up), fabs(r->down)));
    return fmax(fmax(NOISE * most, DBL_MIN), l->noise) / r->step;
}

/* From the rungs up to K.  */
static estimate_t estimate(const ladder_t *l, int k) {
    double low = INFINITY, high = -INFINITY, b = bend(l, k);
    for (int i = k - MEASURED + 1; i <= k; i++) {
        low = fmin(low, slope_on(l, i));
        high = isnan(slope_on(l, i)) ? NAN : fmax(high, slope_on(l, i));
    }
    double curvature = isfinite(b) ? b / l->rung[k].step : 0.0;
    return (estimate_t){.slope = slope_on(l, k - 1),
                        .error = high - low + blur(l, k) + fabs(curvature) * l->grid,
                        .curvature = curvature,
                        .middle = l->rung[k - 1].step};
}

static double larger(const ladder_t *l, estimate_t e) {
    return fmax(fabs(e.slope), fabs(l->slope));
}

static bool agrees(const ladder_t *l, estimate_t e) {
    return fabs(e.slope - l->slope) <= AGREEMENT * larger(l, e);
}

static verdict_t judge(const ladder_t *l) {
    verdict_t verdict = {.best = {.error = INFINITY}};
    for (int k = MEASURED - 1; k < l->rungs; k++) {
        estimate_t e = estimate(l, k);
        bool tells = e.error <= TELLING * larger(l, e), right = tells && agrees(l, e);
        bool first = right > verdict.right || (tells && !verdict.right && !verdict.wrong);
        verdict.right = verdict.right || right;
        verdict.wrong = !verdict.right && (verdict.wrong || tells);
        bool of_kind = verdict.right ? right : !verdict.wrong || tells;
        if (first || (of_kind && e.error < verdict.best.error))
            verdict.best = e;
    }
    return verdict;
}

/* Not further than the gradient is known to be right, when that is all there is to find.  */
static gradus_err climb(ladder_t *l) {
    double step = fmax(gradus_norm(l->n, l->failure->x, l->threads), 1.0) / l->length;
    for (int k = 0; k < RUNGS; k++) {
        rung_t *r = &l->rung[k];
        r->step = step *= RATIO;
        gradus_err err = value_at(l, l->failure->direction, r->step, &r->up);
        if (!err)
            err = value_at(l, l->failure->direction, -r->step, &r->down);
        if (err)
            return err;
        l->rungs++;
        if (l->failure->rounding && judge(l).right)
            return GRADUS_OK;
    }
    l->noise = fmax(change(l, RUNGS - 2), change(l, RUNGS - 1));
    if (isnan(l->noise))
        l->noise = 0.0;
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

/* Three neighbours between whose sides the slopes differ by the same, up on both.  */
static bool has_kink(const ladder_t *l, int *rung) {
    double f = l->failure->value;
    for (int k = MEASURED - 1; k < l->rungs; k++) {
        double low = INFINITY, high = -INFINITY;
        bool up = true;
        for (int i = k - MEASURED + 1; i <= k; i++) {
            low = fmin(low, bend(l, i));
            high = fmax(high, bend(l, i));
            up = up && l->rung[i].up > f && l->rung[i].down > f;
        }
        *rung = k - 1;
        if (up && high - low + 2.0 * blur(l, k) <= TELLING * low)
            return true;
    }
    return false;
}

/* What the value of neighbouring points differs by when that does not get smaller with the
   step; else 0.  */
static double roughness(const ladder_t *l) {
    double last = change(l, l->rungs - 1), before = change(l, l->rungs - 1 - MEASURED);
    return last >= 0.5 * before ? last : 0.0;
}

/* Of the largest value seen, where terms may cancel less than in the first.  */
static double size(const ladder_t *l) {
    double most = fabs(l->failure->value);
    for (int k = 0; k < l->rungs; k++)
        if (isfinite(l->rung[k].up))
            most = fmax(most, fabs(l->rung[k].up));
    return most;
}

/* Whether the decrease down to the minimum along d, s^2 / (2 curvature), can be told from
   noise; twice, because few values are all that is known of it.  */
static bool is_visible(const ladder_t *l, estimate_t e) {
    double noise = fmax(NOISE * fabs(l->failure->value), l->noise);
    return !(l->slope * l->slope <= 4.0 * noise * e.curvature);
}

/* The longest rung whose value is lower; -1: none.  */
static int lower_rung(const ladder_t *l) {
    for (int k = 0; k < l->rungs; k++)
        if (l->rung[k].up < l->failure->value)
            return k;
    return -1;
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
    int k = lower_rung(l);
    report->stop =
        failure->capped ? GRADUS_FAIL_SEARCH_EVALUATIONS : GRADUS_FAIL_LINE_SEARCH;
    if (k < 0)
        return GRADUS_OK;
    SAY(report, "the value would be lower by %.3g at a step of length %.1e",
        failure->value - l->rung[k].up, l->rung[k].step * l->length);
    double value;
    gradus_err err = value_at(l, failure->direction, l->rung[k].step, &value);
    if (!err)
        err = gradus_oracle_gradient(l->oracle, failure->point, &value, failure->move);
    if (!err && !isfinite(gradus_norm(l->n, failure->move, l->threads))) {
        report->stop = GRADUS_FAIL_NOT_FINITE;
        SAY(report, "the gradient is not finite at a step of length %.1e",
            l->rung[k].step * l->length);
    }
    return err;
}

/* Nothing was measured, or what there is to gain is too little.  */
static void report_rounding(const ladder_t *l, verdict_t verdict, gradus_report *report) {
    report->stop = GRADUS_FAIL_ROUNDING;
    if (verdict.right)
        SAY(report, "slope along -g: %.3g, and %.3g by values", l->slope / l->length,
            verdict.best.slope / l->length);
    else
        SAY(report, "slope along -g: %.3g, of which values show no less than %.1e",
            l->slope / l->length, verdict.best.error / l->length);
}

static void report_shape(const ladder_t *l, int kink, gradus_report *report) {
    double f = l->failure->value;
    const rung_t *r = &l->rung[kink >= 0 ? kink : l->rungs - 1];
    report->stop = kink >= 0 ? GRADUS_FAIL_KINK : GRADUS_FAIL_NOISE;
    if (kink >= 0)
        SAY(report, "slopes along -g: %.3g before and %.3g after, %.1e away",
            (f - r->down) / r->step / l->length, (r->up - f) / r->step / l->length,
            r->step * l->length);
    else
        SAY(report, "it differs by %.3g at a distance of %.1e", change(l, l->rungs - 1),
            r->step * l->length);
}

static gradus_err report_all(const ladder_t *l, gradus_report *report) {
    verdict_t verdict = judge(l);
    bool measured = isfinite(verdict.best.error);
    bool lost = verdict.right ? !is_visible(l, verdict.best) : measured;
    int kink;
    if (never_finite(l)) {
        report->stop = GRADUS_FAIL_NOT_FINITE;
        SAY(report, "the value is %g from %.1e to %.1e away", l->rung[0].up,
            l->rung[0].step * l->length, l->rung[l->rungs - 1].step * l->length);
    } else if (falls_to_infinity(l)) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "it is -inf nearby");
    } else if (!verdict.right && has_kink(l, &kink))
        report_shape(l, kink, report);
    else if (verdict.wrong)
        return report_wrong(l, verdict.best, report);
    else if (!l->failure->rounding && roughness(l) > ROUGH * size(l))
        report_shape(l, -1, report);
    else if (l->failure->rounding || lost)
        report_rounding(l, verdict, report);
    else
        return report_search(l, report);
    return GRADUS_OK;
}

gradus_err gradus_postmortem(gradus_oracle *oracle, const gradus_failure *failure,
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

gradus_err gradus_postmortem_far(gradus_oracle *oracle, const gradus_failure *failure,
                                 gradus_report *report) {
    static const double away[] = {1e50, 1e100, 1e200, 1e300};
    ladder_t l;
    bool falls = true;
    gradus_err err = GRADUS_OK;
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    prepare(&l, oracle, failure);
    for (size_t k = 0; !err && falls && k < sizeof away / sizeof *away; k++) {
        double step = away[k] / l.length, value;
        err = value_at(&l, failure->direction, step, &value);
        falls = !err && value <= failure->value + PROPORTIONAL * l.slope * step;
    }
    gradus_oracle_leave(oracle);
    if (falls) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "in proportion to the step, up to a length of %.0e", away[3]);
    }
    return err;
}
