/* The k-th call of a problem goes wrong, once or from then on, for every k in a short run,
   every method and every kind of fault: the run ends, says why, has the best point that it
   accepted, and gives all its memory back.  */

#include "core/problem.h"
#include "linalg/vector.h"
#include "specs.h"

#include "scarce.h"

/* A run without a fault takes at most some 100 calls; with one, a few post-mortems more.  */
enum { LARGEST = 64, MOST_CALLS = 1000, CODES = 32 };

/* Hager and Zhang's search may go up by rounding.  */
static const double SLACK = 1e-12;

/* ---- Faults ---- */

typedef enum {
    NAN_VALUE,
    INFINITE_VALUE,
    NAN_GRADIENT,
    ERROR_CODE,
    WRONG_SIGN,
    KINDS
} kind_t;
static const char *const kind_names[] = {"NaN value", "infinite value", "NaN gradient",
                                         "error code", "wrong sign"};

static const gradus_problem_type *inner; /* what the faults are put into */
static struct {
    kind_t kind;
    size_t at; /* call; 0: none */
    bool lasting;
    size_t calls;
} fault;

static bool goes_wrong(void) {
    fault.calls++;
    return fault.at > 0 &&
           (fault.lasting ? fault.calls >= fault.at : fault.calls == fault.at);
}

static void negate(double v[], size_t count) {
    for (size_t i = 0; i < count; i++)
        v[i] = -v[i];
}

static gradus_err faulty_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]) {
    gradus_err err = inner->evaluate(self, batch, x, value, gradient);
    if (!goes_wrong())
        return err;
    if (fault.kind == ERROR_CODE)
        return GRADUS_EIO;
    if (fault.kind == WRONG_SIGN && gradient)
        negate(gradient, inner->dimension(self));
    else if (fault.kind == NAN_GRADIENT && gradient)
        gradient[0] = NAN;
    else if (fault.kind != WRONG_SIGN && value)
        *value = fault.kind == INFINITE_VALUE ? INFINITY : NAN;
    return err;
}

/* The same for a vector or a matrix.  */
static gradus_err spoil(gradus_err err, double result[], size_t count) {
    if (!goes_wrong())
        return err;
    if (fault.kind == ERROR_CODE)
        return GRADUS_EIO;
    if (fault.kind == WRONG_SIGN)
        negate(result, count);
    else
        result[0] = fault.kind == INFINITE_VALUE ? INFINITY : NAN;
    return err;
}

static gradus_err faulty_product(void *self, const gradus_batch *batch, const double x[],
                                 const double v[], double result[]) {
    return spoil(inner->product(self, batch, x, v, result), result, inner->dimension(self));
}

static gradus_err faulty_hessian(void *self, const gradus_batch *batch, const double x[],
                                 double matrix[]) {
    size_t n = inner->dimension(self);
    return spoil(inner->hessian(self, batch, x, matrix), matrix, n * n);
}

static gradus_err faulty_inputs(void *self, const gradus_batch *batch, const double x[],
                                double *const inputs[]) {
    gradus_err err = inner->inputs(self, batch, x, inputs);
    return inputs[0] ? spoil(err, inputs[0], 1) : err;
}

static gradus_err faulty_gauss_newton(void *self, const gradus_batch *batch,
                                      const double x[], const double v[], double result[]) {
    return spoil(inner->gauss_newton(self, batch, x, v, result), result,
                 inner->dimension(self));
}

static gradus_err faulty_diagonal(void *self, const gradus_batch *batch, const double x[],
                                  double diagonal[]) {
    return spoil(inner->diagonal(self, batch, x, diagonal), diagonal,
                 inner->dimension(self));
}

static gradus_err faulty_signals(void *self, const gradus_batch *batch,
                                 gradus_stream *targets, const double x[],
                                 double *const inputs[], double *const signals[]) {
    gradus_err err = inner->signals(self, batch, targets, x, inputs, signals);
    return signals[0] ? spoil(err, signals[0], 1) : err;
}

/* ---- Runs ---- */

typedef struct {
    const char *method, *problem, *options;
    gradus_problem *healthy;
    bool searches; /* the method returns no point worse than another it accepted */
} subject_t;

typedef struct {
    gradus_err err;
    gradus_stop stop;
    size_t calls, before_last; /* of all updates, and of all but the last */
    size_t updates;
} outcome_t;

