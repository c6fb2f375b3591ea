/* The summary of a run as JSON.  */

#include "harness/summary.h"

#include "core/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "core/text.h"

#include <math.h>

/* Jansson refuses text that is not UTF-8, which a file name may be: then every byte beyond
   ASCII becomes a question mark.  */
static json_t *text(const char *given) {
    json_t *json = json_string(given);
    char *copy = json ? NULL : gradus_text_copy(given);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c > 127)
            *c = '?';
    if (copy)
        json = json_string(copy);
    gradus_free(copy);
    return json;
}

static json_t *number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(size_t value) { return json_integer((json_int_t)value); }

/* Every value of a table in its spelling, the defaults included.  */
static json_t *settings(const gradus_settings *given) {
    json_t *object = json_object();
    char buffer[GRADUS_VALUE_SIZE];
    int failed = 0;
    for (const gradus_param *row = given->table; row && row->name; row++)
        failed |= json_object_set_new(object, row->name,
                                      text(gradus_settings_print(given, row, buffer)));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static int set_result(json_t *o, const gradus_run *run, const gradus_row *last) {
    gradus_stop stop = gradus_run_stop(run);
    return json_object_set_new(o, "status", json_string(gradus_stop_word(stop))) |
           json_object_set_new(o, "reason", json_string(gradus_stop_text(stop))) |
           json_object_set_new(o, "updates", count(last->update)) |
           json_object_set_new(o, "passes", number(last->passes)) |
           json_object_set_new(o, "value", number(last->train_value)) |
           json_object_set_new(o, "gradient_norm", number(last->gradient_norm)) |
           json_object_set_new(o, "best_value", number(gradus_run_best_value(run))) |
           json_object_set_new(o, "value_evaluations", count(last->value_evaluations)) |
           json_object_set_new(o, "gradient_evaluations",
                               count(last->gradient_evaluations)) |
           json_object_set_new(o, "products", count(last->products)) |
           json_object_set_new(o, "test_value", number(last->test.value)) |
           json_object_set_new(o, "test_accuracy", number(last->test.accuracy)) |
           json_object_set_new(o, "validation_value", number(last->validation.value)) |
           json_object_set_new(o, "validation_accuracy", number(last->validation.accuracy));
}

static int set_times(json_t *o, const gradus_row *last) {
    const double *phase = last->phase_seconds;
    return json_object_set_new(o, "cpu_seconds", number(last->cpu_seconds)) |
           json_object_set_new(o, "wall_seconds", number(last->wall_seconds)) |
           json_object_set_new(o, "evaluation_seconds",
                               number(phase[GRADUS_PHASE_EVALUATION])) |
           json_object_set_new(o, "product_seconds", number(phase[GRADUS_PHASE_PRODUCT])) |
           json_object_set_new(o, "eigendecomposition_seconds",
                               number(phase[GRADUS_PHASE_EIGENDECOMPOSITION])) |
           json_object_set_new(o, "line_search_seconds",
                               number(phase[GRADUS_PHASE_LINE_SEARCH])) |
           json_object_set_new(o, "rest_seconds", number(phase[GRADUS_PHASE_REST]));
}

static int set_settings(json_t *o, const gradus_run *run) {
    json_t *all = json_object();
    int failed =
        json_object_set_new(all, "problem", settings(&gradus_run_problem(run)->settings)) |
        json_object_set_new(all, "method", settings(&gradus_run_method(run)->settings)) |
        json_object_set_new(all, "run", settings(gradus_run_settings(run)));
    return failed | json_object_set_new(o, "settings", all);
}

json_t *gradus_summary(const gradus_run *run, const gradus_row *last, const char *problem,
                       const char *method) {
    const gradus_run_values *values = gradus_run_settings(run)->values;
    const gradus_problem *opened = gradus_run_problem(run);
    json_t *o = json_object();
    int failed = json_object_set_new(o, "problem", text(problem)) |
                 json_object_set_new(o, "method", text(method)) |
                 json_object_set_new(o, "seed", json_integer(values->seed)) |
                 set_result(o, run, last) | set_times(o, last) |
                 json_object_set_new(o, "threads", count(gradus_run_threads(run))) |
                 json_object_set_new(o, "dimension", count(opened->dimension)) |
                 json_object_set_new(o, "examples", count(opened->examples)) |
                 json_object_set_new(o, "version", json_string(gradus_version())) |
                 set_settings(o, run);
    if (failed) {
        json_decref(o);
        return NULL;
    }
    return o;
}
