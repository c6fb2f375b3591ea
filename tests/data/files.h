/* Files for the tests of src/data.  A suite works in a folder of its own, so that the tests
   name their files without a path.  */

#ifndef GRADUS_TESTS_DATA_FILES_H
#define GRADUS_TESTS_DATA_FILES_H

#include "gradus.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[4096], folder_before[4096];

/* For tcase_add_unchecked_fixture: the folder goes away also when a test fails.  */
static inline void enter_folder(void) {
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gradus-test-XXXXXX", base && *base ? base : "/tmp");
    ck_assert_ptr_nonnull(getcwd(folder_before, sizeof folder_before));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static inline size_t count_files(bool and_remove) {
    size_t count = 0;
    DIR *files = opendir(".");
    ck_assert_ptr_nonnull(files);
    for (struct dirent *file; (file = readdir(files));) {
        bool counts = strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0;
        count += counts;
        if (counts && and_remove)
            ck_assert_int_eq(remove(file->d_name), 0);
    }
    closedir(files);
    return count;
}

static inline void leave_folder(void) {
    count_files(true);
    ck_assert_int_eq(chdir(folder_before), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static inline void write_file(const char *name, const void *bytes, size_t size) {
    FILE *file = fopen(name, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

/* Appends a gzip member.  */
static inline void write_gzip(const char *name, const void *bytes, size_t size) {
    gzFile file = gzopen(name, "ab");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(gzwrite(file, bytes, (unsigned)size), (int)size);
    ck_assert_int_eq(gzclose(file), Z_OK);
}

static inline size_t read_file(const char *name, unsigned char *bytes, size_t room) {
    FILE *file = fopen(name, "rb");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(bytes, 1, room, file);
    ck_assert_uint_lt(size, room);
    fclose(file);
    return size;
}

/* A sentence: it says each of the parts of SAYS, which are separated by '|', has no line of
   its own and no full stop.  */
static inline void check_sentence(const char *what, gradus_err err, gradus_err wanted,
                                  const gradus_error *why, const char *says) {
    ck_assert_msg(err == wanted, "%s: code %d, expected %d", what, err, wanted);
    size_t length = strlen(why->text);
    ck_assert_msg(length > 0 && why->text[length - 1] != '.' && !strchr(why->text, '\n'),
                  "%s: not a sentence: '%s'", what, why->text);
    ck_assert_int_eq(why->code, wanted);
    while (*says) {
        char part[256];
        size_t span = strcspn(says, "|");
        ck_assert_uint_lt(span, sizeof part);
        memcpy(part, says, span);
        part[span] = '\0';
        ck_assert_msg(strstr(why->text, part) != NULL, "%s: '%s' does not say '%s'", what,
                      why->text, part);
        says += span + (says[span] == '|');
    }
    printf("%s: %s\n", what, why->text);
}

/* Runs the one case of a test program in the folder.  */
static inline int run_tests(const char *name, const TTest *const tests[], size_t count) {
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_add_unchecked_fixture(tcase, enter_folder, leave_folder);
    tcase_set_timeout(tcase, 120); /* under valgrind */
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
