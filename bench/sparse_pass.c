/* Sparse data: how fast text is read, and how near one value and gradient, and one Hessian
   product, are to the time of reading the same bytes once: FILE THREADS REPEATS.  */

#include "base/memory.h"
#include "core/clock.h"
#include "core/problem.h"
#include "data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The least of a few times: other processes only add.  */
#define LEAST(repeats, best, statement)                                                    \
    do {                                                                                   \
        best = (gradus_times){1e300, 1e300};                                               \
        for (long r_ = 0; r_ < (repeats); r_++) {                                          \
            gradus_times from_ = gradus_times_now();                                       \
            statement;                                                                     \
            gradus_times to_ = gradus_times_now();                                         \
            best.cpu = to_.cpu - from_.cpu < best.cpu ? to_.cpu - from_.cpu : best.cpu;    \
            best.wall =                                                                    \
                to_.wall - from_.wall < best.wall ? to_.wall - from_.wall : best.wall;     \
        }                                                                                  \
    } while (0)

/* Reads everything once, four sums at a time.  */
static double read_once(const double a[], size_t count) {
    double sum[8] = {0.0};
    for (size_t i = 0; i + 8 <= count; i += 8)
        for (size_t lane = 0; lane < 8; lane++)
            sum[lane] += a[i + lane];
    return sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
}

static double time_reader(const char *path, long repeats, size_t *entries) {
    gradus_times best;
    gradus_dataset data;
    LEAST(repeats, best, {
        if (gradus_dataset_open_stored(&data, path, GRADUS_TRAINING, 0, GRADUS_STORE_SPARSE,
                                       NULL))
            exit(EXIT_FAILURE);
        *entries = (size_t)(data.rows[data.examples - 1].values - data.doubles) +
                   data.rows[data.examples - 1].count;
        gradus_dataset_close(&data);
    });
    return best.cpu;
}

int main(int argc, char **argv) {
    struct stat status;
    char spec[4096];
    gradus_problem *problem;
    gradus_error why;
    size_t entries = 0;
    if (argc != 4 || stat(argv[1], &status) != 0)
        return EXIT_FAILURE;
    long threads = atol(argv[2]), repeats = atol(argv[3]);
    double reading = time_reader(argv[1], 3, &entries);
    snprintf(spec, sizeof spec, "logistic:data=%s,l2=1e-5,storage=sparse", argv[1]);
    if (gradus_problem_create(&problem, spec, (size_t)threads, &why)) {
        fprintf(stderr, "sparse_pass: %s\n", why.text);
        return EXIT_FAILURE;
    }
    size_t n = problem->dimension, bytes = entries * (sizeof(double) + sizeof(uint32_t));
    double *x = GRADUS_NEW(n, double), *g = GRADUS_NEW(n, double), value, sum = 0.0;
    double *same = GRADUS_NEW(bytes / sizeof(double), double);
    gradus_batch all = {.count = problem->examples};
    gradus_times gradient, product, floor;
    if (!x || !g || !same)
        return EXIT_FAILURE;
    for (size_t i = 0; i < bytes / sizeof(double); i++)
        same[i] = 1.0; /* memory that was never written is one page */
    LEAST(repeats, floor, sum += read_once(same, bytes / sizeof(double)));
    LEAST(repeats, gradient, problem->type->evaluate(problem->self, &all, x, &value, g));
    LEAST(repeats, product, problem->type->product(problem->self, &all, x, g, g));
    printf("megabytes_per_second %.4g entries %zu gradient_cpu %.4g gradient_wall %.4g "
           "product_cpu %.4g floor_cpu %.4g value %.17g sum %g\n",
           (double)status.st_size / reading / 1e6, entries, gradient.cpu, gradient.wall,
           product.cpu, floor.cpu, value, sum);
    gradus_free(x);
    gradus_free(g);
    gradus_free(same);
    gradus_problem_close(problem);
    return EXIT_SUCCESS;
}
