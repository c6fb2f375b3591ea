/* Preconditioners in Newton-CG: every kind gets to the same minimum, a user's own is used
   and billed, and what is not to be had is refused.  */

#include "../function.h"
#include "../specs.h"

#include "core/problem.h"

enum { N = 12 };

static const double start[N] = {0.385, -1.265, 0.717, 2.385};

/* d_i = 10^(i/2) */
static double stiffness(size_t i) { return pow(10.0, (double)i / 2.0); }

static double bowl(const double x[], double g[]) {
    double f = 0.0;
    for (size_t i = 0; i < N; i++) {
        f += 0.5 * stiffness(i) * (x[i] - 0.3) * (x[i] - 0.3);
        if (g)
            g[i] = stiffness(i) * (x[i] - 0.3);
    }
    return f;
}

static void bowl_product(const double x[], const double v[], double result[]) {
    (void)x;
    for (size_t i = 0; i < N; i++)
        result[i] = stiffness(i) * v[i];
}

/* The user's own: the inverse itself, kept in the caller's memory.  */
static size_t own_size(const void *self) {
    (void)self;
    return N;
}

static size_t own_examples(const void *self) {
    (void)self;
    return 50;
}

static size_t prepared, prepared_examples;

static gradus_err own_prepare(void *self, const gradus_batch *batch, const double x[],
                              double damping, double memory[]) {
    (void)self;
    (void)x;
    prepared++;
    prepared_examples += batch->count;
    for (size_t i = 0; i < batch->count; i++)
        ck_assert(batch->rows[i] < 50 && (i == 0 || batch->rows[i] > batch->rows[i - 1]));
    for (size_t i = 0; i < N; i++)
        memory[i] = 1.0 / (stiffness(i) + damping);
    return GRADUS_OK;
}

static gradus_err own_precondition(void *self, double memory[], const double v[],
                                   double result[]) {
    (void)self;
    for (size_t i = 0; i < N; i++)
        result[i] = memory[i] * v[i];
    return GRADUS_OK;
}

static trial_t trial_of_own(const char *method, const char *options) {
    static gradus_problem_type type;
    static function_t function = {
        .n = N, .start = start, .evaluate = bowl, .product = bowl_product};
    gradus_problem *problem;
    type = function_type;
    type.examples = own_examples;
    type.preconditioner_size = own_size;
    type.prepare = own_prepare, type.precondition = own_precondition;
    prepared = prepared_examples = 0;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    return trial_open(problem, method, options);
}

/* With the inverse as preconditioner an update is one product, and exact.  Sets of 7 of the
   50 examples are billed as gradient evaluations of 7.  */
START_TEST(a_users_own) {
    trial_t trial = trial_of_own("newton_cg:preconditioner=problem,"
                                 "preconditioner_patience=0,preconditioner_samples=7",
                                 NULL);
    const double *x = trial_step(&trial);
    for (size_t i = 0; i < N; i++)
        assert_close(x[i], 0.3, 1e-14);
    gradus_row row = trial_row(&trial);
    ck_assert_uint_eq(row.products, 1);
    ck_assert_uint_eq(prepared, 1);
    ck_assert_uint_eq(prepared_examples, 7);
    ck_assert_uint_eq(row.gradient_evaluations, 3); /* at both points, and the 7 */
    assert_close(row.passes, 3.0 + 7.0 / 50.0, 1e-15);
    trial_close(&trial);
}
END_TEST

/* By default it is waited for until an update takes more than ten iterations; twelve
   different curvatures need twelve.  */
START_TEST(found_when_it_is_worth_it) {
    trial_t trial = trial_of_own("newton_cg:forcing=1e-9,preconditioner_patience=4", NULL);
    trial_step(&trial);
    ck_assert_uint_eq(prepared, 0);
    size_t first = trial_row(&trial).products;
    ck_assert_uint_gt(first, 4);
    trial_step(&trial);
    ck_assert_uint_eq(prepared, 1);
    ck_assert_uint_eq(trial_row(&trial).products, first + 1);
    trial_step(&trial);
    ck_assert_uint_eq(prepared, 1);
    trial_close(&trial);
}
END_TEST

