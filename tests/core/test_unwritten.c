/* Entries that a function of the caller's did not write are named, wherever one is called:
   which function, which entry, at which call.  */

#include "core/oracle.h"
#include "core/unwritten.h"
#include "../function.h"

/* ---- The mark ---- */

enum { LONG = 1500 };

static gradus_written vector(size_t n, double entries[]) {
    return (gradus_written){"f", "v", 7, 1, n, entries};
}

/* Every single entry, over the seams of what is looked at at once.  */
START_TEST(every_entry_is_seen) {
    static double v[LONG];
    const gradus_written all = vector(LONG, v);
    for (size_t k = 0; k < LONG; k++) {
        char name[16];
        gradus_error why;
        double written[] = {0.0, -0.0, NAN, -INFINITY, 1e-310, 3.5};
        gradus_unwritten_mark(&all);
        for (size_t i = 0; i < LONG; i++)
            if (i != k)
                v[i] = written[i % 6];
        ck_assert_int_eq(gradus_unwritten_refuse(&all, &why), GRADUS_EINPUT);
        snprintf(name, sizeof name, "v[%zu] ", k);
        assert_contains(why.text, name);
        assert_contains(why.text, "f did not write");
        assert_contains(why.text, "at call 7");
        v[k] = NAN;
        assert_ok(gradus_unwritten_refuse(&all, &why));
    }
}
END_TEST

/* A long vector: all of it around the first call, where the sentence counts what is missing,
   and every entry around one of any sixteen calls.  */
START_TEST(long_vectors_are_watched_in_turn) {
    enum { MANY = 3 * 16 * GRADUS_WATCHED + 77 };
    static double v[MANY];
    static size_t seen[MANY];
    gradus_error why;
    for (size_t call = 1; call <= 33; call++) {
        const gradus_written all = {"f", "v", call, 1, MANY, v};
        memset(v, 0, sizeof v);
        gradus_unwritten_mark(&all);
        for (size_t k = 0; k < MANY; k++)
            seen[k] += isnan(v[k]);
        ck_assert_int_eq(gradus_unwritten_refuse(&all, &why), GRADUS_EINPUT);
        assert_contains(why.text, call == 1 ? " and 6220 more of 6221" : " and at least ");
    }
    for (size_t k = 0; k < MANY; k++)
        ck_assert_uint_eq(seen[k], 3); /* calls 1, 2 to 17 and 18 to 33 */
}
END_TEST

/* What arithmetic does to the mark.  */
START_TEST(added_to) {
    volatile double four = 4.0;
    double v[5];
    const gradus_written all = vector(5, v);
    gradus_error why;
    for (int k = 0; k < 5; k++) {
        gradus_unwritten_mark(&all);
        for (int i = 0; i < 5; i++)
            if (i != k)
                v[i] = four;
        volatile double entry = v[k];
        v[k] = k == 0   ? entry + four
               : k == 1 ? entry - four
               : k == 2 ? four - entry
               : k == 3 ? four * entry
                        : -(entry + entry);
        ck_assert_int_eq(gradus_unwritten_refuse(&all, &why), GRADUS_EINPUT);
        assert_contains(why.text, "f added to v[");
        assert_contains(why.text, "not zeroed");
    }
}
END_TEST

START_TEST(triangles_are_named) {
    for (size_t n = 2; n < 6; n++)
        for (int above = 0; above < 2; above++) {
            double H[36];
            const gradus_written all = {"hessian", "matrix", 2, n, n, H};
            gradus_error why;
            gradus_unwritten_mark(&all);
            for (size_t i = 0; i < n; i++)
                for (size_t j = 0; j < n; j++)
                    if (i == j || (above ? i > j : j > i))
                        H[i * n + j] = 1.0;
            ck_assert_int_eq(gradus_unwritten_refuse(&all, &why), GRADUS_EINPUT);
            assert_contains(why.text, above ? "above the diagonal" : "below the diagonal");
            assert_contains(why.text, "whole symmetric matrix");
        }
}
END_TEST

/* ---- gradus_minimize ---- */

typedef struct {
    size_t calls, from; /* FROM: the first call that leaves something out */
    bool value, add, zeroed, undefined, writes_x;
    size_t entry, product, hessian; /* what is left out; 9: nothing */
} careless_t;

static const careless_t CAREFUL = {.entry = 9, .product = 9, .hessian = 9};

