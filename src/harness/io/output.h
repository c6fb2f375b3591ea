/* Files that are either complete or absent: written beside their place and renamed into it.
 */

#ifndef GRADUS_HARNESS_IO_OUTPUT_H
#define GRADUS_HARNESS_IO_OUTPUT_H

#include "gradus.h"

#include <stdio.h>

typedef struct gradus_output {
    FILE *file;           /* not fileno's: it has no descriptor of its own */
    char *path, *partial; /* PARTIAL is path + ".part" */
    struct gradus_sink *sink;
} gradus_output;

/* GRADUS_EINPUT when the file cannot be created there, GRADUS_EIO when the system has no room
   for it, with the system's reason.  */
gradus_err gradus_output_open(gradus_output *out, const char *path, gradus_error *why);
/* Whether two that are open write to the same file.  */
bool gradus_output_is_same(const gradus_output *a, const gradus_output *b);
/* GRADUS_EIO, with the system's reason, when something that has left FILE's buffer did not reach
   the file.  */
gradus_err gradus_output_check(const gradus_output *out, gradus_error *why);
/* Flushes, waits for the disk, closes and renames; GRADUS_EIO, and no file at PATH, when anything
   that was written did not reach the file (disk full).  */
gradus_err gradus_output_commit(gradus_output *out, gradus_error *why);
/* Closes and removes the partial file; does nothing after a commit.  */
void gradus_output_abandon(gradus_output *out);

#endif
