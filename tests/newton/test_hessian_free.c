/* hessian_free: the damped system, the rule for the damping, going back over the iterates,
   curvature from a sample.  */

#include "../function.h"
#include "../specs.h"

/* Twenty eigenvalues from 1 to 50 and as many iterations as it takes: the residual ends at
   rounding, 1e-15 of the gradient times the condition.  */
START_TEST(undamped_is_exact_on_a_quadratic) {
    trial_t trial = trial_of_problem("quadratic:dimension=20,condition=50",
                                     "hessian_free:damping=0,cg_tolerance=0", NULL);
    const double *x = trial_step(&trial);
    for (size_t i = 0; i < 20; i++)
        assert_close(x[i], 1.0, 1e-12);
    gradus_row row = trial_row(&trial);
    ck_assert(row.learning_rate == 1.0 && row.damping == 0.0);
    assert_close(row.reduction, 1.0, 1e-12); /* the model is the function */
    trial_close(&trial);
}
END_TEST

/* From 0, (d_i + lambda) p_i = d_i, with and without a preconditioner.  The iterate that is
   taken may be the last kept but one, number 32 at least: the condition 11.4 of the damped
   system leaves 2 ((3.4 - 1) / (3.4 + 1))^32 = 1e-8 of the error at the start, below 1.  */
START_TEST(damping_is_added_to_the_curvature) {
    static const char *const methods[] = {
        "hessian_free:damping=3.7,cg_tolerance=0,preconditioner=none",
        "hessian_free:damping=3.7,cg_tolerance=0,preconditioner=diagonal,"
        "preconditioner_patience=0"};
    for (size_t k = 0; k < 2; k++) {
        trial_t trial =
            trial_of_problem("quadratic:dimension=20,condition=50", methods[k], NULL);
        const double *x = trial_step(&trial);
        for (size_t i = 0; i < 20; i++) {
            double d = pow(50.0, (double)i / 19.0);
            assert_close(x[i], d / (d + 3.7), 1e-8);
        }
        ck_assert(trial_row(&trial).damping == 3.7);
        trial_close(&trial);
    }
}
END_TEST

/* f = 1/2 h x^2 with a Gauss-Newton matrix of 1, which need not be right.  From damping 1,
   p = -g/2, the model promises -g^2/2 + g^2/8 and f changes by -g^2/2 + h g^2/8:

     rho = (4 - h) / 3.

   There is no value from 3 on.  */
static double h;

static double parabola(const double x[], double g[]) {
    if (g)
        g[0] = h * x[0];
    return fabs(x[0]) < 3.0 ? 0.5 * h * x[0] * x[0] : INFINITY;
}

static gradus_err one(void *self, const gradus_batch *batch, const double x[],
                      const double v[], double result[]) {
    (void)self;
    (void)batch;
    (void)x;
    result[0] = v[0];
    return GRADUS_OK;
}

static gradus_err exact(void *self, const gradus_batch *batch, const double x[],
                        const double v[], double result[]) {
    (void)batch;
    ((function_t *)self)->product(x, v, result);
    return GRADUS_OK;
}

static trial_t trial_with(function_t *function,
                          gradus_err (*gauss_newton)(void *, const gradus_batch *,
                                                     const double[], const double[],
                                                     double[]),
                          const char *method, const char *options) {
    static gradus_problem_type type;
    gradus_problem *problem;
    type = function_type;
    type.gauss_newton = gauss_newton;
    assert_ok(gradus_problem_wrap(&problem, &type, function, 1, NULL));
    return trial_open(problem, method, options);
}

START_TEST(damping_follows_the_ratio) {
    static const struct {
        double rho, factor;
    } cases[] = {{0.2499, 1.5},    {0.2501, 1.0},    {0.7499, 1.0}, {0.7501, 1.0 / 1.5},
                 {1.2, 1.0 / 1.5}, {1.0, 1.0 / 1.5}, {0.5, 1.0}};
    static const double start[] = {2.385};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        h = 4.0 - 3.0 * cases[k].rho;
        function_t function = {.n = 1, .start = start, .evaluate = parabola};
        trial_t trial =
            trial_with(&function, one, "hessian_free:damping=1,cg_start=0", NULL);
        trial_step(&trial);
        assert_close(trial_row(&trial).reduction, cases[k].rho, 1e-14);
        ck_assert(trial_row(&trial).damping == 1.0);
        trial_step(&trial);
        assert_close(trial_row(&trial).damping, cases[k].factor, 1e-15);
        trial_close(&trial);
    }
}
END_TEST

