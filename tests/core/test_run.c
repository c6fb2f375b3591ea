/* A run: one case per stop reason, budgets between updates, measuring outside the bill.  */

#include "core/run.h"
#include "../walk.h"

#include <signal.h>

/* ---- A run of the two ---- */

enum { EXAMPLES = 10 };

typedef struct {
    counting_t self;
    const gradus_problem_type *type; /* NULL: the counting problem's */
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_stop stop;
} trial_t;

static void open_trial(trial_t *t, const char *method, const char *options) {
    if (t->self.dimension == 0)
        t->self.dimension = 2;
    if (t->self.examples == 0)
        t->self.examples = EXAMPLES;
    gradus_error why;
    const gradus_problem_type *type = t->type ? t->type : &counting_type;
    assert_ok(gradus_problem_wrap(&t->problem, type, &t->self, 1, NULL));
    ck_assert_msg(!gradus_method_open(&t->method, &walk_type, method, &why), "%s",
                  why.text);
    ck_assert_msg(!gradus_run_open(&t->run, t->problem, t->method, NULL, options, &why),
                  "%s", why.text);
}

static void close_trial(trial_t *t) {
    gradus_run_close(t->run);
    gradus_method_close(t->method);
    gradus_problem_close(t->problem);
    *t = (trial_t){0};
}

