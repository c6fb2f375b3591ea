/* What the system says of files, and writing to them.  */

#ifndef GRADUS_BASE_SYSTEM_H
#define GRADUS_BASE_SYSTEM_H

#include "gradus.h"

/* Whose fault the errno REASON is, met in making or writing a file: GRADUS_EIO when the
   system has no room or is broken, GRADUS_EINPUT when another path would have done.  */
gradus_err gradus_system_blame(int reason);

/* All SIZE bytes, however many calls it takes; false with errno set when that fails.  */
bool gradus_system_write(int descriptor, const void *bytes, size_t size);

/* Until what was written to the file is on its disk, so that a power cut after a rename finds
   no empty file; false with errno set when it did not get there.  A file system that cannot
   be asked is not waited for.  */
bool gradus_system_sync(int descriptor);

#endif
