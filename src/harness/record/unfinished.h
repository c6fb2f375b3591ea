/* A race that was cut short, or is still at work: its manifest was written when it began, and
   what has been made since stands in the records beside it.  */

#ifndef GRADUS_HARNESS_RECORD_UNFINISHED_H
#define GRADUS_HARNESS_RECORD_UNFINISHED_H

#include "harness/results/results.h"

/* Puts into MANIFEST, of FOLDER, the runs that are finished, what the trials of tuning have
   come to, and the targets that are known.  The file stays as it is, and so does the manifest
   of a race by another version.  */
gradus_err gradus_unfinished_note(json_t *manifest, const char *folder, gradus_error *why);
/* Opens the results in FOLDER: of an unfinished race, with what has been made so far.  */
gradus_err gradus_unfinished_open(gradus_results *results, const char *folder,
                                  gradus_error *why);

#endif