static gradus_stop go(trial_t *t, const char *method, const char *options) {
    open_trial(t, method, options);
    while (gradus_run_test(t->run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(t->run, NULL));
    return gradus_run_stop(t->run);
}

static gradus_row measure(trial_t *t, bool everything) {
    gradus_row row;
    assert_ok(gradus_run_measure(t->run, everything, &row, NULL));
    return row;
}

#define expect_stop(got, want)                                                             \
    ck_assert_str_eq(gradus_stop_word(got), gradus_stop_word(want))

/* f is 1/2 |x - mean a|^2 + constant, so the gradient halves at every update.  */
START_TEST(gradient_tolerance) {
    trial_t t = {.self.start = 5.0};
    expect_stop(go(&t, NULL, "gradient_tolerance=1e-3"), GRADUS_STOP_GRADIENT);
    double last = measure(&t, true).gradient_norm;
    ck_assert(last <= 1e-3 && last > 0.5e-3 * (1 - 1e-9)); /* the first below, no later */
    close_trial(&t);
    t.self.start = 5.0;
    expect_stop(go(&t, NULL, NULL), GRADUS_STOP_GRADIENT); /* 1e-6 in full batch */
    last = measure(&t, true).gradient_norm;
    ck_assert(last <= 1e-6 && last > 0.5e-6 * (1 - 1e-6));
    close_trial(&t);
    expect_stop(go(&t, NULL, "gradient_tolerance=0,updates=200"), GRADUS_STOP_UPDATES);
    close_trial(&t);
    /* Off in mini-batch unless asked for: these are zero from the first update on.  */
    t.self.examples = 2;
    expect_stop(go(&t, "rate=0", "batch=1,updates=30,measure_every=1"),
                GRADUS_STOP_UPDATES);
    close_trial(&t);
}
END_TEST

START_TEST(value_tolerance) {
    trial_t t = {.self.start = 5.0};
    expect_stop(go(&t, NULL, "value_tolerance=1e-4"), GRADUS_STOP_VALUE);
    ck_assert_uint_gt(gradus_run_updates(t.run), 1);
    close_trial(&t);
    /* Not before there are two values; then at once when nothing moves.  */
    expect_stop(go(&t, "rate=0", "value_tolerance=0"), GRADUS_STOP_VALUE);
    ck_assert_uint_eq(gradus_run_updates(t.run), 1);
    close_trial(&t);
}
END_TEST

START_TEST(step_tolerance) {
    trial_t t = {.self.start = 5.0};
    expect_stop(go(&t, NULL, "step_tolerance=1e-2"), GRADUS_STOP_STEP);
    size_t updates = gradus_run_updates(t.run);
    close_trial(&t);
    /* The same by hand: x <- x - (x - m) / 2, m the mean of the a_i.  */
    double x[2] = {5.0, 5.0}, m[2] = {5.5 - 2.0, 5.5 / 2.0 - 2.0};
    size_t expected = 0;
    for (double step = INFINITY; !(step <= 1e-2 * hypot(x[0], x[1])); expected++) {
        double s[2] = {(x[0] - m[0]) / 2, (x[1] - m[1]) / 2};
        x[0] -= s[0], x[1] -= s[1];
        step = hypot(s[0], s[1]);
    }
    ck_assert_uint_eq(updates, expected);
    /* In mini-batch at measurements only.  */
    expect_stop(go(&t, "rate=0", "batch=5,step_tolerance=1,measure_every=7"),
                GRADUS_STOP_STEP);
    ck_assert_uint_eq(gradus_run_updates(t.run), 7);
    close_trial(&t);
}
END_TEST

START_TEST(target) {
    trial_t t = {.self.start = 5.0};
    open_trial(&t, NULL, NULL);
    double first = measure(&t, true).train_value;
    close_trial(&t);
    char options[64];
    snprintf(options, sizeof options, "target=%.17g", first);
    t.self.start = 5.0;
    expect_stop(go(&t, NULL, options), GRADUS_STOP_TARGET); /* at most, so at once */
    ck_assert_uint_eq(gradus_run_updates(t.run), 0);
    close_trial(&t);
    snprintf(options, sizeof options, "target=%.17g", nextafter(first, -INFINITY));
    t.self.start = 5.0;
    expect_stop(go(&t, NULL, options), GRADUS_STOP_TARGET);
    ck_assert_uint_eq(gradus_run_updates(t.run), 1);
    close_trial(&t);
}
END_TEST

START_TEST(updates) {
    trial_t t = {0};
    expect_stop(go(&t, NULL, "updates=7"), GRADUS_STOP_UPDATES);
    ck_assert_uint_eq(gradus_run_updates(t.run), 7);
    close_trial(&t);
    expect_stop(go(&t, NULL, "updates=0"), GRADUS_STOP_UPDATES);
    ck_assert_uint_eq(gradus_run_updates(t.run), 0);
    close_trial(&t);
}
END_TEST

/* Budgets are tested between updates, so the last update may overshoot.  */
START_TEST(passes_and_evaluations) {
    trial_t t = {0};
    expect_stop(go(&t, NULL, "passes=4"), GRADUS_STOP_PASSES);
    ck_assert_uint_eq(gradus_run_updates(t.run), 4);
    close_trial(&t);
    /* Batches of 4, 4 and 2 of 10 examples: 0.4, 0.8, 1.0, 1.4, 1.8.  */
    expect_stop(go(&t, NULL, "passes=1.1,batch=4"), GRADUS_STOP_PASSES);
    ck_assert_uint_eq(gradus_run_updates(t.run), 4);
    assert_close(measure(&t, true).passes, 1.4, 1e-15);
    close_trial(&t);
    /* A value and a gradient an update, so one pass and a half.  */
    expect_stop(go(&t, "values=1", "passes=2"), GRADUS_STOP_PASSES);
    ck_assert_uint_eq(gradus_run_updates(t.run), 2);
    assert_close(measure(&t, true).passes, 3.0, 0.0);
    close_trial(&t);
    expect_stop(go(&t, "values=2", "evaluations=7,batch=4"), GRADUS_STOP_EVALUATIONS);
    ck_assert_uint_eq(gradus_run_updates(t.run), 3);
    gradus_row row = measure(&t, true);
    ck_assert_uint_eq(row.value_evaluations, 6);
    ck_assert_uint_eq(row.gradient_evaluations, 3);
    close_trial(&t);
}
END_TEST

START_TEST(seconds) {
    trial_t t = {0};
    expect_stop(go(&t, "burns=0.005", "cpu_seconds=0.012,gradient_tolerance=0,updates=100"),
                GRADUS_STOP_CPU);
    double spent = measure(&t, true).cpu_seconds;
    ck_assert(spent >= 0.012);
    ck_assert_uint_ge(gradus_run_updates(t.run), 1);
    ck_assert_uint_le(gradus_run_updates(t.run), 3); /* 5 ms each, by construction */
    close_trial(&t);
    expect_stop(
        go(&t, "burns=0.005", "wall_seconds=0.012,gradient_tolerance=0,updates=100"),
        GRADUS_STOP_WALL);
    ck_assert(measure(&t, true).wall_seconds >= 0.012);
    close_trial(&t);
}
END_TEST

START_TEST(set_up_is_billed) {
    trial_t t = {0};
    open_trial(&t, "opening=0.01", NULL);
    gradus_row row = measure(&t, true);
    ck_assert(row.cpu_seconds >= 0.01 && row.phase_seconds[GRADUS_PHASE_REST] >= 0.01);
    close_trial(&t);
}
END_TEST

static gradus_run *to_interrupt;

static void on_signal(int number) {
    (void)number;
    gradus_run_interrupt(to_interrupt);
}

START_TEST(interrupted) {
    trial_t t = {0};
    open_trial(&t, NULL, "updates=100");
    assert_ok(gradus_run_step(t.run, NULL));
    expect_stop(gradus_run_test(t.run), GRADUS_RUNNING);
    to_interrupt = t.run;
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    expect_stop(gradus_run_test(t.run), GRADUS_STOP_INTERRUPTED);
    ck_assert_uint_eq(gradus_run_updates(t.run), 1);
    close_trial(&t);
}
END_TEST

START_TEST(start_not_finite) {
    trial_t t = {.self.start = NAN};
    expect_stop(go(&t, NULL, "updates=5"), GRADUS_FAIL_START);
    ck_assert_uint_eq(gradus_run_updates(t.run), 0);
    close_trial(&t);
    t.self.start = NAN;
    expect_stop(go(&t, NULL, "updates=5,batch=3"), GRADUS_FAIL_START);
    close_trial(&t);
    t.self.start = INFINITY;
    expect_stop(go(&t, NULL, "updates=5,target=1e9"), GRADUS_FAIL_START);
    close_trial(&t);
    t.self.broken_from = 1; /* the value alone */
    expect_stop(go(&t, NULL, "updates=5"), GRADUS_FAIL_START);
    close_trial(&t);
}
END_TEST

START_TEST(diverged) {
    trial_t t = {0};
    expect_stop(go(&t, "blow_at=3", "updates=50"), GRADUS_FAIL_DIVERGED);
    ck_assert_uint_eq(gradus_run_updates(t.run), 4);
    ck_assert(isfinite(gradus_run_best_value(t.run)));
    ck_assert(!isfinite(gradus_run_parameters(t.run)[0]));
    const double *best = gradus_run_best_parameters(t.run); /* before the jump */
    ck_assert(best && isfinite(best[0]) && isfinite(best[1]));
    double value;
    assert_ok(gradus_problem_get_type(t.problem)->evaluate(
        &t.self, &(gradus_batch){.count = EXAMPLES}, best, &value, NULL));
    ck_assert(same_bits(value, gradus_run_best_value(t.run)));
    close_trial(&t);
    /* In mini-batch it is noticed at the next measurement.  */
    expect_stop(go(&t, "blow_at=3", "updates=50,batch=4,measure_every=5"),
                GRADUS_FAIL_DIVERGED);
    ck_assert_uint_eq(gradus_run_updates(t.run), 5);
    close_trial(&t);
    t.self.broken_from = 3; /* the value alone */
    expect_stop(go(&t, NULL, "updates=50"), GRADUS_FAIL_DIVERGED);
    close_trial(&t);
    /* A budget spent before the next measurement does not hide it.  */
    expect_stop(go(&t, "blow_at=3", "updates=4,batch=4,measure_every=100"),
                GRADUS_STOP_UPDATES);
    measure(&t, true);
    expect_stop(gradus_run_stop(t.run), GRADUS_FAIL_DIVERGED);
    close_trial(&t);
}
END_TEST

START_TEST(method_stops) {
    for (int reason = GRADUS_FAIL_REFUSED; reason <= -3; reason++) {
        trial_t t = {.self.start = 2.0};
        char options[64];
        snprintf(options, sizeof options, "stop_at=2,reason=%d", reason);
        expect_stop(go(&t, options, "updates=50"), (gradus_stop)reason);
        ck_assert_uint_eq(gradus_run_updates(t.run), 2); /* the third was not one */
        ck_assert(isfinite(measure(&t, true).train_value));
        expect_stop(gradus_run_test(t.run), (gradus_stop)reason); /* and it stays */
        close_trial(&t);
    }
}
END_TEST

START_TEST(stop_lists_agree) {
    for (int code = GRADUS_FAIL_REFUSED; code <= 10; code++) {
        ck_assert_str_ne(gradus_stop_word((gradus_stop)code), "unknown");
        ck_assert_str_ne(gradus_stop_text((gradus_stop)code), "unknown reason");
        for (int other = GRADUS_FAIL_REFUSED; other < code; other++)
            ck_assert_str_ne(gradus_stop_word((gradus_stop)code),
                             gradus_stop_word((gradus_stop)other));
    }
    ck_assert_str_eq(gradus_stop_word((gradus_stop)99), "unknown");
}
END_TEST

START_TEST(a_failing_evaluation_is_an_error) {
    trial_t t = {.self.fails_from = 2};
    open_trial(&t, NULL, "batch=3");
    gradus_error why;
    assert_ok(gradus_run_step(t.run, &why));
    ck_assert_int_eq(gradus_run_step(t.run, &why), GRADUS_ENOMEM);
    assert_sentence(why.text);
    gradus_row row;
    ck_assert_int_eq(gradus_run_measure(t.run, true, &row, &why), GRADUS_ENOMEM);
    assert_sentence(why.text);
    close_trial(&t);
}
END_TEST

/* Measuring as often as one likes changes no count and costs no time.  */
START_TEST(measuring_is_not_billed) {
    static const char *const options[] = {"updates=6", "updates=6,batch=4",
                                          "updates=6,measure_examples=3"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        trial_t t = {.self.start = 3.0, .self.work = 0.002};
        open_trial(&t, NULL, options[i]);
        gradus_row before = measure(&t, false);
        for (int j = 0; j < 5; j++)
            measure(&t, j % 2);
        gradus_run_test(t.run);
        gradus_row after = measure(&t, true);
        ck_assert(same_bits(before.cpu_seconds, after.cpu_seconds));
        ck_assert(same_bits(before.wall_seconds, after.wall_seconds));
        ck_assert(after.passes == 0.0 && after.gradient_evaluations == 0);
        while (gradus_run_test(t.run) == GRADUS_RUNNING) {
            measure(&t, false);
            assert_ok(gradus_run_step(t.run, NULL));
        }
        after = measure(&t, true);
        ck_assert_uint_eq(after.gradient_evaluations, 6);
        ck_assert_uint_eq(after.value_evaluations, 0);
        /* Six evaluations of 2 ms: each billed, once, where it belongs.  */
        double evaluation = after.phase_seconds[GRADUS_PHASE_EVALUATION];
        printf("%s: %.4g s of evaluations billed\n", options[i], evaluation);
        ck_assert(evaluation >= 0.012 && after.cpu_seconds >= evaluation);
        close_trial(&t);
    }
}
END_TEST

START_TEST(phases_add_up) {
    trial_t t = {.self.work = 0.002};
    go(&t, "burns=0.002,opening=0.003,values=1", "updates=10,gradient_tolerance=0");
    gradus_row row = measure(&t, true);
    double sum = 0.0;
    for (int i = 0; i < GRADUS_PHASES; i++)
        sum += row.phase_seconds[i];
    assert_at_most("phases against total", fabs(sum - row.cpu_seconds) / row.cpu_seconds,
                   0.01);
    ck_assert(row.phase_seconds[GRADUS_PHASE_REST] >= 0.023);
    ck_assert(row.phase_seconds[GRADUS_PHASE_EVALUATION] >= 0.040);
    close_trial(&t);
}
END_TEST

/* The value of the first COUNT examples at X, by the definition.  */
static double by_hand(const double x[2], size_t count) {
    double total = 0.0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < 2; j++)
            total += 0.5 * pow(x[j] - ((double)(i + 1) / (double)(j + 1) - 2.0), 2);
    return total / (double)count;
}

