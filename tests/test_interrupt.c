/* An interrupt in the middle of an update, at every evaluation that every method makes: the
   evaluation at hand is the last one, and the run is where an update has brought it.  */

#include "core/problem.h"
#include "core/run.h"
#include "specs.h"

enum { UPDATES = 4, LARGEST = 128 };

/* ---- A problem that counts what it is asked, and interrupts at one of its answers ---- */

static gradus_problem_type hooked;
static const gradus_problem_type *real;
static gradus_run *watched;
static size_t asked, interrupt_at; /* 0: never */

static void count(void) {
    if (++asked == interrupt_at)
        gradus_run_interrupt(watched);
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]) {
    count();
    return real->evaluate(self, batch, x, value, gradient);
}

static gradus_err product(void *self, const gradus_batch *batch, const double x[],
                          const double v[], double result[]) {
    count();
    return real->product(self, batch, x, v, result);
}

static gradus_err gauss_newton(void *self, const gradus_batch *batch, const double x[],
                               const double v[], double result[]) {
    count();
    return real->gauss_newton(self, batch, x, v, result);
}

static gradus_err hessian(void *self, const gradus_batch *batch, const double x[],
                          double matrix[]) {
    count();
    return real->hessian(self, batch, x, matrix);
}

static gradus_err diagonal(void *self, const gradus_batch *batch, const double x[],
                           double entries[]) {
    count();
    return real->diagonal(self, batch, x, entries);
}

static gradus_err prepare(void *self, const gradus_batch *batch, const double x[],
                          double damping, double memory[]) {
    count();
    return real->prepare(self, batch, x, damping, memory);
}

static gradus_err precondition(void *self, double memory[], const double v[],
                               double result[]) {
    count();
    return real->precondition(self, memory, v, result);
}

static gradus_err ray(void *self, const gradus_batch *batch, const double x[],
                      const double direction[]) {
    count();
    return real->ray(self, batch, x, direction);
}

static gradus_err along(void *self, double step, double *value, double *slope) {
    count();
    return real->along(self, step, value, slope);
}

static gradus_err inputs(void *self, const gradus_batch *batch, const double x[],
                         double *const rows[]) {
    count();
    return real->inputs(self, batch, x, rows);
}

static gradus_err signals(void *self, const gradus_batch *batch, gradus_stream *targets,
                          const double x[], double *const rows[], double *const out[]) {
    count();
    return real->signals(self, batch, targets, x, rows, out);
}

static gradus_err mapped_gradient(void *self, const gradus_batch *batch, const double x[],
                                  gradus_mapping *mapping, double *value, double g[]) {
    count();
    return real->mapped_gradient(self, batch, x, mapping, value, g);
}

static void hook(gradus_problem *problem) {
    hooked = *(real = problem->type);
#define HOOK(entry) hooked.entry = real->entry ? entry : NULL
    HOOK(evaluate), HOOK(product), HOOK(gauss_newton), HOOK(hessian), HOOK(diagonal);
    HOOK(prepare), HOOK(precondition), HOOK(ray), HOOK(along), HOOK(inputs);
    HOOK(signals), HOOK(mapped_gradient);
    problem->type = &hooked;
}

/* ---- Runs ---- */

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    size_t n;
} bench_t;

/* False when the three do not go together.  */
static bool open_bench(bench_t *b, const char *problem, const char *method,
                       const char *options) {
    char spec[SPEC_SIZE], all[SPEC_SIZE];
    gradus_error why;
    *b = (bench_t){0};
    snprintf(all, sizeof all, "seed=3,gradient_tolerance=0%s", options);
    assert_ok(gradus_problem_create(&b->problem, small_spec(problem, spec), 1, &why));
    ck_assert_msg(!gradus_method_create(&b->method, method, &why), "%s", why.text);
    b->n = gradus_problem_dimension(b->problem);
    ck_assert_uint_le(b->n, LARGEST);
    hook(b->problem);
    asked = interrupt_at = 0;
    gradus_err err = gradus_run_open(&b->run, b->problem, b->method, NULL, all, &why);
    watched = b->run;
    return !err;
}

