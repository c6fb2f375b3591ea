/* trust_region: SciPy's counts, rotated coordinates, indefinite and singular Hessians, the
   region's rules, and why it stops.  */

#include "../function.h"

#include <float.h>

enum { N = 2 };

static const char *const both[] = {"trust_region:subproblem=steihaug",
                                   "trust_region:subproblem=exact"};

typedef void (*hessian_t)(const double x[], double H[]);
static hessian_t hessian; /* of the function under test */

static gradus_err function_hessian(void *self, const gradus_batch *batch, const double x[],
                                   double H[]) {
    (void)self, (void)batch;
    hessian(x, H);
    return GRADUS_OK;
}

static gradus_err hessian_product(void *self, const gradus_batch *batch, const double x[],
                                  const double v[], double result[]) {
    double H[N * N];
    (void)self, (void)batch;
    hessian(x, H);
    for (size_t i = 0; i < N; i++)
        result[i] = H[i * N] * v[0] + H[i * N + 1] * v[1];
    return GRADUS_OK;
}

static trial_t open_trial(function_t *function, hessian_t h, const char *method,
                          const char *more, const char *options) {
    static gradus_problem_type type;
    gradus_problem *problem;
    char spec[128];
    type = function_type;
    type.product = hessian_product;
    type.hessian = function_hessian;
    hessian = h;
    snprintf(spec, sizeof spec, "%s%s", method, more);
    assert_ok(gradus_problem_wrap(&problem, &type, function, 1, NULL));
    return trial_open(problem, spec, options);
}

/* ---- Where the answer is known ---- */

START_TEST(one_update_minimizes_a_quadratic_in_the_region) {
    for (size_t k = 0; k < 2; k++) {
        char spec[128];
        snprintf(spec, sizeof spec, "%s,radius=100,forcing=1e-15", both[k]);
        trial_t trial = trial_of_problem("quadratic:dimension=20,condition=50", spec, NULL);
        const double *x = trial_step(&trial);
        double worst = 0.0;
        for (size_t i = 0; i < 20; i++)
            worst = fmax(worst, fabs(x[i] - 1.0));
        /* Conjugate gradients leave a residual of 1e-15 |g|, and |g| is 170.  */
        assert_at_most(both[k], worst, k ? 1e-14 : 1e-12);
        trial_close(&trial);
    }
}
END_TEST

/* SciPy 1.10: minimize(rosen, [1.3, 0.7, 0.8, 1.9, 1.2], method="trust-ncg",
   options={"gtol": 1e-8}) does 20 iterations with 21 evaluations, 20 of them of the gradient
   too: one trial is turned down.  There are 53 products.  */
