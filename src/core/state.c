/* The memory of a method.  */

#include "core/state.h"

#include "core/memory.h"

static void add(gradus_state *state, gradus_item_kind kind, const char *name, void *data,
                size_t count) {
    gradus_item *item = GRADUS_NEW(1, gradus_item);
    if (!item) {
        state->failed = true;
        if (kind == GRADUS_ITEM_SCRATCH || kind == GRADUS_ITEM_VECTOR)
            gradus_free(data);
        return;
    }
    *item = (gradus_item){.kind = kind, .name = name, .data = data, .count = count};
    if (state->last)
        state->last->next = item;
    else
        state->first = item;
    state->last = item;
}

/* Memory of the given kind; NULL once anything has failed.  */
static void *allocate(gradus_state *state, gradus_item_kind kind, const char *name,
                      size_t count, size_t size) {
    if (state->failed)
        return NULL;
    void *data = gradus_allocate(count, size);
    if (!data) {
        state->failed = true;
        return NULL;
    }
    state->bytes += count * size;
    add(state, kind, name, data, count);
    return state->failed ? NULL : data;
}

double *gradus_state_vector(gradus_state *state, const char *name, size_t count) {
    return allocate(state, GRADUS_ITEM_VECTOR, name, count, sizeof(double));
}

void *gradus_state_scratch(gradus_state *state, size_t count, size_t size) {
    return allocate(state, GRADUS_ITEM_SCRATCH, NULL, count, size);
}

void gradus_state_keep_real(gradus_state *state, const char *name, double *member) {
    add(state, GRADUS_ITEM_REAL, name, member, 1);
}

void gradus_state_keep_size(gradus_state *state, const char *name, size_t *member) {
    add(state, GRADUS_ITEM_SIZE, name, member, 1);
}

void gradus_state_list(const gradus_state *state, gradus_inventory *inventory) {
    for (const gradus_item *item = state->first; item; item = item->next)
        if (item->kind != GRADUS_ITEM_SCRATCH)
            gradus_inventory_add(inventory,
                                 item->kind == GRADUS_ITEM_SIZE ? GRADUS_KEPT_SIZES
                                                                : GRADUS_KEPT_REALS,
                                 "state", item->name, item->data, item->count);
}

void gradus_state_release(gradus_state *state) {
    for (gradus_item *item = state->first, *next; item; item = next) {
        next = item->next;
        if (item->kind == GRADUS_ITEM_SCRATCH || item->kind == GRADUS_ITEM_VECTOR)
            gradus_free(item->data);
        gradus_free(item);
    }
    *state = (gradus_state){0};
}
