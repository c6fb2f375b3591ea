/* A step t > 0 that satisfies the strong Wolfe conditions,

     phi(t) <= phi(0) + decrease phi'(0) t,   |phi'(t)| <= curvature |phi'(0)|,

   by safeguarded cubic and quadratic interpolation on a shrinking interval.  In the first
   stage it works on psi(t) = phi(t) - phi(0) - decrease phi'(0) t, whose minimizers satisfy
   the first condition; from the first step with psi <= 0 and a slope that is not steep any
   more, on phi itself.

   More and Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS
   20(3), 1994.  The constants are those with which its tables 1 to 6 come out.  */

#include "line_search/more_thuente.h"

#include <float.h>
#include <math.h>

static const double EXTRAPOLATION = 4.0; /* longest next step, in units of the last */
static const double SHRINKAGE = 0.66;    /* over two trials, else the interval is halved */
static const double DEEPEST = 1e-6;      /* cut at once; no interpolation sees further */
static const double NARROWEST = DBL_EPSILON; /* interval, relative to its upper end */
static const double CONTRACTION = 0.25; /* towards the best step when there is no value */

/* Where the next step may be when *STEP is what interpolation proposes.  */
static void set_limits(gradus_more_thuente *s, double step) {
    if (s->bracketed) {
        s->low = fmin(s->best.step, s->other.step);
        s->high = fmax(s->best.step, s->other.step);
    } else {
        s->low = s->best.step;
        s->high = step + EXTRAPOLATION * (step - s->best.step);
    }
}

static void begin(void *self, const gradus_search_rules *rules, gradus_trial start,
                  double step) {
    gradus_more_thuente *s = self;
    *s = (gradus_more_thuente){.rules = *rules,
                               .start = start,
                               .best = start,
                               .other = start,
                               .first_stage = true,
                               .width = rules->longest,
                               .old_width = 2.0 * rules->longest,
                               .barrier = INFINITY};
    set_limits(s, step);
}

/* ---- Interpolation ---- */

/* The position of the minimizer of the cubic through A and B, as a fraction of the way from
   A to B; *ROOT is the discriminant's root, zero when the cubic has no minimizer.  */
static double cubic(gradus_trial a, gradus_trial b, double *root) {
    double theta = 3.0 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope;
    double scale = fmax(fabs(theta), fmax(fabs(a.slope), fabs(b.slope)));
    double t = theta / scale, square = t * t - (a.slope / scale) * (b.slope / scale);
    double gamma = scale * sqrt(fmax(0.0, square));
    *root = gamma;
    if (b.step < a.step)
        gamma = -gamma;
    return (gamma - a.slope + theta) / (gamma - a.slope + gamma + b.slope);
}

static double between(gradus_trial a, gradus_trial b, double fraction) {
    return a.step + fraction * (b.step - a.step);
}

/* The value is higher: the minimizer is between.  The cubic's if it is nearer to the best
   step than the quadratic's, else half-way between them.  */
static double step_for_higher(gradus_trial best, gradus_trial trial) {
    double root, c = between(best, trial, cubic(best, trial, &root));
    double secant = (best.value - trial.value) / (trial.step - best.step) + best.slope;
    double q = between(best, trial, 0.5 * best.slope / secant);
    double step = fabs(c - best.step) < fabs(q - best.step) ? c : c + 0.5 * (q - c);
    double nearest = between(best, trial, DEEPEST);
    return fabs(step - best.step) < fabs(nearest - best.step) ? nearest : step;
}

/* The value is lower and the slope has changed sign: the minimizer is between.  Of the
   cubic's and the secant's, the one farther from the trial.  */
static double step_for_sign_change(gradus_trial best, gradus_trial trial) {
    double root, c = between(trial, best, cubic(trial, best, &root));
    double q = between(trial, best, trial.slope / (trial.slope - best.slope));
    return fabs(c - trial.step) > fabs(q - trial.step) ? c : q;
}

/* The value is lower and the slope less steep: extrapolation.  The cubic counts only if it
   goes to infinity in this direction or has its minimizer beyond the trial.  */
static double step_for_less_steep(const gradus_more_thuente *s, gradus_trial best,
                                  gradus_trial trial) {
    double root, r = cubic(trial, best, &root);
    double c = r < 0.0 && root != 0.0   ? between(trial, best, r)
               : trial.step > best.step ? s->high
                                        : s->low;
    double q = between(trial, best, trial.slope / (trial.slope - best.slope));
    bool nearer = fabs(trial.step - c) < fabs(trial.step - q);
    return nearer == s->bracketed ? c : q; /* bold only without a bracket */
}

