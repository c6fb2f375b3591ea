/* Conjugate gradients for A x = b with a preconditioner M.

     r = b - A x,  z = M^-1 r,  p = z;   repeat
     alpha = r'z / p'Ap,  x <- x + alpha p,  r <- r - alpha Ap,  z = M^-1 r,
     beta = (new r'z) / (old r'z),  p <- z + beta p

   A step lowers the model 1/2 x'Ax - b'x by alpha r'z / 2.  It ends early where the
   curvature p'Ap is not positive beyond rounding (curvature.h): A need be neither definite
   nor regular, and a direction from its null space, of which rounding puts a little into p,
   is not taken.

   r, z and p are kept in a unit, the power of two next to |b|.  Everything but x is linear in
   them, so that this changes no digit, and p'Ap neither overflows nor underflows where |p|
   alone would make it.

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
    gradus_curvature_open(&cg->curvature, cg->n, cg->threads, state);
}

double gradus_power_of_two(double size) {
    return size > 0.0 && isfinite(size) ? ldexp(1.0, ilogb(size)) : 1.0;
}

static const double *preconditioned(const gradus_linear_cg *cg) {
    return cg->precondition ? cg->z : cg->r;
}

/* What follows from a new residual.  */
static gradus_err look(gradus_linear_cg *cg, void *context) {
    double rr = gradus_dot(cg->n, cg->r, cg->r, cg->threads);
    cg->residual = cg->unit * sqrt(rr);
    cg->rz = rr;
    if (!cg->precondition)
        return GRADUS_OK;
    gradus_err err = cg->precondition(context, cg->r, cg->z);
    cg->rz = gradus_dot(cg->n, cg->r, cg->z, cg->threads);
    return err;
}

static void turn(gradus_linear_cg *cg, double beta) {
    const double *z = preconditioned(cg);
    gradus_curvature_turn(&cg->curvature, cg->r, z, beta);
#pragma omp simd
    for (size_t i = 0; i < cg->n; i++)
        cg->p[i] = z[i] + beta * cg->p[i];
}

/* r = b - A x, in its unit, of which b and A x are known to rounding.  */
static gradus_err find_residual(gradus_linear_cg *cg, gradus_linear_map map, void *context,
                                const double b[], const double x[]) {
    bool zero = gradus_norm(cg->n, x, cg->threads) == 0.0;
    gradus_err err = zero ? GRADUS_OK : map(context, x, cg->ap);
    for (size_t i = 0; i < cg->n; i++)
        cg->r[i] = zero ? b[i] : b[i] - cg->ap[i];
    cg->model = -0.5 * (gradus_dot(cg->n, x, b, cg->threads) +
                        gradus_dot(cg->n, x, cg->r, cg->threads));
    cg->unit = gradus_power_of_two(gradus_norm(cg->n, b, cg->threads));
    for (size_t i = 0; i < cg->n; i++) {
        cg->r[i] /= cg->unit;
        cg->p[i] = b[i] / cg->unit;
    }
    gradus_curvature_begin(&cg->curvature, cg->p);
    return err;
}

gradus_err gradus_linear_cg_begin(gradus_linear_cg *cg, gradus_linear_map map,
                                  void *context, const double b[], const double x[]) {
    gradus_err err = find_residual(cg, map, context, b, x);
    if (!err)
        err = look(cg, context);
    memset(cg->p, 0, cg->n * sizeof *cg->p);
    turn(cg, 0.0);
    cg->end = GRADUS_CG_ITERATIONS;
    cg->iterations = 0;
    return err;
}

gradus_err gradus_linear_cg_advance(gradus_linear_cg *cg, gradus_linear_map map,
                                    void *context, double x[]) {
    gradus_err err = map(context, cg->p, cg->ap);
    double pAp = gradus_dot(cg->n, cg->p, cg->ap, cg->threads);
    if (err || !(cg->rz > 0.0) ||
        !gradus_curvature_stands_out(&cg->curvature, cg->p, cg->ap, pAp)) {
        cg->end = GRADUS_CG_NOT_POSITIVE;
        return err;
    }
    double alpha = cg->rz / pAp, old = cg->rz;
    gradus_add(cg->n, cg->unit * alpha, cg->p, x, cg->threads);
    gradus_add(cg->n, -alpha, cg->ap, cg->r, cg->threads);
    cg->model -= 0.5 * alpha * old * cg->unit * cg->unit;
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
