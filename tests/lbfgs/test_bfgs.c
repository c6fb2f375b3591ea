/* bfgs: its path against the formula written out, its pairs, its fallback, its limit.  */

#include "../function.h"

enum { N = 3 };

/* Convex, smooth, not quadratic.  */
static double bowl(const double x[], double g[]) {
    double a = exp(0.31 * x[0] - 0.74 * x[1]), b = exp(0.27 * x[2] - 0.52 * x[0]);
    double c = x[1] * x[1] * x[1];
    if (g) {
        g[0] = 0.31 * a - 0.52 * b + 0.37 * x[0];
        g[1] = -0.74 * a + 0.4 * c + 0.61 * x[1];
        g[2] = 0.27 * b + 2.45 * x[2];
    }
    return a + b + 0.1 * c * x[1] +
           0.5 * (0.37 * x[0] * x[0] + 0.61 * x[1] * x[1] + 2.45 * x[2] * x[2]);
}

static const double start[N] = {2.385, -1.717, 0.831};

static double dot(const double a[N], const double b[N]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* H <- (I - rho s y') H (I - rho y s') + rho s s', as it is written.  */
static void formula(double H[N][N], const double s[N], const double y[N]) {
    double rho = 1.0 / dot(s, y), left[N][N] = {{0}}, result[N][N] = {{0}};
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            for (size_t k = 0; k < N; k++)
                left[i][j] += ((i == k) - rho * s[i] * y[k]) * H[k][j];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            result[i][j] = rho * s[i] * s[j];
            for (size_t k = 0; k < N; k++)
                result[i][j] += left[i][k] * ((k == j) - rho * y[k] * s[j]);
        }
    memcpy(H, result, sizeof result);
}

/* The direction is read off a difference of points, 1e-16 relative to the point; the last
   of these steps are above 1e-5 of it, and H has a condition below 100.  */
START_TEST(directions_are_those_of_the_formula) {
    function_t function = {.n = N, .start = start, .evaluate = bowl};
    trial_t trial = trial_of_function(&function, "bfgs", NULL);
    double H[N][N] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, x[N], g[N], worst = 0.0;
    memcpy(x, start, sizeof x);
    bowl(x, g);
    for (int k = 0; k < 8; k++) {
        double next[N], new_g[N], s[N], y[N], error = 0.0, size = 0.0;
        memcpy(next, trial_step(&trial), sizeof next);
        bowl(next, new_g);
        double t = trial_row(&trial).learning_rate;
        for (size_t i = 0; i < N; i++) {
            s[i] = next[i] - x[i];
            y[i] = new_g[i] - g[i];
            double want = -dot(H[i], g);
            error += (s[i] / t - want) * (s[i] / t - want);
            size += want * want;
        }
        worst = fmax(worst, sqrt(error / size));
        for (size_t i = 0; i < N && k == 0; i++)
            H[i][i] = dot(s, y) / dot(y, y);
        formula(H, s, y);
        memcpy(x, next, sizeof x);
        memcpy(g, new_g, sizeof g);
    }
    assert_at_most("error of the directions", worst, 1e-9);
    trial_close(&trial);
}
END_TEST

/* On a quadratic with steps to the minimum along each line, BFGS ends after n updates with
   the inverse Hessian (Nocedal and Wright, theorem 6.4).  */
START_TEST(few_updates_solve_a_quadratic) {
    trial_t trial = trial_of_problem("quadratic:dimension=6,condition=40",
                                     "bfgs:wolfe_curvature=1e-3", "updates=7");
    trial_finish(&trial);
    gradus_row row = trial_row(&trial);
    printf("%zu updates\n", row.update);
    assert_at_most("gradient", row.gradient_norm, 1e-4);
    trial_close(&trial);
}
END_TEST

/* Concave in the first coordinate near 0.  */
static double saddle(const double x[], double g[]) {
    if (g) {
        g[0] = -x[0] + 0.1 * x[0] * x[0] * x[0];
        g[1] = 0.4 * x[1];
    }
    return -0.5 * x[0] * x[0] + 0.025 * x[0] * x[0] * x[0] * x[0] + 0.2 * x[1] * x[1];
}

/* With one evaluation the first step is taken although the slope gets steeper: s'y < 0, and
   the second direction is -g again, its step 1 at most.  */
START_TEST(pair_of_negative_curvature_is_skipped) {
    static const double from[2] = {0.385, 0.717};
    function_t function = {.n = 2, .start = from, .evaluate = saddle};
    trial_t trial = trial_of_function(&function, "bfgs:maximum_evaluations=1", NULL);
    double x[2], g[2];
    memcpy(x, trial_step(&trial), sizeof x);
    saddle(x, g);
    const double *next = trial_step(&trial);
    double t = fmin(1.0, 1.0 / hypot(g[0], g[1]));
    for (size_t i = 0; i < 2; i++)
        assert_close(next[i], x[i] - t * g[i], 1e-15);
    trial_close(&trial);
}
END_TEST

/* A bowl that has no value at one evaluation.  */
static int evaluations, without_value; /* of moody */

static double moody(const double x[], double g[]) {
    double f = bowl(x, g);
    return ++evaluations == without_value ? NAN : f;
}

/* Evaluation 1 is the start, 2 the first trial, 3 the trial along -H g, 4 that along -g;
   then H begins anew, and its first direction is scaled by the new pair.  */
START_TEST(fallback_descends_and_begins_anew) {
    function_t function = {.n = N, .start = start, .evaluate = moody};
    evaluations = 0;
    without_value = 3;
    trial_t trial = trial_of_function(&function, "bfgs:maximum_evaluations=1", NULL);
    double x[N], g[N], y[N], H[N][N] = {{0}};
    memcpy(x, trial_step(&trial), sizeof x);
    double f = bowl(x, g), t = fmin(1.0, 1.0 / sqrt(dot(g, g)));
    const double *next = trial_step(&trial);
    ck_assert_int_eq(evaluations, 4);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
    double s[N];
    for (size_t i = 0; i < N; i++) {
        assert_close(next[i], x[i] - t * g[i], 1e-15);
        s[i] = next[i] - x[i];
    }
    memcpy(x, next, sizeof x);
    ck_assert(bowl(x, y) < f);
    for (size_t i = 0; i < N; i++)
        y[i] -= g[i];
    bowl(x, g);
    for (size_t i = 0; i < N; i++)
        H[i][i] = dot(s, y) / dot(y, y);
    formula(H, s, y);
    next = trial_step(&trial);
    for (size_t i = 0; i < N; i++)
        assert_close(next[i], x[i] - dot(H[i], g), 1e-12);
    trial_close(&trial);
}
END_TEST

START_TEST(solves_rosenbrock) {
    trial_t trial =
        trial_of_problem("rosenbrock", "bfgs", "gradient_tolerance=1e-8,updates=100");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    printf("rosenbrock: %zu updates, %zu evaluations\n", gradus_run_updates(trial.run),
           trial_row(&trial).gradient_evaluations);
    for (size_t i = 0; i < 2; i++)
        assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
    trial_close(&trial);
}
END_TEST

START_TEST(refuses_what_is_too_large) {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_problem_create(&problem, "rosenbrock:dimension=100000", 1, NULL));
    assert_ok(gradus_method_create(&method, "bfgs", NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, NULL, &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "80 GB");
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("bfgs", directions_are_those_of_the_formula, few_updates_solve_a_quadratic,
          pair_of_negative_curvature_is_skipped, fallback_descends_and_begins_anew,
          solves_rosenbrock, refuses_what_is_too_large)
