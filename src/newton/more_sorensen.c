/* The trust-region problem by its conditions: p minimizes g'p + p'H p / 2 over |p| <= radius
   if and only if for some lambda >= 0

     (H + lambda I) p = -g,   H + lambda I is not negative,   lambda (radius - |p|) = 0.

   With H = sum_j l_j e_j e_j', c_j = e_j'g and the distance mu = lambda + l_1 of lambda from
   where H + lambda I is singular, |p|^2 = sum_j (c_j / (l_j - l_1 + mu))^2.  Newton's method
   on

     1 / |p(mu)| - 1 / radius,   concave and growing,

   from a mu where |p| >= radius comes to the root from below without a safeguard.  In the
   hard case |p| < radius as mu goes to 0, since c is 0 where l_j = l_1 < 0; the solution
   then has e_1 in it, as far as the boundary.

   More and Sorensen, "Computing a trust region step", SIAM J. Sci. Stat. Comput. 4(3), 1983,
   whose Newton's method factorizes H + lambda I for each lambda and estimates e_1.  Here one
   eigendecomposition serves every lambda and every radius, and mu as the unknown keeps its
   digits near the hard case.  */

#include "newton/more_sorensen.h"

#include "linalg/eigen.h"
#include "linalg/product.h"
#include "linalg/symmetric.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double ON_BOUNDARY = 1e-12; /* |p| beyond the radius, relative */

gradus_err gradus_more_sorensen_open(gradus_more_sorensen *s, const char *owner, size_t n,
                                     long maximum_dimension, gradus_state *state,
                                     gradus_error *why) {
    long most = maximum_dimension < GRADUS_EIGEN_LARGEST ? maximum_dimension
                                                         : (long)GRADUS_EIGEN_LARGEST;
    gradus_err err = gradus_dense_check(owner, n, most, why);
    if (err)
        return err;
    s->n = n;
    s->matrix = gradus_state_scratch(state, n * n, sizeof(double));
    s->values = gradus_state_scratch(state, n, sizeof(double));
    s->c = gradus_state_scratch(state, n, sizeof(double));
    s->y = gradus_state_scratch(state, n, sizeof(double));
    s->workspace = gradus_state_scratch(state, gradus_eigen_workspace(n), 1);
    return GRADUS_OK;
}

/* An eigenvalue within rounding of 0 is 0.  So is what the gradient has along it, if that is
   little: the step would follow its rounding to the boundary.  What is dropped stands out
   once the rest of the gradient has gone.  */
static void drop_rounding(gradus_more_sorensen *s) {
    size_t n = s->n;
    double square = 0.0, largest = fmax(fabs(s->values[0]), fabs(s->values[n - 1]));
    for (size_t j = 0; j < n; j++)
        square += s->c[j] * s->c[j];
    for (size_t j = 0; j < n; j++)
        if (fabs(s->values[j]) <= (double)n * DBL_EPSILON * largest) {
            s->values[j] = 0.0;
            if (fabs(s->c[j]) <= sqrt(DBL_EPSILON * square))
                s->c[j] = 0.0;
        }
}

gradus_stop gradus_more_sorensen_begin(gradus_more_sorensen *s, const double g[]) {
    size_t n = s->n;
    switch (gradus_eigen(n, s->matrix, s->values, s->workspace)) {
    case GRADUS_EIGEN_OK:
        break;
    case GRADUS_EIGEN_NOT_FINITE:
        return GRADUS_FAIL_DIVERGED;
    default:
        return GRADUS_FAIL_EIGENDECOMPOSITION;
    }
    gradus_product(n, 1, n, s->matrix, g, s->c, 1);
    drop_rounding(s);
    return GRADUS_RUNNING;
}

/* y = p(mu), with 0 where c_j is; returns |y|.  *RATE is -|y| d|y| / dmu.  */
static double step_at(gradus_more_sorensen *s, double mu, double *rate) {
    double square = 0.0;
    *rate = 0.0;
    for (size_t j = 0; j < s->n; j++) {
        double bend = s->values[j] - s->values[0] + mu;
        s->y[j] = s->c[j] != 0.0 ? -s->c[j] / bend : 0.0;
        square += s->y[j] * s->y[j];
        *rate += s->c[j] != 0.0 ? s->y[j] * s->y[j] / bend : 0.0;
    }
    return sqrt(square);
}

/* The least mu where one coordinate of y alone is as long as the radius.  */
static double lower_bound(const gradus_more_sorensen *s, double radius, double mu) {
    for (size_t j = 0; j < s->n; j++)
        mu = fmax(mu, fabs(s->c[j]) / radius - (s->values[j] - s->values[0]));
    return mu;
}

/* |y| = radius for some mu of at least LEAST.  */
static void find_boundary(gradus_more_sorensen *s, double radius, double least) {
    double mu = lower_bound(s, radius, least), rate;
    double length = step_at(s, mu, &rate);
    while (length > (1.0 + ON_BOUNDARY) * radius) {
        double next = mu + length * length / rate * (length - radius) / radius;
        if (!(next > mu))
            break; /* rounding */
        mu = next;
        length = step_at(s, mu, &rate);
    }
}

/* The decrease of the model is the sum of -y_j (c_j + l_j y_j / 2).  */
static void describe(const gradus_more_sorensen *s, gradus_region_step *step) {
    double square = 0.0;
    step->decrease = 0.0;
    for (size_t j = 0; j < s->n; j++) {
        step->decrease -= s->y[j] * (s->c[j] + 0.5 * s->values[j] * s->y[j]);
        square += s->y[j] * s->y[j];
    }
    step->length = sqrt(square);
}

void gradus_more_sorensen_solve(gradus_more_sorensen *s, double radius, double p[],
                                gradus_region_step *step) {
    double lowest = s->values[0], least = fmax(0.0, lowest), rate;
    double length = step_at(s, least, &rate);
    step->boundary = !(length <= radius) || lowest < 0.0;
    if (!(length <= radius))
        find_boundary(s, radius, least);
    else if (lowest < 0.0) /* the hard case */
        s->y[0] = sqrt(radius * radius - length * length);
    describe(s, step);
    gradus_product(1, s->n, s->n, s->y, s->matrix, p, 1);
}
