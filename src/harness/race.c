/* The runs of a study, one after another or some side by side, seed by seed, so that a race
   cut short has compared all methods on the same seeds.  What a run leaves is complete before the next
   begins.  */

#include "harness/race.h"

#include "core/clock.h"
#include "core/memory.h"
#include "core/problem.h"
#include "core/text.h"
#include "harness/basins.h"
#include "harness/drive.h"
#include "harness/folder.h"
#include "harness/interrupt.h"
#include "harness/keeper.h"
#include "harness/manifest.h"
#include "harness/progress.h"
#include "harness/record.h"
#include "harness/report.h"
#include "harness/results.h"
#include "harness/side_by_side.h"
#include "harness/standings.h"
#include "harness/study.h"
#include "harness/summary_table.h"
#include "harness/targets.h"
#include "harness/tuning.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct race {
    const gradus_race_options *options;
    gradus_error *why;
    gradus_study study;
    char *folder;
    int lock;                /* on the folder; -1: none */
    size_t threads, at_once; /* of a run; runs side by side */
    gradus_problem *problem; /* of the variant below */
    size_t variant;
    bool has_plane;          /* some variant's problem is in the plane */
    bool has_images;         /* some variant's problem reconstructs its inputs */
    json_t *manifest, *data; /* DATA: of every variant, what its problem read */
    json_t **records;        /* seed by seed; NULL: not finished */
    size_t count, finished;
    gradus_progress progress;
    struct race *trials; /* of tuning, in a folder in this one's; NULL: nothing is tuned */
} race_t;

static gradus_err no_memory(race_t *race) {
    return gradus_fail(race->why, GRADUS_ENOMEM, "%s: out of memory", race->study.path);
}

/* ---- Before anything runs ---- */

static gradus_err name_folder(race_t *race) {
    const char *given = race->options->folder;
    race->folder = given ? gradus_text_copy(given)
                         : gradus_folder_path("results", "%s", race->study.name);
    return race->folder ? GRADUS_OK : no_memory(race);
}

static gradus_err make_room(race_t *race) {
    race->count = gradus_study_runs(&race->study);
    race->records = GRADUS_NEW(race->count, json_t *);
    return race->records ? GRADUS_OK : no_memory(race);
}

/* The trials of tuning are a race in DIR/tuning; its parts are borrowed from this one.  */
static gradus_err open_trials(race_t *race) {
    race_t *trials = race->trials = GRADUS_NEW(1, race_t);
    if (!trials)
        return no_memory(race);
    *trials = (race_t){.options = race->options,
                       .why = race->why,
                       .study = race->study.tuning->trials,
                       .folder = gradus_folder_path(race->folder, "tuning"),
                       .lock = -1};
    return trials->folder ? make_room(trials) : no_memory(race);
}

/* The methods take the settings that their trials select, when all have been made; *PART
   says what is known.  */
static gradus_err select_settings(race_t *race, json_t **part) {
    const race_t *trials = race->trials;
    gradus_err err = gradus_tuning_judge(part, &race->study, trials->records, race->why);
    if (!err && trials->finished == trials->count)
        err = gradus_tuning_apply(&race->study, *part, race->why);
    return err;
}

static void load_records(race_t *race) {
    for (size_t i = 0; i < race->count; i++) {
        race->records[i] =
            gradus_record_load(race->folder, gradus_study_entrant(&race->study, i),
                               gradus_study_seed(&race->study, i));
        race->finished += race->records[i] != NULL;
    }
}

/* Takes up what an interrupted race left.  */
static gradus_err load(race_t *race) {
    json_t *part = NULL;
    gradus_err err =
        gradus_manifest_load(&race->manifest, race->folder, &race->study, race->why);
    if (!err && race->trials) {
        load_records(race->trials);
        err = select_settings(race, &part);
    }
    if (!err)
        load_records(race);
    json_decref(part);
    return err;
}

/* Looks at the folder without touching it; one that is not empty is locked first.  */
static gradus_err look(race_t *race) {
    bool empty;
    gradus_err err = make_room(race);
    if (!err)
        err = name_folder(race);
    if (!err && race->study.tuning)
        err = open_trials(race);
    if (!err)
        err = gradus_folder_empty(race->folder, &empty, race->why);
    if (err || empty)
        return err;
    if (!race->options->resume)
        return gradus_fail(race->why, GRADUS_EINPUT,
                           "%s: the folder is not empty; give --resume to go on with the "
                           "race in it, or another --output",
                           race->folder);
    err = gradus_folder_lock(race->folder, &race->lock, race->why);
    return err ? err : load(race);
}

