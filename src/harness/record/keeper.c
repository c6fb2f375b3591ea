/* When and where the checkpoints of a race are written.

   By itself a race spends at most a hundredth of its time on checkpoints: the next one is
   written when a hundred times what all have cost, and this one will, has gone by since
   the run began, but not more often than once a second.  What the first will cost follows
   from its size.  */

#include "harness/record/keeper.h"

#include "base/memory.h"
#include "core/run.h"
#include "harness/io/folder.h"
#include "harness/run/checkpoint_file.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const double SHARE = 0.01, LEAST_BETWEEN = 1.0; /* of the time; seconds */
static const double SLOWEST_DISK =
    5e7; /* bytes a second, that a first guess is made with */

char *gradus_keeper_path(const char *folder, const gradus_entrant *entrant, long seed) {
    return gradus_folder_path(folder, "checkpoints/%s%s-%ld.h5", entrant->label,
                              entrant->variant->suffix, seed);
}

/* Asked after every update, so without a system call, unlike the clock of the bill.  */
static double wall_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double size_of(gradus_run *run) {
    gradus_inventory inventory = {0};
    double bytes = 0;
    gradus_run_list(run, &inventory);
    for (size_t i = 0; i < inventory.count; i++)
        bytes +=
            (double)(inventory.list[i].count * gradus_kept_width(inventory.list[i].kind));
    gradus_inventory_close(&inventory);
    return bytes;
}

gradus_err gradus_keeper_read(gradus_run *run, const char *path, gradus_recorder *recorder,
                              gradus_error *why) {
    void *note;
    size_t size;
    gradus_error reason;
    gradus_err err = gradus_checkpoint_read_with(run, &note, &size, path, &reason);
    if (!err && recorder && !gradus_recorder_unpack(recorder, note, size))
        err =
            gradus_fail(&reason, GRADUS_EINPUT, "%s: not a checkpoint of this study", path);
    gradus_free(note);
    if (err)
        gradus_fail(why, err, "%s%s", reason.text,
                    err == GRADUS_EINPUT ? "; without that file the run begins anew" : "");
    return err;
}

gradus_err gradus_keeper_open(gradus_keeper *keeper, gradus_run *run,
                              gradus_recorder *recorder, double every, gradus_error *why) {
    double now = wall_now();
    *keeper = (gradus_keeper){.every = every, .begun = now, .written = now};
    keeper->cost = size_of(run) / SLOWEST_DISK;
    keeper->path = gradus_keeper_path(recorder->folder, recorder->entrant, recorder->seed);
    if (!keeper->path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", recorder->folder);
    return access(keeper->path, F_OK) == 0
               ? gradus_keeper_read(run, keeper->path, recorder, why)
               : GRADUS_OK;
}

static bool is_due(const gradus_keeper *keeper) {
    double now = wall_now();
    if (keeper->every > 0)
        return now - keeper->written >= keeper->every;
    return now - keeper->written >= LEAST_BETWEEN &&
           SHARE * (now - keeper->begun) >= keeper->spent + keeper->cost;
}

static gradus_err write_checkpoint(gradus_keeper *keeper, gradus_run *run,
                                   gradus_recorder *recorder) {
    void *note;
    size_t size;
    double before = wall_now();
    gradus_err err = gradus_recorder_pack(recorder, &note, &size, &keeper->trouble);
    if (!err)
        err = gradus_checkpoint_write_with(run, note, size, keeper->path, &keeper->trouble);
    if (err == GRADUS_EINPUT) /* the folder was fit when the race began */
        err = keeper->trouble.code = GRADUS_EIO;
    free(note);
    keeper->written = wall_now();
    keeper->cost = keeper->written - before;
    keeper->spent += keeper->cost;
    return err;
}

/* What stops the run is known before its last measurement, which is no part of a run that
   goes on.  */
void gradus_keeper_tick(gradus_keeper *keeper, gradus_run *run, gradus_recorder *recorder) {
    bool ends = gradus_run_test(run) == GRADUS_STOP_INTERRUPTED;
    if (!keeper->trouble.code && (ends || is_due(keeper)) &&
        write_checkpoint(keeper, run, recorder))
        gradus_run_interrupt(run);
}

void gradus_keeper_remove(const char *path) {
    char part[4096];
    unlink(path);
    if (snprintf(part, sizeof part, "%s.part", path) < (int)sizeof part)
        unlink(part);
}

static char *path_of_run(const gradus_study *study, size_t run, const char *folder,
                         gradus_error *why) {
    char *path = gradus_keeper_path(folder, gradus_study_entrant(study, run),
                                    gradus_study_seed(study, run));
    if (!path)
        gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    return path;
}

gradus_err gradus_keeper_try(const gradus_study *study, size_t run, gradus_problem *problem,
                             const char *folder, gradus_error *why) {
    gradus_run *opened = NULL;
    gradus_err err = GRADUS_OK;
    char *path = path_of_run(study, run, folder, why);
    if (!path)
        return GRADUS_ENOMEM;
    if (access(path, F_OK) == 0) {
        err = gradus_study_open_run(gradus_study_entrant(study, run),
                                    gradus_study_seed(study, run), problem, NULL, &opened,
                                    why);
        if (!err)
            err = gradus_keeper_read(opened, path, NULL, why);
    }
    gradus_run_close(opened);
    gradus_free(path);
    return err;
}

gradus_err gradus_keeper_clear(const gradus_study *study, const char *folder,
                               gradus_error *why) {
    for (size_t i = 0; i < gradus_study_runs(study); i++) {
        char *path = path_of_run(study, i, folder, why);
        if (!path)
            return GRADUS_ENOMEM;
        gradus_keeper_remove(path);
        gradus_free(path);
    }
    char *checkpoints = gradus_folder_path(folder, "checkpoints");
    if (!checkpoints)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    rmdir(checkpoints);
    gradus_free(checkpoints);
    return GRADUS_OK;
}

void gradus_keeper_close(gradus_keeper *keeper) {
    gradus_free(keeper->path);
    *keeper = (gradus_keeper){0};
}
