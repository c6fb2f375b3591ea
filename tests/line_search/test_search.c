/* The search along a direction: what it returns, what it costs, and why it fails.  */

#include "line_search/search.h"

#include "../function.h"
#include "core/oracle.h"
#include "line_search/backtracking.h"
#include "line_search/hager_zhang.h"
#include "line_search/more_thuente.h"

enum { MOST = 2 };

/* A search on a wrapped function, with the start in x, f, g.  */
typedef struct {
    function_t function;
    gradus_problem *problem;
    gradus_oracle oracle;
    gradus_search search;
    double x[MOST], g[MOST], f;
    double workspace[2][MOST];
} bench_t;

static void set_up(bench_t *b, double (*evaluate)(const double[], double[]), size_t n,
                   const double start[]) {
    *b = (bench_t){.function = {.n = n, .start = start, .evaluate = evaluate}};
    assert_ok(gradus_problem_wrap(&b->problem, &function_type, &b->function, 1, NULL));
    assert_ok(gradus_oracle_open(&b->oracle, b->problem, true, 1));
    b->search = (gradus_search){.algorithm = &gradus_search_more_thuente,
                                .decrease = 1e-4,
                                .curvature = 0.9,
                                .maximum_evaluations = 40,
                                .lowest = INFINITY,
                                .least = INFINITY,
                                .n = n,
                                .threads = 1,
                                .x = b->workspace[0],
                                .g = b->workspace[1]};
    memcpy(b->x, start, n * sizeof *start);
    assert_ok(gradus_oracle_gradient(&b->oracle, b->x, &b->f, b->g));
}

static void tear_down(bench_t *b) {
    gradus_oracle_close(&b->oracle);
    gradus_problem_close(b->problem);
}

static gradus_search_end run(bench_t *b, const double direction[], double step) {
    gradus_search_end end;
    double x[MOST], g[MOST];
    memcpy(x, b->x, sizeof x);
    memcpy(g, b->g, sizeof g);
    assert_ok(gradus_search_along(&b->search, &b->oracle, b->x, b->f, b->g, direction, step,
                                  &end));
    ck_assert(memcmp(x, b->x, sizeof x) == 0 && memcmp(g, b->g, sizeof g) == 0);
    return end;
}

/* Against the gradient.  */
static gradus_search_end descend(bench_t *b, double step) {
    double direction[MOST] = {-b->g[0], -b->g[1]};
    return run(b, direction, step);
}

/* The point, its value and its gradient belong together, the value is lower, and asking the
   oracle again is free.  */
static void check_found(bench_t *b) {
    gradus_search *s = &b->search;
    double g[MOST] = {0}, f = b->function.evaluate(s->x, g);
    ck_assert(same_bits(f, s->value));
    ck_assert(memcmp(g, s->g, s->n * sizeof *g) == 0);
    ck_assert(s->value < b->f);
    for (size_t i = 0; i < s->n; i++)
        assert_close(s->x[i], b->x[i] - s->step * b->g[i], 1e-15);
    size_t before = b->oracle.counts.gradient_evaluations;
    ck_assert_uint_eq(before, 1 + s->evaluations);
    assert_ok(gradus_oracle_gradient(&b->oracle, s->x, &f, g));
    ck_assert_uint_eq(b->oracle.counts.gradient_evaluations, before);
    ck_assert_uint_eq(b->function.calls, before);
}

static double valley(const double x[], double g[]) {
    double r = x[1] - x[0] * x[0], s = 1.0 - x[0];
    if (g) {
        g[0] = -40.0 * x[0] * r - 2.0 * s;
        g[1] = 20.0 * r;
    }
    return 10.0 * r * r + s * s;
}

static const double start[MOST] = {-1.385, 0.717};

