/* The trace of a run: CSV, one header line, one line a measurement, the columns of the
   contract in its order and further ones after them.  Every time column's name ends in
   `_seconds`; every other column is bitwise repeatable.  Numbers have 17 digits; what does
   not apply is empty.  */

#ifndef GRADUS_HARNESS_RUN_TRACE_H
#define GRADUS_HARNESS_RUN_TRACE_H

#include "gradus.h"

#include <stdio.h>

/* MORE names further columns, ",x1,x2", or is NULL.  */
void gradus_trace_header(FILE *file, const char *more);
/* MORE holds the COUNT further numbers; NaN: does not apply.  */
void gradus_trace_row(FILE *file, const gradus_row *row, const double more[], size_t count);
/* CRC-32 of the trace at PATH without the columns that are times: of every line the other
   cells, each with a comma after it, and the end of the line.  */
gradus_err gradus_trace_checksum(const char *path, unsigned long *checksum,
                                 gradus_error *why);
/* Name and meaning of column I; NULL past the last.  */
const char *gradus_trace_column(size_t i, const char **help);

#endif
