/* Zeroed, cache-line aligned allocation.  */

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

/* calloc leaves a large block untouched until it is used.  The address it gave stands just
   before the aligned one.  */
void *gradus_allocate(size_t count, size_t size) {
    size_t extra = CACHE_LINE + sizeof(void *);
    if (size != 0 && count > (SIZE_MAX - extra) / size)
        return NULL;
    char *given = calloc(1, count * size + extra);
    if (!given)
        return NULL;
    char *after = given + sizeof(void *);
    char *memory = after + (CACHE_LINE - (uintptr_t)after % CACHE_LINE) % CACHE_LINE;
    memcpy(memory - sizeof given, &given, sizeof given);
    return memory;
}

void gradus_free(void *memory) {
    if (!memory)
        return;
    void *given;
    memcpy(&given, (char *)memory - sizeof given, sizeof given);
    free(given);
}
