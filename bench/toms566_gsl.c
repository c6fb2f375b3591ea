/* GSL's vector_bfgs2 on the problems of toms566_case.h: the first step 0.01 and the tolerance 0.1
   of its manual, restarted once wherever it makes no progress.

     toms566_gsl

   GSL brings libgslcblas, whose slow routines must not stand in for OpenBLAS's; the program
   refuses to run with them.  cblas.h cannot be included here: GSL's headers define the same
   names.  */

#define _GNU_SOURCE /* dladdr */
#include "toms566_case.h"

#include <dlfcn.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

static double get_value(const gsl_vector *x, void *c) {
    return bench_value(c, x->data, NULL);
}

static void get_gradient(const gsl_vector *x, void *c, gsl_vector *g) {
    bench_value(c, x->data, g->data);
}

static void get_both(const gsl_vector *x, void *c, double *value, gsl_vector *g) {
    *value = bench_value(c, x->data, g->data);
}

static double solve(bench_case *c, double x[]) {
    gsl_multimin_function_fdf function = {get_value, get_gradient, get_both, c->dimension,
                                          c};
    gsl_vector_const_view start = gsl_vector_const_view_array(c->start, c->dimension);
    gsl_multimin_fdfminimizer *s = gsl_multimin_fdfminimizer_alloc(
        gsl_multimin_fdfminimizer_vector_bfgs2, c->dimension);
    if (!s)
        exit(3);
    int status = gsl_multimin_fdfminimizer_set(s, &function, &start.vector, 0.01, 0.1);
    for (int failures = 0;
         failures < 2 && c->evaluations < BENCH_EVALUATIONS && isfinite(s->f);) {
        status = gsl_multimin_fdfminimizer_iterate(s);
        failures = status ? failures + 1 : 0;
        if (failures == 1)
            gsl_multimin_fdfminimizer_restart(s);
    }
    memcpy(x, s->x->data, c->dimension * sizeof *x);
    double value = s->f;
    gsl_multimin_fdfminimizer_free(s);
    return value;
}

static bool has_slow_blas(void) {
    Dl_info info;
    void *symbol = dlsym(RTLD_DEFAULT, "cblas_ddot");
    return !symbol || !dladdr(symbol, &info) || strstr(info.dli_fname, "gslcblas");
}

int main(void) {
    if (has_slow_blas()) {
        fputs("toms566_gsl: cblas_ddot is not OpenBLAS's\n", stderr);
        return 1;
    }
    gsl_set_error_handler_off();
    return bench_all("gsl-vector_bfgs2", solve);
}
