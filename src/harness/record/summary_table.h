/* The table of all runs of a race.  */

#ifndef GRADUS_HARNESS_RECORD_SUMMARY_TABLE_H
#define GRADUS_HARNESS_RECORD_SUMMARY_TABLE_H

#include "gradus.h"
#include "harness/study/study.h"

#include <jansson.h>

/* FOLDER/summary.csv, as manifest.h describes it: a line for each of COUNT records that is
   not NULL.  */
gradus_err gradus_summary_table_write(const gradus_study *study, json_t *const records[],
                                      size_t count, const char *folder, gradus_error *why);

#endif
