/* Profiles as figures: for every tolerance performance by passes and by CPU-seconds, and data
   by passes.  */

#include "harness/figures/profiles_figure.h"

#include "base/memory.h"
#include "harness/figures/chart.h"

#include <math.h>

enum { BY_PASSES = 1, BY_CPU = 2, KINDS = 3 }; /* the first two: positions in gradus_axes */
static const struct {
    const char *stem, *title, *label;
    size_t axis;
    bool is_ratio;
} kinds[KINDS] = {
    {"performance-passes", "Performance profile by passes", "passes over the least of any",
     BY_PASSES, true},
    {"performance-cpu", "Performance profile by CPU time",
     "CPU-seconds over the least of any", BY_CPU, true},
    {"data-passes", "Data profile", "passes over the data", BY_PASSES, false}};

/* Room beyond the curves, as a factor or a share; the least factor that is shown.  */
static const double wide = 1.1, share = 0.02, least_range = 2;

typedef struct {
    const gradus_profiles *profiles;
    size_t tolerance, kind;
} view_t;

static double number_of(const view_t *v, size_t instance, size_t method) {
    size_t axis = kinds[v->kind].axis;
    return kinds[v->kind].is_ratio
               ? gradus_profiles_ratio(v->profiles, v->tolerance, instance, axis, method)
               : gradus_profiles_cost(v->profiles, v->tolerance, instance, axis, method);
}

static gradus_scale x_scale(const view_t *v) {
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < v->profiles->instances; i++)
        for (size_t m = 0; m < v->profiles->results->methods; m++) {
            double x = number_of(v, i, m);
            if (!isfinite(x))
                continue;
            high = fmax(high, x);
            if (x > 0)
                low = fmin(low, x);
        }
    low = kinds[v->kind].is_ratio ? 1 : isfinite(low) ? low / wide : 1;
    return (gradus_scale){.log = true,
                          .factor = 1,
                          .low = low,
                          .floor = low,
                          .high = fmax(high * wide, least_range * low)};
}

/* METHOD's share of the problems, from the left end of the axis to the right one.  */
static bool add_steps(gradus_chart *chart, const view_t *v, size_t method,
                      double scratch[]) {
    size_t instances = v->profiles->instances;
    gradus_series *series =
        gradus_chart_add(chart, method, GRADUS_MARK_STEPS, instances + 2);
    if (!series)
        return false;
    for (size_t i = 0; i < instances; i++)
        scratch[i] = number_of(v, i, method);
    gradus_quantile(scratch, instances, 0); /* sorts */
    series->x[0] = chart->x.low;
    series->y[0] = 0;
    size_t k = 1;
    for (; k <= instances && isfinite(scratch[k - 1]); k++) {
        series->x[k] = fmax(scratch[k - 1], chart->x.low);
        series->y[k] = (double)k / (double)instances;
    }
    series->x[k] = chart->x.high;
    series->y[k] = (double)(k - 1) / (double)instances;
    series->count = k + 1;
    return true;
}

static gradus_err draw(gradus_extra_figure *figure, const view_t *v, const char *folder,
                       double scratch[], gradus_error *why) {
    const gradus_profiles *p = v->profiles;
    snprintf(figure->stem, sizeof figure->stem, "%s-%zu", kinds[v->kind].stem,
             v->tolerance + 1);
    snprintf(figure->title, sizeof figure->title, "%s, tolerance %g", kinds[v->kind].title,
             p->tolerance[v->tolerance]);
    gradus_chart chart = {.stem = figure->stem,
                          .title = figure->title,
                          .x_label = kinds[v->kind].label,
                          .y_label = "share of the problems that are solved",
                          .x = x_scale(v),
                          .y = {.factor = 1, .low = -share, .high = 1 + share}};
    bool there = true;
    for (size_t m = 0; m < p->results->methods && there; m++)
        there = add_steps(&chart, v, m, scratch);
    gradus_err err =
        there ? gradus_chart_draw(&figure->drawing, &chart, p->results, folder, why)
              : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    snprintf(
        figure->drawing.note, sizeof figure->drawing.note,
        kinds[v->kind].is_ratio
            ? "Share of %zu problems that a method solves at no more than so many times "
              "the least cost of any."
            : "Share of %zu problems that a method solves at no more than this cost.",
        p->instances);
    gradus_chart_close(&chart);
    return err;
}

gradus_err gradus_profiles_draw(gradus_extra_figures *figures, const gradus_profiles *p,
                                const char *folder, gradus_error *why) {
    *figures = (gradus_extra_figures){0};
    if (p->instances == 0)
        return GRADUS_OK;
    figures->figure = GRADUS_NEW(KINDS * p->tolerances, gradus_extra_figure);
    double *scratch = GRADUS_NEW(p->instances, double);
    gradus_err err = figures->figure && scratch
                         ? GRADUS_OK
                         : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    view_t v = {.profiles = p};
    for (v.tolerance = 0; v.tolerance < p->tolerances; v.tolerance++)
        for (v.kind = 0; v.kind < KINDS && !err; v.kind++)
            err = draw(&figures->figure[figures->count++], &v, folder, scratch, why);
    gradus_free(scratch);
    return err;
}
