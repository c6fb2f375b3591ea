/* Conjugate gradients for A x = b with a preconditioner M.

     r = b - A x,  z = M^-1 r,  p = z;   repeat
     alpha = r'z / p'Ap,  x <- x + alpha p,  r <- r - alpha Ap,  z = M^-1 r,
     beta = (new r'z) / (old r'z),  p <- z + beta p

   A step lowers the model 1/2 x'Ax - b'x by alpha r'z / 2.  It ends early where the
   curvature p'Ap / p'p is not above rounding, relative to the largest curvature met and to
   |Ap| / |p|: A need be neither definite nor regular, and a direction from its null space,
   of which rounding puts a little into p, is not taken.

   Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", J.
   Res. NBS 49, 1952; the truncation is that of Dembo and Steihaug, "Truncated-Newton
   algorithms for large-scale unconstrained optimization", Mathematical Programming 26,
   1983; with a preconditioner as in Nocedal and Wright, Numerical Optimization, 2006,
   algorithm 5.3.  */

#include "conjugate/linear_cg.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double FLAT = 10 * DBL_EPSILON; /* curvature that is rounding, relative */

void gradus_linear_cg_open(gradus_linear_cg *cg, gradus_linear_map precondition,
                           const gradus_oracle *oracle, gradus_state *state) {
    *cg = (gradus_linear_cg){.n = gradus_oracle_dimension(oracle),
                             .threads = gradus_oracle_threads(oracle),
                             .precondition = precondition};
    cg->r = gradus_state_scratch(state, cg->n, sizeof(double));
    cg->p = gradus_state_scratch(state, cg->n, sizeof(double));
    cg->ap = gradus_state_scratch(state, cg->n, sizeof(double));
    if (precondition)
        cg->z = gradus_state_scratch(state, cg->n, sizeof(double));
}

/* Whether the curvature of p is positive beyond rounding; false for NaN too.  */
static bool is_positive(gradus_linear_cg *cg, double curvature) {
    double pp = gradus_dot(cg->n, cg->p, cg->p, cg->threads);
    double product = gradus_norm(cg->n, cg->ap, cg->threads) * sqrt(pp);
    cg->largest = fmax(cg->largest, curvature / pp);
    return isfinite(product) && curvature > FLAT * fmax(cg->largest * pp, product);
}

static const double *preconditioned(const gradus_linear_cg *cg) {
    return cg->precondition ? cg->z : cg->r;
}

/* What follows from a new residual.  */
static gradus_err look(gradus_linear_cg *cg, void *context) {
    double rr = gradus_dot(cg->n, cg->r, cg->r, cg->threads);
    cg->residual = sqrt(rr);
    cg->rz = rr;
    if (!cg->precondition)
        return GRADUS_OK;
    gradus_err err = cg->precondition(context, cg->r, cg->z);
    cg->rz = gradus_dot(cg->n, cg->r, cg->z, cg->threads);
    return err;
}

static void turn(gradus_linear_cg *cg, double beta) {
    const double *z = preconditioned(cg);
#pragma omp simd
    for (size_t i = 0; i < cg->n; i++)
        cg->p[i] = z[i] + beta * cg->p[i];
}

gradus_err gradus_linear_cg_begin(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], const double x[]) {
    size_t n = cg->n;
    bool zero = gradus_norm(n, x, cg->threads) == 0.0;
    gradus_err err = zero ? GRADUS_OK : map(context, x, cg->ap);
    for (size_t i = 0; i < n; i++)
        cg->r[i] = zero ? b[i] : b[i] - cg->ap[i];
    if (!err)
        err = look(cg, context);
    memcpy(cg->p, preconditioned(cg), n * sizeof *cg->p);
    cg->end = GRADUS_CG_ITERATIONS;
    cg->iterations = 0;
    cg->largest = 0.0;
    cg->model =
        -0.5 * (gradus_dot(n, x, b, cg->threads) + gradus_dot(n, x, cg->r, cg->threads));
    return err;
}

gradus_err gradus_linear_cg_advance(gradus_linear_cg *cg, gradus_linear_map map,
                                    void *context, double x[]) {
    gradus_err err = map(context, cg->p, cg->ap);
    double curvature = gradus_dot(cg->n, cg->p, cg->ap, cg->threads);
    if (err || !(cg->rz > 0.0) || !is_positive(cg, curvature)) {
        cg->end = GRADUS_CG_NOT_POSITIVE;
        return err;
    }
    double alpha = cg->rz / curvature, old = cg->rz;
    gradus_add(cg->n, alpha, cg->p, x, cg->threads);
    gradus_add(cg->n, -alpha, cg->ap, cg->r, cg->threads);
    cg->model -= 0.5 * alpha * old;
    cg->iterations++;
    err = look(cg, context);
    turn(cg, cg->rz / old);
    return err;
}

gradus_err gradus_linear_cg_solve(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], double tolerance,
                                  size_t iterations, double x[]) {
    memset(x, 0, cg->n * sizeof *x);
    gradus_err err = gradus_linear_cg_begin(cg, map, context, b, x);
    tolerance = fmax(tolerance, DBL_EPSILON * cg->residual); /* below is rounding */
    while (!err && cg->end == GRADUS_CG_ITERATIONS && cg->iterations < iterations &&
           !(cg->residual <= tolerance))
        err = gradus_linear_cg_advance(cg, map, context, x);
    if (cg->end == GRADUS_CG_ITERATIONS && cg->residual <= tolerance)
        cg->end = GRADUS_CG_CONVERGED;
    return err;
}
