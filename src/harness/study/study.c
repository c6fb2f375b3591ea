/* What a study is made of, and its runs in their order.  */

#include "harness/study/study.h"

#include "base/memory.h"

#include <string.h>

const char *const gradus_select_names[GRADUS_SELECTS + 1] = {"training_value", "best_value",
                                                             "validation_value", NULL};

const char *gradus_study_variable(const gradus_study *study) {
    const char *dot = study->varied ? strchr(study->varied, '.') : NULL;
    return dot ? dot + 1 : study->varied;
}

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

bool gradus_study_allows(const gradus_study *study, gradus_err err) {
    return study->variant_count > 1 && (err == GRADUS_EINPUT || err == GRADUS_EUNSUPPORTED);
}

/* ---- Close ---- */

static void close_variant(gradus_variant *variant) {
    gradus_free(variant->value);
    gradus_free(variant->suffix);
    gradus_free(variant->problem_spec);
    gradus_free(variant->targets);
}

void gradus_entrants_close(gradus_entrant *entrants, size_t count) {
    for (size_t i = 0; entrants && i < count; i++) {
        gradus_free(entrants[i].label);
        gradus_free(entrants[i].spec);
        gradus_free(entrants[i].refused);
        gradus_method_close(entrants[i].method);
        gradus_settings_close(&entrants[i].run);
    }
    gradus_free(entrants);
}

static void close_claim(gradus_claim *claim) {
    gradus_free(claim->id);
    gradus_free(claim->that);
    gradus_free(claim->check);
}

static void close_tuning(struct gradus_tuning *tuning) {
    if (!tuning)
        return;
    gradus_study *trials = &tuning->trials;
    gradus_entrants_close(trials->entrants, trials->variant_count * trials->entrant_count);
    gradus_free(trials->seeds);
    for (size_t i = 0; tuning->tuned && i < tuning->methods; i++)
        gradus_free(tuning->tuned[i].key);
    gradus_free(tuning->tuned);
    if (tuning->budget)
        gradus_settings_close(tuning->budget);
    gradus_free(tuning->budget);
    gradus_free(tuning);
}

void gradus_study_close(gradus_study *study) {
    for (size_t i = 0; i < study->claim_count; i++)
        close_claim(&study->claims[i]);
    gradus_free(study->claims);
    gradus_free(study->record);
    close_tuning(study->tuning);
    for (size_t i = 0; study->reference && i < study->target_count; i++)
        gradus_free(study->reference[i]);
    gradus_free(study->reference);
    gradus_entrants_close(study->entrants, study->variant_count * study->entrant_count);
    for (size_t i = 0; i < study->variant_count; i++)
        close_variant(&study->variants[i]);
    gradus_free(study->variants);
    gradus_free(study->profiles);
    gradus_free(study->varied);
    gradus_free(study->seeds);
    gradus_settings_close(&study->run);
    gradus_free(study->question);
    gradus_free(study->name);
    gradus_free(study->text);
    gradus_free(study->path);
    *study = (gradus_study){0};
}
