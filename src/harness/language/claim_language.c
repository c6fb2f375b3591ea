/* The language of claims: the functions of a check, what they take, and whether a check speaks
   of what there is.  What they make of the traces is computed in analysis/check.c.  */

#include "harness/language/claim_language.h"

#include "base/text.h"

#include <string.h>

/* What is known where an expression is checked.  */
typedef struct {
    const gradus_names *names;
    bool any_value; /* inside trend() */
} vocabulary_t;

static const struct {
    const char *name, *arguments, *spelling, *help;
} functions[GRADUS_CLAIM_FUNCTIONS] = {
    [GRADUS_CLAIM_FINAL] = {"final", "l", "final(label)", "The training value at the last point."},
    [GRADUS_CLAIM_SPREAD] = {"spread", "l", "spread(label)",
                "How far apart the seeds end: the distance between the quartiles of the "
                "training value at the last point."},
    [GRADUS_CLAIM_LAST] = {"last", "lc", "last(label, column)", "A column of the last row."},
    [GRADUS_CLAIM_AT] = {"at", "lcn", "at(label, column, update)",
            "A column of the row at that update, which must have one."},
    [GRADUS_CLAIM_UPDATES_TO] = {"updates_to", "ln", "updates_to(label, target)",
                    "Updates until the training value is at most the target."},
    [GRADUS_CLAIM_PASSES_TO] = {"passes_to", "ln", "passes_to(label, target)", "Passes until then."},
    [GRADUS_CLAIM_CPU_TO] = {"cpu_to", "ln", "cpu_to(label, target)", "CPU-seconds until then."},
    [GRADUS_CLAIM_WALL_TO] = {"wall_to", "ln", "wall_to(label, target)", "Wall-seconds until then."},
    [GRADUS_CLAIM_MAXIMUM] = {"maximum", "lr", "maximum(label, number)",
                 "The largest over the rows of a number made of their columns; rows where "
                 "it does not apply are left out."},
    [GRADUS_CLAIM_MINIMUM] = {"minimum", "lr", "minimum(label, number)", "The least of them."},
    [GRADUS_CLAIM_SLOPE] = {"slope", "lrr", "slope(label, y, x)",
               "The slope of log y against log x by least squares, over the rows where "
               "both are positive."},
    [GRADUS_CLAIM_ALL] = {"all", "lt", "all(label, comparison)",
             "Whether it holds in every row of every seed."},
    [GRADUS_CLAIM_TREND] = {"trend", "v", "trend(number)",
               "The slope of the logarithm of a number against that of the varied value, "
               "by least squares; `value` in it is the varied value."},
};

const char *gradus_claim_arguments(size_t function) { return functions[function].arguments; }

const char *gradus_claim_function(size_t i, const char **help) {
    if (i >= GRADUS_CLAIM_FUNCTIONS)
        return NULL;
    *help = functions[i].help;
    return functions[i].spelling;
}

/* The position of E's name; COUNT, with a sentence, when it is none of LIST.  */
static gradus_err find(gradus_expression *e, const char *const list[], size_t count,
                       const char *what, gradus_error *why) {
    gradus_nearest nearest = gradus_nearest_to(e->name);
    for (e->index = 0; e->index < count; e->index++) {
        if (strcmp(list[e->index], e->name) == 0)
            return GRADUS_OK;
        gradus_nearest_try(&nearest, list[e->index]);
    }
    char hint[128];
    return gradus_expression_fail(e, why, "there is no %s '%s'%s", what, e->name,
                                  gradus_nearest_hint(&nearest, hint, sizeof hint));
}

static bool is_word(const gradus_expression *e) {
    return e->operation == GRADUS_DO_NAME || e->operation == GRADUS_DO_QUOTED;
}

static bool is_value(const gradus_expression *e) {
    return e->operation == GRADUS_DO_NAME && strcmp(e->name, "value") == 0;
}

static gradus_err check_word(gradus_expression *e, const char *const list[], size_t count,
                             const char *what, gradus_error *why) {
    if (!is_word(e))
        return gradus_expression_fail(e, why, "expected a %s", what);
    return find(e, list, count, what, why);
}

/* The last argument: `value`, a number or the spelling of one of the varied values.  */
static gradus_err check_value(const vocabulary_t *scope, gradus_expression *e,
                              gradus_error *why) {
    const gradus_names *names = scope->names;
    if (is_value(e)) {
        e->index = GRADUS_CLAIM_CURRENT;
        return scope->any_value ? GRADUS_OK
                                : gradus_expression_fail(
                                      e, why, "`value` has a meaning inside trend() only");
    }
    if (is_word(e))
        return find(e, (const char *const *)names->value, names->values, "varied value",
                    why);
    if (e->operation == GRADUS_DO_NUMBER)
        for (e->index = 0; e->index < names->values; e->index++)
            if (names->number[e->index] == e->number)
                return GRADUS_OK;
    return gradus_expression_fail(e, why, "expected one of the varied values");
}

static gradus_err check_row_name(const void *context, gradus_expression *e,
                                 gradus_error *why) {
    const vocabulary_t *scope = context;
    return find(e, scope->names->column, scope->names->columns, "column", why);
}

static gradus_err check_row_call(const void *context, gradus_expression *e,
                                 gradus_sort *sort, gradus_error *why) {
    (void)context, (void)sort;
    return gradus_expression_fail(
        e, why, "there is no function '%s' of the columns of a row", e->name);
}

