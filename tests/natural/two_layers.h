/* A network of two layers and runs on it, over all examples.  */

#ifndef GRADUS_TESTS_TWO_LAYERS_H
#define GRADUS_TESTS_TWO_LAYERS_H

#include "../prong/layered.h"
#include "../support.h"

enum { EXAMPLES = 300, IN = 5, MIDDLE = 4, OUT = 3 }; /* more than a block of examples */
enum { N = (IN + 1) * MIDDLE + (MIDDLE + 1) * OUT };

static double data[EXAMPLES * IN], targets[EXAMPLES * OUT], x0[N];

static inline layered_t make_problem(void) {
    for (uint64_t i = 0; i < EXAMPLES * IN; i++)
        data[i] = noise(i) + 0.3;
    for (uint64_t i = 0; i < EXAMPLES * OUT; i++)
        targets[i] = noise(77777 + i);
    for (uint64_t i = 0; i < N; i++)
        x0[i] = 0.4 * noise(99999 + i);
    return (layered_t){.layers = 2,
                       .widths = {IN, MIDDLE, OUT},
                       .biases = true,
                       .examples = EXAMPLES,
                       .data = data,
                       .targets = targets};
}

/* From START, COUNT updates over all examples.  */
static inline void run(layered_t *p, const char *method, const double start[], size_t count,
                       double x[]) {
    gradus_problem *problem;
    gradus_method *m;
    gradus_run *r;
    gradus_error why = {.text = ""};
    gradus_err err = gradus_problem_wrap(&problem, &layered_type, p, 1, &why);
    if (!err)
        err = gradus_method_create(&m, method, &why);
    if (!err)
        err = gradus_run_open(&r, problem, m, start, NULL, &why);
    ck_assert_msg(!err, "%s", why.text);
    for (size_t i = 0; i < count; i++) {
        assert_ok(gradus_run_step(r, &why));
        ck_assert_int_eq(gradus_run_stop(r), GRADUS_RUNNING);
    }
    memcpy(x, gradus_run_parameters(r), N * sizeof *x);
    gradus_run_close(r);
    gradus_method_close(m);
    gradus_problem_close(problem);
}

static inline double distance(const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t i = 0; i < N; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

#endif
