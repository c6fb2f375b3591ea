/* nonlinear_cg: the four formulas, restarts, the fallback, and conjugacy on a quadratic.  */

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

/* As the formulas are printed; K is the place in the table.  */
static double beta_of(size_t k, const double g[N], const double old[N], const double d[N]) {
    double y[N], z[N];
    for (size_t i = 0; i < N; i++)
        y[i] = g[i] - old[i];
    if (k == 0)
        return dot(g, g) / dot(old, old);
    if (k == 1)
        return fmax(0.0, dot(g, y) / dot(old, old));
    if (k == 2)
        return dot(g, y) / dot(d, y);
    for (size_t i = 0; i < N; i++)
        z[i] = y[i] - 2.0 * d[i] * dot(y, y) / dot(d, y);
    return fmax(dot(z, g) / dot(d, y),
                -1.0 / (sqrt(dot(d, d)) * fmin(0.01, sqrt(dot(old, old)))));
}

/* The largest relative error of the directions of eight updates, D being -g again after
   RESTART of them.  */
static double compare(const char *options, size_t k, int restart) {
    function_t function = {.n = N, .start = start, .evaluate = bowl};
    trial_t trial = trial_of_function(&function, options, "gradient_tolerance=0");
    double x[N], g[N], d[N], worst = 0.0;
    memcpy(x, start, sizeof x);
    bowl(x, g);
    for (size_t i = 0; i < N; i++)
        d[i] = -g[i];
    for (int update = 1; update <= 8; update++) {
        double old[N], error = 0.0;
        const double *next = trial_step(&trial);
        double t = trial_row(&trial).learning_rate;
        memcpy(old, g, sizeof old);
        for (size_t i = 0; i < N; i++) {
            double e = (next[i] - x[i]) / t - d[i];
            error += e * e;
        }
        worst = fmax(worst, sqrt(error / dot(d, d)));
        memcpy(x, next, sizeof x);
        bowl(x, g);
        double beta = update % restart == 0 ? 0.0 : beta_of(k, g, old, d);
        for (size_t i = 0; i < N; i++)
            d[i] = -g[i] + beta * d[i];
        ck_assert(dot(d, g) < 0.0);
    }
    trial_close(&trial);
    return worst;
}

/* The direction is read off a difference of points, 1e-16 relative to the point; the
   gradient of the last of these updates is above 1e-4.  */
START_TEST(directions_are_those_of_the_formulas) {
    static const char *const formulas[] = {"fr", "pr+", "hs", "hager-zhang"};
    for (size_t k = 0; k < 4; k++) {
        char options[64];
        snprintf(options, sizeof options, "nonlinear_cg:formula=%s", formulas[k]);
        assert_at_most(options, compare(options, k, N), 1e-9);
        snprintf(options, sizeof options, "nonlinear_cg:formula=%s,restart=100",
                 formulas[k]);
        assert_at_most(options, compare(options, k, 100), 1e-9);
    }
}
END_TEST

/* With the minimum along each line all are linear conjugate gradients, which needs as many
   updates as there are distinct eigenvalues.  */
START_TEST(n_updates_solve_a_quadratic) {
    static const char *const methods[] = {
        "nonlinear_cg:formula=fr,wolfe_curvature=2e-4",
        "nonlinear_cg:formula=pr+,wolfe_curvature=2e-4",
        "nonlinear_cg:formula=hs,wolfe_curvature=2e-4",
        "nonlinear_cg:formula=hager-zhang,wolfe_curvature=2e-4"};
    for (size_t k = 0; k < 4; k++) {
        trial_t trial = trial_of_problem("quadratic:dimension=6,condition=40", methods[k],
                                         "updates=6,gradient_tolerance=0");
        double before = trial_row(&trial).gradient_norm;
        trial_finish(&trial);
        /* Three slopes of 1e-4 let as much of the gradient stay in each direction.  */
        assert_at_most(methods[k], trial_row(&trial).gradient_norm / before, 1e-3);
        trial_close(&trial);
    }
}
END_TEST

/* A bowl that has no value for some evaluations.  */
static int without_value; /* so many from now on */

