/* Taking up what an unfinished race has made, by the study in its manifest.  */

#include "harness/unfinished.h"

#include "core/memory.h"
#include "harness/folder.h"
#include "harness/manifest.h"
#include "harness/record.h"
#include "harness/study.h"
#include "harness/targets.h"
#include "harness/tuning.h"

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

static void close_records(json_t **records, size_t count) {
    for (size_t i = 0; records && i < count; i++)
        json_decref(records[i]);
    gradus_free(records);
}

/* Of STUDY's runs in FOLDER, NULL for one that is not finished; their number that are goes to
 *FINISHED.  NULL: no memory.  */
static json_t **load_records(const gradus_study *study, const char *folder,
                             size_t *finished) {
    size_t count = gradus_study_runs(study);
    json_t **records = GRADUS_NEW(count, json_t *);
    *finished = 0;
    for (size_t i = 0; records && i < count; i++) {
        records[i] = gradus_record_load(folder, gradus_study_entrant(study, i),
                                        gradus_study_seed(study, i));
        *finished += records[i] != NULL;
    }
    return records;
}

/* The methods take the settings that are selected, which their runs are known by.  */
static gradus_err note_tuning(unfinished_t *u) {
    const gradus_study *trials = &u->study.tuning->trials;
    size_t finished = 0, count = gradus_study_runs(trials);
    json_t *part = NULL;
    char *folder = gradus_folder_path(u->folder, "tuning");
    json_t **records = folder ? load_records(trials, folder, &finished) : NULL;
    gradus_err err =
        records ? gradus_tuning_judge(&part, &u->study, records, u->why) : no_memory(u);
    if (!err && finished == count)
        err = gradus_tuning_apply(&u->study, part, u->why);
    if (!err && json_object_set(u->manifest, "tuning", part))
        err = no_memory(u);
    json_decref(part);
    close_records(records, count);
    gradus_free(folder);
    return err;
}

static gradus_err note_runs(unfinished_t *u) {
    size_t finished, count = gradus_study_runs(&u->study);
    json_t **records = load_records(&u->study, u->folder, &finished);
    gradus_err err = records ? gradus_targets_settle(&u->study, records, u->folder, u->why)
                             : no_memory(u);
    if (!err && (gradus_manifest_note_runs(u->manifest, records, count) ||
                 gradus_manifest_refresh(u->manifest, &u->study)))
        err = no_memory(u);
    close_records(records, count);
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
