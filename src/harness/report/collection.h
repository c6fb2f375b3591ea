/* Verdicts from many results folders, and the list of what was to be shown.  */

#ifndef GRADUS_HARNESS_REPORT_COLLECTION_H
#define GRADUS_HARNESS_REPORT_COLLECTION_H

#include "gradus.h"

#include <jansson.h>
#include <stdio.h>

/* RACES is a list of {folder, manifest}, by the name of the study, of those that claim
   something.  VERDICTS is a list of {id, that, holds: true, false or null when it is open,
   timed, finding, verdict, study}, by id, C2 before C10 (claims.h has what else there is).
   WANTED is a list of {id, that, where}: the claims that were to be shown, in their order,
   then those that have verdicts only, without a sentence; C1a and C1b are verdicts on C1.
 */
typedef struct gradus_collection {
    json_t *races, *verdicts, *wanted;
} gradus_collection;

/* FOLDER is a results folder or has some in it.  CLAIMS is a JSON file, a list of {id, that,
   where}, or NULL.  */
gradus_err gradus_collection_open(gradus_collection *collection, const char *folder,
                                  const char *claims, gradus_error *why);
void gradus_collection_close(gradus_collection *collection); /* accepts a half-opened one */

/* Whether a verdict with that ID is on the claim WANTED.  */
bool gradus_collection_is_on(const char *id, const char *wanted);

/* A line for each verdict, and for each claim that has none.  */
void gradus_collection_print(FILE *file, const gradus_collection *collection);

/* The text under KEY, or "".  */
const char *gradus_collection_text(const json_t *object, const char *key);

#endif
