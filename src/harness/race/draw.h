/* A study drawn: the race, if it has not been run, and its landscape.  */

#ifndef GRADUS_HARNESS_RACE_DRAW_H
#define GRADUS_HARNESS_RACE_DRAW_H

#include "gradus.h"

typedef struct gradus_draw_options {
    const char *folder; /* NULL: results/<study> */
    bool quiet;
} gradus_draw_options;

/* Runs or completes the race of STUDY in the results folder, or takes it as it is when it is
   complete, and draws figures/landscape.svg there.  GRADUS_EINPUT when the problem has not
   two parameters; nothing has run then.  GRADUS_OK without a drawing when gnuplot cannot
   make one, which is said.  */
gradus_err gradus_draw(const char *study, const gradus_draw_options *options,
                       gradus_error *why);

#endif
