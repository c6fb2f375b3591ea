/* The functions of a check: what they take, and what they make of the traces.  */

#include "harness/analysis/check.h"

#include "base/text.h"
#include "harness/analysis/findings.h"

#include <math.h>
#include <string.h>

/* ---- Functions ---- */

typedef enum {
    FINAL,
    SPREAD,
    LAST,
    AT,
    UPDATES_TO,
    PASSES_TO,
    CPU_TO,
    WALL_TO,
    MAXIMUM,
    MINIMUM,
    SLOPE,
    ALL,
    TREND,
    FUNCTIONS
} function_t;

/* Arguments: a label, a column, a number, a number or a truth of a row, a number of the
   varied value.  All but `trend` take the value to look at last, where something varies. */
static const struct {
    const char *name, *arguments, *spelling, *help;
} functions[FUNCTIONS] = {
    [FINAL] = {"final", "l", "final(label)", "The training value at the last point."},
    [SPREAD] = {"spread", "l", "spread(label)",
                "How far apart the seeds end: the distance between the quartiles of the "
                "training value at the last point."},
    [LAST] = {"last", "lc", "last(label, column)", "A column of the last row."},
    [AT] = {"at", "lcn", "at(label, column, update)",
            "A column of the row at that update, which must have one."},
    [UPDATES_TO] = {"updates_to", "ln", "updates_to(label, target)",
                    "Updates until the training value is at most the target."},
    [PASSES_TO] = {"passes_to", "ln", "passes_to(label, target)", "Passes until then."},
    [CPU_TO] = {"cpu_to", "ln", "cpu_to(label, target)", "CPU-seconds until then."},
    [WALL_TO] = {"wall_to", "ln", "wall_to(label, target)", "Wall-seconds until then."},
    [MAXIMUM] = {"maximum", "lr", "maximum(label, number)",
                 "The largest over the rows of a number made of their columns; rows where "
                 "it does not apply are left out."},
    [MINIMUM] = {"minimum", "lr", "minimum(label, number)", "The least of them."},
    [SLOPE] = {"slope", "lrr", "slope(label, y, x)",
               "The slope of log y against log x by least squares, over the rows where "
               "both are positive."},
    [ALL] = {"all", "lt", "all(label, comparison)",
             "Whether it holds in every row of every seed."},
    [TREND] = {"trend", "v", "trend(number)",
               "The slope of the logarithm of a number against that of the varied value, "
               "by least squares; `value` in it is the varied value."},
};

const char *gradus_claim_function(size_t i, const char **help) {
    if (i >= FUNCTIONS)
        return NULL;
    *help = functions[i].help;
    return functions[i].spelling;
}

/* ---- Names ---- */

typedef gradus_scope scope_t;

