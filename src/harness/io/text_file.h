/* Reading a whole file.  */

#ifndef GRADUS_HARNESS_IO_TEXT_FILE_H
#define GRADUS_HARNESS_IO_TEXT_FILE_H

#include "gradus.h"

/* *OUT is the file, NUL-terminated, to be freed with gradus_free; *SIZE leaves that NUL
   out.  GRADUS_EINPUT when PATH cannot be read.  */
gradus_err gradus_text_file_read(const char *path, char **out, size_t *size,
                                 gradus_error *why);

#endif
