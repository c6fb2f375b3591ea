/* Data in HDF5: /X, examples x features, and /y, the labels.  Bytes stay bytes; any other
   numbers become doubles.  */

#include "data/hdf5_file.h"

#include "base/memory.h"
#include "base/memory_limit.h"
#include "data/formats.h"
#include "data/input.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Arrays ---------------------------------------------------------------------------
 */

/* The first entry of HDF5's error stack is where the error arose.  What follows a comma is
   addresses and, over two lines, the time.  */
static herr_t copy_cause(unsigned position, const H5E_error2_t *entry, void *context) {
    if (position == 0 && entry->desc) {
        char *cause = context;
        snprintf(cause, sizeof(((gradus_error *)0)->text) / 2, "%s", entry->desc);
        cause[strcspn(cause, ":,\n")] = '\0';
    }
    return 0;
}

gradus_err gradus_hdf5_fail(gradus_error *why, const char *path, const char *what) {
    char cause[sizeof why->text / 2] = "no cause given";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, copy_cause, cause);
    return gradus_fail(why, GRADUS_EINPUT, "%s: %s (HDF5 says: %s)", path, what, cause);
}

gradus_err gradus_hdf5_open(hid_t *file, const char *path, gradus_error *why) {
    struct stat status;
    *file = -1;
    if (access(path, R_OK) != 0 || stat(path, &status) != 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode)) /* HDF5 would wait for what comes out of a pipe */
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected a file, found %s", path,
                           S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe");
    *file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    return *file >= 0 ? GRADUS_OK : gradus_hdf5_fail(why, path, "not a whole HDF5 file");
}

/* HDF5 takes memory for whatever size a damaged type claims; nobody's numbers are longer
   than this.  */
enum { LONGEST_NUMBER = 16 };

/* What is found where numbers were expected.  */
static const char *name_of(H5T_class_t class) {
    switch (class) {
    case H5T_STRING:
        return "texts";
    case H5T_COMPOUND:
        return "records of several entries (complex numbers are such)";
    case H5T_VLEN:
        return "rows of different lengths";
    case H5T_ARRAY:
        return "arrays";
    case H5T_REFERENCE:
        return "references";
    case H5T_BITFIELD:
        return "bit fields";
    case H5T_INTEGER:
    case H5T_FLOAT:
    case H5T_ENUM:
        return "numbers of more than 16 bytes";
    default:
        return "neither";
    }
}

/* An enumeration is read by its numbers; h5py writes booleans as one.  */
static gradus_err check_type(gradus_array *array, gradus_error *why) {
    hid_t type = H5Dget_type(array->dataset);
    H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    size_t size = type < 0 ? 0 : H5Tget_size(type);
    bool number = class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM;
    /* H5Tequal would tell byte orders apart, which a byte has none of.  */
    array->bytes =
        class == H5T_INTEGER && size == 1 && H5Tget_sign(type) == H5T_SGN_NONE;
    if (type >= 0)
        H5Tclose(type);
    return number && size <= LONGEST_NUMBER
               ? GRADUS_OK
               : gradus_fail(why, GRADUS_EINPUT,
                             "%s: %s: expected integers or reals, found %s", array->path,
                             array->name, name_of(class));
}

/* A column serves as an array of one dimension.  */
static gradus_err get_shape(gradus_array *array, int rank, gradus_error *why) {
    hid_t space = H5Dget_space(array->dataset);
    hsize_t shape[GRADUS_ARRAY_RANK] = {0, 0};
    int found = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
    if (found >= 1 && found <= GRADUS_ARRAY_RANK)
        found = H5Sget_simple_extent_dims(space, shape, NULL);
    if (rank == 1 && found == 2 && shape[1] == 1)
        found = 1;
    if (space >= 0)
        H5Sclose(space);
    if (found != rank)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s: expected an array of %d dimensions, found %d",
                           array->path, array->name, rank, found);
    array->count = 1;
    for (int i = 0; i < rank; i++) {
        array->shape[i] = (size_t)shape[i];
        if (shape[i] == 0)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: %s: dimension %d is 0, expected more", array->path,
                               array->name, i + 1);
        if (__builtin_mul_overflow(array->count, array->shape[i], &array->count))
            array->count = SIZE_MAX;
    }
    return GRADUS_OK;
}

/* Whether all chunks that the shape calls for are there, and fit into memory one by one: HDF5
   fills in what is not, with zeros.  */
