/* The runs of a race, and what they share.  */

#ifndef GRADUS_HARNESS_RACE_RACE_RUNS_H
#define GRADUS_HARNESS_RACE_RACE_RUNS_H

#include "harness/race/race.h"
#include "harness/run/progress.h"
#include "harness/study/study.h"

#include <jansson.h>

typedef struct gradus_race_state {
    const gradus_race_options *options;
    gradus_error *why;
    gradus_study study;
    char *folder;
    int lock;                /* on the folder; -1: none */
    size_t threads, at_once; /* of a run; runs side by side */
    gradus_problem *problem; /* of the variant below */
    size_t variant;
    bool has_plane;          /* some variant's problem is in the plane */
    bool has_images;         /* some variant's problem reconstructs its inputs */
    json_t *manifest, *data; /* DATA: of every variant, what its problem read */
    json_t **records;        /* seed by seed; NULL: not finished */
    size_t count, finished;
    gradus_progress progress;
    struct gradus_race_state
        *trials; /* of tuning, in a folder in this one's; NULL: nothing is tuned */
} gradus_race_state;

/* Opens the problem of a variant, unless it is open.  */
gradus_err gradus_race_open_problem(gradus_race_state *race, size_t variant);

/* Makes the runs that are missing, until all are made or a signal comes.  */
gradus_err gradus_race_runs(gradus_race_state *race);

#endif
