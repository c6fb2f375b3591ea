/* Memory that runs out on demand.  Defining both functions of core/memory.h keeps the
   library's own out of the program, so include this in one file of it.  */

#ifndef GRADUS_TESTS_SCARCE_H
#define GRADUS_TESTS_SCARCE_H

#include "base/memory.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static long budget = LONG_MAX; /* allocations that succeed from here on */
static long live;              /* blocks in use */
__attribute__((unused)) static long asked;             /* allocations so far, failed ones too */

/* As in memory.c: zeroed, aligned, never NULL for nothing.  */
void *gradus_allocate(size_t count, size_t size) {
    asked++;
    if (budget-- <= 0 || (size && count > (PTRDIFF_MAX - 64) / size))
        return NULL;
    size_t bytes = (count * size / 64 + 1) * 64;
    void *memory = aligned_alloc(64, bytes);
    if (!memory)
        return NULL;
    live++;
    return memset(memory, 0, bytes);
}

void gradus_free(void *memory) {
    live -= memory != NULL;
    free(memory);
}

#endif
