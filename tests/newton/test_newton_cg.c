/* newton_cg: exact on a quadratic, safe where the Hessian is not positive.  */

#include "../function.h"

enum { N = 3 };

/* The residual of the system is 1e-12 of the gradient, and the smallest eigenvalue is 1. */
START_TEST(one_update_minimizes_a_quadratic) {
    trial_t trial = trial_of_problem("quadratic:dimension=20,condition=50",
                                     "newton_cg:forcing=1e-12,cg_iterations=1000", NULL);
    double start = trial_row(&trial).gradient_norm;
    const double *x = trial_step(&trial);
    double worst = 0.0;
    for (size_t i = 0; i < 20; i++)
        worst = fmax(worst, fabs(x[i] - 1.0));
    ck_assert(trial_row(&trial).learning_rate == 1.0);
    assert_at_most("distance from the minimum", worst, 1e-11 * start);
    trial_close(&trial);
}
END_TEST

/* At most `forcing` of the gradient is left by a unit step on a quadratic, and at most
   |g|^forcing_exponent of it; fewer products for a looser system.  */
START_TEST(forcing_terms) {
    static const struct {
        const char *method;
        double forcing, exponent;
    } cases[] = {{"newton_cg:forcing=0.3,forcing_exponent=0", 0.3, 0.0},
                 {"newton_cg:forcing=0.01,forcing_exponent=0", 0.01, 0.0},
                 {"newton_cg:forcing=0.9,forcing_exponent=1", 0.9, 1.0}};
    for (size_t k = 0; k < 3; k++) {
        trial_t trial = trial_of_problem("quadratic:dimension=50,condition=1000",
                                         cases[k].method, "updates=60");
        gradus_row row = trial_row(&trial);
        double left = 0.0;
        for (int i = 0; i < 8 && row.gradient_norm > 1e-6; i++) {
            double before = row.gradient_norm;
            double bound = fmin(cases[k].forcing, pow(before, cases[k].exponent));
            trial_step(&trial);
            row = trial_row(&trial);
            ck_assert(row.learning_rate == 1.0);
            left = fmax(left, row.gradient_norm / before / bound);
        }
        printf("%s: %zu products\n", cases[k].method, row.products);
        /* The residual is that of the recursion: rounding aside, the true one.  */
        assert_at_most("part left, in units of the bound", left, 1.0 + 1e-6);
        trial_close(&trial);
    }
}
END_TEST

START_TEST(iterations_are_limited) {
    trial_t trial = trial_of_problem("quadratic:condition=1e6",
                                     "newton_cg:forcing=1e-9,cg_iterations=7", NULL);
    trial_step(&trial);
    ck_assert_uint_eq(trial_row(&trial).products, 7);
    trial_close(&trial);
}
END_TEST

/* Minima at (+-1, 0, 0.3), a saddle between.  */
static double double_well(const double x[], double g[]) {
    double r = x[2] - 0.3;
    if (g) {
        g[0] = x[0] * x[0] * x[0] - x[0];
        g[1] = 1.7 * x[1];
        g[2] = 0.9 * r;
    }
    return 0.25 * x[0] * x[0] * x[0] * x[0] - 0.5 * x[0] * x[0] + 0.85 * x[1] * x[1] +
           0.45 * r * r;
}

static void double_well_product(const double x[], const double v[], double result[]) {
    result[0] = (3.0 * x[0] * x[0] - 1.0) * v[0];
    result[1] = 1.7 * v[1];
    result[2] = 0.9 * v[2];
}

