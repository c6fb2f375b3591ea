/* Files as POSIX has them.  */

#include "base/system.h"

#include <errno.h>
#include <unistd.h>

gradus_err gradus_system_blame(int reason) {
    static const int broken[] = {ENOSPC, EDQUOT, EFBIG, EIO, EMFILE, ENFILE};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (reason == broken[i])
            return GRADUS_EIO;
    return reason == ENOMEM ? GRADUS_ENOMEM : GRADUS_EINPUT;
}

bool gradus_system_write(int descriptor, const void *bytes, size_t size) {
    const char *next = bytes;
    while (size > 0) {
        ssize_t count = write(descriptor, next, size);
        if (count < 0 && errno != EINTR)
            return false;
        next += count > 0 ? count : 0;
        size -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

bool gradus_system_sync(int descriptor) {
    while (fsync(descriptor) != 0)
        if (errno != EINTR)
            return errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
    return true;
}
