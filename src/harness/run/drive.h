/* The loop of a run, written once for `solve` and `race`: test, measure when due, step.  */

#ifndef GRADUS_HARNESS_RUN_DRIVE_H
#define GRADUS_HARNESS_RUN_DRIVE_H

#include "gradus.h"

/* Called at every point that has a row, after it was measured, for what else is to be
   recorded there; may be NULL.  */
typedef gradus_err (*gradus_prober)(void *context, const gradus_run *run,
                                    gradus_error *why);
/* Called with every row of the trace, the one at update 0 and the last included.  */
typedef gradus_err (*gradus_observer)(void *context, const gradus_row *row,
                                      gradus_error *why);
/* Called after every update (not only at rows), for a progress bar; may be NULL.  */
typedef void (*gradus_ticker)(void *context, const gradus_run *run);

/* Drives RUN until it stops.  *LAST is the final row, over all data.  GRADUS_OK when the
   run stopped by itself, for whatever reason (gradus_run_stop).  */
gradus_err gradus_drive(gradus_run *run, gradus_prober probe, gradus_observer observe,
                        gradus_ticker tick, void *context, gradus_row *last,
                        gradus_error *why);

#endif