START_TEST(counts_of_scipy) {
    static const double start[] = {1.3, 0.7, 0.8, 1.9, 1.2};
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_row row;
    assert_ok(gradus_problem_create(&problem, "rosenbrock_chained:dimension=5", 1, NULL));
    assert_ok(gradus_method_create(
        &method, "trust_region:subproblem=steihaug,radius=1,maximum_radius=1000", NULL));
    assert_ok(
        gradus_run_open(&run, problem, method, start, "gradient_tolerance=1e-8", NULL));
    while (gradus_run_test(run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(run, NULL));
    assert_ok(gradus_run_measure(run, true, &row, NULL));
    ck_assert_int_eq(gradus_run_stop(run), GRADUS_STOP_GRADIENT);
    printf("%zu updates, %zu evaluations, %zu products\n", row.update,
           row.gradient_evaluations, row.products);
    ck_assert_uint_eq(row.update, 19);
    ck_assert_uint_eq(row.gradient_evaluations, 21);
    ck_assert_uint_eq(row.products, 53);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

/* ---- Coordinates ---- */

/* Rosenbrock's function of u = A x.  */
static double A[N][N];

static double turned(const double x[], double g[]) {
    double u = A[0][0] * x[0] + A[0][1] * x[1], v = A[1][0] * x[0] + A[1][1] * x[1];
    double r = v - u * u, a = -40.0 * r * u - 2.0 * (1.0 - u), b = 20.0 * r;
    if (g)
        for (size_t i = 0; i < N; i++)
            g[i] = A[0][i] * a + A[1][i] * b;
    return 10.0 * r * r + (1.0 - u) * (1.0 - u);
}

static void turned_hessian(const double x[], double H[]) {
    double u = A[0][0] * x[0] + A[0][1] * x[1], v = A[1][0] * x[0] + A[1][1] * x[1];
    double h[N][N] = {{120.0 * u * u - 40.0 * v + 2.0, -40.0 * u}, {-40.0 * u, 20.0}};
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            H[i * N + j] = 0.0;
            for (size_t k = 0; k < N; k++)
                for (size_t l = 0; l < N; l++)
                    H[i * N + j] += A[k][i] * h[k][l] * A[l][j];
        }
}

/* A turn and one scale for all coordinates, of which the first radius takes notice.  The
   largest difference of the first ten points u.  */
static double turn(const char *method) {
    static const double map[2][N][N] = {{{1, 0}, {0, 1}},
                                        {{0.6e3, -0.8e3}, {0.8e3, 0.6e3}}};
    static const double from[N] = {-1.2, 1.0};
    double path[2][10][N], worst = 0.0;
    for (size_t k = 0; k < 2; k++) {
        memcpy(A, map[k], sizeof A);
        double square = A[0][0] * A[0][0] + A[1][0] * A[1][0], start[N];
        for (size_t i = 0; i < N; i++)
            start[i] = (A[0][i] * from[0] + A[1][i] * from[1]) / square;
        function_t function = {.n = N, .start = start, .evaluate = turned};
        trial_t trial = open_trial(&function, turned_hessian, method, "", NULL);
        for (size_t i = 0; i < 10; i++) {
            const double *x = trial_step(&trial);
            for (size_t j = 0; j < N; j++)
                path[k][i][j] = A[j][0] * x[0] + A[j][1] * x[1];
        }
        trial_close(&trial);
    }
    for (size_t i = 0; i < 10; i++)
        for (size_t j = 0; j < N; j++)
            worst = fmax(worst, fabs(path[1][i][j] - path[0][i][j]));
    return worst;
}

/* Ten updates, each of which may stretch rounding by the condition of the Hessian, some
   hundreds, but for those on the way through the valley.  */
START_TEST(path_does_not_depend_on_turn_and_scale) {
    assert_at_most("exact", turn(both[1]), 1e-9);
    /* The forcing term is of |g| itself and has a scale; without it there is none.  */
    assert_at_most("steihaug",
                   turn("trust_region:subproblem=steihaug,forcing=1e-6,forcing_exponent=0"),
                   1e-9);
}
END_TEST

/* ---- Where the Hessian is not positive ---- */

/* Minima at (+-1, 0), a saddle at 0.  */
static double double_well(const double x[], double g[]) {
    if (g) {
        g[0] = x[0] * x[0] * x[0] - x[0];
        g[1] = 1.7 * x[1];
    }
    return 0.25 * x[0] * x[0] * x[0] * x[0] - 0.5 * x[0] * x[0] + 0.85 * x[1] * x[1];
}

static void double_well_hessian(const double x[], double H[]) {
    H[0] = 3.0 * x[0] * x[0] - 1.0;
    H[1] = H[2] = 0.0;
    H[3] = 1.7;
}

/* Steps until the run ends; the value falls with each.  */
static size_t go_down(trial_t *trial, double (*f)(const double x[], double g[])) {
    double value = INFINITY;
    while (gradus_run_test(trial->run) == GRADUS_RUNNING) {
        double next = f(trial_step(trial), NULL);
        if (gradus_run_stop(trial->run) == GRADUS_RUNNING)
            ck_assert_msg(next <= value, "%.17g after %.17g", next, value);
        value = next;
        ck_assert_uint_lt(gradus_run_updates(trial->run), 1000);
    }
    return gradus_run_updates(trial->run);
}

START_TEST(leaves_an_indefinite_start_downhill) {
    static const double starts[][N] = {
        {0.1, 0.717},
        {0.385, 0.0},
        {-1e-9, 0.265},
        {0.57735026918962576, 0.3}}; /* the last is singular */
    for (size_t m = 0; m < 2; m++)
        for (size_t k = 0; k < 4; k++) {
            function_t function = {.n = N, .start = starts[k], .evaluate = double_well};
            trial_t trial = open_trial(&function, double_well_hessian, both[m], "",
                                       "gradient_tolerance=1e-9");
            printf("%s from %g: %zu updates\n", both[m], starts[k][0],
                   go_down(&trial, double_well));
            ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
            const double *x = gradus_run_parameters(trial.run);
            assert_close(fabs(x[0]), 1.0, 1e-8);
            assert_close(x[1], 0.0, 1e-8);
            trial_close(&trial);
        }
}
END_TEST

/* A dense Hessian alone will do, but not for products.  */
START_TEST(needs_no_products) {
    static const double start[N] = {0.385, 0.717};
    function_t function = {.n = N, .start = start, .evaluate = double_well};
    gradus_problem_type type = function_type;
    gradus_problem *problem;
    type.product = NULL;
    type.hessian = function_hessian;
    hessian = double_well_hessian;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    trial_t trial = trial_open(problem, "trust_region", "gradient_tolerance=1e-9");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    assert_close(fabs(gradus_run_parameters(trial.run)[0]), 1.0, 1e-8);
    trial_close(&trial);
}
END_TEST

/* On the ridge, where the gradient has nothing along the direction down, and at the saddle
   itself the exact step goes down nevertheless, since it knows the curvature.  */
START_TEST(leaves_the_saddle_itself) {
    static const double starts[][N] = {{0.0, 0.717}, {0.0, 0.0}};
    for (size_t k = 0; k < 2; k++) {
        function_t function = {.n = N, .start = starts[k], .evaluate = double_well};
        trial_t trial = open_trial(&function, double_well_hessian, both[1], "",
                                   "gradient_tolerance=0,updates=12");
        trial_finish(&trial);
        const double *x = gradus_run_parameters(trial.run);
        assert_close(fabs(x[0]), 1.0, 1e-8);
        assert_close(x[1], 0.0, 1e-8);
        trial_close(&trial);
    }
    /* Conjugate gradients have nothing to go by.  */
    function_t function = {.n = N, .start = starts[1], .evaluate = double_well};
    trial_t trial =
        open_trial(&function, double_well_hessian, both[0], "", "gradient_tolerance=0");
    trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_STATIONARY);
    trial_close(&trial);
}
END_TEST

