/* An opened problem: a type, an instance, and what the library keeps about it.  */

#ifndef GRADUS_CORE_PROBLEM_H
#define GRADUS_CORE_PROBLEM_H

#include "core/settings.h"
#include "gradus.h"

struct gradus_problem {
    const gradus_problem_type *type;
    void *self;
    bool borrowed; /* SELF is the caller's to close */
    bool foreign;  /* the type is not the library's own */
    gradus_settings settings;
    size_t threads, dimension, examples;
    size_t *calls; /* of what a type that is not the library's own can do, by kind, which
                      are looked at (calls.h); NULL: they are not */
};

/* Opens TYPE with settings that are already parsed; takes them over, also on failure.  */
gradus_err gradus_problem_open_settings(gradus_problem **out,
                                        const gradus_problem_type *type,
                                        gradus_settings *settings, size_t threads,
                                        gradus_error *why);
/* What a problem that was wrapped writes is not looked at: it does so itself.  */
void gradus_problem_trust(gradus_problem *problem);

#endif
