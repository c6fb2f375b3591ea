/* Expressions: what they are worth, and what is said of those that are none.  */

#include "harness/language/expression.h"

#include "../../support.h"

/* A language with the number `two`, the number `nothing` (NaN), `endless` (infinite) and
   half(x); whole(x) is a truth.  */
static gradus_err check_name(const void *context, gradus_expression *e, gradus_error *why) {
    (void)context;
    static const char *const names[] = {"two", "nothing", "endless"};
    for (e->index = 0; e->index < 3; e->index++)
        if (strcmp(names[e->index], e->name) == 0)
            return GRADUS_OK;
    return gradus_expression_fail(e, why, "there is no '%s' here", e->name);
}

static double name(const void *context, const gradus_expression *e) {
    static const double numbers[] = {2, NAN, INFINITY};
    (void)context;
    return numbers[e->index];
}

static const gradus_language language;

static gradus_err check_call(const void *context, gradus_expression *e, gradus_sort *sort,
                             gradus_error *why) {
    bool truth = strcmp(e->name, "whole") == 0;
    if ((!truth && strcmp(e->name, "half") != 0) || e->arguments != 1)
        return gradus_expression_fail(e, why, "expected half(x) or whole(x)");
    *sort = truth ? GRADUS_A_TRUTH : GRADUS_A_NUMBER;
    return gradus_expression_check(e->argument[0], GRADUS_A_NUMBER, &language, context,
                                   why);
}

static double call(const void *context, const gradus_expression *e) {
    double x = gradus_expression_value(e->argument[0], &language, context);
    return strcmp(e->name, "whole") == 0 ? x == floor(x) : x / 2;
}

static const gradus_language language = {check_name, check_call, name, call};

/* *OUT is the value of TEXT, of whatever sort it is.  */
static gradus_err evaluate(const char *text, double *out, gradus_error *why) {
    gradus_expression *e;
    gradus_err err = gradus_expression_open(&e, text, why);
    if (err)
        return err;
    gradus_error first;
    err = gradus_expression_check(e, GRADUS_A_NUMBER, &language, NULL, &first);
    if (err && gradus_expression_check(e, GRADUS_A_TRUTH, &language, NULL, why) == 0)
        err = GRADUS_OK;
    else if (err)
        *why = first;
    if (!err)
        *out = gradus_expression_value(e, &language, NULL);
    gradus_expression_close(e);
    return err;
}

static double value_of(const char *text) {
    double value;
    gradus_error why;
    ck_assert_msg(!evaluate(text, &value, &why), "%s: %s", text, why.text);
    return value;
}

/* Every pair of neighbours in the order of precedence, and both associativities.  */
START_TEST(numbers_follow_the_usual_order) {
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"2.385", 2.385},
        {" 1e-6 ", 1e-6},
        {".5", 0.5},
        {"7.", 7},
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"10 - 3 - 2", 5},
        {"48 / 4 / 3", 4},
        {"2 * 3 ^ 2", 18},
        {"2 ^ 3 ^ 2", 512},
        {"-3 ^ 2", -9},
        {"2 ^ -1", 0.5},
        {"- - 3", 3},
        {"4 - -3", 7},
        {"6 / -two", -3},
        {"half(two + 5)", 3.5},
        {"half(half(12))", 3},
        {"sqrt(16) + abs(-3)", 7},
        {"log(exp(1.5))", 1.5},
        {"round(2.6) / 2", 1.5},
        {"least(3, two, 5)", 2},
        {"least(4, -1 - 2) * least(2)", -6},
        {"least(endless, 1, 2, 3, 4, 5, 6, 7)", 1},
        {"two^two", 4},
        {"1e3/4", 250},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(value_of(good[i].text) == good[i].value, "%s is %g, expected %g",
                      good[i].text, value_of(good[i].text), good[i].value);
}
END_TEST

START_TEST(comparisons_are_truths) {
    static const char *const truths[] = {"1 < 2",
                                         "2 <= 2",
                                         "3 > 2",
                                         "2 >= 2",
                                         "two == 2",
                                         "1 + 1 == two",
                                         "two in [2, 3]",
                                         "3 in [two, 3]",
                                         "not 1 > 2",
                                         "not not 1 < 2",
                                         "1 > 2 or 1 < 2 and 2 < 3", /* and binds tighter */
                                         "(1 > 2 or 1 < 2) and 2 < 3",
                                         "not 1 > 2 and 2 > 1",
                                         "whole(two)",
                                         "not whole(1.5) or nothing < 1",
                                         "endless > 1e300",
                                         "1 < endless",
                                         "1 > nothing or 1 > 0",
                                         "-endless < endless"};
    static const char *const falsehoods[] = {"2 < 2",
                                             "1.99 in [2, 3]",
                                             "3.01 in [2, 3]",
                                             "not 1 < 2",
                                             "2 < 1 and 1 < 2",
                                             "whole(1.5)",
                                             "1 < 2 and (2 < 1 or 3 < 1)",
                                             "nothing < 1 and 2 < 1",
                                             "endless < 1"};
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        ck_assert_msg(value_of(truths[i]) == 1, "%s", truths[i]);
    for (size_t i = 0; i < sizeof falsehoods / sizeof *falsehoods; i++)
        ck_assert_msg(value_of(falsehoods[i]) == 0, "%s", falsehoods[i]);
}
END_TEST

