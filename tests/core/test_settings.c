/* Strict parsing: what is accepted, what is refused and in which words.  Defines the
   allocator itself, so that memory can run out.  */

#include "../support.h"
#include "base/memory.h"
#include "core/settings.h"

#include <limits.h>

static long budget = LONG_MAX, live;

void *gradus_allocate(size_t count, size_t size) {
    if (budget-- <= 0)
        return NULL;
    live++;
    return calloc(1, count * size + 1);
}

void gradus_free(void *memory) {
    live -= memory != NULL;
    free(memory);
}

typedef struct {
    double open, closed, maybe;
    long whole, choice, optional;
    char *text, *word;
} params_t;

static const gradus_param table[] = {
    {GRADUS_FIELD(params_t, open), .initial = 0.125, .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM, .help = "Open below."},
    {GRADUS_FIELD(params_t, closed), .initial = 0.5, .minimum = 0, .maximum = 1,
     .flags = GRADUS_OPEN_MAXIMUM, .help = "Open above."},
    {GRADUS_FIELD(params_t, maybe), .minimum = -3, .maximum = 3, .unset = "none",
     .help = "Optional number."},
    {GRADUS_FIELD(params_t, whole), .initial = 7, .minimum = -5,
     .maximum = 9007199254740992, .help = "Integer."},
    {GRADUS_FIELD(params_t, choice), .initial = 1, .choices = "zca|pca|p", .help = "One."},
    {GRADUS_FIELD(params_t, optional), .minimum = 1, .maximum = 10, .unset = "full",
     .help = "Optional integer."},
    {GRADUS_FIELD(params_t, text), .text = "first", .help = "Text."},
    {GRADUS_FIELD(params_t, word), .unset = "none", .help = "Optional text."},
    {0}};

static gradus_settings settings;
static params_t *values;
static gradus_error why;

static size_t given_rows(void) {
    size_t count = 0;
    for (const gradus_param *row = table; row->name; row++)
        count += gradus_settings_is_given(&settings, row);
    return count;
}

static void set_up(void) {
    assert_ok(gradus_settings_open(&settings, "thing", table, sizeof(params_t), &why));
    values = settings.values;
}

static void tear_down(void) {
    gradus_settings_close(&settings);
    gradus_settings_close(&settings); /* twice does no harm */
    ck_assert_int_eq(live, 0);
}

static void again(void) {
    tear_down();
    set_up();
}

START_TEST(defaults) {
    set_up();
    ck_assert(values->open == 0.125 && values->closed == 0.5 && isnan(values->maybe));
    ck_assert(values->whole == 7 && values->choice == 1 && values->optional == LONG_MIN);
    ck_assert_str_eq(values->text, "first");
    ck_assert_ptr_null(values->word);
    ck_assert(given_rows() == 0);
    assert_ok(gradus_settings_parse(&settings, NULL, &why));
    assert_ok(gradus_settings_parse(&settings, "", &why));
    ck_assert(given_rows() == 0);
    tear_down();
}
END_TEST

