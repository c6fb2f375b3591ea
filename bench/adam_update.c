/* Times one Adam update of 2.8 million parameters with the gradient given, on one thread, and
   the STREAM triad beside it.

     adam_update UPDATES

   Linked with -Wl,--wrap=gradus_descent_move, so that the clock is read right before and
   after the method's own pass over the parameters, and nothing in the library knows.  Prints
   what was computed, so that it can be verified, and median CPU-seconds: of that pass, of the
   whole update after the evaluation (whether the gradient is finite, then the pass), and of
   streaming as many bytes as the pass reads and writes.  adam_update.py is the same in
   PyTorch.

   McCalpin, "Memory bandwidth and machine balance in current high performance computers",
   IEEE TCCA Newsletter, December 1995.  */

#include "first_order/descent.h"
#include "gradus.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    DIMENSION = 2837314, /* the autoencoder 784-1000-500-250-30 */
    STREAMED = 1 << 24,  /* entries of each of STREAM's arrays: 128 MiB, beyond any cache */
    MOVED_BYTES = 56,    /* of an entry: reads g, m, v and x, writes m, v and x */
    TRIAD_BYTES = 24     /* of an entry: reads two arrays, writes one */
};

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double median(double samples[], size_t count) {
    gsl_sort(samples, 1, count);
    return gsl_stats_median_from_sorted_data(samples, 1, count);
}

/* ---- The pass, between two readings of the clock ---- */

/* Of the last update; here and not in a struct, as the wrapper has no other way out.  */
static struct { double answered, began, ended; } last;

void __real_gradus_descent_move(void *self, gradus_descent_kernel kernel, double rate,
                                double x[]);
void __wrap_gradus_descent_move(void *self, gradus_descent_kernel kernel, double rate,
                                double x[]);

void __wrap_gradus_descent_move(void *self, gradus_descent_kernel kernel, double rate,
                                double x[]) {
    last.began = cpu_seconds();
    __real_gradus_descent_move(self, kernel, rate, x);
    last.ended = cpu_seconds();
}

/* ---- A problem with a prepared gradient ---- */

typedef struct {
    const double *ready; /* the gradient buffer that has been filled */
} given_t;

static size_t given_dimension(const void *self) {
    (void)self;
    return DIMENSION;
}

/* Two, of which the batch is one: in full batch the oracle would keep a copy.  */
static size_t given_examples(const void *self) {
    (void)self;
    return 2;
}

static void given_start(const void *self, gradus_stream *stream, double x[]) {
    (void)self, (void)stream;
    for (size_t i = 0; i < DIMENSION; i++)
        x[i] = 0.01 * cos((double)i);
}

/* The method asks for the gradient in a buffer of its own, which it leaves as it is.  */
static gradus_err given_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    given_t *given = self;
    (void)batch, (void)x;
    for (size_t i = 0; given->ready != gradient && i < DIMENSION; i++)
        gradient[i] = sin((double)i);
    given->ready = gradient;
    *value = 0.0;
    last.answered = cpu_seconds();
    return GRADUS_OK;
}

static const gradus_problem_type given_type = {.name = "given",
                                               .brief = "a prepared gradient",
                                               .size = sizeof(given_t),
                                               .dimension = given_dimension,
                                               .examples = given_examples,
                                               .start = given_start,
                                               .evaluate = given_evaluate};

/* ---- Measurements ---- */

static int fail(const char *what) {
    fprintf(stderr, "adam_update: %s\n", what);
    return 2;
}

/* a = b + 3 c; seconds for the bytes of an update.  */
static double stream_seconds(size_t repeats, double samples[]) {
    double *a = malloc(STREAMED * sizeof *a), *b = malloc(STREAMED * sizeof *b);
    double *c = malloc(STREAMED * sizeof *c);
    if (!a || !b || !c)
        return NAN;
    for (size_t i = 0; i < STREAMED; i++)
        a[i] = 1.0, b[i] = 2.0, c[i] = 0.5;
    for (size_t k = 0; k < repeats; k++) {
        double before = cpu_seconds();
#pragma omp simd
        for (size_t i = 0; i < STREAMED; i++)
            a[i] = b[i] + 3.0 * c[i];
        samples[k] = cpu_seconds() - before;
    }
    bool good = a[STREAMED / 3] == 3.5;
    free(a);
    free(b);
    free(c);
    return good
               ? median(samples, repeats) / STREAMED / TRIAD_BYTES * DIMENSION * MOVED_BYTES
               : NAN;
}

int main(int argc, char **argv) {
    size_t updates = argc > 1 ? (size_t)atol(argv[1]) : 20;
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    given_t given = {0};
    double *move = calloc(updates, sizeof *move), *all = calloc(updates, sizeof *all);
    double *triad = calloc(updates, sizeof *triad), square = 0.0, sum = 0.0;
    if (!move || !all || !triad)
        return fail("out of memory");
    if (gradus_problem_wrap(&problem, &given_type, &given, 1, &why) ||
        gradus_method_create(&method, "adam", &why) ||
        gradus_run_open(&run, problem, method, NULL, "batch=1", &why))
        return fail(why.text);
    for (size_t k = 0; k < updates; k++) {
        if (gradus_run_step(run, &why))
            return fail(why.text);
        all[k] = last.ended - last.answered;
        move[k] = last.ended - last.began;
    }
    const double *x = gradus_run_parameters(run);
    for (size_t i = 0; i < DIMENSION; i++) {
        square += x[i] * x[i];
        sum += x[i] * cos((double)i);
    }
    printf("norm %.15g product %.15g move_seconds %.6f update_seconds %.6f "
           "stream_seconds %.6f\n",
           sqrt(square), sum, median(move, updates), median(all, updates),
           stream_seconds(updates, triad));
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    free(move);
    free(all);
    free(triad);
    return 0;
}
