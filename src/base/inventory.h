/* What a checkpoint holds: a run's live memory, listed by name.  Whoever keeps something from
   one update to the next adds it; with all of it put back, a run that was opened in the same
   way goes on, to the bit, where the other one was.  */

#ifndef GRADUS_BASE_INVENTORY_H
#define GRADUS_BASE_INVENTORY_H

#include "gradus.h"

typedef enum gradus_kept_kind {
    GRADUS_KEPT_REALS, /* double */
    GRADUS_KEPT_SIZES, /* size_t */
    GRADUS_KEPT_FLAGS, /* bool */
    GRADUS_KEPT_BYTES  /* opaque, of this version of the library on this kind of machine */
} gradus_kept_kind;

typedef struct gradus_kept {
    char name[64]; /* "group/name", unique */
    gradus_kept_kind kind;
    void *data; /* COUNT of them, the run's own */
    size_t count;
    size_t largest;                                    /* of sizes: none can be above */
    bool (*is_sound)(const void *bytes, size_t count); /* of bytes; NULL: any are */
} gradus_kept;

typedef struct gradus_inventory {
    gradus_kept *list;
    size_t count, room;
    bool failed; /* there was no memory for the list */
} gradus_inventory;

void gradus_inventory_add(gradus_inventory *inventory, gradus_kept_kind kind,
                          const char *group, const char *name, void *data, size_t count);
/* Of the one that was added last: what a file says of memory must not lead out of it.  */
void gradus_inventory_bound(gradus_inventory *inventory, size_t largest);
void gradus_inventory_require(gradus_inventory *inventory,
                              bool (*is_sound)(const void *bytes, size_t count));
void gradus_inventory_close(gradus_inventory *inventory);

/* Bytes of one number of KIND.  */
size_t gradus_kept_width(gradus_kept_kind kind);

#endif
