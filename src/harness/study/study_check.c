/* Whether a study fits its problem, and the problems and runs of a study opened.  */

#include "harness/study/study.h"

#include "base/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/language/claim_language.h"
#include "harness/run/trace.h"

#include <stdio.h>
#include <string.h>

bool gradus_study_is_timed(const gradus_study *study) {
    for (size_t i = 0; i < study->variant_count * study->entrant_count; i++) {
        const gradus_run_values *values = study->entrants[i].run.values;
        if (gradus_real_given(values->cpu_seconds) ||
            gradus_real_given(values->wall_seconds))
            return true;
    }
    for (size_t i = 0; i < study->claim_count; i++)
        if (study->claims[i].timed)
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

gradus_err gradus_study_check_tuning(const gradus_study *study,
                                     const gradus_problem *problem, gradus_error *why) {
    const struct gradus_tuning *tuning = study->tuning;
    const gradus_problem_type *type = problem->type;
    if (!tuning || tuning->select != GRADUS_SELECT_VALIDATION ||
        (type->measure && type->subset_examples(problem->self, GRADUS_VALIDATION) > 0))
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s:%zu: tuning: select: validation_value needs validation data, of "
                       "which %s has none; expected a problem with `validation:`, or else "
                       "training_value or best_value",
                       study->path, tuning->select_line, type->name);
}

gradus_err gradus_study_check_record(const gradus_study *study,
                                     const gradus_entrant *entrant,
                                     const gradus_problem *problem, gradus_error *why) {
    const gradus_run_values *values = entrant->run.values;
    bool full =
        !gradus_integer_given(values->batch) || (size_t)values->batch >= problem->examples;
    for (size_t i = 0; i < study->record_count; i++) {
        const gradus_measurement *one = study->record[i];
        const char *missing =
            gradus_ability_text(one->needs & ~gradus_problem_abilities(problem));
        if (missing)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: record: %s needs %s, which %s does not have",
                               study->path, one->name, missing, problem->type->name);
        size_t columns = gradus_measurement_columns(one, problem);
        bool wide = one->most > 0 && problem->dimension > one->most;
        if (wide || columns > GRADUS_COORDINATES)
            return gradus_fail(
                why, GRADUS_EINPUT,
                "%s: record: %s is for problems of at most %zu %s, and %s has %zu",
                study->path, one->name, wide ? one->most : GRADUS_COORDINATES,
                one->columns == GRADUS_EVERY_LAYER ? "layers" : "parameters",
                problem->type->name, wide ? problem->dimension : columns);
        if (one->for_full_batch && !full)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s:%zu: record: %s needs full batches, and %s has "
                               "batches of %ld",
                               study->path, entrant->line, one->name, entrant->label,
                               values->batch);
    }
    return GRADUS_OK;
}

/* ---- What the claims may speak of ---- */

typedef struct {
    gradus_names names;
    const char **column;
    char (*recorded)[GRADUS_COLUMN_SIZE];
} names_t;

static size_t count_columns(const gradus_study *study, const gradus_problem *problem) {
    const char *help;
    size_t count = 0;
    while (gradus_trace_column(count, &help))
        count++;
    for (size_t i = 0; i < study->record_count; i++)
        count += gradus_measurement_columns(study->record[i], problem);
    return count;
}

static void fill_columns(names_t *n, const gradus_study *study,
                         const gradus_problem *problem) {
    const char *help, *name;
    size_t count = 0, recorded = 0;
    for (; (name = gradus_trace_column(count, &help)); count++)
        n->column[count] = name;
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t k = 0; k < gradus_measurement_columns(study->record[i], problem); k++)
            n->column[count++] =
                gradus_measurement_column(study->record[i], k, n->recorded[recorded++]);
    n->names.column = n->column;
    n->names.columns = count;
}

static bool open_names(names_t *n, const gradus_study *study,
                       const gradus_problem *problem) {
    size_t columns = count_columns(study, problem);
    *n = (names_t){.names = {.labels = study->entrant_count,
                             .values = study->varied ? study->variant_count : 0}};
    n->names.label = GRADUS_NEW(study->entrant_count, const char *);
    n->names.value = GRADUS_NEW(study->variant_count, const char *);
    n->names.number = GRADUS_NEW(study->variant_count, double);
    n->column = GRADUS_NEW(columns, const char *);
    n->recorded = gradus_allocate(columns, sizeof *n->recorded);
    if (!n->names.label || !n->names.value || !n->names.number || !n->column ||
        !n->recorded)
        return false;
    for (size_t i = 0; i < study->entrant_count; i++)
        n->names.label[i] = study->entrants[i].label;
    for (size_t i = 0; i < study->variant_count; i++) {
        n->names.value[i] = study->variants[i].value;
        n->names.number[i] = study->variants[i].number;
    }
    fill_columns(n, study, problem);
    return true;
}

gradus_err gradus_study_check_claims(const gradus_study *study,
                                     const gradus_problem *problem, gradus_error *why) {
    names_t n;
    gradus_error reason;
    gradus_err err = GRADUS_OK;
    if (!open_names(&n, study, problem))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", study->path);
    for (size_t i = 0; i < study->claim_count && !err; i++) {
        gradus_claim *claim = &study->claims[i];
        err = gradus_claim_check(claim->check, &n.names, &claim->timed, &reason);
        if (err)
            gradus_fail(why, err, "%s:%zu: %s: check, %s", study->path, claim->line,
                        claim->id, reason.text);
    }
    gradus_free(n.names.label);
    gradus_free(n.names.value);
    gradus_free(n.names.number);
    gradus_free(n.column);
    gradus_free(n.recorded);
    return err;
}

/* ---- The whole ---- */

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
