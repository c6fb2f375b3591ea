/* newton: exact on a quadratic, the same in any coordinates, safe where the Hessian is not
   positive, and plain when asked.  */

#include "../function.h"

enum { N = 2 };

typedef void (*hessian_t)(const double x[], double H[]);
static hessian_t hessian; /* of the function under test */

static gradus_err function_hessian(void *self, const gradus_batch *batch, const double x[],
                                   double H[]) {
    (void)self, (void)batch;
    hessian(x, H);
    return GRADUS_OK;
}

static trial_t open_trial(function_t *function, hessian_t h, const char *method,
                          const char *options) {
    static gradus_problem_type type;
    gradus_problem *problem;
    type = function_type;
    type.product = NULL;
    type.hessian = function_hessian;
    hessian = h;
    assert_ok(gradus_problem_wrap(&problem, &type, function, 1, NULL));
    return trial_open(problem, method, options);
}

/* ---- One step on a quadratic ---- */

START_TEST(one_update_minimizes_a_quadratic) {
    static const char *const methods[] = {"newton", "newton:safeguard=no"};
    for (size_t k = 0; k < 2; k++) {
        trial_t trial =
            trial_of_problem("quadratic:dimension=20,condition=50", methods[k], NULL);
        const double *x = trial_step(&trial);
        double worst = 0.0;
        for (size_t i = 0; i < 20; i++)
            worst = fmax(worst, fabs(x[i] - 1.0));
        ck_assert(trial_row(&trial).learning_rate == 1.0);
        assert_at_most("distance from the minimum", worst, 1e-15);
        trial_close(&trial);
    }
}
END_TEST

/* ---- Coordinates ---- */

/* Convex, not quadratic: f(u) with u = A x.  */
static double A[N][N];

static void to_u(const double x[], double u[N]) {
    u[0] = A[0][0] * x[0] + A[0][1] * x[1];
    u[1] = A[1][0] * x[0] + A[1][1] * x[1];
}

static double skewed(const double x[], double g[]) {
    double u[N];
    to_u(x, u);
    double a = exp(u[0] - 0.5 * u[1]), p = a + u[0], q = -0.5 * a + 3.1 * u[1];
    if (g) {
        g[0] = A[0][0] * p + A[1][0] * q;
        g[1] = A[0][1] * p + A[1][1] * q;
    }
    return a + 0.5 * u[0] * u[0] + 1.55 * u[1] * u[1];
}

static void skewed_hessian(const double x[], double H[]) {
    double u[N];
    to_u(x, u);
    double a = exp(u[0] - 0.5 * u[1]);
    double h[N][N] = {{a + 1.0, -0.5 * a}, {-0.5 * a, 0.25 * a + 3.1}};
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            H[i * N + j] = 0.0;
            for (size_t k = 0; k < N; k++)
                for (size_t l = 0; l < N; l++)
                    H[i * N + j] += A[k][i] * h[k][l] * A[l][j];
        }
}

/* The same points u, update by update.  The condition of A'HA is near 1e4.  */
START_TEST(path_does_not_depend_on_the_coordinates) {
    static const double map[2][N][N] = {{{1, 0}, {0, 1}}, {{13.0, 7.1}, {-0.2, 0.44}}};
    double path[2][5][N];
    for (size_t k = 0; k < 2; k++) {
        memcpy(A, map[k], sizeof A);
        double det = A[0][0] * A[1][1] - A[0][1] * A[1][0];
        double start[N] = {(A[1][1] * 2.385 + A[0][1] * 1.717) / det,
                           (-A[1][0] * 2.385 - A[0][0] * 1.717) / det};
        function_t function = {.n = N, .start = start, .evaluate = skewed};
        trial_t trial = open_trial(&function, skewed_hessian, "newton", NULL);
        for (size_t i = 0; i < 5; i++)
            to_u(trial_step(&trial), path[k][i]);
        trial_close(&trial);
    }
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < N; j++)
            assert_close(path[1][i][j], path[0][i][j], 1e-11);
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

/* The value, 0.25 with the curvature 2, shows gradients down to 1.5e-8 only: a search may find
   no lower one from there.  */
START_TEST(leaves_an_indefinite_start_downhill) {
    static const double starts[][N] = {
        {0.1, 0.717},
        {0.385, 0.0},
        {-1e-9, 0.265},
        {0.57735026918962576, 0.3}}; /* the last is singular */
    for (size_t k = 0; k < 4; k++) {
        function_t function = {.n = N, .start = starts[k], .evaluate = double_well};
        trial_t trial =
            open_trial(&function, double_well_hessian, "newton", "gradient_tolerance=2e-8");
        double f = double_well(starts[k], NULL);
        while (gradus_run_test(trial.run) == GRADUS_RUNNING) {
            double next = double_well(trial_step(&trial), NULL);
            ck_assert(next < f);
            f = next;
            ck_assert_uint_lt(gradus_run_updates(trial.run), 100);
        }
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
        const double *x = gradus_run_parameters(trial.run);
        printf("from %g: %zu updates\n", starts[k][0], gradus_run_updates(trial.run));
        assert_close(fabs(x[0]), 1.0, 1e-8);
        assert_close(x[1], 0.0, 1e-8);
        trial_close(&trial);
    }
}
END_TEST

