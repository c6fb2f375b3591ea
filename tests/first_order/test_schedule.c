/* Schedules: the rate of every update against the formulas at the head of schedule.h, most of
   all where they break, per update and per epoch; the plateau against values made by hand;
   refusals.  */

#include "first_order/schedule.h"

#include "../function.h"

static const double PI = 3.14159265358979323846;

/* ---- A problem with examples to count epochs by, and validation values by hand ---- */

enum { EXAMPLES = 5, MOST = 32, RESTARTS = 6 /* among the choices */ };

typedef struct {
    size_t validation_examples;
    const double *script; /* validation value before update `now` */
    size_t now, looks;
    double looked_at; /* x[0] of the last look */
} ramp_t;

static size_t ramp_dimension(const void *self) {
    (void)self;
    return 1;
}

static size_t ramp_examples(const void *self) {
    (void)self;
    return EXAMPLES;
}

static void ramp_start(const void *self, gradus_stream *stream, double x[]) {
    (void)self, (void)stream;
    x[0] = 2.385;
}

static gradus_err ramp_evaluate(void *self, const gradus_batch *batch, const double x[],
                                double *value, double gradient[]) {
    (void)self, (void)batch;
    if (value)
        *value = x[0];
    if (gradient)
        gradient[0] = 1.0;
    return GRADUS_OK;
}

static size_t ramp_subset(const void *self, gradus_subset subset) {
    return subset == GRADUS_VALIDATION ? ((const ramp_t *)self)->validation_examples : 0;
}

static gradus_err ramp_measure(void *self, gradus_subset subset, size_t count,
                               const double x[], gradus_metrics *out) {
    ramp_t *ramp = self;
    (void)count;
    ck_assert_int_eq(subset, GRADUS_VALIDATION);
    ramp->looks++;
    ramp->looked_at = x[0];
    *out = (gradus_metrics){.value = ramp->script[ramp->now], .accuracy = NAN};
    return GRADUS_OK;
}

static const gradus_problem_type ramp_type = {.name = "ramp",
                                              .brief = "a slope of one",
                                              .size = sizeof(ramp_t),
                                              .dimension = ramp_dimension,
                                              .examples = ramp_examples,
                                              .start = ramp_start,
                                              .evaluate = ramp_evaluate,
                                              .subset_examples = ramp_subset,
                                              .measure = ramp_measure};

static trial_t ramp_open(ramp_t *ramp, const char *method, const char *options) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &ramp_type, ramp, 1, NULL));
    return trial_open(problem, method, options);
}

/* ---- Formulas ---- */

/* The factors of the first COUNT updates; 0.137 is the rate that they are factors of.  */
static void check_factors(const char *schedule, const char *options, const double want[],
                          size_t count) {
    char spec[256];
    ramp_t ramp = {0};
    snprintf(spec, sizeof spec, "sgd:learning_rate=0.137,schedule=%s", schedule);
    trial_t trial = ramp_open(&ramp, spec, options);
    for (size_t k = 0; k < count; k++) {
        trial_step(&trial);
        double got = trial_row(&trial).learning_rate / 0.137;
        /* A handful of roundings, of numbers up to 1.  */
        ck_assert_msg(fabs(got - want[k]) <= 1e-15, "%s: update %zu: %.17g, want %.17g",
                      schedule, k, got, want[k]);
    }
    trial_close(&trial);
}

START_TEST(constant) { check_factors("constant", NULL, (const double[]){1, 1, 1}, 3); }
END_TEST

START_TEST(step) {
    double want[MOST];
    for (size_t k = 0; k < 9; k++)
        want[k] = k < 3 ? 1.0 : k < 6 ? 0.7 : 0.49;
    check_factors("step,schedule_every=3,schedule_factor=0.7", NULL, want, 9);
    for (size_t k = 0; k < 9; k++) /* 2.5, 5 and 7.5 */
        want[k] = k < 3 ? 1.0 : k < 5 ? 0.7 : k < 8 ? 0.49 : 0.343;
    check_factors("step,schedule_every=2.5,schedule_factor=0.7", NULL, want, 9);
    for (size_t k = 0; k < 21; k++) /* by itself: halves every 10 */
        want[k] = k < 10 ? 1.0 : k < 20 ? 0.5 : 0.25;
    check_factors("step", NULL, want, 21);
}
END_TEST