/* p = -6 x, to where there is no value: the step is shortened and the damping grows.  */
START_TEST(damping_grows_where_there_is_no_value) {
    static const double start[] = {2.385};
    h = 12.0;
    function_t function = {.n = 1, .start = start, .evaluate = parabola};
    trial_t trial = trial_with(&function, one, "hessian_free:damping=1,cg_start=0", NULL);
    const double *x = trial_step(&trial);
    ck_assert(fabs(x[0]) < 2.385 && x[0] != 0.0);
    ck_assert(trial_row(&trial).reduction == -INFINITY);
    ck_assert(trial_row(&trial).learning_rate < 1.0);
    trial_step(&trial);
    ck_assert(trial_row(&trial).damping == 1.5);
    trial_close(&trial);
}
END_TEST

/* A bowl with walls of the fourth degree, of which the Gauss-Newton matrix knows nothing: the
   later iterates go too far.  */
enum { WALLED = 60, CALLS = 64 };
static double values[CALLS];
static size_t value_calls;

static double stiffness(size_t i) { return pow(1e4, (double)i / (WALLED - 1.0)); }

static double walled(const double x[], double g[]) {
    double f = 0.0;
    for (size_t i = 0; i < WALLED; i++) {
        f += 0.5 * stiffness(i) * x[i] * x[i] - x[i] + 0.5 * x[i] * x[i] * x[i] * x[i];
        if (g)
            g[i] = stiffness(i) * x[i] - 1.0 + 2.0 * x[i] * x[i] * x[i];
    }
    if (!g && value_calls < CALLS)
        values[value_calls++] = f;
    return f;
}

static void walled_product(const double x[], const double v[], double result[]) {
    (void)x;
    for (size_t i = 0; i < WALLED; i++)
        result[i] = stiffness(i) * v[i];
}

/* The values alone are those of the iterates, from the last one back to the first that is
   worse than the one after it, which is the one that is taken.  */
START_TEST(goes_back_to_the_best_iterate) {
    static const double start[WALLED];
    function_t function = {
        .n = WALLED, .start = start, .evaluate = walled, .product = walled_product};
    trial_t trial = trial_with(&function, exact, "hessian_free:damping=1e-6", NULL);
    value_calls = 0;
    const double *x = trial_step(&trial);
    size_t count = value_calls;
    ck_assert_uint_gt(count, 2);
    ck_assert_uint_lt(count, CALLS);
    for (size_t i = 1; i + 1 < count; i++)
        ck_assert(values[i] <= values[i - 1]);
    ck_assert(values[count - 1] > values[count - 2]);
    ck_assert_msg(count > 2 && values[1] < values[0], "the last one is not the best");
    double g[WALLED];
    ck_assert(trial_row(&trial).learning_rate == 1.0);
    assert_close(walled(x, g), values[count - 2], 1e-15);
    trial_close(&trial);
}
END_TEST

/* f is not what its gradient says: the search fails, along -g too, and x stays.  */
static double liar(const double x[], double g[]) {
    double f = walled(x, g);
    for (size_t i = 0; g && i < WALLED; i++)
        g[i] = -g[i];
    return f;
}

START_TEST(wrong_gradient_fails_the_search) {
    static const double start[WALLED] = {1.385, -0.265};
    function_t function = {
        .n = WALLED, .start = start, .evaluate = liar, .product = walled_product};
    trial_t trial = trial_with(&function, exact, "hessian_free", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_SIGN);
    ck_assert_mem_eq(x, start, sizeof start);
    trial_close(&trial);
}
END_TEST

