/* scaled_cg: the paper's algorithm step by step, conjugacy on a quadratic, restarts, the
   fallback and the reasons.  */

#include "../function.h"

#include <float.h>

enum { N = 3 };

/* Not convex: curvatures of both signs, trials that fail, and minima on both sides.  */
static double hills(const double x[], double g[]) {
    double a = x[0] * x[0] - 2.1, b = x[1] - 0.4 * x[0] * x[0], c = sin(1.3 * x[2]);
    if (g) {
        g[0] = 4.0 * x[0] * a - 5.6 * b * x[0];
        g[1] = 7.0 * b + 0.3 * c;
        g[2] = 0.39 * x[1] * cos(1.3 * x[2]) + 0.9 * x[2];
    }
    return a * a + 3.5 * b * b + 0.3 * x[1] * c + 0.45 * x[2] * x[2];
}

static const double start[N] = {0.185, -2.717, 1.831};

static double dot(const double a[N], const double b[N]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* ---- Moller's algorithm as it is printed, in his letters ---- */

typedef struct {
    double w[N], p[N], r[N];
    double lambda, lambda_bar, delta, sigma;
    bool success;
    int k;
    int made_positive, failed, raised, lowered; /* how often which branch was taken */
} moller_t;

static void begin(moller_t *m, double sigma, double lambda) {
    *m = (moller_t){.sigma = sigma, .lambda = lambda, .success = true, .k = 1};
    memcpy(m->w, start, sizeof m->w);
    hills(m->w, m->r);
    for (size_t i = 0; i < N; i++)
        m->p[i] = m->r[i] = -m->r[i];
}

/* Steps 2 to 9 once.  */
static void iterate(moller_t *m) {
    double pp = dot(m->p, m->p), next[N], g[N], s[N];
    if (m->success) { /* 2 */
        double sigma = m->sigma / sqrt(pp);
        for (size_t i = 0; i < N; i++)
            next[i] = m->w[i] + sigma * m->p[i];
        hills(next, g);
        for (size_t i = 0; i < N; i++)
            s[i] = (g[i] + m->r[i]) / sigma;
        m->delta = dot(m->p, s);
    }
    m->delta += (m->lambda - m->lambda_bar) * pp; /* 3 */
    if (m->delta <= 0.0) {                        /* 4 */
        m->lambda_bar = 2.0 * (m->lambda - m->delta / pp);
        m->delta = -m->delta + m->lambda * pp;
        m->lambda = m->lambda_bar;
        m->made_positive++;
    }
    double mu = dot(m->p, m->r), alpha = mu / m->delta; /* 5 */
    for (size_t i = 0; i < N; i++)
        next[i] = m->w[i] + alpha * m->p[i];
    double change = hills(m->w, NULL) - hills(next, NULL);
    double comparison = 2.0 * m->delta * change / (mu * mu); /* 6 */
    m->success = comparison >= 0.0;                          /* 7 */
    if (m->success) {
        double r[N];
        hills(next, r);
        for (size_t i = 0; i < N; i++)
            r[i] = -r[i];
        m->lambda_bar = 0.0;
        double beta = m->k % N == 0 ? 0.0 : (dot(r, r) - dot(r, m->r)) / mu;
        for (size_t i = 0; i < N; i++)
            m->p[i] = r[i] + beta * m->p[i];
        memcpy(m->w, next, sizeof m->w);
        memcpy(m->r, r, sizeof m->r);
        m->k++;
        if (comparison >= 0.75) {
            m->lambda *= 0.25;
            m->lowered++;
        }
    } else {
        m->lambda_bar = m->lambda;
        m->failed++;
    }
    if (comparison < 0.25) { /* 8 */
        m->lambda += m->delta * (1.0 - comparison) / pp;
        m->raised++;
    }
}

/* Gradients of some tens have errors of 1e-14, their difference over 1e-4 one of 1e-10, and
   so has a step of size 1; this times what twelve of them make of it.  */
START_TEST(steps_are_those_of_the_paper) {
    static const double sigma = 1e-4, lambda = 1e-6;
    function_t function = {.n = N, .start = start, .evaluate = hills};
    trial_t trial = trial_of_function(&function, "scaled_cg:sigma=1e-4,lambda=1e-6",
                                      "gradient_tolerance=0");
    moller_t m;
    begin(&m, sigma, lambda);
    for (int update = 1; update <= 12; update++) {
        const double *x = trial_step(&trial);
        do
            iterate(&m);
        while (!m.success);
        double error = 0.0;
        for (size_t i = 0; i < N; i++)
            error = fmax(error, fabs(x[i] - m.w[i]));
        assert_at_most("difference", error, 1e-7);
    }
    printf("made positive %d times, failed %d, raised %d, lowered %d\n", m.made_positive,
           m.failed, m.raised, m.lowered);
    ck_assert(m.made_positive > 0 && m.failed > 0 && m.raised > 0 && m.lowered > 0);
    trial_close(&trial);
}
END_TEST

/* ---- Where the answer is known ---- */

/* With next to no lambda these are linear conjugate gradients, which need as many updates as
   there are distinct eigenvalues.  The differences have an error of 1e-16 times the gradient,
   some hundreds, over 1e-5: 1e-9, and six steps stretch it.  */
START_TEST(n_updates_solve_a_quadratic) {
    trial_t trial =
        trial_of_problem("quadratic:dimension=6,condition=40", "scaled_cg:lambda=1e-14",
                         "updates=6,gradient_tolerance=0");
    double before = trial_row(&trial).gradient_norm;
    trial_finish(&trial);
    assert_at_most("gradient", trial_row(&trial).gradient_norm / before, 1e-6);
    trial_close(&trial);
}
END_TEST

/* An update is two gradients where nothing fails, the one at its end being the next one's
   first.  */
START_TEST(two_gradients_an_update) {
    trial_t trial = trial_of_problem("quadratic:dimension=20,condition=40", "scaled_cg",
                                     "updates=7,gradient_tolerance=0");
    trial_finish(&trial);
    ck_assert_uint_eq(trial_row(&trial).gradient_evaluations, 15);
    trial_close(&trial);
}
END_TEST

START_TEST(solves_rosenbrock) {
    static const char *const methods[] = {"scaled_cg", "scaled_cg:restart=40",
                                          "scaled_cg:sigma=1e-3,lambda=1e-2"};
    for (size_t k = 0; k < 3; k++) {
        trial_t trial = trial_of_problem("rosenbrock:dimension=10", methods[k],
                                         "gradient_tolerance=1e-8,updates=1000");
        double value = INFINITY;
        while (gradus_run_test(trial.run) == GRADUS_RUNNING) {
            trial_step(&trial);
            double next = trial_row(&trial).train_value;
            ck_assert(next <= value);
            value = next;
        }
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_STOP_GRADIENT);
        printf("%s: %zu updates, %zu evaluations\n", methods[k],
               gradus_run_updates(trial.run), trial_row(&trial).gradient_evaluations);
        for (size_t i = 0; i < 10; i++)
            assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
        trial_close(&trial);
    }
}
END_TEST

