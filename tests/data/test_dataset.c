/* Names of data sets, the real Fashion-MNIST, and want of memory anywhere.  */

#include "data/dataset.h"

#include "base/memory.h"
#include "data/vector_file.h"
#include "files.h"

#include <hdf5.h>
#include <sys/stat.h>

/* In place of the library's: the allocation fails when the budget is spent.  */
static long budget = -1, live; /* negative budget: unlimited */

void *gradus_allocate(size_t count, size_t size) {
    if (budget == 0)
        return NULL;
    budget -= budget > 0;
    void *memory = calloc(count ? count : 1, size ? size : 1);
    live += memory != NULL;
    return memory;
}

void gradus_free(void *memory) {
    live -= memory != NULL;
    free(memory);
}

/* One image of one pixel, and its label.  */
static const unsigned char image[] = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 51};
static const unsigned char label[] = {0, 0, 8, 1, 0, 0, 0, 1, 3};

static void write_pair(const char *prefix, const char *part) {
    char name[256];
    snprintf(name, sizeof name, "%s%s-images-idx3-ubyte", prefix, part);
    write_file(name, image, sizeof image);
    snprintf(name, sizeof name, "%s%s-labels-idx1-ubyte", prefix, part);
    write_file(name, label, sizeof label);
}

static void refuse(const char *name, gradus_part part, const char *says) {
    gradus_dataset data;
    gradus_error why = {0};
    gradus_err err = gradus_dataset_open(&data, name, part, 0, &why);
    check_sentence(name, err, GRADUS_EINPUT, &why, says);
    ck_assert_int_eq(live, 0);
}

START_TEST(unknown_names_get_a_hint) {
    refuse("fasion-mnist", GRADUS_TRAINING,
           "'fasion-mnist' is neither a file nor one of|did you mean 'fashion-mnist'?");
    refuse("minst", GRADUS_TRAINING, "idx:PREFIX; did you mean 'mnist'?");
    refuse("a-file-that-is-not-there.svm", GRADUS_TRAINING, "neither a file nor");
    refuse("", GRADUS_TRAINING, "'' is neither a file nor");
    refuse(".", GRADUS_TRAINING, ".: expected a file, found a folder");
    refuse("/dev/null", GRADUS_TRAINING, "/dev/null: expected a file, found a device");
    write_file("file", "1 1:1\n", 6);
    refuse("file/below", GRADUS_TRAINING, "file/below: Not a directory");
    if (geteuid() != 0) {
        ck_assert_int_eq(chmod("file", 0), 0);
        refuse("file", GRADUS_TRAINING, "file: Permission denied");
    }
    write_file("pixels", image, sizeof image);
    refuse("pixels", GRADUS_TRAINING, "pixels: offset 0: an IDX file; expected idx:PREFIX");
    count_files(true);
}
END_TEST

START_TEST(known_names_are_looked_for_in_the_folder_of_the_user) {
    gradus_dataset data;
    ck_assert_int_eq(unsetenv("GRADUS_DATA"), 0);
    refuse("mnist", GRADUS_TRAINING, "$GRADUS_DATA/mnist (GRADUS_DATA is not set)");
    ck_assert_int_eq(setenv("GRADUS_DATA", "sets", 1), 0);
    refuse("mnist", GRADUS_TRAINING, "$GRADUS_DATA/mnist (GRADUS_DATA is sets)");

    ck_assert_int_eq(mkdir("sets", 0700), 0);
    ck_assert_int_eq(mkdir("sets/fashion-mnist", 0700), 0);
    write_pair("sets/fashion-mnist/", "t10k");
    gradus_err err = gradus_dataset_open(&data, "fashion-mnist", GRADUS_TESTING, 0, NULL);
    ck_assert_int_eq(err, GRADUS_OK);
    ck_assert_uint_eq(data.examples, 1);
    ck_assert_str_eq(data.sources[0].path, "sets/fashion-mnist/t10k-images-idx3-ubyte");
    gradus_dataset_close(&data);
    refuse("fashion-mnist", GRADUS_TRAINING, "sets/fashion-mnist/train-images-idx3-ubyte");

    ck_assert(gradus_dataset_has_test("fashion-mnist"));
    ck_assert(gradus_dataset_has_test("mnist"));
    ck_assert(gradus_dataset_has_test("mnist:size=14:examples=5"));
    ck_assert(gradus_dataset_has_test("curves:size=7"));
    ck_assert(!gradus_dataset_has_test("mnist-14"));
    ck_assert(gradus_dataset_has_test("idx:sets/fashion-mnist/"));
    ck_assert(!gradus_dataset_has_test("idx:sets/"));
    ck_assert(!gradus_dataset_has_test("file.svm"));
    ck_assert_int_eq(live, 0);

    unlink("sets/fashion-mnist/t10k-images-idx3-ubyte");
    unlink("sets/fashion-mnist/t10k-labels-idx1-ubyte");
    rmdir("sets/fashion-mnist");
    rmdir("sets");
}
END_TEST

START_TEST(every_name_is_explained) {
    for (const gradus_dataset_name *one = gradus_dataset_names; one->name; one++)
        ck_assert_msg(one->what && *one->what, "%s", one->name);
    ck_assert_str_eq(gradus_dataset_names[0].name, "fashion-mnist[:KEY=VALUE...]");
}
END_TEST

