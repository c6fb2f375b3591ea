/* Files made in memory.  */

#include "data/hdf5_output.h"

#include "base/memory.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- The file in memory ---------------------------------------------------------------
 */

bool gradus_hdf5_put_text(hid_t object, const char *name, const char *text) {
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    bool done = type >= 0 && space >= 0 && H5Tset_size(type, strlen(text) + 1) >= 0 &&
                H5Tset_cset(type, H5T_CSET_UTF8) >= 0;
    hid_t attribute =
        done ? H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT) : -1;
    done = attribute >= 0 && H5Awrite(attribute, type, text) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return done;
}

bool gradus_hdf5_put(hid_t file, const char *name, hid_t disk, hid_t memory, size_t count,
                     const void *data) {
    hsize_t shape = count;
    hid_t space = H5Screate_simple(1, &shape, NULL), plan = H5Pcreate(H5P_DATASET_CREATE);
    hid_t links = H5Pcreate(H5P_LINK_CREATE);
    bool done = space >= 0 && plan >= 0 && links >= 0 &&
                H5Pset_obj_track_times(plan, false) >= 0 &&
                H5Pset_create_intermediate_group(links, true) >= 0;
    hid_t dataset =
        done ? H5Dcreate2(file, name, disk, space, links, plan, H5P_DEFAULT) : -1;
    done =
        dataset >= 0 && H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
    if (dataset >= 0)
        H5Dclose(dataset);
    if (links >= 0)
        H5Pclose(links);
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
static unsigned char *make_image(size_t *size, gradus_hdf5_filler fill,
                                 const void *context) {
    enum { INCREMENT = 1 << 20 };
    unsigned char *image = NULL;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = access >= 0 && H5Pset_fapl_core(access, INCREMENT, false) >= 0
                     ? H5Fcreate("in memory", H5F_ACC_TRUNC, H5P_DEFAULT, access)
                     : -1;
    if (file >= 0 && fill(file, context))
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
    int reason = errno;
    return gradus_fail(why, gradus_system_blame(reason), "%s: could not be written: %s", path,
                       strerror(reason));
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
        return fail_system(path, why);
    gradus_err err = GRADUS_OK;
    if (!gradus_system_write(descriptor, bytes, size) || !gradus_system_sync(descriptor))
        err = fail_system(path, why);
    if (close(descriptor) != 0 && !err)
        err = fail_system(path, why);
    if (!err && rename(part, path) != 0)
        err = fail_system(path, why);
    if (err)
        unlink(part);
    return err;
}

gradus_err gradus_hdf5_write(const char *path, gradus_hdf5_filler fill, const void *context,
                             gradus_error *why) {
    unsigned char *image = NULL;
    size_t size = 0, length = strlen(path) + sizeof ".part";
    char *part = GRADUS_NEW(length, char);
    if (part) {
        snprintf(part, length, "%s.part", path);
#pragma omp critical(gradus_hdf5)
        {
            H5E_BEGIN_TRY { image = make_image(&size, fill, context); }
            H5E_END_TRY
        }
    }
    gradus_err err = image ? put(path, part, image, size, why)
                           : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    gradus_free(image);
    gradus_free(part);
    return err;
}