/* Next to a maximum, between saddles: sin x sin y with the maximum (pi/2, pi/2) and the
   minimum -1 wherever one of the two is a turn on.  */
static double egg_crate(const double x[], double g[]) {
    if (g) {
        g[0] = cos(x[0]) * sin(x[1]);
        g[1] = sin(x[0]) * cos(x[1]);
    }
    return sin(x[0]) * sin(x[1]);
}

static void egg_crate_hessian(const double x[], double H[]) {
    H[0] = H[3] = -sin(x[0]) * sin(x[1]);
    H[1] = H[2] = cos(x[0]) * cos(x[1]);
}

/* Gradients down to 2e-8 are seen in the value here; they leave 2e-16 above -1.  */
START_TEST(leaves_a_maximum_downhill) {
    static const double starts[][N] = {
        {1.5, 1.6}, {1.5707, 1.5709}, {0.001, -0.0007}, {0.3, 1.5}};
    for (size_t k = 0; k < 4; k++) {
        function_t function = {.n = N, .start = starts[k], .evaluate = egg_crate};
        trial_t trial =
            open_trial(&function, egg_crate_hessian, "newton", "gradient_tolerance=2e-8");
        double f = egg_crate(starts[k], NULL);
        while (gradus_run_test(trial.run) == GRADUS_RUNNING) {
            double next = egg_crate(trial_step(&trial), NULL);
            ck_assert(next < f);
            f = next;
            ck_assert_uint_lt(gradus_run_updates(trial.run), 100);
        }
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
        assert_close(f, -1.0, 1e-15);
        trial_close(&trial);
    }
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
    function_t function = {.n = N, .start = start, .evaluate = ridge};
    trial_t trial = open_trial(&function, ridge_hessian, "newton:line_search=hager-zhang",
                               "gradient_tolerance=1e-10,updates=20");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    const double *x = gradus_run_parameters(trial.run);
    printf("ridge: %zu updates\n", gradus_run_updates(trial.run));
    assert_close(x[0] - x[1], log(0.3 / 0.7), 1e-9);
    /* Nothing moves it along (1, 1) but rounding over the first shift, 1.5e-8.  */
    assert_close(x[0] + x[1], start[0] + start[1], 1e-7);
    trial_close(&trial);
}
END_TEST

/* ---- The plain step ---- */

START_TEST(plain_step_goes_to_the_saddle) {
    static const double start[N] = {0.1, 0.717};
    function_t function = {.n = N, .start = start, .evaluate = double_well};
    trial_t trial = open_trial(&function, double_well_hessian, "newton:safeguard=no",
                               "gradient_tolerance=1e-12,updates=20");
    const double *x = trial_step(&trial);
    /* x - f'/f'' of the first coordinate.  */
    assert_close(x[0], 0.1 - (0.001 - 0.1) / (0.03 - 1.0), 1e-15);
    assert_close(x[1], 0.0, 1e-15);
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    assert_close(gradus_run_parameters(trial.run)[0], 0.0, 1e-12);
    trial_close(&trial);
}
END_TEST

START_TEST(plain_step_says_singular) {
    static const double start[N] = {1.385, -0.717};
    function_t function = {.n = N, .start = start, .evaluate = ridge};
    trial_t trial = open_trial(&function, ridge_hessian, "newton:safeguard=no", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_SINGULAR);
    ck_assert_str_eq(gradus_stop_word(GRADUS_FAIL_SINGULAR), "singular");
    ck_assert(memcmp(x, start, sizeof start) == 0);
    trial_close(&trial);
}
END_TEST

static void broken_hessian(const double x[], double H[]) {
    ridge_hessian(x, H);
    H[2] = NAN;
}

START_TEST(stops_at_a_hessian_that_is_not_finite) {
    static const char *const methods[] = {"newton", "newton:safeguard=no"};
    static const double start[N] = {1.385, -0.717};
    for (size_t k = 0; k < 2; k++) {
        function_t function = {.n = N, .start = start, .evaluate = ridge};
        trial_t trial = open_trial(&function, broken_hessian, methods[k], NULL);
        const double *x = trial_step(&trial);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_HESSIAN);
        ck_assert(memcmp(x, start, sizeof start) == 0);
        trial_close(&trial);
    }
}
END_TEST

START_TEST(solves_rosenbrock) {
    trial_t trial = trial_of_problem("rosenbrock:dimension=10", "newton",
                                     "gradient_tolerance=1e-8,updates=50");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    printf("rosenbrock: %zu updates, %zu evaluations\n", gradus_run_updates(trial.run),
           trial_row(&trial).gradient_evaluations);
    for (size_t i = 0; i < 10; i++)
        assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
    trial_close(&trial);
}
END_TEST

TEST_MAIN("newton", one_update_minimizes_a_quadratic,
          path_does_not_depend_on_the_coordinates, leaves_an_indefinite_start_downhill,
          leaves_a_maximum_downhill, copes_with_a_singular_hessian,
          plain_step_goes_to_the_saddle, plain_step_says_singular,
          stops_at_a_hessian_that_is_not_finite, solves_rosenbrock)
