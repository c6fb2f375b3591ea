/* The memory of a method: allocated in one place, freed in one place, and listed by name
   for a checkpoint.  */

#ifndef GRADUS_CORE_STATE_H
#define GRADUS_CORE_STATE_H

#include "core/inventory.h"
#include "gradus.h"

typedef enum gradus_item_kind {
    GRADUS_ITEM_SCRATCH, /* not part of a checkpoint */
    GRADUS_ITEM_VECTOR,
    GRADUS_ITEM_REAL,
    GRADUS_ITEM_SIZE
} gradus_item_kind;

typedef struct gradus_item {
    struct gradus_item *next;
    gradus_item_kind kind;
    const char *name;
    void *data;
    size_t count;
} gradus_item;

struct gradus_state {
    gradus_item *first, *last;
    size_t bytes; /* allocated for the method */
    bool failed;  /* some allocation failed */
};

/* Everything but scratch.  */
void gradus_state_list(const gradus_state *state, gradus_inventory *inventory);
void gradus_state_release(gradus_state *state);

#endif