/* log(1 + exp(x0 - x1)) - 0.3 (x0 - x1): constant along (1, 1), as softmax with free
   biases is.  */
static double ridge(const double x[], double g[]) {
    double u = x[0] - x[1], p = 1.0 / (1.0 + exp(-u));
    if (g) {
        g[0] = p - 0.3;
        g[1] = -g[0];
    }
    return log1p(exp(u)) - 0.3 * u;
}

static void ridge_hessian(const double x[], double H[]) {
    double p = 1.0 / (1.0 + exp(x[1] - x[0]));
    H[0] = H[3] = p * (1.0 - p);
    H[1] = H[2] = -H[0];
}

START_TEST(copes_with_a_singular_hessian) {
    static const double start[N] = {1.385, -0.717};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = ridge};
        trial_t trial = open_trial(&function, ridge_hessian, both[m], "",
                                   "gradient_tolerance=1e-7,updates=20");
        ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
        const double *x = gradus_run_parameters(trial.run);
        printf("%s: %zu updates\n", both[m], gradus_run_updates(trial.run));
        assert_close(x[0] - x[1], log(0.3 / 0.7), 1e-6);
        assert_close(x[0] + x[1], start[0] + start[1], 1e-14); /* nothing moves it there */
        trial_close(&trial);
    }
}
END_TEST

/* ---- The region ---- */

/* A straight slope: the model is right, and each step is twice as long as the one before, as
   far as it may be.  */
static double slope(const double x[], double g[]) {
    if (g) {
        g[0] = -3.0;
        g[1] = 4.0;
    }
    return -3.0 * x[0] + 4.0 * x[1];
}

static void no_hessian(const double x[], double H[]) {
    (void)x;
    memset(H, 0, N * N * sizeof *H);
}

START_TEST(radius_doubles_up_to_the_largest) {
    static const double start[N], lengths[] = {0.5, 1.0, 2.0, 4.0, 5.0, 5.0};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = slope};
        trial_t trial = open_trial(&function, no_hessian, both[m],
                                   ",radius=0.5,maximum_radius=5", NULL);
        double before[N] = {0.0};
        for (size_t k = 0; k < 6; k++) {
            const double *x = trial_step(&trial);
            assert_close(x[0] - before[0], 0.6 * lengths[k], 1e-12);
            assert_close(x[1] - before[1], -0.8 * lengths[k], 1e-12);
            memcpy(before, x, sizeof before);
        }
        trial_close(&trial);
    }
}
END_TEST

/* -log of the distances to the walls of a box, and a force towards a corner: trials outside
   have no value.  */
static double barrier(const double x[], double g[]) {
    static const double force[N] = {13.0, -7.0};
    double f = 0.0;
    for (size_t i = 0; i < N; i++) {
        f -= log(1.0 - x[i]) + log(1.0 + x[i]) + force[i] * x[i];
        if (g)
            g[i] = 1.0 / (1.0 - x[i]) - 1.0 / (1.0 + x[i]) - force[i];
    }
    return f;
}

static void barrier_hessian(const double x[], double H[]) {
    H[1] = H[2] = 0.0;
    for (size_t i = 0; i < N; i++)
        H[3 * i] = pow(1.0 - x[i], -2.0) + pow(1.0 + x[i], -2.0);
}