START_TEST(finds_a_wolfe_point) {
    static const double steps[] = {1e-6, 1e-3, 1.0, 1e3, 1e9};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        bench_t b;
        set_up(&b, valley, 2, start);
        ck_assert_int_eq(descend(&b, steps[k]), GRADUS_SEARCH_FOUND);
        check_found(&b);
        double slope0 = -(b.g[0] * b.g[0] + b.g[1] * b.g[1]);
        double slope = -(b.g[0] * b.search.g[0] + b.g[1] * b.search.g[1]);
        printf("from %g: step %g, %zu evaluations\n", steps[k], b.search.step,
               b.search.evaluations);
        ck_assert(b.search.value <= b.f + 1e-4 * b.search.step * slope0);
        ck_assert(fabs(slope) <= -0.9 * slope0);
        tear_down(&b);
    }
}
END_TEST

/* No step has a small slope: the interval shrinks to the kink, and the best step is not the
   last one tried.  With few evaluations there is less to show, but still a decrease.  */
static double kink(const double x[], double g[]) {
    double slope = x[0] < 0.3 ? -1.0 : 3.7;
    if (g)
        g[0] = slope;
    return 2.0 + slope * (x[0] - 0.3);
}

START_TEST(returns_the_best_without_a_wolfe_point) {
    static const double zero[MOST];
    bench_t b;
    for (size_t most = 1; most <= 100; most++) {
        set_up(&b, kink, 1, zero);
        b.search.maximum_evaluations = most;
        gradus_search_end end = descend(&b, 0.25);
        ck_assert_int_eq(end, GRADUS_SEARCH_FOUND);
        check_found(&b);
        ck_assert_uint_le(b.search.evaluations, most + 1);
        tear_down(&b);
    }
    assert_at_most("distance from the kink", fabs(b.search.x[0] - 0.3), 1e-14);
}
END_TEST

static double slide(const double x[], double g[]) {
    if (g)
        g[0] = -1.0;
    return -x[0];
}

START_TEST(ends_at_the_longest_step) {
    static const double zero[MOST];
    bench_t b;
    set_up(&b, slide, 1, zero);
    ck_assert_int_eq(descend(&b, 1.0), GRADUS_SEARCH_FOUND);
    check_found(&b);
    ck_assert(b.search.step == 1e10);
    tear_down(&b);
}
END_TEST

/* Defined below 1 only, infinite or NaN elsewhere.  */
static double barrier(const double x[], double g[]) {
    if (g)
        g[0] = 1.0 / (1.0 - x[0]) - 50.0;
    return -log(1.0 - x[0]) - 50.0 * x[0];
}

START_TEST(comes_back_into_the_domain) {
    static const double zero[MOST];
    static const double steps[] = {1e-3, 1.0 / 49.0, 1.0, 1e6};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        bench_t b;
        set_up(&b, barrier, 1, zero);
        ck_assert_int_eq(descend(&b, steps[k]), GRADUS_SEARCH_FOUND);
        printf("barrier from %g: %zu evaluations\n", steps[k], b.search.evaluations);
        check_found(&b);
        ck_assert(b.search.x[0] < 1.0);
        tear_down(&b);
    }
}
END_TEST

static double lonely(const double x[], double g[]) {
    if (g)
        g[0] = 1.0;
    return x[0] == 0.717 ? 2.385 : NAN;
}

/* The gradient has the wrong sign.  */
static double liar(const double x[], double g[]) {
    double f = valley(x, g);
    if (g)
        g[0] = -g[0], g[1] = -g[1];
    return f;
}

START_TEST(fails_where_nothing_is_lower) {
    static const double alone[MOST] = {0.717};
    bench_t b;
    set_up(&b, lonely, 1, alone);
    ck_assert_int_eq(descend(&b, 1.0), GRADUS_SEARCH_FAILED);
    ck_assert_uint_eq(b.search.evaluations, 40);
    tear_down(&b);
    for (double step = 1e-8; step < 1e9; step *= 10.0) {
        set_up(&b, liar, 2, start);
        ck_assert_int_eq(descend(&b, step), GRADUS_SEARCH_FAILED);
        tear_down(&b);
    }
}
END_TEST

