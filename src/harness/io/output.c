/* Files that are either complete or absent.

   The partial file stands in the same folder, so that renaming is atomic.  A symbolic link
   is followed, not replaced.  What is neither absent nor a regular file (a pipe, /dev/null)
   cannot be renamed into and is written in place.  */

#include "harness/io/output.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char SUFFIX[] = ".part";

/* PATH behind its symbolic links, when it exists; else PATH.  */
static char *resolve(const char *path) {
    char *real = realpath(path, NULL);
    char *copy = gradus_text_copy(real ? real : path);
    free(real);
    return copy;
}

static char *partial_name(const char *path) {
    char *name = GRADUS_NEW(strlen(path) + sizeof SUFFIX, char);
    if (name)
        strcat(strcpy(name, path), SUFFIX);
    return name;
}

/* Whether the program prints to this very file, which a rename would cut off from it.  */
static bool is_printed_to(const struct stat *there) {
    struct stat printed;
    for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
        if (fstat(fd, &printed) == 0 && printed.st_dev == there->st_dev &&
            printed.st_ino == there->st_ino)
            return true;
    return false;
}

static void forget(gradus_output *out) {
    gradus_free(out->path);
    gradus_free(out->partial);
    *out = (gradus_output){0};
}

gradus_err gradus_output_open(gradus_output *out, const char *path, gradus_error *why) {
    struct stat there;
    bool exists = stat(path, &there) == 0;
    bool in_place = exists && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
    *out = (gradus_output){.path = resolve(path)};
    if (out->path && !in_place)
        out->partial = partial_name(out->path);
    if (!out->path || !(in_place || out->partial)) {
        forget(out);
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    }
    if (!*path)
        errno = ENOENT; /* though ".part" could be created */
    else if (exists && S_ISDIR(there.st_mode))
        errno = EISDIR;
    else if (exists && !in_place && is_printed_to(&there))
        errno = EBUSY;
    else if (exists && access(path, W_OK) != 0)
        errno = EACCES; /* a rename would replace a file that is protected */
    else
        out->file = fopen(out->partial ? out->partial : out->path, "w");
    if (out->file)
        return GRADUS_OK;
    gradus_fail(why, GRADUS_EINPUT, "%s: cannot be written: %s", path, strerror(errno));
    forget(out);
    return GRADUS_EINPUT;
}

gradus_err gradus_output_commit(gradus_output *out, gradus_error *why) {
    errno = 0;
    bool written = fflush(out->file) == 0 && !ferror(out->file);
    int reason = errno;
    if (fclose(out->file) != 0 && written) {
        written = false;
        reason = errno;
    }
    out->file = NULL;
    if (written && out->partial && rename(out->partial, out->path) != 0) {
        written = false;
        reason = errno;
    }
    if (written) {
        forget(out);
        return GRADUS_OK;
    }
    gradus_fail(why, GRADUS_EIO, "%s: could not be written: %s", out->path,
                reason ? strerror(reason) : "an earlier write failed");
    gradus_output_abandon(out);
    return GRADUS_EIO;
}

void gradus_output_abandon(gradus_output *out) {
    if (out->file)
        fclose(out->file);
    if (out->partial)
        unlink(out->partial);
    forget(out);
}
