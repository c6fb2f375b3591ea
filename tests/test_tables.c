/* Every hyper-parameter table and every descriptor, present and future.  */

#include "base/stream.h"
#include "core/run.h"
#include "core/settings.h"
#include "support.h"

#include <ctype.h>
#include <limits.h>

static size_t width(gradus_kind kind) {
    return kind == GRADUS_REAL      ? sizeof(double)
           : kind == GRADUS_INTEGER ? sizeof(long)
                                    : sizeof(char *);
}

/* A lower-case word: letters, digits, underscores, a letter first.  */
static bool is_word(const char *name) {
    bool good = name && islower((unsigned char)*name);
    for (; good && *name; name++)
        good =
            islower((unsigned char)*name) || isdigit((unsigned char)*name) || *name == '_';
    return good;
}

/* One sentence: a capital or a name in `backquotes`, a full stop, one line.  */
static bool is_help(const char *help) {
    size_t length = help ? strlen(help) : 0;
    return length > 4 && (isupper((unsigned char)*help) || *help == '`') &&
           help[length - 1] == '.' && !strchr(help, '\n');
}

static long count_choices(const char *choices) {
    long count = 1;
    for (; *choices; choices++)
        count += *choices == '|';
    return count;
}

/* Choices are distinct words that are not empty.  */
static void check_choices(const char *owner, const gradus_param *row) {
    char list[256];
    ck_assert(snprintf(list, sizeof list, "|%s|", row->choices) < (int)sizeof list);
    for (const char *c = list; c[1]; c = strchr(c + 1, '|')) {
        size_t length = strcspn(c + 1, "|") + 2;
        char one[256];
        snprintf(one, sizeof one, "%.*s", (int)length, c);
        ck_assert_msg(length > 2, "%s: %s: an empty choice", owner, row->name);
        ck_assert_msg(!strstr(c + 1, one), "%s: %s: %s twice", owner, row->name, one);
    }
    ck_assert_msg(row->kind == GRADUS_INTEGER, "%s: %s: choices in no long", owner,
                  row->name);
    ck_assert_msg(row->initial >= 0 && row->initial < (double)count_choices(row->choices),
                  "%s: %s: default is no choice", owner, row->name);
}

static bool inside(const gradus_param *row, double value) {
    return isfinite(value) &&
           (row->flags & GRADUS_OPEN_MINIMUM ? value > row->minimum
                                             : value >= row->minimum) &&
           (row->flags & GRADUS_OPEN_MAXIMUM ? value < row->maximum
                                             : value <= row->maximum);
}

static void check_number(const char *owner, const gradus_param *row) {
    ck_assert_msg(row->minimum < row->maximum, "%s: %s: empty range", owner, row->name);
    ck_assert_msg(row->unset || inside(row, row->initial), "%s: %s: default out of range",
                  owner, row->name);
    if (row->kind == GRADUS_INTEGER) { /* exact in a double, so that the range is */
        ck_assert_msg(row->initial == floor(row->initial), "%s: %s: %g", owner, row->name,
                      row->initial);
        ck_assert_msg(fabs(row->initial) <= 0x1p53, "%s: %s", owner, row->name);
    }
    if (row->grid.points == 0)
        return;
    ck_assert_msg(row->grid.points > 0 && row->grid.low <= row->grid.high, "%s: %s: grid",
                  owner, row->name);
    ck_assert_msg(inside(row, row->grid.low) && inside(row, row->grid.high),
                  "%s: %s: grid outside range", owner, row->name);
    ck_assert_msg(!(row->flags & GRADUS_LOG) || row->grid.low > 0,
                  "%s: %s: a geometric grid from %g", owner, row->name, row->grid.low);
}

static void check_rows(const char *owner, const gradus_param *table, size_t size) {
    size_t offset = 0, rows = 0;
    for (const gradus_param *row = table; row && row->name; row++, rows++) {
        ck_assert_msg(is_word(row->name), "%s: '%s' is no lower-case word", owner,
                      row->name);
        ck_assert_msg(row->offset == offset,
                      "%s: %s: out of order, or a member before it "
                      "has no row",
                      owner, row->name);
        offset += width(row->kind);
        ck_assert_msg(is_help(row->help), "%s: %s: help '%s'", owner, row->name,
                      row->help ? row->help : "");
        ck_assert_msg(gradus_param_find(table, row->name) == row, "%s: %s twice", owner,
                      row->name);
        if (row->choices)
            check_choices(owner, row);
        else if (row->kind != GRADUS_TEXT)
            check_number(owner, row);
        ck_assert_msg(!row->unset || is_word(row->unset), "%s: %s: unset word", owner,
                      row->name);
        ck_assert_msg(row->kind == GRADUS_TEXT || !row->text, "%s: %s: a text in a number",
                      owner, row->name);
    }
    ck_assert_msg(offset == size, "%s: rows of %zu bytes for a struct of %zu", owner,
                  offset, size);
    ck_assert_msg(rows <= 64, "%s: more rows than bits in `given`", owner);
}

