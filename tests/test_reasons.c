/* Every reason of GRADUS_STOP_LIST is provoked, and said; and what ought to be refused is.  */

#include "core/run.h"

#include "function.h"
#include "prong/layered.h"

enum { N = 2, LAST_CODE = 64 };

/* ---- Functions ---- */

static double bowl(const double x[], double g[]) {
    if (g) {
        g[0] = x[0];
        g[1] = 30.0 * x[1];
    }
    return 0.5 * x[0] * x[0] + 15.0 * x[1] * x[1];
}

static double raised(const double x[], double g[]) { return 1e3 + bowl(x, g); }

/* With its minimum between two doubles, so that the gradient is zero at none.  */
static double raised_between(const double x[], double g[]) {
    double y[N] = {x[0] - 0.3, x[1] - 0.7}, f = raised(y, g);
    if (g)
        g[0] += 1e-18;
    return f;
}

static double negated(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[0] = -g[0], g[1] = -g[1];
    return f;
}

static double half_wrong(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[1] = -4.0 * g[1];
    return f;
}

/* A step of length 1 leads beyond the minimum and up.  */
static double steep(const double x[], double g[]) {
    double r = x[1] + 0.6;
    if (g)
        g[0] = x[0], g[1] = 30.0 * r;
    return 0.5 * x[0] * x[0] + 15.0 * r * r;
}

static double constant(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = g[1] = 0.0;
    return 2.385;
}

static double edge(const double x[], double g[]) {
    double slope = x[0] < 0.3 ? -1.0 : 3.7;
    if (g)
        g[0] = slope, g[1] = 0.0;
    return 2.0 + slope * (x[0] - 0.3);
}

static double rough(const double x[], double g[]) {
    uint64_t bits[N];
    memcpy(bits, x, sizeof bits);
    return 1.0 + bowl(x, g) + 1e-7 * noise(bits[0] ^ (bits[1] << 7));
}

static const double start[N] = {1.385, -0.717};

static double lonely(const double x[], double g[]) {
    double f = bowl(x, g);
    return x[0] == start[0] && x[1] == start[1] ? f : NAN;
}

static double nowhere(const double x[], double g[]) {
    bowl(x, g);
    return NAN;
}

static double slide(const double x[], double g[]) {
    if (g)
        g[0] = 1.0, g[1] = -2.0;
    return x[0] - 2.0 * x[1];
}

/* With the gradient comes a value that is not the one without, but at the start.  */
static double moody(const double x[], double g[]) {
    double f = bowl(x, g);
    return g && x[0] != start[0] ? f + 1e3 : f;
}

/* ---- Hessians ---- */

static void bowl_product(const double x[], const double v[], double result[]) {
    (void)x;
    result[0] = v[0];
    result[1] = 30.0 * v[1];
}

static void lopsided(const double x[], const double v[], double result[]) {
    bowl_product(x, v, result);
    result[0] += v[1];
}

static void nan_product(const double x[], const double v[], double result[]) {
    bowl_product(x, v, result);
    result[1] = NAN;
}

static gradus_err flat_hessian(void *self, const gradus_batch *batch, const double x[],
                               double matrix[]) {
    (void)self, (void)batch, (void)x;
    memset(matrix, 0, N * N * sizeof *matrix);
    return GRADUS_OK;
}

static gradus_err lopsided_hessian(void *self, const gradus_batch *batch, const double x[],
                                   double matrix[]) {
    static const double h[N * N] = {1.0, 0.5, 0.0, 30.0};
    (void)self, (void)batch, (void)x;
    memcpy(matrix, h, sizeof h);
    return GRADUS_OK;
}

/* ---- Methods and problems outside the tree ---- */

static gradus_err give_up(void *self, const gradus_batch *batch, const double x[],
                          double *value, double gradient[]) {
    (void)self, (void)batch, (void)x, (void)value, (void)gradient;
    return GRADUS_EIO;
}

static gradus_err helpless_open(void *self, const void *params, gradus_oracle *oracle,
                                gradus_state *state, gradus_error *why) {
    (void)self, (void)params, (void)oracle, (void)state, (void)why;
    return GRADUS_OK;
}

