/* The summary: every key of the contract, and what is not finite is null.  */

#include "harness/run/summary.h"

#include "../../support.h"
#include "harness/run/drive.h"
#include "../toys.h"

static gradus_err ignore(void *context, const gradus_row *row, gradus_error *why) {
    (void)context, (void)row, (void)why;
    return GRADUS_OK;
}

static json_t *summary_of(toys_t *t, gradus_row *last, const char *problem) {
    gradus_error why;
    ck_assert_int_eq(gradus_drive(t->run, NULL, ignore, NULL, NULL, last, &why), GRADUS_OK);
    json_t *json = gradus_summary(t->run, last, problem, "walk:rate=0.25");
    ck_assert_ptr_nonnull(json);
    return json;
}

static void assert_text(json_t *json, const char *key, const char *want) {
    ck_assert_msg(json_is_string(json_object_get(json, key)), "%s is no text", key);
    ck_assert_str_eq(json_string_value(json_object_get(json, key)), want);
}

static void assert_count(json_t *json, const char *key, size_t want) {
    ck_assert_msg(json_is_integer(json_object_get(json, key)), "%s is no integer", key);
    ck_assert_int_eq(json_integer_value(json_object_get(json, key)), (json_int_t)want);
}

static void assert_number(json_t *json, const char *key, double want) {
    ck_assert_msg(json_is_real(json_object_get(json, key)), "%s is no number", key);
    ck_assert_double_eq(json_real_value(json_object_get(json, key)), want);
}

static void assert_null(json_t *json, const char *key) {
    ck_assert_msg(json_is_null(json_object_get(json, key)), "%s is not null", key);
}

START_TEST(everything_is_there) {
    toys_t t = toys_open(NULL, "updates=3,seed=42");
    gradus_row last;
    json_t *json = summary_of(&t, &last, "mean");
    assert_text(json, "problem", "mean");
    assert_text(json, "method", "walk:rate=0.25");
    assert_text(json, "status", "updates");
    assert_text(json, "reason", "budget of updates spent");
    assert_text(json, "detail", "");
    assert_text(json, "version", gradus_version());
    assert_count(json, "seed", 42);
    assert_count(json, "updates", 3);
    assert_count(json, "value_evaluations", 0);
    assert_count(json, "gradient_evaluations", 3);
    assert_count(json, "products", 0);
    assert_count(json, "ray_evaluations", 0);
    assert_count(json, "threads", 1);
    assert_count(json, "dimension", 1);
    assert_count(json, "examples", EXAMPLES);
    assert_number(json, "passes", 3);
    assert_number(json, "value", last.train_value);
    assert_number(json, "best_value", last.train_value);
    assert_text(json, "saved", "last");
    /* Over all data the gradient is x - 2, of which a quarter goes at every update.  */
    assert_number(json, "gradient_norm", (START - 2) * 0.75 * 0.75 * 0.75);
    assert_number(json, "cpu_seconds", last.cpu_seconds);
    assert_number(json, "wall_seconds", last.wall_seconds);
    static const char *const phases[] = {"rest_seconds", "evaluation_seconds",
                                         "product_seconds", "eigendecomposition_seconds",
                                         "line_search_seconds", "preconditioner_seconds"};
    for (int i = 0; i < GRADUS_PHASES; i++)
        assert_number(json, phases[i], last.phase_seconds[i]);
    assert_null(json, "gap_bound");  /* no strong convexity is known */
    assert_null(json, "test_value"); /* there are no test data */
    assert_null(json, "test_accuracy");
    assert_null(json, "validation_value");
    assert_null(json, "validation_accuracy");
    json_decref(json);
    toys_close(&t);
}
END_TEST

START_TEST(settings_are_recorded_with_defaults) {
    toys_t t = toys_open("rate=0.1", "updates=3");
    gradus_row last;
    json_t *json = summary_of(&t, &last, "mean");
    json_t *all = json_object_get(json, "settings");
    json_t *method = json_object_get(all, "method"), *run = json_object_get(all, "run");
    ck_assert_uint_eq(json_object_size(json_object_get(all, "problem")), 0);
    assert_text(method, "rate", "0.1");
    assert_text(method, "fail_at", "never");
    assert_text(run, "batch", "full");
    assert_text(run, "updates", "3");
    json_decref(json);
    toys_close(&t);
}
END_TEST

START_TEST(not_finite_is_null) {
    toys_t t = toys_open("jump_at=1", "updates=9");
    gradus_row last;
    json_t *json = summary_of(&t, &last, "mean");
    assert_text(json, "status", "diverged");
    assert_text(json, "detail", "value inf, gradient norm inf");
    assert_null(json, "value");
    assert_null(json, "gradient_norm");
    ck_assert(json_is_real(json_object_get(json, "best_value")));
    assert_text(json, "saved", "best");
    json_decref(json);
    toys_close(&t);
}
END_TEST

/* A file name may be in an encoding of its own.  */
START_TEST(text_that_is_not_utf8) {
    toys_t t = toys_open(NULL, "updates=1");
    gradus_row last;
    json_t *json = summary_of(&t, &last, "mean:data=\xe4.txt");
    assert_text(json, "problem", "mean:data=?.txt");
    json_decref(json);
    toys_close(&t);
}
END_TEST

TEST_MAIN("summary", everything_is_there, settings_are_recorded_with_defaults,
          not_finite_is_null, text_that_is_not_utf8)
