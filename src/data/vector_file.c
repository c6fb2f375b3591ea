/* Saved parameters.  */

#include "data/vector_file.h"

#include "data/hdf5_file.h"
#include "data/hdf5_output.h"

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

/* ---- Writing --------------------------------------------------------------------------
 */

typedef struct {
    size_t dimension;
    const double *x;
    const char *problem, *method;
} content_t;

static bool fill(hid_t file, const void *context) {
    const content_t *content = context;
    if (!gradus_hdf5_put(file, DATASET, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
                         content->dimension, content->x))
        return false;
    hid_t dataset = H5Dopen2(file, DATASET, H5P_DEFAULT);
    bool done = dataset >= 0 &&
                gradus_hdf5_put_text(dataset, "problem", content->problem) &&
                gradus_hdf5_put_text(dataset, "method", content->method);
    if (dataset >= 0)
        H5Dclose(dataset);
    return done;
}

gradus_err gradus_vector_write(const char *path, size_t dimension, const double x[],
                               const char *problem, const char *method, gradus_error *why) {
    const content_t content = {dimension, x, problem, method};
    return gradus_hdf5_write(path, fill, &content, why);
}
