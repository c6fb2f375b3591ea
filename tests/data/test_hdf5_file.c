/* HDF5: what is read, and what is refused with which sentence.  */

#include "data/dataset.h"
#include "files.h"

#include <hdf5.h>
#include <math.h>

#define NAME "data.h5"

/* Adds an array to the file; ENTRIES may be NULL, which leaves it unwritten.  */
static void add_array(hid_t file, const char *name, hid_t stored, int rank,
                      const hsize_t shape[], hid_t given, const void *entries,
                      bool compressed) {
    hid_t space = H5Screate_simple(rank, shape, NULL), plan = H5Pcreate(H5P_DATASET_CREATE);
    if (compressed || !entries)
        ck_assert_int_ge(H5Pset_chunk(plan, rank, (const hsize_t[]){1, 1, 1}), 0);
    if (compressed)
        ck_assert_int_ge(H5Pset_deflate(plan, 9), 0);
    hid_t set = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    ck_assert_int_ge(set, 0);
    if (entries)
        ck_assert_int_ge(H5Dwrite(set, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, entries), 0);
    H5Dclose(set);
    H5Pclose(plan);
    H5Sclose(space);
}

static hid_t create_file(size_t block) {
    hid_t plan = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(plan, block);
    hid_t file = H5Fcreate(NAME, H5F_ACC_TRUNC, plan, H5P_DEFAULT);
    ck_assert_int_ge(file, 0);
    H5Pclose(plan);
    return file;
}

static const double x[] = {2.385, -1, 0.5, 3, 1e-300, 7}, y[] = {4, -2};
static const hsize_t x_shape[] = {2, 3, 1}, y_shape[] = {2};

/* /X and /y, either of them as one of the shapes above with RANK dimensions, or not (0). */
static void write_pair(const double *features, int x_rank, const double *labels,
                       int y_rank) {
    hid_t file = create_file(0);
    if (x_rank)
        add_array(file, "X", H5T_IEEE_F64LE, x_rank, x_shape, H5T_NATIVE_DOUBLE, features,
                  false);
    if (y_rank)
        add_array(file, "y", H5T_IEEE_F64LE, y_rank, y_shape, H5T_NATIVE_DOUBLE, labels,
                  false);
    H5Fclose(file);
}

static void open_well(gradus_dataset *data) {
    gradus_error why = {0};
    gradus_err err = gradus_dataset_open(data, NAME, GRADUS_TRAINING, 0, &why);
    ck_assert_msg(err == GRADUS_OK, "%s", why.text);
    ck_assert_uint_eq(data->examples, 2);
    ck_assert_uint_eq(data->features, 3);
    ck_assert_double_eq(data->scale, 1.0);
}

START_TEST(doubles_are_read) {
    gradus_dataset data;
    write_pair(x, 2, y, 1);
    open_well(&data);
    ck_assert_int_eq(data.storage, GRADUS_DOUBLES);
    ck_assert_mem_eq(data.doubles, x, sizeof x);
    ck_assert_mem_eq(data.labels, y, sizeof y);
    unsigned char bytes[1 << 14];
    char expected[32];
    size_t size = read_file(NAME, bytes, sizeof bytes);
    snprintf(expected, sizeof expected, "crc32:%08lx", crc32(0, bytes, (uInt)size));
    ck_assert_uint_eq(data.source_count, 1);
    ck_assert_str_eq(data.sources[0].checksum, expected);
    gradus_dataset_close(&data);
}
END_TEST

START_TEST(labels_may_be_missing) {
    gradus_dataset data;
    write_pair(x, 2, NULL, 0);
    open_well(&data);
    ck_assert_ptr_null(data.labels);
    gradus_dataset_close(&data);
}
END_TEST

START_TEST(bytes_stay_bytes) {
    const unsigned char bytes[] = {0, 1, 127, 128, 254, 255};
    gradus_dataset data;
    hid_t file = create_file(0);
    add_array(file, "X", H5T_STD_U8BE, 2, x_shape, H5T_NATIVE_UINT8, bytes, true);
    H5Fclose(file);
    open_well(&data);
    ck_assert_int_eq(data.storage, GRADUS_BYTES);
    ck_assert_ptr_null(data.doubles);
    ck_assert_mem_eq(data.bytes, bytes, sizeof bytes);
    gradus_dataset_close(&data);
}
END_TEST

