/* The summary of a run as JSON.  */

#include "harness/run/summary.h"

#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/io/json.h"

static json_t *count(size_t value) { return json_integer((json_int_t)value); }

static int set_result(json_t *o, const gradus_run *run, const gradus_row *last) {
    gradus_stop stop = gradus_run_stop(run);
    bool refused = stop == GRADUS_FAIL_REFUSED; /* then the detail is the whole sentence */
    return json_object_set_new(o, "status", json_string(gradus_stop_word(stop))) |
           json_object_set_new(o, "reason",
                               gradus_json_text(refused ? gradus_run_detail(run)
                                                        : gradus_stop_text(stop))) |
           json_object_set_new(o, "detail", gradus_json_text(gradus_run_detail(run))) |
           json_object_set_new(o, "updates", count(last->update)) |
           json_object_set_new(o, "updates_without_move", count(gradus_run_unmoved(run))) |
           json_object_set_new(o, "passes", gradus_json_number(last->passes)) |
           json_object_set_new(o, "value", gradus_json_number(last->train_value)) |
           json_object_set_new(o, "gradient_norm",
                               gradus_json_number(last->gradient_norm)) |
           json_object_set_new(o, "gap_bound",
                               gradus_json_number(gradus_problem_gap_bound(
                                   gradus_run_problem(run), last->gradient_norm))) |
           json_object_set_new(o, "best_value",
                               gradus_json_number(gradus_run_best_value(run))) |
           json_object_set_new(o, "value_evaluations", count(last->value_evaluations)) |
           json_object_set_new(o, "gradient_evaluations",
                               count(last->gradient_evaluations)) |
           json_object_set_new(o, "products", count(last->products)) |
           json_object_set_new(o, "ray_evaluations", count(last->ray_evaluations)) |
           json_object_set_new(o, "test_value", gradus_json_number(last->test.value)) |
           json_object_set_new(o, "test_accuracy",
                               gradus_json_number(last->test.accuracy)) |
           json_object_set_new(o, "validation_value",
                               gradus_json_number(last->validation.value)) |
           json_object_set_new(o, "validation_accuracy",
                               gradus_json_number(last->validation.accuracy));
}

static int set_times(json_t *o, const gradus_row *last) {
    const double *phase = last->phase_seconds;
    return json_object_set_new(o, "cpu_seconds", gradus_json_number(last->cpu_seconds)) |
           json_object_set_new(o, "wall_seconds", gradus_json_number(last->wall_seconds)) |
           json_object_set_new(o, "evaluation_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_EVALUATION])) |
           json_object_set_new(o, "product_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_PRODUCT])) |
           json_object_set_new(o, "eigendecomposition_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_EIGENDECOMPOSITION])) |
           json_object_set_new(o, "line_search_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_LINE_SEARCH])) |
           json_object_set_new(o, "preconditioner_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_PRECONDITIONER])) |
           json_object_set_new(o, "rest_seconds",
                               gradus_json_number(phase[GRADUS_PHASE_REST]));
}

static int set_settings(json_t *o, const gradus_run *run) {
    json_t *all = json_object();
    int failed =
        json_object_set_new(all, "problem",
                            gradus_json_settings(&gradus_run_problem(run)->settings)) |
        json_object_set_new(all, "method",
                            gradus_json_settings(&gradus_run_method(run)->settings)) |
        json_object_set_new(all, "run", gradus_json_settings(gradus_run_settings(run)));
    return failed | json_object_set_new(o, "settings", all);
}

const double *gradus_summary_point(const gradus_run *run, const char **which) {
    const double *best = gradus_run_best_parameters(run);
    gradus_stop stop = gradus_run_stop(run);
    bool lost = stop == GRADUS_FAIL_DIVERGED || stop == GRADUS_FAIL_UNBOUNDED;
    bool is_best = lost && best;
    *which = is_best ? "best" : "last";
    return is_best ? best : gradus_run_parameters(run);
}

json_t *gradus_summary(const gradus_run *run, const gradus_row *last, const char *problem,
                       const char *method) {
    const gradus_run_values *values = gradus_run_settings(run)->values;
    const gradus_problem *opened = gradus_run_problem(run);
    const char *saved;
    gradus_summary_point(run, &saved);
    json_t *o = json_object();
    int failed = json_object_set_new(o, "problem", gradus_json_text(problem)) |
                 json_object_set_new(o, "method", gradus_json_text(method)) |
                 json_object_set_new(o, "seed", json_integer(values->seed)) |
                 set_result(o, run, last) |
                 json_object_set_new(o, "saved", json_string(saved)) | set_times(o, last) |
                 json_object_set_new(o, "threads", count(gradus_run_threads(run))) |
                 json_object_set_new(o, "dimension", count(opened->dimension)) |
                 json_object_set_new(o, "examples", count(opened->examples)) |
                 json_object_set_new(o, "version", json_string(gradus_version())) |
                 set_settings(o, run);
    return gradus_json_unless(failed, o);
}
