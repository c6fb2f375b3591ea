/* Results folders.  */

#ifndef GRADUS_HARNESS_IO_FOLDER_H
#define GRADUS_HARNESS_IO_FOLDER_H

#include "gradus.h"

/* Makes PATH and what is missing above it.  GRADUS_EIO when the system has no room for it,
   GRADUS_EINPUT when it may not be made there.  */
gradus_err gradus_folder_make(const char *path, gradus_error *why);

/* Whether PATH is absent or holds nothing.  A partial manifest is nothing: a race was ended
   before it began.  */
gradus_err gradus_folder_empty(const char *path, bool *empty, gradus_error *why);

/* Keeps other races out of the folder until the descriptor *LOCK is closed or the process
   ends, however it ends.  GRADUS_EINPUT when another race is at work there.  */
gradus_err gradus_folder_lock(const char *path, int *lock, gradus_error *why);

/* FOLDER/ and the rest from a printf format; NULL: no memory.  */
char *gradus_folder_path(const char *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
