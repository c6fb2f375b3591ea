/* A race: every method of a study with every seed, into a results folder.  */

#ifndef GRADUS_HARNESS_RACE_RACE_H
#define GRADUS_HARNESS_RACE_RACE_H

#include "gradus.h"

typedef struct gradus_race_options {
    const char *folder;      /* NULL: results/<study> */
    const char *text;        /* of the study; NULL: it is read from the file */
    bool resume, quiet;      /* QUIET: no bar and no closing table */
    size_t threads;          /* 0: one, or those that the race was begun with */
    size_t at_once;          /* runs side by side: 1 or THREADS, each of one thread; 0: the
                                latter, but 1 when the study is about time */
    double checkpoint_every; /* wall-seconds; 0: at most a hundredth of the time goes into
                                checkpoints */
} gradus_race_options;

/* GRADUS_EINPUT and GRADUS_EUNSUPPORTED: nothing has run.  GRADUS_OK also when methods
   failed, which is their result, and when a signal ended the race (interrupt.h).  */
gradus_err gradus_race(const char *study, const gradus_race_options *options,
                       gradus_error *why);

#endif
