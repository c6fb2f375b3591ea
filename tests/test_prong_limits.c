/* PRONG and whitened coordinates where there is little to whiten, nothing, or no number.  */

#include "function.h"
#include "prong/layered.h"

enum { EXAMPLES = 256, FIRST = 6, MIDDLE = 5, LAST = 3, LARGEST = 128 };

static double data[EXAMPLES * FIRST], targets[EXAMPLES * LAST];

static layered_t make_network(size_t layers, size_t examples) {
    for (size_t i = 0; i < EXAMPLES * FIRST; i++)
        data[i] = noise(i) + 0.3;
    for (size_t i = 0; i < EXAMPLES * LAST; i++)
        targets[i] = noise(i + 7777) + 0.5;
    layered_t p = {.layers = layers,
                   .biases = true,
                   .examples = examples,
                   .data = data,
                   .targets = targets,
                   .widths = {FIRST, LAST}};
    if (layers == 2)
        p.widths[1] = MIDDLE, p.widths[2] = LAST;
    return p;
}

static trial_t open_layered(layered_t *p, const char *method, const char *options) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, p, 1, NULL));
    return trial_open(problem, method, options);
}

static void walk(layered_t *p, const char *method, const char *options, int updates,
                 double x[]) {
    trial_t t = open_layered(p, method, options);
    for (int i = 0; i < updates; i++)
        trial_step(&t);
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_RUNNING);
    memcpy(x, gradus_run_parameters(t.run), layered_dimension(p) * sizeof *x);
    trial_close(&t);
}

/* ---- White inputs ---- */

/* Input j of example e is +-1/2 by bit j of e: mean zero and covariance I/4 without rounding, and
   with epsilon = 3/4 U = I, c = 0.  */
START_TEST(white_inputs_are_sgd_to_the_bit) {
    static const char *const keys[] = {"", ",diagonal=yes", ",momentum_at_refresh=reset",
                                       ",form=pca"};
    layered_t p = make_network(1, EXAMPLES);
    double want[LARGEST], x[LARGEST];
    for (size_t i = 0; i < EXAMPLES * FIRST; i++)
        data[i] = i / FIRST >> i % FIRST & 1 ? 0.5 : -0.5;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        char method[128];
        snprintf(method, sizeof method,
                 "prong:learning_rate=0.1,momentum=0.9,epsilon=0.75%s", keys[k]);
        walk(&p, "sgd:learning_rate=0.1,momentum=0.9", "batch=32", 20, want);
        walk(&p, method, "batch=32", 20, x);
        ck_assert_mem_eq(x, want, layered_dimension(&p) * sizeof *x);
    }
    walk(&p, "prong:learning_rate=0.1,momentum=0.9,epsilon=0.7", "batch=32", 20, x);
    ck_assert(memcmp(x, want, layered_dimension(&p) * sizeof *x) != 0);
}
END_TEST

/* ---- One example ---- */

/* Its inputs are their own mean, so that nothing is left for the weights to learn from: only the
   biases move, in the first step, to the bit.  */
START_TEST(one_example) {
    layered_t p = make_network(2, 1);
    double start[LARGEST], x[LARGEST], value[2];
    gradus_layer s;
    walk(&p, "sgd", "", 0, start);
    walk(&p, "prong:learning_rate=0.1,momentum=0.9", "", 1, x);
    for (size_t l = 0; l < 2; l++) {
        layered_layer(&p, l, &s);
        ck_assert_mem_eq(x + s.weights, start + s.weights,
                         s.inputs * s.outputs * sizeof *x);
        for (size_t i = 0; i < s.outputs; i++)
            ck_assert(x[s.biases + i] != start[s.biases + i]);
    }
    static const char *const more[][2] = {
        {"prong:learning_rate=0.1,interval=2", ""},
        {"prong:learning_rate=0.1,interval=2,diagonal=yes", ""},
        {"prong:learning_rate=0.01,interval=2,plus=yes", ""},
        {"sgd:learning_rate=0.1", "coordinates=whitened,whitening_interval=2"},
        {"lbfgs", "coordinates=whitened,whitening_interval=2"}};
    const gradus_batch all = {.count = 1};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        walk(&p, more[i][0], more[i][1], 5, x);
        assert_ok(layered_evaluate(&p, &all, start, &value[0], NULL));
        assert_ok(layered_evaluate(&p, &all, x, &value[1], NULL));
        printf("%s: %.3g, then %.3g\n", more[i][0], value[0], value[1]);
        ck_assert(value[1] < value[0]);
    }
}
END_TEST