/* Value and gradient norm over all data, by the healthy problem.  */
static double healthy_value(const subject_t *s, const double x[], double *norm) {
    double g[LARGEST], value;
    gradus_problem *p = s->healthy;
    assert_ok(
        inner->evaluate(p->self, &(gradus_batch){.count = p->examples}, x, &value, g));
    *norm = gradus_norm(p->dimension, g, 1);
    return value;
}

static gradus_err step_on(gradus_run *run, const subject_t *s, double *best,
                          size_t *before_last, gradus_error *why) {
    double norm, value;
    gradus_err err = GRADUS_OK;
    while (!err && gradus_run_test(run) == GRADUS_RUNNING) {
        value = healthy_value(s, gradus_run_parameters(run), &norm);
        *best = fmin(*best, value);
        *before_last = fault.calls;
        err = gradus_run_step(run, why);
        ck_assert_uint_lt(fault.calls, MOST_CALLS);
    }
    value = healthy_value(s, gradus_run_parameters(run), &norm);
    double slack = strstr(s->method, "hager-zhang") ? SLACK * fabs(*best) : 0.0;
    ck_assert_msg(!s->searches || value <= *best + slack,
                  "%s on %s: %.17g, but %.17g was accepted", s->method, s->problem, value,
                  *best);
    return err;
}

/* What is measured is of the point returned.  */
static void check_point(gradus_run *run, const subject_t *s) {
    double norm, value = healthy_value(s, gradus_run_parameters(run), &norm);
    gradus_row row;
    for (size_t i = 0; i < s->healthy->dimension; i++)
        ck_assert(isfinite(gradus_run_parameters(run)[i]));
    fault.at = 0;
    assert_ok(gradus_run_measure(run, true, &row, NULL));
    ck_assert_msg(same_bits(row.train_value, value) && same_bits(row.gradient_norm, norm),
                  "%s on %s: %.17g, %.17g measured, but %.17g, %.17g", s->method,
                  s->problem, row.train_value, row.gradient_norm, value, norm);
}

static outcome_t go(const subject_t *s) {
    gradus_problem_type type = *inner;
    type.evaluate = faulty_evaluate;
    type.product = inner->product ? faulty_product : NULL;
    type.hessian = inner->hessian ? faulty_hessian : NULL;
    type.inputs = inner->inputs ? faulty_inputs : NULL;
    type.gauss_newton = inner->gauss_newton ? faulty_gauss_newton : NULL;
    type.diagonal = inner->diagonal ? faulty_diagonal : NULL;
    type.signals = inner->signals ? faulty_signals : NULL;
    gradus_problem *problem = NULL;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_error why = {0};
    outcome_t out = {0};
    long before = live;
    double best = INFINITY;
    fault.calls = 0;
    assert_ok(gradus_problem_wrap(&problem, &type, s->healthy->self, 1, NULL));
    assert_ok(gradus_method_create(&method, s->method, NULL));
    out.err = gradus_run_open(&run, problem, method, NULL, s->options, &why);
    if (!out.err)
        out.err = step_on(run, s, &best, &out.before_last, &why);
    out.calls = fault.calls;
    if (out.err)
        assert_sentence(why.text);
    if (run) {
        out.stop = gradus_run_stop(run);
        out.updates = gradus_run_updates(run);
        bool unsure = out.stop == GRADUS_FAIL_START || out.stop == GRADUS_FAIL_DIVERGED;
        if (!unsure)
            check_point(run, s);
    }
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
    ck_assert_msg(live == before, "%s on %s: %ld blocks leaked", s->method, s->problem,
                  live - before);
    return out;
}

/* ---- What is right ---- */

static bool is_about_numbers(gradus_stop stop) {
    return stop == GRADUS_FAIL_START || stop == GRADUS_FAIL_DIVERGED ||
           stop == GRADUS_FAIL_NOT_FINITE || stop == GRADUS_FAIL_HESSIAN ||
           stop == GRADUS_FAIL_EIGENDECOMPOSITION;
}

/* A single fault may be got over.  A lasting one may not, unless it begins in the LAST update,
   which may turn down the trials that are not finite and go no further.  */
