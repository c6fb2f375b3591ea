/* Sensitivity figures, from the manifest's `tuning`.  */

#include "harness/figures/sensitivity.h"

#include "base/memory.h"
#include "base/text.h"
#include "harness/analysis/findings.h"
#include "harness/figures/chart.h"

#include <math.h>
#include <string.h>

/* Scores so many times the median one do not stretch the axis: they are drawn at its upper
   end, with the trials that diverged.  */
static const double beyond = 1e4, margin = 0.05;

typedef struct {
    const gradus_results *results;
    const json_t *trials;
    size_t variant; /* that is shown */
    const char *key;
    bool log;
    double low, high, least, most; /* of the key; of the scores drawn */
    double *scratch;
} view_t;

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static double score_of(const json_t *trial) {
    const json_t *score = json_object_get(trial, "score");
    return json_is_number(score) ? json_number_value(score) : INFINITY;
}

/* The key's value in a trial that is shown; NaN when it is no number.  */
static double place_of(const view_t *v, const json_t *trial) {
    const char *text = text_of(json_object_get(trial, "parameters"), v->key);
    char *end;
    const gradus_results *results = v->results;
    if (results->varied &&
        strcmp(text_of(trial, "varied"), results->value[v->variant]) != 0)
        return NAN;
    double value = gradus_text_read_real(text, &end);
    return *text && !*end && json_integer_value(json_object_get(trial, "runs")) > 0 &&
                   isfinite(value)
               ? value
               : NAN;
}

static void measure(view_t *v) {
    size_t count = 0;
    v->low = v->least = INFINITY;
    v->high = v->most = -INFINITY;
    for (size_t i = 0; i < json_array_size(v->trials); i++) {
        const json_t *trial = json_array_get(v->trials, i);
        double x = place_of(v, trial), y = score_of(trial);
        if (isnan(x))
            continue;
        v->low = fmin(v->low, x);
        v->high = fmax(v->high, x);
        if (isfinite(y))
            v->scratch[count++] = y;
    }
    double middle = gradus_quantile(v->scratch, count, 0.5); /* sorts */
    for (size_t i = 0; i < count; i++) {
        v->least = fmin(v->least, v->scratch[i]);
        if (v->scratch[i] <= beyond * fabs(middle))
            v->most = fmax(v->most, v->scratch[i]);
    }
}

static gradus_scale scale_of(bool log, double low, double high) {
    gradus_scale scale = {.factor = 1, .log = log};
    if (!(low < high)) {
        double room = low > 0 || low < 0 ? fabs(low) / 2 : 1;
        low -= room;
        high = low + 3 * room;
    }
    double wide = log ? pow(high / low, margin) : margin * (high - low);
    scale.low = log ? low / wide : low - wide;
    scale.high = log ? high * wide : high + wide;
    scale.floor = scale.low;
    return scale;
}

static void add_point(gradus_series *series, double x, double y) {
    series->x[series->count] = x;
    series->y[series->count++] = y;
}

static bool add_method(gradus_chart *chart, const view_t *v, size_t method) {
    size_t count = json_array_size(v->trials), first = chart->count;
    bool there = gradus_chart_add(chart, method, GRADUS_MARK_RING, count) &&
                 gradus_chart_add(chart, method, GRADUS_MARK_DOT, count) &&
                 gradus_chart_add(chart, method, GRADUS_MARK_CROSS, count);
    for (size_t i = 0; there && i < count; i++) {
        const json_t *trial = json_array_get(v->trials, i);
        double x = place_of(v, trial), y = score_of(trial);
        gradus_series *series = &chart->series[first];
        if (isnan(x) || strcmp(text_of(trial, "label"), v->results->labels[method]) != 0)
            continue;
        if (!(y <= v->most))
            add_point(&series[2], x, chart->y.high);
        else
            add_point(&series[json_is_true(json_object_get(trial, "selected"))], x, y);
    }
    return there;
}

