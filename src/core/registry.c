/* The tables of methods, problems and coordinates, from registry.def, and look-up by
   name.  */

#include "core/registry.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define GRADUS_METHOD(name)  extern const gradus_method_type gradus_method_##name;
#define GRADUS_PROBLEM(name) extern const gradus_problem_type gradus_problem_##name;
#define GRADUS_COORDINATES(name)                                                           \
    extern const gradus_coordinates_type gradus_coordinates_##name;
#include "core/registry.def"
#undef GRADUS_METHOD
#undef GRADUS_PROBLEM
#undef GRADUS_COORDINATES

const gradus_method_type *const gradus_method_types[] = {
#define GRADUS_METHOD(name) &gradus_method_##name,
#define GRADUS_PROBLEM(name)
#define GRADUS_COORDINATES(name)
#include "core/registry.def"
#undef GRADUS_METHOD
#undef GRADUS_PROBLEM
    NULL};

#define GRADUS_METHOD(name)
const gradus_problem_type *const gradus_problem_types[] = {
#define GRADUS_PROBLEM(name) &gradus_problem_##name,
#include "core/registry.def"
#undef GRADUS_PROBLEM
#undef GRADUS_COORDINATES
    NULL};

#define GRADUS_PROBLEM(name)
const gradus_coordinates_type *const gradus_coordinates_types[] = {
    NULL,
#define GRADUS_COORDINATES(name) &gradus_coordinates_##name,
#include "core/registry.def"
#undef GRADUS_COORDINATES
};

const char gradus_coordinates_choices[] = "canonical"
#define GRADUS_COORDINATES(name) "|" #name
#include "core/registry.def"
    ;

enum { LONGEST_NAME = 63 };

/* The name before the colon, cut to size, and where the options begin.  */
static void split(const char *spec, char name[LONGEST_NAME + 1], const char **options) {
    size_t length = strcspn(spec, ":");
    *options = spec[length] == ':' ? spec + length + 1 : NULL;
    snprintf(name, LONGEST_NAME + 1, "%.*s", (int)(length < 1000 ? length : 1000), spec);
}

#define LOOK_UP(kind, types)                                                               \
    char name[LONGEST_NAME + 1], hint[128];                                                \
    split(spec, name, options);                                                            \
    gradus_nearest nearest = gradus_nearest_to(name);                                      \
    for (size_t i = 0; types[i]; i++) {                                                    \
        if (strcmp(types[i]->name, name) == 0)                                             \
            return types[i];                                                               \
        gradus_nearest_try(&nearest, types[i]->name);                                      \
    }                                                                                      \
    gradus_fail(why, GRADUS_EINPUT, "there is no " kind " '%s'%s", name,                   \
                gradus_nearest_hint(&nearest, hint, sizeof hint));                         \
    return NULL

const gradus_problem_type *gradus_problem_of_spec(const char *spec, const char **options,
                                                  gradus_error *why) {
    LOOK_UP("problem", gradus_problem_types);
}

const gradus_method_type *gradus_method_of_spec(const char *spec, const char **options,
                                                gradus_error *why) {
    LOOK_UP("method", gradus_method_types);
}
