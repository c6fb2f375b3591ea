/* Examples as they come, entry by entry, and what becomes of them: compressed rows or dense
   ones, by how many of the entries there are.  */

#ifndef GRADUS_DATA_COLLECT_H
#define GRADUS_DATA_COLLECT_H

#include "data/dataset.h"

/* Entries that lie together.  */
enum { GRADUS_CHUNK = 1 << 15 };
typedef struct gradus_chunk {
    struct gradus_chunk *next;
    size_t count;
    double values[GRADUS_CHUNK];
    uint32_t columns[GRADUS_CHUNK];
} gradus_chunk;

typedef struct gradus_collected_row {
    double label;
    size_t end; /* entries up to here, those of earlier rows included */
} gradus_collected_row;

typedef struct gradus_collector {
    gradus_chunk *first, *last;
    gradus_collected_row *rows; /* ROOM of them */
    size_t count, room;
    size_t entries, columns; /* so far: entries, and the largest column + 1 */
} gradus_collector;

void gradus_collector_close(gradus_collector *collector);

/* Another chunk behind the last, which is full; false when there is no memory.  */
bool gradus_collector_grow(gradus_collector *collector);

/* Adds an entry to the row that is next to end; columns must ascend.  */
static inline bool gradus_collect_entry(gradus_collector *collector, uint32_t column,
                                        double value) {
    gradus_chunk *chunk = collector->last;
    if ((!chunk || chunk->count == GRADUS_CHUNK) && !gradus_collector_grow(collector))
        return false;
    chunk = collector->last;
    chunk->columns[chunk->count] = column;
    chunk->values[chunk->count++] = value;
    collector->entries++;
    return true;
}

/* Ends a row; false when there is no memory.  */
bool gradus_collect_row(gradus_collector *collector, double label);

/* Makes a data set of what was collected, and empties the collector as it goes.  OUT
   arrives zeroed.  FEATURES is at least the largest column + 1; NAME is for messages.  */
gradus_err gradus_collector_finish(gradus_collector *collector, gradus_dataset *out,
                                   const char *name, size_t features,
                                   gradus_storing storing, gradus_error *why);

#endif
