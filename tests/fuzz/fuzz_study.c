/* A study: YAML, and what the study's reader makes of it.  */

#include "base/memory.h"
#include "core/method.h"
#include "core/registry.h"
#include "core/settings.h"
#include "fuzz/fuzz.h"
#include "harness/study/reader.h"
#include "harness/study/study.h"

#include <string.h>

static bool read_study(gradus_study *study, const char *path) {
    gradus_error why;
    gradus_err err = gradus_study_open(study, path, &why);
    if (err)
        gradus_study_close(study);
    return fuzz_accepted(err, &why);
}

/* A specification that the study made of a method reads back as the same.  */
static void check_spec(const char *spec) {
    gradus_error why;
    gradus_method *method;
    FUZZ_REQUIRE(!gradus_method_create(&method, spec, &why));
    char *again = gradus_reader_spell(method->type->name, &method->settings);
    FUZZ_REQUIRE(again && strcmp(again, spec) == 0);
    gradus_free(again);
    gradus_method_close(method);
}

static void check_label(const char *label) {
    size_t length = strlen(label);
    FUZZ_REQUIRE(length > 0 && length <= GRADUS_LONGEST_NAME);
    FUZZ_REQUIRE(strspn(label, GRADUS_FILE_LETTERS) == length && label[0] != '.');
}

static void check_study(const gradus_study *study) {
    const char *options;
    size_t count = study->variant_count * study->entrant_count;
    FUZZ_REQUIRE(count > 0 && study->seed_count > 0 && study->problem_type);
    FUZZ_REQUIRE(study->baseline < study->entrant_count);
    check_label(study->name);
    for (size_t i = 0; i < count; i++) {
        check_label(study->entrants[i].label);
        check_spec(study->entrants[i].spec);
        for (size_t j = i - i % study->entrant_count; j < i; j++)
            FUZZ_REQUIRE(strcmp(study->entrants[i].label, study->entrants[j].label) != 0);
    }
    for (size_t v = 0; v < study->variant_count; v++)
        FUZZ_REQUIRE(
            gradus_problem_of_spec(study->variants[v].problem_spec, &options, NULL));
}

/* The study's own text, which the manifest keeps, is the same study.  */
static void check_again(const gradus_study *study) {
    gradus_study again;
    gradus_error why;
    gradus_err err = gradus_study_open_text(&again, "again", study->text, &why);
    FUZZ_REQUIRE(!err && strcmp(again.name, study->name) == 0);
    FUZZ_REQUIRE(again.entrant_count == study->entrant_count);
    FUZZ_REQUIRE(again.variant_count == study->variant_count);
    FUZZ_REQUIRE(gradus_study_runs(&again) == gradus_study_runs(study));
    for (size_t i = 0; i < study->variant_count * study->entrant_count; i++)
        FUZZ_REQUIRE(strcmp(again.entrants[i].spec, study->entrants[i].spec) == 0);
    gradus_study_close(&again);
}

bool fuzz_study(const uint8_t *bytes, size_t size) {
    size_t before = fuzz_live();
    gradus_study study;
    fuzz_file file = fuzz_file_open(bytes, size);
    bool accepted = read_study(&study, file.path);
    if (accepted) {
        check_study(&study);
        check_again(&study);
        gradus_study_close(&study);
    }
    fuzz_file_close(&file);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
