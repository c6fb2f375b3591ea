/* A folder that a test may fill.  */

#ifndef GRADUS_TESTS_HARNESS_SCRATCH_H
#define GRADUS_TESTS_HARNESS_SCRATCH_H

#include "../support.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static char scratch[] = "/tmp/gradus-test-XXXXXX";

static int remove_entry(const char *path, const struct stat *info, int flag,
                        struct FTW *where) {
    (void)info;
    (void)flag;
    (void)where;
    return remove(path);
}

static inline void remove_folder(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in the scratch folder; good until the fourth call after it.  */
__attribute__((format(printf, 1, 2))) static inline const char *
in_scratch(const char *format, ...) {
    static char buffers[4][512];
    static int next;
    char *buffer = buffers[next++ % 4];
    int length = snprintf(buffer, sizeof buffers[0], "%s/", scratch);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(buffer + length, sizeof buffers[0] - (size_t)length, format, arguments);
    va_end(arguments);
    return buffer;
}

static inline const char *write_scratch(const char *name, const char *text, size_t length) {
    const char *path = in_scratch("%s", name);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static inline void make_scratch(void) {
    strcpy(scratch, "/tmp/gradus-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(scratch));
}

static inline void clear_scratch(void) { remove_folder(scratch); }

#endif
