/* Shuffled epochs, independent draws, or full batch.  */

#include "core/batches.h"

#include "base/memory.h"
#include "base/stream.h"

gradus_err gradus_batches_open(gradus_batches *batches, size_t examples, size_t size,
                               gradus_sampling sampling, uint64_t seed) {
    bool full = size == 0 || size == examples;
    *batches = (gradus_batches){
        .examples = examples, .size = full ? examples : size, .sampling = sampling};
    if (full)
        return GRADUS_OK;
    size_t rows = sampling == GRADUS_IID ? size : examples;
    batches->order = GRADUS_NEW(rows, size_t);
    batches->stream = gradus_stream_open(seed, GRADUS_FOR_BATCHES);
    if (!batches->order || !batches->stream)
        return GRADUS_ENOMEM;
    for (size_t i = 0; i < rows; i++)
        batches->order[i] = i;
    return GRADUS_OK;
}

void gradus_batches_close(gradus_batches *batches) {
    gradus_free(batches->order);
    gradus_stream_close(batches->stream);
    *batches = (gradus_batches){0};
}

static gradus_batch next_of_epoch(gradus_batches *batches) {
    if (batches->next == 0)
        gradus_stream_shuffle(batches->stream, batches->order, batches->examples);
    size_t left = batches->examples - batches->next;
    gradus_batch batch = {.count = left < batches->size ? left : batches->size,
                          .rows = batches->order + batches->next};
    batches->next = (batches->next + batch.count) % batches->examples;
    return batch;
}

static gradus_batch next_drawn(gradus_batches *batches) {
    for (size_t i = 0; i < batches->size; i++)
        batches->order[i] = gradus_stream_below(batches->stream, batches->examples);
    return (gradus_batch){.count = batches->size, .rows = batches->order};
}

gradus_batch gradus_batches_next(gradus_batches *batches) {
    gradus_batch batch = {.count = batches->examples};
    if (batches->order && batches->sampling == GRADUS_IID)
        batch = next_drawn(batches);
    else if (batches->order)
        batch = next_of_epoch(batches);
    batches->drawn += batch.count;
    return batch;
}

gradus_batch gradus_batches_last(const gradus_batches *batches) {
    if (!batches->order || batches->sampling == GRADUS_IID)
        return (gradus_batch){.count = batches->size, .rows = batches->order};
    size_t end = batches->next ? batches->next : batches->examples;
    size_t rest = end % batches->size; /* of an epoch, in its last batch */
    size_t count = rest ? rest : batches->size;
    return (gradus_batch){.count = count, .rows = batches->order + end - count};
}

double gradus_batches_epoch(const gradus_batches *batches) {
    return (double)batches->drawn / (double)batches->examples;
}

void gradus_batches_list(gradus_batches *batches, gradus_inventory *inventory) {
    static const char group[] = "batches";
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "drawn", &batches->drawn, 1);
    if (!batches->order)
        return;
    size_t rows = batches->sampling == GRADUS_IID ? batches->size : batches->examples;
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "order", batches->order,
                         rows);
    gradus_inventory_bound(inventory, batches->examples - 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_SIZES, group, "next", &batches->next, 1);
    gradus_inventory_bound(inventory, batches->examples - 1);
    gradus_stream_list(batches->stream, group, inventory);
}
