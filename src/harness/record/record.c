/* Recording runs, so that whatever ends a race loses only the run in work.  */

#include "harness/record/record.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/io/folder.h"
#include "harness/io/json.h"
#include "harness/measure/reconstructions.h"
#include "harness/run/summary.h"
#include "harness/run/trace.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of a label, what the varied value adds, and a seed.  */
#define TRACE_PATH      "traces/%s%s-%ld.csv"
#define TRAJECTORY_PATH "trajectories/%s%s-%ld.csv"
#define IMAGES_PATH     "reconstructions/%s%s.csv" /* of the first seed */
#define RECORD_PATH     "runs/%s%s-%ld.json"

/* The folder was found fit when the race began: a file that cannot be created now is the
   system's failure.  */
static gradus_err as_failure(gradus_err err, gradus_error *why) {
    return err == GRADUS_EINPUT ? (why->code = GRADUS_EIO) : err;
}

static gradus_err allocate(gradus_recorder *recorder, const gradus_run *run) {
    const gradus_study *study = recorder->study;
    size_t n = gradus_run_problem(run)->dimension;
    for (size_t i = 0; i < study->record_count; i++)
        recorder->more_count +=
            gradus_measurement_columns(study->record[i], gradus_run_problem(run));
    recorder->reached = GRADUS_NEW(study->target_count, gradus_row);
    recorder->has_reached = GRADUS_NEW(study->target_count, bool);
    recorder->more = GRADUS_NEW(recorder->more_count, double);
    recorder->shared.start = GRADUS_NEW(study->record_count ? n : 0, double);
    if (!recorder->reached || !recorder->has_reached || !recorder->more ||
        !recorder->shared.start)
        return GRADUS_ENOMEM;
    if (study->record_count)
        memcpy(recorder->shared.start, gradus_run_parameters(run),
               n * sizeof *recorder->shared.start);
    return GRADUS_OK;
}

/* The header of the trace.  */
static gradus_err write_header(const gradus_recorder *recorder,
                               const gradus_problem *problem) {
    const gradus_study *study = recorder->study;
    char *names = GRADUS_NEW(recorder->more_count * GRADUS_COLUMN_SIZE + 1, char);
    char name[GRADUS_COLUMN_SIZE], *end = names;
    if (!names)
        return GRADUS_ENOMEM;
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t k = 0; k < gradus_measurement_columns(study->record[i], problem); k++)
            end +=
                sprintf(end, ",%s", gradus_measurement_column(study->record[i], k, name));
    gradus_trace_header(recorder->trace.file, names);
    gradus_free(names);
    return GRADUS_OK;
}

