/* Valid files with some bytes changed, or cut: each is read, or refused with a sentence;
   the sanitizers and valgrind see to the rest.  */

#include "data/dataset.h"
#include "data/files.h"

#include <math.h>

enum { ROOM = 1024, VARIANTS = 1500 };

/* Numerical Recipes' generator, of which the upper bits are taken.  */
static unsigned below(unsigned *state, unsigned bound) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % bound;
}

/* One to three bytes replaced: by any, by one of the format's own, or by a neighbour of it.
 */
static size_t damage(unsigned *state, const unsigned char *bytes, size_t size,
                     unsigned char *damaged) {
    static const unsigned char telling[] = "0192:.-+eE #\n\r\t\0n";
    memcpy(damaged, bytes, size);
    for (unsigned changes = 1 + below(state, 3); changes > 0; changes--) {
        unsigned char *byte = &damaged[below(state, (unsigned)size)];
        switch (below(state, 3)) {
        case 0:
            *byte = (unsigned char)below(state, 256);
            break;
        case 1:
            *byte = telling[below(state, sizeof telling)];
            break;
        default:
            *byte ^= (unsigned char)(1u << below(state, 8));
        }
    }
    return below(state, 4) == 0 ? below(state, (unsigned)size + 1) : size;
}

/* Every number that was read is touched, so that a wrong size is noticed.  */
static void touch(const gradus_dataset *data) {
    size_t count = data->examples * data->features;
    double sum = 0;
    ck_assert_uint_gt(count, 0);
    for (size_t i = 0; i < count && data->bytes; i++)
        sum += data->bytes[i];
    for (size_t i = 0; i < count && data->doubles; i++)
        ck_assert(isfinite(data->doubles[i]));
    for (size_t i = 0; i < data->examples; i++)
        ck_assert(isfinite(data->labels[i]));
    ck_assert(isfinite(sum));
}

static void fuzz(const char *what, const char *name, const char *changed,
                 const unsigned char *bytes, size_t size) {
    unsigned state = 2385, accepted = 0;
    for (int i = 0; i < VARIANTS; i++) {
        unsigned char damaged[ROOM];
        gradus_dataset data;
        gradus_error why = {0};
        size_t length = damage(&state, bytes, size, damaged);
        write_file(changed, damaged, length);
        gradus_err err = gradus_dataset_open(&data, name, GRADUS_TRAINING, 0, &why);
        if (err == GRADUS_OK) {
            accepted++;
            touch(&data);
            gradus_dataset_close(&data);
        } else {
            ck_assert_msg(strlen(why.text) > 0, "%s, variant %d: no sentence", what, i);
        }
    }
    printf("%s: %u of %d variants are still valid\n", what, accepted, VARIANTS);
    /* If all or none were, the variants would test nothing.  */
    ck_assert_uint_lt(accepted, VARIANTS);
    unlink(changed);
}

static const unsigned char images[] = {0, 0, 8, 3, 0, 0, 0,  2,  0,  0,
                                       0, 2, 0, 0, 0, 1, 10, 20, 30, 40};
static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 9};
static const char text[] =
    "+1 1:2.385 3:-4e-3 # a\r\n-1 2:.5 12:7.\n\n2 3:12345678901234567890\n";

static size_t compress_into(unsigned char *bytes, const void *content, size_t size) {
    write_gzip("compressed", content, size);
    size_t compressed = read_file("compressed", bytes, ROOM);
    unlink("compressed");
    return compressed;
}

START_TEST(idx) {
    write_file("train-labels-idx1-ubyte", labels, sizeof labels);
    fuzz("IDX images", "idx:", "train-images-idx3-ubyte", images, sizeof images);
    write_file("train-images-idx3-ubyte", images, sizeof images);
    fuzz("IDX labels", "idx:", "train-labels-idx1-ubyte", labels, sizeof labels);
    unsigned char bytes[ROOM];
    size_t size = compress_into(bytes, labels, sizeof labels);
    fuzz("IDX labels, gzip", "idx:", "train-labels-idx1-ubyte.gz", bytes, size);
    unlink("train-images-idx3-ubyte");
}
END_TEST

START_TEST(libsvm) {
    unsigned char bytes[ROOM];
    fuzz("LIBSVM", "text", "text", (const unsigned char *)text, sizeof text - 1);
    size_t size = compress_into(bytes, text, sizeof text - 1);
    fuzz("LIBSVM, gzip", "text", "text", bytes, size);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {idx, libsvm};
    return run_tests("fuzz", tests, sizeof tests / sizeof *tests);
}
