/* Ctrl-C and termination: the first asks the run to end with the evaluation at hand, the
   second ends the program at once.  A signal that was ignored when the program began stays
   ignored.  */

#ifndef GRADUS_HARNESS_RUN_INTERRUPT_H
#define GRADUS_HARNESS_RUN_INTERRUPT_H

#include "gradus.h"

/* From now on SIGINT and SIGTERM interrupt RUN; NULL: only what gradus_interrupted says.
   One run at a time.  */
void gradus_interrupt_watch(gradus_run *run);
bool gradus_interrupted(void);

#endif
