/* The file under all readers of data: plain bytes, or gzip members.  */

#include "data/input.h"
#include "fuzz/fuzz.h"

#include "base/memory.h"

#include <string.h>
#include <zlib.h>

enum { ROOM = 1 << 20 };
static unsigned char content[ROOM], again[ROOM];

/* Reads all that fits in pieces of PIECE bytes; *SIZE is how much that was.  */
static gradus_err read_all(const char *path, unsigned char *buffer, size_t piece,
                           size_t *size, gradus_error *why) {
    gradus_input input;
    size_t got = 1;
    *size = 0;
    gradus_err err = gradus_input_open(&input, path, why);
    while (!err && got > 0 && *size < ROOM) {
        size_t wanted = piece < ROOM - *size ? piece : ROOM - *size;
        err = gradus_input_read(&input, buffer + *size, wanted, &got, why);
        FUZZ_REQUIRE(got <= wanted);
        *size += got;
        FUZZ_REQUIRE(input.offset == *size);
    }
    FUZZ_REQUIRE(err || *size <= gradus_input_capacity(&input));
    gradus_input_close(&input);
    return err;
}

/* What zlib itself makes of one member after the other, to the same extent.  */
static bool inflate_all(const uint8_t *bytes, size_t size, unsigned char *buffer,
                        size_t *count) {
    z_stream stream = {.next_in = (Bytef *)bytes,
                       .avail_in = (uInt)size,
                       .next_out = buffer,
                       .avail_out = ROOM};
    FUZZ_REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
    int status = Z_OK;
    while (status == Z_OK && stream.avail_out > 0) {
        status = inflate(&stream, Z_NO_FLUSH);
        if (status == Z_STREAM_END && stream.avail_in > 0)
            status = inflateReset(&stream);
    }
    *count = ROOM - stream.avail_out;
    inflateEnd(&stream);
    return status == Z_STREAM_END || (status == Z_OK && *count == ROOM);
}

bool fuzz_gzip(const uint8_t *bytes, size_t size) {
    static const size_t pieces[] = {1, 7, 4096};
    size_t before = fuzz_live(), count, other;
    gradus_error why;
    fuzz_file file = fuzz_file_open(bytes, size);
    bool accepted = fuzz_accepted(read_all(file.path, content, ROOM, &count, &why), &why);
    size_t piece = pieces[size % (sizeof pieces / sizeof *pieces)];
    bool same = fuzz_accepted(read_all(file.path, again, piece, &other, &why), &why);
    FUZZ_REQUIRE(same == accepted);
    FUZZ_REQUIRE(!accepted || (other == count && memcmp(content, again, count) == 0));
    bool compressed = size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
    if (compressed)
        FUZZ_REQUIRE(inflate_all(bytes, size, again, &other) == accepted);
    else
        FUZZ_REQUIRE(accepted && count == (size < ROOM ? size : ROOM));
    const void *wanted = compressed ? again : bytes;
    FUZZ_REQUIRE(!accepted || memcmp(content, wanted, count) == 0);
    fuzz_file_close(&file);
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