static gradus_err helpless_step(void *self, gradus_oracle *oracle, double x[],
                                gradus_report *report) {
    (void)self, (void)oracle, (void)x;
    report->stop = GRADUS_FAIL_NOT_DESCENT;
    snprintf(report->detail, sizeof report->detail, "%s", "all 3 of them go up");
    return GRADUS_OK;
}

static const gradus_method_type helpless = {
    .name = "helpless", .size = 1, .open = helpless_open, .step = helpless_step};

/* ---- The table ---- */

typedef struct {
    gradus_stop want;
    const char *method, *options;
    double (*evaluate)(const double x[], double g[]);
    void (*product)(const double x[], const double v[], double result[]);
    gradus_err (*hessian)(void *self, const gradus_batch *batch, const double x[],
                          double matrix[]);
    const char *detail; /* part of it */
} provocation_t;

#define OFF "gradient_tolerance=0,updates=1000"
static const provocation_t table[] = {
    {GRADUS_FAIL_ASYMMETRIC, "newton_cg", "probe=yes", bowl, lopsided, NULL, "differ by"},
    {GRADUS_FAIL_ASYMMETRIC, "newton", "probe=yes", bowl, NULL, lopsided_hessian, "differ"},
    {GRADUS_FAIL_HESSIAN, "newton_cg", "probe=yes", bowl, nan_product, NULL, ""},
    {GRADUS_FAIL_NOISE, "lbfgs", OFF, rough, NULL, NULL, "at a distance of"},
    {GRADUS_FAIL_KINK, "lbfgs", OFF, edge, NULL, NULL, "3.7"},
    {GRADUS_FAIL_NOT_FINITE, "bfgs", NULL, lonely, NULL, NULL, "the value is not a number"},
    {GRADUS_FAIL_UNBOUNDED, "lbfgs", NULL, slide, NULL, NULL, "1e+300"},
    {GRADUS_FAIL_UNBOUNDED, "nonlinear_cg", NULL, slide, NULL, NULL, "1e+300"},
    {GRADUS_FAIL_SEARCH_EVALUATIONS, "lbfgs:maximum_evaluations=1", NULL, steep, NULL, NULL,
     "would be lower by"},
    {GRADUS_FAIL_SIGN, "lbfgs", NULL, negated, NULL, NULL, "relative error of 2"},
    {GRADUS_FAIL_SIGN, "newton_cg", NULL, negated, bowl_product, NULL, "error of 2"},
    {GRADUS_FAIL_GRADIENT, "bfgs", NULL, half_wrong, NULL, NULL, "worst at x[1]: 86"},
    {GRADUS_FAIL_STATIONARY, "lbfgs", OFF, constant, NULL, NULL, ""},
    {GRADUS_FAIL_STATIONARY, "nonlinear_cg", OFF, constant, NULL, NULL, ""},
    {GRADUS_FAIL_SINGULAR, "newton:safeguard=no", NULL, bowl, NULL, flat_hessian, ""},
    {GRADUS_FAIL_ROUNDING, "lbfgs", OFF, raised, NULL, NULL, "slope along -g"},
    {GRADUS_FAIL_ROUNDING, "bfgs:line_search=hager-zhang", OFF, raised_between, NULL, NULL,
     "slope"},
    {GRADUS_FAIL_LINE_SEARCH, "lbfgs", NULL, moody, NULL, NULL, "would be lower by"},
    {GRADUS_FAIL_DIVERGED, "sgd:learning_rate=1e3", NULL, bowl, NULL, NULL, "value inf"},
    {GRADUS_FAIL_START, "lbfgs", NULL, nowhere, NULL, NULL, "value nan"},
    {GRADUS_FAIL_START, "adam", NULL, nowhere, NULL, NULL, "value nan"},
    {GRADUS_STOP_GRADIENT, "lbfgs", NULL, bowl, NULL, NULL, ""},
    {GRADUS_STOP_GRADIENT, "lbfgs", NULL, constant, NULL, NULL, ""},
    {GRADUS_STOP_GRADIENT, "newton_cg", "probe=yes", bowl, bowl_product, NULL, ""},
    {GRADUS_STOP_VALUE, "lbfgs", "value_tolerance=0.5", bowl, NULL, NULL, ""},
    {GRADUS_STOP_STEP, "lbfgs", "step_tolerance=0.5", bowl, NULL, NULL, ""},
    {GRADUS_STOP_TARGET, "lbfgs", "target=1", bowl, NULL, NULL, ""},
    {GRADUS_STOP_UPDATES, "lbfgs", "updates=1", bowl, NULL, NULL, ""},
    {GRADUS_STOP_PASSES, "lbfgs", "passes=2", bowl, NULL, NULL, ""},
    {GRADUS_STOP_EVALUATIONS, "lbfgs", "evaluations=2", bowl, NULL, NULL, ""},
    {GRADUS_STOP_CPU, "lbfgs", "cpu_seconds=1e-9", bowl, NULL, NULL, ""},
    {GRADUS_STOP_WALL, "lbfgs", "wall_seconds=1e-9", bowl, NULL, NULL, ""},
};