static void close_bench(bench_t *b) {
    b->problem->type = real;
    gradus_run_close(b->run);
    gradus_method_close(b->method);
    gradus_problem_close(b->problem);
}

typedef struct {
    double x[UPDATES + 1][LARGEST]; /* after every update */
    size_t before[UPDATES + 1];     /* answers when a step begins */
    size_t after[UPDATES + 1];      /* and when it ends */
    size_t updates;
} path_t;

static void follow(bench_t *b, path_t *path) {
    const double *x = gradus_run_parameters(b->run);
    memcpy(path->x[0], x, b->n * sizeof *x);
    while (path->updates < UPDATES && gradus_run_test(b->run) == GRADUS_RUNNING) {
        path->before[path->updates] = asked;
        assert_ok(gradus_run_step(b->run, NULL));
        path->after[path->updates] = asked;
        if (gradus_run_updates(b->run) == path->updates)
            break;
        memcpy(path->x[++path->updates], x, b->n * sizeof *x);
    }
}

/* A run that is interrupted has nothing more to be asked, and does not move.  */
static void check_end(bench_t *b, const char *what, const path_t *path, size_t update) {
    gradus_row row;
    size_t updates = gradus_run_updates(b->run);
    ck_assert_msg(updates == update || updates == update + 1, "%s: %zu updates", what,
                  updates);
    ck_assert_msg(
        memcmp(gradus_run_parameters(b->run), path->x[updates], b->n * sizeof(double)) == 0,
        "%s: not where update %zu ends", what, updates);
    ck_assert_msg(gradus_run_abandoned(b->run) == (updates == update), "%s", what);
    ck_assert_int_eq(gradus_run_test(b->run), GRADUS_STOP_INTERRUPTED);
    assert_ok(gradus_run_measure(b->run, true, &row, NULL));
    ck_assert_uint_eq(row.update, updates);
    ck_assert(isfinite(row.train_value));
    size_t before = asked;
    assert_ok(gradus_run_step(b->run, NULL));
    ck_assert_uint_eq(asked, before);
    ck_assert_uint_eq(gradus_run_updates(b->run), updates);
    ck_assert_int_eq(gradus_run_stop(b->run), GRADUS_STOP_INTERRUPTED);
}

/* At answer K, which the step of UPDATE asks for.  */
static bool interrupt(const char *what, const char *problem, const char *method,
                      const char *options, const path_t *path, size_t update, size_t k) {
    bench_t b;
    open_bench(&b, problem, method, options);
    interrupt_at = k;
    for (size_t i = 0; i <= update; i++) {
        ck_assert_int_eq(gradus_run_test(b.run), GRADUS_RUNNING);
        assert_ok(gradus_run_step(b.run, NULL));
    }
    ck_assert_msg(asked == k, "%s: asked %zu times after answer %zu", what, asked - k, k);
    check_end(&b, what, path, update);
    bool abandoned = gradus_run_abandoned(b.run);
    close_bench(&b);
    return abandoned;
}

typedef struct {
    size_t runs, interrupted, abandoned;
} tally_t;

static void check(const char *problem, const char *method, const char *options,
                  tally_t *tally) {
    static path_t path;
    char what[3 * SPEC_SIZE];
    bench_t b;
    bool fits = open_bench(&b, problem, method, options);
    path = (path_t){0};
    if (fits)
        follow(&b, &path);
    close_bench(&b);
    if (!fits)
        return;
    tally->runs++;
    for (size_t update = 0; update < path.updates; update++)
        for (size_t k = path.before[update] + 1; k <= path.after[update]; k++) {
            snprintf(what, sizeof what, "%s on %s%s, update %zu, answer %zu", method,
                     problem, options, update, k);
            tally->interrupted++;
            tally->abandoned += interrupt(what, problem, method, options, &path, update, k);
        }
}

