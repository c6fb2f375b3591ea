/* Steihaug's and Toint's conjugate gradients in a trust region, from p = 0.

     r = g,  d = -r;   repeat
     alpha = r'r / d'Hd,  p <- p + alpha d,  r <- r + alpha Hd,
     beta = (new r'r) / (old r'r),  d <- -r + beta d

   |p| grows from one iterate to the next.  The first that would leave the region ends at the
   boundary instead, and so does a direction of curvature that is not positive, at the better
   one of its two ends.  Where the curvature is rounding (curvature.h), its sign says nothing,
   and nor does d, which may be the rounding of r: the iterations end with the p they have.
   The first direction -g is no rounding; it is followed to the boundary.

   All is done in a unit, the power of two next to |g|, which changes no digit.

   Steihaug, "The conjugate gradient method and trust regions in large scale optimization",
   SIAM J. Numer. Anal. 20(3), 1983; Toint, "Towards an efficient sparsity exploiting Newton
   method for minimization", Sparse matrices and their uses, 1981; Nocedal and Wright,
   Numerical Optimization, 2006, algorithm 7.2.  */

#include "newton/steihaug.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double LARGEST = 1e150; /* radius: has a square */

void gradus_steihaug_open(gradus_steihaug *s, const gradus_oracle *oracle,
                          gradus_state *state) {
    size_t n = gradus_oracle_dimension(oracle);
    *s = (gradus_steihaug){.n = n, .threads = gradus_oracle_threads(oracle)};
    s->r = gradus_state_scratch(state, n, sizeof(double));
    s->d = gradus_state_scratch(state, n, sizeof(double));
    s->hd = gradus_state_scratch(state, n, sizeof(double));
    s->hp = gradus_state_scratch(state, n, sizeof(double));
    gradus_curvature_open(&s->curvature, n, s->threads, state);
}

/* p + t d on the boundary, p being inside: the roots LOW <= 0 <= HIGH of
   t^2 d'd + 2 t p'd + p'p - radius^2, without cancellation.  */
static void find_ends(double dd, double pd, double pp, double radius, double *low,
                      double *high) {
    double c = fmin(0.0, pp - radius * radius);
    double q = -(pd + copysign(sqrt(pd * pd - dd * c), pd));
    double one = q / dd, other = q != 0.0 ? c / q : 0.0;
    *low = fmin(one, other);
    *high = fmax(one, other);
}

/* p <- p + t d, and H p with it.  */
static void extend(gradus_steihaug *s, double t, double p[]) {
    gradus_add(s->n, t, s->d, p, s->threads);
    gradus_add(s->n, t, s->hd, s->hp, s->threads);
    gradus_add(s->n, t, s->hd, s->r, s->threads);
}

/* Along d the model changes by t d'r + t^2 d'Hd / 2.  Where it turns up the forward end is
   the better one; conjugate gradients always have d'r = -r'r.  */
static void go_to_boundary(gradus_steihaug *s, double curvature, double rr, double radius,
                           double p[]) {
    double low, high;
    find_ends(gradus_dot(s->n, s->d, s->d, s->threads),
              gradus_dot(s->n, p, s->d, s->threads), gradus_dot(s->n, p, p, s->threads),
              radius, &low, &high);
    bool back = !(curvature > 0.0) &&
                low * (0.5 * low * curvature - rr) < high * (0.5 * high * curvature - rr);
    extend(s, back ? low : high, p);
}

static bool stays_inside(const gradus_steihaug *s, double t, const double p[],
                         double radius) {
    double square = gradus_dot(s->n, p, p, s->threads) +
                    t * (2.0 * gradus_dot(s->n, p, s->d, s->threads) +
                         t * gradus_dot(s->n, s->d, s->d, s->threads));
    return square < radius * radius;
}

static void turn(gradus_steihaug *s, double beta) {
    gradus_curvature_turn(&s->curvature, s->r, s->r, beta);
#pragma omp simd
    for (size_t i = 0; i < s->n; i++)
        s->d[i] = beta * s->d[i] - s->r[i];
}

/* Returns the unit.  */
static double begin(gradus_steihaug *s, const double g[], double p[]) {
    double unit = gradus_power_of_two(gradus_norm(s->n, g, s->threads));
    memset(p, 0, s->n * sizeof *p);
    memset(s->hp, 0, s->n * sizeof *s->hp);
    memset(s->d, 0, s->n * sizeof *s->d);
    for (size_t i = 0; i < s->n; i++)
        s->r[i] = g[i] / unit;
    gradus_curvature_begin(&s->curvature, s->r);
    turn(s, 0.0);
    return unit;
}

/* P and what is said of it, out of the unit.  */
static void describe(const gradus_steihaug *s, const double g[], double unit, double p[],
                     gradus_region_step *step) {
    double linear = gradus_dot(s->n, g, p, s->threads) / unit;
    double square = gradus_dot(s->n, s->hp, p, s->threads);
    step->decrease = (-linear - 0.5 * square) * unit * unit;
    for (size_t i = 0; i < s->n; i++)
        p[i] *= unit;
    step->length = gradus_norm(s->n, p, s->threads);
}

/* One iteration from a residual of square norm *RR; true when it was the last.  */
static bool iterate(gradus_steihaug *s, double radius, double p[], double *rr,
                    bool *boundary) {
    double old = *rr, dHd = gradus_dot(s->n, s->d, s->hd, s->threads), t = old / dHd;
    bool first = s->iterations++ == 0;
    bool positive = gradus_curvature_stands_out(&s->curvature, s->d, s->hd, dHd);
    if (!first && fabs(dHd) <= s->curvature.rounding)
        return true;
    if (!(positive && stays_inside(s, t, p, radius))) {
        go_to_boundary(s, positive ? dHd : fmin(dHd, 0.0), old, radius, p);
        return *boundary = true;
    }
    extend(s, t, p);
    *rr = gradus_dot(s->n, s->r, s->r, s->threads);
    turn(s, *rr / old);
    return false;
}

/* Below the tolerance, or what rounding leaves of g, the residual is small enough.  */
gradus_err gradus_steihaug_solve(gradus_steihaug *s, gradus_linear_map map, void *context,
                                 const double g[], double tolerance, size_t iterations,
                                 double radius, double p[], gradus_region_step *step) {
    double unit = begin(s, g, p);
    double rr = gradus_dot(s->n, s->r, s->r, s->threads);
    bool last = false;
    tolerance = fmax(tolerance / unit, DBL_EPSILON * sqrt(rr));
    step->boundary = false;
    s->iterations = 0;
    while (!last && s->iterations < iterations && sqrt(rr) > tolerance) {
        gradus_err err = map(context, s->d, s->hd);
        if (err)
            return err;
        last = iterate(s, fmin(radius / unit, LARGEST), p, &rr, &step->boundary);
    }
    describe(s, g, unit, p, step);
    return GRADUS_OK;
}
