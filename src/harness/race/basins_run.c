/* Running from every start.  */

#include "harness/race/basins_run.h"

#include "base/memory.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"
#include "harness/results/basins.h"
#include "harness/run/interrupt.h"

#include <math.h>

static const double NEAR = 0.02; /* of the shorter side */

static int minimum_at(const gradus_study *study, const gradus_problem *problem,
                      const double end[]) {
    const gradus_starts *starts = &study->starts;
    double x[2], nearest = NEAR * fmin(starts->high[0] - starts->low[0],
                                       starts->high[1] - starts->low[1]);
    int found = GRADUS_NO_BASIN;
    for (size_t i = 0; problem->type->minimum(problem->self, i, x); i++) {
        double distance = hypot(end[0] - x[0], end[1] - x[1]);
        if (distance < nearest) {
            nearest = distance;
            found = (int)i;
        }
    }
    return found;
}

/* The run from START, whose line goes to FILE.  */
static gradus_err run_from(const gradus_study *study, const gradus_entrant *entrant,
                           gradus_problem *problem, const double start[], FILE *file,
                           gradus_error *why) {
    gradus_run *run;
    gradus_err err =
        gradus_study_open_run(entrant, study->seeds[0], problem, start, &run, why);
    while (!err && gradus_run_test(run) == GRADUS_RUNNING)
        err = gradus_run_step(run, why);
    if (!err) {
        const double *end = gradus_run_parameters(run);
        fprintf(file, "%.17g,%.17g,%.17g,%.17g,%zu,%d\n", start[0], start[1], end[0],
                end[1], gradus_run_updates(run), minimum_at(study, problem, end));
    }
    gradus_run_close(run);
    return err;
}

/* *DONE is false when a signal came.  */
static gradus_err run_all(const gradus_study *study, const gradus_entrant *entrant,
                          gradus_problem *problem, FILE *file, bool *done,
                          gradus_error *why) {
    const gradus_starts *starts = &study->starts;
    size_t points = starts->points;
    gradus_err err = GRADUS_OK;
    fputs(gradus_basins_header, file);
    for (size_t k = 0; !err && k < points * points && !gradus_interrupted(); k++) {
        const size_t at[2] = {k % points, k / points};
        double start[2];
        for (size_t a = 0; a < 2; a++) {
            double share = (double)at[a] / (double)(points - 1);
            start[a] = starts->low[a] + share * (starts->high[a] - starts->low[a]);
        }
        err = run_from(study, entrant, problem, start, file, why);
    }
    *done = !err && !gradus_interrupted();
    return err;
}

static gradus_err make_one(const gradus_study *study, const gradus_entrant *entrant,
                           gradus_problem *problem, const char *folder, bool *done,
                           gradus_error *why) {
    gradus_output output;
    char *path = gradus_basins_path(folder, entrant->label);
    gradus_err err = path ? gradus_output_open(&output, path, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (err)
        return err;
    err = run_all(study, entrant, problem, output.file, done, why);
    if (*done)
        return gradus_output_commit(&output, why);
    gradus_output_abandon(&output);
    return err;
}

gradus_err gradus_basins_make(const gradus_study *study, gradus_problem *problem,
                              const char *folder, bool *done, gradus_error *why) {
    *done = true;
    if (study->starts.points == 0)
        return GRADUS_OK;
    char *basins = gradus_folder_path(folder, "basins");
    gradus_err err = basins ? gradus_folder_make(basins, why)
                            : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(basins);
    for (size_t m = 0; !err && *done && m < study->entrant_count; m++)
        if (!gradus_basins_exist(folder, study->entrants[m].label))
            err = make_one(study, &study->entrants[m], problem, folder, done, why);
    return err;
}

