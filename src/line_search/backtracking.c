/* The first of ever shorter steps t with

     phi(t) <= phi(0) + decrease phi'(0) t.

   After t comes the minimizer of the parabola with the known phi(0), phi'(0) and phi(t), but
   neither much shorter nor hardly shorter than t.

   Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives",
   Pacific J. Mathematics 16(1), 1966; Dennis and Schnabel, Numerical Methods for
   Unconstrained Optimization and Nonlinear Equations, 1983, algorithm A6.3.1 (its first
   backtrack, at every one; the limits are its own).  */

#include "line_search/backtracking.h"

#include <math.h>

static const double SHORTEST = 0.1; /* next step, in units of the last */
static const double LONGEST = 0.5;

static void begin(void *self, const gradus_search_rules *rules, gradus_trial start,
                  double step) {
    (void)step;
    *(gradus_backtracking *)self = (gradus_backtracking){.rules = *rules, .start = start};
}

static gradus_search_state advance(void *self, gradus_trial trial, double *step) {
    const gradus_backtracking *s = self;
    double t = trial.step, slope = s->start.slope, rise = trial.value - s->start.value;
    if (rise <= s->rules.decrease * slope * t)
        return GRADUS_SEARCH_ACCEPTED;
    double next = -0.5 * slope * t * t / (rise - slope * t);
    *step = fmin(fmax(next, SHORTEST * t), LONGEST * t);
    return *step > 0.0 ? GRADUS_SEARCH_GOES_ON : GRADUS_SEARCH_SHRUNK;
}

static void contract(void *self, double *step) {
    (void)self;
    *step *= SHORTEST;
}

const gradus_search_algorithm gradus_search_backtracking = {
    .begin = begin, .advance = advance, .contract = contract};
