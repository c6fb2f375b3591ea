/* Methods with their settings: options, relations between them, closing.  */

#include "core/method.h"
#include "../support.h"

typedef struct {
    double low, high;
} params_t;

static const gradus_param table[] = {{GRADUS_FIELD(params_t, low), .initial = 0.25,
                                      .minimum = 0, .maximum = 1, .help = "Low."},
                                     {GRADUS_FIELD(params_t, high), .initial = 0.75,
                                      .minimum = 0, .maximum = 1, .help = "High."},
                                     {0}};

static gradus_err check(const void *values, gradus_error *why) {
    const params_t *p = values;
    return p->low < p->high
               ? GRADUS_OK
               : gradus_fail(why, GRADUS_EINPUT, "pair: low=%g: expected less than high=%g",
                             p->low, p->high);
}

static gradus_err open_nothing(void *self, const void *values, gradus_oracle *oracle,
                               gradus_state *state, gradus_error *why) {
    (void)self, (void)values, (void)oracle, (void)state, (void)why;
    return GRADUS_OK;
}

static gradus_err stay(void *self, gradus_oracle *oracle, double x[],
                       gradus_report *report) {
    (void)self, (void)oracle, (void)x, (void)report;
    return GRADUS_OK;
}

static const gradus_method_type pair = {.name = "pair",
                                        .params_size = sizeof(params_t),
                                        .params = table,
                                        .check = check,
                                        .open = open_nothing,
                                        .step = stay};

START_TEST(options_reach_the_struct) {
    gradus_method *method;
    assert_ok(gradus_method_open(&method, &pair, "high=0.5", NULL));
    const params_t *p = method->settings.values;
    ck_assert(p->low == 0.25 && p->high == 0.5);
    ck_assert(!gradus_settings_is_given(&method->settings, &table[0]));
    ck_assert(gradus_settings_is_given(&method->settings, &table[1]));
    ck_assert_ptr_eq(gradus_method_get_type(method), &pair);
    gradus_method_close(method);
}
END_TEST

START_TEST(refused) {
    static const struct {
        const char *options, *text;
    } cases[] = {{"low=0.75", "pair: low=0.75: expected less than high=0.75"},
                 {"low=2", "pair: low=2: expected a number in [0, 1]"},
                 {"hihg=1", "pair has no parameter 'hihg'; did you mean 'high'?"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_method *method;
        gradus_error why;
        ck_assert_int_eq(gradus_method_open(&method, &pair, cases[i].options, &why),
                         GRADUS_EINPUT);
        ck_assert_ptr_null(method);
        ck_assert_str_eq(why.text, cases[i].text);
    }
}
END_TEST

START_TEST(a_method_of_no_parameters) {
    const gradus_method_type plain = {.name = "plain", .open = open_nothing, .step = stay};
    gradus_method *method;
    gradus_error why;
    assert_ok(gradus_method_open(&method, &plain, NULL, NULL));
    gradus_method_close(method);
    ck_assert_int_eq(gradus_method_open(&method, &plain, "a=1", &why), GRADUS_EINPUT);
    ck_assert_str_eq(why.text, "plain has no parameter 'a'");
}
END_TEST

/* What a type of the caller's own must have.  */
START_TEST(incomplete_types_are_refused) {
    static const struct {
        gradus_method_type type;
        const char *text;
    } cases[] = {
        {{.open = open_nothing, .step = stay},
         "the method type of the caller's has no name"},
        {{.name = "plain", .step = stay}, "the method type plain has no open"},
        {{.name = "plain", .open = open_nothing}, "the method type plain has no step"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_method *method;
        gradus_error why;
        ck_assert_int_eq(gradus_method_open(&method, &cases[i].type, NULL, &why),
                         GRADUS_EINPUT);
        ck_assert_ptr_null(method);
        ck_assert_str_eq(why.text, cases[i].text);
    }
}
END_TEST

TEST_MAIN("method", options_reach_the_struct, refused, a_method_of_no_parameters,
          incomplete_types_are_refused)
