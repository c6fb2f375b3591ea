/* What there is, by name.  One line in registry.def is the whole registration.  */

#ifndef GRADUS_CORE_REGISTRY_H
#define GRADUS_CORE_REGISTRY_H

#include "gradus.h"

/* The type that "name" or "name:options" asks for, and where its options begin (NULL when
   there are none); NULL with a sentence when there is no such type.  */
const gradus_problem_type *gradus_problem_of_spec(const char *spec, const char **options,
                                                  gradus_error *why);
const gradus_method_type *gradus_method_of_spec(const char *spec, const char **options,
                                                gradus_error *why);

#endif