START_TEST(good_values) {
    static const struct {
        const char *options;
        double open, closed, maybe;
        long whole, choice, optional;
    } cases[] = {
        {"open=1e-300", 1e-300, 0.5, NAN, 7, 1, LONG_MIN},
        {"open=2.385,closed=0", 2.385, 0.0, NAN, 7, 1, LONG_MIN},
        {"maybe=-3,whole=-5", 0.125, 0.5, -3.0, -5, 1, LONG_MIN},
        {"maybe=3,whole=9007199254740992", 0.125, 0.5, 3.0, 9007199254740992, 1, LONG_MIN},
        {"maybe=none,optional=full", 0.125, 0.5, NAN, 7, 1, LONG_MIN},
        {"choice=zca,optional=10", 0.125, 0.5, NAN, 7, 0, 10},
        {"choice=p,optional=1", 0.125, 0.5, NAN, 7, 2, 1},
        {"closed=.25,maybe=1.", 0.125, 0.25, 1.0, 7, 1, LONG_MIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up();
        ck_assert_msg(!gradus_settings_parse(&settings, cases[i].options, &why), "%s",
                      why.text);
        ck_assert(same_bits(values->open, cases[i].open));
        ck_assert(same_bits(values->closed, cases[i].closed));
        ck_assert(isnan(cases[i].maybe) ? isnan(values->maybe)
                                        : values->maybe == cases[i].maybe);
        ck_assert_int_eq(values->whole, cases[i].whole);
        ck_assert_int_eq(values->choice, cases[i].choice);
        ck_assert_int_eq(values->optional, cases[i].optional);
        tear_down();
    }
}
END_TEST

/* Every kind of bad value; a refused one changes nothing and does not count as given.  */
START_TEST(bad_values) {
    static const struct {
        const char *key, *value, *expected;
    } cases[] = {
        {"open", "", "expected a number in (0, inf)"},
        {"open", "0", "expected a number in (0, inf)"},
        {"open", "-0", "expected a number in (0, inf)"},
        {"open", "-1", "expected a number in (0, inf)"},
        {"open", "nan", "expected a number in (0, inf)"},
        {"open", "inf", "expected a number in (0, inf)"},
        {"open", "-inf", "expected a number in (0, inf)"},
        {"open", "infinity", "expected a number in (0, inf)"},
        {"open", "1e999", "expected a number in (0, inf)"},
        {"open", "1e-999", "expected a number in (0, inf)"},
        {"open", "0.1x", "expected a number in (0, inf)"},
        {"open", "0.1 ", "expected a number in (0, inf)"},
        {"open", " 0.1", "expected a number in (0, inf)"},
        {"open", "\t0.1", "expected a number in (0, inf)"},
        {"open", "0,1", "expected a number in (0, inf)"},
        {"open", "one", "expected a number in (0, inf)"},
        {"open", "1e", "expected a number in (0, inf)"},
        {"open", "--1", "expected a number in (0, inf)"},
        {"open", "none", "expected a number in (0, inf)"},
        {"closed", "1", "expected a number in [0, 1)"},
        {"closed", "-1e-300", "expected a number in [0, 1)"},
        {"maybe", "3.0000001", "expected a number in [-3, 3] or none"},
        {"maybe", "None", "expected a number in [-3, 3] or none"},
        {"maybe", "nan", "expected a number in [-3, 3] or none"},
        {"whole", "", "expected an integer in [-5, "},
        {"whole", "2.0", "expected an integer in [-5, "},
        {"whole", "1e3", "expected an integer in [-5, "},
        {"whole", "0x10", "expected an integer in [-5, "},
        {"whole", "-6", "expected an integer in [-5, "},
        {"whole", " 3", "expected an integer in [-5, "},
        {"whole", "3 ", "expected an integer in [-5, "},
        {"whole", "9007199254740993", "expected an integer in [-5, "},
        {"whole", "99999999999999999999", "expected an integer in [-5, "},
        {"whole", "-9223372036854775808", "expected an integer in [-5, "},
        {"choice", "", "expected zca|pca|p"},
        {"choice", "zc", "expected zca|pca|p"},
        {"choice", "zcaa", "expected zca|pca|p"},
        {"choice", "ZCA", "expected zca|pca|p"},
        {"choice", "zca|pca", "expected zca|pca|p"},
        {"choice", "0", "expected zca|pca|p"},
        {"optional", "0", "expected an integer in [1, 10] or full"},
        {"optional", "11", "expected an integer in [1, 10] or full"},
        {"optional", "none", "expected an integer in [1, 10] or full"},
    };
    set_up();
    params_t before = *values;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *key = cases[i].key, *value = cases[i].value;
        ck_assert_msg(gradus_settings_set(&settings, key, value, &why) == GRADUS_EINPUT,
                      "%s=%s is accepted", key, value);
        char begin[128];
        snprintf(begin, sizeof begin, "thing: %s=%s: expected ", key, value);
        for (char *c = begin; *c; c++)
            *c = *c == '\t' ? '?' : *c; /* a sentence has no control characters */
        ck_assert_msg(strncmp(why.text, begin, strlen(begin)) == 0, "%s", why.text);
        ck_assert_int_eq(why.code, GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, cases[i].expected);
        ck_assert_mem_eq(values, &before, sizeof before);
        ck_assert(given_rows() == 0);
    }
    tear_down();
}
END_TEST