/* The same of a sample of one among many.  */
START_TEST(a_sample_of_one) {
    layered_t p = make_network(2, EXAMPLES);
    double x[LARGEST];
    walk(&p, "prong:learning_rate=1e-3,samples=1,interval=1", "batch=32", 10, x);
    for (size_t i = 0; i < layered_dimension(&p); i++)
        ck_assert(isfinite(x[i]));
}
END_TEST

/* An epsilon that the covariance's entries swallow leaves a repeated input's matrix singular to
   working precision; the eigenvectors then do what Cholesky's factor cannot.  */
START_TEST(singular_to_working_precision) {
    layered_t p = make_network(1, EXAMPLES);
    double start[LARGEST], x[LARGEST], value[2];
    for (size_t i = 0; i < EXAMPLES; i++)
        data[i * FIRST + 4] = data[i * FIRST + 1];
    walk(&p, "sgd", "", 0, start);
    walk(&p, "prong:learning_rate=0.5,epsilon=1e-18", "", 1, x);
    const gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_evaluate(&p, &all, start, &value[0], NULL));
    assert_ok(layered_evaluate(&p, &all, x, &value[1], NULL));
    printf("%.4g, then %.4g\n", value[0], value[1]);
    ck_assert(value[1] < value[0]);
}
END_TEST

/* ---- No number, and refusals ---- */

/* Weights so large that the loss overflows: the network has diverged, which is the reason, though
   a refresh was due too.  */
START_TEST(a_diverged_network) {
    static const char *const methods[] = {"prong", "prong:plus=yes", "prong:diagonal=yes"};
    layered_t p = make_network(2, EXAMPLES);
    double start[LARGEST];
    for (size_t i = 0; i < LARGEST; i++)
        start[i] = 1e200;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        gradus_problem *problem;
        gradus_method *method;
        gradus_run *run;
        assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
        assert_ok(gradus_method_create(&method, methods[i], NULL));
        assert_ok(gradus_run_open(&run, problem, method, start, "batch=32", NULL));
        assert_ok(gradus_run_step(run, NULL));
        ck_assert_int_eq(gradus_run_stop(run), GRADUS_FAIL_DIVERGED);
        ck_assert_uint_eq(gradus_run_updates(run), 0);
        ck_assert_uint_eq(p.inputs_calls, 0);
        gradus_run_close(run);
        gradus_method_close(method);
        gradus_problem_close(problem);
    }
}
END_TEST

/* Signals that are not finite where the gradient is.  */
static gradus_err spoiled_signals(void *self, const gradus_batch *batch,
                                  gradus_stream *drawn, const double x[],
                                  double *const inputs[], double *const signals[]) {
    gradus_err err = layered_signals(self, batch, drawn, x, inputs, signals);
    signals[1][0] = NAN;
    return err;
}

START_TEST(signals_that_are_not_finite) {
    layered_t p = make_network(2, EXAMPLES);
    gradus_problem_type type = layered_type;
    gradus_problem *problem;
    double start[LARGEST];
    type.signals = spoiled_signals;
    assert_ok(gradus_problem_wrap(&problem, &type, &p, 1, NULL));
    trial_t t = trial_open(problem, "prong:plus=yes", "batch=32");
    size_t bytes = layered_dimension(&p) * sizeof *start;
    memcpy(start, gradus_run_parameters(t.run), bytes);
    trial_step(&t);
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_DIVERGED);
    ck_assert_mem_eq(gradus_run_parameters(t.run), start, bytes);
    trial_close(&t);
}
END_TEST

START_TEST(refusals) {
    static const char *const specs[][2] = {
        {"prong:epsilon=-1", "prong: epsilon=-1: expected"},
        {"prong:interval=0", "prong: interval=0: expected"},
        {"prong:samples=0", "prong: samples=0: expected"},
        {"prong:plus=yes,plus_epsilon=0", "prong: plus_epsilon=0: expected"},
        {"prong:plus=yes,plus_interval=0", "prong: plus_interval=0: expected"}};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        gradus_method *method;
        gradus_error why;
        ck_assert_int_eq(gradus_method_create(&method, specs[i][0], &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, specs[i][1]);
    }
}
END_TEST

TEST_MAIN("limits", white_inputs_are_sgd_to_the_bit, one_example, a_sample_of_one,
          singular_to_working_precision, a_diverged_network, signals_that_are_not_finite,
          refusals)