static gradus_err check_chunks(const gradus_array *array, hid_t plan, gradus_error *why) {
    hsize_t chunk[GRADUS_ARRAY_RANK] = {1, 1}, there = 0;
    hid_t type = H5Dget_type(array->dataset), space = H5Dget_space(array->dataset);
    int rank = H5Pget_chunk(plan, GRADUS_ARRAY_RANK, chunk);
    double wanted = 1, bytes = type < 0 ? 0 : (double)H5Tget_size(type);
    bool known = type >= 0 && space >= 0 && rank >= 1 &&
                 H5Dget_num_chunks(array->dataset, space, &there) >= 0;
    for (int i = 0; known && i < rank; i++) {
        size_t length = i < GRADUS_ARRAY_RANK && array->shape[i] ? array->shape[i] : 1;
        wanted *= ceil((double)length / (double)chunk[i]);
        bytes *= (double)chunk[i];
    }
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (!known)
        return gradus_hdf5_fail(why, array->path, "cannot be examined");
    if ((double)there < wanted)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s: declared, but only %llu of its %.0f chunks were ever "
                           "written",
                           array->path, array->name, (unsigned long long)there, wanted);
    if (!gradus_memory_fits(bytes))
        return gradus_fail(why, GRADUS_ENOMEM, "%s: %s: out of memory for one chunk",
                           array->path, array->name);
    return GRADUS_OK;
}

/* Numbers that are not in the file itself would be zeros where the other file is gone.  */
static gradus_err check_layout(const gradus_array *array, gradus_error *why) {
    hid_t plan = H5Dget_create_plist(array->dataset);
    H5D_layout_t layout = plan < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(plan);
    gradus_err err = GRADUS_OK;
    if (layout == H5D_LAYOUT_ERROR)
        err = gradus_hdf5_fail(why, array->path, "cannot be examined");
    else if (layout == H5D_VIRTUAL || H5Pget_external_count(plan) > 0)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: %s: its numbers are in other files; expected them in this "
                          "one: copy them into it",
                          array->path, array->name);
    else if (layout == H5D_CHUNKED)
        err = check_chunks(array, plan, why);
    if (plan >= 0)
        H5Pclose(plan);
    return err;
}

/* The entries of a chunk, of which HDF5 holds a whole one; 1 when there are none.  */
static size_t chunk_entries(const gradus_array *array) {
    hsize_t shape[GRADUS_ARRAY_RANK] = {0, 0};
    hid_t plan = H5Dget_create_plist(array->dataset);
    int rank = plan >= 0 && H5Pget_layout(plan) == H5D_CHUNKED
                   ? H5Pget_chunk(plan, GRADUS_ARRAY_RANK, shape)
                   : 0;
    size_t count = 1;
    for (int i = 0; i < rank && i < GRADUS_ARRAY_RANK; i++)
        if (__builtin_mul_overflow(count, (size_t)shape[i], &count))
            count = SIZE_MAX;
    if (plan >= 0)
        H5Pclose(plan);
    return count;
}

/* What is compressed is at most as dense as deflate makes it, and an entry is at least a
   byte; what was never written takes no room at all and would be read as zeros.  */
static gradus_err check_room(const gradus_array *array, hid_t file, gradus_error *why) {
    enum { MOST_EXPANSION = 1032 };
    size_t chunk = chunk_entries(array);
    hsize_t size = 0;
    H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
    if (H5Fget_filesize(file, &size) < 0 ||
        H5Dget_space_status(array->dataset, &status) < 0)
        return gradus_hdf5_fail(why, array->path, "cannot be examined");
    if (status == H5D_SPACE_STATUS_NOT_ALLOCATED)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s: declared, but never written",
                           array->path, array->name);
    if (array->count / MOST_EXPANSION > size)
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: %s: claims %zu x %zu numbers, for which the %llu bytes of the "
            "file have no room",
            array->path, array->name, array->shape[0],
            array->shape[1] ? array->shape[1] : 1, (unsigned long long)size);
    if (chunk / MOST_EXPANSION > size)
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s: claims chunks of %zu numbers, for which the %llu bytes "
                           "of the file have no room",
                           array->path, array->name, chunk, (unsigned long long)size);
    return check_layout(array, why);
}

gradus_err gradus_array_open(gradus_array *array, hid_t file, const char *path,
                             const char *name, int rank, gradus_error *why) {
    *array = (gradus_array){.path = path, .name = name, .dataset = -1};
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected an array %s, found none", path,
                           name);
    array->dataset = H5Dopen2(file, name, H5P_DEFAULT);
    if (array->dataset < 0)
        return gradus_hdf5_fail(why, path, name);
    gradus_err err = check_type(array, why);
    if (!err)
        err = get_shape(array, rank, why);
    return err ? err : check_room(array, file, why);
}

void gradus_array_close(gradus_array *array) {
    if (array->dataset >= 0)
        H5Dclose(array->dataset);
    array->dataset = -1;
}

gradus_err gradus_array_read_bytes(const gradus_array *array, unsigned char entries[],
                                   gradus_error *why) {
    herr_t status =
        H5Dread(array->dataset, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, entries);
    return status >= 0 ? GRADUS_OK : gradus_hdf5_fail(why, array->path, array->name);
}

