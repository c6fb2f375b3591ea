/* Reading plain and gzip files.  zlib's own gzread is not used because it passes over what
   follows the compressed data, and cannot give the checksum of the file.  */

#include "data/input.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RAW_SIZE = 1 << 16,
    MOST_AT_ONCE = 1 << 30, /* zlib counts in unsigned int, read in ssize_t */
    MOST_EXPANSION = 1032,  /* of deflate: 258 bytes from two bits, zlib.net/zlib_tech */
    GZIP_WINDOW = MAX_WBITS + 16 /* inflateInit2: a gzip header and trailer */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* ---- From disk ------------------------------------------------------------------------
 */

/* Fills BUFFER, less only at the end of the file.  */
static gradus_err take(gradus_input *input, unsigned char *buffer, size_t size, size_t *got,
                       gradus_error *why) {
    *got = 0;
    while (*got < size) {
        size_t wanted = smaller(size - *got, MOST_AT_ONCE);
        ssize_t count = read(input->descriptor, buffer + *got, wanted);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return gradus_fail(why, GRADUS_EINPUT, "%s: %s", input->path, strerror(errno));
        if (count == 0)
            break;
        input->crc = crc32(input->crc, buffer + *got, (uInt)count);
        *got += (size_t)count;
    }
    input->taken += *got;
    return GRADUS_OK;
}

static gradus_err refill(gradus_input *input, gradus_error *why) {
    size_t got;
    gradus_err err = take(input, input->raw, RAW_SIZE, &got, why);
    input->stream.next_in = input->raw;
    input->stream.avail_in = (uInt)got;
    return err;
}

static gradus_err read_plain(gradus_input *input, unsigned char *buffer, size_t size,
                             size_t *got, gradus_error *why) {
    size_t ready = smaller(size, input->stream.avail_in);
    memcpy(buffer, input->stream.next_in, ready);
    input->stream.next_in += ready;
    input->stream.avail_in -= (uInt)ready;
    gradus_err err = take(input, buffer + ready, size - ready, got, why);
    *got += ready;
    return err;
}

/* ---- From gzip ------------------------------------------------------------------------
 */

static voidpf allocate(voidpf context, uInt count, uInt size) {
    (void)context;
    return gradus_allocate(count, size);
}

static void release(voidpf context, voidpf memory) {
    (void)context;
    gradus_free(memory);
}

static gradus_err damaged(const gradus_input *input, const char *how, gradus_error *why) {
    return gradus_fail(
        why, GRADUS_EINPUT,
        "%s: offset %llu of the compressed file: the gzip data are %s%s%s", input->path,
        (unsigned long long)(input->taken - input->stream.avail_in), how,
        input->stream.msg ? ": " : "", input->stream.msg ? input->stream.msg : "");
}

/* Decompresses as much as one call gives.  */
static gradus_err inflate_some(gradus_input *input, gradus_error *why) {
    bool first = input->between;
    if (first)
        inflateReset(&input->stream);
    input->between = false;
    switch (inflate(&input->stream, Z_NO_FLUSH)) {
    case Z_OK:
        return GRADUS_OK;
    case Z_STREAM_END:
        input->between = true;
        return GRADUS_OK;
    case Z_MEM_ERROR:
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", input->path);
    default:
        return damaged(input, first ? "followed by something else" : "damaged", why);
    }
}

static gradus_err read_compressed(gradus_input *input, unsigned char *buffer, size_t size,
                                  size_t *got, gradus_error *why) {
    z_stream *stream = &input->stream;
    for (*got = 0; *got < size;) {
        gradus_err err = stream->avail_in ? GRADUS_OK : refill(input, why);
        if (err)
            return err;
        if (!stream->avail_in)
            return input->between ? GRADUS_OK : damaged(input, "cut short", why);
        size_t room = smaller(size - *got, MOST_AT_ONCE);
        stream->next_out = buffer + *got;
        stream->avail_out = (uInt)room;
        err = inflate_some(input, why);
        *got += room - stream->avail_out;
        if (err)
            return err;
    }
    return GRADUS_OK;
}