enum { CURRENT = (size_t)-1 }; /* as the index of a value: the one inside trend() */

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
static gradus_err check_value(const scope_t *scope, gradus_expression *e,
                              gradus_error *why) {
    const gradus_names *names = scope->names;
    if (is_value(e)) {
        e->index = CURRENT;
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
    const scope_t *scope = context;
    return find(e, scope->names->column, scope->names->columns, "column", why);
}

static gradus_err check_row_call(const void *context, gradus_expression *e,
                                 gradus_sort *sort, gradus_error *why) {
    (void)context, (void)sort;
    return gradus_expression_fail(
        e, why, "there is no function '%s' of the columns of a row", e->name);
}

static double row_name(const void *context, const gradus_expression *e) {
    const scope_t *scope = context;
    double number = scope->trace->cell[e->index][scope->row];
    /* A value that is not a number is worse than any.  */
    bool result =
        strcmp(e->name, "train_value") == 0 || strcmp(e->name, "gradient_norm") == 0;
    return result && isnan(number) ? INFINITY : number;
}

static const gradus_language row_language = {
    .check_name = check_row_name, .check_call = check_row_call, .name = row_name};

/* ---- Checks of checks ---- */

static const gradus_language check_language;

static gradus_err check_argument(const scope_t *scope, char kind, gradus_expression *e,
                                 gradus_error *why) {
    const gradus_names *names = scope->names;
    scope_t inside = *scope;
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
    return gradus_expression_check(e, GRADUS_A_NUMBER, &check_language, &inside, why);
}

static gradus_err check_count(const scope_t *scope, const gradus_expression *e,
                              gradus_error *why) {
    const char *spelling = functions[e->index].spelling;
    size_t wanted = strlen(functions[e->index].arguments);
    bool varies = scope->names->values > 0;
    if (e->index == TREND && !varies)
        return gradus_expression_fail(e, why,
                                      "trend() needs a study that varies something");
    if (e->index == TREND && scope->any_value)
        return gradus_expression_fail(e, why, "trend() cannot stand inside trend()");
    bool adds = varies && e->index != TREND;
    if (e->arguments == wanted + adds)
        return GRADUS_OK;
    return gradus_expression_fail(e, why, "expected %s%s", spelling,
                                  adds ? " with the varied value as a last argument" : "");
}

static gradus_err check_call(const void *context, gradus_expression *e, gradus_sort *sort,
                             gradus_error *why) {
    const scope_t *scope = context;
    const char *names[FUNCTIONS];
    for (size_t i = 0; i < FUNCTIONS; i++)
        names[i] = functions[i].name;
    gradus_err err = find(e, names, FUNCTIONS, "function", why);
    if (!err)
        err = check_count(scope, e, why);
    if (err)
        return err;
    *sort = e->index == ALL ? GRADUS_A_TRUTH : GRADUS_A_NUMBER;
    const char *kinds = functions[e->index].arguments;
    size_t count = strlen(kinds);
    for (size_t i = 0; i < count && !err; i++)
        err = check_argument(scope, kinds[i], e->argument[i], why);
    return !err && e->arguments > count ? check_value(scope, e->argument[count], why) : err;
}

static gradus_err check_name(const void *context, gradus_expression *e, gradus_error *why) {
    const scope_t *scope = context;
    if (is_value(e) && scope->any_value)
        return GRADUS_OK;
    return gradus_expression_fail(
        e, why, "'%s' is not a number; a method, a column or a value stands in a function",
        e->name);
}

gradus_err gradus_check_open(gradus_expression **out, const char *text,
                             const gradus_names *names, gradus_error *why) {
    scope_t scope = {.names = names};
    gradus_err err = gradus_expression_open(out, text, why);
    if (!err)
        err = gradus_expression_check(*out, GRADUS_A_TRUTH, &check_language, &scope, why);
    if (err) {
        gradus_expression_close(*out);
        *out = NULL;
    }
    return err;
}

gradus_err gradus_check_text(const char *text, const gradus_names *names,
                             gradus_error *why) {
    gradus_expression *e;
    gradus_err err = gradus_check_open(&e, text, names, why);
    gradus_expression_close(e);
    return err;
}

/* ---- Of one run ---- */

static double column_at(const gradus_trace *trace, size_t column, double update) {
    for (size_t i = 0; i < trace->rows; i++)
        if (trace->column[GRADUS_COLUMN_UPDATE][i] == update)
            return trace->cell[column][i];
    return NAN;
}

/* Sums of a straight line's least squares.  */
typedef struct {
    double count, x, y, xx, xy;
} line_t;

static void add_point(line_t *line, double x, double y) {
    line->count++;
    line->x += x;
    line->y += y;
    line->xx += x * x;
    line->xy += x * y;
}

/* NaN when the points do not make a line.  */
static double slope_of(const line_t *line) {
    double spread = line->count * line->xx - line->x * line->x;
    /* All x the same: what is left is rounding.  */
    if (!(spread > 1e-12 * line->count * line->xx))
        return NAN;
    return (line->count * line->xy - line->x * line->y) / spread;
}

static double row_value(scope_t *scope, size_t row, const gradus_expression *e) {
    scope->row = row;
    return gradus_expression_value(e, &row_language, scope);
}

static double extreme(scope_t *scope, const gradus_expression *e, double sign) {
    double most = NAN;
    for (size_t i = 0; i < scope->trace->rows; i++) /* fmax passes over NaN */
        most = fmax(most, sign * row_value(scope, i, e));
    return sign * most;
}

static double slope(scope_t *scope, const gradus_expression *y,
                    const gradus_expression *x) {
    line_t line = {0};
    for (size_t i = 0; i < scope->trace->rows; i++) {
        double a = row_value(scope, i, x), b = row_value(scope, i, y);
        if (a > 0 && b > 0 && isfinite(a) && isfinite(b))
            add_point(&line, log(a), log(b));
    }
    return slope_of(&line);
}

static double spent(const gradus_trace *trace, function_t function, double target) {
    static const gradus_column columns[] = {GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_PASSES,
                                            GRADUS_COLUMN_CPU, GRADUS_COLUMN_WALL};
    return isnan(target)
               ? NAN
               : gradus_trace_reached(trace, target, columns[function - UPDATES_TO]);
}

/* ARGUMENT: the value of a third argument that is a number.  */
static double of_run(scope_t *scope, const gradus_result *run, const gradus_expression *e,
                     double argument) {
    gradus_expression *const *a = e->argument;
    const gradus_trace *trace = scope->trace = &run->trace;
    switch (e->index) {
    case FINAL:
    case SPREAD:
        return run->diverged ? INFINITY : run->value;
    case LAST:
        scope->row = trace->rows - 1;
        return row_name(scope, a[1]);
    case AT:
        return column_at(trace, a[1]->index, argument);
    case MAXIMUM:
        return extreme(scope, a[1], 1);
    case MINIMUM:
        return extreme(scope, a[1], -1);
    case SLOPE:
        return slope(scope, a[1], a[2]);
    default:
        return spent(trace, (function_t)e->index, argument);
    }
}

/* ---- Of all seeds ---- */

static size_t variant_of(const scope_t *scope, const gradus_expression *e) {
    size_t count = strlen(functions[e->index].arguments);
    if (e->arguments == count)
        return 0;
    size_t index = e->argument[count]->index;
    return index == CURRENT ? scope->variant : index;
}

static bool is_of(const gradus_result *run, const gradus_expression *call, size_t variant) {
    return run->method == call->argument[0]->index && run->variant == variant;
}

/* Their median, or how far apart they are.  */
static double middle(function_t function, size_t count, double values[]) {
    if (count == 0)
        return NAN;
    if (function != SPREAD)
        return gradus_quantile(values, count, 0.5);
    return gradus_quantile(values, count, 0.75) - gradus_quantile(values, count, 0.25);
}

static double over_seeds(const scope_t *scope, const gradus_expression *e) {
    const gradus_results *results = scope->results;
    const char *number = strchr(functions[e->index].arguments, 'n');
    double argument = NAN;
    if (number)
        argument = gradus_expression_value(
            e->argument[number - functions[e->index].arguments], &check_language, scope);
    scope_t inside = *scope;
    size_t variant = variant_of(scope, e), count = 0;
    for (size_t i = 0; i < results->runs; i++) {
        if (!is_of(&results->run[i], e, variant))
            continue;
        double one = of_run(&inside, &results->run[i], e, argument);
        if (isnan(one) || results->run[i].refused)
            return NAN;
        scope->scratch[count++] = one;
    }
    return middle((function_t)e->index, count, scope->scratch);
}

size_t gradus_check_rows(const scope_t *scope, const gradus_expression *e, double *truth,
                         size_t *count) {
    const gradus_results *results = scope->results;
    scope_t inside = *scope;
    size_t variant = variant_of(scope, e), holds = 0;
    bool refused = false;
    *truth = 1;
    *count = 0;
    for (size_t i = 0; i < results->runs; i++) {
        if (!is_of(&results->run[i], e, variant))
            continue;
        inside.trace = &results->run[i].trace;
        refused |= results->run[i].refused;
        for (size_t row = 0; row < inside.trace->rows; row++, ++*count) {
            double one = row_value(&inside, row, e->argument[1]);
            holds += one == 1;
            *truth = one == 0 || *truth == 0 ? 0 : one * *truth;
        }
    }
    if (*count == 0 || refused)
        *truth = NAN;
    return holds;
}

/* A value that cannot stand on a logarithmic scale leaves no slope.  */
static double trend(const scope_t *scope, const gradus_expression *e) {
    line_t line = {0};
    scope_t inside = *scope;
    for (inside.variant = 0; inside.variant < scope->names->values; inside.variant++) {
        double x = scope->names->number[inside.variant];
        double y = gradus_expression_value(e->argument[0], &check_language, &inside);
        if (!(x > 0 && y > 0 && isfinite(y)))
            return NAN;
        add_point(&line, log(x), log(y));
    }
    return slope_of(&line);
}

static double call(const void *context, const gradus_expression *e) {
    double truth;
    size_t count;
    if (e->index == TREND)
        return trend(context, e);
    if (e->index != ALL)
        return over_seeds(context, e);
    gradus_check_rows(context, e, &truth, &count);
    return truth;
}

static double name(const void *context, const gradus_expression *e) {
    const scope_t *scope = context;
    (void)e;
    return scope->names->number[scope->variant];
}

static const gradus_language check_language = {
    .check_name = check_name, .check_call = check_call, .name = name, .call = call};

double gradus_check_value(const gradus_expression *e, const gradus_scope *scope) {
    return gradus_expression_value(e, &check_language, scope);
}

const gradus_result *gradus_check_refused(const gradus_expression *e,
                                          const gradus_scope *scope) {
    const gradus_results *results = scope->results;
    if (e->operation == GRADUS_DO_CALL && e->index == TREND) {
        scope_t inside = *scope;
        const gradus_result *refused = NULL;
        for (inside.variant = 0; !refused && inside.variant < results->variants;
             inside.variant++)
            refused = gradus_check_refused(e->argument[0], &inside);
        return refused;
    }
    if (e->operation == GRADUS_DO_CALL)
        for (size_t i = 0; i < results->runs; i++)
            if (results->run[i].refused && is_of(&results->run[i], e, variant_of(scope, e)))
                return &results->run[i];
    for (size_t i = 0; i < e->arguments; i++) {
        const gradus_result *refused = gradus_check_refused(e->argument[i], scope);
        if (refused)
            return refused;
    }
    return NULL;
}

bool gradus_check_is_timed(const gradus_expression *e) {
    static const char ENDING[] = "_seconds"; /* of every column that is a time */
    size_t length = e->name ? strlen(e->name) : 0, ending = sizeof ENDING - 1;
    if (e->operation == GRADUS_DO_NAME && length >= ending &&
        strcmp(e->name + length - ending, ENDING) == 0)
        return true;
    if (e->operation == GRADUS_DO_CALL && (strcmp(e->name, functions[CPU_TO].name) == 0 ||
                                           strcmp(e->name, functions[WALL_TO].name) == 0))
        return true;
    for (size_t i = 0; i < e->arguments; i++)
        if (gradus_check_is_timed(e->argument[i]))
            return true;
    return false;
}