/* Neither it nor its contrary is true.  */
START_TEST(what_cannot_be_told_is_not_true) {
    static const char *const unknown[] = {"nothing < 1",
                                          "nothing >= 1",
                                          "nothing == nothing",
                                          "nothing in [0, 1]",
                                          "endless <= endless",
                                          "endless == endless",
                                          "endless >= endless",
                                          "endless - endless == 0",
                                          "not nothing < 1",
                                          "not endless < endless",
                                          "nothing < 1 and 1 < 2",
                                          "nothing < 1 or 2 < 1",
                                          "1 in [nothing, 2]",
                                          "least(1, nothing, 2) < 3",
                                          "least(endless) < endless"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        ck_assert_msg(isnan(value_of(unknown[i])), "%s is %g", unknown[i],
                      value_of(unknown[i]));
}
END_TEST

START_TEST(mistakes_are_told_with_their_column) {
    static const struct {
        const char *text, *sentence;
    } bad[] = {
        {"", "column 1: expected a number, a name or '(', and the text ends"},
        {"1 +", "column 4: expected a number, a name or '(', and the text ends"},
        {"1 + * 2", "column 5: expected a number, a name or '(', not '*'"},
        {"(1 + 2", "column 7: expected ')', and the text ends"},
        {"1 2", "column 3: expected an operator or the end, not '2'"},
        {"1 < 2 < 3", "column 7: expected an operator or the end, not '<'"},
        {"1 = 2", "column 3: expected an operator or the end, not '='"},
        {"two in 3", "column 8: expected '[', not '3'"},
        {"two in [1 2]", "column 11: expected ',', not '2'"},
        {"two in [1, 2", "column 13: expected ']', and the text ends"},
        {"half(1", "column 7: expected ',' or ')', and the text ends"},
        {"half(1, 2, 3, 4, 5, 6, 7, 8, 9)", "column 30: expected fewer arguments, not '9'"},
        {"least()", "column 1: least() takes numbers"},
        {"least(1, 1 < 2)", "column 10: expected a number, and this is true or false"},
        {"half()", "column 1: expected half(x) or whole(x)"},
        {"1 + thre", "column 5: there is no 'thre' here"},
        {"1x", "column 1: expected a number, not '1x'"},
        {"0x10", "column 1: expected a number, not '0x10'"},
        {"1.2.3", "column 1: expected a number, not '1'"},
        {"1e999", "column 1: expected a number that is not too large, not '1e999'"},
        {".", "column 1: expected a number, not '.'"},
        {"1 + \"a", "column 7: expected a closing '\"', and the text ends"},
        {"1 + \"a\"", "column 5: expected a number, not a text"},
        {"and", "column 1: expected a number, a name or '(', not 'and'"},
        {"1 < 2 and", "column 10: expected a number, a name or '(', and the text ends"},
        {"1 < 2 and 3", "column 11: expected a comparison, and this is a number"},
        {"1 + (1 < 2)", "column 5: expected a number, and this is true or false"},
        {"not 3", "column 5: expected a comparison, and this is a number"},
        {"whole(1) + 1", "column 1: expected a number, and this is true or false"},
        {"sqrt(1, 2)", "column 1: sqrt() takes one number"},
        {"1 # 2", "column 3: expected an operator or the end, not '#'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value;
        gradus_error why = {.text = ""};
        ck_assert_int_eq(evaluate(bad[i].text, &value, &why), GRADUS_EINPUT);
        ck_assert_str_eq(why.text, bad[i].sentence);
    }
}
END_TEST

/* Whatever is written a hundred thousand times is refused, not run out of stack upon.  */
START_TEST(endless_texts_are_refused) {
    static const char *const parts[] = {"(", "-", "1+", "1^", "not ", "half(", "1<2 or "};
    enum { TIMES = 100000 };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t length = strlen(parts[i]);
        char *text = calloc(TIMES * length + 1, 1);
        for (size_t k = 0; k < TIMES; k++)
            memcpy(text + k * length, parts[i], length);
        gradus_error why = {.text = ""};
        gradus_expression *e;
        ck_assert_int_eq(gradus_expression_open(&e, text, &why), GRADUS_EINPUT);
        ck_assert_msg(strstr(why.text, "expected a shorter expression") ||
                          strstr(why.text, "expected a shallower expression"),
                      "%s: %s", parts[i], why.text);
        ck_assert_ptr_null(e);
        free(text);
    }
}
END_TEST

TEST_MAIN("expression", numbers_follow_the_usual_order, comparisons_are_truths,
          what_cannot_be_told_is_not_true, mistakes_are_told_with_their_column,
          endless_texts_are_refused)
