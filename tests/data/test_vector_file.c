/* Saved parameters: what is written is read back, and failures leave nothing behind.  */

#include "data/vector_file.h"
#include "files.h"

#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define NAME "x.h5"

static const double x[] = {2.385, -0.0, 1e-310, 1.7976931348623157e308, -7};
enum { COUNT = sizeof x / sizeof *x };

static void write_well(const char *path) {
    gradus_error why = {0};
    gradus_err err =
        gradus_vector_write(path, COUNT, x, "softmax:data=a", "lbfgs:memory=5", &why);
    ck_assert_msg(err == GRADUS_OK, "%s", why.text);
}

START_TEST(the_same_bits_come_back) {
    double back[COUNT] = {0};
    write_well(NAME);
    ck_assert_uint_eq(count_files(false), 1);
    ck_assert_int_eq(gradus_vector_read(NAME, COUNT, back, NULL), GRADUS_OK);
    ck_assert_mem_eq(back, x, sizeof x);

    char text[64] = "";
    hid_t file = H5Fopen(NAME, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, "/parameters", H5P_DEFAULT);
    hid_t attribute = H5Aopen(set, "method", H5P_DEFAULT), type = H5Aget_type(attribute);
    ck_assert_int_ge(H5Aread(attribute, type, text), 0);
    ck_assert_str_eq(text, "lbfgs:memory=5");
    ck_assert_int_gt(H5Aexists(set, "problem"), 0);
    H5Tclose(type);
    H5Aclose(attribute);
    H5Dclose(set);
    H5Fclose(file);
}
END_TEST

START_TEST(equal_vectors_make_equal_files) {
    unsigned char first[1 << 14], second[1 << 14];
    write_well(NAME);
    size_t size = read_file(NAME, first, sizeof first);
    write_well(NAME);
    ck_assert_uint_eq(read_file(NAME, second, sizeof second), size);
    ck_assert_mem_eq(first, second, size);

    H5O_info_t info; /* HDF5's own habit is to store the second of writing */
    hid_t file = H5Fopen(NAME, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t set = H5Dopen2(file, "/parameters", H5P_DEFAULT);
    ck_assert_int_ge(H5Oget_info2(set, &info, H5O_INFO_TIME), 0);
    ck_assert(info.mtime == 0 && info.ctime == 0);
    H5Dclose(set);
    H5Fclose(file);
}
END_TEST

static void refuse_read(const char *what, const char *path, size_t dimension,
                        const char *says) {
    double back[2 * COUNT];
    gradus_error why = {0};
    gradus_err err = gradus_vector_read(path, dimension, back, &why);
    check_sentence(what, err, GRADUS_EINPUT, &why, says);
    ck_assert_msg(strncmp(why.text, path, strlen(path)) == 0, "%s", why.text);
}

START_TEST(unfit_files_are_refused) {
    unsigned char bytes[1 << 14];
    const double bad[] = {1, NAN};
    refuse_read("missing", "absent.h5", COUNT, "absent.h5: No such file");
    refuse_read("a folder", ".", COUNT, "expected a file, found a folder");
    write_well(NAME);
    refuse_read("wrong length", NAME, COUNT + 1,
                "/parameters has 5 numbers, the problem has 6 parameters");
    size_t size = read_file(NAME, bytes, sizeof bytes);
    write_file(NAME, bytes, size - 1);
    refuse_read("truncated", NAME, COUNT, "not a whole HDF5 file|truncated");
    write_file(NAME, "parameters", 10);
    refuse_read("text", NAME, COUNT, "not a whole HDF5 file");
    H5Fclose(H5Fcreate(NAME, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    refuse_read("empty", NAME, COUNT, "expected an array /parameters, found none");
    ck_assert_int_eq(gradus_vector_write(NAME, 2, bad, "", "", NULL), GRADUS_OK);
    refuse_read("not finite", NAME, 2, "/parameters[1] is nan");
}
END_TEST

static void refuse_write(const char *what, const char *path, gradus_err code,
                         const char *says) {
    size_t before = count_files(false);
    gradus_error why = {0};
    gradus_err err = gradus_vector_write(path, COUNT, x, "p", "m", &why);
    check_sentence(what, err, code, &why, says);
    ck_assert_uint_eq(count_files(false), before);
}

START_TEST(what_cannot_be_written_leaves_nothing) {
    count_files(true);
    refuse_write("no folder", "absent/x.h5", GRADUS_EINPUT,
                 "absent/x.h5: could not be written: No such file");
    ck_assert_int_eq(mkdir("taken", 0700), 0);
    refuse_write("a folder in the way", "taken", GRADUS_EINPUT,
                 "taken: expected a regular file");
    ck_assert_int_eq(rmdir("taken"), 0);

    struct rlimit before, small;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1000; /* bytes, fewer than an HDF5 file has */
    write_well(NAME);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    int limited = setrlimit(RLIMIT_FSIZE, &small);
    /* Nothing is asserted under the limit, for Check writes files too.  */
    gradus_error why = {0};
    gradus_err err = gradus_vector_write(NAME, COUNT, x, "p", "m", &why);
    int restored = setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    ck_assert(limited == 0 && restored == 0);
    check_sentence("no room", err, GRADUS_EIO, &why, NAME ": could not be written: File too large");
    ck_assert_int_ne(access(NAME ".part", F_OK), 0);
    double back[COUNT]; /* what was there before still is */
    ck_assert_int_eq(gradus_vector_read(NAME, COUNT, back, NULL), GRADUS_OK);

    if (geteuid() == 0) {
        puts("run by root, to whom every folder is writable: one case skipped");
        return;
    }
    ck_assert_int_eq(chmod(".", 0500), 0);
    refuse_write("closed folder", "y.h5", GRADUS_EINPUT, "y.h5: could not be written: Permission denied");
    ck_assert_int_eq(chmod(".", 0700), 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_same_bits_come_back, equal_vectors_make_equal_files,
                                  unfit_files_are_refused,
                                  what_cannot_be_written_leaves_nothing};
    return run_tests("vector_file", tests, sizeof tests / sizeof *tests);
}