gradus_err gradus_array_read(const gradus_array *array, double entries[],
                             gradus_error *why) {
    herr_t status =
        H5Dread(array->dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, entries);
    if (status < 0)
        return gradus_hdf5_fail(why, array->path, array->name);
    size_t width = array->shape[1];
    for (size_t i = 0; i < array->count; i++) {
        char column[32] = "";
        if (isfinite(entries[i]))
            continue;
        if (width)
            snprintf(column, sizeof column, "[%zu]", i % width);
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s[%zu]%s is %g, expected finite numbers", array->path,
                           array->name, width ? i / width : i, column, entries[i]);
    }
    return GRADUS_OK;
}

gradus_err gradus_hdf5_read_text(hid_t file, const char *path, const char *name, char **out,
                                 gradus_error *why) {
    *out = NULL;
    hid_t attribute = H5Aexists(file, name) > 0 ? H5Aopen(file, name, H5P_DEFAULT) : -1;
    hid_t type = attribute >= 0 ? H5Aget_type(attribute) : -1;
    bool fits = type >= 0 && H5Tget_class(type) == H5T_STRING &&
                H5Tis_variable_str(type) == 0 && H5Aget_storage_size(attribute) > 0;
    size_t size = fits ? (size_t)H5Aget_storage_size(attribute) : 0;
    gradus_err err = GRADUS_OK;
    if (!fits)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: expected a text %s, found none", path,
                          name);
    else if (!(*out = GRADUS_NEW(size + 1, char))) /* the end of the text is not trusted */
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    else if (H5Aread(attribute, type, *out) < 0)
        err = gradus_hdf5_fail(why, path, name);
    if (type >= 0)
        H5Tclose(type);
    if (attribute >= 0)
        H5Aclose(attribute);
    return err;
}

/* ---- The data set ---------------------------------------------------------------------
 */

static gradus_err read_features(gradus_dataset *out, hid_t file, const char *path,
                                gradus_error *why) {
    gradus_array x;
    gradus_err err = gradus_array_open(&x, file, path, "/X", 2, why);
    if (!err) {
        out->examples = x.shape[0];
        out->features = x.shape[1];
        out->storage = x.bytes ? GRADUS_BYTES : GRADUS_DOUBLES;
        out->scale = 1.0;
        if (x.bytes)
            out->bytes = GRADUS_NEW(x.count, unsigned char);
        else
            out->doubles = GRADUS_NEW(x.count, double);
        if (!out->bytes && !out->doubles)
            err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %zu numbers", path,
                              x.count);
        else
            err = x.bytes ? gradus_array_read_bytes(&x, out->bytes, why)
                          : gradus_array_read(&x, out->doubles, why);
    }
    gradus_array_close(&x);
    return err;
}

static gradus_err read_labels(gradus_dataset *out, hid_t file, const char *path,
                              gradus_error *why) {
    gradus_array y;
    if (H5Lexists(file, "/y", H5P_DEFAULT) == 0)
        return GRADUS_OK;
    gradus_err err = gradus_array_open(&y, file, path, "/y", 1, why);
    if (!err && y.count != out->examples)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: /y: %zu labels, but /X has %zu examples",
                          path, y.count, out->examples);
    if (!err && !(out->labels = GRADUS_NEW(y.count, double)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %zu labels", path,
                          y.count);
    if (!err)
        err = gradus_array_read(&y, out->labels, why);
    gradus_array_close(&y);
    return err;
}

static gradus_err read_arrays(gradus_dataset *out, const char *path, gradus_error *why) {
    hid_t file;
    gradus_err err = gradus_hdf5_open(&file, path, why);
    if (!err)
        err = read_features(out, file, path, why);
    if (!err)
        err = read_labels(out, file, path, why);
    if (file >= 0)
        H5Fclose(file);
    return err;
}

/* The checksum needs a reading of its own, since HDF5 reads where it likes.  */
static gradus_err record(gradus_dataset *out, const char *path, gradus_error *why) {
    gradus_input input;
    unsigned char buffer[4096];
    size_t got = sizeof buffer;
    gradus_err err = gradus_input_open(&input, path, why);
    while (!err && got > 0)
        err = gradus_input_read(&input, buffer, sizeof buffer, &got, why);
    if (!err)
        err = gradus_input_record(&input, out, why);
    gradus_input_close(&input);
    return err;
}

gradus_err gradus_hdf5_read(gradus_dataset *out, const char *path, gradus_error *why) {
    gradus_err err = GRADUS_OK;
#pragma omp critical(gradus_hdf5)
    {
        H5E_BEGIN_TRY { err = read_arrays(out, path, why); }
        H5E_END_TRY
    }
    return err ? err : record(out, path, why);
}

bool gradus_hdf5_has_block(const char *path) {
    htri_t found = 0;
#pragma omp critical(gradus_hdf5)
    {
        H5E_BEGIN_TRY { found = H5Fis_hdf5(path); }
        H5E_END_TRY
    }
    return found > 0;
}
