/* Trajectories against those of make_golden.py, an independent implementation, and of
   make_torch.py and make_scipy.py, which run PyTorch's and SciPy's; their headers say how the bound of every row was
   found.  */

#include "gradus.h"
#include "../support.h"

enum { LONGEST_LINE = 4096, LARGEST = 64 };

typedef struct {
    FILE *file;
    char problem[LONGEST_LINE], method[LONGEST_LINE], line[LONGEST_LINE];
} golden_t;

/* FORM with @GOLDEN@ replaced by this folder, its commas and backslashes escaped.  */
static void fill_in(const char *form, char out[LONGEST_LINE]) {
    const char *mark = strstr(form, "@GOLDEN@"), *folder = getenv("srcdir");
    size_t used = mark ? (size_t)(mark - form) : strlen(form);
    memcpy(out, form, used);
    for (const char *c = mark ? (folder ? folder : ".") : ""; *c; c++) {
        ck_assert_uint_lt(used, LONGEST_LINE / 2);
        if (*c == ',' || *c == '\\')
            out[used++] = '\\';
        out[used++] = *c;
    }
    snprintf(out + used, LONGEST_LINE - used, "%s%s", mark ? "/tests/golden" : "",
             mark ? mark + strlen("@GOLDEN@") : "");
}

static bool next_line(golden_t *g) {
    if (!fgets(g->line, sizeof g->line, g->file))
        return false;
    ck_assert_msg(strchr(g->line, '\n') != NULL, "a line too long");
    *strchr(g->line, '\n') = '\0';
    return true;
}

static void open_golden(golden_t *g, const char *name) {
    char path[LONGEST_LINE];
    const char *folder = getenv("srcdir"); /* not escaped: this one is no option */
    snprintf(path, sizeof path, "%s/tests/golden/%s.csv", folder ? folder : ".", name);
    g->file = fopen(path, "r");
    ck_assert_msg(g->file != NULL, "%s: cannot open", path);
    ck_assert(next_line(g) && strncmp(g->line, "# ", 2) == 0);
    fill_in(g->line + 2, g->problem);
    ck_assert(next_line(g) && strncmp(g->line, "# ", 2) == 0);
    strcpy(g->method, g->line + 2);
    ck_assert(next_line(g)); /* the names of the columns */
}

/* The numbers of the next row; how many.  */
static size_t next_row(golden_t *g, double row[LARGEST]) {
    size_t count = 0;
    if (!next_line(g))
        return 0;
    for (char *c = g->line, *end; *c; c = *end ? end + 1 : end) {
        ck_assert_uint_lt(count, LARGEST);
        row[count++] = strtod(c, &end);
        ck_assert(end != c && (*end == ',' || *end == '\0'));
    }
    return count;
}

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} trial_t;

static void open_trial(trial_t *t, const char *problem, const char *method,
                       const char *options) {
    gradus_error why;
    ck_assert_msg(!gradus_problem_create(&t->problem, problem, 1, &why), "%s", why.text);
    ck_assert_msg(!gradus_method_create(&t->method, method, &why), "%s", why.text);
    ck_assert_msg(!gradus_run_open(&t->run, t->problem, t->method, NULL, options, &why),
                  "%s", why.text);
}

static void close_trial(trial_t *t) {
    gradus_run_close(t->run);
    gradus_method_close(t->method);
    gradus_problem_close(t->problem);
}

static void compare(const char *name) {
    golden_t g;
    trial_t t;
    double want[LARGEST], worst = 0.0;
    size_t count, rows = 0;
    open_golden(&g, name);
    open_trial(&t, g.problem, g.method, "gradient_tolerance=0");
    for (; (count = next_row(&g, want)) > 0; rows++) {
        gradus_row row;
        size_t n = gradus_problem_dimension(t.problem);
        ck_assert_uint_eq(count, n + 3);
        while (gradus_run_updates(t.run) < (size_t)want[0])
            assert_ok(gradus_run_step(t.run, NULL));
        ck_assert_uint_eq((size_t)want[0], gradus_run_updates(t.run));
        assert_ok(gradus_run_measure(t.run, true, &row, NULL));
        const double *x = gradus_run_parameters(t.run);
        double error = fabs(row.train_value - want[1]) / fmax(1.0, fabs(want[1]));
        for (size_t i = 0; i < n; i++)
            error = fmax(error, fabs(x[i] - want[3 + i]) / fmax(1.0, fabs(want[3 + i])));
        ck_assert_msg(isfinite(row.train_value) && error <= want[2],
                      "%s, update %zu: value %.17g, want %.17g; error %.3g, bound %.3g",
                      name, row.update, row.train_value, want[1], error, want[2]);
        worst = fmax(worst, error / want[2]);
    }
    ck_assert_uint_gt(rows, 10);
    printf("%s: %zu points, largest error %.2g of its bound\n", name, rows, worst);
    fclose(g.file);
    close_trial(&t);
}

START_TEST(sgd) {
    compare("sgd-classical-rosenbrock");
    compare("sgd-classical-softmax");
    compare("sgd-averaged-rosenbrock");
    compare("sgd-averaged-softmax");
}
END_TEST