/* Big-endian singles, signed bytes for labels, compressed, behind a block of the user's. */
START_TEST(other_numbers_become_doubles) {
    const signed char small[] = {-3, 5};
    const float singles[] = {0.1f, 2, 3, 4, 5, -6};
    gradus_dataset data;
    hid_t file = create_file(512);
    add_array(file, "X", H5T_IEEE_F32BE, 2, x_shape, H5T_NATIVE_FLOAT, singles, true);
    add_array(file, "y", H5T_STD_I8LE, 1, y_shape, H5T_NATIVE_SCHAR, small, false);
    H5Fclose(file);
    open_well(&data);
    ck_assert_int_eq(data.storage, GRADUS_DOUBLES);
    for (size_t i = 0; i < 6; i++)
        ck_assert_double_eq(data.doubles[i], singles[i]);
    ck_assert_double_eq(data.labels[0], -3);
    ck_assert_double_eq(data.labels[1], 5);
    gradus_dataset_close(&data);
}
END_TEST

static void refuse(const char *what, const char *says) {
    gradus_dataset data;
    gradus_error why = {0};
    gradus_err err = gradus_dataset_open(&data, NAME, GRADUS_TRAINING, 0, &why);
    check_sentence(what, err, GRADUS_EINPUT, &why, says);
    ck_assert_msg(strncmp(why.text, NAME ": ", strlen(NAME ": ")) == 0, "%s", why.text);
    ck_assert_ptr_null(data.doubles);
    ck_assert_ptr_null(data.bytes);
    ck_assert_ptr_null(data.labels);
}

START_TEST(wrong_arrays_are_refused) {
    double bad[] = {1, 2, 3, 4, NAN, 6}, bad_labels[] = {1, -INFINITY};
    write_pair(NULL, 0, y, 1);
    refuse("no X", "expected an array /X, found none");
    write_pair(x, 1, y, 1);
    refuse("X of one dimension", "/X: expected an array of 2 dimensions, found 1");
    write_pair(x, 3, y, 1);
    refuse("X of three dimensions", "/X: expected an array of 2 dimensions, found 3");
    write_pair(bad, 2, y, 1);
    refuse("NaN in X", "/X[1][1] is nan");
    write_pair(x, 2, bad_labels, 1);
    refuse("infinity in y", "/y[1] is -inf");
    write_pair(NULL, 2, y, 1);
    refuse("unwritten X", "/X: declared, but never written");

    hid_t file = create_file(0);
    add_array(file, "X", H5T_IEEE_F64LE, 2, x_shape, H5T_NATIVE_DOUBLE, x, false);
    add_array(file, "y", H5T_IEEE_F64LE, 1, (const hsize_t[]){3}, H5T_NATIVE_DOUBLE, x,
              false);
    H5Fclose(file);
    refuse("too many labels", "/y: 3 labels, but /X has 2 examples");

    file = create_file(0);
    add_array(file, "X", H5T_IEEE_F64LE, 2, (const hsize_t[]){0, 3}, H5T_NATIVE_DOUBLE, x,
              false);
    H5Fclose(file);
    refuse("no examples", "/X: dimension 1 is 0");

    file = create_file(0);
    add_array(file, "X", H5T_C_S1, 2, x_shape, H5T_C_S1, "abcdef", false);
    H5Fclose(file);
    refuse("text", "/X: expected integers or reals");

    file = create_file(0);
    hid_t group = H5Gcreate2(file, "X", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(group);
    H5Fclose(file);
    refuse("a group", "/X|HDF5 says");
}
END_TEST

/* One entry is written, so that the array takes room, but by far not what it claims.  */
/* Labels as a column, and as the enumeration that h5py makes of booleans.  */
START_TEST(columns_and_booleans_are_labels) {
    static const signed char no = 0, yes = 1, flags[] = {1, 0};
    static const hsize_t column[] = {2, 1};
    hid_t boolean = H5Tenum_create(H5T_NATIVE_INT8);
    H5Tenum_insert(boolean, "FALSE", &no);
    H5Tenum_insert(boolean, "TRUE", &yes);
    for (int enumerated = 0; enumerated < 2; enumerated++) {
        gradus_dataset data;
        hid_t file = create_file(0);
        add_array(file, "X", H5T_IEEE_F64LE, 2, x_shape, H5T_NATIVE_DOUBLE, x, false);
        if (enumerated)
            add_array(file, "y", boolean, 1, y_shape, boolean, flags, false);
        else
            add_array(file, "y", H5T_IEEE_F64LE, 2, column, H5T_NATIVE_DOUBLE, y, true);
        H5Fclose(file);
        open_well(&data);
        ck_assert_double_eq(data.labels[0], enumerated ? 1 : 4);
        ck_assert_double_eq(data.labels[1], enumerated ? 0 : -2);
        gradus_dataset_close(&data);
    }
    H5Tclose(boolean);
}
END_TEST

START_TEST(texts_are_not_labels) {
    static const char names[2][4] = {"cat", "dog"};
    hid_t text = H5Tcopy(H5T_C_S1), file = create_file(0);
    H5Tset_size(text, sizeof *names);
    add_array(file, "X", H5T_IEEE_F64LE, 2, x_shape, H5T_NATIVE_DOUBLE, x, false);
    add_array(file, "y", text, 1, y_shape, text, names, false);
    H5Tclose(text);
    H5Fclose(file);
    refuse("texts", "/y: expected integers or reals, found texts");
}
END_TEST

/* One row of two is written, with and without compression.  */
START_TEST(partly_written_arrays_are_refused) {
    for (int compressed = 0; compressed < 2; compressed++) {
        static const hsize_t origin[] = {0, 0}, row[] = {1, 3};
        hid_t file = create_file(0), space = H5Screate_simple(2, x_shape, NULL);
        hid_t plan = H5Pcreate(H5P_DATASET_CREATE), part = H5Screate_simple(2, row, NULL);
        H5Pset_chunk(plan, 2, row);
        if (compressed)
            H5Pset_deflate(plan, 9);
        hid_t set = H5Dcreate2(file, "X", H5T_IEEE_F64LE, space, H5P_DEFAULT, plan,
                               H5P_DEFAULT);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, origin, NULL, row, NULL);
        ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, part, space, H5P_DEFAULT, x), 0);
        H5Dclose(set);
        H5Sclose(part);
        H5Sclose(space);
        H5Pclose(plan);
        H5Fclose(file);
        refuse("half written", "/X: declared, but only 1 of its 2 chunks");
    }
}
END_TEST

