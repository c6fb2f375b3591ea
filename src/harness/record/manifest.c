/* Building, reading and comparing manifests.  */

#include "harness/record/manifest.h"

#include "base/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "harness/io/folder.h"
#include "harness/io/json.h"
#include "harness/run/provenance.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

/* ---- Build ---- */

static json_t *problem_part(const gradus_study *study, const gradus_problem *problem) {
    json_t *o = json_object();
    int failed =
        json_object_set_new(o, "name", json_string(problem->type->name)) |
        json_object_set_new(o, "spec", gradus_json_text(study->variants->problem_spec)) |
        json_object_set_new(o, "line", json_integer((json_int_t)study->problem_line)) |
        json_object_set_new(o, "parameters", gradus_json_settings(&problem->settings)) |
        json_object_set_new(o, "dimension", json_integer((json_int_t)problem->dimension)) |
        json_object_set_new(o, "examples", json_integer((json_int_t)problem->examples));
    return gradus_json_unless(failed, o);
}

/* The options of a run, without the seed and the target, which are the race's.  */
static json_t *run_part(const gradus_settings *run) {
    json_t *o = gradus_json_settings(run);
    json_object_del(o, "seed");
    json_object_del(o, "target");
    return o;
}

static json_t *methods_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->entrant_count; i++) {
        const gradus_entrant *entrant = &study->entrants[i];
        json_t *o = json_object();
        failed |= json_object_set_new(o, "label", json_string(entrant->label)) |
                  json_object_set_new(o, "name", json_string(entrant->method->type->name)) |
                  json_object_set_new(o, "spec", gradus_json_text(entrant->spec)) |
                  json_object_set_new(o, "parameters",
                                      gradus_json_settings(&entrant->method->settings)) |
                  json_object_set_new(o, "run", run_part(&entrant->run)) |
                  json_array_append_new(list, o);
    }
    return gradus_json_unless(failed, list);
}

/* The budget that the study gives to all: what was given of the five limits.  */
static json_t *budget_part(const gradus_settings *run) {
    static const char *const limits[] = {"updates", "passes", "evaluations", "cpu_seconds",
                                         "wall_seconds"};
    json_t *o = json_object();
    int failed = 0;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const gradus_param *row = gradus_param_find(run->table, limits[i]);
        char buffer[GRADUS_VALUE_SIZE];
        if (gradus_settings_is_given(run, row))
            failed |= json_object_set_new(
                o, row->name, json_string(gradus_settings_print(run, row, buffer)));
    }
    return gradus_json_unless(failed, o);
}

static json_t *seeds_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->seed_count; i++)
        failed |= json_array_append_new(list, json_integer(study->seeds[i]));
    return gradus_json_unless(failed, list);
}

static json_t *targets_part(const gradus_study *study, const gradus_variant *variant) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->target_count; i++)
        failed |= json_array_append_new(list, gradus_json_number(variant->targets[i]));
    return gradus_json_unless(failed, list);
}

static json_t *references_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->target_count; i++)
        failed |= json_array_append_new(
            list, study->reference[i] ? json_string(study->reference[i]) : json_null());
    return gradus_json_unless(failed, list);
}

static json_t *specs_part(const gradus_study *study, size_t variant) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->entrant_count; i++)
        failed |= json_array_append_new(
            list,
            gradus_json_text(study->entrants[variant * study->entrant_count + i].spec));
    return gradus_json_unless(failed, list);
}

static json_t *vary_part(const gradus_study *study) {
    if (!study->varied)
        return json_null();
    json_t *o = json_object(), *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->variant_count; i++) {
        const gradus_variant *variant = &study->variants[i];
        json_t *one = json_object();
        failed |=
            json_object_set_new(one, "value", gradus_json_text(variant->value)) |
            json_object_set_new(one, "problem", gradus_json_text(variant->problem_spec)) |
            json_object_set_new(one, "targets", targets_part(study, variant)) |
            json_object_set_new(one, "minimum", gradus_json_number(variant->minimum)) |
            json_object_set_new(one, "methods", specs_part(study, i)) |
            json_array_append_new(list, one);
    }
    failed |= json_object_set_new(o, "key", gradus_json_text(study->varied)) |
              json_object_set_new(o, "variants", list);
    return gradus_json_unless(failed, o);
}

static json_t *profiles_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->profile_count; i++)
        failed |= json_array_append_new(list, json_real(study->profiles[i]));
    return gradus_json_unless(failed, list);
}

static json_t *record_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->record_count; i++)
        failed |= json_array_append_new(list, json_string(study->record[i]->name));
    return gradus_json_unless(failed, list);
}

static json_t *claims_part(const gradus_study *study) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < study->claim_count; i++) {
        const gradus_claim *claim = &study->claims[i];
        json_t *o = json_object();
        failed |= json_object_set_new(o, "id", json_string(claim->id)) |
                  json_object_set_new(o, "that", gradus_json_text(claim->that)) |
                  json_object_set_new(o, "check", gradus_json_text(claim->check)) |
                  json_array_append_new(list, o);
    }
    return gradus_json_unless(failed, list);
}

static json_t *checksum(const char *text) {
    unsigned long crc = crc32_z(0, (const unsigned char *)text, strlen(text));
    return json_sprintf("%08lx", crc);
}

