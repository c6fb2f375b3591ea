/* The report of a results folder.  */

#ifndef GRADUS_HARNESS_REPORT_REPORT_H
#define GRADUS_HARNESS_REPORT_REPORT_H

#include "harness/report/outcome.h"

/* Reads FOLDER (manifest.h) and writes FOLDER/figures/ and FOLDER/report.html, one page
   that needs nothing beside it, and, when the race is complete, FOLDER/claims.json with the
   verdicts on the study's claims.  Without gnuplot the page says so and has tables only;
   that is GRADUS_OK.  An incomplete race can be reported.  GRADUS_EINPUT when FOLDER does not
   hold results or a trace is broken, and then nothing is written.  */
gradus_err gradus_report_folder(const char *folder, gradus_error *why);
/* Writes the same of an OUTCOME that was opened.  */
gradus_err gradus_report_write(const gradus_outcome *outcome, const char *folder,
                               gradus_error *why);

#endif
