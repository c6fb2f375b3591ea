/* lbfgs on functions of many variables, through the public interface.

     large_lbfgs rosenbrock DIMENSION MEMORY REPEATS GRADIENT-TOLERANCE
     large_lbfgs separable DIMENSION MEMORY UPDATES

   The first solves the extended Rosenbrock function and prints evaluations, what was reached
   and the median CPU-seconds of a solution, everything from opening to closing the run;
   rosenbrock_liblbfgs.c is the same with liblbfgs.

   The second makes updates of a cheap separable function and prints the median CPU-seconds
   of one, with the tests and measurements of the run and without, once the memory is full;
   the seconds in which the STREAM triad moves the bytes that an update must move; and the
   decrease, as a check.

   McCalpin, "Memory bandwidth and machine balance in current high performance computers",
   IEEE TCCA Newsletter, December 1995.  */

#include "gradus.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    STREAMED = 1 << 24, /* entries of each of STREAM's arrays: 128 MiB, beyond any cache */
    TRIAD_NUMBERS = 3,  /* of an entry: reads two arrays, writes one */
    /* Vectors that an update moves beside four for every pair, which is read twice: reads g
       for the norm, the products and the direction, which it writes; reads x and d and
       writes the trial point; the function reads that and writes its gradient; reads g and
       d for the slope; and to accept, reads old and new x and g and writes x and the pair. */
    OTHER_VECTORS = 4 + 3 + 2 + 2 + 7
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

static void check(gradus_err err, const gradus_error *why) {
    if (!err)
        return;
    fprintf(stderr, "large_lbfgs: %s\n", why->text);
    exit(2);
}

static double *numbers(size_t count) {
    double *memory = malloc((count + 1) * sizeof *memory);
    if (!memory)
        check(GRADUS_ENOMEM, &(gradus_error){.text = "out of memory"});
    return memory;
}

static gradus_method *lbfgs_of(const char *memory) {
    gradus_method *method;
    gradus_error why;
    char spec[64];
    snprintf(spec, sizeof spec, "lbfgs:memory=%s", memory);
    check(gradus_method_create(&method, spec, &why), &why);
    return method;
}

/* ---- Solutions ---- */

static void solve(const char *dimension, const char *memory, size_t repeats,
                  const char *tolerance) {
    gradus_problem *problem;
    gradus_method *method = lbfgs_of(memory);
    gradus_error why;
    gradus_row row = {0};
    char spec[64], options[64];
    double *samples = numbers(repeats);
    snprintf(spec, sizeof spec, "rosenbrock:dimension=%s", dimension);
    snprintf(options, sizeof options, "gradient_tolerance=%s,updates=1000", tolerance);
    check(gradus_problem_create(&problem, spec, 1, &why), &why);
    for (size_t k = 0; k < repeats; k++) {
        gradus_run *run;
        double before = cpu_seconds();
        check(gradus_run_open(&run, problem, method, NULL, options, &why), &why);
        while (gradus_run_test(run) == GRADUS_RUNNING)
            check(gradus_run_step(run, &why), &why);
        samples[k] = cpu_seconds() - before;
        check(gradus_run_measure(run, true, &row, &why), &why);
        gradus_run_close(run);
    }
    printf("updates %zu evaluations %zu value %.6g gradient_norm %.6g cpu_seconds %.6f\n",
           row.update, row.gradient_evaluations, row.train_value, row.gradient_norm,
           median(samples, repeats));
    gradus_problem_close(problem);
    gradus_method_close(method);
    free(samples);
}

/* ---- Updates of a cheap function ----

     f(x) = sum_i w_i x_i^2 / 2 + x_i^4 / 4,   w from 1 to 1000: nothing is solved soon.  */

enum { WEIGHTS = 1000 };

static size_t separable_dimension(const void *self) { return *(const size_t *)self; }

static void separable_start(const void *self, gradus_stream *stream, double x[]) {
    (void)stream;
    for (size_t i = 0; i < *(const size_t *)self; i++)
        x[i] = 1.0 + 0.001 * (double)(i % 77);
}

