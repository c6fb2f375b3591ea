/* The frame of a first-order update: clipping, the rate, passes over long vectors.  With
   learning_rate=1 from the origin, sgd lands on minus the gradient it was given.  */

#include "cubic.h"

enum { LONG = 70001 }; /* long enough for threads; the last block is short */

static const double *slopes; /* of the linear functions below */
static size_t dimension;

static double linear(const double x[], double g[]) {
    double value = 0.0;
    for (size_t i = 0; i < dimension; i++) {
        value += slopes[i] * x[i];
        if (g)
            g[i] = slopes[i];
    }
    return value;
}

/* The gradient that the rule sees, in GOT.  */
static gradus_stop clipped(const char *settings, size_t n, const double gradient[],
                           double got[], size_t threads) {
    char spec[128];
    static const double origin[LONG];
    gradus_problem *problem;
    function_t function = {.n = n, .start = origin, .evaluate = linear};
    slopes = gradient;
    dimension = n;
    snprintf(spec, sizeof spec, "sgd:learning_rate=1%s", settings);
    assert_ok(gradus_problem_wrap(&problem, &function_type, &function, threads, NULL));
    trial_t trial = trial_open(problem, spec, NULL);
    const double *x = trial_step(&trial);
    for (size_t i = 0; i < n; i++)
        got[i] = -x[i];
    gradus_stop stop = gradus_run_stop(trial.run);
    trial_close(&trial);
    return stop;
}

/* Of norm 13.  */
static const double twelve[] = {3.0, -4.0, 0.0, 12.0};

