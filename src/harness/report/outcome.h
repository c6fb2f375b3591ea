/* What a race has come to: its results, and the verdicts on its claims.  They are opened and
   judged once, for the page and for the terminal.  */

#ifndef GRADUS_HARNESS_REPORT_OUTCOME_H
#define GRADUS_HARNESS_REPORT_OUTCOME_H

#include "harness/results/results.h"

typedef struct gradus_outcome {
    gradus_results results;
    json_t *verdicts; /* gradus_claims_judge */
} gradus_outcome;

/* Of a race that is unfinished, with what has been made so far.  GRADUS_EINPUT when FOLDER
   does not hold results or a trace is broken.  */
gradus_err gradus_outcome_open(gradus_outcome *outcome, const char *folder,
                               gradus_error *why);
void gradus_outcome_close(gradus_outcome *outcome);

#endif
