/* The search along a direction of a problem with cheaper trials on a ray: what it costs,
   what it believes, and what it does when they are no good.  */

#include "core/oracle.h"
#include "line_search/more_thuente.h"
#include "line_search/search.h"

#include "function.h"

enum {
    N = 2,
    FEATURES = 5,
    EAGER = 0,
    WARY = 3
}; /* whether the first trial is evaluated */

static double valley(const double x[], double g[]) {
    double r = x[1] - x[0] * x[0], s = 1.0 - x[0];
    if (g) {
        g[0] = -40.0 * x[0] * r - 2.0 * s;
        g[1] = 20.0 * r;
    }
    return 10.0 * r * r + s * s;
}

/* How the ray answers.  */
typedef enum { TRUE_VALUES, FALLING_FOR_EVER, NOT_FINITE_FAR_OFF, NOTHING_LOWER } manner;

static struct {
    double x[N], direction[N], value, slope; /* of the last ray, and at its start */
    manner manner;
    size_t rays, trials;
    size_t ray_fails, trial_fails; /* the call for which there is no memory; 0: none */
} ray;

static gradus_err take_ray(void *self, const gradus_batch *batch, const double x[],
                           const double direction[]) {
    double g[N];
    (void)self, (void)batch;
    memcpy(ray.x, x, sizeof ray.x);
    memcpy(ray.direction, direction, sizeof ray.direction);
    ray.value = valley(x, g);
    ray.slope = g[0] * direction[0] + g[1] * direction[1];
    return ++ray.rays == ray.ray_fails ? GRADUS_ENOMEM : GRADUS_OK;
}

static gradus_err go_along(void *self, double step, double *value, double *slope) {
    double g[N],
        x[N] = {ray.x[0] + step * ray.direction[0], ray.x[1] + step * ray.direction[1]};
    (void)self;
    *value = valley(x, g);
    *slope = g[0] * ray.direction[0] + g[1] * ray.direction[1];
    if (ray.manner == FALLING_FOR_EVER) {
        *value = ray.value + step * ray.slope;
        *slope = ray.slope;
    } else if (ray.manner == NOTHING_LOWER)
        *value = ray.value + 1.0;
    else if (ray.manner == NOT_FINITE_FAR_OFF && step > 0.1)
        *value = NAN;
    return ++ray.trials == ray.trial_fails ? GRADUS_ENOMEM : GRADUS_OK;
}

static size_t features(const void *self) {
    (void)self;
    return FEATURES;
}

typedef struct {
    gradus_problem_type type;
    function_t function;
    gradus_problem *problem;
    gradus_oracle oracle;
    gradus_search search;
    double x[N], g[N], f;
    double workspace[2][N];
} bench_t;

static const double start[N] = {-1.385, 0.717};

static void set_up(bench_t *b, bool with_ray, size_t misses) {
    *b = (bench_t){.type = function_type,
                   .function = {.n = N, .start = start, .evaluate = valley}};
    memset(&ray, 0, sizeof ray);
    if (with_ray)
        b->type.ray = take_ray, b->type.along = go_along, b->type.features = features;
    assert_ok(gradus_problem_wrap(&b->problem, &b->type, &b->function, 1, NULL));
    assert_ok(gradus_oracle_open(&b->oracle, b->problem, true, 1));
    b->search = (gradus_search){.algorithm = &gradus_search_more_thuente,
                                .decrease = 1e-4,
                                .curvature = 0.1,
                                .maximum_evaluations = 40,
                                .misses = misses,
                                .lowest = INFINITY,
                                .least = INFINITY,
                                .n = N,
                                .threads = 1,
                                .x = b->workspace[0],
                                .g = b->workspace[1]};
    memcpy(b->x, start, sizeof b->x);
    assert_ok(gradus_oracle_gradient(&b->oracle, b->x, &b->f, b->g));
}

static void tear_down(bench_t *b) {
    gradus_oracle_close(&b->oracle);
    gradus_problem_close(b->problem);
}

/* Against the gradient.  */
static gradus_err descend(bench_t *b, double step, gradus_search_end *end) {
    double direction[N] = {-b->g[0], -b->g[1]};
    return gradus_search_along(&b->search, &b->oracle, b->x, b->f, b->g, direction, step,
                               end);
}

static void find(bench_t *b, double step) {
    gradus_search_end end;
    gradus_search *s = &b->search;
    double g[N], f;
    assert_ok(descend(b, step, &end));
    ck_assert_int_eq(end, GRADUS_SEARCH_FOUND);
    f = valley(s->x, g);
    ck_assert(same_bits(f, s->value) && s->value < b->f);
    ck_assert_mem_eq(g, s->g, sizeof g);
    size_t before = b->oracle.counts.gradient_evaluations;
    assert_ok(gradus_oracle_gradient(&b->oracle, s->x, &f, g));
    ck_assert_uint_eq(b->oracle.counts.gradient_evaluations, before);
}