/* The report is written last.  */
static bool is_complete(const race_t *race) {
    char *path = gradus_folder_path(race->folder, "report.html");
    bool complete = path && race->finished == race->count && access(path, F_OK) == 0 &&
                    json_is_true(json_object_get(race->manifest, "complete"));
    gradus_free(path);
    return complete;
}

/* Runs go on side by side unless the study is about time, which others at work stretch.  */
static size_t choose_at_once(const race_t *race, size_t threads) {
    size_t wanted = race->options->at_once;
    return wanted ? wanted : gradus_study_is_timed(&race->study) ? 1 : threads;
}

static size_t begun_with(const race_t *race, const char *key) {
    json_int_t number = json_integer_value(json_object_get(race->manifest, key));
    return number > 0 ? (size_t)number : 1;
}

/* Times with different numbers of threads must not stand in one table.  */
static gradus_err choose_threads(race_t *race) {
    size_t wanted = race->options->threads, threads = wanted ? wanted : 1;
    race->at_once = choose_at_once(race, threads);
    race->threads = threads / race->at_once;
    if (race->manifest) {
        race->threads = begun_with(race, "threads");
        race->at_once = begun_with(race, "at_once");
        threads = race->threads * race->at_once;
        if ((wanted && wanted != threads) ||
            (race->options->at_once && race->options->at_once != race->at_once))
            return gradus_fail(race->why, GRADUS_EINPUT,
                               "%s: the race was begun with %zu threads, %zu runs at once, "
                               "and cannot go on otherwise; leave --threads and --at-once "
                               "out",
                               race->folder, threads, race->at_once);
    }
    if (race->at_once > 1 &&
        race->at_once != threads) /* OpenMP's threads outlive no fork */
        return gradus_fail(race->why, GRADUS_EINPUT,
                           "--at-once %zu: expected 1 or the number of threads, %zu",
                           race->at_once, threads);
    return GRADUS_OK;
}

/* Opens every method once, so that one that refuses its problem or batch does so now.  */
static gradus_err try_methods(race_t *race) {
    gradus_err err = GRADUS_OK;
    const gradus_study *study = &race->study;
    for (size_t i = 0; !err && i < study->entrant_count; i++) {
        const gradus_entrant *entrant =
            &study->entrants[race->variant * study->entrant_count + i];
        gradus_run *run;
        gradus_error reason;
        err = gradus_study_open_run(entrant, study->seeds[0], race->problem, NULL, &run,
                                    &reason);
        gradus_run_close(run);
        if (err)
            gradus_fail(race->why, err, "%s:%zu: %s", study->path, entrant->line,
                        reason.text);
    }
    return err;
}

/* Every one of the variant whose problem is open.  */
static gradus_err try_checkpoints(race_t *race) {
    size_t runs = race->study.seed_count * race->study.entrant_count;
    gradus_err err = GRADUS_OK;
    for (size_t i = race->variant * runs; i < (race->variant + 1) * runs && !err; i++)
        if (!race->records[i])
            err =
                gradus_keeper_try(&race->study, i, race->problem, race->folder, race->why);
    return err;
}

/* Opens the problem of a variant, unless it is open.  */
static gradus_err open_problem(race_t *race, size_t variant) {
    const gradus_variant *variants = race->study.variants;
    bool same = race->problem && strcmp(variants[variant].problem_spec,
                                        variants[race->variant].problem_spec) == 0;
    race->variant = variant;
    if (same)
        return gradus_study_check_problem(&race->study, variant, race->problem, race->why);
    gradus_problem_close(race->problem);
    race->problem = NULL;
    return gradus_study_open_problem(&race->study, variant, race->threads, &race->problem,
                                     race->why);
}