/* The bowl of x^2 + 3 y^2 + x y.  */
static int evaluate(void *context, size_t n, const double x[], double *value, double g[]) {
    careless_t *c = context;
    const double slopes[2] = {2 * x[0] + x[1], 6 * x[1] + x[0]};
    bool careless = ++c->calls >= c->from;
    if (c->undefined && careless) {
        *value = INFINITY;
        return 0;
    }
    if (!(careless && c->value))
        *value = x[0] * x[0] + 3 * x[1] * x[1] + x[0] * x[1];
    if (c->zeroed)
        memset(g, 0, n * sizeof *g);
    for (size_t i = 0; i < n; i++)
        if (careless && c->add)
            g[i] += slopes[i];
        else if (!(careless && i == c->entry))
            g[i] = slopes[i];
    if (careless && c->writes_x)
        ((double *)(uintptr_t)x)[1] *= 0.5;
    return 0;
}

static int product(void *context, size_t n, const double x[], const double v[],
                   double result[]) {
    const careless_t *c = context;
    const double products[2] = {2 * v[0] + v[1], 6 * v[1] + v[0]};
    (void)x;
    for (size_t i = 0; i < n; i++)
        if (i != c->product)
            result[i] = products[i];
    return 0;
}

static int hessian(void *context, size_t n, const double x[], double matrix[]) {
    static const double H[4] = {2, 1, 1, 6};
    const careless_t *c = context;
    (void)x;
    for (size_t i = 0; i < n * n; i++)
        if (i != c->hessian)
            matrix[i] = H[i];
    return 0;
}

static gradus_minimum minimize(careless_t c, const char *method) {
    const gradus_function function = {.dimension = 2,
                                      .evaluate = evaluate,
                                      .product = product,
                                      .hessian = hessian,
                                      .context = &c};
    gradus_minimum found;
    double x[2] = {3.0, -2.0};
    gradus_minimize(&function, x, method, "updates=40", &found);
    return found;
}

