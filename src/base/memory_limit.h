/* How much memory there is: what the system has available, what control groups and limits of
   the process leave, less what was allocated and not yet touched.  Linux gives an untouched
   block whatever its size and ends the process when it is used; so a large request is
   compared with what there is before it is granted.  */

#ifndef GRADUS_BASE_MEMORY_LIMIT_H
#define GRADUS_BASE_MEMORY_LIMIT_H

#include "gradus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that can still be taken; UINT64_MAX when no limit is known.  */
uint64_t gradus_memory_available(void);

/* The same by control groups alone.  GROUPS is the text of /proc/self/cgroup, FOLDER where
   the groups are mounted, which is /sys/fs/cgroup.  */
uint64_t gradus_memory_in_groups(const char *folder, const char *groups);

/* Whether a sum of BYTES, which is a double so that it cannot overflow, can be taken; for
   who knows it before taking any.  What is refused is noted for the next sentence of this
   thread.  */
bool gradus_memory_fits(double bytes);

/* For the allocator: the same of a block, and that it was taken, given back or refused.  */
bool gradus_memory_admits(size_t bytes);
void gradus_memory_took(size_t bytes);
void gradus_memory_gave_back(size_t bytes);
void gradus_memory_refused(double bytes);

/* The largest request refused on this thread since the last call, as an addition to a
   sentence, such as " (16 GiB asked for, 8 GiB taken before, 11 GiB available)"; "" when
   none was.  gradus_fail adds it to whatever is said with GRADUS_ENOMEM.  */
enum { GRADUS_MEMORY_TEXT = 160 };
const char *gradus_memory_explain(char text[GRADUS_MEMORY_TEXT]);

#endif