json_t *gradus_manifest(const gradus_study *study, const gradus_problem *problem,
                        size_t at_once, json_t *data) {
    const char *question = study->question;
    json_t *o = json_object();
    int failed =
        json_object_set_new(o, "study", json_string(study->name)) |
        json_object_set_new(o, "question",
                            question ? gradus_json_text(question) : json_null()) |
        json_object_set_new(o, "text", gradus_json_text(study->text)) |
        json_object_set_new(o, "text_crc32", checksum(study->text)) |
        json_object_set_new(o, "version", json_string(gradus_version())) |
        json_object_set_new(o, "threads", json_integer((json_int_t)problem->threads)) |
        json_object_set_new(o, "at_once", json_integer((json_int_t)at_once)) |
        json_object_set_new(o, "problem", problem_part(study, problem)) |
        json_object_set_new(o, "targets", targets_part(study, study->variants)) |
        json_object_set_new(o, "target_of", references_part(study)) |
        json_object_set_new(o, "baseline",
                            json_string(study->entrants[study->baseline].label)) |
        json_object_set_new(
            o, "minimum",
            gradus_json_number(study->varied ? NAN : study->variants->minimum)) |
        json_object_set_new(o, "budget", budget_part(&study->run)) |
        json_object_set_new(o, "methods", methods_part(study)) |
        json_object_set_new(o, "seeds", seeds_part(study)) |
        json_object_set_new(o, "vary", vary_part(study)) |
        json_object_set_new(o, "profiles", profiles_part(study)) |
        json_object_set_new(o, "record", record_part(study)) |
        json_object_set_new(o, "claims", claims_part(study)) |
        json_object_set_new(o, "tuning", json_null()) | json_object_set(o, "data", data) |
        json_object_set_new(o, "complete", json_false()) |
        json_object_set_new(o, "runs", json_array()) |
        json_object_set_new(o, "contamination", json_string(gradus_contamination_rule)) |
        json_object_set_new(o, "provenance", gradus_provenance(problem)) |
        json_object_set_new(o, "blas_check", json_null()) |
        json_object_set_new(o, "resumed", json_array());
    return gradus_json_unless(failed, o);
}

int gradus_manifest_refresh(json_t *manifest, const gradus_study *study) {
    return json_object_set_new(manifest, "targets", targets_part(study, study->variants)) |
           json_object_set_new(manifest, "methods", methods_part(study)) |
           json_object_set_new(manifest, "vary", vary_part(study));
}

/* ---- Read ---- */

static bool same_text(const json_t *manifest, const char *key, const char *wanted) {
    const char *text = json_string_value(json_object_get(manifest, key));
    return text && strcmp(text, wanted) == 0;
}

static gradus_err compare(const json_t *manifest, const char *folder,
                          const gradus_study *study, gradus_error *why) {
    const char *version = json_string_value(json_object_get(manifest, "version"));
    if (!same_text(manifest, "text", study->text))
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: the folder belongs to another study, or %s has changed since "
            "the race began; give another --output",
            folder, study->path);
    if (!same_text(manifest, "version", gradus_version()))
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: the race was begun by gradus %s, and this is %s; give another "
            "--output",
            folder, version ? version : "of no version", gradus_version());
    return GRADUS_OK;
}

gradus_err gradus_manifest_load(json_t **out, const char *folder, const gradus_study *study,
                                gradus_error *why) {
    json_error_t reason;
    char *path = gradus_folder_path(folder, "manifest.json");
    if (!path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    *out = json_load_file(path, 0, &reason);
    gradus_free(path);
    if (!*out)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: not the results of a race that can be resumed: "
                           "manifest.json: %s",
                           folder, reason.text);
    return compare(*out, folder, study, why);
}

gradus_err gradus_manifest_resume(json_t *manifest, const char *folder,
                                  const gradus_problem *problem, const json_t *data,
                                  gradus_error *why) {
    json_t *now = gradus_provenance(problem);
    if (!now)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    if (!json_equal(data, json_object_get(manifest, "data"))) {
        json_decref(now);
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: the data have changed since the race began; give another "
                           "--output",
                           folder);
    }
    if (json_array_append_new(json_object_get(manifest, "resumed"), now))
        return gradus_fail(why, GRADUS_EINPUT, "%s: manifest.json has no list `resumed`",
                           folder);
    return GRADUS_OK;
}

/* ---- Write ---- */

int gradus_manifest_note_runs(json_t *manifest, json_t *const records[], size_t count) {
    json_t *runs = json_array();
    bool complete = true;
    int failed = 0;
    for (size_t i = 0; i < count; i++) {
        if (records[i])
            failed |= json_array_append(runs, records[i]);
        else
            complete = false;
    }
    return failed | json_object_set_new(manifest, "runs", runs) |
           json_object_set_new(manifest, "complete", json_boolean(complete));
}

gradus_err gradus_manifest_write(json_t *manifest, json_t *const records[], size_t count,
                                 const char *folder, gradus_error *why) {
    int failed = gradus_manifest_note_runs(manifest, records, count);
    char *path = gradus_folder_path(folder, "manifest.json");
    gradus_err err = !failed && path
                         ? gradus_json_write(manifest, path, why)
                         : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    return err;
}
