/* Entries that a function of the caller's was to write, and did not.

   Memory is marked before such a function is called: with a signalling NaN of a payload of
   its own.  What still has its bits afterwards was not written.  Arithmetic hands the payload
   on in a quiet NaN, so that an entry that was added to, as if it had been zero, is told
   apart.  A fill and a look cost two passes over the array.  */

#ifndef GRADUS_CORE_UNWRITTEN_H
#define GRADUS_CORE_UNWRITTEN_H

#include "gradus.h"

/* An array that FUNCTION writes at its CALL-th call.  */
typedef struct gradus_written {
    const char *function, *array; /* names: "evaluate", "gradient" */
    size_t call;
    size_t rows, columns; /* a vector has one row */
    double *entries;
} gradus_written;

void gradus_unwritten_mark(const gradus_written *written);
/* GRADUS_EINPUT, with a sentence, when entries carry the mark.  */
gradus_err gradus_unwritten_refuse(const gradus_written *written, gradus_error *why);

#endif
