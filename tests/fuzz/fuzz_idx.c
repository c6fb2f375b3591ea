/* A pair of IDX files.  The input is two bytes for the length of the first file, the
   images; the images; the labels.  */

#include "data/formats.h"
#include "fuzz/fuzz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool read_pair(gradus_dataset *out, const uint8_t *images, size_t images_size,
                      const uint8_t *labels, size_t labels_size) {
    gradus_error why;
    fuzz_file first = fuzz_file_open(images, images_size);
    fuzz_file second = fuzz_file_open(labels, labels_size);
    *out = (gradus_dataset){0};
    gradus_err err = gradus_idx_read(out, first.path, second.path, &why);
    if (err)
        gradus_dataset_close(out);
    fuzz_file_close(&first);
    fuzz_file_close(&second);
    return fuzz_accepted(err, &why);
}

static uint8_t *put_word(uint8_t *at, size_t word) {
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(word >> shift);
    return at;
}

/* Written out, as images of one row, and read again it is the same.  */
static void check_again(const gradus_dataset *data) {
    enum { IMAGES = 0x803, LABELS = 0x801, HEADERS = 16 + 8 };
    size_t count = data->examples * data->features;
    uint8_t *bytes = malloc(HEADERS + count + data->examples), *end = bytes;
    FUZZ_REQUIRE(bytes != NULL);
    end = put_word(put_word(end, IMAGES), data->examples);
    end = put_word(put_word(end, 1), data->features);
    memcpy(end, data->bytes, count);
    uint8_t *labels = end += count;
    end = put_word(put_word(end, LABELS), data->examples);
    for (size_t i = 0; i < data->examples; i++)
        *end++ = (uint8_t)data->labels[i];
    gradus_dataset again;
    FUZZ_REQUIRE(
        read_pair(&again, bytes, (size_t)(labels - bytes), labels, (size_t)(end - labels)));
    FUZZ_REQUIRE(again.examples == data->examples && again.features == data->features);
    FUZZ_REQUIRE(memcmp(again.bytes, data->bytes, count) == 0);
    FUZZ_REQUIRE(fuzz_same(again.labels, data->labels, data->examples));
    gradus_dataset_close(&again);
    free(bytes);
}

bool fuzz_idx(const uint8_t *bytes, size_t size) {
    size_t before = fuzz_live();
    gradus_dataset data;
    if (size < 2)
        return false;
    size_t rest = size - 2, first = (size_t)bytes[0] << 8 | bytes[1];
    first = first < rest ? first : rest;
    bool accepted = read_pair(&data, bytes + 2, first, bytes + 2 + first, rest - first);
    if (accepted) {
        FUZZ_REQUIRE(data.examples > 0 && data.features > 0 && data.source_count == 2);
        FUZZ_REQUIRE(data.storage == GRADUS_BYTES && data.scale == 1.0 / 255);
        for (size_t i = 0; i < data.examples; i++)
            FUZZ_REQUIRE(data.labels[i] >= 0 && data.labels[i] <= 255);
        check_again(&data);
        gradus_dataset_close(&data);
    }
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
