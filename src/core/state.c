/* The memory of a method.  */

#include "core/state.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static bool is_memory(const gradus_item *item) {
    return item->kind == GRADUS_ITEM_SCRATCH || item->kind == GRADUS_ITEM_VECTOR;
}

static void add(gradus_state *state, gradus_item_kind kind, const char *name, void *data,
                size_t count, size_t size) {
    if (state->again) {
        state->again = state->again->next;
        return;
    }
    gradus_item *item = GRADUS_NEW(1, gradus_item);
    if (!item) {
        state->failed = true;
        if (kind == GRADUS_ITEM_SCRATCH || kind == GRADUS_ITEM_VECTOR)
            gradus_free(data);
        return;
    }
    *item = (gradus_item){.kind = kind,
                          .name = name,
                          .data = data,
                          .count = count,
                          .size = size,
                          .largest = SIZE_MAX};
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
    if (state->again) {
        void *data = state->again->data;
        state->again = state->again->next;
        return data;
    }
    void *data = gradus_allocate(count, size);
    if (!data) {
        state->failed = true;
        return NULL;
    }
    state->bytes += count * size;
    add(state, kind, name, data, count, size);
    return state->failed ? NULL : data;
}

double *gradus_state_vector(gradus_state *state, const char *name, size_t count) {
    return allocate(state, GRADUS_ITEM_VECTOR, name, count, sizeof(double));
}

void *gradus_state_scratch(gradus_state *state, size_t count, size_t size) {
    return allocate(state, GRADUS_ITEM_SCRATCH, NULL, count, size);
}

void gradus_state_keep_real(gradus_state *state, const char *name, double *member) {
    add(state, GRADUS_ITEM_REAL, name, member, 1, sizeof *member);
}

void gradus_state_keep_size(gradus_state *state, const char *name, size_t *member) {
    add(state, GRADUS_ITEM_SIZE, name, member, 1, sizeof *member);
}

void gradus_state_bound(gradus_state *state, const size_t *member, size_t largest) {
    for (gradus_item *item = state->first; item; item = item->next)
        if (item->data == member)
            item->largest = largest;
}

static void list_item(const gradus_item *item, gradus_inventory *inventory) {
    bool is_size = item->kind == GRADUS_ITEM_SIZE;
    gradus_inventory_add(inventory, is_size ? GRADUS_KEPT_SIZES : GRADUS_KEPT_REALS,
                         "state", item->name, item->data, item->count);
    gradus_inventory_bound(inventory, item->largest);
}

void gradus_state_list(const gradus_state *state, gradus_inventory *inventory) {
    for (const gradus_item *item = state->first; item; item = item->next)
        if (item->kind != GRADUS_ITEM_SCRATCH)
            list_item(item, inventory);
}

void gradus_state_release(gradus_state *state) {
    for (gradus_item *item = state->first, *next; item; item = next) {
        next = item->next;
        if (is_memory(item))
            gradus_free(item->data);
        gradus_free(item);
    }
    *state = (gradus_state){0};
}

/* ---- Beginning anew ---- */

void gradus_state_carry(gradus_state *state, const void *kept) {
    for (gradus_item *item = state->first; item; item = item->next)
        if (kept && item->data == kept)
            item->carried = true;
}

static gradus_item *after(gradus_state *state, const gradus_item *mark) {
    return mark ? mark->next : state->first;
}

void gradus_state_map(gradus_state *state, const gradus_item *mark,
                      void (*map)(void *self, double vector[]), void *self) {
    for (gradus_item *item = after(state, mark); item; item = item->next)
        if (item->carried && item->kind == GRADUS_ITEM_VECTOR)
            map(self, item->data);
}

void gradus_state_rewind(gradus_state *state, const gradus_item *mark) {
    state->again = after(state, mark);
    for (gradus_item *item = state->again; item; item = item->next)
        if (item->carried && !is_memory(item))
            memcpy(item->saved, item->data, item->size);
        else if (!item->carried && is_memory(item))
            memset(item->data, 0, item->count * item->size);
}

void gradus_state_settle(gradus_state *state, const gradus_item *mark) {
    state->again = NULL;
    for (gradus_item *item = after(state, mark); item; item = item->next)
        if (item->carried && !is_memory(item))
            memcpy(item->data, item->saved, item->size);
}
