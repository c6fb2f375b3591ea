/* Times an SGD update of the deep autoencoder on Fashion-MNIST, batch 256.

     autoencoder_update THREADS REPEATS

   Prints value and gradient norm of a fixed batch at a fixed point, so that they can be
   verified, then medians: wall and CPU seconds of an update, and those that its matrix
   products take at the rate of large ones, by dgemm and by what Gradus has of its own,
   measured in turns with the updates.
   autoencoder_update.py is the same update in PyTorch.  */

#include "core/problem.h"
#include "linalg/tile.h"

#include <cblas.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 256, SIDE = 768 };

static double seconds(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double median(double samples[], size_t count) {
    gsl_sort(samples, 1, count);
    return gsl_stats_median_from_sorted_data(samples, 1, count);
}

static double *numbers(size_t count) {
    double *memory = aligned_alloc(64, (count * sizeof *memory + 63) / 64 * 64);
    if (!memory)
        abort();
    for (size_t i = 0; i < count; i++)
        memory[i] = sin((double)i);
    return memory;
}

/* Multiplications of an update: forward, gradient, and back to all layers but the first.  */
static double multiplications(const gradus_problem *problem) {
    double count = 0.0;
    for (size_t l = 0; l < problem->type->layers(problem->self); l++) {
        gradus_layer layer;
        problem->type->layer(problem->self, l, &layer);
        count += (l ? 3.0 : 2.0) * (double)(BATCH * layer.inputs * layer.outputs);
    }
    return count;
}

static void by_dgemm(const double A[], double C[]) {
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1.0, A, SIDE,
                A, SIDE, 0.0, C, SIDE);
}

static void by_tile(const double A[], double C[]) {
    const gradus_operand a = {A, SIDE, false};
    gradus_tile(SIDE, SIDE, SIDE, a, a, false, C, SIDE);
}

/* Every thread is in a large product of its own.  */
static void large_product(void (*multiply)(const double A[], double C[]), int threads,
                          double *const C[], const double A[]) {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; t++)
        multiply(A, C[t]);
}

typedef struct {
    double *wall, *cpu;
} samples_t;

/* Adds FACTOR times what the clocks show since WALL and CPU.  */
static void sample(const samples_t *samples, size_t i, double wall, double cpu,
                   double factor) {
    samples->wall[i] = factor * (seconds(CLOCK_MONOTONIC) - wall);
    samples->cpu[i] = factor * (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static void verify(gradus_problem *problem) {
    size_t n = gradus_problem_dimension(problem);
    double *x = numbers(n), *g = numbers(n), value = NAN, square = 0.0;
    for (size_t i = 0; i < n; i++)
        x[i] *= 0.05;
    const gradus_batch first = {.count = BATCH};
    problem->type->evaluate(problem->self, &first, x, &value, g);
    for (size_t i = 0; i < n; i++)
        square += g[i] * g[i];
    printf("value %.15g gradient_norm %.15g ", value, sqrt(square));
    free(x);
    free(g);
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 1;
    size_t repeats = argc > 2 ? (size_t)atol(argv[2]) : 20;
    gradus_problem *problem = NULL;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_error why;
    if (gradus_problem_create(&problem, "autoencoder", (size_t)threads, &why) ||
        gradus_method_create(&method, "sgd:learning_rate=1e-3", &why) ||
        gradus_run_open(&run, problem, method, NULL, "batch=256", &why)) {
        fprintf(stderr, "autoencoder_update: %s\n", why.text);
        return 2;
    }
    verify(problem);
    double *A = numbers(SIDE * SIDE), *C[64];
    const samples_t update = {numbers(repeats), numbers(repeats)},
                    dgemm = {numbers(repeats), numbers(repeats)},
                    tile = {numbers(repeats), numbers(repeats)};
    const double share = multiplications(problem) / (pow(SIDE, 3) * threads);
    for (int t = 0; t < threads && t < 64; t++)
        C[t] = numbers(SIDE * SIDE);
    for (size_t i = 0; i < repeats; i++) {
        double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        gradus_run_step(run, NULL);
        sample(&update, i, wall, cpu, 1.0);
        wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        large_product(by_dgemm, threads, C, A);
        sample(&dgemm, i, wall, cpu, share);
        wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        large_product(by_tile, threads, C, A);
        sample(&tile, i, wall, cpu, share);
    }
    printf(
        "wall_seconds %.6f cpu_seconds %.6f product_seconds %.6f product_cpu_seconds %.6f "
        "tile_seconds %.6f tile_cpu_seconds %.6f\n",
        median(update.wall, repeats), median(update.cpu, repeats),
        median(dgemm.wall, repeats), median(dgemm.cpu, repeats), median(tile.wall, repeats),
        median(tile.cpu, repeats));
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    return 0;
}