static void compare_both(const char *method) {
    char name[64];
    snprintf(name, sizeof name, "%s-rosenbrock", method);
    compare(name);
    snprintf(name, sizeof name, "%s-softmax", method);
    compare(name);
}

START_TEST(adam) {
    compare("adam-rosenbrock");
    compare("adam-softmax");
    compare("adam-inside-rosenbrock");
    compare("adam-inside-softmax");
    compare("adam-uncorrected-rosenbrock");
    compare("adam-uncorrected-softmax");
}
END_TEST

START_TEST(variants) {
    static const char *const names[] = {"nesterov-averaged",
                                        "nesterov-convex",
                                        "adagrad-inside",
                                        "rmsprop-inside",
                                        "nadam",
                                        "nadam-inside",
                                        "amsgrad",
                                        "amsgrad-inside",
                                        "adamw-inside",
                                        "rprop-minus",
                                        "rprop-plus",
                                        "irprop-plus",
                                        "manhattan",
                                        "vsgd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        compare_both(names[i]);
    compare("vsgd-exact-softmax");
}
END_TEST

START_TEST(torch) {
    static const char *const names[] = {"torch-sgd",
                                        "torch-nesterov",
                                        "torch-adagrad",
                                        "torch-rmsprop",
                                        "torch-rmsprop-momentum",
                                        "torch-adadelta",
                                        "torch-adam",
                                        "torch-adadelta-rate",
                                        "torch-adamax",
                                        "torch-amsgrad",
                                        "torch-adamw",
                                        "torch-rprop"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        compare_both(names[i]);
}
END_TEST

START_TEST(prong) {
    compare("prong-softmax");
    compare("prong-momentum-softmax");
}
END_TEST

START_TEST(lbfgs) {
    compare("lbfgs-rosenbrock");
    compare("lbfgs-softmax");
}
END_TEST

/* Near the minimiser |x - x*| <= |g| / curvature and f - f* <= |g|^2 / (2 curvature); twice
   that, for the curvature's change.  A search that compares values of size 1 cannot see
   the decrease |g|^2 / (2 curvature) once it is below 1e-16, at |g| = 1e-9 here, hence the
   tolerance.  */
static const double TOLERANCE = 1e-7;

static void reach_minimum(const char *name, const char *method) {
    golden_t g;
    trial_t t;
    double want[LARGEST], distance = 0.0;
    gradus_row row;
    open_golden(&g, name);
    size_t count = next_row(&g, want);
    char options[64];
    snprintf(options, sizeof options, "gradient_tolerance=%g,updates=2000", TOLERANCE);
    open_trial(&t, g.problem, method, options);
    while (gradus_run_test(t.run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(t.run, NULL));
    ck_assert_msg(gradus_run_stop(t.run) == GRADUS_STOP_GRADIENT, "%s: %s", method,
                  gradus_stop_text(gradus_run_stop(t.run)));
    assert_ok(gradus_run_measure(t.run, true, &row, NULL));
    const double *x = gradus_run_parameters(t.run);
    ck_assert_uint_eq(count, gradus_problem_dimension(t.problem) + 3);
    for (size_t i = 0; i + 3 < count; i++)
        distance += (x[i] - want[3 + i]) * (x[i] - want[3 + i]);
    printf("%s: %zu updates\n", method, row.update);
    assert_at_most("value above the minimum", fabs(row.train_value - want[1]),
                   TOLERANCE * TOLERANCE / want[0]);
    assert_at_most("distance to the minimiser", sqrt(distance), 2 * TOLERANCE / want[0]);
    fclose(g.file);
    close_trial(&t);
}

START_TEST(lbfgs_minimum) { reach_minimum("softmax-minimum", "lbfgs"); }
END_TEST

/* Its trajectory depends on how far each system is solved, which is a matter of choice;
   where it ends does not.  */
START_TEST(newton_cg_minimum) { reach_minimum("softmax-minimum", "newton_cg"); }
END_TEST

START_TEST(trust_region) {
    compare("scipy-trust-steihaug-rosenbrock");
    compare("scipy-trust-exact-rosenbrock");
    reach_minimum("softmax-minimum", "trust_region:subproblem=steihaug");
    reach_minimum("softmax-minimum", "trust_region:subproblem=exact");
}
END_TEST

/* SciPy's and scikit-learn's minimum, which agree to 1e-10 in every parameter.  */
START_TEST(logistic_minimum) {
    static const char *const methods[] = {"lbfgs",
                                          "bfgs",
                                          "newton",
                                          "newton_cg",
                                          "nonlinear_cg",
                                          "scaled_cg",
                                          "trust_region:subproblem=steihaug",
                                          "trust_region:subproblem=exact"};
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
        reach_minimum("logistic-minimum", methods[k]);
}
END_TEST

TEST_MAIN("golden", sgd, adam, variants, torch, prong, lbfgs, lbfgs_minimum,
          newton_cg_minimum, trust_region, logistic_minimum)