START_TEST(measure_examples) {
    static const char *const options[] = {"updates=3,measure_examples=4",
                                          "updates=3,measure_examples=4,batch=5"};
    for (int i = 0; i < 2; i++) {
        trial_t t = {.self.start = 3.0};
        go(&t, NULL, options[i]);
        const double *x = gradus_run_parameters(t.run);
        gradus_row part = measure(&t, false), whole = measure(&t, true);
        /* Sums of ten terms near 10: 1e-13 is a hundred times their rounding.  */
        assert_close(part.train_value, by_hand(x, 4), 1e-13);
        assert_close(whole.train_value, by_hand(x, EXAMPLES), 1e-13);
        ck_assert(part.gradient_norm != whole.gradient_norm);
        close_trial(&t);
    }
    trial_t t = {.self.start = 3.0}; /* more than there are: all */
    go(&t, NULL, "updates=1,measure_examples=1000");
    ck_assert(same_bits(measure(&t, false).train_value, measure(&t, true).train_value));
    close_trial(&t);
}
END_TEST

/* Four examples of test data and nine of validation data, of which the value is the count. */
static size_t held_out(const void *me, gradus_subset subset) {
    (void)me;
    return subset == GRADUS_TEST ? 4 : 9;
}

static gradus_err count_held_out(void *me, gradus_subset subset, size_t count,
                                 const double x[], gradus_metrics *out) {
    (void)me, (void)subset, (void)x;
    *out = (gradus_metrics){.value = (double)count, .accuracy = NAN};
    return GRADUS_OK;
}

