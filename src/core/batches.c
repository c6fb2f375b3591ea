/* Shuffled epochs, or full batch.  */

#include "core/batches.h"

#include "core/memory.h"
#include "core/stream.h"

gradus_err gradus_batches_open(gradus_batches *batches, size_t examples, size_t size,
                               uint64_t seed) {
    bool full = size == 0 || size >= examples;
    *batches = (gradus_batches){.examples = examples, .size = full ? examples : size};
    if (full)
        return GRADUS_OK;
    batches->order = GRADUS_NEW(examples, size_t);
    batches->stream = gradus_stream_open(seed, GRADUS_FOR_BATCHES);
    if (!batches->order || !batches->stream)
        return GRADUS_ENOMEM;
    for (size_t i = 0; i < examples; i++)
        batches->order[i] = i;
    return GRADUS_OK;
}

void gradus_batches_close(gradus_batches *batches) {
    gradus_free(batches->order);
    gradus_stream_close(batches->stream);
    *batches = (gradus_batches){0};
}

gradus_batch gradus_batches_next(gradus_batches *batches) {
    if (!batches->order) {
        batches->drawn += batches->examples;
        return (gradus_batch){.count = batches->examples};
    }
    if (batches->next == 0)
        gradus_stream_shuffle(batches->stream, batches->order, batches->examples);
    size_t left = batches->examples - batches->next;
    gradus_batch batch = {.count = left < batches->size ? left : batches->size,
                          .rows = batches->order + batches->next};
    batches->next = (batches->next + batch.count) % batches->examples;
    batches->drawn += batch.count;
    return batch;
}

double gradus_batches_epoch(const gradus_batches *batches) {
    return (double)batches->drawn / (double)batches->examples;
}