/* Nothing is lower, and the slope says so only at 0.5 and above, where it looks as if the
   minimum were at 1e-200.  */
static double cliff(const double x[], double g[]) {
    if (g)
        g[0] = x[0] < 0.5 ? -1.0 : 1e200;
    return 2.0 + x[0];
}

START_TEST(does_not_take_a_cliff_for_rounding) {
    static const double zero[MOST];
    bench_t b;
    set_up(&b, cliff, 1, zero);
    ck_assert_int_eq(descend(&b, 1.0), GRADUS_SEARCH_FAILED);
    tear_down(&b);
}
END_TEST

/* Decreases of 1e-17 of a value of 1, and a valley narrower than the grid of doubles.  */
static double shallow(const double x[], double g[]) {
    if (g)
        g[0] = 2e-17 * x[0];
    return 1.0 + 1e-17 * x[0] * x[0];
}

static double narrow(const double x[], double g[]) {
    double r = x[0] - (1.0 + 1e-17); /* which is 1 */
    if (g)
        g[0] = 2e20 * r + 1e3;
    return 1e-9 + 1e20 * r * r;
}

START_TEST(says_rounding) {
    static const double one[MOST] = {1.0};
    for (double step = 1e-20; step < 1e9; step *= 1e4) {
        bench_t b;
        set_up(&b, shallow, 1, one);
        ck_assert_int_eq(descend(&b, step), GRADUS_SEARCH_ROUNDING);
        tear_down(&b);
        set_up(&b, narrow, 1, one);
        gradus_search_end end = descend(&b, step);
        printf("narrow from %g: %d, %zu evaluations\n", step, (int)end,
               b.search.evaluations);
        ck_assert_int_eq(end, GRADUS_SEARCH_ROUNDING);
        tear_down(&b);
    }
}
END_TEST

START_TEST(refuses_to_climb) {
    bench_t b;
    set_up(&b, valley, 2, start);
    static const double not_finite[MOST] = {NAN, 1.0};
    ck_assert_int_eq(run(&b, b.g, 1.0), GRADUS_SEARCH_NOT_DESCENT);
    ck_assert_int_eq(run(&b, not_finite, 1.0), GRADUS_SEARCH_NOT_DESCENT);
    ck_assert_uint_eq(b.function.calls, 1);
    tear_down(&b);
}
END_TEST

/* The innermost phase around the evaluations, and after the search.  */
static const gradus_clock *clock_seen;
static int searching;

static double look_at_clock(const double x[], double g[]) {
    for (int i = 0; clock_seen && i <= clock_seen->depth; i++)
        searching += clock_seen->stack[i] == GRADUS_PHASE_LINE_SEARCH;
    return valley(x, g);
}

START_TEST(is_its_own_phase) {
    bench_t b;
    set_up(&b, look_at_clock, 2, start);
    clock_seen = &b.oracle.clock;
    gradus_clock_start(&b.oracle.clock);
    int depth = b.oracle.clock.depth;
    ck_assert_int_eq(descend(&b, 1.0), GRADUS_SEARCH_FOUND);
    ck_assert_int_eq(b.oracle.clock.depth, depth);
    gradus_clock_stop(&b.oracle.clock);
    ck_assert_int_eq(searching, (int)b.search.evaluations);
    clock_seen = NULL;
    tear_down(&b);
}
END_TEST

/* Every algorithm, by the lowest point it is content with.  */
static const gradus_search_algorithm *const algorithms[] = {
    &gradus_search_more_thuente, &gradus_search_hager_zhang, &gradus_search_backtracking};

START_TEST(every_algorithm_descends) {
    static const double zero[MOST], steps[] = {1e-6, 1e-3, 1.0, 1e3, 1e9};
    static double (*const functions[])(const double[], double[]) = {valley, barrier, kink};
    for (size_t a = 0; a < 3; a++)
        for (size_t k = 0; k < 15; k++) {
            bench_t b;
            set_up(&b, functions[k / 5], k / 5 == 0 ? 2 : 1, k / 5 == 0 ? start : zero);
            b.search.algorithm = algorithms[a];
            ck_assert_int_eq(descend(&b, steps[k % 5]), GRADUS_SEARCH_FOUND);
            check_found(&b);
            tear_down(&b);
        }
}
END_TEST

