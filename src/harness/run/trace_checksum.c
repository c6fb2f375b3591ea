/* What two traces of the same run must agree in.  */

#include "harness/run/trace.h"

#include "base/memory.h"
#include "harness/io/text_file.h"

#include <string.h>
#include <zlib.h>

/* Whether a column is a time, by its name.  */
static bool is_time(const char *name, size_t length) {
    static const char ENDING[] = "_seconds";
    size_t ending = sizeof ENDING - 1;
    return length >= ending && memcmp(name + length - ending, ENDING, ending) == 0;
}

/* Marks in IS_LEFT_OUT the columns of the header LINE that are times; their number is that of
   all columns.  */
static size_t read_header(const char *line, bool is_left_out[]) {
    size_t count = 0;
    for (bool more = true; more; count++) {
        size_t length = strcspn(line, ",\r\n");
        is_left_out[count] = is_time(line, length);
        more = line[length] == ',';
        line += length + more;
    }
    return count;
}

static unsigned long sum_of(const char *text, const bool is_left_out[], size_t columns) {
    unsigned long crc = crc32_z(0, NULL, 0);
    for (size_t column = 0; *text;) {
        size_t length = strcspn(text, ",\r\n");
        if (column >= columns || !is_left_out[column]) {
            crc = crc32_z(crc, (const unsigned char *)text, length);
            crc = crc32_z(crc, (const unsigned char *)",", 1);
        }
        text += length;
        column++;
        if (*text == '\r')
            text++;
        if (*text == '\n') {
            crc = crc32_z(crc, (const unsigned char *)"\n", 1);
            column = 0;
        }
        text += *text != '\0';
    }
    return crc;
}

gradus_err gradus_trace_checksum(const char *path, unsigned long *checksum,
                                 gradus_error *why) {
    char *text;
    size_t size;
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err)
        return err;
    bool *is_left_out = GRADUS_NEW(size + 1, bool);
    if (is_left_out)
        *checksum = sum_of(text, is_left_out, read_header(text, is_left_out));
    else
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    gradus_free(is_left_out);
    gradus_free(text);
    return err;
}
