/* The runs of a study, one after another or some side by side, seed by seed, so that a race
   cut short has compared all methods on the same seeds.  What a run leaves is complete before the
   next begins.  */

#include "harness/race/race_runs.h"

#include "base/memory.h"
#include "harness/race/race_order.h"
#include "harness/race/side_by_side.h"
#include "harness/record/keeper.h"
#include "harness/record/record.h"
#include "harness/run/drive.h"
#include "harness/run/interrupt.h"

#include <string.h>

gradus_err gradus_race_open_problem(gradus_race_state *race, size_t variant) {
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

/* ---- One run ---- */

typedef struct {
    gradus_race_state *race;
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
    gradus_race_state *race = watch->race;
    gradus_recorder_point(&watch->recorder, watch->run);
    gradus_interrupt_watch(watch->run);
    gradus_err err = gradus_drive(watch->run, probe, observe, tick, watch, last, race->why);
    gradus_interrupt_watch(NULL);
    gradus_recorder_point(&watch->recorder, watch->run);
    const gradus_error *trouble = &watch->keeper.trouble;
    return trouble->code ? gradus_fail(race->why, trouble->code, "%s", trouble->text) : err;
}

static gradus_err race_run(gradus_race_state *race, size_t index) {
    const gradus_entrant *entrant = gradus_study_entrant(&race->study, index);
    long seed = gradus_study_seed(&race->study, index);
    watch_t watch = {.race = race};
    gradus_row last;
    gradus_err err =
        gradus_race_open_problem(race, (size_t)(entrant->variant - race->study.variants));
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

typedef struct {
    gradus_race_state *race;
    gradus_turn *turn; /* of every run */
} beside_t;

/* Measuring is not in the seconds, but much the same for all methods.  */
static void note_turn(const beside_t *b, size_t index) {
    const json_t *record = b->race->records[index];
    if (record)
        b->turn[index] = (gradus_turn){
            .begun = true,
            .over = true,
            .seconds = json_number_value(json_object_get(record, "wall_seconds"))};
}

static bool job_next(void *context, size_t *index) {
    const beside_t *b = context;
    *index = gradus_race_next(b->turn, b->race->count, b->race->study.entrant_count);
    if (*index == b->race->count)
        return false;
    b->turn[*index].begun = true;
    return true;
}

/* What is open here need not be opened in the run's own process.  */
static gradus_err job_prepare(void *context, size_t index, gradus_error *why) {
    gradus_race_state *race = ((beside_t *)context)->race;
    const gradus_entrant *entrant = gradus_study_entrant(&race->study, index);
    race->why = why;
    return gradus_race_open_problem(race,
                                    (size_t)(entrant->variant - race->study.variants));
}

static gradus_err job_act(void *context, size_t index, gradus_error *why) {
    gradus_race_state *race = ((beside_t *)context)->race;
    race->why = why;
    race->progress.active = false; /* there is one bar, the parent's */
    return race_run(race, index);
}

static void job_done(void *context, size_t index) {
    const beside_t *b = context;
    gradus_race_state *race = b->race;
    race->records[index] =
        gradus_record_load(race->folder, gradus_study_entrant(&race->study, index),
                           gradus_study_seed(&race->study, index));
    race->finished += race->records[index] != NULL; /* else it was interrupted */
    note_turn(b, index);
    gradus_progress_count(&race->progress, race->finished);
}

static gradus_err race_side_by_side(gradus_race_state *race) {
    gradus_error *why = race->why;
    beside_t beside = {race, GRADUS_NEW(race->count, gradus_turn)};
    if (!beside.turn)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", race->study.path);
    for (size_t i = 0; i < race->count; i++)
        note_turn(&beside, i);
    const gradus_jobs jobs = {.context = &beside,
                              .at_once = race->at_once,
                              .next = job_next,
                              .prepare = job_prepare,
                              .act = job_act,
                              .done = job_done};
    gradus_err err = gradus_side_by_side(&jobs, why);
    gradus_free(beside.turn);
    race->why = why;
    return err;
}

gradus_err gradus_race_runs(gradus_race_state *race) {
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