/* Every variant once, and the first one last.  */
static gradus_err try_variants(race_t *race) {
    gradus_err err = GRADUS_OK;
    race->data = json_array();
    for (size_t v = race->study.variant_count; v > 0 && !err; v--) {
        err = open_problem(race, v - 1);
        if (!err &&
            json_array_insert_new(race->data, 0, gradus_provenance_data(race->problem)))
            err = no_memory(race);
        if (!err) {
            race->has_plane |= race->problem->dimension == GRADUS_PLANE;
            race->has_images |= race->problem->type->reconstruct != NULL;
            err = try_methods(race);
        }
        if (!err)
            err = try_checkpoints(race);
    }
    return err;
}

/* Data may be large: only one problem is open at a time.  */
static void lend_problem(race_t *from, race_t *to) {
    to->problem = from->problem;
    to->variant = from->variant;
    from->problem = NULL;
}

static gradus_err try_all(race_t *race) {
    gradus_err err = choose_threads(race);
    if (!err && race->trials) {
        race->trials->threads = race->threads;
        race->trials->at_once = race->at_once;
        err = try_variants(race->trials);
        lend_problem(race->trials, race);
    }
    return err ? err : try_variants(race);
}

static gradus_err make_folders(race_t *race) {
    const char *parts[] = {"traces", "runs", "checkpoints",
                           race->has_plane ? "trajectories" : NULL,
                           race->has_images ? "reconstructions" : NULL};
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i])
            continue;
        char *path = gradus_folder_path(race->folder, "%s", parts[i]);
        err = path ? gradus_folder_make(path, race->why) : no_memory(race);
        gradus_free(path);
    }
    return err;
}

/* What all processes of the race have cost, measuring and the loading of data included.  */
static int count_seconds(race_t *race) {
    double before = json_number_value(json_object_get(race->manifest, "cpu_seconds"));
    return json_object_set_new(
        race->manifest, "cpu_seconds",
        json_real(before + gradus_times_now().cpu + gradus_jobs_seconds()));
}

static gradus_err write_manifest(race_t *race) {
    return gradus_manifest_write(race->manifest, race->records, race->count, race->folder,
                                 race->why);
}

/* What is known of tuning, and with it the settings of the methods.  */
static gradus_err note_tuning(race_t *race) {
    json_t *part = NULL;
    if (!race->trials)
        return GRADUS_OK;
    gradus_err err = select_settings(race, &part);
    if (!err && (json_object_set(race->manifest, "tuning", part) ||
                 gradus_manifest_refresh(race->manifest, &race->study)))
        err = no_memory(race);
    json_decref(part);
    return err;
}

/* Of a folder that was empty when it was looked at.  */
static gradus_err lock_empty(race_t *race) {
    bool empty = false;
    gradus_err err = gradus_folder_make(race->folder, race->why);
    if (!err)
        err = gradus_folder_lock(race->folder, &race->lock, race->why);
    if (!err)
        err = gradus_folder_empty(race->folder, &empty, race->why);
    if (!err && !empty)
        err = gradus_fail(race->why, GRADUS_EINPUT,
                          "%s: another race has begun in the folder", race->folder);
    return err;
}

static gradus_err prepare(race_t *race) {
    gradus_err err = race->lock < 0 ? lock_empty(race) : GRADUS_OK;
    if (!err && race->manifest)
        err = gradus_manifest_resume(race->manifest, race->folder, race->problem,
                                     race->data, race->why);
    else if (!err && !(race->manifest = gradus_manifest(&race->study, race->problem,
                                                        race->at_once, race->data)))
        err = no_memory(race);
    if (!err)
        err = note_tuning(race);
    if (!err)
        err = write_manifest(race);
    return err ? err : make_folders(race);
}

/* ---- Runs ---- */

typedef struct {
    race_t *race;
    gradus_run *run;
    gradus_recorder recorder;
    gradus_keeper keeper;
} watch_t;

static gradus_err probe(void *context, const gradus_run *run, gradus_error *why) {
    watch_t *watch = context;
    return gradus_recorder_probe(&watch->recorder, run, why);
}

static gradus_err observe(void *context, const gradus_row *row, gradus_error *why) {
    watch_t *watch = context;
    gradus_progress_row(&watch->race->progress, row);
    return gradus_recorder_row(&watch->recorder, row, why);
}

static void tick(void *context, const gradus_run *run) {
    watch_t *watch = context;
    gradus_recorder_point(&watch->recorder, run);
    gradus_progress_tick(&watch->race->progress, gradus_run_updates(run));
    gradus_keeper_tick(&watch->keeper, watch->run, &watch->recorder);
}

