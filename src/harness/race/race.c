/* A race from the study to the report: what is there already and what is refused, before anything
   runs; tuning; and what is written when all runs are made.  */

#include "harness/race/race.h"

#include "base/memory.h"
#include "base/text.h"
#include "core/clock.h"
#include "core/problem.h"
#include "harness/analysis/standings.h"
#include "harness/analysis/verdicts.h"
#include "harness/io/folder.h"
#include "harness/measure/blas_check.h"
#include "harness/race/basins_run.h"
#include "harness/race/race_runs.h"
#include "harness/race/side_by_side.h"
#include "harness/record/keeper.h"
#include "harness/record/manifest.h"
#include "harness/record/record.h"
#include "harness/record/summary_table.h"
#include "harness/record/targets_settle.h"
#include "harness/record/tuning.h"
#include "harness/report/report.h"
#include "harness/study/study.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gradus_err no_memory(gradus_race_state *race) {
    return gradus_fail(race->why, GRADUS_ENOMEM, "%s: out of memory", race->study.path);
}

/* ---- Before anything runs ---- */

static gradus_err name_folder(gradus_race_state *race) {
    const char *given = race->options->folder;
    race->folder = given ? gradus_text_copy(given)
                         : gradus_folder_path("results", "%s", race->study.name);
    return race->folder ? GRADUS_OK : no_memory(race);
}

static gradus_err make_room(gradus_race_state *race) {
    race->count = gradus_study_runs(&race->study);
    race->records = GRADUS_NEW(race->count, json_t *);
    return race->records ? GRADUS_OK : no_memory(race);
}

/* The trials of tuning are a race in DIR/tuning; its parts are borrowed from this one.  */
static gradus_err open_trials(gradus_race_state *race) {
    gradus_race_state *trials = race->trials = GRADUS_NEW(1, gradus_race_state);
    if (!trials)
        return no_memory(race);
    *trials = (gradus_race_state){.options = race->options,
                                  .why = race->why,
                                  .study = race->study.tuning->trials,
                                  .folder = gradus_folder_path(race->folder, "tuning"),
                                  .lock = -1};
    return trials->folder ? make_room(trials) : no_memory(race);
}

/* The methods take the settings that their trials select, when all have been made; *PART
   says what is known.  */
static gradus_err select_settings(gradus_race_state *race, json_t **part) {
    const gradus_race_state *trials = race->trials;
    gradus_err err = gradus_tuning_judge(part, &race->study, trials->records, race->why);
    if (!err && trials->finished == trials->count)
        err = gradus_tuning_apply(&race->study, *part, race->why);
    return err;
}

static void load_records(gradus_race_state *race) {
    race->finished = gradus_records_load(race->records, &race->study, race->folder);
}