/* The diagonal of a diagonal Hessian is all of it, but for the floor of 1e-8 of the largest
   entry, here 1e-2 of the smallest: conjugate gradients see a condition of 1.01.  */
START_TEST(diagonal_of_a_quadratic) {
    trial_t trial = trial_of_problem("quadratic:dimension=30,condition=1e6",
                                     "newton_cg:preconditioner=diagonal,forcing=1e-3,"
                                     "preconditioner_patience=0,forcing_exponent=0",
                                     NULL);
    for (int k = 0; k < 3; k++) {
        double before = trial_row(&trial).gradient_norm;
        trial_step(&trial);
        assert_at_most("gradient left", trial_row(&trial).gradient_norm / before, 1e-3);
    }
    ck_assert_uint_le(trial_row(&trial).products, 6);
    trial_close(&trial);
}
END_TEST

static const char *const kinds[] = {"none", "diagonal", "problem", "auto"};

/* A strongly convex problem has one minimum: a gradient of 1e-8 is within 1e-6 of it where
   l2 is 0.01.  With one thread and with two the way there is the same.  */
START_TEST(every_kind_reaches_the_minimum) {
    static const char *const problems[] = {"softmax", "logistic"};
    double first[64], x[64];
    make_specs();
    for (size_t j = 0; j < 2; j++)
        for (size_t k = 0; k < 8; k++) {
            char spec[SPEC_SIZE], regularised[SPEC_SIZE + 32], method[128];
            gradus_problem *problem;
            snprintf(regularised, sizeof regularised, "%s,regularize_bias=yes",
                     small_spec(problems[j], spec));
            snprintf(method, sizeof method,
                     "newton_cg:preconditioner=%s,preconditioner_patience=%d,"
                     "preconditioner_samples=25",
                     kinds[k / 2], k / 2 == 3 ? 2 : 0);
            assert_ok(gradus_problem_create(&problem, regularised, 1 + k % 2, NULL));
            trial_t trial =
                trial_open(problem, method, "gradient_tolerance=1e-8,updates=100");
            gradus_stop stop = trial_finish(&trial);
            ck_assert_msg(stop == GRADUS_STOP_GRADIENT, "%s: %s, gradient %g", method,
                          gradus_stop_word(stop), trial_row(&trial).gradient_norm);
            size_t n = gradus_problem_dimension(problem);
            double *to = k == 0 ? first : x;
            printf("%s, %s: %zu products\n", problems[j], method,
                   trial_row(&trial).products);
            static double last[64];
            memcpy(to, gradus_run_parameters(trial.run), n * sizeof *to);
            if (k % 2)
                ck_assert_mem_eq(to, last, n * sizeof *to);
            memcpy(last, to, n * sizeof *to);
            for (size_t i = 0; k > 0 && i < n; i++)
                assert_close(x[i], first[i], 2e-6);
            trial_close(&trial);
        }
    remove_specs();
}
END_TEST

static void assert_refused(const char *spec, const char *method, const char *options,
                           const char *part) {
    gradus_problem *problem;
    gradus_method *m;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
    assert_ok(gradus_method_create(&m, method, NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, m, NULL, options, &why),
                     GRADUS_EUNSUPPORTED);
    assert_sentence(why.text);
    assert_contains(why.text, part);
    gradus_method_close(m);
    gradus_problem_close(problem);
}

START_TEST(refuses_what_is_not_there) {
    char spec[SPEC_SIZE];
    make_specs();
    assert_refused("rosenbrock", "newton_cg:preconditioner=problem", NULL, "problem");
    assert_refused("rosenbrock", "newton_cg:preconditioner=diagonal", NULL, "diagonal");
    small_spec("softmax", spec);
    assert_refused(spec, "newton_cg:preconditioner=problem", "coordinates=whitened",
                   "coordinates");
    assert_refused(spec, "newton_cg:preconditioner=diagonal", "coordinates=whitened",
                   "coordinates");
    remove_specs();
}
END_TEST

TEST_MAIN("preconditioner", a_users_own, found_when_it_is_worth_it, diagonal_of_a_quadratic,
          every_kind_reaches_the_minimum, refuses_what_is_not_there)
