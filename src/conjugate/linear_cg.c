/* Conjugate gradients for A x = b from x = 0.

     r = b,  p = r;   repeat
     alpha = r'r / p'Ap,  x <- x + alpha p,  r <- r - alpha Ap,
     beta = (new r'r) / (old r'r),  p <- r + beta p

   It ends early where the curvature p'Ap / p'p is not above rounding, relative to the
   largest curvature met and to |Ap| / |p|: A need be neither definite nor regular, and
   a direction from its null space, of which rounding puts a little into p, is not taken.

   Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", J.
   Res. NBS 49, 1952; the truncation is that of Dembo and Steihaug, "Truncated-Newton
   algorithms for large-scale unconstrained optimization", Mathematical Programming 26,
   1983.  */

#include "conjugate/linear_cg.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double FLAT = 10 * DBL_EPSILON; /* curvature that is rounding, relative */

void gradus_linear_cg_open(gradus_linear_cg *cg, const gradus_oracle *oracle,
                           gradus_state *state) {
    *cg = (gradus_linear_cg){.n = gradus_oracle_dimension(oracle),
                             .threads = gradus_oracle_threads(oracle)};
    cg->r = gradus_state_scratch(state, cg->n, sizeof(double));
    cg->p = gradus_state_scratch(state, cg->n, sizeof(double));
    cg->ap = gradus_state_scratch(state, cg->n, sizeof(double));
}

/* Whether the curvature of p is positive beyond rounding; false for NaN too.  *LARGEST is
   the largest so far.  */
static bool is_positive(const gradus_linear_cg *cg, double curvature, double *largest) {
    double pp = gradus_dot(cg->n, cg->p, cg->p, cg->threads);
    double product = gradus_norm(cg->n, cg->ap, cg->threads) * sqrt(pp);
    *largest = fmax(*largest, curvature / pp);
    return isfinite(product) && curvature > FLAT * fmax(*largest * pp, product);
}

static void turn(gradus_linear_cg *cg, double beta) {
#pragma omp simd
    for (size_t i = 0; i < cg->n; i++)
        cg->p[i] = cg->r[i] + beta * cg->p[i];
}

gradus_err gradus_linear_cg_solve(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], double tolerance,
                                  size_t iterations, double x[]) {
    size_t n = cg->n, threads = cg->threads;
    double rr = gradus_dot(n, b, b, threads), largest = 0.0;
    memset(x, 0, n * sizeof *x);
    memcpy(cg->r, b, n * sizeof *b);
    memcpy(cg->p, b, n * sizeof *b);
    cg->residual = sqrt(rr);
    tolerance = fmax(tolerance, DBL_EPSILON * cg->residual); /* below is rounding */
    for (cg->iterations = 0; cg->iterations < iterations; cg->iterations++) {
        cg->end = GRADUS_CG_CONVERGED;
        if (cg->residual <= tolerance)
            return GRADUS_OK;
        gradus_err err = map(context, cg->p, cg->ap);
        double curvature = gradus_dot(n, cg->p, cg->ap, threads);
        cg->end = GRADUS_CG_NOT_POSITIVE;
        if (err || !is_positive(cg, curvature, &largest))
            return err;
        gradus_add(n, rr / curvature, cg->p, x, threads);
        gradus_add(n, -rr / curvature, cg->ap, cg->r, threads);
        double old = rr;
        rr = gradus_dot(n, cg->r, cg->r, threads);
        cg->residual = sqrt(rr);
        turn(cg, rr / old);
    }
    cg->end = cg->residual <= tolerance ? GRADUS_CG_CONVERGED : GRADUS_CG_ITERATIONS;
    return GRADUS_OK;
}
