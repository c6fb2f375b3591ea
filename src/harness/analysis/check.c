/* What the functions of a check make of the traces.  */

#include "harness/analysis/check.h"

#include "harness/results/statistics.h"

#include <math.h>
#include <string.h>

typedef gradus_scope scope_t;

/* ---- Of a row ---- */

static double row_name(const void *context, const gradus_expression *e) {
    const scope_t *scope = context;
    double number = scope->trace->cell[e->index][scope->row];
    /* A value that is not a number is worse than any.  */
    bool result =
        strcmp(e->name, "train_value") == 0 || strcmp(e->name, "gradient_norm") == 0;
    return result && isnan(number) ? INFINITY : number;
}

static const gradus_language row_language = {.name = row_name};

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

static double spent(const gradus_trace *trace, gradus_claim_call function, double target) {
    static const gradus_column columns[] = {GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_PASSES,
                                            GRADUS_COLUMN_CPU, GRADUS_COLUMN_WALL};
    return isnan(target)
               ? NAN
               : gradus_trace_reached(trace, target, columns[function - GRADUS_CLAIM_UPDATES_TO]);
}

/* ARGUMENT: the value of a third argument that is a number.  */
static double of_run(scope_t *scope, const gradus_result *run, const gradus_expression *e,
                     double argument) {
    gradus_expression *const *a = e->argument;
    const gradus_trace *trace = scope->trace = &run->trace;
    switch (e->index) {
    case GRADUS_CLAIM_FINAL:
    case GRADUS_CLAIM_SPREAD:
        return run->diverged ? INFINITY : run->value;
    case GRADUS_CLAIM_LAST:
        scope->row = trace->rows - 1;
        return row_name(scope, a[1]);
    case GRADUS_CLAIM_AT:
        return column_at(trace, a[1]->index, argument);
    case GRADUS_CLAIM_MAXIMUM:
        return extreme(scope, a[1], 1);
    case GRADUS_CLAIM_MINIMUM:
        return extreme(scope, a[1], -1);
    case GRADUS_CLAIM_SLOPE:
        return slope(scope, a[1], a[2]);
    default:
        return spent(trace, (gradus_claim_call)e->index, argument);
    }
}

/* ---- Of all seeds ---- */

static size_t variant_of(const scope_t *scope, const gradus_expression *e) {
    size_t count = strlen(gradus_claim_arguments(e->index));
    if (e->arguments == count)
        return 0;
    size_t index = e->argument[count]->index;
    return index == GRADUS_CLAIM_CURRENT ? scope->variant : index;
}

static bool is_of(const gradus_result *run, const gradus_expression *call, size_t variant) {
    return run->method == call->argument[0]->index && run->variant == variant;
}

/* Their median, or how far apart they are.  */
static double middle(gradus_claim_call function, size_t count, double values[]) {
    if (count == 0)
        return NAN;
    if (function != GRADUS_CLAIM_SPREAD)
        return gradus_quantile(values, count, 0.5);
    return gradus_quantile(values, count, 0.75) - gradus_quantile(values, count, 0.25);
}

static const gradus_language check_language;

static double over_seeds(const scope_t *scope, const gradus_expression *e) {
    const gradus_results *results = scope->results;
    const char *number = strchr(gradus_claim_arguments(e->index), 'n');
    double argument = NAN;
    if (number)
        argument = gradus_expression_value(
            e->argument[number - gradus_claim_arguments(e->index)], &check_language, scope);
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
    return middle((gradus_claim_call)e->index, count, scope->scratch);
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
    if (e->index == GRADUS_CLAIM_TREND)
        return trend(context, e);
    if (e->index != GRADUS_CLAIM_ALL)
        return over_seeds(context, e);
    gradus_check_rows(context, e, &truth, &count);
    return truth;
}

static double name(const void *context, const gradus_expression *e) {
    const scope_t *scope = context;
    (void)e;
    return scope->names->number[scope->variant];
}

static const gradus_language check_language = {.name = name, .call = call};

double gradus_check_value(const gradus_expression *e, const gradus_scope *scope) {
    return gradus_expression_value(e, &check_language, scope);
}

const gradus_result *gradus_check_refused(const gradus_expression *e,
                                          const gradus_scope *scope) {
    const gradus_results *results = scope->results;
    if (e->operation == GRADUS_DO_CALL && e->index == GRADUS_CLAIM_TREND) {
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
