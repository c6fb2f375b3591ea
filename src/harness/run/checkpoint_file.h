/* Checkpoints: HDF5 files with everything that a run needs to go on, to the bit, where it
   was, and with what it is a run of.

   The attribute `identity` is a JSON object: version, problem, method and options of the
   run, without those that only say when to stop and how often to look.  Every vector and
   number is a dataset, and so is `note`, bytes of whoever keeps the run, if there are any;
   `crc32` is over identity and datasets.  */

#ifndef GRADUS_HARNESS_RUN_CHECKPOINT_FILE_H
#define GRADUS_HARNESS_RUN_CHECKPOINT_FILE_H

#include "gradus.h"

/* Writes beside PATH and renames it into place; between updates of RUN.  */
gradus_err gradus_checkpoint_write(gradus_run *run, const char *path, gradus_error *why);
gradus_err gradus_checkpoint_write_with(gradus_run *run, const void *note, size_t size,
                                        const char *path, gradus_error *why);

/* Puts RUN, freshly opened on the same problem by the same method with the same options,
   where the written one was.  A file of something else, or one that is not whole, is
   refused with a sentence, and RUN is left alone.  */
gradus_err gradus_checkpoint_read(gradus_run *run, const char *path, gradus_error *why);
/* *NOTE is to be freed with gradus_free; NULL: the file has none.  */
gradus_err gradus_checkpoint_read_with(gradus_run *run, void **note, size_t *size,
                                       const char *path, gradus_error *why);

#endif
