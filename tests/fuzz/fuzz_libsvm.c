/* LIBSVM text, plain or in gzip.  */

#include "base/memory.h"
#include "data/formats.h"
#include "fuzz/fuzz.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_as(gradus_dataset *out, const char *path, gradus_storing storing) {
    gradus_error why;
    *out = (gradus_dataset){0};
    gradus_err err = gradus_libsvm_read(out, path, 0, storing, &why);
    if (err)
        gradus_dataset_close(out);
    return fuzz_accepted(err, &why);
}

/* Compressed rows are in order and inside, and everything is finite.  */
static size_t check_rows(const gradus_dataset *data) {
    size_t listed = 0;
    FUZZ_REQUIRE(data->examples > 0 && data->features > 0 && data->labels);
    for (size_t i = 0; i < data->examples; i++) {
        const gradus_sparse_row *row = &data->rows[i];
        FUZZ_REQUIRE(isfinite(data->labels[i]));
        for (size_t e = 0; e < row->count; e++) {
            FUZZ_REQUIRE(row->columns[e] < data->features && isfinite(row->values[e]));
            FUZZ_REQUIRE(e == 0 || row->columns[e] > row->columns[e - 1]);
        }
        listed += row->count;
    }
    return listed;
}

/* The dense rows hold what the compressed ones list, and 0 elsewhere.  */
static void check_dense(const gradus_dataset *dense, const gradus_dataset *sparse) {
    FUZZ_REQUIRE(dense->examples == sparse->examples);
    FUZZ_REQUIRE(dense->features == sparse->features);
    FUZZ_REQUIRE(fuzz_same(dense->labels, sparse->labels, dense->examples));
    for (size_t i = 0; i < dense->examples; i++) {
        const gradus_sparse_row *row = &sparse->rows[i];
        const double *entries = dense->doubles + i * dense->features;
        for (size_t j = 0, e = 0; j < dense->features; j++) {
            bool listed = e < row->count && row->columns[e] == j;
            FUZZ_REQUIRE(entries[j] == (listed ? row->values[e] : 0));
            e += listed;
        }
    }
}

/* Written out and read again it is the same.  */
static void check_again(const gradus_dataset *data) {
    char *text;
    size_t length;
    gradus_dataset again;
    FILE *stream = open_memstream(&text, &length);
    for (size_t i = 0; i < data->examples; i++) {
        fprintf(stream, "%.17g", data->labels[i]);
        for (size_t e = 0; e < data->rows[i].count; e++)
            fprintf(stream, " %llu:%.17g", data->rows[i].columns[e] + 1ULL,
                    data->rows[i].values[e]);
        fputc('\n', stream);
    }
    fclose(stream);
    fuzz_file file = fuzz_file_open(text, length);
    FUZZ_REQUIRE(read_as(&again, file.path, GRADUS_STORE_SPARSE));
    FUZZ_REQUIRE(again.examples == data->examples && again.features == data->features);
    FUZZ_REQUIRE(fuzz_same(again.labels, data->labels, data->examples));
    for (size_t i = 0; i < data->examples; i++) {
        const gradus_sparse_row *one = &again.rows[i], *other = &data->rows[i];
        FUZZ_REQUIRE(one->count == other->count);
        FUZZ_REQUIRE(fuzz_same(one->values, other->values, one->count));
        FUZZ_REQUIRE(one->count == 0 || memcmp(one->columns, other->columns,
                                               one->count * sizeof *one->columns) == 0);
    }
    gradus_dataset_close(&again);
    fuzz_file_close(&file);
    free(text);
}

bool fuzz_libsvm(const uint8_t *bytes, size_t size) {
    enum { FULL = 4 }; /* an entry in so many is listed: then dense is not much larger */
    size_t before = fuzz_live();
    gradus_dataset sparse, dense;
    fuzz_file file = fuzz_file_open(bytes, size);
    bool accepted = read_as(&sparse, file.path, GRADUS_STORE_SPARSE);
    if (accepted) {
        size_t listed = check_rows(&sparse);
        check_again(&sparse);
        if (sparse.features <= FULL * listed / sparse.examples + FULL) {
            FUZZ_REQUIRE(read_as(&dense, file.path, GRADUS_STORE_DENSE));
            check_dense(&dense, &sparse);
            gradus_dataset_close(&dense);
        }
        gradus_dataset_close(&sparse);
    }
    fuzz_file_close(&file);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