/* The value is lower and the slope no less steep.  */
static double step_for_steep(const gradus_more_thuente *s, gradus_trial best,
                             gradus_trial other, gradus_trial trial) {
    if (!s->bracketed)
        return trial.step > best.step ? s->high : s->low;
    double root;
    return between(trial, other, cubic(trial, other, &root));
}

/* ---- The interval ---- */

/* The trial less the line of sufficient decrease.  */
static gradus_trial modified(const gradus_more_thuente *s, gradus_trial trial) {
    double slope = s->rules.decrease * s->start.slope;
    return (gradus_trial){trial.step, trial.value - trial.step * slope,
                          trial.slope - slope};
}

/* Proposes a step and puts the trial into the interval.  */
static double interpolate(gradus_more_thuente *s, gradus_trial trial, bool use_psi) {
    gradus_trial b = use_psi ? modified(s, s->best) : s->best;
    gradus_trial o = use_psi ? modified(s, s->other) : s->other;
    gradus_trial t = use_psi ? modified(s, trial) : trial;
    bool higher = t.value > b.value;
    bool turned = t.slope < 0.0 ? b.slope > 0.0 : t.slope > 0.0 && b.slope < 0.0;
    bool less_steep = fabs(t.slope) < fabs(b.slope);
    double step = higher       ? step_for_higher(b, t)
                  : turned     ? step_for_sign_change(b, t)
                  : less_steep ? step_for_less_steep(s, b, t)
                               : step_for_steep(s, b, o, t);
    s->bracketed = s->bracketed || higher || turned;
    if (higher)
        s->other = trial;
    else {
        if (turned)
            s->other = s->best;
        s->best = trial;
    }
    if (!isfinite(step)) /* the interpolation overflowed */
        step = s->bracketed ? between(s->best, s->other, 0.5) : s->high;
    step = fmin(fmax(step, s->low), s->high);
    if (s->bracketed && (higher || (!turned && less_steep))) {
        double limit = between(s->best, s->other, SHRINKAGE);
        step = s->other.step > s->best.step ? fmin(limit, step) : fmax(limit, step);
    }
    return step;
}

/* Halves an interval that does not shrink.  */
static double enforce_shrinkage(gradus_more_thuente *s, double step) {
    double width = fabs(s->other.step - s->best.step);
    if (width >= SHRINKAGE * s->old_width)
        step = between(s->best, s->other, 0.5);
    s->old_width = s->width;
    s->width = width;
    return step;
}

/* Half-way to the barrier instead of at it or beyond.  */
static double respect_barrier(const gradus_more_thuente *s, double step) {
    double ahead = s->barrier - s->best.step, way = step - s->best.step;
    bool same_side = (ahead > 0.0) == (way > 0.0);
    return same_side && fabs(way) >= fabs(ahead) ? s->best.step + 0.5 * ahead : step;
}

static gradus_search_state advance(void *self, gradus_trial trial, double *step) {
    gradus_more_thuente *s = self;
    const gradus_search_rules *r = &s->rules;
    double slope = s->start.slope;
    double line = s->start.value + trial.step * r->decrease * slope;
    bool enough = trial.value <= line;
    if (enough && fabs(trial.slope) <= -r->curvature * slope)
        return GRADUS_SEARCH_ACCEPTED;
    if (enough && trial.step >= r->longest && trial.slope <= r->decrease * slope)
        return GRADUS_SEARCH_LONGEST;
    if (enough && trial.slope >= fmin(r->decrease, r->curvature) * slope)
        s->first_stage = false;
    bool use_psi = s->first_stage && trial.value <= s->best.value && !enough;
    double next = interpolate(s, trial, use_psi);
    if (s->bracketed)
        next = enforce_shrinkage(s, next);
    next = fmin(respect_barrier(s, next), r->longest);
    set_limits(s, next);
    *step = next;
    bool shrunk = s->bracketed && !(next > s->low && next < s->high &&
                                    s->high - s->low > NARROWEST * s->high);
    return shrunk ? GRADUS_SEARCH_SHRUNK : GRADUS_SEARCH_GOES_ON;
}

static void contract(void *self, double *step) {
    gradus_more_thuente *s = self;
    s->barrier = *step;
    *step = s->best.step + CONTRACTION * (*step - s->best.step);
    set_limits(s, *step);
}

const gradus_search_algorithm gradus_search_more_thuente = {
    .begin = begin, .advance = advance, .contract = contract};
