/* HDF5 as data, /X and /y, and as saved parameters.  */

#include "base/memory.h"
#include "data/formats.h"
#include "data/vector_file.h"
#include "fuzz/fuzz.h"

#include <hdf5.h>
#include <math.h>

static bool read_data(gradus_dataset *out, const char *path) {
    gradus_error why;
    *out = (gradus_dataset){0};
    gradus_err err = gradus_hdf5_read(out, path, &why);
    if (err)
        gradus_dataset_close(out);
    return fuzz_accepted(err, &why);
}

static void check_data(const gradus_dataset *data) {
    size_t count = data->examples * data->features, sum = 0;
    FUZZ_REQUIRE(count > 0 && count / data->features == data->examples);
    FUZZ_REQUIRE(data->source_count == 1 && !data->bytes == !!data->doubles);
    for (size_t i = 0; i < count; i++)
        if (data->bytes)
            sum += data->bytes[i];
        else
            FUZZ_REQUIRE(isfinite(data->doubles[i]));
    for (size_t i = 0; data->labels && i < data->examples; i++)
        FUZZ_REQUIRE(isfinite(data->labels[i]));
    FUZZ_REQUIRE(sum <= 255 * count);
}

static bool read_parameters(const char *path) {
    enum { DIMENSION = 3 };
    double x[DIMENSION], again[DIMENSION];
    gradus_error why;
    if (!fuzz_accepted(gradus_vector_read(path, DIMENSION, x, &why), &why))
        return false;
    FUZZ_REQUIRE(isfinite(x[0]) && isfinite(x[1]) && isfinite(x[2]));
    const char *copy = fuzz_in_folder("parameters.h5");
    FUZZ_REQUIRE(!gradus_vector_write(copy, DIMENSION, x, "problem", "method", &why));
    FUZZ_REQUIRE(!gradus_vector_read(copy, DIMENSION, again, &why));
    FUZZ_REQUIRE(fuzz_same(x, again, DIMENSION));
    return true;
}

bool fuzz_hdf5(const uint8_t *bytes, size_t size) {
    size_t before = fuzz_live();
    gradus_dataset data;
    fuzz_file file = fuzz_file_in_folder(bytes, size);
    bool accepted = read_data(&data, file.path);
    if (accepted) {
        check_data(&data);
        gradus_dataset_close(&data);
    }
    accepted = read_parameters(file.path) || accepted;
    fuzz_file_close(&file);
    /* Whatever happened, nothing of HDF5's is left open.  */
    FUZZ_REQUIRE(H5Fget_obj_count(H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