START_TEST(descends_from_an_indefinite_start) {
    static const double starts[][N] = {
        {0.1, 0.717, 2.385}, {0.385, 0.0, 0.3}, {-1e-9, 0.265, 0.3}};
    for (size_t k = 0; k < 3; k++) {
        function_t function = {.n = N,
                               .start = starts[k],
                               .evaluate = double_well,
                               .product = double_well_product};
        trial_t trial =
            trial_of_function(&function, "newton_cg", "gradient_tolerance=1e-9");
        double f = double_well(starts[k], NULL);
        while (gradus_run_test(trial.run) == GRADUS_RUNNING) {
            double next = double_well(trial_step(&trial), NULL);
            ck_assert(next < f);
            f = next;
            ck_assert_uint_lt(gradus_run_updates(trial.run), 100);
        }
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
        const double *x = gradus_run_parameters(trial.run);
        assert_close(fabs(x[0]), 1.0, 1e-8);
        assert_close(x[1], 0.0, 1e-8);
        assert_close(x[2], 0.3, 1e-8);
        trial_close(&trial);
    }
}
END_TEST

/* Where -g is itself of negative curvature the step is along it, and of length 1 at most at
   first: the gradient is 0.328, so that the first trial is at step 1, and the slope is
   steeper there, so that the step is longer.  */
START_TEST(steepest_descent_when_nothing_was_found) {
    static const double start[N] = {0.385, 0.0, 0.3};
    function_t function = {
        .n = N, .start = start, .evaluate = double_well, .product = double_well_product};
    trial_t trial = trial_of_function(&function, "newton_cg", NULL);
    double g[N];
    double_well(start, g);
    const double *x = trial_step(&trial);
    gradus_row row = trial_row(&trial);
    ck_assert_uint_eq(row.products, 1);
    for (size_t i = 0; i < N; i++)
        assert_close(x[i], start[i] - row.learning_rate * g[i], 1e-15);
    ck_assert(row.learning_rate >= 1.0);
    trial_close(&trial);
}
END_TEST

/* log sum exp x - w'x with weights that add up to 1: constant along (1, 1, 1), like softmax
   regression with free biases.  */
static const double w[N] = {0.2, 0.3, 0.5};

static void probabilities(const double x[], double q[N]) {
    double total = 0.0;
    for (size_t i = 0; i < N; i++)
        total += q[i] = exp(x[i]);
    for (size_t i = 0; i < N; i++)
        q[i] /= total;
}

static double log_sum(const double x[], double g[]) {
    double q[N];
    probabilities(x, q);
    for (size_t i = 0; g && i < N; i++)
        g[i] = q[i] - w[i];
    return log(exp(x[0]) + exp(x[1]) + exp(x[2])) - w[0] * x[0] - w[1] * x[1] - w[2] * x[2];
}

static void log_sum_product(const double x[], const double v[], double result[]) {
    double q[N];
    probabilities(x, q);
    double mean = q[0] * v[0] + q[1] * v[1] + q[2] * v[2];
    for (size_t i = 0; i < N; i++)
        result[i] = q[i] * (v[i] - mean);
}

START_TEST(copes_with_a_singular_hessian) {
    static const double start[N] = {2.385, -0.717, 0.265};
    function_t function = {
        .n = N, .start = start, .evaluate = log_sum, .product = log_sum_product};
    trial_t trial = trial_of_function(&function, "newton_cg:forcing=1e-10",
                                      "gradient_tolerance=1e-7,updates=50");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    const double *x = gradus_run_parameters(trial.run);
    double q[N];
    probabilities(x, q);
    for (size_t i = 0; i < N; i++)
        assert_close(q[i], w[i], 1e-7);
    /* Nothing moves along the null vector but rounding.  */
    assert_at_most("drift", fabs(x[0] + x[1] + x[2] - start[0] - start[1] - start[2]),
                   1e-9);
    trial_close(&trial);
}
END_TEST

/* The gradient, and so the Hessian, have the wrong sign.  */
static double liar(const double x[], double g[]) {
    double f = log_sum(x, g);
    for (size_t i = 0; g && i < N; i++)
        g[i] = -g[i];
    return f;
}

START_TEST(wrong_gradient_fails_the_search) {
    static const double start[N] = {2.385, -0.717, 0.265};
    function_t function = {
        .n = N, .start = start, .evaluate = liar, .product = log_sum_product};
    trial_t trial = trial_of_function(&function, "newton_cg", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_SIGN);
    ck_assert(memcmp(x, start, sizeof start) == 0);
    trial_close(&trial);
}
END_TEST