/* To the end of WATCH's run, or to a signal.  */
static gradus_err drive(watch_t *watch, gradus_row *last) {
    race_t *race = watch->race;
    gradus_recorder_point(&watch->recorder, watch->run);
    gradus_interrupt_watch(watch->run);
    gradus_err err = gradus_drive(watch->run, probe, observe, tick, watch, last, race->why);
    gradus_interrupt_watch(NULL);
    gradus_recorder_point(&watch->recorder, watch->run);
    const gradus_error *trouble = &watch->keeper.trouble;
    return trouble->code ? gradus_fail(race->why, trouble->code, "%s", trouble->text) : err;
}

static gradus_err race_run(race_t *race, size_t index) {
    const gradus_entrant *entrant = gradus_study_entrant(&race->study, index);
    long seed = gradus_study_seed(&race->study, index);
    watch_t watch = {.race = race};
    gradus_row last;
    gradus_err err = open_problem(race, (size_t)(entrant->variant - race->study.variants));
    if (!err)
        err = gradus_study_open_run(entrant, seed, race->problem, NULL, &watch.run,
                                    race->why);
    if (!err)
        err = gradus_recorder_open(&watch.recorder, &race->study, entrant, seed, watch.run,
                                   race->folder, race->why);
    if (!err)
        err = gradus_keeper_open(&watch.keeper, watch.run, &watch.recorder,
                                 race->options->checkpoint_every, race->why);
    if (!err) {
        watch.recorder.before.beside = race->at_once - 1;
        gradus_progress_begin(&race->progress, index + 1, entrant->label, watch.run);
        err = drive(&watch, &last);
    }
    if (!err && gradus_run_stop(watch.run) != GRADUS_STOP_INTERRUPTED) {
        err = gradus_recorder_commit(&watch.recorder, watch.run, &last,
                                     &race->records[index], race->why);
        race->finished += !err;
        if (!err)
            gradus_keeper_remove(watch.keeper.path);
    }
    gradus_keeper_close(&watch.keeper);
    gradus_recorder_close(&watch.recorder);
    gradus_run_close(watch.run);
    return err;
}

/* ---- Runs side by side ---- */

static bool job_wanted(void *context, size_t index) {
    const race_t *race = context;
    return !race->records[index];
}

/* What is open here need not be opened in the run's own process.  */
static gradus_err job_prepare(void *context, size_t index, gradus_error *why) {
    race_t *race = context;
    const gradus_entrant *entrant = gradus_study_entrant(&race->study, index);
    race->why = why;
    return open_problem(race, (size_t)(entrant->variant - race->study.variants));
}

static gradus_err job_act(void *context, size_t index, gradus_error *why) {
    race_t *race = context;
    race->why = why;
    race->progress.active = false; /* there is one bar, the parent's */
    return race_run(race, index);
}

static void job_done(void *context, size_t index) {
    race_t *race = context;
    race->records[index] =
        gradus_record_load(race->folder, gradus_study_entrant(&race->study, index),
                           gradus_study_seed(&race->study, index));
    race->finished += race->records[index] != NULL; /* else it was interrupted */
    gradus_progress_count(&race->progress, race->finished);
}

static gradus_err race_side_by_side(race_t *race) {
    gradus_error *why = race->why;
    const gradus_jobs jobs = {.context = race,
                              .count = race->count,
                              .at_once = race->at_once,
                              .wanted = job_wanted,
                              .prepare = job_prepare,
                              .act = job_act,
                              .done = job_done};
    gradus_err err = gradus_side_by_side(&jobs, why);
    race->why = why;
    return err;
}

static gradus_err race_all(race_t *race) {
    gradus_err err = GRADUS_OK;
    race->progress = gradus_progress_open(!race->options->quiet, race->count);
    if (race->at_once > 1)
        err = race_side_by_side(race);
    else
        for (size_t i = 0; !err && i < race->count && !gradus_interrupted(); i++)
            if (!race->records[i])
                err = race_run(race, i);
    gradus_progress_clear(&race->progress);
    return err;
}

