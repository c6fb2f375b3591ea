/* An opened problem: a type, an instance, and what the library keeps about it.  */

#ifndef GRADUS_CORE_PROBLEM_H
#define GRADUS_CORE_PROBLEM_H

#include "core/settings.h"
#include "gradus.h"

struct gradus_problem {
    const gradus_problem_type *type;
    void *self;
    bool borrowed; /* SELF is the caller's to close */
    gradus_settings settings;
    size_t threads, dimension, examples;
};

/* Opens TYPE with settings that are already parsed; takes them over, also on failure.  */
gradus_err gradus_problem_open_settings(gradus_problem **out,
                                        const gradus_problem_type *type,
                                        gradus_settings *settings, size_t threads,
                                        gradus_error *why);

#endif
