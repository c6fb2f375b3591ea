/* Writes the HDF5 seeds, tests/fuzz/seeds/hdf5/NAME, as make_seeds.py does the others:

     h5cc -o make_hdf5 tests/fuzz/make_hdf5.c && ./make_hdf5 tests/fuzz/seeds/hdf5  */

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double numbers[] = {1, -2.5, 1e-300, 4, 5, 6};

static hid_t create(const char *folder, const char *name, int latest) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (latest)
        H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    if (file < 0)
        exit(EXIT_FAILURE);
    return file;
}

enum { PLAIN, DEFLATED, COMPACT, UNWRITTEN };

static void put(hid_t file, const char *name, hid_t type, hid_t memory, int rank,
                const hsize_t shape[], int how, const void *data) {
    hid_t plan = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(rank, shape, NULL);
    H5Pset_obj_track_times(plan, 0);
    if (how == DEFLATED) {
        H5Pset_chunk(plan, rank, shape);
        H5Pset_shuffle(plan);
        H5Pset_deflate(plan, 9);
    }
    if (how == COMPACT)
        H5Pset_layout(plan, H5D_COMPACT);
    hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    if (how != UNWRITTEN)
        H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(plan);
}

static const hsize_t matrix[] = {2, 3}, vector[] = {2}, three[] = {3},
                     huge[] = {1ULL << 29, 1ULL << 29}, none[] = {0, 3};

static void data(const char *folder, const char *name, int latest, hid_t type, int how) {
    hid_t file = create(folder, name, latest);
    put(file, "X", type, H5T_NATIVE_DOUBLE, 2, matrix, how, numbers);
    put(file, "y", H5T_STD_I32BE, H5T_NATIVE_DOUBLE, 1, vector, how, numbers);
    H5Fclose(file);
}

static void one(const char *folder, const char *name, const char *array, int rank,
                const hsize_t shape[], int how) {
    hid_t file = create(folder, name, 1);
    put(file, array, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, rank, shape, how, numbers);
    H5Fclose(file);
}

static void raw(const char *folder, const char *name, const void *bytes, size_t size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        exit(EXIT_FAILURE);
}

int main(int count, char **arguments) {
    const char *folder = count == 2 ? arguments[1] : ".";
    static const double wrong[] = {1, 2, 0.0 / 0.0, 4, 5, 6};
    data(folder, "valid-doubles", 1, H5T_IEEE_F64LE, PLAIN);
    data(folder, "valid-old-layout", 0, H5T_IEEE_F32BE, PLAIN);
    data(folder, "valid-bytes", 1, H5T_STD_U8LE, COMPACT);
    data(folder, "valid-deflated", 1, H5T_STD_I16LE, DEFLATED);
    one(folder, "valid-parameters", "parameters", 1, three, PLAIN);
    one(folder, "wrong-never-written", "X", 2, matrix, UNWRITTEN);
    one(folder, "wrong-huge-and-unwritten", "X", 2, huge, UNWRITTEN);
    one(folder, "wrong-no-rows", "X", 2, none, PLAIN);
    one(folder, "wrong-rank", "X", 1, three, PLAIN);
    one(folder, "wrong-name", "x", 2, matrix, PLAIN);
    hid_t file = create(folder, "wrong-not-finite", 1);
    put(file, "X", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 2, matrix, PLAIN, wrong);
    H5Fclose(file);
    raw(folder, "wrong-empty", "", 0);
    raw(folder, "wrong-magic-number-alone", "\211HDF\r\n\032\n", 8);
    return EXIT_SUCCESS;
}