/* From the first call on and from a later one, by methods of every kind.  */
START_TEST(minimize_names_what_is_missing) {
    static const char *const methods[] = {
        "lbfgs", "bfgs", "nonlinear_cg", "newton", "newton_cg", "trust_region", "adam"};
    const struct {
        careless_t careless;
        const char *text;
    } cases[] = {
        {{.value = true, .entry = 9, .product = 9, .hessian = 9},
         "evaluate did not write value at call"},
        {{.entry = 0, .product = 9, .hessian = 9},
         "evaluate did not write gradient[0] at call"},
        {{.entry = 1, .product = 9, .hessian = 9},
         "evaluate did not write gradient[1] at call"},
        {{.add = true, .entry = 9, .product = 9, .hessian = 9},
         "evaluate added to gradient[0] and 1 more of 2 entries at call"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t j = 0; j < sizeof methods / sizeof *methods; j++)
            for (size_t from = 1; from <= 3; from++) {
                careless_t c = cases[i].careless;
                char number[24];
                c.from = from;
                gradus_minimum found = minimize(c, methods[j]);
                if (found.evaluations < from) /* it was there before */
                    continue;
                ck_assert_msg(found.error == GRADUS_EINPUT, "%s: %s", methods[j],
                              found.text);
                ck_assert_int_eq(found.stop, GRADUS_FAIL_EVALUATION);
                ck_assert_uint_eq(found.evaluations, from);
                snprintf(number, sizeof number, "at call %zu:", from);
                assert_contains(found.text, cases[i].text);
                assert_contains(found.text, number);
                assert_sentence(found.text);
            }
}
END_TEST

START_TEST(products_and_hessians) {
    careless_t c = CAREFUL;
    c.product = 1;
    gradus_minimum found = minimize(c, "newton_cg");
    ck_assert_int_eq(found.error, GRADUS_EINPUT);
    assert_contains(found.text, "product did not write result[1] at call 1");
    c = CAREFUL, c.hessian = 1;
    found = minimize(c, "newton");
    ck_assert_int_eq(found.error, GRADUS_EINPUT);
    assert_contains(found.text, "hessian did not write the entries above the diagonal");
    c = CAREFUL, c.hessian = 2;
    assert_contains(minimize(c, "newton").text, "below the diagonal");
    c = CAREFUL, c.hessian = 3;
    assert_contains(minimize(c, "newton").text, "matrix[1][1]");
}
END_TEST

/* A function that zeroes first may add; one that is not defined need not write; and what is
   whole is not touched.  */
START_TEST(careful_functions_pass) {
    careless_t c = CAREFUL;
    c.add = c.zeroed = true;
    ck_assert_int_eq(minimize(c, "lbfgs").stop, GRADUS_STOP_GRADIENT);
    c = CAREFUL, c.from = 100;
    ck_assert_int_eq(minimize(c, "newton").stop, GRADUS_STOP_GRADIENT);
    c = CAREFUL, c.undefined = true, c.from = 3;
    ck_assert_int_eq(minimize(c, "lbfgs").error, GRADUS_OK);
    c.from = 1;
    ck_assert_int_eq(minimize(c, "lbfgs").stop, GRADUS_FAIL_START);
}
END_TEST

START_TEST(changed_points_are_named) {
    static const char *const methods[] = {"lbfgs", "newton_cg", "adam"};
    for (size_t j = 0; j < sizeof methods / sizeof *methods; j++)
        for (size_t from = 1; from <= 2; from++) {
            careless_t c = CAREFUL;
            c.writes_x = true, c.from = from;
            gradus_minimum found = minimize(c, methods[j]);
            ck_assert_msg(found.error == GRADUS_EINPUT, "%s: %s", methods[j], found.text);
            assert_contains(found.text, "evaluate changed x[1], which it may only read");
            ck_assert_uint_eq(found.evaluations, from);
        }
}
END_TEST

/* ---- Types of the caller's own ---- */

enum { N = 3, EXAMPLES = 4 };

typedef enum {
    NOTHING,
    VALUE,
    GRADIENT,
    PRODUCT,
    GAUSS_NEWTON,
    HESSIAN,
    DIAGONAL,
    PRECONDITION,
    SLOPE,
    INPUTS,
    SIGNALS,
    PARTS
} part_t;

static size_t get_n(const void *self) { return (void)self, N; }
static size_t get_examples(const void *self) { return (void)self, EXAMPLES; }
static size_t get_one(const void *self) { return (void)self, 1; }

static void start(const void *self, gradus_stream *stream, double x[]) {
    (void)self, (void)stream;
    x[0] = 1, x[1] = -2, x[2] = 3;
}

/* All but the last of COUNT when PART is the one that is left out.  */
static gradus_err fill(const void *self, part_t part, size_t count, double out[]) {
    for (size_t i = 0; i + (*(const part_t *)self == part) < count; i++)
        out[i] = 1.0 + (double)i;
    return GRADUS_OK;
}

static gradus_err type_evaluate(void *self, const gradus_batch *batch, const double x[],
                                double *value, double gradient[]) {
    (void)batch, (void)x;
    if (value)
        fill(self, VALUE, 1, value);
    return gradient ? fill(self, GRADIENT, N, gradient) : GRADUS_OK;
}

static gradus_err type_product(void *self, const gradus_batch *batch, const double x[],
                               const double v[], double result[]) {
    (void)batch, (void)x, (void)v;
    return fill(self, PRODUCT, N, result);
}

static gradus_err type_gauss_newton(void *self, const gradus_batch *batch, const double x[],
                                    const double v[], double result[]) {
    (void)batch, (void)x, (void)v;
    return fill(self, GAUSS_NEWTON, N, result);
}

static gradus_err type_hessian(void *self, const gradus_batch *batch, const double x[],
                               double matrix[]) {
    (void)batch, (void)x;
    return fill(self, HESSIAN, (size_t)N * N, matrix);
}

static gradus_err type_diagonal(void *self, const gradus_batch *batch, const double x[],
                                double diagonal[]) {
    (void)batch, (void)x;
    return fill(self, DIAGONAL, N, diagonal);
}

static gradus_err type_precondition(void *self, double memory[], const double v[],
                                    double result[]) {
    (void)memory, (void)v;
    return fill(self, PRECONDITION, N, result);
}

static gradus_err type_ray(void *self, const gradus_batch *batch, const double x[],
                           const double direction[]) {
    (void)self, (void)batch, (void)x, (void)direction;
    return GRADUS_OK;
}

static gradus_err type_along(void *self, double step, double *value, double *slope) {
    *value = step;
    return fill(self, SLOPE, 1, slope);
}

static void type_layer(const void *self, size_t index, gradus_layer *out) {
    (void)self, (void)index;
    *out = (gradus_layer){.inputs = N, .outputs = 1, .biases = GRADUS_NO_BIASES};
}

static gradus_err type_inputs(void *self, const gradus_batch *batch, const double x[],
                              double *const inputs[]) {
    (void)x;
    return inputs[0] ? fill(self, INPUTS, batch->count * N, inputs[0]) : GRADUS_OK;
}

static gradus_err type_signals(void *self, const gradus_batch *batch,
                               gradus_stream *targets, const double x[],
                               double *const inputs[], double *const signals[]) {
    (void)targets;
    type_inputs(self, batch, x, inputs);
    return signals[0] ? fill(self, SIGNALS, batch->count, signals[0]) : GRADUS_OK;
}

static const gradus_problem_type own_type = {.name = "own",
                                             .dimension = get_n,
                                             .examples = get_examples,
                                             .start = start,
                                             .evaluate = type_evaluate,
                                             .product = type_product,
                                             .gauss_newton = type_gauss_newton,
                                             .hessian = type_hessian,
                                             .diagonal = type_diagonal,
                                             .precondition = type_precondition,
                                             .ray = type_ray,
                                             .along = type_along,
                                             .features = get_one,
                                             .layers = get_one,
                                             .layer = type_layer,
                                             .inputs = type_inputs,
                                             .signals = type_signals};

/* Every call through the oracle; the number of them that are refused.  */
static size_t ask_all(gradus_oracle *oracle, const char *part) {
    double x[N] = {1, 2, 3}, v[N] = {4, 5, 6}, out[N * N], value, slope;
    double rows[EXAMPLES * N], outputs[EXAMPLES];
    double *inputs[1] = {rows}, *signals[1] = {outputs};
    const gradus_batch all = {.count = EXAMPLES};
    const gradus_err errors[] = {
        gradus_oracle_gradient(oracle, x, &value, out),
        gradus_oracle_product(oracle, x, v, out),
        gradus_oracle_gauss_newton(oracle, x, v, out),
        gradus_oracle_hessian(oracle, x, out),
        gradus_oracle_diagonal(oracle, x, out),
        gradus_oracle_precondition(oracle, NULL, v, out),
        gradus_oracle_along(oracle, 2.0, &value, &slope),
        gradus_oracle_inputs(oracle, &all, x, inputs),
        gradus_oracle_signals(oracle, &all, false, x, inputs, signals),
    };
    size_t refused = 0;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        refused += errors[i] == GRADUS_EINPUT;
    if (part)
        assert_contains(oracle->trouble.text, part);
    return refused;
}

START_TEST(every_entry_of_a_type) {
    static const char *const parts[PARTS] = {[VALUE] = "evaluate did not write value",
                                             [GRADIENT] = "gradient[2]",
                                             [PRODUCT] = "product did not write result[2]",
                                             [GAUSS_NEWTON] = "gauss_newton did not write",
                                             [HESSIAN] = "matrix[2][2]",
                                             [DIAGONAL] = "diagonal[2]",
                                             [PRECONDITION] = "precondition did not write",
                                             [SLOPE] = "along did not write slope",
                                             [INPUTS] = "inputs[3][2]",
                                             [SIGNALS] = "signals[3][0]"};
    for (part_t part = NOTHING; part < PARTS; part++)
        for (int full = 0; full < 2; full++) {
            gradus_problem *problem;
            gradus_oracle oracle;
            part_t self = part;
            assert_ok(gradus_problem_wrap(&problem, &own_type, &self, 1, NULL));
            assert_ok(gradus_oracle_open(&oracle, problem, full, 1));
            size_t expected = part == NOTHING ? 0 : part == INPUTS ? 2 : 1;
            ck_assert_uint_eq(ask_all(&oracle, parts[part]), expected);
            gradus_oracle_close(&oracle);
            gradus_problem_close(problem);
        }
}
END_TEST

/* The sentence comes back from the step, and from a measurement of a part of the data.  */
START_TEST(runs_say_it) {
    part_t part = GRADIENT;
    gradus_problem *problem;
    gradus_error why;
    gradus_row row;
    assert_ok(gradus_problem_wrap(&problem, &own_type, &part, 1, NULL));
    trial_t trial = trial_open(problem, "sgd", "batch=2,measure_examples=3");
    ck_assert_int_eq(gradus_run_step(trial.run, &why), GRADUS_EINPUT);
    assert_contains(why.text, "evaluate did not write gradient[2] at call 1");
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_EVALUATION);
    assert_contains(gradus_run_detail(trial.run), "gradient[2]");
    ck_assert_int_eq(gradus_run_measure(trial.run, false, &row, &why), GRADUS_EINPUT);
    assert_contains(why.text, "evaluate did not write gradient[2] at call 2");
    trial_close(&trial);
}
END_TEST

TEST_MAIN("unwritten", every_entry_is_seen, long_vectors_are_watched_in_turn, added_to,
          triangles_are_named, minimize_names_what_is_missing, products_and_hessians,
          careful_functions_pass, changed_points_are_named, every_entry_of_a_type,
          runs_say_it)
