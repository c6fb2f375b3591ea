/* Makes the basins of a study's methods (results/basins.h): a run from every start of a grid.
   A run is as in the race, but for the start, with the race's first seed; nothing of it is
   traced.  */

#ifndef GRADUS_HARNESS_RACE_BASINS_RUN_H
#define GRADUS_HARNESS_RACE_BASINS_RUN_H

#include "harness/study/study.h"

/* Makes the files that FOLDER does not have.  *DONE: none is missing; a signal may come
   (interrupt.h).  */
gradus_err gradus_basins_make(const gradus_study *study, gradus_problem *problem,
                              const char *folder, bool *done, gradus_error *why);

#endif
