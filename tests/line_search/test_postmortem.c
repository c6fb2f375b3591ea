/* What a failed search is put down to, by functions made to fail it in one way each.  */

#include "line_search/postmortem.h"

#include "../function.h"
#include "core/oracle.h"

enum { MOST = 1000 };

typedef struct {
    function_t function;
    gradus_problem *problem;
    gradus_oracle oracle;
    double x[MOST], g[MOST], d[MOST], point[MOST], move[MOST];
    gradus_failure failure;
    gradus_report report;
    size_t cost;
} bench_t;

/* The start is where a search along -g failed.  */
static void set_up(bench_t *b, double (*evaluate)(const double[], double[]), size_t n,
                   const double start[]) {
    *b = (bench_t){.function = {.n = n, .start = start, .evaluate = evaluate}};
    assert_ok(gradus_problem_wrap(&b->problem, &function_type, &b->function, 1, NULL));
    assert_ok(gradus_oracle_open(&b->oracle, b->problem, true, 1));
    memcpy(b->x, start, n * sizeof *start);
    b->failure =
        (gradus_failure){.x = b->x, .g = b->g, .direction = b->d, .point = b->point};
    b->failure.move = b->move;
    assert_ok(gradus_oracle_gradient(&b->oracle, b->x, &b->failure.value, b->g));
    for (size_t i = 0; i < n; i++)
        b->d[i] = -b->g[i];
}

static void tear_down(bench_t *b) {
    gradus_oracle_close(&b->oracle);
    gradus_problem_close(b->problem);
}

/* What was asked of the function is on the bill, and nothing it was given has changed.  */
static gradus_stop examine(bench_t *b) {
    bench_t before = *b;
    gradus_counts *counts = &b->oracle.counts;
    assert_ok(gradus_postmortem(&b->oracle, &b->failure, &b->report));
    ck_assert_uint_eq(b->function.calls,
                      counts->value_evaluations + counts->gradient_evaluations);
    b->cost = b->function.calls - before.function.calls;
    ck_assert(memcmp(before.x, b->x, sizeof b->x) == 0);
    ck_assert(memcmp(before.g, b->g, sizeof b->g) == 0);
    ck_assert(memcmp(before.d, b->d, sizeof b->d) == 0);
    printf("%s after %zu evaluations: %s\n", gradus_stop_word(b->report.stop), b->cost,
           b->report.detail);
    return b->report.stop;
}

/* ---- Functions; the gradient, not always theirs ---- */

static double bowl(const double x[], double g[]) {
    if (g) {
        g[0] = x[0];
        g[1] = 9.0 * x[1] + x[1] * x[1];
    }
    return 0.5 * x[0] * x[0] + 4.5 * x[1] * x[1] + x[1] * x[1] * x[1] / 3.0;
}

static double negated(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[0] = -g[0], g[1] = -g[1];
    return f;
}

static double wrong_second(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[1] = 4.0;
    return f;
}

static double constant(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = 0.265, g[1] = -0.3;
    return 2.385;
}

/* A wave too short to be seen from afar, whose slope outweighs the bowl's.  */
static double rippled(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g)
        g[0] += 3.0 * cos(1e4 * x[0]);
    return f + 3e-4 * sin(1e4 * x[0]);
}

static double edge(const double x[], double g[]) {
    if (g)
        g[0] = x[0] < 0.0 ? -1.0 : 3.7, g[1] = 0.0;
    return 2.0 + (x[0] < 0.0 ? -1.0 : 3.7) * x[0];
}

/* Not a number times something, but a number from the bits of X.  */
static double rough(const double x[], double g[]) {
    uint64_t bits[2];
    memcpy(bits, x, sizeof bits);
    return bowl(x, g) * (1.0 + 1e-7 * noise(bits[0] ^ (bits[1] << 7)));
}

/* One higher everywhere but at the start.  */
static double well(const double x[], double g[]) {
    double f = bowl(x, g);
    return x[0] == 1.385 && x[1] == -0.717 ? f : f + 1.0;
}

static double lonely(const double x[], double g[]) {
    double f = bowl(x, g);
    return x[0] == 1.385 && x[1] == -0.717 ? f : NAN;
}

static double without_gradient(const double x[], double g[]) {
    double f = bowl(x, g);
    if (g && !(x[0] == 1.385 && x[1] == -0.717))
        g[1] = NAN;
    return f;
}

static double chasm(const double x[], double g[]) {
    double f = bowl(x, g);
    return x[0] < 1.37 ? -INFINITY : f;
}

/* Defined on one side of the start alone, which is the one to go to.  */
static double shore(const double x[], double g[]) {
    double f = bowl(x, g);
    return x[0] > 1.385 ? NAN : f;
}

static double raised(const double x[], double g[]) { return 1e3 + bowl(x, g); }