static bool said[2 * LAST_CODE]; /* by code + LAST_CODE */

static void note(gradus_stop stop, const char *detail) {
    printf("%s: %s; %s\n", gradus_stop_word(stop), gradus_stop_text(stop), detail);
    said[stop + LAST_CODE] = true;
}

static void provoke(const provocation_t *row) {
    function_t function = {
        .n = N, .start = start, .evaluate = row->evaluate, .product = row->product};
    gradus_problem_type type = function_type;
    if (!row->product)
        type.product = NULL;
    type.hessian = row->hessian;
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    trial_t trial = trial_open(problem, row->method, row->options);
    gradus_stop stop = trial_finish(&trial);
    const char *detail = gradus_run_detail(trial.run);
    ck_assert_msg(stop == row->want, "%s: %s (%s), want %s", row->method,
                  gradus_stop_word(stop), detail, gradus_stop_word(row->want));
    assert_contains(detail, row->detail);
    ck_assert_uint_lt(function.calls, 1000);
    for (size_t i = 0; i < N && stop != GRADUS_FAIL_DIVERGED; i++)
        ck_assert(isfinite(gradus_run_parameters(trial.run)[i]));
    /* Stopped is stopped.  */
    ck_assert_int_eq(gradus_run_test(trial.run), stop);
    note(stop, detail);
    trial_close(&trial);
}

static void provoke_evaluation(void) {
    function_t function = {.n = N, .start = start, .evaluate = bowl};
    gradus_problem_type type = function_type;
    gradus_problem *problem;
    type.evaluate = give_up;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    trial_t trial = trial_open(problem, "lbfgs", NULL);
    gradus_error why;
    ck_assert_int_eq(gradus_run_test(trial.run), GRADUS_FAIL_EVALUATION);
    assert_contains(gradus_run_detail(trial.run), "error 4");
    note(gradus_run_stop(trial.run), gradus_run_detail(trial.run));
    trial_close(&trial);
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    trial = trial_open(problem, "lbfgs", NULL);
    ck_assert_int_eq(gradus_run_step(trial.run, &why), GRADUS_EIO);
    assert_sentence(why.text);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_EVALUATION);
    trial_close(&trial);
}

static void provoke_not_descent(void) {
    function_t function = {.n = N, .start = start, .evaluate = bowl};
    trial_t trial = {0};
    gradus_problem_type type = function_type;
    assert_ok(gradus_problem_wrap(&trial.problem, &type, &function, 1, NULL));
    assert_ok(gradus_method_open(&trial.method, &helpless, NULL, NULL));
    assert_ok(gradus_run_open(&trial.run, trial.problem, trial.method, NULL, NULL, NULL));
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_NOT_DESCENT);
    ck_assert_str_eq(gradus_run_detail(trial.run), "all 3 of them go up");
    note(gradus_run_stop(trial.run), gradus_run_detail(trial.run));
    trial_close(&trial);
}

static void provoke_eigendecomposition(void) {
    static const double data[] = {1.0, 0.3, -0.4, 2.0}, targets[] = {1.0, -1.0};
    layered_t p = {.layers = 1, .widths = {2, 1}, .biases = true, .examples = 2};
    p.data = data, p.targets = targets, p.spoil_inputs = NAN;
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    trial_t trial = trial_open(problem, "prong", NULL);
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_EIGENDECOMPOSITION);
    note(gradus_run_stop(trial.run), "");
    trial_close(&trial);
}

