/* The memory of a method: allocated in one place, freed in one place, and listed by name
   for a checkpoint.  */

#ifndef GRADUS_CORE_STATE_H
#define GRADUS_CORE_STATE_H

#include "base/inventory.h"
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
    size_t count, size; /* of one of them, in bytes */
    size_t largest;     /* of a size */
    bool carried;
    unsigned char
        saved[sizeof(double)]; /* a carried member while its owner is opened again */
} gradus_item;

struct gradus_state {
    gradus_item *first, *last;
    size_t bytes;       /* allocated for the method */
    bool failed;        /* some allocation failed */
    gradus_item *again; /* the item that the next request is for, when its owner has been
                           rewound; else NULL */
};

/* Everything but scratch.  */
void gradus_state_list(const gradus_state *state, gradus_inventory *inventory);
void gradus_state_release(gradus_state *state);

/* What comes after MARK, the last item once (NULL: none yet), belongs to one owner.  */

/* Maps the vectors that it carries.  */
void gradus_state_map(gradus_state *state, const gradus_item *mark,
                      void (*map)(void *self, double vector[]), void *self);
/* Zeroes what it does not carry, and answers its requests, which must be the same ones in the
   same order, from the memory there is; then `settle`.  */
void gradus_state_rewind(gradus_state *state, const gradus_item *mark);
void gradus_state_settle(gradus_state *state, const gradus_item *mark);

#endif
