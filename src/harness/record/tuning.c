/* Selecting among the trials.  */

#include "harness/record/tuning.h"

#include "base/memory.h"
#include "base/text.h"
#include "core/method.h"
#include "harness/io/json.h"
#include "harness/results/statistics.h"
#include "harness/results/status.h"

#include <math.h>

/* What gradus_select_names names, in a record.  */
static const char *const columns[GRADUS_SELECTS] = {"value", "best_value",
                                                    "validation_value"};
static const char *const measures[GRADUS_SELECTS] = {
    "the training value at the end", "the lowest training value measured",
    "the value on the validation data at the end"};

typedef struct {
    const gradus_study *study;
    const struct gradus_tuning *tuning;
    json_t *const *records;
    double *value, *score; /* of a trial's runs; of a method's trials */
} jury_t;

static json_t *record_of(const jury_t *j, size_t variant, size_t entrant, size_t seed) {
    const gradus_study *trials = &j->tuning->trials;
    return j
        ->records[(variant * trials->seed_count + seed) * trials->entrant_count + entrant];
}

/* Infinite when it is not a number to be minimised.  */
static double value_of(const jury_t *j, const json_t *record) {
    const json_t *value = json_object_get(record, columns[j->tuning->select]);
    const char *status = json_string_value(json_object_get(record, "status"));
    bool counts = status && !gradus_status_diverged(status) && json_is_number(value);
    return counts && isfinite(json_number_value(value)) ? json_number_value(value)
                                                        : INFINITY;
}

static double seconds(const json_t *record, const char *key) {
    return json_number_value(json_object_get(record, key));
}

static json_t *parameters(const gradus_tuned *tuned, const gradus_entrant *trial) {
    char buffer[GRADUS_VALUE_SIZE];
    json_t *o = json_object();
    int failed = 0;
    for (size_t i = 0; i < tuned->keys; i++)
        failed |=
            json_object_set_new(o, tuned->key[i]->name,
                                gradus_json_text(gradus_settings_print(
                                    &trial->method->settings, tuned->key[i], buffer)));
    return gradus_json_unless(failed, o);
}

/* A trial as it came out; its score goes to *SCORE.  */
static json_t *trial_part(const jury_t *j, size_t method, size_t variant, size_t trial,
                          double *score) {
    const gradus_study *trials = &j->tuning->trials, *study = j->study;
    const gradus_tuned *tuned = &j->tuning->tuned[method];
    size_t index = method * j->tuning->trials_each + trial, runs = 0, diverged = 0;
    const gradus_entrant *entrant =
        &trials->entrants[variant * trials->entrant_count + index];
    double cpu = 0, wall = 0;
    json_t *values = json_array(), *o = json_object();
    int failed = 0;
    for (size_t s = 0; s < trials->seed_count; s++) {
        const json_t *record = record_of(j, variant, index, s);
        if (!record)
            continue;
        double value = j->value[runs++] = value_of(j, record);
        diverged += !isfinite(value);
        cpu += seconds(record, "cpu_seconds");
        wall += seconds(record, "wall_seconds");
        failed |= json_array_append_new(values, gradus_json_number(value));
    }
    *score = runs == trials->seed_count ? gradus_quantile(j->value, runs, 0.5) : INFINITY;
    const char *varied = study->variants[variant].value;
    failed |=
        json_object_set_new(o, "label",
                            json_string(study->entrants[tuned->entrant].label)) |
        json_object_set_new(o, "varied", varied ? gradus_json_text(varied) : json_null()) |
        json_object_set_new(o, "trial", json_integer((json_int_t)trial + 1)) |
        json_object_set_new(o, "parameters", parameters(tuned, entrant)) |
        json_object_set_new(o, "spec", gradus_json_text(entrant->spec)) |
        json_object_set_new(o, "runs", json_integer((json_int_t)runs)) |
        json_object_set_new(o, "diverged", json_integer((json_int_t)diverged)) |
        json_object_set_new(o, "score", gradus_json_number(*score)) |
        json_object_set_new(o, "values", values) |
        json_object_set_new(o, "cpu_seconds", json_real(cpu)) |
        json_object_set_new(o, "wall_seconds", json_real(wall));
    return gradus_json_unless(failed, o);
}

/* The trials of one method at one varied value, the best of them marked.  */
static int add_trials(const jury_t *j, size_t method, size_t variant, json_t *list) {
    size_t count = j->tuning->trials_each, best = count, first = json_array_size(list);
    int failed = 0;
    for (size_t t = 0; t < count; t++) {
        failed |=
            json_array_append_new(list, trial_part(j, method, variant, t, &j->score[t]));
        if (isfinite(j->score[t]) && (best == count || j->score[t] < j->score[best]))
            best = t;
    }
    for (size_t t = 0; t < count && !failed; t++)
        failed |= json_object_set_new(json_array_get(list, first + t), "selected",
                                      json_boolean(t == best));
    return failed;
}

static json_t *keys_part(const gradus_tuned *tuned) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < tuned->keys; i++)
        failed |= json_array_append_new(
            list, json_pack("{s:s, s:b}", "name", tuned->key[i]->name, "log",
                            (tuned->key[i]->flags & GRADUS_LOG) != 0));
    return gradus_json_unless(failed, list);
}