static const char *const problems[] = {"softmax",   "logistic", "rosenbrock",
                                       "quadratic", "network",  "normalised"};
static const char *const run_options[] = {
    "", ",batch=7", ",coordinates=whitened,whitening_interval=2",
    ",batch=7,coordinates=whitened,whitening_interval=2,whitening_samples=20"};

START_TEST(every_method_at_every_evaluation) {
    tally_t all = {0};
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++) {
        tally_t tally = {0};
        char spec[SPEC_SIZE];
        for (size_t j = 0; j < sizeof problems / sizeof *problems; j++)
            for (size_t k = 0; k < sizeof run_options / sizeof *run_options; k++)
                check(problems[j],
                      small_method(gradus_method_types[i]->name, problems[j], spec),
                      run_options[k], &tally);
        printf("%s: %zu runs, %zu interrupts, %zu inside an update\n",
               gradus_method_types[i]->name, tally.runs, tally.interrupted,
               tally.abandoned);
        ck_assert_uint_gt(tally.interrupted, 0);
        all.abandoned += tally.abandoned;
    }
    ck_assert_uint_gt(all.abandoned, 0);
    remove_specs();
}
END_TEST

/* Between two updates nothing is lost: the run could be saved.  */
START_TEST(between_updates) {
    bench_t b;
    make_specs();
    ck_assert(open_bench(&b, "softmax", "lbfgs", ""));
    ck_assert_int_eq(gradus_run_test(b.run), GRADUS_RUNNING);
    gradus_run_interrupt(b.run);
    size_t before = asked;
    assert_ok(gradus_run_step(b.run, NULL));
    ck_assert_uint_eq(asked, before);
    ck_assert(!gradus_run_abandoned(b.run));
    ck_assert_uint_eq(gradus_run_updates(b.run), 0);
    ck_assert_int_eq(gradus_run_stop(b.run), GRADUS_STOP_INTERRUPTED);
    close_bench(&b);
    remove_specs();
}
END_TEST

/* A method of the caller's own that hides what the oracle says.  */
typedef struct {
    double *g;
} stubborn_t;

static gradus_err stubborn_open(void *self, const void *params, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    (void)params, (void)why;
    ((stubborn_t *)self)->g =
        gradus_state_vector(state, "g", gradus_oracle_dimension(oracle));
    return GRADUS_OK;
}

static gradus_err stubborn_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    double value, *g = ((stubborn_t *)self)->g;
    (void)report;
    for (int i = 0; i < 5; i++) {
        x[0] += 0.5;
        gradus_oracle_gradient(oracle, x, &value, g);
    }
    return GRADUS_OK;
}

START_TEST(what_the_oracle_refused_is_remembered) {
    static const gradus_param none[] = {{0}};
    const gradus_method_type stubborn = {.name = "stubborn",
                                         .size = sizeof(stubborn_t),
                                         .params = none,
                                         .open = stubborn_open,
                                         .step = stubborn_step};
    bench_t b = {0};
    gradus_error why;
    assert_ok(gradus_problem_create(&b.problem, "rosenbrock", 1, &why));
    assert_ok(gradus_method_open(&b.method, &stubborn, NULL, &why));
    hook(b.problem);
    assert_ok(gradus_run_open(&b.run, b.problem, b.method, NULL, NULL, &why));
    watched = b.run;
    asked = 0;
    interrupt_at = 2;
    assert_ok(gradus_run_step(b.run, &why));
    ck_assert_uint_eq(asked, 2);
    ck_assert(gradus_run_abandoned(b.run));
    ck_assert(gradus_run_parameters(b.run)[0] == -1.2);
    ck_assert_int_eq(gradus_run_stop(b.run), GRADUS_STOP_INTERRUPTED);
    close_bench(&b);
}
END_TEST

TEST_MAIN("interrupt", every_method_at_every_evaluation, between_updates,
          what_the_oracle_refused_is_remembered)