/* Defaults, spelled and read back, are the same: so each is inside its own range.  */
static void check_defaults(const char *owner, const gradus_param *table, size_t size) {
    gradus_settings one, two;
    gradus_error why;
    assert_ok(gradus_settings_open(&one, owner, table, size, &why));
    assert_ok(gradus_settings_open(&two, owner, table, size, &why));
    for (const gradus_param *row = table; row && row->name; row++) {
        char buffer[GRADUS_VALUE_SIZE], other[GRADUS_VALUE_SIZE];
        const char *spelled = gradus_settings_print(&one, row, buffer);
        ck_assert_msg(!gradus_settings_set(&two, row->name, spelled, &why), "%s", why.text);
        ck_assert_str_eq(gradus_settings_print(&two, row, other), spelled);
    }
    for (const gradus_param *row = table; row && row->name; row++)
        if (row->kind != GRADUS_TEXT)
            ck_assert_mem_eq((char *)one.values + row->offset,
                             (char *)two.values + row->offset, width(row->kind));
    gradus_settings_close(&one);
    gradus_settings_close(&two);
}

static void check_table(const char *owner, const gradus_param *table, size_t size) {
    printf("%s\n", owner);
    check_rows(owner, table, size);
    check_defaults(owner, table, size);
}

static void check_words(const char *name, const char *brief, const char *formula,
                        const char *citation) {
    ck_assert_msg(is_word(name), "'%s' is no lower-case word", name);
    ck_assert_msg(brief && strlen(brief) > 5 && !strchr(brief, '\n') &&
                      brief[strlen(brief) - 1] != '.',
                  "%s: brief", name);
    ck_assert_msg(formula && strlen(formula) > 5, "%s: formula", name);
    ck_assert_msg(citation && strpbrk(citation, "0123456789"), "%s: a citation with a year",
                  name);
}

START_TEST(methods) {
    for (size_t i = 0; gradus_method_types[i]; i++) {
        const gradus_method_type *type = gradus_method_types[i];
        check_words(type->name, type->brief, type->formula, type->citation);
        ck_assert_msg(type->open && type->step, "%s: open and step", type->name);
        check_table(type->name, type->params, type->params_size);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(type->name, gradus_method_types[j]->name);
        gradus_method *method; /* relations between defaults hold too */
        gradus_error why;
        ck_assert_msg(!gradus_method_open(&method, type, NULL, &why), "%s", why.text);
        gradus_method_close(method);
    }
}
END_TEST

START_TEST(problems) {
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        const gradus_problem_type *type = gradus_problem_types[i];
        check_words(type->name, type->brief, type->formula, type->citation);
        ck_assert_msg(type->open && type->dimension && type->start && type->evaluate,
                      "%s: what every problem has", type->name);
        ck_assert_msg(!type->layers == !type->layer && !type->layer == !type->inputs,
                      "%s: half a layer view", type->name);
        ck_assert_msg(!type->signals || type->inputs, "%s: signals alone", type->name);
        ck_assert_msg(!type->averages == !type->fold && !type->fold == !type->measure_with,
                      "%s: averages, fold and measure_with", type->name);
        ck_assert_msg(!type->prepare == !type->precondition &&
                          !type->prepare == !type->preconditioner_size,
                      "%s: half a preconditioner", type->name);
        ck_assert_msg(!type->measure == !type->subset_examples, "%s: measure and subset_examples",
                      type->name);
        check_table(type->name, type->params, type->params_size);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(type->name, gradus_problem_types[j]->name);
    }
}
END_TEST

START_TEST(runs) { check_table("run", gradus_run_params, gradus_run_params_size); }
END_TEST

TEST_MAIN("tables", methods, problems, runs)
