/* Writing HDF5 files that are either complete or absent.  The file is made in memory and
   written by ourselves: when the disk fills up, HDF5 can neither finish nor forget a file
   of its own.  */

#ifndef GRADUS_DATA_HDF5_OUTPUT_H
#define GRADUS_DATA_HDF5_OUTPUT_H

#include "gradus.h"

#include <hdf5.h>

/* Fills an empty file; nothing but a lack of memory makes it return false.  */
typedef bool (*gradus_hdf5_filler)(hid_t file, const void *context);

/* Makes a file, writes it beside PATH and renames it into place.  What is at PATH and not a
   regular file is not replaced.  */
gradus_err gradus_hdf5_write(const char *path, gradus_hdf5_filler fill, const void *context,
                             gradus_error *why);

/* For fillers.  A vector of COUNT numbers, of type MEMORY here and DISK in the file, in
   groups that are made as needed; the same without the time of writing, so that equal
   contents make equal files.  */
bool gradus_hdf5_put(hid_t file, const char *name, hid_t disk, hid_t memory, size_t count,
                     const void *data);
bool gradus_hdf5_put_text(hid_t object, const char *name, const char *text);

#endif
