/* A specification, "name:key=value,...", of a method, a problem, or a run's options; what
   the values say is read where the problem or method is opened, so small ones are.  */

#include "base/memory.h"
#include "core/problem.h"
#include "core/registry.h"
#include "core/run.h"
#include "core/settings.h"
#include "fuzz/fuzz.h"
#include "harness/study/reader.h"

#include <string.h>

/* The settings as OPTIONS say; their spelling, to be freed, or NULL when refused.  */
static char *spelling_of(const char *name, const gradus_param *table, size_t size,
                         const char *options) {
    gradus_settings settings;
    gradus_error why;
    char *spelling = NULL;
    FUZZ_REQUIRE(!gradus_settings_open(&settings, name, table, size, &why));
    if (fuzz_accepted(gradus_settings_parse(&settings, options, &why), &why)) {
        spelling = gradus_reader_spell(name, &settings);
        FUZZ_REQUIRE(spelling != NULL);
    }
    gradus_settings_close(&settings);
    return spelling;
}

/* Read, spelt and read again, settings are spelt the same.  */
static bool check_settings(const char *name, const gradus_param *table, size_t size,
                           const char *options) {
    char *once = spelling_of(name, table, size, options);
    if (!once)
        return false;
    const char *colon = strchr(once, ':');
    char *twice = spelling_of(name, table, size, colon ? colon + 1 : NULL);
    FUZZ_REQUIRE(twice && strcmp(once, twice) == 0);
    gradus_free(once);
    gradus_free(twice);
    return true;
}

static bool check_method(const char *spec) {
    const char *options;
    gradus_error why;
    gradus_method *method;
    const gradus_method_type *type = gradus_method_of_spec(spec, &options, &why);
    if (!type)
        return fuzz_accepted(GRADUS_EINPUT, &why);
    if (!check_settings(type->name, type->params, type->params_size, options))
        return false;
    bool accepted = fuzz_accepted(gradus_method_create(&method, spec, &why), &why);
    gradus_method_close(method);
    return accepted;
}

/* Data are another target's matter, and take their time.  */
static bool check_problem(const char *spec) {
    const char *options;
    gradus_error why;
    gradus_problem *problem;
    const gradus_problem_type *type = gradus_problem_of_spec(spec, &options, &why);
    if (!type)
        return fuzz_accepted(GRADUS_EINPUT, &why);
    bool accepted = check_settings(type->name, type->params, type->params_size, options);
    if (!accepted || gradus_param_find(type->params, "data"))
        return accepted;
    fuzz_scarce(true);
    accepted = fuzz_accepted(gradus_problem_create(&problem, spec, 1, &why), &why);
    gradus_problem_close(problem);
    fuzz_scarce(false);
    return accepted;
}

static bool check_options(const char *options) {
    return check_settings("run", gradus_run_params, gradus_run_params_size, options);
}

bool fuzz_specification(const uint8_t *bytes, size_t size) {
    size_t before = fuzz_live();
    char *text = fuzz_text(bytes, size);
    bool accepted = check_method(text);
    accepted = check_problem(text) || accepted;
    accepted = check_options(text) || accepted;
    gradus_free(text);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
