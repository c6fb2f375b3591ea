/* lbfgs: its direction against dense BFGS, its pairs, its fallback and its reasons.  */

#include "../function.h"
#include "core/method.h"
#include "core/oracle.h"
#include "core/problem.h"
#include "core/state.h"

enum { N = 3, LONGEST_HISTORY = 16 };

/* The method driven by hand on a function, so that its state can be read.  */
typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_oracle oracle;
    gradus_state state;
    void *self;
    double x[N], g[N], f;
    gradus_report report;
} bench_t;

extern const gradus_method_type gradus_method_lbfgs;

static void look(bench_t *b) {
    assert_ok(gradus_oracle_gradient(&b->oracle, b->x, &b->f, b->g));
}

static void set_up(bench_t *b, function_t *function, const char *options) {
    *b = (bench_t){0};
    assert_ok(gradus_problem_wrap(&b->problem, &function_type, function, 1, NULL));
    assert_ok(gradus_method_open(&b->method, &gradus_method_lbfgs, options, NULL));
    assert_ok(gradus_oracle_open(&b->oracle, b->problem, true, 1));
    b->self = calloc(1, gradus_method_lbfgs.size);
    assert_ok(gradus_method_lbfgs.open(b->self, b->method->settings.values, &b->oracle,
                                       &b->state, NULL));
    memcpy(b->x, function->start, function->n * sizeof *b->x);
    look(b);
}

static void step(bench_t *b) {
    b->report = (gradus_report){.learning_rate = NAN};
    assert_ok(gradus_method_lbfgs.step(b->self, &b->oracle, b->x, &b->report));
    look(b);
}

static size_t pairs(const bench_t *b) {
    for (const gradus_item *item = b->state.first; item; item = item->next)
        if (item->name && strcmp(item->name, "pairs") == 0)
            return *(const size_t *)item->data;
    ck_abort_msg("there is no state 'pairs'");
    return 0;
}

static void tear_down(bench_t *b) {
    free(b->self);
    gradus_state_release(&b->state);
    gradus_oracle_close(&b->oracle);
    gradus_method_close(b->method);
    gradus_problem_close(b->problem);
}

/* ---- Direction ---- */

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

/* With a Hessian far below 1, so that the first pair has less curvature than H promises.  */
static double shallow_bowl(const double x[], double g[]) {
    double f = bowl(x, g);
    for (size_t i = 0; g && i < N; i++)
        g[i] *= 0.01;
    return 0.01 * f;
}

static const double bowl_start[N] = {2.385, -1.717, 0.831};

typedef struct {
    double s[N], y[N];
} pair_t;

static double dot(const double a[N], const double b[N]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* D = -H G with the dense H that the BFGS formula makes of GAMMA I and the pairs, oldest
   first.  */
static void dense_direction(const pair_t pair[], size_t count, double gamma,
                            const double g[N], double d[N]) {
    double h[N][N] = {{0}};
    for (size_t i = 0; i < N; i++)
        h[i][i] = gamma;
    for (size_t k = 0; k < count; k++) {
        const double *s = pair[k].s, *y = pair[k].y;
        double rho = 1.0 / dot(s, y), hy[N];
        for (size_t i = 0; i < N; i++)
            hy[i] = dot(h[i], y);
        double factor = rho * rho * dot(y, hy) + rho;
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++)
                h[i][j] += factor * s[i] * s[j] - rho * (hy[i] * s[j] + s[i] * hy[j]);
    }
    for (size_t i = 0; i < N; i++)
        d[i] = -dot(h[i], g);
}

static double ratio(const pair_t *pair) {
    return dot(pair->s, pair->y) / dot(pair->y, pair->y);
}

/* Powell's damping with B s = -t g; says whether there was any.  */
static bool damp(pair_t *pair, double t, const double g[N]) {
    double sy = dot(pair->s, pair->y), sbs = -t * dot(pair->s, g);
    double theta = 0.8 * sbs / (sbs - sy);
    if (sy >= 0.2 * sbs)
        return false;
    for (size_t i = 0; i < N; i++)
        pair->y[i] = theta * pair->y[i] - (1.0 - theta) * t * g[i];
    return true;
}

