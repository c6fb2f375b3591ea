/* Choosing the box of a landscape from the paths in it, and its levels from its values.  */

#include "harness/figures/view.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Matters of looks; the figure says what it shows.  */
static const double reach = 4, /* of the range: what goes farther is cut off */
    narrowest = 0.25,          /* of the longer side: what counts as moving on the other */
    near = 1.25,               /* of the range: minima so far away are shown */
    margin = 0.09,             /* of the span, on each side */
    most_stretch = 5,          /* of the shorter side, for equal scales */
    low_share = 0.015,         /* of the area: the innermost contour; */
    high_share = 0.99,         /* the outermost */
    few_decades = 50,          /* between them; from here on the levels are geometric */
    below_lowest_level = 0.05; /* of the lowest level: no height is lower */

enum { AXES = GRADUS_PLANE };

static int compare(const void *a, const void *b) {
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static bool is_finite(const double x[]) { return isfinite(x[0]) && isfinite(x[1]); }

/* ---- The box ---- */

static double moved_to(const gradus_trajectory *t, size_t i, size_t axis) {
    return is_finite(t->point[i].x) ? fabs(t->point[i].x[axis] - t->point[0].x[axis]) : 0;
}

/* How far the paths get: where to the one ends that improved and ends farthest away; when
   none improved, the shortest first update.  */
static double range(const gradus_path paths[], size_t count, size_t axis) {
    double farthest = 0, shortest = INFINITY;
    for (size_t p = 0; p < count; p++) {
        const gradus_trajectory *t = paths[p].trajectory;
        if (paths[p].improved)
            farthest = fmax(farthest, moved_to(t, t->count - 1, axis));
        double first = t->count > 1 ? moved_to(t, 1, axis) : 0;
        if (first > 0)
            shortest = fmin(shortest, first);
    }
    return farthest > 0 || isinf(shortest) ? farthest : shortest;
}

static bool within(const double x[], const double from[], const double limit[]) {
    for (size_t a = 0; a < AXES; a++)
        if (!(fabs(x[a] - from[a]) <= limit[a]))
            return false;
    return true;
}

static void include(gradus_view *view, const double x[]) {
    for (size_t a = 0; a < AXES; a++) {
        view->low[a] = fmin(view->low[a], x[a]);
        view->high[a] = fmax(view->high[a], x[a]);
    }
}

static void widen(gradus_view *view, size_t axis, double span) {
    double middle = (view->low[axis] + view->high[axis]) / 2;
    view->low[axis] = middle - span / 2;
    view->high[axis] = middle + span / 2;
}

static double span(const gradus_view *view, size_t axis) {
    return view->high[axis] - view->low[axis];
}

/* Equal scales, or both spans as they are when they differ too much.  */
static void fit_aspect(gradus_view *view, double aspect) {
    double x = span(view, 0), y = span(view, 1), wide = y * aspect;
    if (wide > x && wide <= most_stretch * x)
        widen(view, 0, wide);
    else if (x > wide && x <= most_stretch * wide)
        widen(view, 1, x / aspect);
}

void gradus_view_choose(gradus_view *view, const gradus_path paths[], size_t count,
                        const gradus_problem *problem, double aspect) {
    double ranges[AXES], limit[AXES], close[AXES], x[AXES];
    const double *start = paths[0].trajectory->point[0].x;
    for (size_t a = 0; a < AXES; a++)
        ranges[a] = range(paths, count, a);
    for (size_t a = 0; a < AXES; a++) {
        double moved = fmax(ranges[a], narrowest * ranges[AXES - 1 - a]);
        limit[a] = reach * moved;
        close[a] = near * moved;
    }
    *view = (gradus_view){.low = {start[0], start[1]}, .high = {start[0], start[1]}};
    for (size_t p = 0; p < count; p++) {
        const gradus_trajectory *t = paths[p].trajectory;
        for (size_t i = 0; i < t->count; i++)
            if (within(t->point[i].x, t->point[0].x, limit))
                include(view, t->point[i].x);
    }
    for (size_t i = 0;
         problem->type->minimum && problem->type->minimum(problem->self, i, x); i++)
        if (within(x, start, close))
            include(view, x);
    double longer = fmax(span(view, 0), span(view, 1));
    if (!(longer > 0)) /* nobody moved */
        longer = fmax(1, fmax(fabs(start[0]), fabs(start[1])));
    for (size_t a = 0; a < AXES; a++)
        widen(view, a, fmax(span(view, a), longer / most_stretch) * (1 + 2 * margin));
    fit_aspect(view, aspect);
}

bool gradus_view_has(const gradus_view *view, const double x[]) {
    for (size_t a = 0; a < AXES; a++)
        if (!(x[a] >= view->low[a] && x[a] <= view->high[a]))
            return false;
    return true;
}

bool gradus_view_cuts(const gradus_view *view, const gradus_path *path) {
    for (size_t i = 0; i < path->trajectory->count; i++)
        if (!gradus_view_has(view, path->trajectory->point[i].x))
            return true;
    return false;
}

/* ---- The levels ---- */

static gradus_err evaluate(const gradus_view *view, gradus_problem *problem,
                           gradus_grid *grid) {
    const gradus_batch whole = {.count = problem->examples};
    gradus_err err = GRADUS_OK;
    for (size_t j = 0; j < grid->rows; j++)
        for (size_t i = 0; i < grid->columns && !err; i++) {
            const double x[AXES] = {
                view->low[0] + span(view, 0) * (double)i / (double)(grid->columns - 1),
                view->low[1] + span(view, 1) * (double)j / (double)(grid->rows - 1)};
            err = problem->type->evaluate(problem->self, &whole, x,
                                          &grid->height[j * grid->columns + i], NULL);
        }
    return err;
}

/* The lowest value of the grid and at the known minima inside.  */
static gradus_err find_lowest(gradus_view *view, gradus_problem *problem,
                              const double values[], size_t count) {
    const gradus_batch whole = {.count = problem->examples};
    const gradus_problem_type *type = problem->type;
    double x[AXES], value;
    gradus_err err = GRADUS_OK;
    view->lowest = count > 0 ? values[0] : 0;
    for (size_t i = 0; !err && type->minimum && type->minimum(problem->self, i, x); i++) {
        if (!gradus_view_has(view, x))
            continue;
        err = type->evaluate(problem->self, &whole, x, &value, NULL);
        view->lowest = fmin(view->lowest, value);
    }
    return err;
}

/* From VALUES in rising order.  */
static void choose_levels(gradus_view *view, const double values[], size_t count) {
    if (count == 0)
        return;
    double low = values[(size_t)(low_share * (double)(count - 1))] - view->lowest;
    double high = values[(size_t)(high_share * (double)(count - 1))] - view->lowest;
    if (!(high > 0))
        return;
    view->log = low > 0 && high / low >= few_decades;
    view->levels = GRADUS_VIEW_LEVELS;
    for (size_t k = 0; k < view->levels; k++) {
        double share = (double)k / (double)(view->levels - 1);
        view->level[k] =
            view->lowest + (view->log ? low * pow(high / low, share)
                                      : high * (double)(k + 1) / (double)view->levels);
    }
}

static double height_of(const gradus_view *view, double value) {
    double least = below_lowest_level * (view->level[0] - view->lowest);
    return view->log ? log(fmax(value - view->lowest, least)) : value;
}

gradus_err gradus_view_measure(gradus_view *view, gradus_problem *problem,
                               gradus_grid *grid, double heights[GRADUS_VIEW_LEVELS],
                               gradus_error *why) {
    size_t count = grid->columns * grid->rows, finite = 0;
    gradus_err err = evaluate(view, problem, grid);
    double *sorted = err ? NULL : GRADUS_NEW(count, double);
    if (!sorted)
        return gradus_fail(why, err ? err : GRADUS_ENOMEM, "%s: out of memory",
                           problem->type->name);
    for (size_t i = 0; i < count; i++)
        if (isfinite(grid->height[i]))
            sorted[finite++] = grid->height[i];
    qsort(sorted, finite, sizeof *sorted, compare);
    err = find_lowest(view, problem, sorted, finite);
    choose_levels(view, sorted, finite);
    gradus_free(sorted);
    if (err)
        return gradus_fail(why, err, "%s: out of memory", problem->type->name);
    for (size_t i = 0; i < count; i++)
        if (isfinite(grid->height[i]))
            grid->height[i] = height_of(view, grid->height[i]);
    for (size_t k = 0; k < view->levels; k++)
        heights[k] = height_of(view, view->level[k]);
    return GRADUS_OK;
}