static void provoke_interrupted(void) {
    trial_t trial = trial_of_problem("rosenbrock", "lbfgs", NULL);
    ck_assert_int_eq(gradus_run_test(trial.run), GRADUS_RUNNING);
    note(gradus_run_stop(trial.run), gradus_run_detail(trial.run));
    trial_step(&trial);
    gradus_run_interrupt(trial.run);
    ck_assert_int_eq(gradus_run_test(trial.run), GRADUS_STOP_INTERRUPTED);
    note(gradus_run_stop(trial.run), gradus_run_detail(trial.run));
    trial_close(&trial);
}

/* How a race has a record of a method that does not suit one of the varied values.  */
static void provoke_refused(void) {
    trial_t trial = {0};
    gradus_settings settings;
    assert_ok(gradus_problem_create(&trial.problem, "rosenbrock", 1, NULL));
    assert_ok(gradus_method_create(&trial.method, "prong", NULL));
    assert_ok(gradus_settings_open(&settings, "the run", gradus_run_params,
                                   gradus_run_params_size, NULL));
    assert_ok(gradus_run_open_refused(&trial.run, trial.problem, trial.method, NULL,
                                      &settings, "prong needs more than that", NULL));
    ck_assert_int_eq(trial_finish(&trial), GRADUS_FAIL_REFUSED);
    assert_ok(gradus_run_step(trial.run, NULL));
    ck_assert_uint_eq(gradus_run_updates(trial.run), 0);
    ck_assert(isfinite(trial_row(&trial).train_value));
    ck_assert_str_eq(gradus_run_detail(trial.run), "prong needs more than that");
    note(gradus_run_stop(trial.run), gradus_run_detail(trial.run));
    trial_close(&trial);
}

#define REQUIRE(name, code, word, text)                                                    \
    ck_assert_msg(said[code + LAST_CODE], "nothing provokes %s", word);

START_TEST(every_word_is_provoked) {
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        provoke(&table[k]);
    provoke_evaluation();
    provoke_not_descent();
    provoke_eigendecomposition();
    provoke_interrupted();
    provoke_refused();
    GRADUS_STOP_LIST(REQUIRE)
}
END_TEST

/* ---- Bad input ---- */

static void expect_refusal(gradus_err err, const gradus_error *why, const char *part) {
    ck_assert_int_ne(err, GRADUS_OK);
    assert_sentence(why->text);
    assert_contains(why->text, part);
}

START_TEST(refuses) {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why = {0};
    function_t function = {.n = 0, .start = start, .evaluate = bowl};
    expect_refusal(gradus_problem_wrap(&problem, &function_type, &function, 1, &why), &why,
                   "no parameters");
    expect_refusal(gradus_method_create(&method, "lbfgs:memory=0", &why), &why, "memory");
    function.n = N;
    gradus_problem_type type = function_type;
    type.product = NULL;
    assert_ok(gradus_problem_wrap(&problem, &type, &function, 1, NULL));
    assert_ok(gradus_method_create(&method, "lbfgs", NULL));
    expect_refusal(gradus_run_open(&run, problem, method, NULL, "probe=yes", &why), &why,
                   "probe=yes needs");
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

/* Two products, on the bill; the run begins where it would have.  */
START_TEST(the_probe_is_billed) {
    function_t function = {
        .n = N, .start = start, .evaluate = bowl, .product = bowl_product};
    trial_t trial = trial_of_function(&function, "lbfgs", "probe=yes,updates=0");
    trial_finish(&trial);
    ck_assert_uint_eq(trial_row(&trial).products, 2);
    trial_close(&trial);
    function.product = lopsided;
    trial = trial_of_function(&function, "lbfgs", "probe=yes");
    const double *x = trial_step(&trial); /* it does not begin */
    ck_assert(memcmp(x, start, sizeof start) == 0);
    ck_assert_uint_eq(gradus_run_updates(trial.run), 0);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_ASYMMETRIC);
    trial_close(&trial);
}
END_TEST

TEST_MAIN("reasons", every_word_is_provoked, refuses, the_probe_is_billed)