/* ---- The interface --------------------------------------------------------------------
 */

static gradus_err open_regular(gradus_input *input, gradus_error *why) {
    struct stat status;
    input->descriptor = open(input->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    input->open = input->descriptor >= 0;
    if (!input->open || fstat(input->descriptor, &status) != 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s", input->path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected a file, found %s", input->path,
                           S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe");
    input->size = (uint64_t)status.st_size;
    return GRADUS_OK;
}

/* Compressions other than gzip, by the first bytes, and what undoes them.  */
static const struct {
    const char *magic;
    size_t length;
    const char *name, *tool;
} compressions[] = {{"\xfd" "7zXZ\0", 6, "xz", "xz -d"},
                    {"BZh", 3, "bzip2", "bzip2 -d"},
                    {"\x28\xb5\x2f\xfd", 4, "zstd", "zstd -d"},
                    {"\x04\x22\x4d\x18", 4, "lz4", "lz4 -d"},
                    {"LZIP", 4, "lzip", "lzip -d"},
                    {"\x5d\0\0", 3, "lzma", "xz -d"},
                    {"\x1f\x9d", 2, "compress", "gzip -d"},
                    {"7z\xbc\xaf\x27\x1c", 6, "7-Zip", "7z x"},
                    {"PK\3\4", 4, "zip", "unzip"},
                    {"PK\5\6", 4, "zip", "unzip"}};

static gradus_err refuse_compression(const gradus_input *input, gradus_error *why) {
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
        if (input->stream.avail_in >= compressions[i].length &&
            memcmp(input->raw, compressions[i].magic, compressions[i].length) == 0)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: is compressed by %s: expected a plain or gzip file; "
                               "unpack it with `%s`",
                               input->path, compressions[i].name, compressions[i].tool);
    return GRADUS_OK;
}

gradus_err gradus_input_open(gradus_input *input, const char *path, gradus_error *why) {
    *input = (gradus_input){.path = path, .crc = crc32(0, NULL, 0)};
    gradus_err err = open_regular(input, why);
    if (err)
        return err;
    input->raw = GRADUS_NEW(RAW_SIZE, unsigned char);
    if (!input->raw)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    err = refill(input, why);
    if (!err)
        err = refuse_compression(input, why);
    if (err || input->stream.avail_in < 2 || input->raw[0] != 0x1f || input->raw[1] != 0x8b)
        return err;
    input->stream.zalloc = allocate;
    input->stream.zfree = release;
    input->compressed = inflateInit2(&input->stream, GZIP_WINDOW) == Z_OK;
    return input->compressed ? GRADUS_OK
                             : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
}

void gradus_input_close(gradus_input *input) {
    if (input->compressed)
        inflateEnd(&input->stream);
    gradus_free(input->raw);
    if (input->open)
        close(input->descriptor);
    *input = (gradus_input){0};
}

gradus_err gradus_input_read(gradus_input *input, void *buffer, size_t size, size_t *got,
                             gradus_error *why) {
    gradus_err err = input->compressed ? read_compressed(input, buffer, size, got, why)
                                       : read_plain(input, buffer, size, got, why);
    input->offset += *got;
    return err;
}

uint64_t gradus_input_capacity(const gradus_input *input) {
    if (!input->compressed)
        return input->size;
    return input->size < UINT64_MAX / MOST_EXPANSION ? input->size * MOST_EXPANSION
                                                     : UINT64_MAX;
}

gradus_err gradus_input_record(const gradus_input *input, gradus_dataset *dataset,
                               gradus_error *why) {
    gradus_source *source = &dataset->sources[dataset->source_count];
    source->path = gradus_text_copy(input->path);
    if (!source->path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", input->path);
    snprintf(source->checksum, sizeof source->checksum, "crc32:%08lx", input->crc);
    dataset->source_count++;
    return GRADUS_OK;
}
