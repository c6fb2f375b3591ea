/* A point given on the command line.  */

#ifndef GRADUS_CLI_POINT_H
#define GRADUS_CLI_POINT_H

#include "gradus.h"

/* Option rows are declared where they are used; this is their common text.  */
#define GRADUS_POINT_HELP                                                                  \
    "`default` (the problem's own), `zero`, or a file written by `--save`."

/* SPEC is default (which depends on SEED), zero or a file.  *OUT is to be freed.  */
gradus_err gradus_point_read(double **out, const char *spec, const gradus_problem *problem,
                             uint64_t seed, gradus_error *why);

#endif