typedef enum { EVERY, FIRST, NONE } scaling_t;

/* The largest relative error of the directions over some updates; *DAMPED, unless it is NULL,
   becomes how many pairs were, on the shallow bowl.  */
static double compare(const char *options, size_t memory, size_t updates, scaling_t scaling,
                      size_t *damped) {
    function_t function = {
        .n = N, .start = bowl_start, .evaluate = damped ? shallow_bowl : bowl};
    pair_t history[LONGEST_HISTORY];
    bench_t b;
    double worst = 0.0;
    set_up(&b, &function, options);
    for (size_t k = 0; k < updates; k++) {
        double x[N], g[N], want[N], size = 0.0, error = 0.0;
        memcpy(x, b.x, sizeof x);
        memcpy(g, b.g, sizeof g);
        size_t first = k > memory ? k - memory : 0;
        for (size_t i = 0; i < N; i++)
            want[i] = -g[i];
        if (k > 0)
            dense_direction(history + first, k - first,
                            scaling == EVERY   ? ratio(&history[k - 1])
                            : scaling == FIRST ? ratio(&history[0])
                                               : 1.0,
                            g, want);
        step(&b);
        ck_assert_int_eq(b.report.stop, GRADUS_RUNNING);
        ck_assert_uint_eq(pairs(&b), k + 1 < memory ? k + 1 : memory);
        for (size_t i = 0; i < N; i++) {
            history[k].s[i] = b.x[i] - x[i];
            history[k].y[i] = b.g[i] - g[i];
            double e = history[k].s[i] / b.report.learning_rate - want[i];
            error += e * e;
            size += want[i] * want[i];
        }
        if (damped)
            *damped += damp(&history[k], b.report.learning_rate, g);
        worst = fmax(worst, sqrt(error / size));
    }
    tear_down(&b);
    return worst;
}

/* The direction is read off a difference of points, 1e-16 relative to the point; the last
   of these steps are above 1e-5 of it, and H has a condition below 100.  */
START_TEST(direction_is_that_of_dense_bfgs) {
    assert_at_most("memory not full", compare("memory=10", 10, 8, EVERY, NULL), 1e-9);
    assert_at_most("memory full", compare("memory=2", 2, 8, EVERY, NULL), 1e-9);
    assert_at_most("memory of one", compare("memory=1", 1, 8, EVERY, NULL), 1e-9);
    assert_at_most("scaled once", compare("memory=3,scaling=first", 3, 8, FIRST, NULL),
                   1e-9);
    assert_at_most("scaled once, memory of one",
                   compare("memory=1,scaling=first", 1, 8, FIRST, NULL), 1e-9);
    assert_at_most("not scaled", compare("memory=3,scaling=none", 3, 8, NONE, NULL), 1e-9);
    size_t damped = 0;
    assert_at_most("damped",
                   compare("pairs=damped,scaling=first,line_search=backtracking", 10, 8,
                           FIRST, &damped),
                   1e-9);
    printf("%zu pairs damped\n", damped);
    ck_assert_uint_gt(damped, 0);
}
END_TEST

/* The two loops as they are written in the book, on vectors, for more pairs than one pass
   takes up.  */
enum { LARGE = 30, MANY = 40 };

typedef struct {
    double s[MANY][LARGE], y[MANY][LARGE];
} history_t;

static double large_dot(const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t i = 0; i < LARGE; i++)
        sum += a[i] * b[i];
    return sum;
}