/* Sums of squares from their standard starts.  */
START_TEST(solves_sums_of_squares) {
    static const struct {
        const char *problem;
        double minimum;
    } cases[] = {{"watson", 2.28767005e-3},     {"wood", 0},
                 {"biggs_exp6", 5.65564993e-3}, {"box_3d", 0},
                 {"helical_valley", 0},         {"extended_powell", 0},
                 {"variably_dimensioned", 0},   {"powell_badly_scaled", 0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        trial_t trial = trial_of_problem(cases[k].problem, "hessian_free",
                                         "gradient_tolerance=1e-6,updates=300");
        ck_assert_msg(trial_finish(&trial) == GRADUS_STOP_GRADIENT, "%s", cases[k].problem);
        gradus_row row = trial_row(&trial);
        printf("%s: %zu updates, %zu products\n", cases[k].problem, row.update,
               row.products);
        /* A gradient of 1e-6 leaves at most 1e-8 on these, the flattest directions of the
           fourth degree included.  */
        assert_at_most(cases[k].problem, fabs(row.train_value - cases[k].minimum), 1e-8);
        trial_close(&trial);
    }
}
END_TEST

/* Products over 10 of 32 examples are billed as that, trials along a ray as values of their
   share.  In full batch the samples differ from
   update to update and the minimum is that of all examples all the same.  */
START_TEST(curvature_of_a_sample) {
    char spec[SPEC_SIZE];
    make_specs();
    trial_t trial = trial_of_problem(
        small_spec("softmax", spec),
        "hessian_free:damping=0.1,curvature_samples=10,preconditioner=none",
        "gradient_tolerance=1e-7,updates=200");
    trial_step(&trial);
    gradus_row row = trial_row(&trial);
    ck_assert_uint_gt(row.products, 0);
    double examples = (double)gradus_problem_examples(trial.problem);
    assert_close(row.passes,
                 (double)row.gradient_evaluations + 0.5 * (double)row.value_evaluations +
                     0.5 * (double)row.ray_evaluations / SPEC_FEATURES +
                     (double)row.products * 10.0 / examples,
                 1e-14);
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    printf("%zu updates\n", trial_row(&trial).update);
    trial_close(&trial);
    remove_specs();
}
END_TEST

START_TEST(says_rounding_at_the_floor) {
    trial_t trial = trial_of_problem("quadratic", "hessian_free:damping=0.1",
                                     "gradient_tolerance=0,updates=1000");
    gradus_stop stop = trial_finish(&trial);
    ck_assert(stop == GRADUS_FAIL_ROUNDING || stop == GRADUS_FAIL_STATIONARY);
    assert_at_most("value at the floor", trial_row(&trial).train_value, 1e-25);
    trial_close(&trial);
}
END_TEST

/* Nothing of the iterates that a method keeps between updates depends on the threads.  */
START_TEST(threads_do_not_matter) {
    static const char *const methods[] = {
        "hessian_free", "hessian_free:preconditioner=problem,preconditioner_samples=20",
        "hessian_free:curvature_samples=9,preconditioner=diagonal"};
    char spec[SPEC_SIZE];
    make_specs();
    small_spec("softmax", spec);
    for (size_t k = 0; k < 3; k++) {
        double x[2][64] = {{0}};
        for (size_t t = 0; t < 2; t++) {
            gradus_problem *problem;
            assert_ok(gradus_problem_create(&problem, spec, t + 1, NULL));
            trial_t trial = trial_open(problem, methods[k], "updates=6");
            trial_finish(&trial);
            memcpy(x[t], gradus_run_parameters(trial.run),
                   gradus_problem_dimension(problem) * sizeof **x);
            trial_close(&trial);
        }
        ck_assert_mem_eq(x[0], x[1], sizeof x[0]);
    }
    remove_specs();
}
END_TEST

TEST_MAIN("hessian_free", undamped_is_exact_on_a_quadratic,
          damping_is_added_to_the_curvature, damping_follows_the_ratio,
          damping_grows_where_there_is_no_value, goes_back_to_the_best_iterate,
          wrong_gradient_fails_the_search, solves_sums_of_squares, curvature_of_a_sample,
          says_rounding_at_the_floor, threads_do_not_matter)
