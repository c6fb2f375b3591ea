/* What the status of a recorded run says.  */

#ifndef GRADUS_HARNESS_RESULTS_STATUS_H
#define GRADUS_HARNESS_RESULTS_STATUS_H

#include "gradus.h"

/* The stop that a status names; GRADUS_RUNNING when it is unknown.  */
gradus_stop gradus_status_stop(const char *status);
/* Whether a run of this status has no final value that counts.  */
bool gradus_status_diverged(const char *status);

#endif
