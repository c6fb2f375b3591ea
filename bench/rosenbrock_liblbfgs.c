/* liblbfgs on the extended Rosenbrock function; run.sh compiles it where liblbfgs is
   installed.

     rosenbrock_liblbfgs DIMENSION MEMORY REPEATS

   Prints evaluations, what was reached and the median CPU-seconds of a solution.  It stops at
   |g| <= 1e-5 max(1, |x|), which is its default.

   Okazaki, "libLBFGS: a library of limited-memory Broyden-Fletcher-Goldfarb-Shanno", 2010.  */

#include <lbfgs.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int evaluations;

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* As src/problems/functions/rosenbrock.c, operation by operation.  */
static double evaluate(void *instance, const double *x, double *g, const int n,
                       const double step) {
    double total = 0.0;
    (void)instance, (void)step;
    evaluations++;
    for (int i = 0; i < n; i += 2) {
        double a = x[i], r = x[i + 1] - a * a, s = 1.0 - a;
        total += 100.0 * r * r + s * s;
        g[i] = -400.0 * a * r - 2.0 * s;
        g[i + 1] = 200.0 * r;
    }
    return total;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100000, memory = argc > 2 ? atoi(argv[2]) : 10;
    int repeats = argc > 3 ? atoi(argv[3]) : 5, status = 0;
    double *x = lbfgs_malloc(n), *g = malloc((size_t)n * sizeof *g), value = NAN;
    double *seconds = malloc((size_t)repeats * sizeof *seconds), square = 0.0;
    lbfgs_parameter_t parameters;
    if (!x || !g || !seconds)
        return 3;
    lbfgs_parameter_init(&parameters);
    parameters.m = memory;
    for (int k = 0; k < repeats; k++) {
        for (int i = 0; i < n; i += 2)
            x[i] = -1.2, x[i + 1] = 1.0;
        evaluations = 0;
        double before = cpu_seconds();
        status = lbfgs(n, x, &value, evaluate, NULL, NULL, &parameters);
        seconds[k] = cpu_seconds() - before;
    }
    int used = evaluations;
    evaluate(NULL, x, g, n, 0.0);
    for (int i = 0; i < n; i++)
        square += g[i] * g[i];
    qsort(seconds, (size_t)repeats, sizeof *seconds, by_size);
    printf("status %d evaluations %d value %.6g gradient_norm %.6g cpu_seconds %.6f\n",
           status, used, value, sqrt(square), seconds[repeats / 2]);
    free(seconds);
    free(g);
    lbfgs_free(x);
    return 0;
}
