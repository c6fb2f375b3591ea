/* Targets that are the best of a method, known when it has run.  */

#ifndef GRADUS_HARNESS_RECORD_TARGETS_SETTLE_H
#define GRADUS_HARNESS_RECORD_TARGETS_SETTLE_H

#include "harness/study/study.h"

#include <jansson.h>

/* The targets that are the best of a method: once its runs of a varied value are all there,
   the median over the seeds, of two in the middle the higher, of the lowest training value of
   their traces.  Puts them into STUDY, and what the RECORDS reached into these.  */
gradus_err gradus_targets_settle(gradus_study *study, json_t *const records[],
                                 const char *folder, gradus_error *why);

#endif
