/* Keeping a run of a race: its checkpoints, from which --resume goes on in the middle of a
   run that was cut short.  A checkpoint stands in DIR/checkpoints until the run is
   finished.  */

#ifndef GRADUS_HARNESS_RECORD_KEEPER_H
#define GRADUS_HARNESS_RECORD_KEEPER_H

#include "gradus.h"
#include "harness/record/record.h"

typedef struct gradus_keeper {
    char *path;
    double every;        /* wall-seconds between checkpoints; 0: as keeper.c says */
    double begun, spent; /* wall-seconds: when the run did here; of all checkpoints */
    double written;      /* when the last one was, or BEGUN */
    double cost;         /* of the next one, by the last or by its size */
    gradus_error trouble;
} gradus_keeper;

/* PATH is NULL: no memory.  */
char *gradus_keeper_path(const char *folder, const gradus_entrant *entrant, long seed);

/* Puts RUN, freshly opened, where the checkpoint at PATH has it, and RECORDER, freshly
   opened on it, unless that is NULL.  */
gradus_err gradus_keeper_read(gradus_run *run, const char *path, gradus_recorder *recorder,
                              gradus_error *why);

/* For RUN, freshly opened, which RECORDER, freshly opened, records: both go on from the
   checkpoint that is there, if one is.  EVERY may be 0.  */
gradus_err gradus_keeper_open(gradus_keeper *keeper, gradus_run *run,
                              gradus_recorder *recorder, double every, gradus_error *why);
/* After an update of RUN: writes a checkpoint when it is time, or when a signal is about to
   end the run.  What goes wrong is left in `trouble`, and ends the run.  */
void gradus_keeper_tick(gradus_keeper *keeper, gradus_run *run, gradus_recorder *recorder);
/* Removes the checkpoint of a run that is finished, and what a killed process left of one. */
void gradus_keeper_remove(const char *path);
/* Refuses a checkpoint that run number RUN of STUDY cannot go on from; there need be none.  */
gradus_err gradus_keeper_try(const gradus_study *study, size_t run, gradus_problem *problem,
                             const char *folder, gradus_error *why);
/* Removes the checkpoints of all runs, with what killed processes left of some, and their
   folder, unless others have put something into it.  */
gradus_err gradus_keeper_clear(const gradus_study *study, const char *folder,
                               gradus_error *why);
void gradus_keeper_close(gradus_keeper *keeper);

#endif