START_TEST(exponential_and_inverse) {
    double falling[MOST], inverse[MOST];
    for (size_t k = 0; k < 12; k++) {
        falling[k] = exp(-0.37 * (double)k);
        inverse[k] = 1.0 / (1.0 + 0.37 * (double)k);
    }
    check_factors("exponential,schedule_decay=0.37", NULL, falling, 12);
    check_factors("inverse,schedule_decay=0.37", NULL, inverse, 12);
    for (size_t k = 0; k < 12; k++) {
        falling[k] = exp(-0.01 * (double)k);
        inverse[k] = 1.0 / (1.0 + 0.01 * (double)k);
    }
    check_factors("exponential", NULL, falling, 12);
    check_factors("inverse", NULL, inverse, 12);
    check_factors("exponential,schedule_decay=0", NULL, (const double[]){1, 1, 1}, 3);
}
END_TEST

START_TEST(linear) {
    check_factors("linear,schedule_length=4,schedule_floor=0.2", NULL,
                  (const double[]){1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2}, 7);
    check_factors("linear,schedule_length=2.5,schedule_floor=0", NULL,
                  (const double[]){1.0, 0.6, 0.2, 0.0, 0.0}, 5);
    check_factors("linear,schedule_floor=1", NULL, (const double[]){1, 1, 1}, 3);
    check_factors("linear", NULL, (const double[]){1.0, 1.0 - 0.99 / 1000}, 2);
}
END_TEST

static double half_wave(double floor, double share) {
    return floor + (1.0 - floor) * 0.5 * (1.0 + cos(PI * share));
}

START_TEST(restarts) {
    double want[MOST];
    for (size_t k = 0; k < 30; k++) /* periods of 4, 8, 16 and 32 */
        want[k] = k < 4    ? half_wave(0.1, (double)k / 4.0)
                  : k < 12 ? half_wave(0.1, (double)(k - 4) / 8.0)
                  : k < 28 ? half_wave(0.1, (double)(k - 12) / 16.0)
                           : half_wave(0.1, (double)(k - 28) / 32.0);
    check_factors("restarts,schedule_length=4,schedule_floor=0.1", NULL, want, 30);
    ck_assert(want[0] == 1.0 && want[12] == 1.0 && want[28] == 1.0);
    for (size_t k = 0; k < 12; k++)
        want[k] = half_wave(0.0, (double)(k % 3) / 3.0);
    check_factors("restarts,schedule_length=3,schedule_multiplier=1", NULL, want, 12);
    /* The published values at the start, half way and at the end, which no update meets.  */
    const gradus_schedule_params p = {.schedule = RESTARTS,
                                      .schedule_length = 10,
                                      .schedule_floor = 0.3,
                                      .schedule_multiplier = 1};
    assert_close(gradus_schedule_factor(&p, 5.0), 0.65, 1e-15);
    assert_close(gradus_schedule_factor(&p, 0.0), 1.0, 0.0);
    assert_close(gradus_schedule_factor(&p, nextafter(10.0, 0.0)), 0.3, 1e-15);
    assert_close(gradus_schedule_factor(&p, 10.0), 1.0, 0.0);
    assert_close(gradus_schedule_factor(&p, 1e15), 1.0, 0.0);
}
END_TEST

/* A multiplier near 1 makes many short periods, far too many to count one by one.  */
START_TEST(many_restarts) {
    gradus_schedule_params p = {
        .schedule = RESTARTS, .schedule_length = 0.01, .schedule_multiplier = 1.001};
    double most = 0.0;
    for (double t = 0.0; t < 1e4; t += 7.385) {
        long double left = t, length = p.schedule_length;
        for (; left >= length; length *= p.schedule_multiplier)
            left -= length;
        double share = (double)(left / length);
        most = fmax(most, fabs(gradus_schedule_factor(&p, t) - half_wave(0.0, share)));
    }
    /* In the last of 6900 periods the begin is known to 6900 roundings of the multiplier,
       each 1e-16 of 1e4, and the period is 10 long: 7e-10 of it, times the slope, pi/2.  */
    printf("many restarts: error %.1e, bound 1e-9\n", most);
    ck_assert(most <= 1e-9);
    p.schedule_multiplier = nextafter(1.0, 2.0);
    p.schedule_length = 1e-9;
    double factor = gradus_schedule_factor(&p, 1e12);
    ck_assert(factor >= 0.0 && factor <= 1.0);
}
END_TEST

