/* Times value and gradient of softmax regression on Fashion-MNIST.

     softmax_evaluate THREADS REPEATS

   Prints what was computed, so that it can be verified, and the median CPU and wall seconds
   of an evaluation.  softmax_evaluate.py is the same in NumPy.  */

#include "core/problem.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double median(double samples[], size_t count) {
    gsl_sort(samples, 1, count);
    return gsl_stats_median_from_sorted_data(samples, 1, count);
}

int main(int argc, char **argv) {
    size_t threads = argc > 1 ? (size_t)atol(argv[1]) : 1;
    size_t repeats = argc > 2 ? (size_t)atol(argv[2]) : 20;
    gradus_problem *problem;
    gradus_error why;
    if (gradus_problem_create(&problem, "softmax:data=fashion-mnist,l2=1e-4", threads,
                              &why)) {
        fprintf(stderr, "softmax_evaluate: %s\n", why.text);
        return 2;
    }
    const size_t n = gradus_problem_dimension(problem);
    double *x = calloc(n, sizeof *x), *gradient = calloc(n, sizeof *gradient);
    double *cpu = calloc(repeats, sizeof *cpu), *wall = calloc(repeats, sizeof *wall);
    double value = NAN, square = 0.0;
    for (size_t i = 0; i < n; i++)
        x[i] = 0.01 * sin((double)i);
    const gradus_batch all = {.count = gradus_problem_examples(problem)};
    for (size_t i = 0; i < repeats; i++) {
        double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
        double wall_before = seconds(CLOCK_MONOTONIC);
        problem->type->evaluate(problem->self, &all, x, &value, gradient);
        cpu[i] = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
        wall[i] = seconds(CLOCK_MONOTONIC) - wall_before;
    }
    for (size_t i = 0; i < n; i++)
        square += gradient[i] * gradient[i];
    printf("value %.15g gradient_norm %.15g cpu_seconds %.6f wall_seconds %.6f\n", value,
           sqrt(square), median(cpu, repeats), median(wall, repeats));
    free(x);
    free(gradient);
    free(cpu);
    free(wall);
    gradus_problem_close(problem);
    return 0;
}
