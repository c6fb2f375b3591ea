/* Times a prong update of a deep autoencoder on Fashion-MNIST, batch 256, beside an SGD update,
   in turns.

     prong_update LAYERS THREADS REPEATS

   First prong is verified: whitening the activations of a batch and whitening the gradient,
   which clipping to a length that no gradient has enforces, must be the same to rounding.
   Then prints the medians of CPU and wall seconds of an SGD update, of a prong update, and of
   one that refreshes the whitening, every tenth here; and the multiplications of the first two,
   in millions.  */

#include "core/problem.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 256, INTERVAL = 10, VERIFIED = 4, MOST = 1000 };

static const char sgd[] = "sgd:learning_rate=1e-3";
static const char prong[] = "prong:learning_rate=1e-4,interval=10";
static const char other_order[] = "prong:learning_rate=1e-4,interval=10,clip_value=1e300";

typedef struct {
    gradus_method *method;
    gradus_run *run;
} contender_t;

static contender_t start(gradus_problem *problem, const char *spec) {
    contender_t c = {NULL, NULL};
    gradus_error why;
    if (gradus_method_create(&c.method, spec, &why) ||
        gradus_run_open(&c.run, problem, c.method, NULL, "batch=256", &why)) {
        fprintf(stderr, "prong_update: %s\n", why.text);
        exit(2);
    }
    return c;
}

static void finish(contender_t *c) {
    gradus_run_close(c->run);
    gradus_method_close(c->method);
}

static double seconds(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct {
    double cpu[MOST], wall[MOST];
    size_t count;
} samples_t;

static void step(contender_t *c, samples_t *samples) {
    size_t at = samples->count++;
    samples->wall[at] = -seconds(CLOCK_MONOTONIC);
    samples->cpu[at] = -seconds(CLOCK_PROCESS_CPUTIME_ID);
    gradus_run_step(c->run, NULL);
    samples->cpu[at] += seconds(CLOCK_PROCESS_CPUTIME_ID);
    samples->wall[at] += seconds(CLOCK_MONOTONIC);
}

static void print(const char *name, samples_t *s) {
    gsl_sort(s->cpu, 1, s->count);
    gsl_sort(s->wall, 1, s->count);
    printf("%s_cpu_seconds %.6f %s_wall_seconds %.6f ", name,
           gsl_stats_median_from_sorted_data(s->cpu, 1, s->count), name,
           gsl_stats_median_from_sorted_data(s->wall, 1, s->count));
}

static void verify(gradus_problem *problem) {
    contender_t a = start(problem, prong), b = start(problem, other_order);
    size_t n = gradus_problem_dimension(problem);
    double distance = 0.0, size = 0.0;
    for (int i = 0; i < VERIFIED; i++) {
        gradus_run_step(a.run, NULL);
        gradus_run_step(b.run, NULL);
    }
    const double *x = gradus_run_parameters(a.run), *y = gradus_run_parameters(b.run);
    for (size_t i = 0; i < n; i++) {
        distance += (x[i] - y[i]) * (x[i] - y[i]);
        size += x[i] * x[i];
    }
    if (!(distance <= 1e-20 * size)) {
        fprintf(stderr, "prong_update: the two orders differ by %.3g\n",
                sqrt(distance / size));
        exit(1);
    }
    finish(&a);
    finish(&b);
}

/* Of an SGD update: forward, gradient, and back to all layers but the first.  Prong's also
   multiplies the smaller of batch and outputs by a matrix of the layer's inputs.  */
static void print_multiplications(gradus_problem *problem) {
    double plain = 0.0, more = 0.0;
    for (size_t l = 0; l < problem->type->layers(problem->self); l++) {
        gradus_layer layer;
        problem->type->layer(problem->self, l, &layer);
        size_t n = layer.inputs, m = layer.outputs;
        plain += (l ? 3.0 : 2.0) * (double)(BATCH * n * m);
        more += (double)(n * n * (m < BATCH ? m : BATCH));
    }
    printf("sgd_millions %.1f prong_millions %.1f\n", 1e-6 * plain, 1e-6 * (plain + more));
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    char spec[256];
    gradus_problem *problem = NULL;
    gradus_error why;
    size_t repeats = (size_t)atol(argv[3]);
    snprintf(spec, sizeof spec, "autoencoder:layers=%.200s", argv[1]);
    if (gradus_problem_create(&problem, spec, (size_t)atoi(argv[2]), &why)) {
        fprintf(stderr, "prong_update: %s\n", why.text);
        return 2;
    }
    verify(problem);
    static samples_t plain, whitened, fresh;
    contender_t a = start(problem, sgd), b = start(problem, prong);
    for (size_t i = 0; i < repeats && i < MOST; i++) {
        step(&a, &plain);
        step(&b, i % INTERVAL == 0 ? &fresh : &whitened);
    }
    print("sgd", &plain);
    print("prong", &whitened);
    print("refresh", &fresh);
    print_multiplications(problem);
    finish(&a);
    finish(&b);
    gradus_problem_close(problem);
    return 0;
}