START_TEST(keys) {
    static const struct {
        const char *options, *text;
    } cases[] = {
        {"opne=1", "thing has no parameter 'opne'; did you mean 'open'?"},
        {"hole=1", "thing has no parameter 'hole'; did you mean 'whole'?"},
        {"optionel=1", "thing has no parameter 'optionel'; did you mean 'optional'?"},
        {"Open=1", "thing has no parameter 'Open'; did you mean 'open'?"},
        {"open =1", "thing has no parameter 'open '; did you mean 'open'?"},
        {"photograph=1", "thing has no parameter 'photograph'"},
        {"open=1,open=1", "thing: open is given twice"},
        {"text=a,text=a", "thing: text is given twice"},
        {"open", "thing: 'open': expected key=value"},
        {"open=1,", "thing: '': expected key=value"},
        {",open=1", "thing: '': expected key=value"},
        {"open=1,,closed=0", "thing: '': expected key=value"},
        {",", "thing: '': expected key=value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up();
        ck_assert_int_eq(gradus_settings_parse(&settings, cases[i].options, &why),
                         GRADUS_EINPUT);
        ck_assert_str_eq(why.text, cases[i].text);
        tear_down();
    }
    set_up(); /* a long word is like nothing there is */
    char word[700];
    memset(word, 'q', sizeof word);
    strcpy(word + 400, "=1");
    ck_assert_int_eq(gradus_settings_parse(&settings, word, &why), GRADUS_EINPUT);
    ck_assert_ptr_null(strstr(why.text, "did you mean"));
    tear_down();
}
END_TEST

/* An endless value does not push what was expected out of the sentence.  */
START_TEST(long_values) {
    char value[3000];
    memset(value, '9', sizeof value);
    value[sizeof value - 1] = '\0';
    set_up();
    ck_assert_int_eq(gradus_settings_set(&settings, "open", value, &why), GRADUS_EINPUT);
    assert_contains(why.text, "expected a number in (0, inf)");
    tear_down();
}
END_TEST

START_TEST(escapes_and_texts) {
    static const struct {
        const char *options, *text;
    } cases[] = {
        {"text=a\\,b", "a,b"}, {"text=a\\\\b,open=2", "a\\b"},
        {"text=a=b", "a=b"},   {"text=\\=", "="},
        {"text=", ""},         {"text=end\\", "end\\"},
        {"text=\\n", "n"},     {"text= spaced ", " spaced "},
        {"text=none", "none"}, {"text=\\,\\,,open=1", ",,"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_up();
        ck_assert_msg(!gradus_settings_parse(&settings, cases[i].options, &why), "%s",
                      why.text);
        ck_assert_str_eq(values->text, cases[i].text);
        tear_down();
    }
    set_up();
    assert_ok(gradus_settings_parse(&settings, "word=some", &why));
    ck_assert_str_eq(values->word, "some");
    again();
    assert_ok(gradus_settings_parse(&settings, "word=none", &why));
    ck_assert_ptr_null(values->word);
    ck_assert(given_rows() == 1);
    tear_down();
}
END_TEST

/* Rows are told apart however many there are: each may be given once, in any order.  */
START_TEST(tables_of_any_length) {
    enum { MOST = 200 };
    static const size_t lengths[] = {1, 63, 64, 65, 128, 129, MOST};
    static char names[MOST][8];
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        gradus_param rows[MOST + 1] = {{0}};
        gradus_settings many;
        for (size_t i = 0; i < lengths[k]; i++) {
            snprintf(names[i], sizeof names[i], "p%zu", i);
            rows[i] = (gradus_param){.name = names[i],
                                     .offset = i * sizeof(double),
                                     .kind = GRADUS_REAL,
                                     .maximum = MOST};
        }
        assert_ok(
            gradus_settings_open(&many, "many", rows, lengths[k] * sizeof(double), &why));
        for (size_t i = lengths[k]; i-- > 0;) {
            char number[8];
            snprintf(number, sizeof number, "%zu", i);
            ck_assert(!gradus_settings_is_given(&many, &rows[i]));
            ck_assert_msg(!gradus_settings_set(&many, names[i], number, &why), "%s",
                          why.text);
            ck_assert(gradus_settings_is_given(&many, &rows[i]));
            ck_assert_int_eq(gradus_settings_set(&many, names[i], number, &why),
                             GRADUS_EINPUT);
            assert_contains(why.text, "is given twice");
        }
        for (size_t i = 0; i < lengths[k]; i++)
            ck_assert(((const double *)many.values)[i] == (double)i);
        gradus_settings_close(&many);
    }
}
END_TEST

/* What is printed reads back as the same bits.  */
START_TEST(printing_round_trips) {
    static const double numbers[] = {0.1,
                                     1.0 / 3.0,
                                     5e-324,
                                     2.2250738585072014e-308,
                                     1.7976931348623157e308,
                                     1e22,
                                     123456789,
                                     1e-3,
                                     0.3 - 0.1};
    char buffer[GRADUS_VALUE_SIZE], other[GRADUS_VALUE_SIZE];
    const gradus_param *row = gradus_param_find(table, "open");
    for (size_t i = 0; i < 2000; i++) {
        double number = i < sizeof numbers / sizeof *numbers
                            ? numbers[i]
                            : ldexp(fabs(noise(i)), (int)(scrambled(i) % 2000) - 1000);
        set_up();
        values->open = number;
        const char *text = gradus_settings_print(&settings, row, buffer);
        assert_ok(gradus_settings_set(&settings, "open", text, &why));
        ck_assert_msg(same_bits(values->open, number), "%a prints as %s", number, text);
        tear_down();
    }
    set_up();
    ck_assert_str_eq(gradus_settings_print(&settings, row, buffer), "0.125");
    assert_ok(gradus_settings_parse(&settings, "whole=-5,choice=p,optional=3", &why));
    static const struct {
        const char *key, *text;
    } cases[] = {{"maybe", "none"}, {"whole", "-5"},   {"choice", "p"},
                 {"optional", "3"}, {"text", "first"}, {"word", "none"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        row = gradus_param_find(table, cases[i].key);
        ck_assert_str_eq(gradus_settings_print(&settings, row, buffer), cases[i].text);
    }
    again();
    values->choice = 0;
    row = gradus_param_find(table, "choice");
    ck_assert_str_eq(gradus_settings_print(&settings, row, buffer), "zca");
    row = gradus_param_find(table, "optional");
    ck_assert_str_eq(gradus_settings_print(&settings, row, other), "full");
    tear_down();
}
END_TEST

START_TEST(ranges) {
    static const struct {
        const char *key, *text;
    } cases[] = {{"open", "a number in (0, inf)"},
                 {"closed", "a number in [0, 1)"},
                 {"maybe", "a number in [-3, 3] or none"},
                 {"choice", "zca|pca|p"},
                 {"optional", "an integer in [1, 10] or full"},
                 {"text", "text"},
                 {"word", "text or none"}};
    char buffer[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(gradus_param_range(gradus_param_find(table, cases[i].key), buffer,
                                            sizeof buffer),
                         cases[i].text);
    ck_assert_ptr_null(gradus_param_find(table, "ope"));
    ck_assert_ptr_null(gradus_param_find(NULL, "open"));
}
END_TEST

/* The k-th allocation fails, for every k: an error, no leak, the old value kept.  */
START_TEST(out_of_memory) {
    for (long k = 0;; k++) {
        budget = k;
        gradus_err err =
            gradus_settings_open(&settings, "thing", table, sizeof(params_t), &why);
        values = settings.values;
        if (!err)
            err = gradus_settings_parse(&settings, "text=second,word=third", &why);
        bool done = budget >= 0;
        budget = LONG_MAX;
        ck_assert_int_eq(err, done ? GRADUS_OK : GRADUS_ENOMEM);
        if (err) {
            ck_assert_int_eq(why.code, GRADUS_ENOMEM);
            assert_sentence(why.text);
        }
        if (err && values && values->text)
            ck_assert(!strcmp(values->text, "first") || !strcmp(values->text, "second"));
        tear_down();
        if (done)
            break;
        ck_assert_int_lt(k, 100);
    }
}
END_TEST

START_TEST(no_table) {
    assert_ok(gradus_settings_open(&settings, "thing", NULL, 0, &why));
    ck_assert_int_eq(gradus_settings_parse(&settings, "a=1", &why), GRADUS_EINPUT);
    ck_assert_str_eq(why.text, "thing has no parameter 'a'");
    ck_assert_int_eq(gradus_settings_parse(&settings, "a=1", NULL), GRADUS_EINPUT);
    tear_down();
}
END_TEST

TEST_MAIN("settings", defaults, good_values, bad_values, keys, long_values,
          escapes_and_texts, tables_of_any_length, printing_round_trips, ranges,
          out_of_memory, no_table)