START_TEST(says_rounding_at_the_floor) {
    static const char *const problems[] = {"rosenbrock", "rosenbrock:dimension=10",
                                           "quadratic"};
    for (size_t k = 0; k < 3; k++) {
        trial_t trial =
            trial_of_problem(problems[k], "newton_cg", "gradient_tolerance=0,updates=1000");
        gradus_stop stop = trial_finish(&trial); /* a gradient of zero is luck */
        ck_assert(stop == GRADUS_FAIL_ROUNDING || stop == GRADUS_FAIL_STATIONARY);
        assert_at_most("value at the floor", trial_row(&trial).train_value, 1e-25);
        trial_close(&trial);
    }
    static const double start[N] = {2.385, -0.717, 0.265};
    function_t function = {
        .n = N, .start = start, .evaluate = log_sum, .product = log_sum_product};
    trial_t trial =
        trial_of_function(&function, "newton_cg", "gradient_tolerance=0,updates=1000");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_ROUNDING);
    /* A decrease of g^2 / 2 h with h above 0.2 cannot be told from a value near 1 when it
       is a few 1e-16.  */
    assert_at_most("gradient at the floor", trial_row(&trial).gradient_norm, 1e-7);
    trial_close(&trial);
}
END_TEST

START_TEST(solves_rosenbrock) {
    trial_t trial = trial_of_problem("rosenbrock:dimension=100", "newton_cg",
                                     "gradient_tolerance=1e-8,updates=200");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    gradus_row row = trial_row(&trial);
    printf("rosenbrock: %zu updates, %zu evaluations, %zu products\n", row.update,
           row.gradient_evaluations, row.products);
    for (size_t i = 0; i < 100; i++)
        assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
    trial_close(&trial);
}
END_TEST

/* Wants out of the box |x_i| < 1, outside of which there is no value.  */
static const double force[N] = {500.0, -30.0, 2.0};

static double box(const double x[], double g[]) {
    double f = 0.0;
    for (size_t i = 0; i < N; i++) {
        f -= log(1.0 - x[i]) + log(1.0 + x[i]) + force[i] * x[i];
        if (g)
            g[i] = 1.0 / (1.0 - x[i]) - 1.0 / (1.0 + x[i]) - force[i];
    }
    return f;
}

static void box_product(const double x[], const double v[], double result[]) {
    for (size_t i = 0; i < N; i++)
        result[i] =
            (1.0 / ((1.0 - x[i]) * (1.0 - x[i])) + 1.0 / ((1.0 + x[i]) * (1.0 + x[i]))) *
            v[i];
}

START_TEST(stays_in_the_domain) {
    static const double start[N] = {-0.9, 0.9, 0.0};
    function_t function = {.n = N, .start = start, .evaluate = box, .product = box_product};
    trial_t trial = trial_of_function(&function, "newton_cg", "updates=200");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    /* 2 x / (1 - x^2) = force; the Hessian is at least 2.  */
    for (size_t i = 0; i < N; i++) {
        double want = (sqrt(1.0 + force[i] * force[i]) - 1.0) / force[i];
        assert_close(gradus_run_parameters(trial.run)[i], want, 1e-6);
    }
    trial_close(&trial);
}
END_TEST

START_TEST(refuses_a_problem_without_products) {
    gradus_problem_type type = function_type;
    type.product = NULL;
    static const double start[N] = {0.1, 0.2, 0.3};
    function_t function = {.n = N, .start = start, .evaluate = box};
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    assert_ok(gradus_method_create(&method, "newton_cg", NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, NULL, &why),
                     GRADUS_EUNSUPPORTED);
    assert_sentence(why.text);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("newton_cg", one_update_minimizes_a_quadratic, forcing_terms,
          iterations_are_limited, descends_from_an_indefinite_start,
          steepest_descent_when_nothing_was_found, copes_with_a_singular_hessian,
          wrong_gradient_fails_the_search, says_rounding_at_the_floor, solves_rosenbrock,
          stays_in_the_domain, refuses_a_problem_without_products)