START_TEST(stays_in_the_domain) {
    static const double start[N] = {-0.9, 0.1};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = barrier};
        trial_t trial = open_trial(&function, barrier_hessian, both[m], ",radius=20",
                                   "gradient_tolerance=1e-7");
        go_down(&trial, barrier);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
        const double *x = gradus_run_parameters(trial.run);
        /* 2 x / (1 - x^2) = force; the Hessian is at least 2.  */
        assert_close(x[0], (sqrt(1.0 + 169.0) - 1.0) / 13.0, 1e-7);
        assert_close(x[1], -(sqrt(1.0 + 49.0) - 1.0) / 7.0, 1e-7);
        trial_close(&trial);
    }
}
END_TEST

/* A bowl that has no value for some evaluations.  */
static int without_value; /* so many from now on */

static double moody(const double x[], double g[]) {
    double f = barrier(x, g);
    return without_value > 0 && without_value-- ? NAN : f;
}

/* All trials of an update fail, the search along -g does not.  */
START_TEST(fallback_descends) {
    static const double start[N] = {-0.2, 0.1};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = moody};
        without_value = 0;
        trial_t trial =
            open_trial(&function, barrier_hessian, both[m], ",maximum_trials=3", NULL);
        double x[N], g[N];
        memcpy(x, trial_step(&trial), sizeof x);
        ck_assert(isnan(trial_row(&trial).learning_rate));
        double f = barrier(x, g);
        without_value = 3;
        const double *next = trial_step(&trial);
        double t = trial_row(&trial).learning_rate;
        ck_assert_int_eq(without_value, 0);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
        for (size_t i = 0; i < N; i++)
            assert_close(next[i], x[i] - t * g[i], 1e-15);
        ck_assert(barrier(next, NULL) < f);
        trial_close(&trial);
    }
}
END_TEST

/* ---- Reasons ---- */

/* With a constant the value cannot tell points nearer than 1e-8 apart.  */
static double lifted(const double x[], double g[]) { return 1.0 + turned(x, g); }

START_TEST(says_rounding_at_the_floor) {
    static const double start[N] = {-1.2, 1.0};
    memcpy(A, (const double[N][N]){{1, 0}, {0, 1}}, sizeof A);
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = lifted};
        trial_t trial =
            open_trial(&function, turned_hessian, both[m], "", "gradient_tolerance=0");
        printf("%s: %zu updates\n", both[m], go_down(&trial, lifted));
        /* Where it happens upon the minimum itself, there is nothing to resolve.  */
        ck_assert_int_eq(gradus_run_stop(trial.run),
                         trial_row(&trial).gradient_norm == 0.0 ? GRADUS_FAIL_STATIONARY
                                                                : GRADUS_FAIL_ROUNDING);
        /* A decrease of g^2 / (2 curvature) below 2e-15, with a curvature of 250 at most. */
        assert_at_most("gradient", trial_row(&trial).gradient_norm, 1e-6);
        trial_close(&trial);
    }
}
END_TEST

/* The gradient has the wrong sign within a radius.  */
static double deceptive(const double x[], double g[]) {
    double f = double_well(x, g);
    if (g && hypot(x[0] - 1.0, x[1]) < 0.3) {
        g[0] = -g[0];
        g[1] = -g[1];
    }
    return f;
}

START_TEST(wrong_gradient_stops_at_the_last_point) {
    static const double start[N] = {2.385, 0.717};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = deceptive};
        trial_t trial = open_trial(&function, double_well_hessian, both[m], "", NULL);
        double before[N];
        size_t updates = 0;
        for (; gradus_run_test(trial.run) == GRADUS_RUNNING; updates++) {
            memcpy(before, gradus_run_parameters(trial.run), sizeof before);
            trial_step(&trial);
            ck_assert_uint_lt(updates, 100);
        }
        printf("%s: %s\n", both[m], gradus_stop_word(gradus_run_stop(trial.run)));
        ck_assert_int_lt(gradus_run_stop(trial.run), 0);
        ck_assert_int_ne(gradus_run_stop(trial.run), GRADUS_FAIL_ROUNDING);
        ck_assert_uint_gt(updates, 1);
        ck_assert(memcmp(before, gradus_run_parameters(trial.run), sizeof before) == 0);
        trial_close(&trial);
    }
}
END_TEST

static void broken_hessian(const double x[], double H[]) {
    ridge_hessian(x, H);
    H[2] = NAN;
}

