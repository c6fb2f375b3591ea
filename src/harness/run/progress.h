/* A progress bar on standard error, on a terminal only.  */

#ifndef GRADUS_HARNESS_RUN_PROGRESS_H
#define GRADUS_HARNESS_RUN_PROGRESS_H

#include "core/run.h"
#include "gradus.h"

typedef struct gradus_progress {
    bool active;
    size_t runs, run; /* how many, and which, from 1 */
    const char *label;
    long seed;
    gradus_run_values budget;
    gradus_row row; /* the last one */
    double drawn;   /* when, in wall-seconds */
} gradus_progress;

/* WANTED: draw if standard error is a terminal.  */
gradus_progress gradus_progress_open(bool wanted, size_t runs);
/* Run number RUN, from 1, begins.  */
void gradus_progress_begin(gradus_progress *progress, size_t run, const char *label,
                           const gradus_run *begun);
void gradus_progress_row(gradus_progress *progress, const gradus_row *row);
/* After an update: draws when the last drawing is old enough.  */
void gradus_progress_tick(gradus_progress *progress, size_t updates);
/* FINISHED runs are; for runs side by side, in place of the three above.  */
void gradus_progress_count(gradus_progress *progress, size_t finished);
/* Takes the bar away.  */
void gradus_progress_clear(gradus_progress *progress);

/* The spent part of the budget, 0 to 1, by whichever limit is nearest; NaN when there is no
   budget.  */
double gradus_progress_fraction(const gradus_progress *progress, size_t updates);

#endif
