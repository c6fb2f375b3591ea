/* Zeroed, cache-line aligned allocation.  */

#include "base/memory.h"

#include "base/memory_limit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

/* Stands just before an aligned block.  */
typedef struct {
    void *given; /* what calloc gave */
    size_t size;
} label_t;

/* calloc leaves a large block untouched until it is used.  */
void *gradus_allocate(size_t count, size_t size) {
    size_t extra = CACHE_LINE + sizeof(label_t);
    bool fits = size == 0 || count <= (SIZE_MAX - extra) / size;
    label_t label = {.size = fits ? count * size + extra : 0};
    if (fits && gradus_memory_admits(label.size))
        label.given = calloc(1, label.size);
    if (!label.given) {
        gradus_memory_refused((double)count * (double)size);
        return NULL;
    }
    gradus_memory_took(label.size);
    char *after = (char *)label.given + sizeof label;
    char *memory = after + (CACHE_LINE - (uintptr_t)after % CACHE_LINE) % CACHE_LINE;
    memcpy(memory - sizeof label, &label, sizeof label);
    return memory;
}

void gradus_free(void *memory) {
    if (!memory)
        return;
    label_t label;
    memcpy(&label, (char *)memory - sizeof label, sizeof label);
    gradus_memory_gave_back(label.size);
    free(label.given);
}
