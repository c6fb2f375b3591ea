/* A function of the test's own, wrapped as a problem outside the tree, and a method run on
   it.  */

#ifndef GRADUS_TESTS_FUNCTION_H
#define GRADUS_TESTS_FUNCTION_H

#include "gradus.h"
#include "support.h"

typedef struct function {
    size_t n;
    const double *start;
    /* The value at X; the gradient too unless G is NULL.  */
    double (*evaluate)(const double x[], double g[]);
    void (*product)(const double x[], const double v[], double result[]); /* or NULL */
    size_t calls;
} function_t;

static inline size_t function_dimension(const void *self) {
    return ((const function_t *)self)->n;
}

static inline void function_start(const void *self, gradus_stream *stream, double x[]) {
    const function_t *function = self;
    (void)stream;
    memcpy(x, function->start, function->n * sizeof *x);
}

static inline gradus_err function_evaluate(void *self, const gradus_batch *batch,
                                           const double x[], double *value,
                                           double gradient[]) {
    function_t *function = self;
    (void)batch;
    function->calls++;
    double f = function->evaluate(x, gradient);
    if (value)
        *value = f;
    return GRADUS_OK;
}

static inline gradus_err function_product(void *self, const gradus_batch *batch,
                                          const double x[], const double v[],
                                          double result[]) {
    (void)batch;
    ((function_t *)self)->product(x, v, result);
    return GRADUS_OK;
}

static const gradus_param function_no_params[] = {{0}};

static const gradus_problem_type function_type = {.name = "function",
                                                  .brief = "a test's own function",
                                                  .size = sizeof(function_t),
                                                  .params = function_no_params,
                                                  .dimension = function_dimension,
                                                  .start = function_start,
                                                  .evaluate = function_evaluate,
                                                  .product = function_product};

/* A method on a problem, both closed together.  */
typedef struct trial {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} trial_t;

static inline trial_t trial_open(gradus_problem *problem, const char *method,
                                 const char *options) {
    trial_t trial = {.problem = problem};
    gradus_error why = {0};
    ck_assert_msg(gradus_method_create(&trial.method, method, &why) == GRADUS_OK, "%s",
                  why.text);
    ck_assert_msg(gradus_run_open(&trial.run, problem, trial.method, NULL, options, &why) ==
                      GRADUS_OK,
                  "%s", why.text);
    return trial;
}

static inline trial_t trial_of_function(function_t *function, const char *method,
                                        const char *options) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &function_type, function, 1, NULL));
    return trial_open(problem, method, options);
}

static inline trial_t trial_of_problem(const char *spec, const char *method,
                                       const char *options) {
    gradus_problem *problem;
    assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
    return trial_open(problem, method, options);
}

static inline const double *trial_step(trial_t *trial) {
    assert_ok(gradus_run_step(trial->run, NULL));
    return gradus_run_parameters(trial->run);
}

static inline gradus_stop trial_finish(trial_t *trial) {
    while (gradus_run_test(trial->run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(trial->run, NULL));
    return gradus_run_stop(trial->run);
}

static inline gradus_row trial_row(trial_t *trial) {
    gradus_row row;
    assert_ok(gradus_run_measure(trial->run, true, &row, NULL));
    return row;
}

static inline void trial_close(trial_t *trial) {
    gradus_run_close(trial->run);
    gradus_method_close(trial->method);
    gradus_problem_close(trial->problem);
}

#endif