START_TEST(measure_test_examples) {
    gradus_problem_type type = counting_type;
    type.subset_examples = held_out, type.measure = count_held_out;
    static const struct {
        const char *options;
        double test, validation;
    } cases[] = {{"updates=1", 4, 9},
                 {"updates=1,measure_examples=2", 4, 9},
                 {"updates=1,measure_test_examples=3", 3, 3},
                 {"updates=1,measure_test_examples=5", 4, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trial_t t = {.self.start = 3.0, .type = &type};
        go(&t, NULL, cases[i].options);
        gradus_row part = measure(&t, false), whole = measure(&t, true);
        ck_assert(part.test.value == cases[i].test);
        ck_assert(part.validation.value == cases[i].validation);
        ck_assert(whole.test.value == 4.0 && whole.validation.value == 9.0);
        close_trial(&t);
    }
}
END_TEST

START_TEST(due_rows) {
    static const struct {
        const char *options;
        size_t every;
    } cases[] = {{"updates=12", 1},
                 {"updates=12,measure_every=5", 5},
                 {"updates=12,batch=4", 3}, /* an epoch of 10 in batches of 4, 4, 2 */
                 {"updates=12,batch=5", 2},
                 {"updates=12,batch=10", 1},
                 {"updates=12,batch=3,sampling=iid", 4},
                 {"updates=12,batch=1", 10}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trial_t t = {.self.start = 3.0};
        open_trial(&t, NULL, cases[i].options);
        for (size_t update = 0; update < 12; update++) {
            ck_assert_msg(gradus_run_due(t.run) == (update % cases[i].every == 0),
                          "%s: update %zu", cases[i].options, update);
            assert_ok(gradus_run_step(t.run, NULL));
        }
        close_trial(&t);
    }
}
END_TEST

static bool same_row(const gradus_row *a, const gradus_row *b) {
    return a->update == b->update && same_bits(a->epoch, b->epoch) &&
           same_bits(a->passes, b->passes) &&
           a->value_evaluations == b->value_evaluations &&
           a->gradient_evaluations == b->gradient_evaluations &&
           same_bits(a->train_value, b->train_value) &&
           same_bits(a->gradient_norm, b->gradient_norm) &&
           same_bits(a->step_norm, b->step_norm) &&
           same_bits(a->learning_rate, b->learning_rate);
}

/* A trace of 28 updates, measured every K.  */
static size_t trace(const char *method, const char *options, size_t every,
                    gradus_row rows[]) {
    trial_t t = {.self.start = 3.0};
    char all[128];
    snprintf(all, sizeof all, "updates=29,measure_every=%zu%s", every, options);
    open_trial(&t, method, all);
    size_t count = 0;
    for (;;) {
        gradus_stop stop = gradus_run_test(t.run);
        if (stop || gradus_run_due(t.run))
            rows[count++] = measure(&t, stop != 0);
        if (stop)
            break;
        assert_ok(gradus_run_step(t.run, NULL));
    }
    close_trial(&t);
    return count;
}

START_TEST(measuring_less_often_changes_nothing) {
    static const char *const options[] = {"",
                                          ",batch=4",
                                          ",batch=1",
                                          ",batch=3,seed=9",
                                          ",batch=3,sampling=iid",
                                          ",measure_examples=4"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        gradus_row often[32], seldom[32];
        ck_assert_uint_eq(trace("rate=0.05,values=1", options[i], 1, often), 30);
        ck_assert_uint_eq(trace("rate=0.05,values=1", options[i], 7, seldom), 6);
        for (size_t k = 0; k < 6; k++) {
            const gradus_row *want = &often[k < 5 ? 7 * k : 29];
            ck_assert_msg(same_row(&seldom[k], want), "%s: update %zu", options[i],
                          want->update);
        }
    }
}
END_TEST

START_TEST(rows_say_what_applies) {
    trial_t t = {.self.start = 3.0};
    open_trial(&t, "rate=0.25", "updates=2");
    gradus_row row = measure(&t, false);
    ck_assert(isnan(row.step_norm) && isnan(row.learning_rate));
    ck_assert(isnan(row.test.value) && isnan(row.validation.accuracy));
    double before[2];
    memcpy(before, gradus_run_parameters(t.run), sizeof before);
    assert_ok(gradus_run_step(t.run, NULL));
    row = measure(&t, false);
    const double *x = gradus_run_parameters(t.run);
    assert_close(row.step_norm, hypot(x[0] - before[0], x[1] - before[1]), 1e-15);
    assert_close(row.learning_rate, 0.25, 0.0);
    assert_close(row.epoch, 1.0, 0.0);
    close_trial(&t);
}
END_TEST

/* The row of a method that could not go on is that of its last update.  */
START_TEST(failed_attempt_is_no_update) {
    trial_t t = {.self.start = 3.0};
    expect_stop(go(&t, "rate=0.25,stop_at=2", "updates=5"), GRADUS_FAIL_NOT_DESCENT);
    gradus_row row = measure(&t, true);
    ck_assert_uint_eq(row.update, 2);
    ck_assert(row.step_norm > 0.0);
    assert_close(row.learning_rate, 0.25, 0.0);
    close_trial(&t);
}
END_TEST

/* Not the last one: a rate of 3 leads away from the minimum.  */
START_TEST(the_best_point_is_kept) {
    trial_t t = {.self.start = 3.0};
    open_trial(&t, "rate=3", "updates=4");
    ck_assert_ptr_null(gradus_run_best_parameters(t.run));
    double start[2];
    memcpy(start, gradus_run_parameters(t.run), sizeof start);
    while (gradus_run_test(t.run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(t.run, NULL));
    ck_assert_mem_eq(gradus_run_best_parameters(t.run), start, sizeof start);
    ck_assert(gradus_run_parameters(t.run)[0] != start[0]);
    close_trial(&t);
}
END_TEST

START_TEST(start_given) {
    trial_t t = {.self.start = 3.0};
    open_trial(&t, NULL, NULL);
    const double start[2] = {0.1, -7.0};
    gradus_run *run;
    assert_ok(gradus_run_open(&run, t.problem, t.method, start, NULL, NULL));
    ck_assert_mem_eq(gradus_run_parameters(run), start, sizeof start);
    ck_assert(gradus_run_parameters(t.run)[1] == 3.0);
    gradus_run_close(run);
    close_trial(&t);
}
END_TEST

START_TEST(start_missing) {
    counting_t self = {.dimension = 2, .examples = EXAMPLES};
    gradus_problem_type type = counting_type;
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    type.start = NULL;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_method_open(&method, &walk_type, NULL, NULL));
    ck_assert_int_eq(gradus_run_open(&run, problem, method, NULL, NULL, &why),
                     GRADUS_EINPUT);
    ck_assert_ptr_null(run);
    ck_assert_str_eq(why.text,
                     "counting has no start of its own: expected one from the caller");
    const double start[2] = {0.1, -7.0};
    assert_ok(gradus_run_open(&run, problem, method, start, NULL, NULL));
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(unfit_pairs_are_refused) {
    static const struct {
        unsigned needs;
        const char *text;
    } cases[] = {{GRADUS_CAN_HESSIAN, "dense Hessian"}, {GRADUS_CAN_LAYERS, "layer"}};
    for (int i = 0; i < 2; i++) {
        trial_t t = {0};
        t.self = (counting_t){.dimension = 2, .examples = EXAMPLES};
        t.problem = wrap(&t.self);
        gradus_method_type needy = walk_type;
        needy.needs = cases[i].needs;
        gradus_error why;
        assert_ok(gradus_method_open(&t.method, &needy, NULL, NULL));
        ck_assert_int_eq(gradus_run_open(&t.run, t.problem, t.method, NULL, NULL, &why),
                         GRADUS_EUNSUPPORTED);
        ck_assert_ptr_null(t.run);
        assert_sentence(why.text);
        assert_contains(why.text, "walk");
        assert_contains(why.text, "counting");
        assert_contains(why.text, cases[i].text);
        ck_assert_uint_eq(t.self.values + t.self.gradients, 0);
        close_trial(&t);
    }
}
END_TEST

START_TEST(bad_options_are_refused) {
    static const struct {
        const char *options, *names;
    } cases[] = {{"batch=0", "batch=0"},
                 {"batch=-3", "batch=-3"},
                 {"batch=2.5", "batch=2.5"},
                 {"batch=11", "batch=11: expected at most 10, the training examples"},
                 {"sampling=iid", "sampling=iid needs a batch of fewer than all 10"},
                 {"sampling=iid,batch=10", "needs a batch of fewer than all 10"},
                 {"sampling=random", "expected shuffled|iid"},
                 {"updates=-1", "updates=-1"},
                 {"updates=1e3", "updates=1e3"},
                 {"update=5", "did you mean 'updates'"},
                 {"passes=nan", "passes=nan"},
                 {"cpu_seconds=0", "cpu_seconds=0"},
                 {"wall_seconds=-1", "wall_seconds=-1"},
                 {"evaluations=0", "evaluations=0"},
                 {"target=inf", "target=inf"},
                 {"gradient_tolerance=-1e-3", "gradient_tolerance=-1e-3"},
                 {"measure_every=0", "measure_every=0"},
                 {"measure_examples=0", "measure_examples=0"},
                 {"measure_test_examples=0", "measure_test_examples=0"},
                 {"seed=-1", "seed=-1"},
                 {"updates=5,updates=6", "updates is given twice"},
                 {"updates", "expected key=value"},
                 {"updates=5,", "expected key=value"}};
    trial_t t = {0};
    open_trial(&t, NULL, "batch=full,updates=none,gradient_tolerance=auto");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_run *run;
        gradus_error why;
        ck_assert_msg(gradus_run_open(&run, t.problem, t.method, NULL, cases[i].options,
                                      &why) == GRADUS_EINPUT,
                      "%s is accepted", cases[i].options);
        ck_assert_ptr_null(run);
        assert_sentence(why.text);
        assert_contains(why.text, cases[i].names);
    }
    close_trial(&t);
}
END_TEST

START_TEST(close_accepts_nothing) {
    gradus_run_close(NULL);
    gradus_method_close(NULL);
    gradus_problem_close(NULL);
}
END_TEST

/* Of three examples two have a zero gradient: their batches move nothing, are counted, and do
   not end the run of a method that stops at one in full batch.  When all have, it ends.  */
typedef struct {
    size_t zeros; /* the first so many examples do not depend on x */
} flat_t;

enum { FLAT = 3 };
static size_t flat_dimension(const void *me) { return (void)me, 1; }
static size_t flat_examples(const void *me) { return (void)me, FLAT; }

static gradus_err flat_evaluate(void *me, const gradus_batch *batch, const double x[],
                                double *value, double gradient[]) {
    double f = 0.0, g = 0.0;
    for (size_t i = 0; i < batch->count; i++)
        if ((batch->rows ? batch->rows[i] : i) >= ((const flat_t *)me)->zeros) {
            f += cosh(x[0]);
            g += sinh(x[0]);
        }
    if (value)
        *value = f / (double)batch->count;
    if (gradient)
        gradient[0] = g / (double)batch->count;
    return GRADUS_OK;
}

static const gradus_problem_type flat_type = {.name = "flat",
                                              .dimension = flat_dimension,
                                              .examples = flat_examples,
                                              .evaluate = flat_evaluate};

START_TEST(zero_batches_move_nothing) {
    static const char *const methods[] = {"lbfgs", "bfgs", "nonlinear_cg"};
    for (size_t i = 0; i < 3; i++)
        for (size_t zeros = 2; zeros <= FLAT; zeros++) {
            flat_t flat = {zeros};
            gradus_problem *problem;
            gradus_method *method;
            gradus_run *run;
            const double at[1] = {2.0};
            assert_ok(gradus_problem_wrap(&problem, &flat_type, &flat, 1, NULL));
            assert_ok(gradus_method_create(&method, methods[i], NULL));
            assert_ok(
                gradus_run_open(&run, problem, method, at, "batch=1,updates=6", NULL));
            while (gradus_run_test(run) == GRADUS_RUNNING)
                assert_ok(gradus_run_step(run, NULL));
            if (zeros == 2) { /* two epochs of three batches */
                ck_assert_int_eq(gradus_run_stop(run), GRADUS_STOP_UPDATES);
                ck_assert_uint_eq(gradus_run_unmoved(run), 4);
            } else { /* five in a row hold a whole epoch; the fifth is not made */
                ck_assert_int_eq(gradus_run_stop(run), GRADUS_FAIL_STATIONARY);
                ck_assert_uint_eq(gradus_run_updates(run), 4);
            }
            gradus_run_close(run);
            gradus_method_close(method);
            gradus_problem_close(problem);
        }
}
END_TEST

TEST_MAIN("run", gradient_tolerance, value_tolerance, step_tolerance, target, updates,
          passes_and_evaluations, seconds, set_up_is_billed, interrupted, start_not_finite,
          diverged, method_stops, stop_lists_agree, a_failing_evaluation_is_an_error,
          measuring_is_not_billed, phases_add_up, measure_examples, measure_test_examples,
          due_rows, measuring_less_often_changes_nothing, rows_say_what_applies,
          failed_attempt_is_no_update, the_best_point_is_kept, start_given, start_missing,
          unfit_pairs_are_refused, bad_options_are_refused, close_accepts_nothing,
          zero_batches_move_nothing)