static void name_figure(gradus_extra_figure *figure, const view_t *v) {
    const gradus_results *results = v->results;
    int stem = snprintf(figure->stem, sizeof figure->stem, "sensitivity-%s", v->key);
    int title =
        snprintf(figure->title, sizeof figure->title, "Tuning: sensitivity to %s", v->key);
    if (!results->varied)
        return;
    snprintf(figure->stem + stem, sizeof figure->stem - (size_t)stem, "-%zu",
             v->variant + 1);
    snprintf(figure->title + title, sizeof figure->title - (size_t)title, ", %s = %s",
             results->varied, results->value[v->variant]);
}

static gradus_err draw_key(gradus_extra_figure *figure, view_t *v, const char *folder,
                           gradus_error *why) {
    measure(v);
    name_figure(figure, v);
    if (!(v->low <= v->high) || !(v->least <= v->most))
        return GRADUS_OK;
    gradus_chart chart = {.stem = figure->stem,
                          .title = figure->title,
                          .x_label = v->key,
                          .y_label = v->least > 0 ? "score, logarithmic" : "score"};
    chart.x = scale_of(v->log && v->low > 0, v->low, v->high);
    chart.y = scale_of(v->least > 0 && v->most > v->least, v->least, v->most);
    bool there = true;
    for (size_t m = 0; m < v->results->methods && there; m++)
        there = add_method(&chart, v, m);
    gradus_err err =
        there ? gradus_chart_draw(&figure->drawing, &chart, v->results, folder, why)
              : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    snprintf(figure->drawing.note, sizeof figure->drawing.note,
             "A ring for every setting tried, its score the median over the tuning seeds; "
             "filled: selected; ✕ at the upper end: diverged, or far above the rest.");
    gradus_chart_close(&chart);
    return err;
}

/* Whether method number METHOD of those tuned is the first that searches key K of its own. */
static bool is_new(const json_t *methods, size_t method, const char *name) {
    for (size_t m = 0; m < method; m++) {
        const json_t *keys = json_object_get(json_array_get(methods, m), "keys");
        for (size_t k = 0; k < json_array_size(keys); k++)
            if (strcmp(text_of(json_array_get(keys, k), "name"), name) == 0)
                return false;
    }
    return true;
}

static gradus_err draw_all(gradus_extra_figures *figures, view_t *v, const json_t *methods,
                           const char *folder, gradus_error *why) {
    gradus_err err = GRADUS_OK;
    for (size_t m = 0; m < json_array_size(methods); m++) {
        const json_t *keys = json_object_get(json_array_get(methods, m), "keys");
        for (size_t k = 0; k < json_array_size(keys) && !err; k++) {
            const json_t *key = json_array_get(keys, k);
            v->key = text_of(key, "name");
            v->log = json_is_true(json_object_get(key, "log"));
            if (!is_new(methods, m, v->key))
                continue;
            for (v->variant = 0; v->variant < v->results->variants && !err; v->variant++)
                err = draw_key(&figures->figure[figures->count++], v, folder, why);
        }
    }
    return err;
}

gradus_err gradus_sensitivity_draw(gradus_extra_figures *figures,
                                   const gradus_results *results, const char *folder,
                                   gradus_error *why) {
    const json_t *tuning = json_object_get(results->manifest, "tuning");
    const json_t *methods = json_object_get(tuning, "methods");
    view_t v = {.results = results, .trials = json_object_get(tuning, "trials_made")};
    size_t most = 0;
    *figures = (gradus_extra_figures){0};
    if (!json_is_object(tuning))
        return GRADUS_OK;
    for (size_t m = 0; m < json_array_size(methods); m++)
        most += results->variants *
                json_array_size(json_object_get(json_array_get(methods, m), "keys"));
    figures->figure = GRADUS_NEW(most, gradus_extra_figure);
    v.scratch = GRADUS_NEW(json_array_size(v.trials), double);
    gradus_err err = figures->figure && v.scratch
                         ? draw_all(figures, &v, methods, folder, why)
                         : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    gradus_free(v.scratch);
    return err;
}
