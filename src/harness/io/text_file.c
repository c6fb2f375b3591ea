/* Reading a whole file.  */

#include "harness/io/text_file.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static gradus_err read_open(FILE *file, const char *path, char **out, size_t *size,
                            gradus_error *why) {
    struct stat info;
    if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode))
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected a file", path);
    *size = (size_t)info.st_size;
    *out = GRADUS_NEW(*size + 1, char);
    if (!*out)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (fread(*out, 1, *size, file) == *size)
        return GRADUS_OK;
    gradus_free(*out);
    *out = NULL;
    return gradus_fail(why, GRADUS_EINPUT, "%s: cannot be read: %s", path,
                       ferror(file) ? strerror(errno) : "it became shorter");
}

gradus_err gradus_text_file_read(const char *path, char **out, size_t *size,
                                 gradus_error *why) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return gradus_fail(why, GRADUS_EINPUT, "%s: cannot be read: %s", path,
                           strerror(errno));
    gradus_err err = read_open(file, path, out, size, why);
    fclose(file);
    return err;
}
