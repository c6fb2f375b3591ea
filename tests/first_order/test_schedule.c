/* Schedules at their break points, plateau on a scripted validation, refusals, clipping.  */

#include "first_order/schedule.h"
#include "../support.h"

#include <float.h>

enum { EXAMPLES = 10, LOOKS = 16 };

/* f(x) = slope x, with a validation value that is read from a script.  */
typedef struct {
    double slopes[2];
    double script[LOOKS];
    size_t looks;
    size_t validation; /* examples */
} scripted_t;

static size_t dimension(const void *self) {
    (void)self;
    return 2;
}

static size_t examples(const void *self) {
    (void)self;
    return EXAMPLES;
}

static void start(const void *self, gradus_stream *stream, double x[]) {
    (void)self;
    (void)stream;
    x[0] = x[1] = 0.0;
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]) {
    const scripted_t *s = self;
    (void)batch;
    if (value)
        *value = s->slopes[0] * x[0] + s->slopes[1] * x[1];
    if (gradient)
        memcpy(gradient, s->slopes, sizeof s->slopes);
    return GRADUS_OK;
}

static size_t subset_examples(const void *self, gradus_subset subset) {
    return subset == GRADUS_VALIDATION ? ((const scripted_t *)self)->validation : 0;
}

static gradus_err measure(void *self, gradus_subset subset, const double x[],
                          gradus_metrics *out) {
    scripted_t *s = self;
    (void)subset;
    (void)x;
    ck_assert_uint_lt(s->looks, LOOKS);
    *out = (gradus_metrics){.value = s->script[s->looks++], .accuracy = NAN};
    return GRADUS_OK;
}

static const gradus_problem_type scripted_type = {.name = "scripted",
                                                  .brief =
                                                      "a line with a scripted validation",
                                                  .size = sizeof(scripted_t),
                                                  .dimension = dimension,
                                                  .examples = examples,
                                                  .start = start,
                                                  .evaluate = evaluate,
                                                  .subset_examples = subset_examples,
                                                  .measure = measure};

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} racer_t;

static gradus_err open_racer(racer_t *r, scripted_t *s, const char *spec,
                             const char *options, gradus_error *why) {
    *r = (racer_t){NULL, NULL, NULL};
    assert_ok(gradus_problem_wrap(&r->problem, &scripted_type, s, 1, why));
    gradus_err err = gradus_method_create(&r->method, spec, why);
    return err ? err : gradus_run_open(&r->run, r->problem, r->method, NULL, options, why);
}

static void close_racer(racer_t *r) {
    gradus_run_close(r->run);
    gradus_method_close(r->method);
    gradus_problem_close(r->problem);
}

/* How far x1 moves in the next update, over the slope: the rate.  */
static double rate_of_update(racer_t *r, const scripted_t *s) {
    gradus_error why;
    double before = gradus_run_parameters(r->run)[0];
    assert_ok(gradus_run_step(r->run, &why));
    return (before - gradus_run_parameters(r->run)[0]) / s->slopes[0];
}

/* The rates of updates 0 .. COUNT-1 with rate 1, in batches of 3 examples out of 10 when PER_EPOCH:
   four batches an epoch, epochs 0, 0.3, 0.6, 0.9, 1, ...  */
static void check_rates(const char *keys, bool per_epoch, size_t count,
                        const double want[]) {
    scripted_t s = {.slopes = {1.0, 0.0}};
    racer_t r;
    gradus_error why = {0};
    char spec[256];
    snprintf(spec, sizeof spec, "sgd:learning_rate=1,%s%s", keys,
             per_epoch ? ",schedule_unit=epoch" : "");
    gradus_err err = open_racer(&r, &s, spec, per_epoch ? "batch=3" : NULL, &why);
    ck_assert_msg(!err, "%s", why.text);
    /* x reaches 10 or so, so that a difference of two is off by a few 1e-15 */
    for (size_t i = 0; i < count; i++)
        assert_close(rate_of_update(&r, &s), want[i], 1e-13);
    close_racer(&r);
}

START_TEST(rates) {
    check_rates("schedule=constant", false, 3, (const double[]){1, 1, 1});
    check_rates("schedule=step,schedule_every=2,schedule_factor=0.3", false, 6,
                (const double[]){1, 1, 0.3, 0.3, 0.09, 0.09});
    check_rates("schedule=step,schedule_every=1,schedule_factor=0.5", true, 9,
                (const double[]){1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25});
    check_rates("schedule=exponential,schedule_decay=0.7", false, 3,
                (const double[]){1, exp(-0.7), exp(-1.4)});
    check_rates("schedule=inverse,schedule_decay=0.5", false, 4,
                (const double[]){1, 1 / 1.5, 0.5, 0.4});
    check_rates("schedule=inverse,schedule_decay=0.5", true, 6,
                (const double[]){1, 1 / 1.15, 1 / 1.3, 1 / 1.45, 1 / 1.5, 1 / 1.65});
    check_rates("schedule=linear,schedule_length=4,schedule_floor=0.2", false, 7,
                (const double[]){1, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2});
    check_rates("schedule=linear,schedule_length=2,schedule_floor=0", false, 4,
                (const double[]){1, 0.5, 0, 0});
    /* restarts at 2 and at 2 + 4 */
    check_rates("schedule=restarts,schedule_length=2", false, 8,
                (const double[]){1, 0.5, 1, 0.5 + 0.25 * sqrt(2.0), 0.5,
                                 0.5 - 0.25 * sqrt(2.0), 1,
                                 0.5 * (1 + cos(3.14159265358979324 / 8))});
    check_rates(
        "schedule=restarts,schedule_length=2,schedule_multiplier=1,schedule_floor=0.4",
        false, 5, (const double[]){1, 0.7, 1, 0.7, 1});
}
END_TEST