static void two_loops(const history_t *h, size_t count, const double g[], double d[]) {
    double alpha[MANY], gamma = 1.0;
    for (size_t i = 0; i < LARGE; i++)
        d[i] = -g[i];
    for (size_t k = count; k-- > 0;) {
        alpha[k] = large_dot(h->s[k], d) / large_dot(h->s[k], h->y[k]);
        for (size_t i = 0; i < LARGE; i++)
            d[i] -= alpha[k] * h->y[k][i];
    }
    if (count > 0)
        gamma = large_dot(h->s[count - 1], h->y[count - 1]) /
                large_dot(h->y[count - 1], h->y[count - 1]);
    for (size_t i = 0; i < LARGE; i++)
        d[i] *= gamma;
    for (size_t k = 0; k < count; k++) {
        double beta = large_dot(h->y[k], d) / large_dot(h->s[k], h->y[k]);
        for (size_t i = 0; i < LARGE; i++)
            d[i] += (alpha[k] - beta) * h->s[k][i];
    }
}

/* Two ways to sum what cancels in part: with a Hessian of condition 1e3 or so, 1e-16 becomes
   1e-10 at most.  */
START_TEST(direction_is_that_of_the_two_loops) {
    history_t *h = calloc(1, sizeof *h);
    gradus_batch all = {.count = 1};
    double x[LARGE], g[LARGE], f, worst = 0.0;
    trial_t trial =
        trial_of_problem("rosenbrock_chained:dimension=30", "lbfgs:memory=50", NULL);
    const gradus_problem_type *type = gradus_problem_get_type(trial.problem);
    ck_assert_ptr_nonnull(h);
    for (size_t k = 0; k < MANY; k++) {
        double d[LARGE], there[LARGE], error = 0.0;
        memcpy(x, gradus_run_parameters(trial.run), sizeof x);
        assert_ok(type->evaluate(trial.problem->self, &all, x, &f, g));
        two_loops(h, k, g, d);
        const double *moved = trial_step(&trial);
        assert_ok(type->evaluate(trial.problem->self, &all, moved, &f, there));
        double t = trial_row(&trial).learning_rate;
        for (size_t i = 0; i < LARGE; i++) {
            h->s[k][i] = moved[i] - x[i];
            h->y[k][i] = there[i] - g[i];
            double e = h->s[k][i] / t - d[i];
            error += e * e;
        }
        worst = fmax(worst, sqrt(error / large_dot(d, d)));
    }
    assert_at_most("two loops", worst, 1e-10);
    trial_close(&trial);
    free(h);
}
END_TEST

/* ---- Pairs ---- */

/* Concave in the first coordinate near 0.  */
static double saddle(const double x[], double g[]) {
    if (g) {
        g[0] = -x[0] + 0.1 * x[0] * x[0] * x[0];
        g[1] = 0.4 * x[1];
        g[2] = 0.0;
    }
    return -0.5 * x[0] * x[0] + 0.025 * x[0] * x[0] * x[0] * x[0] + 0.2 * x[1] * x[1];
}

/* With one evaluation the first step (of 1, the gradient being shorter than that) is taken
   although the slope gets steeper: s'y < 0.  */
START_TEST(pair_of_negative_curvature_is_skipped) {
    static const double start[N] = {0.385, 0.717, 0.0};
    function_t function = {.n = N, .start = start, .evaluate = saddle};
    bench_t b;
    set_up(&b, &function, "maximum_evaluations=1");
    double g[N];
    memcpy(g, b.g, sizeof g);
    step(&b);
    ck_assert_int_eq(b.report.stop, GRADUS_RUNNING);
    double curvature = 0.0;
    for (size_t i = 0; i < N; i++)
        curvature += (b.x[i] - start[i]) * (b.g[i] - g[i]);
    printf("s'y = %.3g\n", curvature);
    ck_assert(curvature < 0.0);
    ck_assert_uint_eq(pairs(&b), 0);
    tear_down(&b);
    set_up(&b, &function, "maximum_evaluations=1,pairs=damped");
    step(&b);
    ck_assert_uint_eq(pairs(&b), 1);
    double f = b.f;
    step(&b); /* and it goes on downhill */
    ck_assert_int_eq(b.report.stop, GRADUS_RUNNING);
    ck_assert(b.f < f);
    tear_down(&b);
}
END_TEST