/* Makes the trials that are missing, and selects when none is.  */
static gradus_err tune(race_t *race) {
    race_t *trials = race->trials;
    if (!trials || trials->finished == trials->count)
        return GRADUS_OK;
    lend_problem(race, trials);
    gradus_err err = make_folders(trials);
    if (!err)
        err = race_all(trials);
    if (!err && trials->finished == trials->count)
        err = gradus_keeper_clear(&trials->study, trials->folder, race->why);
    lend_problem(trials, race);
    if (!err)
        err = note_tuning(race);
    return err ? err : write_manifest(race);
}

/* ---- After the runs ---- */

/* The folder was fit when the race began: failing now is the system's doing.  */
static gradus_err as_failure(gradus_err err, gradus_error *why) {
    return err == GRADUS_EINPUT ? (why->code = GRADUS_EIO) : err;
}

static gradus_err print_outcome(race_t *race) {
    gradus_results results;
    gradus_err err = gradus_results_open(&results, race->folder, race->why);
    if (err)
        return err;
    json_t *verdicts = NULL;
    gradus_tuning_print(stdout, json_object_get(results.manifest, "tuning"));
    err = gradus_standings_print(stdout, &results, race->why);
    if (!err)
        err = gradus_claims_judge(&verdicts, &results, race->why);
    if (!err)
        gradus_claims_print(stdout, verdicts);
    json_decref(verdicts);
    gradus_results_close(&results);
    return err;
}

/* What a complete race has beside its runs.  *DONE: a signal may come.  */
static gradus_err complete(race_t *race, bool *done) {
    *done = false;
    if (race->finished < race->count)
        return GRADUS_OK;
    gradus_err err =
        gradus_basins_make(&race->study, race->problem, race->folder, done, race->why);
    if (!err && *done)
        err = gradus_keeper_clear(&race->study, race->folder, race->why);
    if (!err && *done)
        err = gradus_report_write(race->folder, race->why);
    return err;
}

static gradus_err finish(race_t *race) {
    bool done;
    gradus_err err =
        gradus_targets_settle(&race->study, race->records, race->folder, race->why);
    if (!err &&
        (gradus_manifest_refresh(race->manifest, &race->study) || count_seconds(race)))
        err = no_memory(race);
    if (!err)
        err = write_manifest(race);
    if (!err)
        err = gradus_summary_table_write(&race->study, race->records, race->count,
                                         race->folder, race->why);
    if (!err)
        err = complete(race, &done);
    if (err || race->options->quiet)
        return as_failure(err, race->why);
    if (!done)
        fprintf(stderr,
                "gradus: interrupted with %zu of %zu runs finished; --resume goes on\n",
                race->finished + (race->trials ? race->trials->finished : 0),
                race->count + (race->trials ? race->trials->count : 0));
    err = print_outcome(race);
    printf("results in %s\n", race->folder);
    return as_failure(err, race->why);
}

static gradus_err go(race_t *race) {
    gradus_err err = look(race);
    if (err)
        return err;
    if (race->manifest && is_complete(race)) {
        if (!race->options->quiet)
            printf("%s: the race is complete, nothing is left to run\n", race->folder);
        return GRADUS_OK;
    }
    err = try_all(race);
    if (!err)
        err = prepare(race);
    if (!err)
        err = tune(race);
    if (!err)
        err = race_all(race);
    return err ? err : finish(race);
}

static void close_records(race_t *race) {
    for (size_t i = 0; race->records && i < race->count; i++)
        json_decref(race->records[i]);
    gradus_free(race->records);
}

static void close_trials(race_t *trials) {
    if (!trials)
        return;
    close_records(trials);
    json_decref(trials->data);
    gradus_problem_close(trials->problem);
    gradus_free(trials->folder);
    gradus_free(trials);
}

gradus_err gradus_race(const char *study, const gradus_race_options *options,
                       gradus_error *why) {
    gradus_error unheard;
    race_t race = {.options = options, .why = why ? why : &unheard, .lock = -1};
    gradus_err err =
        options->text ? gradus_study_open_text(&race.study, study, options->text, race.why)
                      : gradus_study_open(&race.study, study, race.why);
    if (!err)
        err = go(&race);
    close_trials(race.trials);
    close_records(&race);
    json_decref(race.manifest);
    json_decref(race.data);
    gradus_problem_close(race.problem);
    if (race.lock >= 0)
        close(race.lock);
    gradus_free(race.folder);
    gradus_study_close(&race.study);
    return err;
}
