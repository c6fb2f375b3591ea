/* The runs of a study: which there are, and their problems and methods opened and matched.  */

#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/study/study.h"

#include <stdio.h>
#include <string.h>

size_t gradus_study_runs(const gradus_study *study) {
    return study->variant_count * study->seed_count * study->entrant_count;
}

const gradus_entrant *gradus_study_entrant(const gradus_study *study, size_t run) {
    size_t methods = study->entrant_count;
    return &study->entrants[run / methods / study->seed_count * methods + run % methods];
}

long gradus_study_seed(const gradus_study *study, size_t run) {
    return study->seeds[run / study->entrant_count % study->seed_count];
}

bool gradus_study_is_timed(const gradus_study *study) {
    static const char *const words[] = {"cpu", "wall", "_seconds"};
    for (size_t i = 0; i < study->variant_count * study->entrant_count; i++) {
        const gradus_run_values *values = study->entrants[i].run.values;
        if (gradus_real_given(values->cpu_seconds) ||
            gradus_real_given(values->wall_seconds))
            return true;
    }
    for (size_t i = 0; i < study->claim_count; i++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (strstr(study->claims[i].check, words[w]))
                return true;
    return false;
}

/* Basins are of minima that are known, and drawn in the plane.  */
static gradus_err check_starts(const gradus_study *study, const gradus_problem *problem,
                               gradus_error *why) {
    const gradus_problem_type *type = problem->type;
    double x[GRADUS_COORDINATES];
    if (study->starts.points == 0 ||
        (problem->dimension == 2 && type->minimum && type->minimum(problem->self, 0, x)))
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s:%zu: starts: expected a problem with two parameters and known "
                       "minima, which %s is not",
                       study->path, study->starts_line, type->name);
}

bool gradus_study_allows(const gradus_study *study, gradus_err err) {
    return study->variant_count > 1 && (err == GRADUS_EINPUT || err == GRADUS_EUNSUPPORTED);
}

gradus_err gradus_study_check_problem(const gradus_study *study, size_t variant,
                                      const gradus_problem *problem, gradus_error *why) {
    gradus_error reason;
    gradus_err err = gradus_study_check_tuning(study, problem, why);
    for (size_t i = 0; !err && i < study->entrant_count; i++) {
        const gradus_entrant *entrant =
            &study->entrants[variant * study->entrant_count + i];
        err = gradus_run_fits(entrant->method, problem, &entrant->run, &reason);
        if (err && !gradus_study_allows(study, err))
            gradus_fail(why, err, "%s:%zu: %s", study->path, entrant->line, reason.text);
        else
            err = gradus_study_check_record(study, entrant, problem, why);
    }
    if (!err)
        err = check_starts(study, problem, why);
    return err ? err : gradus_study_check_claims(study, problem, why);
}

gradus_err gradus_study_open_problem(const gradus_study *study, size_t variant,
                                     size_t threads, gradus_problem **out,
                                     gradus_error *why) {
    gradus_error reason;
    gradus_err err =
        gradus_problem_create(out, study->variants[variant].problem_spec, threads, &reason);
    if (err)
        return gradus_fail(why, err, "%s:%zu: %s", study->path, study->problem_line,
                           reason.text);
    err = gradus_study_check_problem(study, variant, *out, why);
    if (err) {
        gradus_problem_close(*out);
        *out = NULL;
    }
    return err;
}

gradus_err gradus_study_open_run(const gradus_entrant *entrant, long seed,
                                 gradus_problem *problem, const double start[],
                                 gradus_run **out, gradus_error *why) {
    *out = NULL;
    gradus_settings settings;
    char number[GRADUS_VALUE_SIZE];
    snprintf(number, sizeof number, "%ld", seed);
    gradus_err err =
        gradus_settings_copy(&settings, &entrant->run, gradus_run_params_size, why);
    if (!err)
        err = gradus_settings_set(&settings, "seed", number, why);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    if (entrant->refused)
        return gradus_run_open_refused(out, problem, entrant->method, start, &settings,
                                       entrant->refused, why);
    return gradus_run_open_settings(out, problem, entrant->method, start, &settings, why);
}