gradus_err gradus_recorder_open(gradus_recorder *recorder, const gradus_study *study,
                                const gradus_entrant *entrant, long seed,
                                const gradus_run *run, const char *folder,
                                gradus_error *why) {
    *recorder = (gradus_recorder){
        .study = study, .entrant = entrant, .seed = seed, .folder = folder};
    gradus_err err = allocate(recorder, run);
    char *path = gradus_folder_path(folder, TRACE_PATH, entrant->label,
                                    entrant->variant->suffix, seed);
    if (err || !path)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    else
        err = as_failure(gradus_output_open(&recorder->trace, path, why), why);
    gradus_free(path);
    if (!err && write_header(recorder, gradus_run_problem(run)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    if (!err && gradus_run_problem(run)->dimension == GRADUS_PLANE)
        err = gradus_trajectory_open(&recorder->trajectory, why);
    if (err)
        return err;
    gradus_moment(recorder->started);
    recorder->before = gradus_load_now();
    return GRADUS_OK;
}

gradus_err gradus_recorder_probe(gradus_recorder *recorder, const gradus_run *run,
                                 gradus_error *why) {
    const gradus_study *study = recorder->study;
    double *next = recorder->more;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < study->record_count && !err; i++) {
        err = study->record[i]->measure(run, &recorder->shared, next);
        next += gradus_measurement_columns(study->record[i], gradus_run_problem(run));
        if (err)
            gradus_fail(why, err, "%s: record: %s failed", study->path,
                        study->record[i]->name);
    }
    gradus_spectrum_close(recorder->shared.spectrum); /* it was of this point */
    recorder->shared.spectrum = NULL;
    return err;
}

void gradus_recorder_point(gradus_recorder *recorder, const gradus_run *run) {
    if (recorder->trajectory.point)
        gradus_trajectory_add(&recorder->trajectory, gradus_run_updates(run),
                              gradus_run_parameters(run));
}

gradus_err gradus_recorder_row(gradus_recorder *recorder, const gradus_row *row,
                               gradus_error *why) {
    const double *targets = recorder->entrant->variant->targets;
    gradus_trace_row(recorder->trace.file, row, recorder->more, recorder->more_count);
    gradus_err err = gradus_output_check(&recorder->trace, why);
    for (size_t i = 0; i < recorder->study->target_count; i++)
        if (!recorder->has_reached[i] && row->train_value <= targets[i]) {
            recorder->reached[i] = *row;
            recorder->has_reached[i] = true;
        }
    return err;
}

static json_t *targets(const gradus_recorder *recorder) {
    json_t *list = json_array();
    int failed = 0;
    for (size_t i = 0; i < recorder->study->target_count; i++) {
        const gradus_row *row = &recorder->reached[i];
        json_t *item =
            recorder->has_reached[i]
                ? json_pack("{s:f, s:I, s:f, s:f, s:f}", "target",
                            recorder->entrant->variant->targets[i], "updates",
                            (json_int_t)row->update, "passes", row->passes, "cpu_seconds",
                            row->cpu_seconds, "wall_seconds", row->wall_seconds)
                : json_null();
        failed |= json_array_append_new(list, item);
    }
    return gradus_json_unless(failed, list);
}

/* What the race adds to the summary of a run.  */
static int complete(json_t *record, const gradus_recorder *recorder, const gradus_row *last,
                    size_t threads, long long bytes, unsigned long checksum) {
    const char *cause = gradus_contamination(
        recorder->before,
        (gradus_times){.cpu = last->cpu_seconds, .wall = last->wall_seconds}, threads);
    const char *label = recorder->entrant->label;
    const gradus_variant *variant = recorder->entrant->variant;
    return json_object_set_new(record, "label", json_string(label)) |
           json_object_set_new(record, "varied",
                               variant->value ? gradus_json_text(variant->value)
                                              : json_null()) |
           json_object_set_new(
               record, "trace",
               json_sprintf(TRACE_PATH, label, variant->suffix, recorder->seed)) |
           json_object_set_new(record, "trace_bytes", json_integer(bytes)) |
           json_object_set_new(record, "trace_crc32", json_sprintf("%08lx", checksum)) |
           json_object_set_new(
               record, "trajectory",
               recorder->trajectory.point
                   ? json_sprintf(TRAJECTORY_PATH, label, variant->suffix, recorder->seed)
                   : json_null()) |
           json_object_set_new(record, "targets", targets(recorder)) |
           json_object_set_new(record, "contaminated_by",
                               cause ? json_string(cause) : json_null()) |
           json_object_set_new(record, "started", json_string(recorder->started));
}

static gradus_err write_trajectory(const gradus_recorder *recorder, gradus_error *why) {
    if (!recorder->trajectory.point)
        return GRADUS_OK;
    char *path =
        gradus_folder_path(recorder->folder, TRAJECTORY_PATH, recorder->entrant->label,
                           recorder->entrant->variant->suffix, recorder->seed);
    gradus_output output;
    gradus_err err =
        path ? gradus_output_open(&output, path, why)
             : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    if (!err) {
        gradus_trajectory_print(output.file, &recorder->trajectory);
        err = gradus_output_commit(&output, why);
    }
    gradus_free(path);
    return as_failure(err, why);
}

/* Of the first seed.  */
static gradus_err write_reconstructions(const gradus_recorder *recorder,
                                        const gradus_run *run, gradus_error *why) {
    enum { SHOWN = 8 };
    if (recorder->seed != recorder->study->seeds[0] ||
        gradus_reconstructions_check(gradus_run_problem(run), SHOWN, NULL))
        return GRADUS_OK;
    char *path = gradus_folder_path(recorder->folder, IMAGES_PATH, recorder->entrant->label,
                                    recorder->entrant->variant->suffix);
    gradus_err err =
        path ? gradus_reconstructions_keep(path, run, SHOWN, why)
             : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    gradus_free(path);
    return as_failure(err, why);
}

static gradus_err complete_trace(gradus_recorder *recorder, unsigned long *checksum,
                                 gradus_error *why) {
    char *path = gradus_folder_path(recorder->folder, TRACE_PATH, recorder->entrant->label,
                                    recorder->entrant->variant->suffix, recorder->seed);
    gradus_err err =
        path ? gradus_output_commit(&recorder->trace, why)
             : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    if (!err)
        err = as_failure(gradus_trace_checksum(path, checksum, why), why);
    gradus_free(path);
    return err;
}

gradus_err gradus_recorder_commit(gradus_recorder *recorder, const gradus_run *run,
                                  const gradus_row *last, json_t **out, gradus_error *why) {
    const gradus_entrant *entrant = recorder->entrant;
    json_t *record =
        gradus_summary(run, last, entrant->variant->problem_spec, entrant->spec);
    char *path = gradus_folder_path(recorder->folder, RECORD_PATH, entrant->label,
                                    entrant->variant->suffix, recorder->seed);
    *out = NULL;
    long long bytes = ftell(recorder->trace.file);
    unsigned long checksum;
    gradus_err err = complete_trace(recorder, &checksum, why);
    if (!err)
        err = write_trajectory(recorder, why);
    if (!err)
        err = write_reconstructions(recorder, run, why);
    if (!err &&
        (!record || !path ||
         complete(record, recorder, last, gradus_run_threads(run), bytes, checksum)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    if (!err)
        err = as_failure(gradus_json_write(record, path, why), why);
    gradus_free(path);
    if (err)
        json_decref(record);
    else
        *out = record;
    return err;
}

void gradus_recorder_close(gradus_recorder *recorder) {
    gradus_output_abandon(&recorder->trace);
    gradus_trajectory_close(&recorder->trajectory);
    gradus_free(recorder->reached);
    gradus_free(recorder->has_reached);
    gradus_free(recorder->more);
    gradus_free(recorder->shared.start);
    *recorder = (gradus_recorder){0};
}

/* Whether the trace is there in the length that the record says.  */
static bool has_trace(const char *folder, const json_t *record) {
    const char *trace = json_string_value(json_object_get(record, "trace"));
    char *path = trace ? gradus_folder_path(folder, "%s", trace) : NULL;
    struct stat there;
    bool has = path && stat(path, &there) == 0 &&
               there.st_size == json_integer_value(json_object_get(record, "trace_bytes"));
    gradus_free(path);
    return has;
}

json_t *gradus_record_load(const char *folder, const gradus_entrant *entrant, long seed) {
    char *path = gradus_folder_path(folder, RECORD_PATH, entrant->label,
                                    entrant->variant->suffix, seed);
    json_t *record = path ? json_load_file(path, 0, NULL) : NULL;
    gradus_free(path);
    const char *method = json_string_value(json_object_get(record, "method"));
    if (record && method && strcmp(method, entrant->spec) == 0 && has_trace(folder, record))
        return record;
    json_decref(record);
    return NULL;
}

size_t gradus_records_load(json_t *records[], const gradus_study *study,
                           const char *folder) {
    size_t finished = 0;
    for (size_t i = 0; i < gradus_study_runs(study); i++) {
        records[i] = gradus_record_load(folder, gradus_study_entrant(study, i),
                                        gradus_study_seed(study, i));
        finished += records[i] != NULL;
    }
    return finished;
}

void gradus_records_close(json_t **records, size_t count) {
    for (size_t i = 0; records && i < count; i++)
        json_decref(records[i]);
    gradus_free(records);
}