START_TEST(norm_keeps_the_direction) {
    double got[4];
    clipped(",clip_norm=2.6", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        assert_close(got[i], twelve[i] * 0.2, 1e-15);
    /* Exactly the bound, and above it: not a bit is touched.  */
    clipped(",clip_norm=13", 4, twelve, got, 1);
    ck_assert(memcmp(got + 3, twelve + 3, sizeof *got) == 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert(got[i] == twelve[i]);
    clipped(",clip_norm=1e300", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        ck_assert(got[i] == twelve[i]);
    clipped(",clip_norm=12.999999", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        ck_assert(twelve[i] == 0.0 ? got[i] == 0.0 : fabs(got[i]) < fabs(twelve[i]));
}
END_TEST

START_TEST(value_keeps_the_sign) {
    static const double cut[] = {3.0, -3.5, 0.0, 3.5};
    double got[4];
    clipped(",clip_value=3.5", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        ck_assert(got[i] == cut[i]);
    clipped(",clip_value=12", 4, twelve, got, 1); /* exactly the bound */
    for (size_t i = 0; i < 4; i++)
        ck_assert(got[i] == twelve[i]);
}
END_TEST

/* Entries first: (3, -3.5, 0, 3.5), then its norm.  */
START_TEST(both_at_once) {
    static const double cut[] = {3.0, -3.5, 0.0, 3.5};
    double got[4], norm = sqrt(9.0 + 2 * 3.5 * 3.5);
    clipped(",clip_norm=1.7,clip_value=3.5", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        assert_close(got[i], cut[i] * 1.7 / norm, 1e-15);
    clipped(",clip_norm=6,clip_value=3.5", 4, twelve, got, 1);
    for (size_t i = 0; i < 4; i++)
        ck_assert(got[i] == cut[i]);
}
END_TEST

/* What is not finite is not made so by clipping, a norm that overflows included.  */
START_TEST(not_finite_is_not_clipped) {
    static const double bad[][4] = {{1.0, NAN, 2.0, 3.0},
                                    {1.0, 2.0, 3.0, INFINITY},
                                    {-INFINITY, 1.0, 2.0, 3.0},
                                    {1.7e308, 1.7e308, 0.0, 0.0}};
    double got[4];
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(clipped(",clip_value=1", 4, bad[i], got, 1), GRADUS_FAIL_DIVERGED);
        ck_assert_int_eq(clipped(",clip_norm=1", 4, bad[i], got, 1), GRADUS_FAIL_DIVERGED);
        for (size_t j = 0; j < 4; j++)
            ck_assert(got[j] == 0.0);
    }
}
END_TEST

START_TEST(long_vectors_and_threads) {
    static double gradient[LONG], one[LONG], three[LONG];
    double square = 0.0;
    for (size_t i = 0; i < LONG; i++)
        gradient[i] = 7.0 * noise(i);
    clipped(",clip_norm=0.5,clip_value=3", LONG, gradient, one, 1);
    clipped(",clip_norm=0.5,clip_value=3", LONG, gradient, three, 3);
    ck_assert(memcmp(one, three, sizeof one) == 0);
    for (size_t i = 0; i < LONG; i++) {
        square += one[i] * one[i];
        ck_assert(gradient[i] > 0 ? one[i] > 0 : one[i] < 0);
    }
    assert_close(sqrt(square), 0.5, 1e-11); /* LONG roundings here, in plain order */
    clipped(",clip_value=3", LONG, gradient, one, 3);
    for (size_t i = 0; i < LONG; i++)
        ck_assert(one[i] == fmax(-3.0, fmin(3.0, gradient[i])));
}
END_TEST

/* Clipping comes before the rule and its memory.  */
START_TEST(the_rule_sees_the_clipped_gradient) {
    static const double half[] = {0.5, -0.5, 0.0, 0.5};
    static const double origin[4];
    function_t function = {.n = 4, .start = origin, .evaluate = linear};
    dimension = 4;
    slopes = twelve;
    trial_t one = trial_of_function(
        &function, "sgd:learning_rate=0.1,momentum=0.735,clip_value=0.5", NULL);
    for (int k = 0; k < 3; k++)
        trial_step(&one);
    function_t other_function = function;
    slopes = half;
    trial_t other =
        trial_of_function(&other_function, "sgd:learning_rate=0.1,momentum=0.735", NULL);
    for (int k = 0; k < 3; k++)
        trial_step(&other);
    ck_assert(memcmp(gradus_run_parameters(one.run), gradus_run_parameters(other.run),
                     sizeof origin) == 0);
    trial_close(&one);
    trial_close(&other);
}
END_TEST

START_TEST(refusals) {
    static const char *const settings[] = {"clip_norm=0",     "clip_norm=-1",
                                           "clip_value=0",    "clip_value=nan",
                                           "learning_rate=0", "learning_rate=-0.1"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char spec[64], key[32];
        gradus_method *method;
        gradus_error why;
        snprintf(spec, sizeof spec, "sgd:%s", settings[i]);
        snprintf(key, sizeof key, "%.*s", (int)strcspn(settings[i], "="), settings[i]);
        ck_assert_msg(gradus_method_create(&method, spec, &why) == GRADUS_EINPUT,
                      "%s is not refused", spec);
        assert_sentence(why.text);
        assert_contains(why.text, key);
    }
}
END_TEST

/* The rate in the report is the one that the rule used.  */
START_TEST(rate_and_schedule_meet) {
    function_t function = {.n = 4, .start = (const double[4]){0}, .evaluate = linear};
    slopes = twelve;
    dimension = 4;
    trial_t trial = trial_of_function(
        &function, "sgd:learning_rate=0.5,schedule=step,schedule_every=1,clip_norm=6.5",
        NULL);
    double rate = 0.5, want = 0.0;
    for (int k = 0; k < 4; k++, rate *= 0.5) {
        const double *x = trial_step(&trial);
        want -= rate * 6.0; /* 12 by the norm 13 over 6.5 */
        assert_close(x[3], want, 1e-15);
        ck_assert(trial_row(&trial).learning_rate == rate);
    }
    trial_close(&trial);
}
END_TEST

TEST_MAIN("descent", norm_keeps_the_direction, value_keeps_the_sign, both_at_once,
          not_finite_is_not_clipped, long_vectors_and_threads,
          the_rule_sees_the_clipped_gradient, refusals, rate_and_schedule_meet)
