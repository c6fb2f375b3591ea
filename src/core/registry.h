/* What there is, by name.  One line in registry.def is the whole registration.  */

#ifndef GRADUS_CORE_REGISTRY_H
#define GRADUS_CORE_REGISTRY_H

#include "core/coordinates.h"

/* By the position in gradus_coordinates_choices, "canonical|...", the words of the run's
   option; canonical coordinates have no type.  */
extern const gradus_coordinates_type *const gradus_coordinates_types[];
extern const char gradus_coordinates_choices[];
extern const gradus_coordinates_type gradus_coordinates_whitened;

/* The type that "name" or "name:options" asks for, and where its options begin (NULL when
   there are none); NULL with a sentence when there is no such type.  */
const gradus_problem_type *gradus_problem_of_spec(const char *spec, const char **options,
                                                  gradus_error *why);
const gradus_method_type *gradus_method_of_spec(const char *spec, const char **options,
                                                gradus_error *why);

#endif
