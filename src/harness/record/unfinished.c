/* Taking up what an unfinished race has made, by the study in its manifest.  */

#include "harness/record/unfinished.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/record/manifest.h"
#include "harness/record/record.h"
#include "harness/record/targets_settle.h"
#include "harness/record/tuning.h"
#include "harness/study/study.h"

#include <string.h>

typedef struct {
    gradus_study study;
    json_t *manifest;
    const char *folder;
    gradus_error *why;
} unfinished_t;

static gradus_err no_memory(const unfinished_t *u) {
    return gradus_fail(u->why, GRADUS_ENOMEM, "%s: out of memory", u->folder);
}

/* The methods take the settings that are selected, which their runs are known by.  */
static gradus_err note_tuning(unfinished_t *u) {
    const gradus_study *trials = &u->study.tuning->trials;
    size_t finished = 0, count = gradus_study_runs(trials);
    json_t *part = NULL;
    char *folder = gradus_folder_path(u->folder, "tuning");
    json_t **records = GRADUS_NEW(count, json_t *);
    gradus_err err = GRADUS_OK;
    if (folder && records)
        finished = gradus_records_load(records, trials, folder);
    else
        err = no_memory(u);
    if (!err)
        err = gradus_tuning_judge(&part, &u->study, records, u->why);
    if (!err && finished == count)
        err = gradus_tuning_apply(&u->study, part, u->why);
    if (!err && json_object_set(u->manifest, "tuning", part))
        err = no_memory(u);
    json_decref(part);
    gradus_records_close(records, count);
    gradus_free(folder);
    return err;
}

static gradus_err note_runs(unfinished_t *u) {
    size_t count = gradus_study_runs(&u->study);
    json_t **records = GRADUS_NEW(count, json_t *);
    if (!records)
        return no_memory(u);
    gradus_records_load(records, &u->study, u->folder);
    gradus_err err = gradus_targets_settle(&u->study, records, u->folder, u->why);
    if (!err && (gradus_manifest_note_runs(u->manifest, records, count) ||
                 gradus_manifest_refresh(u->manifest, &u->study)))
        err = no_memory(u);
    gradus_records_close(records, count);
    return err;
}

gradus_err gradus_unfinished_note(json_t *manifest, const char *folder, gradus_error *why) {
    unfinished_t u = {.manifest = manifest, .folder = folder, .why = why};
    const char *text = json_string_value(json_object_get(manifest, "text"));
    const char *version = json_string_value(json_object_get(manifest, "version"));
    if (!text || !version || strcmp(version, gradus_version()) != 0)
        return GRADUS_OK;
    gradus_err err =
        gradus_study_open_text(&u.study, "the study in manifest.json", text, why);
    if (!err && u.study.tuning)
        err = note_tuning(&u);
    if (!err)
        err = note_runs(&u);
    gradus_study_close(&u.study);
    return err;
}

gradus_err gradus_unfinished_open(gradus_results *results, const char *folder,
                                  gradus_error *why) {
    json_t *manifest;
    *results = (gradus_results){0};
    gradus_err err = gradus_results_manifest(&manifest, folder, why);
    if (!err && json_is_false(json_object_get(manifest, "complete")))
        err = gradus_unfinished_note(manifest, folder, why);
    if (!err)
        err = gradus_results_open_manifest(results, manifest, folder, why);
    json_decref(manifest);
    return err;
}
