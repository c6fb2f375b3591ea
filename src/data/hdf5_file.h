/* Arrays of numbers in HDF5 files, for the data reader and for saved parameters.

   HDF5 keeps global state and need not be built for threads, so whoever calls these
   functions stands in the critical section `gradus_hdf5`, and between H5E_BEGIN_TRY and
   H5E_END_TRY, so that HDF5 prints nothing.  */

#ifndef GRADUS_DATA_HDF5_FILE_H
#define GRADUS_DATA_HDF5_FILE_H

#include "gradus.h"

#include <hdf5.h>

enum { GRADUS_ARRAY_RANK = 2 };

typedef struct gradus_array {
    const char *path, *name;                /* of the file, of the array in it; borrowed */
    hid_t dataset;                          /* < 0: not open */
    bool bytes;                             /* the entries are unsigned bytes */
    size_t shape[GRADUS_ARRAY_RANK], count; /* count: product of the shape */
} gradus_array;

gradus_err gradus_hdf5_open(hid_t *file, const char *path, gradus_error *why);

/* Opens an array of RANK dimensions, which holds numbers and not more of them than the file
   has room for.  Close it whether or not this succeeds.  */
gradus_err gradus_array_open(gradus_array *array, hid_t file, const char *path,
                             const char *name, int rank, gradus_error *why);
void gradus_array_close(gradus_array *array);

/* Reads all entries as finite doubles, or as the bytes they are.  */
gradus_err gradus_array_read(const gradus_array *array, double entries[],
                             gradus_error *why);
gradus_err gradus_array_read_bytes(const gradus_array *array, unsigned char entries[],
                                   gradus_error *why);

/* The text of an attribute of the file, to be freed.  */
gradus_err gradus_hdf5_read_text(hid_t file, const char *path, const char *name, char **out,
                                 gradus_error *why);

/* Fails with a sentence that ends in the cause that HDF5 recorded.  */
gradus_err gradus_hdf5_fail(gradus_error *why, const char *path, const char *what);

#endif
