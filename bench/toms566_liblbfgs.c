/* liblbfgs on the problems of toms566_case.h: its defaults, but for the tolerance, which is 0.

     toms566_liblbfgs

   Okazaki, "libLBFGS: a library of limited-memory Broyden-Fletcher-Goldfarb-Shanno", 2010.  */

#include "toms566_case.h"

#include <lbfgs.h>

static double evaluate(void *instance, const double *x, double *g, const int n,
                       const double step) {
    (void)n, (void)step;
    return bench_value(instance, x, g);
}

static int enough(void *instance, const double *x, const double *g, const double value,
                  const double x_norm, const double g_norm, const double step, int n, int k,
                  int evaluations) {
    (void)x, (void)g, (void)value, (void)x_norm, (void)g_norm, (void)step, (void)n, (void)k;
    (void)evaluations;
    return ((const bench_case *)instance)->evaluations >= BENCH_EVALUATIONS;
}

static double solve(bench_case *c, double x[]) {
    lbfgs_parameter_t parameters;
    double value = NAN, *y = lbfgs_malloc((int)c->dimension);
    if (!y)
        exit(3);
    lbfgs_parameter_init(&parameters);
    parameters.epsilon = 0;
    memcpy(y, x, c->dimension * sizeof *x);
    int status = lbfgs((int)c->dimension, y, &value, evaluate, enough, c, &parameters);
    memcpy(x, y, c->dimension * sizeof *x);
    lbfgs_free(y);
    /* After a failed line search it goes back to the last point, and leaves the value of the
       failing one.  */
    return status < 0 ? bench_value(c, x, NULL) : value;
}

int main(void) { return bench_all("liblbfgs", solve); }