START_TEST(every_algorithm_says_why_not) {
    static const double one[MOST] = {1.0};
    for (size_t a = 0; a < 3; a++) {
        bench_t b;
        set_up(&b, liar, 2, start);
        b.search.algorithm = algorithms[a];
        ck_assert_int_eq(descend(&b, 1e-3), GRADUS_SEARCH_FAILED);
        ck_assert_uint_le(b.search.evaluations, 40);
        tear_down(&b);
        set_up(&b, narrow, 1, one);
        b.search.algorithm = algorithms[a];
        ck_assert_int_eq(descend(&b, 1.0), GRADUS_SEARCH_ROUNDING);
        tear_down(&b);
    }
}
END_TEST

/* The value of `shallow` cannot show a decrease; its slope shows the minimum.  */
START_TEST(goes_by_slopes_below_rounding) {
    static const double one[MOST] = {1.0};
    bench_t b;
    set_up(&b, shallow, 1, one);
    b.search.algorithm = &gradus_search_hager_zhang;
    b.search.decrease = 0.1;
    static const double down[MOST] = {-1.0};
    ck_assert_int_eq(run(&b, down, 0.01), GRADUS_SEARCH_FOUND);
    printf("shallow: x = %g after %zu evaluations\n", b.search.x[0], b.search.evaluations);
    ck_assert(fabs(b.search.x[0]) <= 0.9 && b.search.value == 1.0);
    tear_down(&b);
}
END_TEST

/* On a plain whose gradient turns and gets no shorter: after ten searches the eleventh says
   so.  */
static double plain(const double x[], double g[]) {
    const double tiny = 0x1p-60;
    if (g) {
        g[0] = x[0] < 0.0 ? 3.0 * tiny : 5.0 * tiny;
        g[1] = x[0] < 0.0 ? 4.0 * tiny : 0.0;
    }
    return 2.385;
}

START_TEST(ends_where_nothing_gets_better) {
    static const double zero[MOST], left[MOST] = {-1.0, 0.0};
    bench_t b;
    int found = 0;
    set_up(&b, plain, 2, zero);
    b.search.algorithm = &gradus_search_hager_zhang;
    b.search.decrease = 0.1;
    while (found < 100 && run(&b, left, 0.3) == GRADUS_SEARCH_FOUND)
        found++;
    ck_assert_int_eq(found, 10);
    tear_down(&b);
}
END_TEST

START_TEST(checks_its_settings) {
    gradus_error why;
    gradus_method *method;
    ck_assert_int_eq(
        gradus_method_create(&method, "lbfgs:wolfe_decrease=0.3,wolfe_curvature=0.2", &why),
        GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "wolfe_curvature=0.2");
    ck_assert_int_eq(
        gradus_method_create(&method, "lbfgs:line_search=backtracking,wolfe_curvature=0.2",
                             &why),
        GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "backtracking");
    ck_assert_int_eq(
        gradus_method_create(&method, "lbfgs:line_search=hager-zhang,wolfe_curvature=0.05",
                             &why),
        GRADUS_EINPUT);
    assert_contains(why.text, "wolfe_decrease=0.1");
}
END_TEST

TEST_MAIN("search", finds_a_wolfe_point, returns_the_best_without_a_wolfe_point,
          ends_at_the_longest_step, comes_back_into_the_domain,
          fails_where_nothing_is_lower, does_not_take_a_cliff_for_rounding, says_rounding,
          refuses_to_climb, is_its_own_phase, every_algorithm_descends,
          every_algorithm_says_why_not, goes_by_slopes_below_rounding,
          ends_where_nothing_gets_better, checks_its_settings)
