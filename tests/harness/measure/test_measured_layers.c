/* Measurements of layers where they are known: a network of zeros, and one of random weights
   against what the problem and the spectrum say.  */

#include "harness/measure/measured_layers.h"

#include "core/problem.h"
#include "core/run.h"
#include "harness/measure/measurement.h"
#include "harness/measure/spectrum.h"

#include "../../specs.h"
#include "../../support.h"

static gradus_problem *problem;
static gradus_method *method;
static gradus_run *run;
static gradus_shared shared;
static double out[GRADUS_COORDINATES];

/* SPEC with a folder in it.  */
static void open_run(const char *spec) {
    char text[2 * SPEC_SIZE];
    make_specs();
    snprintf(text, sizeof text, spec, spec_folder);
    assert_ok(gradus_problem_create(&problem, text, 1, NULL));
    assert_ok(gradus_method_create(&method, "sgd", NULL));
    assert_ok(gradus_run_open(&run, problem, method, NULL, "batch=10", NULL));
    remove_specs();
}

static void close_run(void) {
    gradus_spectrum_close(shared.spectrum);
    shared.spectrum = NULL;
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
}

/* Sigmoid units of zeros give 1/2; three classes, each of a third, leave derivatives of -2/3
   and twice 1/3, whose mean is 0; weights of 0 let nothing through.  */
START_TEST(zeros) {
    open_run("network:data=%s/three.svm,layers=6,initialization=zero");
    assert_ok(gradus_measure_input_variance(run, &shared, out));
    ck_assert(out[0] > 0.1); /* the data: noise, and 1 in one feature of some */
    assert_at_most("variance of 1/2", out[1], 1e-28); /* the mean has 240 roundings */
    assert_ok(gradus_measure_signal_variance(run, &shared, out));
    ck_assert_double_eq(out[0], 0.0);
    assert_close(out[1], 2.0 / 9.0, 1e-12);
    assert_ok(gradus_measure_unit_distance(run, &shared, out));
    ck_assert_double_eq(out[0], 0.0);
    ck_assert_double_eq(out[1], 0.0);
    close_run();
}
END_TEST

/* Var(h) of what a linear layer gives is that of its sums: by hand from its inputs.  */
START_TEST(variance_of_a_linear_layer) {
    enum { UNITS = 5, ROWS = SPEC_EXAMPLES, FEATURES = SPEC_FEATURES };
    static double inputs[ROWS * FEATURES];
    double *wanted[2] = {inputs, NULL};
    double mean = 0.0, squares = 0.0;
    open_run("network:data=%s/three.svm,layers=5,activation=linear");
    const double *x = gradus_run_parameters(run);
    const gradus_batch all = {.count = problem->examples};
    ck_assert_uint_eq(problem->examples, ROWS);
    assert_ok(problem->type->inputs(problem->self, &all, x, wanted));
    for (size_t i = 0; i < ROWS; i++)
        for (size_t u = 0; u < UNITS; u++) {
            double sum = x[UNITS * FEATURES + u];
            for (size_t j = 0; j < FEATURES; j++)
                sum += x[u * FEATURES + j] * inputs[i * FEATURES + j];
            mean += sum / (ROWS * UNITS);
            squares += sum * sum / (ROWS * UNITS);
        }
    assert_ok(gradus_measure_input_variance(run, &shared, out));
    assert_close(out[1], squares - mean * mean, 1e-12);
    close_run();
}
END_TEST

START_TEST(distance_of_units) {
    double most = 0.0, largest = 0.0;
    open_run("network:data=%s/three.svm,layers=4");
    const double *W = gradus_run_parameters(run);
    for (size_t u = 0; u < 4; u++)
        for (size_t j = 0; j < SPEC_FEATURES; j++) {
            most = fmax(most, fabs(W[u * SPEC_FEATURES + j] - W[j]));
            largest = fmax(largest, fabs(W[u * SPEC_FEATURES + j]));
        }
    assert_ok(gradus_measure_unit_distance(run, &shared, out));
    ck_assert_double_eq(out[0], most / largest);
    ck_assert(out[0] > 0.1);
    close_run();
}
END_TEST

static double condition(bool whitened, long part) {
    const gradus_spectrum_request request = {.whitened = whitened,
                                             .whitening_samples = SPEC_EXAMPLES,
                                             .whitening_epsilon = GRADUS_MEASURED_EPSILON,
                                             .largest_dense = 1000};
    gradus_spectrum *spectrum;
    gradus_spectrum_part found;
    assert_ok(gradus_spectrum_open(&spectrum, problem, &request, gradus_run_parameters(run),
                                   NULL));
    assert_ok(gradus_spectrum_of(spectrum, whitened, part, &found, NULL));
    double number = found.condition;
    gradus_spectrum_close(spectrum);
    return number;
}

/* The very numbers of the spectrum, in their order.  Logistic regression is one layer, all of
   whose parameters are in it.  */
START_TEST(conditions) {
    open_run("network:data=%s/three.svm,layers=6,activation=tanh");
    assert_ok(gradus_measure_layer_condition(run, &shared, out));
    ck_assert_double_eq(out[0], condition(false, 0));
    ck_assert_double_eq(out[1], condition(false, 1));
    assert_ok(gradus_measure_whitened_layer_condition(run, &shared, out));
    ck_assert_double_eq(out[0], condition(true, 0));
    ck_assert_double_eq(out[1], condition(true, 1));
    close_run();

    open_run("logistic:data=%s/two.svm");
    double whole, whitened;
    assert_ok(gradus_measure_condition(run, &shared, &whole));
    ck_assert_double_eq(whole, condition(false, GRADUS_SPECTRUM_WHOLE));
    assert_ok(gradus_measure_layer_condition(run, &shared, out));
    assert_close(out[0] / whole, 1.0, 1e-10); /* condition times rounding */
    assert_ok(gradus_measure_whitened_condition(run, &shared, &whitened));
    assert_at_most("whitened over canonical", whitened / whole, 0.9);
    close_run();
}
END_TEST

/* 350 units of 5 inputs and a bias have 2100 parameters, more than are decomposed; the
   outputs have 3 x 351.  */
START_TEST(a_large_part_is_left_out) {
    open_run("network:data=%s/three.svm,layers=350");
    assert_ok(gradus_measure_layer_condition(run, &shared, out));
    ck_assert(isnan(out[0]));
    ck_assert(isfinite(out[1]));
    double whole;
    assert_ok(gradus_measure_condition(run, &shared, &whole));
    ck_assert(isnan(whole));
    close_run();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("measured_layers");
    TCase *tests = tcase_create("measured_layers");
    tcase_add_test(tests, zeros);
    tcase_add_test(tests, variance_of_a_linear_layer);
    tcase_add_test(tests, distance_of_units);
    tcase_add_test(tests, conditions);
    tcase_add_test(tests, a_large_part_is_left_out);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
