/* The record of one run of a race: its trace, in the plane its trajectory too, and the JSON
   beside it (manifest.h says what is in it).  A run is finished when all are there; the
   record is written last.  */

#ifndef GRADUS_HARNESS_RECORD_RECORD_H
#define GRADUS_HARNESS_RECORD_RECORD_H

#include "gradus.h"
#include "harness/io/output.h"
#include "harness/measure/measurement.h"
#include "harness/run/provenance.h"
#include "harness/run/trajectory.h"
#include "harness/study/study.h"

#include <jansson.h>

/* While a run is going on.  */
typedef struct gradus_recorder {
    const gradus_study *study;
    const gradus_entrant *entrant;
    const char *folder;
    long seed;
    gradus_output trace;
    gradus_trajectory trajectory; /* without points when the problem is not in the plane */
    gradus_row *reached;          /* per target: the first row that reached it */
    bool *has_reached;
    gradus_shared shared; /* by what the study records */
    double *more;         /* which this is */
    size_t more_count;
    gradus_load before;
    char started[GRADUS_MOMENT_SIZE];
} gradus_recorder;

gradus_err gradus_recorder_open(gradus_recorder *recorder, const gradus_study *study,
                                const gradus_entrant *entrant, long seed,
                                const gradus_run *run, const char *folder,
                                gradus_error *why);
/* Measures what the study records in addition, for the row at the current point.  */
gradus_err gradus_recorder_probe(gradus_recorder *recorder, const gradus_run *run,
                                 gradus_error *why);
/* Notes where RUN is.  */
void gradus_recorder_point(gradus_recorder *recorder, const gradus_run *run);
/* GRADUS_EIO as soon as a row cannot be written.  */
gradus_err gradus_recorder_row(gradus_recorder *recorder, const gradus_row *row,
                               gradus_error *why);
/* What has been recorded so far, as bytes to be freed with free; GRADUS_EIO when a row did
   not reach the trace.  */
gradus_err gradus_recorder_pack(gradus_recorder *recorder, void **bytes, size_t *size,
                                gradus_error *why);
/* Goes on, freshly opened on a run of the same kind, from what was packed; false when that
   is something else.  */
bool gradus_recorder_unpack(gradus_recorder *recorder, const void *bytes, size_t size);
/* Completes trace and trajectory and writes the record of RUN, whose last row is LAST.  */
gradus_err gradus_recorder_commit(gradus_recorder *recorder, const gradus_run *run,
                                  const gradus_row *last, json_t **record,
                                  gradus_error *why);
/* Removes what is not complete; does nothing to what was committed.  */
void gradus_recorder_close(gradus_recorder *recorder);

/* The record of a run that is finished, or NULL; one that was made with other settings of
   the method is none.  */
json_t *gradus_record_load(const char *folder, const gradus_entrant *entrant, long seed);
/* The same of all runs of STUDY, in their order, into RECORDS; returns how many are
   finished.  */
size_t gradus_records_load(json_t *records[], const gradus_study *study,
                           const char *folder);
/* Of COUNT runs; accepts NULL.  */
void gradus_records_close(json_t **records, size_t count);

#endif
