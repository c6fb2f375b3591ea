/* Allocation.  A test replaces both functions to make the k-th allocation fail, so
   memory.c holds nothing else.  */

#ifndef GRADUS_BASE_MEMORY_H
#define GRADUS_BASE_MEMORY_H

#include <stddef.h>

/* COUNT * SIZE zeroed bytes on a cache-line boundary; NULL when there is no memory for them,
   whether or not the system would promise it, when the product overflows, but not when it
   is zero.  */
void *gradus_allocate(size_t count, size_t size);
void gradus_free(void *memory); /* NULL is accepted */

#define GRADUS_NEW(count, type) ((type *)gradus_allocate((count), sizeof(type)))

#endif
