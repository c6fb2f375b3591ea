/* The post-mortem of a search along d, where the slope s = g'd is negative.

   Values are taken at x + h d and x - h d on a ladder of steps h, from the size of x to its
   rounding (ladder.c).  The slopes that are measured there are compared with s:

     one agrees                  the gradient is right
     none agrees, some measure   it is not: then single coordinates are measured too
     none measures               s is lost in rounding

   Where the slopes of the two sides stay apart there is a kink (kink.c); where the
   differences themselves do not get smaller with h, noise or a jump.  */

#include "line_search/postmortem.h"

#include "core/oracle.h"
#include "line_search/coordinates.h"
#include "line_search/kink.h"
#include "line_search/ladder.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

static const double ROUGH = 1e-12; /* what is more is not rounding, relative to values */
static const double PROPORTIONAL = 0.1; /* part of the slope that may be left far away */

/* ---- What values alone show ---- */

static bool never_finite(const gradus_ladder *l) {
    for (int k = 0; k < l->rungs; k++)
        if (isfinite(l->rung[k].up))
            return false;
    return true;
}

static bool falls_to_infinity(const gradus_ladder *l) {
    for (int k = 0; k < l->rungs; k++)
        if (l->rung[k].up == -INFINITY)
            return true;
    return false;
}

/* Of the largest value seen, where terms may cancel less than in the first.  */
static double size(const gradus_ladder *l) {
    double most = fabs(l->failure->value);
    for (int k = 0; k < l->rungs; k++)
        if (isfinite(l->rung[k].up) && l->rung[k].step < l->top)
            most = fmax(most, fabs(l->rung[k].up));
    return most;
}

/* Whether neighbouring points differ by what is neither slope nor rounding.  */
static bool is_noisy(const gradus_ladder *l) {
    return l->rough && l->noise > fmax(ROUGH * size(l), GRADUS_LADDER_SLOW * l->shift);
}

/* Whether the decrease down to the minimum along d, s^2 / (2 curvature), can be told from
   noise; twice, because few values are all that is known of it.  */
static bool is_visible(const gradus_ladder *l, gradus_estimate e) {
    double noise = fmax(GRADUS_LADDER_NOISE * fabs(l->failure->value), l->noise);
    return !(fabs(l->slope) * (fabs(l->slope) / e.curvature) <= 4.0 * noise) ||
           e.curvature <= 0.0;
}

/* Takes note of a value that is the lowest so far, beyond rounding and noise.  */
static void take_note(const gradus_ladder *l, double step, double value, double *lowest) {
    double f = l->failure->value, noise = l->rough ? GRADUS_LADDER_SLOW * l->noise : 0.0;
    noise = fmax(noise, fmax(GRADUS_LADDER_NOISE * fmax(fabs(f), fabs(value)), l->shift));
    if (isfinite(value) && value < *lowest && f - value > noise) {
        *lowest = value;
        l->failure->lower = step;
    }
}

/* The lowest value of all rungs, and failing that at the minimum that a slope and a curvature
   promise.  */
static gradus_err find_lower(const gradus_ladder *l, gradus_verdict verdict) {
    double lowest = INFINITY, value;
    for (int k = 0; k < l->rungs; k++) {
        take_note(l, l->rung[k].step, l->rung[k].up, &lowest);
        take_note(l, -l->rung[k].step, l->rung[k].down, &lowest);
    }
    double step = -l->slope / verdict.best.curvature;
    if (l->failure->lower != 0.0 || !verdict.right || !is_visible(l, verdict.best) ||
        !(step > 0.0 && isfinite(step)))
        return GRADUS_OK;
    gradus_err err = gradus_ladder_value(l, l->failure->direction, step, &value);
    if (!err)
        take_note(l, step, value, &lowest);
    return err;
}

/* ---- Reports ---- */

#define SAY(report, ...) snprintf((report)->detail, sizeof(report)->detail, __VA_ARGS__)

static gradus_err report_wrong(const gradus_ladder *l, gradus_estimate e,
                               gradus_report *report) {
    gradus_worst_entry worst;
    gradus_err err = gradus_find_worst(l, e.middle * l->length, &worst);
    bool opposite =
        fabs(e.slope + l->slope) <= GRADUS_LADDER_TELLING * gradus_ladder_larger(l, e) &&
        worst.minus <= GRADUS_LADDER_TELLING * GRADUS_LADDER_TELLING * worst.size;
    report->stop = opposite ? GRADUS_FAIL_SIGN : GRADUS_FAIL_GRADIENT;
    int used = SAY(report,
                   "slope along -g: %.3g by the gradient, %.3g by values around %.1e "
                   "away, a relative error of %.2g",
                   l->slope / l->length, e.slope / l->length, e.middle * l->length,
                   fabs(e.slope - l->slope) / gradus_ladder_larger(l, e));
    if (!isnan(worst.measured))
        snprintf(report->detail + used, sizeof report->detail - (size_t)used,
                 "; worst at %s[%zu]: %.3g by the gradient, %.3g by values",
                 l->oracle->coordinates ? "whitened x" : "x", worst.index, worst.gradient,
                 worst.measured);
    return err;
}