/* Batches of 2 of 5 examples: epochs 0, 0.4, 0.8, 1, 1.4, ... as the last batch has one.  */
START_TEST(per_epoch) {
    static const char batch[] = "batch=2";
    static const double epochs[] = {0.0, 0.4, 0.8, 1.0, 1.4, 1.8, 2.0, 2.4, 2.8, 3.0, 3.4};
    enum { COUNT = sizeof epochs / sizeof *epochs };
    double want[COUNT];
    for (size_t k = 0; k < COUNT; k++)
        want[k] = pow(0.7, floor(epochs[k]));
    check_factors("step,schedule_unit=epoch,schedule_every=1,schedule_factor=0.7", batch,
                  want, COUNT);
    for (size_t k = 0; k < COUNT; k++)
        want[k] = exp(-0.37 * epochs[k]);
    check_factors("exponential,schedule_unit=epoch,schedule_decay=0.37", batch, want,
                  COUNT);
    for (size_t k = 0; k < COUNT; k++)
        want[k] = 1.0 / (1.0 + 0.37 * epochs[k]);
    check_factors("inverse,schedule_unit=epoch,schedule_decay=0.37", batch, want, COUNT);
    for (size_t k = 0; k < COUNT; k++)
        want[k] = fmax(0.1, 1.0 - 0.9 * epochs[k] / 2.0);
    check_factors("linear,schedule_unit=epoch,schedule_length=2,schedule_floor=0.1", batch,
                  want, COUNT);
    for (size_t k = 0; k < COUNT; k++)
        want[k] = epochs[k] < 1.0   ? half_wave(0.0, epochs[k])
                  : epochs[k] < 3.0 ? half_wave(0.0, (epochs[k] - 1.0) / 2.0)
                                    : half_wave(0.0, (epochs[k] - 3.0) / 4.0);
    check_factors("restarts,schedule_unit=epoch,schedule_length=1", batch, want, COUNT);
    for (size_t k = 0; k < 4; k++) /* a full batch is an epoch */
        want[k] = pow(0.7, (double)k);
    check_factors("step,schedule_unit=epoch,schedule_every=1,schedule_factor=0.7", NULL,
                  want, 4);
}
END_TEST

/* ---- The plateau ---- */

static void check_plateau(const char *settings, const char *options, const double script[],
                          const double want[], size_t count, size_t looks) {
    char spec[256];
    ramp_t ramp = {.validation_examples = 3, .script = script};
    snprintf(spec, sizeof spec, "nesterov:learning_rate=0.137,schedule=plateau%s",
             settings);
    trial_t trial = ramp_open(&ramp, spec, options);
    size_t looked = 0;
    for (size_t k = 0; k < count; k++) {
        double before = gradus_run_parameters(trial.run)[0];
        ramp.now = k;
        ramp.looks = 0;
        trial_step(&trial);
        looked += ramp.looks;
        ck_assert_uint_le(ramp.looks, 1);
        if (ramp.looks) /* at the parameters, not at the look-ahead point */
            ck_assert(ramp.looked_at == before);
        gradus_row row = trial_row(&trial);
        ck_assert_msg(fabs(row.learning_rate / 0.137 - want[k]) <= 1e-15,
                      "plateau%s: update %zu: %.17g, want %.17g", settings, k,
                      row.learning_rate / 0.137, want[k]);
        ck_assert_uint_eq(row.value_evaluations, looked); /* it is billed */
    }
    ck_assert_uint_eq(looked, looks);
    trial_close(&trial);
}

START_TEST(plateau) {
    /* Better, better, worse, worse, between, better than all, the same, worse.  */
    static const double script[] = {3.1, 2.7, 2.9, 2.8, 2.75, 2.6, 2.6, 2.61};
    check_plateau("", NULL, script,
                  (const double[]){1, 1, 0.5, 0.25, 0.125, 0.125, 0.0625, 0.03125}, 8, 8);
    check_plateau(",schedule_patience=2,schedule_factor=0.7", NULL, script,
                  (const double[]){1, 1, 1, 0.7, 0.7, 0.7, 0.7, 0.49}, 8, 8);
    check_plateau(",schedule_patience=3", NULL, script,
                  (const double[]){1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5}, 8, 8);
    check_plateau(",schedule_every=3", NULL, script, /* looks at updates 0, 3 and 6 */
                  (const double[]){1, 1, 1, 1, 1, 1, 1, 1}, 8, 3);
    check_plateau(",schedule_every=2", NULL, script, /* 3.1, 2.9, 2.75, 2.6 */
                  (const double[]){1, 1, 1, 1, 1, 1, 1, 1}, 8, 4);
}
END_TEST