static bool is_right(const outcome_t *o, bool last) {
    bool recovered = o->stop > GRADUS_RUNNING;
    switch (fault.kind) {
    case ERROR_CODE:
        return o->err == GRADUS_EIO || (!o->err && o->stop == GRADUS_FAIL_EVALUATION);
    case WRONG_SIGN:
        return recovered || o->stop == GRADUS_FAIL_SIGN ||
               o->stop == GRADUS_FAIL_GRADIENT || o->stop == GRADUS_FAIL_SINGULAR ||
               o->stop == GRADUS_FAIL_DIVERGED;
    default:
        return is_about_numbers(o->stop) || (recovered && (last || !fault.lasting));
    }
}

static bool does_search(const char *method) {
    static const char *const names[] = {"lbfgs",        "bfgs",      "nonlinear_cg",
                                        "newton",       "newton_cg", "trust_region",
                                        "hessian_free", "scaled_cg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(names[i], method, strcspn(method, ":")) == 0 &&
            names[i][strcspn(method, ":")] == '\0')
            return true;
    return false;
}

static void print_tally(const char *kind, bool lasting, const size_t said[]) {
    printf("  %s, %s:", kind, lasting ? "from then on" : "once");
    for (int code = -CODES; code < CODES; code++)
        if (said[code + CODES])
            printf(" %zu %s", said[code + CODES], gradus_stop_word((gradus_stop)code));
    putchar('\n');
}

static void break_everywhere(subject_t *s) {
    fault.at = 0;
    outcome_t clean = go(s);
    if (clean.err == GRADUS_EUNSUPPORTED)
        return;
    ck_assert_int_eq(clean.err, GRADUS_OK);
    ck_assert_int_gt(clean.stop, GRADUS_RUNNING);
    printf("%s on %s, %s: %zu calls\n", s->method, s->problem, s->options, clean.calls);
    for (int kind = 0; kind < KINDS; kind++)
        for (int lasting = 0; lasting < 2; lasting++) {
            size_t said[2 * CODES] = {0};
            for (size_t k = 1; k <= clean.calls; k++) {
                fault.kind = (kind_t)kind;
                fault.lasting = lasting;
                fault.at = k;
                outcome_t o = go(s);
                said[o.stop + CODES]++;
                ck_assert_msg(is_right(&o, k > clean.before_last),
                              "%s on %s, %s: %s %s call %zu of %zu: error %d, %s",
                              s->method, s->problem, s->options, kind_names[kind],
                              lasting ? "from" : "at", k, clean.calls, o.err,
                              gradus_stop_word(o.stop));
                if (k == 1 && lasting && kind == WRONG_SIGN && s->searches)
                    ck_assert_int_eq(o.stop, GRADUS_FAIL_SIGN);
                if (k == 1 && (kind == NAN_VALUE || kind == NAN_GRADIENT))
                    ck_assert_int_eq(o.stop, GRADUS_FAIL_START);
            }
            print_tally(kind_names[kind], lasting, said);
        }
}

static void break_method(const char *method, const char *problem, const char *options) {
    char spec[SPEC_SIZE];
    subject_t s = {.method = method, .problem = problem, .options = options};
    s.searches = does_search(method) && !strstr(options, "batch");
    assert_ok(gradus_problem_create(&s.healthy, small_spec(problem, spec), 1, NULL));
    inner = gradus_problem_get_type(s.healthy);
    ck_assert_uint_le(s.healthy->dimension, LARGEST);
    break_everywhere(&s);
    gradus_problem_close(s.healthy);
}

static void break_methods(const char *problem, const char *options) {
    static const char *const forms[] = {
        "lbfgs:line_search=hager-zhang",        "lbfgs:line_search=backtracking",
        "nonlinear_cg:line_search=hager-zhang", "bfgs:line_search=backtracking",
        "newton:line_search=hager-zhang",       "newton_cg:line_search=backtracking"};
    char method[SPEC_SIZE];
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++)
        break_method(small_method(gradus_method_types[i]->name, problem, method), problem,
                     options);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        break_method(forms[i], problem, options);
    remove_specs();
    ck_assert_int_eq(live, 0);
}

START_TEST(on_rosenbrock) { break_methods("rosenbrock", "updates=8"); }
END_TEST

START_TEST(on_softmax) { break_methods("softmax", "updates=8"); }
END_TEST

START_TEST(on_mini_batches) { break_methods("softmax", "updates=8,batch=7"); }
END_TEST

TEST_MAIN("faults", on_rosenbrock, on_softmax, on_mini_batches)