/* Takes up what an interrupted race left.  */
static gradus_err load(gradus_race_state *race) {
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
static gradus_err look(gradus_race_state *race) {
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
static bool is_complete(const gradus_race_state *race) {
    char *path = gradus_folder_path(race->folder, "report.html");
    bool complete = path && race->finished == race->count && access(path, F_OK) == 0 &&
                    json_is_true(json_object_get(race->manifest, "complete"));
    gradus_free(path);
    return complete;
}

/* Runs go on side by side unless the study is about time, which others at work stretch.  */
static size_t choose_at_once(const gradus_race_state *race, size_t threads) {
    size_t wanted = race->options->at_once;
    return wanted ? wanted : gradus_study_is_timed(&race->study) ? 1 : threads;
}

static size_t begun_with(const gradus_race_state *race, const char *key) {
    json_int_t number = json_integer_value(json_object_get(race->manifest, key));
    return number > 0 ? (size_t)number : 1;
}

/* Times with different numbers of threads must not stand in one table.  */
static gradus_err choose_threads(gradus_race_state *race) {
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

static gradus_err try_method(const gradus_race_state *race, const gradus_entrant *entrant,
                             gradus_error *why) {
    gradus_run *run;
    gradus_err err = gradus_study_open_run(entrant, race->study.seeds[0], race->problem,
                                           NULL, &run, why);
    gradus_run_close(run);
    return err;
}

/* Opens every method once, so that one that refuses its problem or batch does so now.  */
static gradus_err try_methods(gradus_race_state *race) {
    gradus_err err = GRADUS_OK;
    const gradus_study *study = &race->study;
    for (size_t i = 0; !err && i < study->entrant_count; i++) {
        gradus_entrant *entrant =
            &study->entrants[race->variant * study->entrant_count + i];
        gradus_error reason;
        err = try_method(race, entrant, &reason);
        if (gradus_study_allows(study, err)) {
            entrant->refused = gradus_text_copy(reason.text);
            err = entrant->refused ? try_method(race, entrant, &reason) : no_memory(race);
        }
        if (err)
            gradus_fail(race->why, err, "%s:%zu: %s", study->path, entrant->line,
                        reason.text);
    }
    return err;
}

/* Refuses a method that every variant refused.  */
static gradus_err check_refused(const gradus_race_state *race) {
    const gradus_study *study = &race->study;
    for (size_t i = 0; i < study->entrant_count; i++) {
        const gradus_entrant *entrant = &study->entrants[i];
        size_t refused = 0;
        for (size_t v = 0; v < study->variant_count; v++)
            refused += entrant[v * study->entrant_count].refused != NULL;
        if (refused == study->variant_count)
            return gradus_fail(race->why, GRADUS_EINPUT, "%s:%zu: %s", study->path,
                               entrant->line, entrant->refused);
    }
    return GRADUS_OK;
}

/* Every one of the variant whose problem is open.  */
static gradus_err try_checkpoints(gradus_race_state *race) {
    size_t runs = race->study.seed_count * race->study.entrant_count;
    gradus_err err = GRADUS_OK;
    for (size_t i = race->variant * runs; i < (race->variant + 1) * runs && !err; i++)
        if (!race->records[i])
            err =
                gradus_keeper_try(&race->study, i, race->problem, race->folder, race->why);
    return err;
}

/* Every variant once, and the first one last.  */
static gradus_err try_variants(gradus_race_state *race) {
    gradus_err err = GRADUS_OK;
    race->data = json_array();
    for (size_t v = race->study.variant_count; v > 0 && !err; v--) {
        err = gradus_race_open_problem(race, v - 1);
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
    return err ? err : check_refused(race);
}

/* Data may be large: only one problem is open at a time.  */
static void lend_problem(gradus_race_state *from, gradus_race_state *to) {
    to->problem = from->problem;
    to->variant = from->variant;
    from->problem = NULL;
}

static gradus_err try_all(gradus_race_state *race) {
    gradus_err err = choose_threads(race);
    if (!err && race->trials) {
        race->trials->threads = race->threads;
        race->trials->at_once = race->at_once;
        err = try_variants(race->trials);
        lend_problem(race->trials, race);
    }
    return err ? err : try_variants(race);
}

static gradus_err make_folders(gradus_race_state *race) {
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
static int count_seconds(gradus_race_state *race) {
    double before = json_number_value(json_object_get(race->manifest, "cpu_seconds"));
    return json_object_set_new(
        race->manifest, "cpu_seconds",
        json_real(before + gradus_times_now().cpu + gradus_jobs_seconds()));
}

static gradus_err write_manifest(gradus_race_state *race) {
    return gradus_manifest_write(race->manifest, race->records, race->count, race->folder,
                                 race->why);
}

/* What is known of tuning, and with it the settings of the methods.  */
static gradus_err note_tuning(gradus_race_state *race) {
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
static gradus_err lock_empty(gradus_race_state *race) {
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

/* Results of a wrong product are worth nothing.  */
static gradus_err check_blas(gradus_race_state *race, gradus_blas_report *report) {
    const gradus_blas_callers callers = gradus_blas_bound();
    gradus_err err = gradus_blas_examine(report, &callers, true, race->why);
    return err ? err : gradus_blas_judge(report, race->why);
}

static gradus_err prepare(gradus_race_state *race, const gradus_blas_report *blas) {
    gradus_err err = race->lock < 0 ? lock_empty(race) : GRADUS_OK;
    if (!err && race->manifest)
        err = gradus_manifest_resume(race->manifest, race->folder, race->problem,
                                     race->data, race->why);
    else if (!err && !(race->manifest = gradus_manifest(&race->study, race->problem,
                                                        race->at_once, race->data)))
        err = no_memory(race);
    if (!err &&
        json_object_set_new(race->manifest, "blas_check", gradus_blas_record(blas)))
        err = no_memory(race);
    if (!err)
        err = note_tuning(race);
    if (!err)
        err = write_manifest(race);
    return err ? err : make_folders(race);
}

/* ---- Tuning ---- */

/* Makes the trials that are missing, and selects when none is.  */
static gradus_err tune(gradus_race_state *race) {
    gradus_race_state *trials = race->trials;
    if (!trials || trials->finished == trials->count)
        return GRADUS_OK;
    lend_problem(race, trials);
    gradus_err err = make_folders(trials);
    if (!err)
        err = gradus_race_runs(trials);
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

static gradus_err print_outcome(const gradus_race_state *race,
                                const gradus_outcome *outcome) {
    gradus_tuning_print(stdout, json_object_get(outcome->results.manifest, "tuning"));
    gradus_err err = gradus_standings_print(stdout, &outcome->results, race->why);
    if (!err)
        gradus_claims_print(stdout, outcome->verdicts);
    return err;
}

/* What a complete race has beside its runs and its report.  *DONE is false when runs are
   missing or a signal came first.  */
static gradus_err complete(gradus_race_state *race, bool *done) {
    *done = false;
    if (race->finished < race->count)
        return GRADUS_OK;
    gradus_err err =
        gradus_basins_make(&race->study, race->problem, race->folder, done, race->why);
    return !err && *done ? gradus_keeper_clear(&race->study, race->folder, race->why) : err;
}

/* Writes the report of a race that is DONE, and prints what it came to.  */
static gradus_err conclude(gradus_race_state *race, bool done) {
    gradus_outcome outcome;
    gradus_err err = GRADUS_OK;
    if (!done && race->options->quiet)
        return GRADUS_OK;
    err = gradus_outcome_open(&outcome, race->folder, race->why);
    if (!err && done)
        err = gradus_report_write(&outcome, race->folder, race->why);
    if (!err && !race->options->quiet)
        err = print_outcome(race, &outcome);
    gradus_outcome_close(&outcome);
    if (!err && !race->options->quiet)
        printf("results in %s\n", race->folder);
    return err;
}

static gradus_err finish(gradus_race_state *race) {
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
    if (!err && !done && !race->options->quiet)
        fprintf(stderr,
                "gradus: interrupted with %zu of %zu runs finished; --resume goes on\n",
                race->finished + (race->trials ? race->trials->finished : 0),
                race->count + (race->trials ? race->trials->count : 0));
    return as_failure(err ? err : conclude(race, done), race->why);
}

static gradus_err go(gradus_race_state *race) {
    gradus_err err = look(race);
    if (err)
        return err;
    if (race->manifest && is_complete(race)) {
        if (!race->options->quiet)
            printf("%s: the race is complete, nothing is left to run\n", race->folder);
        /* Checkpoints are left where removing them failed when the race was done.  */
        return gradus_keeper_clear(&race->study, race->folder, race->why);
    }
    gradus_blas_report blas;
    err = try_all(race);
    if (!err)
        err = check_blas(race, &blas);
    if (!err)
        err = prepare(race, &blas);
    if (!err)
        err = tune(race);
    if (!err)
        err = gradus_race_runs(race);
    return err ? err : finish(race);
}

static void close_trials(gradus_race_state *trials) {
    if (!trials)
        return;
    gradus_records_close(trials->records, trials->count);
    json_decref(trials->data);
    gradus_problem_close(trials->problem);
    gradus_free(trials->folder);
    gradus_free(trials);
}

gradus_err gradus_race(const char *study, const gradus_race_options *options,
                       gradus_error *why) {
    gradus_error unheard;
    gradus_race_state race = {.options = options, .why = why ? why : &unheard, .lock = -1};
    gradus_err err =
        options->text ? gradus_study_open_text(&race.study, study, options->text, race.why)
                      : gradus_study_open(&race.study, study, race.why);
    if (!err)
        err = go(&race);
    close_trials(race.trials);
    gradus_records_close(race.records, race.count);
    json_decref(race.manifest);
    json_decref(race.data);
    gradus_problem_close(race.problem);
    if (race.lock >= 0)
        close(race.lock);
    gradus_free(race.folder);
    gradus_study_close(&race.study);
    return err;
}