/* ---- What the paper does not provide for ---- */

/* -log of the distances to the walls: trials outside have no value, nor has the difference
   of gradients near a wall.  */
static double barrier(const double x[], double g[]) {
    static const double force[N] = {13.0, -7.0, 0.5};
    double f = 0.0;
    for (size_t i = 0; i < N; i++) {
        f -= log(1.0 - x[i]) + log(1.0 + x[i]) + force[i] * x[i];
        if (g) {
            g[i] = 1.0 / (1.0 - x[i]) - 1.0 / (1.0 + x[i]) - force[i];
            g[i] = fabs(x[i]) < 1.0 ? g[i] : NAN;
        }
    }
    return f;
}

START_TEST(stays_in_the_domain) {
    static const double from[N] = {-0.9, 0.1, -0.4};
    static const char *const methods[] = {"scaled_cg", "scaled_cg:sigma=0.5"};
    for (size_t k = 0; k < 2; k++) {
        function_t function = {.n = N, .start = from, .evaluate = barrier};
        trial_t trial =
            trial_of_function(&function, methods[k], "gradient_tolerance=1e-6,updates=500");
        ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
        const double *x = gradus_run_parameters(trial.run);
        printf("%s: %zu updates\n", methods[k], gradus_run_updates(trial.run));
        /* 2 x / (1 - x^2) = force; the Hessian is at least 2.  */
        assert_close(x[0], (sqrt(1.0 + 169.0) - 1.0) / 13.0, 1e-6);
        assert_close(x[1], -(sqrt(1.0 + 49.0) - 1.0) / 7.0, 1e-6);
        assert_close(x[2], (sqrt(1.25) - 1.0) / 0.5, 1e-6);
        trial_close(&trial);
    }
}
END_TEST

