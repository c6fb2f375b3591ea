/* Random streams: one per purpose, derived from the run's seed, so that every method of a
   race sees the same start and the same batches.  */

#ifndef GRADUS_BASE_STREAM_H
#define GRADUS_BASE_STREAM_H

#include "base/inventory.h"
#include "gradus.h"

typedef enum gradus_purpose {
    GRADUS_FOR_START = 1,
    GRADUS_FOR_BATCHES,
    GRADUS_FOR_SAMPLES,
    GRADUS_FOR_CHECKS,
    GRADUS_FOR_DATA
} gradus_purpose;

gradus_stream *gradus_stream_open(uint64_t seed,
                                  gradus_purpose purpose); /* NULL: no memory */
void gradus_stream_close(gradus_stream *stream);
/* Where the stream is.  */
void gradus_stream_list(gradus_stream *stream, const char *group,
                        gradus_inventory *inventory);
/* A random order of COUNT row numbers, in place.  */
void gradus_stream_shuffle(gradus_stream *stream, size_t rows[], size_t count);

#endif
