/* Kinks.  The one-sided slopes (phi(h) - phi(0)) / h and (phi(0) - phi(-h)) / h of a smooth
   function approach each other like h.  Where they stay apart there is a kink.  */

#include "line_search/kink.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { BISECTIONS = 64 }; /* most gradients to look at a kink; a double has 53 bits */

/* The finest rung on which the one-sided slopes differ by more than rounding makes them.  */
static int finest_bend(const gradus_ladder *l) {
    int k = l->rungs - 1;
    while (k >= 0 && !(2.0 * gradus_ladder_blur(l, k) <=
                       GRADUS_LADDER_TELLING * gradus_ladder_bend(l, k)))
        k--;
    return k;
}

/* Three neighbours, the last of them rung LAST, between whose sides the slopes differ by the
   same, up on both.  */
static bool bends_alike(const gradus_ladder *l, int last) {
    double f = l->failure->value, low = INFINITY, high = -INFINITY;
    bool up = true;
    for (int i = last - GRADUS_LADDER_MEASURED + 1; i <= last; i++) {
        low = fmin(low, gradus_ladder_bend(l, i));
        high = fmax(high, gradus_ladder_bend(l, i));
        up = up && l->rung[i].up > f && l->rung[i].down > f;
    }
    return up &&
           high - low + 2.0 * gradus_ladder_blur(l, last) <= GRADUS_LADDER_TELLING * low;
}

/* The finest rungs that tell may be as near as the kink is to x, where no lower value can be
   told from rounding and yet one of the slopes is not seen: then those above them are asked.
   Whether the function is smooth from nearer by is for gradients to say.  */
bool gradus_seems_kink(const gradus_ladder *l, int *rung) {
    int finest = finest_bend(l);
    if (gradus_ladder_has_lower(l))
        return false;
    for (int k = finest; k >= GRADUS_LADDER_MEASURED - 1; k--)
        if (k > finest - GRADUS_LADDER_MEASURED && bends_alike(l, k)) {
            *rung = k - 1;
            return true;
        }
    return false;
}

/* Where the slope at x + t d is between that before the kink, 0, and that after it, 1.  */
static gradus_err place_at(const gradus_ladder *l, const gradus_rung *r, double t,
                           double *place) {
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
gradus_err gradus_find_kink(const gradus_ladder *l, int rung, bool *is_kink) {
    const gradus_rung *r = &l->rung[rung];
    double f = l->failure->value, before = (f - r->down) / r->step;
    double place = (l->slope - before) / gradus_ladder_bend(l, rung);
    double low = 0.0, high = r->step, least = l->rung[l->rungs - 1].step;
    gradus_err err = GRADUS_OK;
    *is_kink = place <= GRADUS_LADDER_TELLING;
    double t = least;
    for (int k = 0; !err && *is_kink && k < BISECTIONS && high - low > least; k++) {
        err = place_at(l, r, t, &place);
        *is_kink = place <= GRADUS_LADDER_TELLING || place >= 1.0 - GRADUS_LADDER_TELLING;
        if (place <= GRADUS_LADDER_TELLING)
            low = t;
        else
            high = t;
        t = low + 0.5 * (high - low);
    }
    return err;
}