/* A landscape that has no value for some evaluations.  */
static int without_value; /* so many from now on */

static double moody(const double x[], double g[]) {
    double f = hills(x, g);
    return without_value > 0 && without_value-- ? NAN : f;
}

/* The difference and all trials of an update fail, the search along -g does not; then the
   method begins anew.  */
START_TEST(fallback_descends_and_begins_anew) {
    function_t function = {.n = N, .start = start, .evaluate = moody};
    without_value = 0;
    trial_t trial = trial_of_function(&function, "scaled_cg:maximum_trials=3", NULL);
    double x[N], g[N];
    memcpy(x, trial_step(&trial), sizeof x);
    double f = hills(x, g);
    without_value = 4;
    for (int k = 0; k < 2; k++) {
        const double *next = trial_step(&trial);
        double t = trial_row(&trial).learning_rate;
        ck_assert_int_eq(without_value, 0);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_RUNNING);
        for (size_t i = 0; i < N; i++)
            assert_close(next[i], x[i] - t * g[i], 1e-14);
        memcpy(x, next, sizeof x);
        ck_assert(hills(x, g) < f);
        f = hills(x, g);
    }
    trial_close(&trial);
}
END_TEST

/* The gradient has the wrong sign within a radius of the minimum (0, 0, 0).  */
static double deceptive(const double x[], double g[]) {
    double square = dot(x, x);
    for (size_t i = 0; g && i < N; i++)
        g[i] = square < 0.09 ? -x[i] : x[i];
    return 1.0 + 0.5 * square;
}

START_TEST(wrong_gradient_stops_at_the_last_point) {
    static const double from[N] = {0.2, 0.1, -0.1};
    function_t function = {.n = N, .start = from, .evaluate = deceptive};
    trial_t trial = trial_of_function(&function, "scaled_cg", NULL);
    const double *x = trial_step(&trial);
    printf("%s\n", gradus_stop_word(gradus_run_stop(trial.run)));
    ck_assert_int_lt(gradus_run_stop(trial.run), 0);
    ck_assert_int_ne(gradus_run_stop(trial.run), GRADUS_FAIL_ROUNDING);
    ck_assert(memcmp(x, from, sizeof from) == 0);
    trial_close(&trial);
}
END_TEST

/* With a constant the value cannot tell points nearer than 1e-8 apart.  */
static double lifted(const double x[], double g[]) { return 7.0 + hills(x, g); }

START_TEST(says_rounding_at_the_floor) {
    function_t function = {.n = N, .start = start, .evaluate = lifted};
    trial_t trial =
        trial_of_function(&function, "scaled_cg", "gradient_tolerance=0,updates=500");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_ROUNDING);
    /* A decrease of g^2 / (2 curvature) below 2e-14, with curvatures up to 30.  */
    assert_at_most("gradient", trial_row(&trial).gradient_norm, 1.2e-6);
    trial_close(&trial);
}
END_TEST

START_TEST(not_finite_at_the_start_is_divergence) {
    function_t function = {.n = N, .start = start, .evaluate = moody};
    without_value = 1;
    trial_t trial = trial_of_function(&function, "scaled_cg", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
    ck_assert(memcmp(x, start, sizeof start) == 0);
    trial_close(&trial);
}
END_TEST

TEST_MAIN("scaled_cg", steps_are_those_of_the_paper, n_updates_solve_a_quadratic,
          two_gradients_an_update, solves_rosenbrock, stays_in_the_domain,
          fallback_descends_and_begins_anew, wrong_gradient_stops_at_the_last_point,
          says_rounding_at_the_floor, not_finite_at_the_start_is_divergence)