static double raised_parabola(const double x[], double g[]) {
    if (g)
        g[0] = x[0], g[1] = x[1];
    return 1e3 + 0.5 * (x[0] * x[0] + x[1] * x[1]);
}

static double shallow(const double x[], double g[]) {
    if (g)
        g[0] = 2e-17 * x[0], g[1] = 0.0;
    return 1.0 + 1e-17 * x[0] * x[0];
}

/* A valley narrower than the grid of doubles.  */
static double narrow(const double x[], double g[]) {
    double r = x[0] - (1.0 + 1e-17); /* which is 1 */
    if (g)
        g[0] = 2e20 * r + 1e3, g[1] = 0.0;
    return 1e-9 + 1e20 * r * r;
}

/* ---- Tests ---- */

static const double start[2] = {1.385, -0.717}, one[2] = {1.0, 0.0}, zero[2];
static const double floor_point[2] = {3e-8, 1e-8}; /* a gain of 1e-15 on a value of 1000 */

START_TEST(every_cause) {
    const struct {
        double (*evaluate)(const double x[], double g[]);
        const double *start;
        bool rounding, capped;
        gradus_stop want;
    } cases[] = {
        {negated, start, false, false, GRADUS_FAIL_SIGN},
        {negated, start, true, true, GRADUS_FAIL_SIGN}, /* whatever the search believes */
        {wrong_second, start, false, false, GRADUS_FAIL_GRADIENT},
        {constant, start, true, false, GRADUS_FAIL_GRADIENT},
        {edge, zero, false, false, GRADUS_FAIL_KINK},
        {edge, zero, true, false, GRADUS_FAIL_KINK},
        {rough, start, false, false, GRADUS_FAIL_NOISE},
        {rough, start, false, true, GRADUS_FAIL_NOISE},
        {well, start, false, false, GRADUS_FAIL_NOISE},
        {lonely, start, false, true, GRADUS_FAIL_NOT_FINITE},
        {without_gradient, start, false, true, GRADUS_FAIL_NOT_FINITE},
        {chasm, start, false, true, GRADUS_FAIL_UNBOUNDED},
        {bowl, start, false, true, GRADUS_FAIL_SEARCH_EVALUATIONS},
        {shore, start, false, true, GRADUS_FAIL_SEARCH_EVALUATIONS},
        {bowl, start, false, false, GRADUS_FAIL_LINE_SEARCH},
        {rippled, start, false, false, GRADUS_FAIL_LINE_SEARCH},
        {raised, floor_point, true, false, GRADUS_FAIL_ROUNDING},
        {raised, floor_point, false, true, GRADUS_FAIL_ROUNDING},
        {shallow, one, true, false, GRADUS_FAIL_ROUNDING},
        {narrow, one, true, false, GRADUS_FAIL_ROUNDING},
        {narrow, one, false, false, GRADUS_FAIL_ROUNDING},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bench_t b;
        set_up(&b, cases[k].evaluate, 2, cases[k].start);
        b.failure.rounding = cases[k].rounding;
        b.failure.capped = cases[k].capped;
        gradus_stop stop = examine(&b);
        ck_assert_msg(stop == cases[k].want, "case %zu: %s, want %s", k,
                      gradus_stop_word(stop), gradus_stop_word(cases[k].want));
        /* Two values on each of 16 rungs, and two for each coordinate.  */
        ck_assert_uint_le(b.cost, 2 * 16 + 2 * 2);
        tear_down(&b);
    }
}
END_TEST

/* The numbers in the detail are those of the function.  */
START_TEST(says_by_how_much) {
    bench_t b;
    set_up(&b, wrong_second, 2, start);
    examine(&b);
    /* Along -g = (-1.385, -4).  */
    double second = 9.0 * start[1] + start[1] * start[1], length = hypot(1.385, 4.0);
    double said = -length, is = (-1.385 * 1.385 - 4.0 * second) / length;
    double by_gradient, by_values, away, error, got, measured;
    unsigned worst;
    int read =
        sscanf(b.report.detail,
               "slope along -g: %lf by the gradient, %lf by values around %lf away, a "
               "relative error of %lf; worst at x[%u]: %lf by the gradient, %lf by",
               &by_gradient, &by_values, &away, &error, &worst, &got, &measured);
    ck_assert_int_eq(read, 7);
    assert_close(by_gradient, said, 5e-3); /* three digits */
    assert_close(by_values, is, 5e-3);
    assert_close(error, fabs(said - is) / fmax(fabs(said), fabs(is)), 5e-2);
    ck_assert_uint_eq(worst, 1);
    assert_close(got, 4.0, 5e-3);
    assert_close(measured, second, 5e-3);
    tear_down(&b);
}
END_TEST

