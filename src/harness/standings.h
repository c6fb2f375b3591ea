/* What came of a race: the table of its runs, and who won.  */

#ifndef GRADUS_HARNESS_STANDINGS_H
#define GRADUS_HARNESS_STANDINGS_H

#include "gradus.h"
#include "harness/study.h"

#include <jansson.h>
#include <stdio.h>

/* FOLDER/summary.csv, as manifest.h describes it: a line for each of COUNT records that is
   not NULL.  */
gradus_err gradus_summary_table_write(const gradus_study *study, json_t *const records[],
                                      size_t count, const char *folder, gradus_error *why);

/* The medians over the seeds and, for every target, who reached it first by each measure of
   cost.  A value that is not finite and a target that was missed count as infinite. RECORDS
   stand seed by seed.  */
gradus_err gradus_standings_print(FILE *file, const gradus_study *study,
                                  json_t *const records[], gradus_error *why);

#endif