/* Counts, labels and sums as NumPy finds them in the files of Debian's package.  */
static void check_fashion(gradus_part part, size_t examples, uint64_t sum,
                          uint64_t weighted, const char *checksum) {
    gradus_dataset data;
    gradus_error why = {0};
    gradus_err err = gradus_dataset_open(&data, "fashion-mnist", part, 784, &why);
    ck_assert_msg(err == GRADUS_OK, "%s", why.text);
    ck_assert_uint_eq(data.examples, examples);
    ck_assert_uint_eq(data.features, 784);
    ck_assert_double_eq(data.labels[0], 9);
    ck_assert_double_eq(data.labels[examples - 1], 5);
    ck_assert_str_eq(data.sources[0].checksum, checksum);
    size_t classes[10] = {0};
    for (size_t i = 0; i < examples; i++)
        classes[(size_t)data.labels[i]]++;
    for (size_t i = 0; i < 10; i++)
        ck_assert_uint_eq(classes[i], examples / 10);
    uint64_t sums[2] = {0, 0};
    for (size_t i = 0; i < examples * 784; i++) {
        sums[0] += data.bytes[i];
        sums[1] += data.bytes[i] * (i % 784 + 1);
    }
    ck_assert_uint_eq(sums[0], sum);
    ck_assert_uint_eq(sums[1], weighted);
    gradus_dataset_close(&data);
}

START_TEST(fashion_mnist_is_what_numpy_reads) {
    ck_assert_int_eq(unsetenv("GRADUS_DATA"), 0);
    if (access("/usr/share/datasets/fashion-mnist", F_OK) != 0) {
        puts("Debian's dataset-fashion-mnist is not installed: the real data are skipped");
        refuse("fashion-mnist", GRADUS_TRAINING, "apt-get install dataset-fashion-mnist");
        return;
    }
    check_fashion(GRADUS_TRAINING, 60000, 3431114169, 1413923198216, "crc32:39b5f967");
    check_fashion(GRADUS_TESTING, 10000, 573469082, 236710503601, "crc32:f3050a72");
}
END_TEST

static void fill_folder(void) {
    static const char text[] = "1 1:2 3:4\n2 2:1\n";
    const double x[] = {1, 2, 3, 4}, y[] = {1, 2};
    write_pair("", "train");
    write_gzip("text.gz", text, sizeof text - 1);
    hid_t file = H5Fcreate("data.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate_simple(2, (const hsize_t[]){2, 2}, NULL);
    hid_t set =
        H5Dcreate2(file, "X", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x);
    H5Dclose(set);
    H5Sclose(space);
    space = H5Screate_simple(1, (const hsize_t[]){2}, NULL);
    set =
        H5Dcreate2(file, "y", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, y);
    H5Dclose(set);
    H5Sclose(space);
    H5Fclose(file);
}

/* The k-th allocation fails, for every k there is.  */
START_TEST(want_of_memory_is_reported_and_leaks_nothing) {
    static const char *const names[] = {"idx:", "text.gz", "data.h5", "fashion-mnist"};
    ck_assert_int_eq(setenv("GRADUS_DATA", ".", 1), 0);
    ck_assert_int_eq(mkdir("fashion-mnist", 0700), 0);
    write_pair("fashion-mnist/", "train");
    fill_folder();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        gradus_err err = GRADUS_ENOMEM;
        for (long k = 0; err; k++) {
            gradus_dataset data;
            gradus_error why = {0};
            budget = k;
            err = gradus_dataset_open(&data, names[i], GRADUS_TRAINING, 0, &why);
            budget = -1;
            ck_assert_msg(!err || err == GRADUS_ENOMEM, "%s, allocation %ld: %s", names[i],
                          k, why.text);
            ck_assert_msg(!err || strstr(why.text, ": out of memory"), "%s", why.text);
            if (!err)
                gradus_dataset_close(&data);
            ck_assert_msg(live == 0, "%s, allocation %ld: %ld blocks leak", names[i], k,
                          live);
            ck_assert_int_lt(k, 100);
        }
    }
    unlink("fashion-mnist/train-images-idx3-ubyte");
    unlink("fashion-mnist/train-labels-idx1-ubyte");
    count_files(true);
}
END_TEST

START_TEST(a_vector_is_not_written_without_memory) {
    const double x[] = {1, 2, 3};
    gradus_err err = GRADUS_ENOMEM;
    for (long k = 0; err; k++) {
        budget = k;
        err = gradus_vector_write("x.h5", 3, x, "p", "m", NULL);
        budget = -1;
        ck_assert(!err || err == GRADUS_ENOMEM);
        ck_assert_int_eq(live, 0);
        ck_assert_uint_eq(count_files(false), err ? 0 : 1);
        ck_assert_int_lt(k, 100);
    }
    count_files(true);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {unknown_names_get_a_hint,
                                  known_names_are_looked_for_in_the_folder_of_the_user,
                                  every_name_is_explained,
                                  fashion_mnist_is_what_numpy_reads,
                                  want_of_memory_is_reported_and_leaks_nothing,
                                  a_vector_is_not_written_without_memory};
    return run_tests("dataset", tests, sizeof tests / sizeof *tests);
}