/* Of a thousand coordinates one is wrong, which halving finds.  */
static size_t wrong_one;

static double long_bowl(const double x[], double g[]) {
    double f = 0.0;
    for (size_t i = 0; i < MOST; i++) {
        double a = 1.0 + 1e-3 * (double)i, r = x[i] - 2.0;
        f += 0.5 * a * r * r;
        if (g)
            g[i] = i == wrong_one ? -77.0 : a * r;
    }
    return f;
}

START_TEST(finds_one_of_many) {
    static const size_t places[] = {0, 31, 32, 499, 500, 717, MOST - 1};
    static double from[MOST];
    for (size_t i = 0; i < MOST; i++)
        from[i] = 2.0 + 0.1 * noise(i);
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        bench_t b;
        char want[32];
        wrong_one = places[k];
        set_up(&b, long_bowl, MOST, from);
        ck_assert_int_eq(examine(&b), GRADUS_FAIL_GRADIENT);
        snprintf(want, sizeof want, "worst at x[%zu]: -77 ", wrong_one);
        assert_contains(b.report.detail, want);
        /* The rungs, four for each halving from 1000 to at most 32, 2 for each left.  */
        ck_assert_uint_le(b.cost, 2 * 16 + 4 * 5 + 2 * 32);
        tear_down(&b);
    }
}
END_TEST

/* While nothing is wrong, being at the floor costs a few values: a parabola's slope is exact
   on every rung.  */
START_TEST(stops_asking_when_it_knows) {
    bench_t b;
    set_up(&b, raised_parabola, 2, floor_point);
    b.failure.rounding = true;
    ck_assert_int_eq(examine(&b), GRADUS_FAIL_ROUNDING);
    ck_assert_uint_eq(b.cost, 6);
    tear_down(&b);
}
END_TEST

static gradus_err fail_later(void *self, const gradus_batch *batch, const double x[],
                             double *value, double gradient[]) {
    function_t *function = self;
    gradus_err err = function_evaluate(self, batch, x, value, gradient);
    return function->calls > 9 ? GRADUS_EIO : err;
}

START_TEST(passes_errors_on) {
    gradus_problem_type type = function_type;
    bench_t b;
    set_up(&b, negated, 2, start);
    tear_down(&b);
    type.evaluate = fail_later;
    assert_ok(gradus_problem_wrap(&b.problem, &type, &b.function, 1, NULL));
    assert_ok(gradus_oracle_open(&b.oracle, b.problem, true, 1));
    ck_assert_int_eq(gradus_postmortem(&b.oracle, &b.failure, &b.report), GRADUS_EIO);
    ck_assert_uint_eq(b.function.calls, 10);
    ck_assert_int_eq(gradus_postmortem_far(&b.oracle, &b.failure, &b.report), GRADUS_EIO);
    ck_assert_int_eq(b.report.stop, GRADUS_RUNNING);
    tear_down(&b);
}
END_TEST

/* ---- Far away ---- */

static double slide(const double x[], double g[]) {
    if (g)
        g[0] = -1e-3, g[1] = 0.0;
    return -1e-3 * x[0];
}

static double hill(const double x[], double g[]) {
    if (g)
        g[0] = -2.0 * x[0], g[1] = 0.0;
    return -x[0] * x[0];
}

/* Bends 1e30 away.  */
static double slow(const double x[], double g[]) {
    if (g)
        g[0] = -1.0 + 1e-30 * x[0], g[1] = 0.0;
    return -x[0] + 0.5e-30 * x[0] * x[0];
}

static double saturating(const double x[], double g[]) {
    double e = exp(-fabs(x[0]));
    if (g)
        g[0] = -e, g[1] = 0.0;
    return x[0] > 0.0 ? e : 2.0 - e;
}

static double fenced(const double x[], double g[]) {
    double f = slide(x, g);
    return x[0] > 1e60 ? NAN : f;
}

START_TEST(tells_unbounded_from_far) {
    const struct {
        double (*evaluate)(const double x[], double g[]);
        bool want;
    } cases[] = {
        {slide, true}, {hill, true}, {slow, false}, {saturating, false}, {fenced, false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bench_t b;
        set_up(&b, cases[k].evaluate, 2, one);
        assert_ok(gradus_postmortem_far(&b.oracle, &b.failure, &b.report));
        ck_assert_int_eq(b.report.stop,
                         cases[k].want ? GRADUS_FAIL_UNBOUNDED : GRADUS_RUNNING);
        ck_assert_uint_le(b.function.calls, 1 + 4);
        tear_down(&b);
    }
}
END_TEST

TEST_MAIN("postmortem", every_cause, says_by_how_much, finds_one_of_many,
          stops_asking_when_it_knows, passes_errors_on, tells_unbounded_from_far)
