/* Jobs side by side, each a process of its own, so that the process clock bills every run for
   itself.  */

#ifndef GRADUS_HARNESS_RACE_SIDE_BY_SIDE_H
#define GRADUS_HARNESS_RACE_SIDE_BY_SIDE_H

#include "gradus.h"

typedef struct gradus_jobs {
    void *context;
    size_t at_once;
    /* Whether a job is left to begin, and which, for which PREPARE then makes ready here.  */
    bool (*next)(void *context, size_t *job);
    gradus_err (*prepare)(void *context, size_t job, gradus_error *why);
    /* In a process of its own, which has a copy of all that there is here.  */
    gradus_err (*act)(void *context, size_t job, gradus_error *why);
    /* Here, when ACT has returned GRADUS_OK.  */
    void (*done)(void *context, size_t job);
} gradus_jobs;

/* Until all are done, one has failed, whose error is returned, or a signal has come
   (interrupt.h), which all that are at work are sent; these are waited for.  No job outlives
   the caller.  An ACT must not use
   OpenMP's threads, which do not live on in it when the caller has used them.  */
gradus_err gradus_side_by_side(const gradus_jobs *jobs, gradus_error *why);
/* The CPU-seconds of all jobs that are over.  */
double gradus_jobs_seconds(void);

#endif
