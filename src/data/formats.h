/* The readers, one for each format, and the generator.  OUT arrives zeroed; the caller closes it, also when a
   reader fails half way.  */

#ifndef GRADUS_DATA_FORMATS_H
#define GRADUS_DATA_FORMATS_H

#include "data/dataset.h"

/* An IDX pair: images of bytes (examples x rows x columns) and labels of bytes.  */
gradus_err gradus_idx_read(gradus_dataset *out, const char *images, const char *labels,
                           gradus_error *why);

/* LIBSVM text, "label index:value index:value".  FEATURES and STORING as in
   gradus_dataset_open_stored.  */
gradus_err gradus_libsvm_read(gradus_dataset *out, const char *path, size_t features,
                              gradus_storing storing, gradus_error *why);

/* Generated data: `random` or `words`, then ":key=value" as often as there is one to say.
   FEATURES is the default of that key, or 0.  */
bool gradus_generate_knows(const char *name);
gradus_err gradus_generate(gradus_dataset *out, const char *name, size_t features,
                           gradus_storing storing, gradus_error *why);

/* HDF5: /X, examples x features, and /y, examples, if it is there.  */
gradus_err gradus_hdf5_read(gradus_dataset *out, const char *path, gradus_error *why);

/* Images of curves, without labels.  */
gradus_err gradus_curves_draw(gradus_dataset *out, gradus_part part, gradus_error *why);

/* Leaves of a set of images, as bytes, what OPTIONS, "key=value:key=value", say: the first
   ones, and their pixels in squares.  NAME is for messages.  */
gradus_err gradus_images_reduce(gradus_dataset *set, const char *name, const char *options,
                                gradus_part part, gradus_error *why);

/* Whether there is HDF5 in the file, maybe behind a block of the user's.  */
bool gradus_hdf5_has_block(const char *path);

#endif
