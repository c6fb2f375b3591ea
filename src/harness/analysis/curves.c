/* Medians along the traces of a method's seeds.  */

#include "harness/analysis/curves.h"

#include "base/memory.h"
#include "harness/analysis/findings.h"

#include <math.h>

/* One run on its way through the updates.  */
typedef struct {
    const gradus_result *run;
    size_t next; /* the first row not yet passed */
} walker_t;

typedef struct {
    gradus_column x, y;
    size_t count;
    walker_t *walker;
    double *xs, *ys;
} walk_t;

/* The next update at which some run has a row; infinite at the end.  */
static double next_update(const walk_t *w) {
    double update = INFINITY;
    for (size_t i = 0; i < w->count; i++) {
        const gradus_trace *trace = &w->walker[i].run->trace;
        if (w->walker[i].next < gradus_result_curve_rows(w->walker[i].run))
            update = fmin(update, trace->column[GRADUS_COLUMN_UPDATE][w->walker[i].next]);
    }
    return update;
}

static void advance(walk_t *w, double update) {
    for (size_t i = 0; i < w->count; i++) {
        const gradus_trace *trace = &w->walker[i].run->trace;
        size_t rows = gradus_result_curve_rows(w->walker[i].run);
        while (w->walker[i].next < rows &&
               trace->column[GRADUS_COLUMN_UPDATE][w->walker[i].next] <= update)
            w->walker[i].next++;
    }
}

/* Worse than any number: larger, except for an accuracy.  */
static double worst(gradus_column y) {
    return y == GRADUS_COLUMN_ACCURACY ? -INFINITY : INFINITY;
}

static double value_at(const walk_t *w, const walker_t *at, double update) {
    const gradus_trace *trace = &at->run->trace;
    double y = trace->column[w->y][at->next - 1];
    bool past = update > trace->column[GRADUS_COLUMN_UPDATE][trace->rows - 1];
    return at->run->diverged && (past || !isfinite(y)) ? worst(w->y) : y;
}

static bool point_at(walk_t *w, double update, gradus_point *point) {
    size_t count = 0;
    for (size_t i = 0; i < w->count; i++) {
        const walker_t *at = &w->walker[i];
        if (at->next == 0)
            continue;
        double x = at->run->trace.column[w->x][at->next - 1], y = value_at(w, at, update);
        if (isnan(x) || isnan(y))
            continue;
        w->xs[count] = x;
        w->ys[count++] = y;
    }
    bool quartiles = count >= GRADUS_QUARTILES_FROM;
    double middle = gradus_quantile(w->ys, count, 0.5);
    *point = (gradus_point){.x = gradus_quantile(w->xs, count, 0.5),
                            .middle = isfinite(middle) ? middle : NAN,
                            .low = gradus_quantile(w->ys, count, quartiles ? 0.25 : 0),
                            .high = gradus_quantile(w->ys, count, quartiles ? 0.75 : 1)};
    return count > 0 && isfinite(point->x);
}

static void fill(gradus_curve *curve, walk_t *w) {
    for (double update = next_update(w); isfinite(update); update = next_update(w)) {
        advance(w, update);
        if (point_at(w, update, &curve->point[curve->count]))
            curve->count++;
    }
}

gradus_err gradus_curve_open(gradus_curve *curve, const gradus_results *results,
                             size_t method, gradus_column x, gradus_column y,
                             gradus_error *why) {
    *curve = (gradus_curve){.failed = true};
    walk_t w = {.x = x, .y = y};
    size_t rows = 0;
    w.walker = GRADUS_NEW(results->runs, walker_t);
    w.xs = GRADUS_NEW(results->runs, double);
    w.ys = GRADUS_NEW(results->runs, double);
    for (size_t i = 0; i < results->runs && w.walker; i++) {
        const gradus_result *run = &results->run[i];
        if (run->method != method)
            continue;
        w.walker[w.count++].run = run;
        rows += run->trace.rows;
        curve->failed = curve->failed && run->failed;
    }
    curve->runs = w.count;
    curve->failed = curve->failed && w.count > 0;
    curve->point = GRADUS_NEW(rows, gradus_point);
    bool memory = w.walker && w.xs && w.ys && curve->point;
    if (memory)
        fill(curve, &w);
    gradus_free(w.walker);
    gradus_free(w.xs);
    gradus_free(w.ys);
    if (memory)
        return GRADUS_OK;
    gradus_curve_close(curve);
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure's curve");
}

/* Points stand in the order of their x.  */
static void insert(gradus_curve *curve, gradus_point point) {
    size_t at = curve->count++;
    for (; at > 0 && curve->point[at - 1].x > point.x; at--)
        curve->point[at] = curve->point[at - 1];
    curve->point[at] = point;
}

/* The final value of a run, or what it spent to the last target of its variant.  */
static double outcome(const gradus_results *results, const gradus_result *run,
                      gradus_column column) {
    if (column == GRADUS_COLUMN_VALUE)
        return run->diverged || isnan(run->value) ? INFINITY : run->value;
    double target = results->target[(run->variant + 1) * results->targets - 1];
    return gradus_trace_reached(&run->trace, target, column);
}

gradus_err gradus_curve_of_values(gradus_curve *curve, const gradus_results *results,
                                  size_t method, gradus_column column, gradus_error *why) {
    double *outcomes = GRADUS_NEW(results->runs, double);
    *curve = (gradus_curve){.point = GRADUS_NEW(results->variants, gradus_point)};
    if (!outcomes || !curve->point) {
        gradus_free(outcomes);
        gradus_curve_close(curve);
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure's curve");
    }
    for (size_t v = 0; v < results->variants; v++) {
        size_t count = 0;
        for (size_t i = 0; i < results->runs; i++) {
            const gradus_result *run = &results->run[i];
            if (run->method == method && run->variant == v)
                outcomes[count++] = outcome(results, run, column);
        }
        double middle = gradus_quantile(outcomes, count, 0.5); /* sorts */
        if (isfinite(middle))
            insert(curve, (gradus_point){results->number[v], middle, outcomes[0],
                                         outcomes[count - 1]});
        curve->runs = count > curve->runs ? count : curve->runs;
    }
    gradus_free(outcomes);
    return GRADUS_OK;
}

void gradus_curve_close(gradus_curve *curve) {
    gradus_free(curve->point);
    *curve = (gradus_curve){0};
}

const gradus_point *gradus_curve_end(const gradus_curve *curve) {
    for (size_t i = curve->count; i > 0; i--)
        if (isfinite(curve->point[i - 1].middle))
            return &curve->point[i - 1];
    return NULL;
}