START_TEST(numbers_in_other_files_are_refused) {
    hid_t file = create_file(0), space = H5Screate_simple(2, x_shape, NULL);
    hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(plan, "elsewhere.bin", 0, sizeof x);
    hid_t set =
        H5Dcreate2(file, "X", H5T_IEEE_F64LE, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(plan);
    H5Fclose(file);
    refuse("external", "/X: its numbers are in other files");
}
END_TEST

START_TEST(a_huge_claim_is_refused) {
    const hsize_t shape[] = {(hsize_t)1 << 40, (hsize_t)1 << 10}, one[] = {1, 1};
    hid_t file = create_file(0), plan = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(plan, 2, one);
    hid_t space = H5Screate_simple(2, shape, NULL), memory = H5Screate_simple(2, one, NULL);
    hid_t set =
        H5Dcreate2(file, "X", H5T_IEEE_F64LE, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, (const hsize_t[]){0, 0}, NULL, one, NULL);
    ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, x), 0);
    H5Dclose(set);
    H5Sclose(memory);
    H5Sclose(space);
    H5Pclose(plan);
    H5Fclose(file);
    refuse("huge claim", "/X: claims 1099511627776 x 1024 numbers|no room");
}
END_TEST

START_TEST(damaged_files_are_refused) {
    unsigned char bytes[1 << 14];
    write_pair(x, 2, y, 1);
    size_t size = read_file(NAME, bytes, sizeof bytes);
    write_file(NAME, bytes, size - 1);
    refuse("truncated", "not a whole HDF5 file (HDF5 says: |truncated");
    write_file(NAME, bytes, 8);
    refuse("signature alone", "not a whole HDF5 file (HDF5 says: ");
    unlink(NAME);
    write_gzip(NAME, bytes, size);
    refuse("inside gzip", "an HDF5 file inside gzip");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {columns_and_booleans_are_labels, texts_are_not_labels,
        partly_written_arrays_are_refused, numbers_in_other_files_are_refused,
        doubles_are_read,         labels_may_be_missing,
                                  bytes_stay_bytes,         other_numbers_become_doubles,
                                  wrong_arrays_are_refused, a_huge_claim_is_refused,
                                  damaged_files_are_refused};
    return run_tests("hdf5_file", tests, sizeof tests / sizeof *tests);
}
