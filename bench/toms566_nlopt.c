/* NLopt's LBFGS (Luksan's PLIS) on the problems of toms566_case.h, at its defaults and without a
   tolerance, until it can do no more.

     toms566_nlopt  */

#include "toms566_case.h"

#include <nlopt.h>

static double evaluate(unsigned n, const double *x, double *g, void *c) {
    (void)n;
    return bench_value(c, x, g);
}

static double solve(bench_case *c, double x[]) {
    double value = NAN;
    nlopt_opt o = nlopt_create(NLOPT_LD_LBFGS, (unsigned)c->dimension);
    if (!o)
        exit(3);
    nlopt_set_min_objective(o, evaluate, c);
    nlopt_set_maxeval(o, BENCH_EVALUATIONS);
    nlopt_result result = nlopt_optimize(o, x, &value);
    nlopt_destroy(o);
    /* When it fails it leaves no value.  */
    return result < 0 ? bench_value(c, x, NULL) : value;
}

int main(void) { return bench_all("nlopt-lbfgs", solve); }
