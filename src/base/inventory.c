/* A list that grows.  */

#include "base/inventory.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool grow(gradus_inventory *inventory) {
    size_t room = inventory->room ? 2 * inventory->room : 64;
    gradus_kept *list = GRADUS_NEW(room, gradus_kept);
    if (!list)
        return false;
    if (inventory->count)
        memcpy(list, inventory->list, inventory->count * sizeof *list);
    gradus_free(inventory->list);
    inventory->list = list;
    inventory->room = room;
    return true;
}

void gradus_inventory_add(gradus_inventory *inventory, gradus_kept_kind kind,
                          const char *group, const char *name, void *data, size_t count) {
    if (inventory->failed || (inventory->count == inventory->room && !grow(inventory))) {
        inventory->failed = true;
        return;
    }
    gradus_kept *kept = &inventory->list[inventory->count++];
    *kept = (gradus_kept){.kind = kind, .data = data, .count = count, .largest = SIZE_MAX};
    snprintf(kept->name, sizeof kept->name, "%s/%s", group, name);
}

void gradus_inventory_bound(gradus_inventory *inventory, size_t largest) {
    if (!inventory->failed)
        inventory->list[inventory->count - 1].largest = largest;
}

void gradus_inventory_require(gradus_inventory *inventory,
                              bool (*is_sound)(const void *bytes, size_t count)) {
    if (!inventory->failed)
        inventory->list[inventory->count - 1].is_sound = is_sound;
}

void gradus_inventory_close(gradus_inventory *inventory) {
    gradus_free(inventory->list);
    *inventory = (gradus_inventory){0};
}

size_t gradus_kept_width(gradus_kept_kind kind) {
    switch (kind) {
    case GRADUS_KEPT_REALS:
        return sizeof(double);
    case GRADUS_KEPT_SIZES:
        return sizeof(size_t);
    case GRADUS_KEPT_FLAGS:
        return sizeof(bool);
    default:
        return 1;
    }
}
