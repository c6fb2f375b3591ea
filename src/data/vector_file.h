/* Saved parameters: an HDF5 file with the dataset /parameters.  */

#ifndef GRADUS_DATA_VECTOR_FILE_H
#define GRADUS_DATA_VECTOR_FILE_H

#include "gradus.h"

/* Reads /parameters, which must have DIMENSION finite numbers.  */
gradus_err gradus_vector_read(const char *path, size_t dimension, double x[],
                              gradus_error *why);

/* Writes /parameters and the attributes problem and method (specifications as text) beside
   PATH and renames it into place.  */
gradus_err gradus_vector_write(const char *path, size_t dimension, const double x[],
                               const char *problem, const char *method, gradus_error *why);

#endif