static const gradus_language row_language = {.check_name = check_row_name,
                                             .check_call = check_row_call};

static const gradus_language claim_language;

static gradus_err check_argument(const vocabulary_t *scope, char kind, gradus_expression *e,
                                 gradus_error *why) {
    const gradus_names *names = scope->names;
    vocabulary_t inside = *scope;
    switch (kind) {
    case 'l':
        return check_word(e, (const char *const *)names->label, names->labels, "method",
                          why);
    case 'c':
        return check_word(e, names->column, names->columns, "column", why);
    case 'r':
        return gradus_expression_check(e, GRADUS_A_NUMBER, &row_language, scope, why);
    case 't':
        return gradus_expression_check(e, GRADUS_A_TRUTH, &row_language, scope, why);
    case 'v':
        inside.any_value = true;
        break;
    }
    return gradus_expression_check(e, GRADUS_A_NUMBER, &claim_language, &inside, why);
}

static gradus_err check_count(const vocabulary_t *scope, const gradus_expression *e,
                              gradus_error *why) {
    const char *spelling = functions[e->index].spelling;
    size_t wanted = strlen(functions[e->index].arguments);
    bool varies = scope->names->values > 0;
    if (e->index == GRADUS_CLAIM_TREND && !varies)
        return gradus_expression_fail(e, why,
                                      "trend() needs a study that varies something");
    if (e->index == GRADUS_CLAIM_TREND && scope->any_value)
        return gradus_expression_fail(e, why, "trend() cannot stand inside trend()");
    bool adds = varies && e->index != GRADUS_CLAIM_TREND;
    if (e->arguments == wanted + adds)
        return GRADUS_OK;
    return gradus_expression_fail(e, why, "expected %s%s", spelling,
                                  adds ? " with the varied value as a last argument" : "");
}

static gradus_err check_call(const void *context, gradus_expression *e, gradus_sort *sort,
                             gradus_error *why) {
    const vocabulary_t *scope = context;
    const char *names[GRADUS_CLAIM_FUNCTIONS];
    for (size_t i = 0; i < GRADUS_CLAIM_FUNCTIONS; i++)
        names[i] = functions[i].name;
    gradus_err err = find(e, names, GRADUS_CLAIM_FUNCTIONS, "function", why);
    if (!err)
        err = check_count(scope, e, why);
    if (err)
        return err;
    *sort = e->index == GRADUS_CLAIM_ALL ? GRADUS_A_TRUTH : GRADUS_A_NUMBER;
    const char *kinds = functions[e->index].arguments;
    size_t count = strlen(kinds);
    for (size_t i = 0; i < count && !err; i++)
        err = check_argument(scope, kinds[i], e->argument[i], why);
    return !err && e->arguments > count ? check_value(scope, e->argument[count], why) : err;
}

static gradus_err check_name(const void *context, gradus_expression *e, gradus_error *why) {
    const vocabulary_t *scope = context;
    if (is_value(e) && scope->any_value)
        return GRADUS_OK;
    return gradus_expression_fail(
        e, why, "'%s' is not a number; a method, a column or a value stands in a function",
        e->name);
}

static const gradus_language claim_language = {.check_name = check_name,
                                               .check_call = check_call};

gradus_err gradus_claim_parse(gradus_expression **out, const char *text,
                              const gradus_names *names, gradus_error *why) {
    vocabulary_t scope = {.names = names};
    gradus_err err = gradus_expression_open(out, text, why);
    if (!err)
        err = gradus_expression_check(*out, GRADUS_A_TRUTH, &claim_language, &scope, why);
    if (err) {
        gradus_expression_close(*out);
        *out = NULL;
    }
    return err;
}

gradus_err gradus_claim_check(const char *text, const gradus_names *names, bool *timed,
                              gradus_error *why) {
    gradus_expression *e;
    gradus_err err = gradus_claim_parse(&e, text, names, why);
    *timed = !err && gradus_claim_is_timed(e);
    gradus_expression_close(e);
    return err;
}

/* The letters of the arguments of the claims' function NAME; NULL when it is none of them.  */
static const char *kinds_of(const char *name) {
    for (size_t i = 0; i < GRADUS_CLAIM_FUNCTIONS; i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].arguments;
    return NULL;
}

/* A label or a varied value is no column, however it is spelled.  */
static bool is_column_or_number(const gradus_expression *call, size_t argument) {
    const char *kinds = call->operation == GRADUS_DO_CALL ? kinds_of(call->name) : NULL;
    return !kinds || (argument < strlen(kinds) && kinds[argument] != 'l');
}

bool gradus_claim_is_timed(const gradus_expression *e) {
    static const char ENDING[] = "_seconds"; /* of every column that is a time */
    size_t length = e->name ? strlen(e->name) : 0, ending = sizeof ENDING - 1;
    if (e->operation == GRADUS_DO_NAME && length >= ending &&
        strcmp(e->name + length - ending, ENDING) == 0)
        return true;
    if (e->operation == GRADUS_DO_CALL && (strcmp(e->name, functions[GRADUS_CLAIM_CPU_TO].name) == 0 ||
                                           strcmp(e->name, functions[GRADUS_CLAIM_WALL_TO].name) == 0))
        return true;
    for (size_t i = 0; i < e->arguments; i++)
        if (is_column_or_number(e, i) && gradus_claim_is_timed(e->argument[i]))
            return true;
    return false;
}