/* The gradient is right and the values are fine as far as can be seen.  */
static gradus_err report_search(const gradus_ladder *l, gradus_report *report) {
    const gradus_failure *failure = l->failure;
    double length = fabs(failure->lower) * l->length, value;
    report->stop =
        failure->capped ? GRADUS_FAIL_SEARCH_EVALUATIONS : GRADUS_FAIL_LINE_SEARCH;
    if (failure->lower == 0.0)
        return GRADUS_OK;
    gradus_err err = gradus_ladder_value(l, failure->direction, failure->lower, &value);
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
static void report_rounding(const gradus_ladder *l, gradus_verdict verdict,
                            gradus_report *report) {
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

static void report_kink(const gradus_ladder *l, int kink, gradus_report *report) {
    double f = l->failure->value;
    const gradus_rung *r = &l->rung[kink];
    report->stop = GRADUS_FAIL_KINK;
    SAY(report, "slopes along -g: %.3g before and %.3g after, %.1e away",
        (f - r->down) / r->step / l->length, (r->up - f) / r->step / l->length,
        r->step * l->length);
}

/* The shortest rung with a change says how near.  */
static void report_noise(const gradus_ladder *l, gradus_report *report) {
    int k = l->rungs - 1;
    while (k > 0 && gradus_ladder_change(l, k) == 0.0)
        k--;
    report->stop = GRADUS_FAIL_NOISE;
    int used = SAY(report, "it differs by %.3g at a distance of %.1e",
                   gradus_ladder_change(l, k), l->rung[k].step * l->length);
    if (k < l->rungs - 1)
        snprintf(report->detail + used, sizeof report->detail - (size_t)used,
                 " and by nothing nearer, so it has steps of that size");
}

static void report_no_value(const gradus_ladder *l, gradus_report *report) {
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
static gradus_err report_rest(const gradus_ladder *l, gradus_verdict verdict,
                              gradus_report *report) {
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

static gradus_err report_all(const gradus_ladder *l, gradus_report *report) {
    gradus_verdict verdict = gradus_ladder_judge(l);
    int kink;
    bool has_kink = false;
    if (falls_to_infinity(l)) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "it is -inf nearby");
        return GRADUS_OK;
    }
    if (never_finite(l)) {
        report_no_value(l, report);
        return GRADUS_OK;
    }
    if (!verdict.right && gradus_seems_kink(l, &kink)) {
        gradus_err err = gradus_find_kink(l, kink, &has_kink);
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
    gradus_ladder ladder;
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    gradus_ladder_prepare(&ladder, oracle, failure);
    gradus_err err = gradus_ladder_climb(&ladder);
    if (!err)
        err = report_all(&ladder, report);
    gradus_oracle_leave(oracle);
    return err;
}

/* At four lengths, evenly between that of x and the largest there are, in powers of ten; of a
   direction of length one, since the step along a short one would be no number.  */
gradus_err gradus_postmortem_far(gradus_oracle *oracle, gradus_failure *failure,
                                 gradus_report *report) {
    enum { PLACES = 4 };
    static const double FARTHEST = 1e300;
    gradus_ladder l;
    bool falls = true;
    gradus_err err = GRADUS_OK;
    gradus_oracle_enter(oracle, GRADUS_PHASE_LINE_SEARCH);
    gradus_ladder_prepare(&l, oracle, failure);
    double near = fmax(gradus_norm(l.n, failure->x, l.threads), 1.0);
    for (size_t i = 0; i < l.n; i++)
        failure->move[i] = failure->direction[i] / l.length;
    for (int k = 1; !err && falls && k <= PLACES; k++) {
        double length = near * pow(FARTHEST / near, (double)k / PLACES), value;
        double promise = l.slope / l.length * length;
        err = gradus_ladder_value(&l, failure->move, length, &value);
        falls = !err && value <= failure->value + PROPORTIONAL * promise;
    }
    gradus_oracle_leave(oracle);
    if (falls) {
        report->stop = GRADUS_FAIL_UNBOUNDED;
        SAY(report, "in proportion to the step, up to a length of %.0e", FARTHEST);
    }
    return err;
}
