/* Files that are either complete or absent.

   The partial file stands in the same folder, so that renaming is atomic.  A symbolic link
   is followed, not replaced.  What is neither absent nor a regular file (a pipe, /dev/null)
   cannot be renamed into and is written in place.

   The stream writes by a function of this file, for stdio keeps that a write has failed but
   not why.  After the first failure nothing more is written.  */

#include "harness/io/output.h"

#include "base/memory.h"
#include "base/system.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
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

/* ---- The stream ---- */

typedef struct gradus_sink {
    int descriptor; /* -1: closed */
    int reason;     /* of the first failure; 0: there was none */
} gradus_sink;

static bool note(gradus_sink *sink, bool done) {
    if (!done && !sink->reason)
        sink->reason = errno;
    return done;
}

static ssize_t sink_write(void *cookie, const char *bytes, size_t size) {
    gradus_sink *sink = cookie;
    bool done = !sink->reason &&
                note(sink, gradus_system_write(sink->descriptor, bytes, size));
    return done ? (ssize_t)size : 0;
}

static int sink_seek(void *cookie, off64_t *offset, int whence) {
    const gradus_sink *sink = cookie;
    *offset = lseek64(sink->descriptor, *offset, whence);
    return *offset < 0 ? -1 : 0;
}

/* Flushes and closes OUT's stream; whether all has reached the disk is in the sink.  */
static void close_stream(gradus_output *out, bool sync) {
    gradus_sink *sink = out->sink;
    if (out->file)
        note(sink, fclose(out->file) == 0);
    if (sync && !sink->reason)
        note(sink, gradus_system_sync(sink->descriptor));
    if (sink->descriptor >= 0)
        note(sink, close(sink->descriptor) == 0);
    out->file = NULL;
    sink->descriptor = -1;
}

static void forget(gradus_output *out) {
    gradus_free(out->path);
    gradus_free(out->partial);
    gradus_free(out->sink);
    *out = (gradus_output){0};
}

/* ---- The file ---- */

static gradus_err no_memory(gradus_output *out, const char *path, gradus_error *why) {
    gradus_output_abandon(out);
    return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
}

/* Why a file at PATH must not be written, as an errno; 0 when it may be.  */
static int objection(const char *path, const struct stat *there, bool exists) {
    if (!*path)
        return ENOENT; /* though ".part" could be created */
    if (!exists)
        return 0;
    if (S_ISDIR(there->st_mode))
        return EISDIR;
    if (S_ISREG(there->st_mode) && is_printed_to(there))
        return EBUSY;
    /* A rename would replace a file that is protected.  */
    return access(path, W_OK) == 0 ? 0 : EACCES;
}

gradus_err gradus_output_open(gradus_output *out, const char *path, gradus_error *why) {
    struct stat there = {0};
    bool exists = stat(path, &there) == 0;
    bool in_place = exists && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
    *out = (gradus_output){.path = resolve(path), .sink = GRADUS_NEW(1, gradus_sink)};
    if (out->sink)
        out->sink->descriptor = -1;
    if (out->path && !in_place)
        out->partial = partial_name(out->path);
    if (!out->path || !out->sink || !(in_place || out->partial))
        return no_memory(out, path, why);
    int reason = objection(path, &there, exists);
    if (!reason) {
        out->sink->descriptor = open(out->partial ? out->partial : out->path,
                                     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        reason = out->sink->descriptor < 0 ? errno : 0;
    }
    if (reason) {
        forget(out);
        return gradus_fail(why, gradus_system_blame(reason), "%s: cannot be written: %s",
                           path, strerror(reason));
    }
    out->file = fopencookie(out->sink, "w",
                            (cookie_io_functions_t){.write = sink_write, .seek = sink_seek});
    return out->file ? GRADUS_OK : no_memory(out, path, why);
}

bool gradus_output_is_same(const gradus_output *a, const gradus_output *b) {
    struct stat left, right;
    return a->file && b->file && fstat(a->sink->descriptor, &left) == 0 &&
           fstat(b->sink->descriptor, &right) == 0 && left.st_dev == right.st_dev &&
           left.st_ino == right.st_ino;
}

gradus_err gradus_output_check(const gradus_output *out, gradus_error *why) {
    if (!out->sink->reason)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EIO, "%s: could not be written: %s", out->path,
                       strerror(out->sink->reason));
}

gradus_err gradus_output_commit(gradus_output *out, gradus_error *why) {
    close_stream(out, out->partial != NULL);
    if (!out->sink->reason && out->partial)
        note(out->sink, rename(out->partial, out->path) == 0);
    gradus_err err = gradus_output_check(out, why);
    if (err)
        gradus_output_abandon(out);
    else
        forget(out);
    return err;
}

void gradus_output_abandon(gradus_output *out) {
    if (out->sink) {
        out->sink->reason = ECANCELED; /* what is buffered need not be written */
        close_stream(out, false);
    }
    if (out->partial)
        unlink(out->partial);
    forget(out);
}
