/* A step t > 0 that satisfies the Wolfe conditions

     phi(t) <= phi(0) + decrease phi'(0) t,   phi'(t) >= curvature phi'(0),

   or the approximate ones, which are the same for a parabola but need no difference of
   values, so that they can be told where such a difference is rounding:

     (2 decrease - 1) phi'(0) >= phi'(t) >= curvature phi'(0),   phi(t) <= ceiling.

   An interval whose lower end goes down and whose upper end goes up shrinks by double secant
   steps, and by bisection when these shrink it too little.

   Hager and Zhang, "A new conjugate gradient method with guaranteed descent and an efficient
   line search", SIAM J. Optimization 16(1), 2005; the steps U0 to U3, S1 to S4, L1, L2 and B1
   to B3 and the constants are those of "Algorithm 851: CG_DESCENT", ACM TOMS 32(1), 2006.  */

#include "line_search/hager_zhang.h"

#include <float.h>
#include <math.h>

static const double EXPANSION = 5.0;   /* rho: next step without a bracket */
static const double SHRINKAGE = 0.66;  /* gamma: of an iteration, else it bisects */
static const double BISECTION = 0.5;   /* theta: where an interval is cut */
static const double CONTRACTION = 0.1; /* psi_3: towards LOW where there is no value */
static const double NARROWEST = DBL_EPSILON; /* interval, relative to its upper end */

/* What the proposed step is for.  */
enum phase { EXPANDING, SECANT, SECOND_SECANT, MIDDLE };

static void begin(void *self, const gradus_search_rules *rules, gradus_trial start,
                  double step) {
    gradus_hager_zhang *s = self;
    (void)step;
    *s = (gradus_hager_zhang){.rules = *rules,
                              .start = start,
                              .low = start,
                              .high = start,
                              .phase = EXPANDING,
                              .barrier = INFINITY};
}

/* ---- Conditions ---- */

static gradus_search_state judge(const gradus_hager_zhang *s, gradus_trial trial) {
    const gradus_search_rules *r = &s->rules;
    double slope = s->start.slope;
    bool enough = trial.value - s->start.value <= r->decrease * slope * trial.step;
    bool flat = trial.slope >= r->curvature * slope;
    if (enough && flat)
        return GRADUS_SEARCH_ACCEPTED;
    if (flat && trial.slope <= (2.0 * r->decrease - 1.0) * slope &&
        trial.value <= r->ceiling)
        return GRADUS_SEARCH_APPROXIMATE;
    if (enough && trial.step >= r->longest)
        return GRADUS_SEARCH_LONGEST;
    return GRADUS_SEARCH_GOES_ON;
}

/* ---- The interval ---- */

static bool inside(const gradus_hager_zhang *s, double step) {
    return step > s->low.step && step < s->high.step;
}

/* U1 to U3, and with LOW = 0 B1 to B3.  While it bisects the upper end goes down too.  */
static void update(gradus_hager_zhang *s, gradus_trial trial) {
    bool up = trial.slope >= 0.0;
    if (up || trial.value > s->rules.ceiling) {
        s->high = trial;
        s->bisecting = !up;
    } else
        s->low = trial;
}

/* Where the slope is zero between A and B if it is linear.  */
static double secant(gradus_trial a, gradus_trial b) {
    return (a.step * b.slope - b.step * a.slope) / (b.slope - a.slope);
}

/* S2 and S3: a secant of the two slopes on the side that the first secant step moved; NaN
   when it moved none.  */
static double second_secant(const gradus_hager_zhang *s, double first) {
    return first == s->high.step  ? secant(s->old_high, s->high)
           : first == s->low.step ? secant(s->old_low, s->low)
                                  : NAN;
}

/* ---- What comes next ---- */

static double expand(const gradus_hager_zhang *s) {
    double step = fmin(EXPANSION * s->low.step, s->rules.longest);
    return step < s->barrier ? step : s->low.step + BISECTION * (s->barrier - s->low.step);
}

static double middle(const gradus_hager_zhang *s) {
    return s->low.step + BISECTION * (s->high.step - s->low.step);
}

/* The next step of an interval that goes up at its upper end; LAST is the one before.  */
static double propose(gradus_hager_zhang *s, double last) {
    if (s->phase == SECANT) {
        double step = second_secant(s, last);
        s->phase = SECOND_SECANT;
        if (inside(s, step))
            return step;
    }
    if (s->phase == SECOND_SECANT) {
        double old_width = s->old_high.step - s->old_low.step;
        s->phase = MIDDLE;
        if (!(s->high.step - s->low.step <= SHRINKAGE * old_width))
            return middle(s);
    }
    s->old_low = s->low;
    s->old_high = s->high;
    double step = secant(s->low, s->high);
    s->phase = inside(s, step) ? SECANT : MIDDLE;
    return s->phase == SECANT ? step : middle(s);
}

static gradus_search_state advance(void *self, gradus_trial trial, double *step) {
    gradus_hager_zhang *s = self;
    gradus_search_state state = judge(s, trial);
    if (state != GRADUS_SEARCH_GOES_ON)
        return state;
    update(s, trial);
    bool bracketed = s->high.step > 0.0;
    if (!bracketed)
        *step = expand(s);
    else if (s->bisecting)
        *step = middle(s);
    else
        *step = propose(s, trial.step);
    double end = bracketed ? s->high.step : fmin(s->barrier, 2.0 * s->rules.longest);
    bool wide = *step > s->low.step && *step < end && end - s->low.step > NARROWEST * end;
    return wide ? GRADUS_SEARCH_GOES_ON : GRADUS_SEARCH_SHRUNK;
}

static void contract(void *self, double *step) {
    gradus_hager_zhang *s = self;
    s->barrier = *step;
    *step = s->low.step + CONTRACTION * (*step - s->low.step);
}

const gradus_search_algorithm gradus_search_hager_zhang = {
    .begin = begin, .advance = advance, .contract = contract, .by_slope = true};