static json_t *methods_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->tuning->methods; i++) {
        const gradus_tuned *tuned = &study->tuning->tuned[i];
        const gradus_entrant *entrant = &study->entrants[tuned->entrant];
        json_t *o = json_object();
        failed |=
            json_object_set_new(o, "label", json_string(entrant->label)) |
            json_object_set_new(o, "untuned",
                                tuned->has_untuned ? json_string(entrant[1].label)
                                                   : json_null()) |
            json_object_set_new(
                o, "search", json_string(tuned->quasi_random ? "quasi-random" : "grid")) |
            json_object_set_new(o, "keys", keys_part(tuned)) |
            json_array_append_new(list, o);
    }
    return gradus_json_unless(failed, list);
}

static json_t *seeds_part(const gradus_study *trials) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < trials->seed_count; i++)
        failed |= json_array_append_new(list, json_integer(trials->seeds[i]));
    return gradus_json_unless(failed, list);
}

static json_t *budget_part(const gradus_settings *budget) {
    json_t *o = json_object();
    int failed = 0;
    for (const gradus_param *row = budget ? budget->table : NULL; row && row->name; row++) {
        char buffer[GRADUS_VALUE_SIZE];
        if (gradus_settings_is_given(budget, row))
            failed |= json_object_set_new(
                o, row->name, json_string(gradus_settings_print(budget, row, buffer)));
    }
    return gradus_json_unless(failed, o);
}

static json_t *rule_part(const struct gradus_tuning *tuning) {
    const gradus_study *trials = &tuning->trials;
    return json_sprintf(
        "Every tuned method had %zu trial%s with %zu seed%s each, and races with the "
        "setting whose median over these seeds of %s is lowest, the first of equals; a "
        "run that diverged counts as infinite.",
        tuning->trials_each, tuning->trials_each == 1 ? "" : "s", trials->seed_count,
        trials->seed_count == 1 ? "" : "s", measures[tuning->select]);
}

static json_t *whole(const jury_t *j) {
    const struct gradus_tuning *tuning = j->tuning;
    size_t runs = gradus_study_runs(&tuning->trials);
    double cpu = 0;
    bool complete = true;
    json_t *list = json_array(), *o = json_object();
    int failed = 0;
    for (size_t i = 0; i < runs; i++) {
        complete = complete && j->records[i];
        cpu += seconds(j->records[i], "cpu_seconds");
    }
    for (size_t m = 0; m < tuning->methods; m++)
        for (size_t v = 0; v < j->study->variant_count && !failed; v++)
            failed |= add_trials(j, m, v, list);
    failed |=
        json_object_set_new(o, "rule", rule_part(tuning)) |
        json_object_set_new(o, "select", json_string(gradus_select_names[tuning->select])) |
        json_object_set_new(o, "trials", json_integer((json_int_t)tuning->trials_each)) |
        json_object_set_new(o, "seeds", seeds_part(&tuning->trials)) |
        json_object_set_new(o, "budget", budget_part(tuning->budget)) |
        json_object_set_new(o, "complete", json_boolean(complete)) |
        json_object_set_new(o, "cpu_seconds", json_real(cpu)) |
        json_object_set_new(o, "methods", methods_part(j->study)) |
        json_object_set_new(o, "trials_made", list);
    return gradus_json_unless(failed, o);
}

gradus_err gradus_tuning_judge(json_t **out, const gradus_study *study,
                               json_t *const records[], gradus_error *why) {
    const struct gradus_tuning *tuning = study->tuning;
    jury_t j = {.study = study,
                .tuning = tuning,
                .records = records,
                .value = GRADUS_NEW(tuning->trials.seed_count, double),
                .score = GRADUS_NEW(tuning->trials_each, double)};
    *out = j.value && j.score ? whole(&j) : NULL;
    gradus_free(j.value);
    gradus_free(j.score);
    return *out ? GRADUS_OK
                : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", study->path);
}

/* ---- The race's own settings ---- */

static gradus_err apply(gradus_entrant *entrant, const char *spec, gradus_error *why) {
    gradus_method *method;
    char *copy = gradus_text_copy(spec);
    gradus_err err = copy ? gradus_method_create(&method, spec, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", spec);
    if (err) {
        gradus_free(copy);
        return err;
    }
    gradus_method_close(entrant->method);
    gradus_free(entrant->spec);
    gradus_free(entrant->refused); /* a trial that was selected has run */
    entrant->method = method;
    entrant->spec = copy;
    entrant->refused = NULL;
    return GRADUS_OK;
}

gradus_err gradus_tuning_apply(gradus_study *study, const json_t *part, gradus_error *why) {
    const struct gradus_tuning *tuning = study->tuning;
    const json_t *list = json_object_get(part, "trials_made");
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < json_array_size(list) && !err; i++) {
        const json_t *trial = json_array_get(list, i);
        size_t group = i / tuning->trials_each; /* variant by variant in each method */
        size_t method = group / study->variant_count,
               variant = group % study->variant_count;
        if (json_is_true(json_object_get(trial, "selected")))
            err = apply(&study->entrants[variant * study->entrant_count +
                                         tuning->tuned[method].entrant],
                        json_string_value(json_object_get(trial, "spec")), why);
    }
    return err;
}
