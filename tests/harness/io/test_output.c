/* Complete or absent.  */

#include "harness/io/output.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every test has a folder of its own, which must be empty again at the end but for what the
   test says.  */
static char folder[] = "test-output-XXXXXX";
static char path[64], partial[80];

static void set_up(void) {
    strcpy(folder + strlen("test-output-"), "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(partial, sizeof partial, "%s.part", path);
}

static void tear_down(void) {
    unlink(path);
    ck_assert_msg(rmdir(folder) == 0, "something was left in %s", folder);
}

static bool exists(const char *name) { return access(name, F_OK) == 0; }

static void assert_holds(const char *name, const char *want) {
    char text[64] = "";
    FILE *file = fopen(name, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(text, 1, sizeof text - 1, file), strlen(want));
    fclose(file);
    ck_assert_str_eq(text, want);
}

static void write_file(const char *name, const char *text) {
    gradus_output out;
    ck_assert_int_eq(gradus_output_open(&out, name, NULL), GRADUS_OK);
    fputs(text, out.file);
    ck_assert_int_eq(gradus_output_commit(&out, NULL), GRADUS_OK);
    ck_assert_ptr_null(out.file);
    gradus_output_abandon(&out); /* does nothing */
}

START_TEST(appears_when_committed) {
    gradus_output out;
    gradus_error why;
    ck_assert_int_eq(gradus_output_open(&out, path, &why), GRADUS_OK);
    fputs("whole", out.file);
    ck_assert(!exists(path) && exists(partial));
    ck_assert_int_eq(gradus_output_commit(&out, &why), GRADUS_OK);
    ck_assert(exists(path) && !exists(partial));
    assert_holds(path, "whole");
    gradus_output_abandon(&out);
    ck_assert(exists(path));
}
END_TEST

START_TEST(abandoned_leaves_what_was_there) {
    gradus_output out;
    write_file(path, "old");
    ck_assert_int_eq(gradus_output_open(&out, path, NULL), GRADUS_OK);
    fputs("new", out.file);
    gradus_output_abandon(&out);
    ck_assert(!exists(partial));
    assert_holds(path, "old");
}
END_TEST

START_TEST(refused_where_it_cannot_be_created) {
    gradus_output out;
    gradus_error why;
    char name[80];
    snprintf(name, sizeof name, "%s/no/file", folder);
    ck_assert_int_eq(gradus_output_open(&out, name, &why), GRADUS_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, name));
    ck_assert_ptr_nonnull(strstr(why.text, "No such file or directory"));
    gradus_output_abandon(&out);
    ck_assert_int_eq(gradus_output_open(&out, folder, &why), GRADUS_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "Is a directory"));
    gradus_output_abandon(&out);
}
END_TEST

START_TEST(link_is_followed) {
    char target[80];
    struct stat status;
    snprintf(target, sizeof target, "%s/target", folder);
    write_file(target, "old");
    ck_assert_int_eq(symlink("target", path), 0);
    write_file(path, "new");
    ck_assert(lstat(path, &status) == 0 && S_ISLNK(status.st_mode));
    assert_holds(target, "new");
    unlink(target);
}
END_TEST

START_TEST(full_disk_is_noticed) {
    gradus_output out;
    gradus_error why;
    if (!exists("/dev/full"))
        return;
    ck_assert_int_eq(gradus_output_open(&out, "/dev/full", &why), GRADUS_OK);
    ck_assert_ptr_null(out.partial); /* a device is written in place */
    fputs("text", out.file);
    ck_assert_int_eq(gradus_output_commit(&out, &why), GRADUS_EIO);
    ck_assert_str_eq(why.text, "/dev/full: could not be written: No space left on device");
}
END_TEST

/* An error that the stream met earlier, all of it flushed since.  */
START_TEST(earlier_error_is_not_forgotten) {
    gradus_output out;
    gradus_error why;
    if (!exists("/dev/full"))
        return;
    ck_assert_int_eq(gradus_output_open(&out, "/dev/full", &why), GRADUS_OK);
    fputs("text", out.file);
    ck_assert_int_eq(fflush(out.file), EOF);
    ck_assert_int_eq(gradus_output_commit(&out, &why), GRADUS_EIO);
}
END_TEST

START_TEST(failed_rename_leaves_nothing) {
    gradus_output out;
    gradus_error why;
    ck_assert_int_eq(gradus_output_open(&out, path, &why), GRADUS_OK);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(gradus_output_commit(&out, &why), GRADUS_EIO);
    ck_assert(!exists(partial));
    rmdir(path);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("files");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, appears_when_committed);
    tcase_add_test(tests, abandoned_leaves_what_was_there);
    tcase_add_test(tests, refused_where_it_cannot_be_created);
    tcase_add_test(tests, link_is_followed);
    tcase_add_test(tests, full_disk_is_noticed);
    tcase_add_test(tests, earlier_error_is_not_forgotten);
    tcase_add_test(tests, failed_rename_leaves_nothing);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