/* A NaN is no improvement.  */
START_TEST(plateau) {
    scripted_t s = {
        .slopes = {1.0, 0.0}, .validation = 4, .script = {5, 4, 4, 3, 3, 3, 2.9, NAN, 2.8}};
    racer_t r;
    gradus_row row;
    gradus_error why = {0};
    gradus_err err = open_racer(&r, &s, "sgd:learning_rate=1,schedule=plateau", NULL, &why);
    ck_assert_msg(!err, "%s", why.text);
    static const double want[] = {1, 1, 0.5, 0.5, 0.25, 0.125, 0.125, 0.0625, 0.0625};
    for (size_t i = 0; i < 9; i++)
        assert_close(rate_of_update(&r, &s), want[i], 1e-13);
    ck_assert_uint_eq(s.looks, 9);
    s.looks = 0; /* a measurement looks too */
    assert_ok(gradus_run_measure(r.run, true, &row, &why));
    ck_assert_uint_eq(row.value_evaluations, 9);
    /* nine gradients of ten examples, and half of nine values of four */
    assert_close(row.passes, 9 + 0.5 * 9 * 4 / 10.0, 1e-15);
    close_racer(&r);
}
END_TEST

START_TEST(plateau_with_patience) {
    scripted_t s = {.slopes = {1.0, 0.0}, .validation = 4, .script = {5, 5, 5, 4, 4, 4, 4}};
    racer_t r;
    gradus_error why = {0};
    gradus_err err = open_racer(&r, &s,
                                "sgd:learning_rate=1,schedule=plateau,schedule_patience=2,"
                                "schedule_factor=0.1,schedule_every=2",
                                NULL, &why);
    ck_assert_msg(!err, "%s", why.text);
    static const double want[] = {1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01};
    for (size_t i = 0; i < 12; i++)
        assert_close(rate_of_update(&r, &s), want[i], 1e-13);
    ck_assert_uint_eq(s.looks, 6);
    close_racer(&r);
}
END_TEST

START_TEST(refusals) {
    static const char *const bad[] = {
        "schedule_decay=0.1",
        "schedule_unit=epoch",
        "schedule=step,schedule_decay=0.1",
        "schedule=exponential,schedule_every=3",
        "schedule=inverse,schedule_floor=0.1",
        "schedule=linear,schedule_multiplier=2",
        "schedule=plateau,schedule_length=10",
        "schedule=restarts,schedule_patience=2",
    };
    gradus_method *method;
    gradus_error why;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char spec[128];
        snprintf(spec, sizeof spec, "adam:%s", bad[i]);
        ck_assert_msg(gradus_method_create(&method, spec, &why) == GRADUS_EINPUT, "%s",
                      spec);
        assert_sentence(why.text);
        assert_contains(why.text, "does not read schedule_");
    }
    scripted_t s = {.slopes = {1.0, 0.0}};
    racer_t r;
    ck_assert_int_eq(open_racer(&r, &s, "sgd:schedule=plateau", NULL, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "validation");
    close_racer(&r);
}
END_TEST

/* By norm the direction stays, by entry the signs; what is at the bound is left alone.  */
START_TEST(clipping) {
    static const struct {
        const char *keys;
        double want[2];
    } rows[] = {{"clip_norm=2", {1.2, -1.6}},
                {"clip_norm=5", {3, -4}},
                {"clip_norm=6", {3, -4}},
                {"clip_value=2", {2, -2}},
                {"clip_value=3.5", {3, -3.5}},
                {"clip_value=4", {3, -4}},
                {"clip_value=2,clip_norm=2", {1.4142135623730951, -1.4142135623730951}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scripted_t s = {.slopes = {3.0, -4.0}};
        racer_t r;
        gradus_error why = {0};
        char spec[128];
        snprintf(spec, sizeof spec, "sgd:learning_rate=1,%s", rows[i].keys);
        ck_assert(open_racer(&r, &s, spec, NULL, &why) == GRADUS_OK);
        assert_ok(gradus_run_step(r.run, &why));
        for (int j = 0; j < 2; j++)
            assert_close(-gradus_run_parameters(r.run)[j], rows[i].want[j],
                         4 * DBL_EPSILON);
        close_racer(&r);
    }
}
END_TEST

TEST_MAIN("schedule", rates, plateau, plateau_with_patience, refusals, clipping)
