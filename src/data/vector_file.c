/* Saved parameters.  The file is made in memory and written by ourselves: when the disk
   fills up, HDF5 can neither finish nor forget a file of its own.  */

#include "data/vector_file.h"

#include "core/memory.h"
#include "data/hdf5_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char DATASET[] = "/parameters";

/* ---- Reading --------------------------------------------------------------------------
 */

static gradus_err read_vector(const char *path, size_t dimension, double x[],
                              gradus_error *why) {
    hid_t file;
    gradus_array array = {.dataset = -1};
    gradus_err err = gradus_hdf5_open(&file, path, why);
    if (!err)
        err = gradus_array_open(&array, file, path, DATASET, 1, why);
    if (!err && array.count != dimension)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: %s has %zu numbers, the problem has %zu parameters", path,
                          DATASET, array.count, dimension);
    if (!err)
        err = gradus_array_read(&array, x, why);
    gradus_array_close(&array);
    if (file >= 0)
        H5Fclose(file);
    return err;
}

gradus_err gradus_vector_read(const char *path, size_t dimension, double x[],
                              gradus_error *why) {
    gradus_err err = GRADUS_OK;
#pragma omp critical(gradus_hdf5)
    {
        H5E_BEGIN_TRY { err = read_vector(path, dimension, x, why); }
        H5E_END_TRY
    }
    return err;
}

/* ---- The file in memory ---------------------------------------------------------------
 */

static bool write_attribute(hid_t dataset, const char *name, const char *text) {
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    bool done = type >= 0 && space >= 0 && H5Tset_size(type, strlen(text) + 1) >= 0 &&
                H5Tset_cset(type, H5T_CSET_UTF8) >= 0;
    hid_t attribute =
        done ? H5Acreate2(dataset, name, type, space, H5P_DEFAULT, H5P_DEFAULT) : -1;
    done = attribute >= 0 && H5Awrite(attribute, type, text) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return done;
}

/* Without the time of writing, so that equal runs save equal files.  */
static bool write_dataset(hid_t file, size_t dimension, const double x[],
                          const char *problem, const char *method) {
    hsize_t shape = dimension;
    hid_t space = H5Screate_simple(1, &shape, NULL), plan = H5Pcreate(H5P_DATASET_CREATE);
    hid_t dataset = space >= 0 && plan >= 0 && H5Pset_obj_track_times(plan, false) >= 0
                        ? H5Dcreate2(file, DATASET, H5T_IEEE_F64LE, space, H5P_DEFAULT,
                                     plan, H5P_DEFAULT)
                        : -1;
    bool done =
        dataset >= 0 &&
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0 &&
        write_attribute(dataset, "problem", problem) &&
        write_attribute(dataset, "method", method);
    if (dataset >= 0)
        H5Dclose(dataset);
    if (plan >= 0)
        H5Pclose(plan);
    if (space >= 0)
        H5Sclose(space);
    return done;
}

/* The bytes of a file that HDF5 keeps in memory.  */
static unsigned char *copy_image(hid_t file, size_t *size) {
    ssize_t length =
        H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file, NULL, 0);
    unsigned char *image = length > 0 ? GRADUS_NEW((size_t)length, unsigned char) : NULL;
    if (image && H5Fget_file_image(file, image, (size_t)length) != length) {
        gradus_free(image);
        return NULL;
    }
    *size = (size_t)length;
    return image;
}

/* Nothing but a lack of memory makes this fail: the result is then NULL.  */
static unsigned char *make_image(size_t *size, size_t dimension, const double x[],
                                 const char *problem, const char *method) {
    enum { INCREMENT = 1 << 20 };
    unsigned char *image = NULL;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = access >= 0 && H5Pset_fapl_core(access, INCREMENT, false) >= 0
                     ? H5Fcreate("in memory", H5F_ACC_TRUNC, H5P_DEFAULT, access)
                     : -1;
    if (file >= 0 && write_dataset(file, dimension, x, problem, method))
        image = copy_image(file, size);
    if (file >= 0)
        H5Fclose(file);
    if (access >= 0)
        H5Pclose(access);
    return image;
}

/* ---- The file on disk -----------------------------------------------------------------
 */

static gradus_err fail_system(const char *path, gradus_error *why) {
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EIO;
    return gradus_fail(why, full ? GRADUS_EIO : GRADUS_EINPUT, "%s: %s", path,
                       strerror(errno));
}

static bool write_all(int descriptor, const unsigned char *bytes, size_t size) {
    while (size > 0) {
        ssize_t count = write(descriptor, bytes, size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        bytes += count;
        size -= (size_t)count;
    }
    return true;
}

/* Writes PART and moves it to PATH; a failure leaves neither behind.  What is not a regular
   file, such as a device, is not to be replaced by one.  */
static gradus_err put(const char *path, const char *part, const unsigned char *bytes,
                      size_t size, gradus_error *why) {
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected a regular file", path);
    int descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return fail_system(part, why);
    gradus_err err = GRADUS_OK;
    if (!write_all(descriptor, bytes, size) || fsync(descriptor) != 0)
        err = fail_system(part, why);
    if (close(descriptor) != 0 && !err)
        err = fail_system(part, why);
    if (!err && rename(part, path) != 0)
        err = fail_system(path, why);
    if (err)
        unlink(part);
    return err;
}

gradus_err gradus_vector_write(const char *path, size_t dimension, const double x[],
                               const char *problem, const char *method, gradus_error *why) {
    unsigned char *image = NULL;
    size_t size = 0, length = strlen(path) + sizeof ".part";
    char *part = GRADUS_NEW(length, char);
    if (part) {
        snprintf(part, length, "%s.part", path);
#pragma omp critical(gradus_hdf5)
        {
            H5E_BEGIN_TRY { image = make_image(&size, dimension, x, problem, method); }
            H5E_END_TRY
        }
    }
    gradus_err err = image ? put(path, part, image, size, why)
                           : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    gradus_free(image);
    gradus_free(part);
    return err;
}
