/* A method with its settings: what a run borrows.  */

#ifndef GRADUS_CORE_METHOD_H
#define GRADUS_CORE_METHOD_H

#include "core/settings.h"
#include "gradus.h"

struct gradus_method {
    const gradus_method_type *type;
    gradus_settings settings;
};

/* Takes the parsed settings over, also on failure.  */
gradus_err gradus_method_open_settings(gradus_method **out, const gradus_method_type *type,
                                       gradus_settings *settings, gradus_error *why);

/* The first of ABILITIES in words, "a layer view"; NULL when there are none.  */
const char *gradus_ability_text(unsigned abilities);

/* Refuses a pair whose needs and abilities do not fit, with a sentence.  */
gradus_err gradus_method_fits(const gradus_method *method, const gradus_problem *problem,
                              gradus_error *why);

#endif