static double moody(const double x[], double g[]) {
    double f = bowl(x, g);
    return without_value > 0 && without_value-- ? NAN : f;
}

/* A whole search fails, the one along -g does not; then it begins anew, so that the third
   direction is not -g.  */
START_TEST(fallback_descends_and_begins_anew) {
    function_t function = {.n = N, .start = start, .evaluate = moody};
    without_value = 0;
    trial_t trial = trial_of_function(
        &function, "nonlinear_cg:formula=fr,maximum_evaluations=7,restart=2", NULL);
    double x[N], g[N], old[N], d[N];
    memcpy(x, trial_step(&trial), sizeof x);
    double f = bowl(x, old);
    without_value = 7;
    const double *next = trial_step(&trial);
    double t = trial_row(&trial).learning_rate;
    ck_assert_int_eq(without_value, 0);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
    for (size_t i = 0; i < N; i++)
        assert_close(next[i], x[i] - t * old[i], 1e-15);
    memcpy(x, next, sizeof x);
    ck_assert(bowl(x, g) < f);
    double beta = beta_of(0, g, old, old);
    next = trial_step(&trial);
    t = trial_row(&trial).learning_rate;
    for (size_t i = 0; i < N; i++) {
        d[i] = -g[i] - beta * old[i];
        assert_close(next[i], x[i] + t * d[i], 1e-12);
    }
    trial_close(&trial);
}
END_TEST

/* After a step far beyond the minimum, where the gradient is longer and points back, FR
   keeps so much of the old direction that the sum goes up.  */
static double stretched(const double x[], double g[]) {
    if (g) {
        g[0] = x[0];
        g[1] = 30.0 * x[1];
    }
    return 0.5 * x[0] * x[0] + 15.0 * x[1] * x[1];
}

START_TEST(restarts_when_the_direction_goes_up) {
    static const double from[2] = {100.0, 0.1};
    function_t function = {.n = 2, .start = from, .evaluate = stretched};
    trial_t trial = trial_of_function(
        &function, "nonlinear_cg:formula=fr,maximum_evaluations=1,restart=100", NULL);
    bool went_up = false;
    double x[2], g[2], old[2], d[2];
    memcpy(x, from, sizeof x);
    stretched(x, g);
    for (size_t i = 0; i < 2; i++)
        d[i] = -g[i];
    for (int k = 0; k < 20 && !went_up; k++) {
        memcpy(x, trial_step(&trial), sizeof x);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
        memcpy(old, g, sizeof old);
        stretched(x, g);
        double beta = (g[0] * g[0] + g[1] * g[1]) / (old[0] * old[0] + old[1] * old[1]);
        for (size_t i = 0; i < 2; i++)
            d[i] = -g[i] + beta * d[i];
        went_up = g[0] * d[0] + g[1] * d[1] >= 0.0;
    }
    ck_assert(went_up);
    const double *next = trial_step(&trial);
    double t = trial_row(&trial).learning_rate;
    for (size_t i = 0; i < 2; i++)
        assert_close(next[i], x[i] - t * g[i], 1e-12);
    trial_close(&trial);
}
END_TEST

START_TEST(solves_rosenbrock) {
    static const char *const methods[] = {
        "nonlinear_cg:formula=fr", "nonlinear_cg:formula=pr+", "nonlinear_cg:formula=hs",
        "nonlinear_cg", "nonlinear_cg:line_search=hager-zhang,restart=20"};
    for (size_t k = 0; k < 5; k++) {
        trial_t trial = trial_of_problem("rosenbrock:dimension=10", methods[k],
                                         "gradient_tolerance=1e-8,updates=500");
        ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
        printf("%s: %zu updates, %zu evaluations\n", methods[k],
               gradus_run_updates(trial.run), trial_row(&trial).gradient_evaluations);
        for (size_t i = 0; i < 10; i++)
            assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
        trial_close(&trial);
    }
}
END_TEST

TEST_MAIN("nonlinear_cg", directions_are_those_of_the_formulas, n_updates_solve_a_quadratic,
          fallback_descends_and_begins_anew, restarts_when_the_direction_goes_up,
          solves_rosenbrock)
