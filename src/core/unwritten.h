/* Entries that a function of the caller's was to write, and did not.

   Memory is marked before such a function is called: with a signalling NaN of a payload of
   its own.  What still has its bits afterwards was not written.  Arithmetic hands the payload
   on in a quiet NaN, so that an entry that was added to, as if it had been zero, is told
   apart.

   A fill and a look are two passes over the array, which a cheap function of many variables
   would feel.  So a long vector is watched as a whole around the first call, where whatever is
   always forgotten is seen, and in a sixteenth of its blocks around every other, the next
   sixteenth each time: what is forgotten at some points only is seen within sixteen such
   calls.  Short vectors, and matrices, are watched as a whole always.  */

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

/* Of a vector that is watched around a call: blocks of GRADUS_WATCHED entries, fewer at the
   end, the first one at FIRST, STRIDE apart.  */
enum { GRADUS_WATCHED = 128 };
typedef struct gradus_watch {
    size_t first, stride;
} gradus_watch;

/* Of N entries around the CALL-th call, counted from 1.  */
gradus_watch gradus_watch_at(size_t n, size_t call);
/* Entries of the block that begins at BEGIN.  */
size_t gradus_watch_count(size_t n, size_t begin);

void gradus_unwritten_mark(const gradus_written *written);
/* GRADUS_EINPUT, with a sentence, when entries carry the mark.  */
gradus_err gradus_unwritten_refuse(const gradus_written *written, gradus_error *why);

#endif