static gradus_err separable_evaluate(void *self, const gradus_batch *batch,
                                     const double x[], double *value, double g[]) {
    size_t n = *(const size_t *)self;
    double total = 0.0;
    (void)batch;
    for (size_t begin = 0; begin < n; begin += WEIGHTS) {
        size_t count = n - begin < WEIGHTS ? n - begin : WEIGHTS;
        const double *z = x + begin;
#pragma omp simd reduction(+ : total)
        for (size_t i = 0; i < count; i++) {
            double square = z[i] * z[i], w = 1.0 + (double)(int)i;
            total += 0.5 * w * square + 0.25 * square * square;
            g[begin + i] = z[i] * (w + square);
        }
    }
    if (value)
        *value = total;
    return GRADUS_OK;
}

static const gradus_problem_type separable = {.name = "separable",
                                              .brief = "a cheap separable function",
                                              .size = sizeof(size_t),
                                              .dimension = separable_dimension,
                                              .start = separable_start,
                                              .evaluate = separable_evaluate};

/* ---- The STREAM triad ---- */

typedef struct {
    double *a, *b, *c; /* STREAMED each */
} stream_t;

static stream_t open_stream(void) {
    stream_t s = {numbers(STREAMED), numbers(STREAMED), numbers(STREAMED)};
    for (size_t i = 0; i < STREAMED; i++)
        s.a[i] = 1.0, s.b[i] = 2.0, s.c[i] = 0.5;
    return s;
}

/* a = b + 3 c; seconds for a number.  */
static double triad(const stream_t *s) {
    double *a = s->a, *b = s->b, *c = s->c, before = cpu_seconds();
#pragma omp simd
    for (size_t i = 0; i < STREAMED; i++)
        a[i] = b[i] + 3.0 * c[i];
    double after = cpu_seconds();
    return a[STREAMED / 3] == 3.5 ? (after - before) / STREAMED / TRIAD_NUMBERS : NAN;
}

static void close_stream(stream_t *s) {
    free(s->a);
    free(s->b);
    free(s->c);
}

static void update(size_t n, const char *memory, size_t updates) {
    gradus_problem *problem;
    gradus_method *method = lbfgs_of(memory);
    gradus_run *run;
    gradus_row row, last;
    gradus_error why;
    size_t pairs = (size_t)atol(memory), counted = 0;
    double *billed = numbers(updates), *whole = numbers(updates);
    double *streamed = numbers(updates), first = NAN;
    stream_t stream = open_stream();
    check(gradus_problem_wrap(&problem, &separable, &n, 1, &why), &why);
    check(gradus_run_open(&run, problem, method, NULL, "gradient_tolerance=0", &why), &why);
    check(gradus_run_measure(run, true, &last, &why), &why);
    first = last.train_value;
    for (size_t k = 0; k < pairs + updates; k++) {
        double before = cpu_seconds();
        if (gradus_run_test(run) != GRADUS_RUNNING)
            break;
        check(gradus_run_step(run, &why), &why);
        double after = cpu_seconds();
        check(gradus_run_measure(run, true, &row, &why), &why);
        /* with a full memory, and one evaluation */
        if (k >= pairs && row.gradient_evaluations == last.gradient_evaluations + 1) {
            streamed[counted] = triad(&stream);
            whole[counted] = after - before;
            billed[counted++] = row.cpu_seconds - last.cpu_seconds;
        }
        last = row;
    }
    double vectors = 4.0 * (double)pairs + OTHER_VECTORS;
    printf("updates %zu decrease %.6g cpu_seconds %.6f billed_seconds %.6f "
           "stream_seconds %.6f\n",
           counted, last.train_value / first, median(whole, counted),
           median(billed, counted), vectors * (double)n * median(streamed, counted));
    gradus_run_close(run);
    gradus_problem_close(problem);
    gradus_method_close(method);
    free(billed);
    free(whole);
    free(streamed);
    close_stream(&stream);
}

int main(int argc, char **argv) {
    if (argc == 6 && strcmp(argv[1], "rosenbrock") == 0)
        solve(argv[2], argv[3], (size_t)atol(argv[4]), argv[5]);
    else if (argc == 5 && strcmp(argv[1], "separable") == 0)
        update((size_t)atol(argv[2]), argv[3], (size_t)atol(argv[4]));
    else
        check(GRADUS_EINPUT, &(gradus_error){.text = "expected what the header says"});
    return 0;
}