START_TEST(what_is_not_finite_is_divergence) {
    static const double start[N] = {1.385, -0.717};
    for (size_t m = 0; m < 2; m++) {
        function_t function = {.n = N, .start = start, .evaluate = ridge};
        trial_t trial = open_trial(&function, broken_hessian, both[m], "", NULL);
        const double *x = trial_step(&trial);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
        ck_assert(memcmp(x, start, sizeof start) == 0);
        trial_close(&trial);
        function.evaluate = moody;
        without_value = 1;
        trial = open_trial(&function, barrier_hessian, both[m], "", NULL);
        trial_step(&trial);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
        trial_close(&trial);
    }
}
END_TEST

/* ---- What is refused, and what `auto` chooses ---- */

static gradus_err refuse(gradus_problem *problem, const char *spec, const char *part) {
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_error why = {0};
    gradus_err err = gradus_method_create(&method, spec, &why);
    if (!err)
        err = gradus_run_open(&run, problem, method, NULL, NULL, &why);
    assert_sentence(why.text);
    assert_contains(why.text, part);
    gradus_run_close(run);
    gradus_method_close(method);
    return err;
}

static void ridge_product(const double x[], const double v[], double result[]) {
    double H[N * N];
    ridge_hessian(x, H);
    result[0] = H[0] * v[0] + H[1] * v[1];
    result[1] = H[2] * v[0] + H[3] * v[1];
}

START_TEST(refusals) {
    static const double start[N] = {1.385, -0.717};
    function_t function = {
        .n = N, .start = start, .evaluate = ridge, .product = ridge_product};
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &function_type, &function, 1, NULL));
    ck_assert_int_eq(
        refuse(problem, "trust_region:radius=2,maximum_radius=1.5", "maximum_radius=1.5"),
        GRADUS_EINPUT);
    gradus_problem_close(problem);
    assert_ok(gradus_problem_create(&problem, "quadratic:dimension=50", 1, NULL));
    ck_assert_int_eq(refuse(problem, "trust_region:subproblem=exact,maximum_dimension=49",
                            "maximum_dimension=49"),
                     GRADUS_EINPUT);
    gradus_problem_close(problem);
}
END_TEST

/* A problem with products alone.  */
START_TEST(needs_a_hessian_for_the_exact_step_only) {
    static const double start[N] = {1.385, -0.717};
    static gradus_problem_type type;
    function_t function = {
        .n = N, .start = start, .evaluate = ridge, .product = ridge_product};
    gradus_problem *problem;
    type = function_type;
    type.hessian = NULL;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    ck_assert_int_eq(refuse(problem, both[1], "subproblem=exact"), GRADUS_EUNSUPPORTED);
    trial_t trial = trial_open(problem, "trust_region", NULL);
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    trial_close(&trial);
}
END_TEST

START_TEST(choice_follows_the_dimension) {
    static const struct {
        const char *problem, *method;
        size_t products; /* of the first update; no more than that */
    } cases[] = {{"quadratic:dimension=100", "trust_region", 100},
                 {"quadratic:dimension=100", "trust_region:maximum_dimension=99", 20},
                 {"quadratic:dimension=101", "trust_region", 20}};
    for (size_t k = 0; k < 3; k++) {
        trial_t trial = trial_of_problem(cases[k].problem, cases[k].method, NULL);
        trial_step(&trial);
        size_t products = trial_row(&trial).products;
        printf("%s, %s: %zu products\n", cases[k].problem, cases[k].method, products);
        ck_assert_uint_le(products, cases[k].products);
        ck_assert((products == 100) == (cases[k].products == 100));
        trial_close(&trial);
    }
}
END_TEST

START_TEST(solves_rosenbrock) {
    for (size_t m = 0; m < 2; m++) {
        trial_t trial = trial_of_problem("rosenbrock:dimension=10", both[m],
                                         "gradient_tolerance=1e-8,updates=100");
        ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
        printf("%s: %zu updates, %zu evaluations\n", both[m], gradus_run_updates(trial.run),
               trial_row(&trial).gradient_evaluations);
        for (size_t i = 0; i < 10; i++)
            assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
        trial_close(&trial);
    }
}
END_TEST

TEST_MAIN("trust_region", one_update_minimizes_a_quadratic_in_the_region, counts_of_scipy,
          path_does_not_depend_on_turn_and_scale, leaves_an_indefinite_start_downhill,
          needs_no_products,
          leaves_the_saddle_itself, copes_with_a_singular_hessian,
          radius_doubles_up_to_the_largest, stays_in_the_domain, fallback_descends,
          says_rounding_at_the_floor, wrong_gradient_stops_at_the_last_point,
          what_is_not_finite_is_divergence, refusals,
          needs_a_hessian_for_the_exact_step_only, choice_follows_the_dimension,
          solves_rosenbrock)