/* Looks at updates 0, 3 and 6, where epochs begin, and with 0.5 at 0, 2, 3, 5 and 6, the first
   in every half epoch.  */
START_TEST(plateau_per_epoch) {
    static const double script[] = {2.6, 9, 2.7, 2.6, 9, 2.5, 2.55, 9};
    check_plateau(",schedule_unit=epoch", "batch=2", script,
                  (const double[]){1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5}, 8, 3);
    check_plateau(",schedule_unit=epoch,schedule_every=0.5", "batch=2", script,
                  (const double[]){1, 1, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125}, 8, 5);
}
END_TEST

START_TEST(plateau_takes_what_is_no_number_for_no_improvement) {
    static const double script[] = {NAN, 2.7, INFINITY, 2.6};
    check_plateau("", NULL, script, (const double[]){0.5, 0.5, 0.25, 0.25}, 4, 4);
}
END_TEST

/* ---- Refusals ---- */

static void refuse(const char *settings, const char *schedule, const char *part) {
    char spec[256];
    gradus_method *method;
    gradus_error why;
    snprintf(spec, sizeof spec, "adam:schedule=%s,%s", schedule, settings);
    ck_assert_msg(gradus_method_create(&method, spec, &why) == GRADUS_EINPUT,
                  "%s is not refused", spec);
    assert_sentence(why.text);
    assert_contains(why.text, part);
    assert_contains(why.text, schedule);
}

/* Every schedule with every key that is another's.  */
START_TEST(refuses_the_key_of_another_schedule) {
    static const struct {
        const char *schedule, *keys;
    } reads[] = {{"constant", ""},
                 {"step", "every factor"},
                 {"exponential", "decay"},
                 {"inverse", "decay"},
                 {"linear", "length floor"},
                 {"plateau", "every factor patience"},
                 {"restarts", "length floor multiplier"}};
    static const char *const keys[] = {"every", "factor",     "decay",   "length",
                                       "floor", "multiplier", "patience"};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++) {
            char setting[64], spec[256], name[32];
            gradus_method *method;
            snprintf(name, sizeof name, "schedule_%s", keys[j]);
            snprintf(setting, sizeof setting, "%s=1", name);
            if (!strstr(reads[i].keys, keys[j])) {
                refuse(setting, reads[i].schedule, name);
                continue;
            }
            snprintf(spec, sizeof spec, "adam:schedule=%s,%s", reads[i].schedule, setting);
            ck_assert_msg(!gradus_method_create(&method, spec, NULL), "%s is refused",
                          spec);
            gradus_method_close(method);
        }
    refuse("schedule_unit=epoch", "constant", "schedule_unit");
}
END_TEST

START_TEST(refuses_what_is_out_of_range) {
    static const char *const settings[] = {"schedule=step,schedule_every=0",
                                           "schedule=step,schedule_factor=0",
                                           "schedule=step,schedule_factor=1.5",
                                           "schedule=inverse,schedule_decay=-1",
                                           "schedule=linear,schedule_length=0",
                                           "schedule=linear,schedule_floor=1.1",
                                           "schedule=restarts,schedule_multiplier=0.5",
                                           "schedule=plateau,schedule_patience=0",
                                           "schedule=step,schedule_every=nan",
                                           "schedule=cosine"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char spec[256];
        gradus_method *method;
        gradus_error why;
        snprintf(spec, sizeof spec, "sgd:%s", settings[i]);
        ck_assert_msg(gradus_method_create(&method, spec, &why) == GRADUS_EINPUT,
                      "%s is not refused", spec);
        assert_sentence(why.text);
        assert_contains(why.text, "schedule");
    }
}
END_TEST

START_TEST(refuses_a_plateau_without_validation_data) {
    ramp_t ramp = {0};
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_problem_wrap(&problem, &ramp_type, &ramp, 1, NULL));
    assert_ok(gradus_method_create(&method, "sgd:schedule=plateau", NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, NULL, &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "validation");
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("schedule", constant, step, exponential_and_inverse, linear, restarts,
          many_restarts, per_epoch, plateau, plateau_per_epoch,
          plateau_takes_what_is_no_number_for_no_improvement,
          refuses_the_key_of_another_schedule, refuses_what_is_out_of_range,
          refuses_a_plateau_without_validation_data)