/* Calls after the gradient at the start.  */
static void expect(const bench_t *b, size_t rays, size_t trials, size_t evaluations) {
    const gradus_counts *c = &b->oracle.counts;
    printf("%zu rays, %zu trials, %zu evaluations\n", ray.rays, ray.trials,
           c->gradient_evaluations - 1);
    ck_assert_uint_eq(ray.rays, rays);
    ck_assert_uint_eq(ray.trials, trials);
    ck_assert_uint_eq(c->value_evaluations, rays);
    ck_assert_uint_eq(c->ray_evaluations, trials);
    ck_assert_uint_eq(c->gradient_evaluations, 1 + evaluations);
}

/* The same point as without the ray, for one evaluation.  The slope is summed in another
   order, which moves the step by rounding.  */
START_TEST(one_evaluation_a_search) {
    static const double steps[] = {1e-6, 1e-3, 1.0, 1e3};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        bench_t with, without;
        set_up(&without, false, WARY);
        find(&without, steps[k]);
        size_t tried = without.search.evaluations;
        expect(&without, 0, 0, tried);
        ck_assert_uint_gt(tried, 1);
        set_up(&with, true, WARY);
        find(&with, steps[k]);
        expect(&with, 1, tried, 1);
        assert_close(with.search.step, without.search.step, 1e-12);
        tear_down(&with);
        tear_down(&without);
    }
}
END_TEST

/* A first trial that is likely to be the only one is evaluated at once; where it is not, the
   others are cheap.  */
START_TEST(the_first_trial) {
    bench_t b;
    double good;
    set_up(&b, false, EAGER);
    find(&b, 1e-3);
    good = b.search.step;
    tear_down(&b);
    set_up(&b, true, EAGER);
    find(&b, good);
    expect(&b, 0, 0, 1);
    ck_assert_uint_eq(b.search.misses, 0);
    tear_down(&b);
    set_up(&b, true, EAGER);
    find(&b, 1e-3);
    expect(&b, 1, b.search.evaluations - 2, 2);
    ck_assert_uint_eq(b.search.misses, 1);
    tear_down(&b);
}
END_TEST

/* One search out of the ordinary changes nothing, two do, either way.  */
START_TEST(what_is_likely) {
    static const struct {
        size_t before, hit, miss;
    } next[] = {{0, 0, 1}, {1, 0, 2}, {2, 1, 3}, {3, 2, 3}};
    bench_t b;
    set_up(&b, false, EAGER);
    find(&b, 1e-3);
    double good = b.search.step;
    tear_down(&b);
    for (size_t k = 0; k < sizeof next / sizeof *next; k++)
        for (int hit = 0; hit < 2; hit++) {
            set_up(&b, true, next[k].before);
            find(&b, hit ? good : 1e-3);
            ck_assert_uint_eq(b.search.misses, hit ? next[k].hit : next[k].miss);
            ck_assert_uint_eq(ray.rays, !hit || next[k].before >= 2);
            tear_down(&b);
        }
}
END_TEST

/* A ray that says what is not so is found out by the evaluation at its point, or by its
   finding none, and then evaluations decide.  */
START_TEST(wrong_values_are_not_believed) {
    static const manner wrong[] = {FALLING_FOR_EVER, NOTHING_LOWER};
    bench_t b, plain;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        set_up(&plain, false, WARY);
        find(&plain, 1e-3);
        set_up(&b, true, WARY);
        ray.manner = wrong[k];
        find(&b, 1e-3);
        ck_assert_uint_eq(ray.rays, 1);
        ck_assert(same_bits(b.search.step, plain.search.step));
        tear_down(&b);
        tear_down(&plain);
    }
}
END_TEST

START_TEST(values_that_are_not_finite) {
    bench_t b;
    set_up(&b, true, WARY);
    ray.manner = NOT_FINITE_FAR_OFF;
    find(&b, 1.0);
    ck_assert(b.search.step <= 0.1);
    expect(&b, 1, ray.trials, 1);
    tear_down(&b);
}
END_TEST

/* No memory, in any call, is an error and not a result.  */
START_TEST(errors_are_passed_on) {
    gradus_search_end end;
    bench_t b;
    set_up(&b, true, WARY);
    find(&b, 1.0);
    size_t trials = ray.trials;
    ck_assert_uint_gt(trials, 1);
    tear_down(&b);
    for (size_t k = 0; k <= trials; k++) {
        set_up(&b, true, WARY);
        ray.ray_fails = k == 0;
        ray.trial_fails = k;
        ck_assert_int_eq(descend(&b, 1.0, &end), GRADUS_ENOMEM);
        tear_down(&b);
    }
}
END_TEST

/* Every trial counts against the most evaluations of a search.  */
START_TEST(trials_are_limited) {
    bench_t b;
    gradus_search_end end;
    set_up(&b, true, WARY);
    b.search.maximum_evaluations = 3;
    ray.manner = NOTHING_LOWER;
    assert_ok(descend(&b, 1e3, &end));
    ck_assert_uint_eq(ray.trials, 3);
    ck_assert_uint_eq(b.oracle.counts.gradient_evaluations, 1 + 3);
    tear_down(&b);
}
END_TEST

TEST_MAIN("rays", one_evaluation_a_search, the_first_trial, what_is_likely,
          wrong_values_are_not_believed, values_that_are_not_finite, errors_are_passed_on,
          trials_are_limited)