/* ---- Fallback ---- */

/* A bowl that has no value at one evaluation.  */
static int evaluations, without_value; /* of moody */

static double moody(const double x[], double g[]) {
    double f = bowl(x, g);
    return ++evaluations == without_value ? NAN : f;
}

/* Evaluation 1 is the start, 2 the first trial, 3 the trial along -H g, 4 that along -g. */
START_TEST(fallback_descends) {
    function_t function = {.n = N, .start = bowl_start, .evaluate = moody};
    bench_t b;
    evaluations = 0;
    without_value = 3;
    set_up(&b, &function, "maximum_evaluations=1");
    step(&b);
    ck_assert_uint_eq(pairs(&b), 1);
    double x[N], g[N], f = b.f;
    memcpy(x, b.x, sizeof x);
    memcpy(g, b.g, sizeof g);
    step(&b);
    ck_assert_int_eq(evaluations, 4);
    ck_assert_int_eq(b.report.stop, GRADUS_RUNNING);
    ck_assert_uint_eq(pairs(&b), 1); /* the old one is gone */
    double t = fmin(1.0, 1.0 / sqrt(dot(g, g)));
    assert_close(b.report.learning_rate, t, 1e-15);
    for (size_t i = 0; i < N; i++)
        assert_close(b.x[i], x[i] - t * g[i], 1e-15);
    ck_assert(b.f < f);
    tear_down(&b);
}
END_TEST

/* ---- Reasons ---- */

/* The gradient has the wrong sign within a radius.  */
static double traitor(const double x[], double g[]) {
    double f = bowl(x, g);
    for (size_t i = 0; g && i < N && dot(x, x) < 2.0; i++)
        g[i] = -g[i];
    return f;
}

START_TEST(wrong_gradient_stops_at_the_last_point) {
    function_t function = {.n = N, .start = bowl_start, .evaluate = traitor};
    trial_t trial = trial_of_function(&function, "lbfgs", NULL);
    double last[N];
    do {
        memcpy(last, gradus_run_parameters(trial.run), sizeof last);
        trial_step(&trial);
    } while (gradus_run_stop(trial.run) == GRADUS_RUNNING &&
             gradus_run_updates(trial.run) < 100);
    printf("stopped after %zu updates\n", gradus_run_updates(trial.run));
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_SIGN);
    ck_assert_uint_gt(gradus_run_updates(trial.run), 0);
    ck_assert(memcmp(last, gradus_run_parameters(trial.run), sizeof last) == 0);
    trial_close(&trial);
}
END_TEST

/* With a constant the value cannot tell points nearer than 1e-8 apart.  */
static double raised(const double x[], double g[]) { return 1e3 + bowl(x, g); }

START_TEST(says_rounding_at_the_floor) {
    static const char *const problems[] = {"rosenbrock", "rosenbrock:dimension=10",
                                           "quadratic"};
    for (size_t k = 0; k < 3; k++) {
        trial_t trial =
            trial_of_problem(problems[k], "lbfgs", "gradient_tolerance=0,updates=1000");
        gradus_stop stop = trial_finish(&trial); /* a gradient of zero is luck */
        ck_assert(stop == GRADUS_FAIL_ROUNDING || stop == GRADUS_FAIL_STATIONARY);
        assert_at_most("value at the floor", trial_row(&trial).train_value, 1e-25);
        trial_close(&trial);
    }
    function_t function = {.n = N, .start = bowl_start, .evaluate = raised};
    trial_t trial =
        trial_of_function(&function, "lbfgs", "gradient_tolerance=0,updates=1000");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_ROUNDING);
    /* A decrease of g^2 / 2 with the Hessian near 1 is below 1e-13 from here on.  */
    assert_at_most("gradient at the floor", trial_row(&trial).gradient_norm, 1e-6);
    trial_close(&trial);
}
END_TEST

/* Where the search of More and Thuente ends, that of Hager and Zhang goes on: the decrease
   it wants is in the slopes.  */
