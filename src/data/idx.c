/* IDX, the format of MNIST: two zero bytes, a byte for the type of the entries, a byte for
   the number of dimensions, the dimensions as 32-bit numbers, the entries; all big-endian.
   LeCun, Cortes and Burges, "The MNIST database of handwritten digits",
   http://yann.lecun.com/exdb/mnist.  */

#include "base/memory.h"
#include "data/formats.h"
#include "data/input.h"

#include <stdio.h>

enum { IMAGES = 0x803, LABELS = 0x801 }; /* bytes in three dimensions, in one */
enum { WORD = 4, MOST_DIMENSIONS = 3 };
static const double PIXEL_RANGE = 255.0; /* pixels become numbers in [0, 1] */

typedef struct {
    uint32_t magic;    /* IMAGES or LABELS: what the file must hold */
    size_t dimensions; /* that follow from it */
    uint32_t shape[MOST_DIMENSIONS];
    size_t count; /* of the entries */
    unsigned char *entries;
} block_t;

static uint32_t word_at(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           bytes[3];
}

static const char *kind_of(uint32_t magic) {
    return magic == IMAGES ? "images" : magic == LABELS ? "labels" : "neither kind of file";
}

static gradus_err read_header(block_t *block, gradus_input *input, gradus_error *why) {
    unsigned char header[WORD * (1 + MOST_DIMENSIONS)];
    size_t size = WORD * (1 + block->dimensions), got;
    gradus_err err = gradus_input_read(input, header, size, &got, why);
    if (err)
        return err;
    uint32_t magic = got < WORD ? block->magic : word_at(header);
    if (magic != block->magic)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: offset 0: expected the magic number 0x%08x of %s, found "
                           "0x%08x of %s",
                           input->path, block->magic, kind_of(block->magic), magic,
                           kind_of(magic));
    if (got < size)
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: offset %zu: the file ends within the IDX header of %zu bytes", input->path,
            got, size);
    for (size_t i = 0; i < block->dimensions; i++) {
        block->shape[i] = word_at(header + WORD * (1 + i));
        if (block->shape[i] == 0)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: offset %zu: the number of %s is 0, expected at least 1",
                               input->path, WORD * (1 + i),
                               i == 0   ? "examples"
                               : i == 1 ? "rows"
                                        : "columns");
    }
    return GRADUS_OK;
}

/* The entries are as many as the product of the dimensions, if the file has room for so
   many.  */
static gradus_err count_entries(block_t *block, const gradus_input *input,
                                gradus_error *why) {
    uint64_t capacity = gradus_input_capacity(input);
    uint64_t room = capacity > input->offset ? capacity - input->offset : 0;
    char claim[64] = "";
    bool fits = true;
    block->count = 1;
    for (size_t i = 0, end = 0; i < block->dimensions; i++) {
        fits =
            fits && !__builtin_mul_overflow(block->count, block->shape[i], &block->count);
        end += (size_t)snprintf(claim + end, sizeof claim - end, "%s%u", i ? " x " : "",
                                block->shape[i]);
    }
    if (fits && block->count <= room)
        return GRADUS_OK;
    return gradus_fail(
        why, GRADUS_EINPUT,
        "%s: offset %d: the header claims %s bytes, but %s %llu can follow it", input->path,
        WORD, claim, input->compressed ? "at most" : "only", (unsigned long long)room);
}

static gradus_err read_entries(block_t *block, gradus_input *input, gradus_error *why) {
    size_t got, more = 0;
    unsigned char next;
    gradus_err err = gradus_input_read(input, block->entries, block->count, &got, why);
    if (!err && got == block->count)
        err = gradus_input_read(input, &next, 1, &more, why);
    if (err)
        return err;
    if (got < block->count)
        return gradus_fail(
            why, GRADUS_EINPUT, "%s: offset %llu: the file ends after %zu of %zu entries",
            input->path, (unsigned long long)input->offset, got, block->count);
    if (more)
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: offset %llu: more bytes follow after the %zu entries that the "
            "header claims",
            input->path, (unsigned long long)input->offset - more, block->count);
    return GRADUS_OK;
}

static gradus_err read_file(block_t *block, const char *path, gradus_dataset *out,
                            gradus_error *why) {
    gradus_input input;
    gradus_err err = gradus_input_open(&input, path, why);
    if (!err)
        err = read_header(block, &input, why);
    if (!err)
        err = count_entries(block, &input, why);
    if (!err && !(block->entries = GRADUS_NEW(block->count, unsigned char)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %zu bytes", path,
                          block->count);
    if (!err)
        err = read_entries(block, &input, why);
    if (!err)
        err = gradus_input_record(&input, out, why);
    gradus_input_close(&input);
    return err;
}

static gradus_err read_labels(gradus_dataset *out, const char *path, const char *images,
                              gradus_error *why) {
    block_t labels = {.magic = LABELS, .dimensions = 1};
    gradus_err err = read_file(&labels, path, out, why);
    if (!err && labels.count != out->examples)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: offset %d: %zu labels, but %s has %zu images", path, WORD,
                          labels.count, images, out->examples);
    if (!err && !(out->labels = GRADUS_NEW(labels.count, double)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %zu labels", path,
                          labels.count);
    for (size_t i = 0; !err && i < labels.count; i++)
        out->labels[i] = labels.entries[i];
    gradus_free(labels.entries);
    return err;
}

gradus_err gradus_idx_read(gradus_dataset *out, const char *images, const char *labels,
                           gradus_error *why) {
    block_t block = {.magic = IMAGES, .dimensions = MOST_DIMENSIONS};
    gradus_err err = read_file(&block, images, out, why);
    out->bytes = block.entries;
    if (err)
        return err;
    out->storage = GRADUS_BYTES;
    out->scale = 1.0 / PIXEL_RANGE;
    out->examples = block.shape[0];
    out->features = (size_t)block.shape[1] * block.shape[2];
    return read_labels(out, labels, images, why);
}
