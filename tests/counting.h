/* A tiny problem of the tests' own, reached through the public interface alone.  It writes
   down what it was asked.

     f(x) = mean over examples i of 1/2 |x - a_i|^2,   a_ij = (i + 1) / (j + 1) - 2.  */

#ifndef GRADUS_TESTS_COUNTING_H
#define GRADUS_TESTS_COUNTING_H

#include "gradus.h"
#include "support.h"

#include <time.h>

typedef struct {
    size_t dimension, examples;
    double work;  /* CPU-seconds an evaluation burns */
    double start; /* every coordinate of the start */
    size_t values, gradients, products;
    size_t broken_from; /* the evaluation from which on the value is not finite; 0: none */
    size_t fails_from;  /* the evaluation from which on there is no memory; 0: none */
    const size_t *rows; /* of the last evaluation */
    size_t count;
} counting_t;

static inline double burn(double seconds) {
    struct timespec now;
    double begin = -1.0, time;
    do {
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        time = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
        if (begin < 0.0)
            begin = time;
    } while (time - begin < seconds);
    return time - begin;
}

static size_t counting_dimension(const void *self) {
    return ((const counting_t *)self)->dimension;
}

static size_t counting_examples(const void *self) {
    return ((const counting_t *)self)->examples;
}

static void counting_start(const void *self, gradus_stream *stream, double x[]) {
    const counting_t *c = self;
    (void)stream;
    for (size_t j = 0; j < c->dimension; j++)
        x[j] = c->start;
}

static gradus_err counting_evaluate(void *self, const gradus_batch *batch, const double x[],
                                    double *value, double gradient[]) {
    counting_t *c = self;
    double total = 0.0;
    gradient ? c->gradients++ : c->values++;
    c->rows = batch->rows;
    c->count = batch->count;
    burn(c->work);
    for (size_t j = 0; j < c->dimension; j++) {
        double slope = 0.0;
        for (size_t k = 0; k < batch->count; k++) {
            size_t i = batch->rows ? batch->rows[k] : k;
            double r = x[j] - ((double)(i + 1) / (double)(j + 1) - 2.0);
            total += 0.5 * r * r;
            slope += r;
        }
        if (gradient)
            gradient[j] = slope / (double)batch->count;
    }
    size_t calls = c->gradients + c->values;
    if (c->fails_from && calls >= c->fails_from)
        return GRADUS_ENOMEM;
    if (value)
        *value =
            c->broken_from && calls >= c->broken_from ? NAN : total / (double)batch->count;
    return GRADUS_OK;
}

static gradus_err counting_product(void *self, const gradus_batch *batch, const double x[],
                                   const double v[], double result[]) {
    counting_t *c = self;
    (void)batch, (void)x;
    c->products++;
    burn(c->work);
    memcpy(result, v, c->dimension * sizeof *v);
    return GRADUS_OK;
}

static const gradus_problem_type counting_type = {
    .name = "counting",
    .brief = "mean of squared distances",
    .size = sizeof(counting_t),
    .dimension = counting_dimension,
    .examples = counting_examples,
    .start = counting_start,
    .evaluate = counting_evaluate,
    .product = counting_product,
};

static inline gradus_problem *wrap(counting_t *self) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &counting_type, self, 1, NULL));
    return problem;
}

#endif