START_TEST(slopes_lead_below_the_floor) {
    static const char *const methods[] = {"lbfgs", "lbfgs:line_search=hager-zhang"};
    double gradient[2], value[2];
    function_t function = {.n = N, .start = bowl_start, .evaluate = raised};
    for (size_t k = 0; k < 2; k++) {
        trial_t trial =
            trial_of_function(&function, methods[k], "gradient_tolerance=0,updates=1000");
        ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_ROUNDING);
        gradient[k] = trial_row(&trial).gradient_norm;
        value[k] = trial_row(&trial).train_value;
        printf("%s: gradient %.3g after %zu updates\n", methods[k], gradient[k],
               gradus_run_updates(trial.run));
        trial_close(&trial);
    }
    ck_assert(gradient[0] > 1e-9);
    /* The gradient is a sum of terms of size 1.  */
    assert_at_most("gradient", gradient[1], 1e-14);
    assert_at_most("rise of the value", value[1] - value[0], 1e-12 * value[0]);
}
END_TEST

static double nowhere(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[1] = NAN;
    return f;
}

START_TEST(not_finite_at_the_start_is_divergence) {
    function_t function = {.n = N, .start = bowl_start, .evaluate = nowhere};
    trial_t trial = trial_of_function(&function, "lbfgs", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
    ck_assert(memcmp(x, bowl_start, sizeof bowl_start) == 0);
    trial_close(&trial);
}
END_TEST

/* ---- Solving ---- */

/* At a gradient of 1e-8 and eigenvalues of 0.4 and 1000 the error is below 1e-7.  */
START_TEST(solves_rosenbrock) {
    trial_t trial = trial_of_problem("rosenbrock:dimension=100", "lbfgs",
                                     "gradient_tolerance=1e-8,updates=200");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    gradus_row row = trial_row(&trial);
    printf("rosenbrock: %zu updates, %zu evaluations\n", row.update,
           row.gradient_evaluations);
    for (size_t i = 0; i < 100; i++)
        assert_close(gradus_run_parameters(trial.run)[i], 1.0, 1e-7);
    trial_close(&trial);
}
END_TEST

/* -log of the distances to the walls of a box, and a force towards a corner.  */
static double box(const double x[], double g[]) {
    static const double force[N] = {500.0, -30.0, 2.0};
    double f = 0.0;
    for (size_t i = 0; i < N; i++) {
        f -= log(1.0 - x[i]) + log(1.0 + x[i]) + force[i] * x[i];
        if (g)
            g[i] = 1.0 / (1.0 - x[i]) - 1.0 / (1.0 + x[i]) - force[i];
    }
    return f;
}

START_TEST(stays_in_the_domain) {
    static const double start[N] = {-0.9, 0.9, 0.0}, force[N] = {500.0, -30.0, 2.0};
    function_t function = {.n = N, .start = start, .evaluate = box};
    trial_t trial =
        trial_of_function(&function, "lbfgs", "gradient_tolerance=1e-3,updates=200");
    ck_assert_int_eq(trial_finish(&trial), GRADUS_STOP_GRADIENT);
    /* 2 x / (1 - x^2) = force; the Hessian is at least 2.  A gradient of 1e-4 is the least
       that values of 500 can show: it is worth g^2 / 2 h = 2e-14 at the wall.  */
    for (size_t i = 0; i < N; i++) {
        double want = (sqrt(1.0 + force[i] * force[i]) - 1.0) / force[i];
        assert_close(gradus_run_parameters(trial.run)[i], want, 5e-4);
    }
    trial_close(&trial);
}
END_TEST

TEST_MAIN("lbfgs", direction_is_that_of_dense_bfgs, direction_is_that_of_the_two_loops,
          pair_of_negative_curvature_is_skipped, fallback_descends,
          wrong_gradient_stops_at_the_last_point, says_rounding_at_the_floor,
          slopes_lead_below_the_floor, not_finite_at_the_start_is_divergence,
          solves_rosenbrock, stays_in_the_domain)
