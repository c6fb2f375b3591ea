/* Data and points for the tests of networks: LIBSVM files of fractions, the same as in
   network_values.py.  */

#ifndef GRADUS_TESTS_NETWORK_DATA_H
#define GRADUS_TESTS_NETWORK_DATA_H

#include "core/problem.h"

#include "../../support.h"

#include <unistd.h>

enum { FEATURES = 5, CLASSES = 3 };

static char path[32];

static inline double entry(size_t i, size_t j) {
    return (double)((i * 37 + j * 11 + i * i * 3) % 101) / 101.0;
}

static inline void fill_point(size_t n, double x[]) {
    for (size_t i = 0; i < n; i++)
        x[i] = (double)((i * 7919 + 31) % 1009) / 1009.0 - 0.5;
}

static inline void fill_direction(size_t n, double v[]) {
    for (size_t i = 0; i < n; i++)
        v[i] = (double)((i * 104729 + 7) % 997) / 997.0 - 0.5;
}

/* SCALE other than 1 leaves [0, 1].  */
static inline void write_data(size_t examples, size_t classes, double scale) {
    strcpy(path, "network-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    for (size_t i = 0; i < examples; i++) {
        fprintf(file, "%zu", i % classes);
        for (size_t j = 0; j < FEATURES; j++)
            fprintf(file, " %zu:%.17g", j + 1, scale * entry(i, j));
        fputc('\n', file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

/* SPEC with the data.  */
static inline gradus_err try_spec(gradus_problem **out, const char *spec, size_t threads,
                                  gradus_error *why) {
    char full[256];
    snprintf(full, sizeof full, "%s,data=%s", spec, path);
    return gradus_problem_create(out, full, threads, why);
}

static inline gradus_problem *open_spec(const char *spec, size_t threads) {
    gradus_problem *problem;
    gradus_error why = {0};
    gradus_err err = try_spec(&problem, spec, threads, &why);
    ck_assert_msg(!err, "%s: %s", spec, why.text);
    return problem;
}

static inline double *numbers(size_t count) {
    double *memory = calloc(count, sizeof *memory);
    ck_assert_ptr_nonnull(memory);
    return memory;
}

#endif
