/* Which library this is.  */

#include "gradus.h"

#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, patch)                                                  \
    TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *gradus_version(void) {
    return VERSION_TEXT(GRADUS_VERSION_MAJOR, GRADUS_VERSION_MINOR, GRADUS_VERSION_PATCH);
}

gradus_err gradus_check_version(int major, int minor, gradus_error *why) {
    bool released = GRADUS_VERSION_MAJOR > 0;
    bool ok = major == GRADUS_VERSION_MAJOR &&
              (released ? minor <= GRADUS_VERSION_MINOR : minor == GRADUS_VERSION_MINOR);
    if (ok)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "the program was compiled for gradus %d.%d, but the library is %s",
                       major, minor, gradus_version());
}
