/* Making and looking at folders.  */

#include "harness/io/folder.h"

#include "base/memory.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/* With the permissions that the user's mask leaves.  */
static bool make_one(const char *path) {
    struct stat there;
    if (mkdir(path, 0777) == 0)
        return true;
    if (errno == EEXIST && stat(path, &there) == 0 && S_ISDIR(there.st_mode))
        return true;
    if (errno == EEXIST)
        errno = ENOTDIR;
    return false;
}

static bool make_all(char *path) {
    for (char *c = path + 1; *c; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        bool made = make_one(path);
        *c = '/';
        if (!made)
            return false;
    }
    return make_one(path);
}

gradus_err gradus_folder_make(const char *path, gradus_error *why) {
    if (!*path)
        return gradus_fail(why, GRADUS_EINPUT, "the name of the results folder is empty");
    char *copy = gradus_text_copy(path);
    if (!copy)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    bool made = make_all(copy);
    int reason = errno;
    gradus_free(copy);
    if (made)
        return GRADUS_OK;
    bool full = reason == ENOSPC || reason == EDQUOT || reason == EIO;
    return gradus_fail(why, full ? GRADUS_EIO : GRADUS_EINPUT,
                       "%s: the folder cannot be made: %s", path, strerror(reason));
}

gradus_err gradus_folder_empty(const char *path, bool *empty, gradus_error *why) {
    DIR *folder = opendir(path);
    *empty = true;
    if (!folder && errno == ENOENT)
        return GRADUS_OK;
    if (!folder)
        return gradus_fail(why, GRADUS_EINPUT, "%s: cannot be used as a folder: %s", path,
                           strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, "manifest.json.part") != 0)
            *empty = false;
    closedir(folder);
    return GRADUS_OK;
}

/* A file system without locks is used without.  */
gradus_err gradus_folder_lock(const char *path, int *lock, gradus_error *why) {
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: the folder cannot be opened: %s", path,
                           strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return gradus_fail(why, GRADUS_EINPUT, "%s: another race is at work in the folder",
                           path);
    return GRADUS_OK;
}

char *gradus_folder_path(const char *folder, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int rest = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t size = strlen(folder) + 1 + (size_t)rest + 1;
    char *path = rest < 0 ? NULL : GRADUS_NEW(size, char);
    if (path) {
        int length = snprintf(path, size, "%s/", folder);
        vsnprintf(path + length, size - (size_t)length, format, arguments);
    }
    va_end(arguments);
    return path;
}
