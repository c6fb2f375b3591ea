/* LIBSVM text, one example a line: "label index:value index:value ... # comment".  Indices
   count from 1 and increase; what is not listed is 0.  Chang and Lin, "LIBSVM: a library
   for support vector machines", ACM TIST 2(3), 2011; the comments are those of SVMlight.

   The file is read once, from front to back; what it lists is collected.  */

#include "base/memory.h"
#include "data/collect.h"
#include "data/formats.h"
#include "data/input.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Lines ----------------------------------------------------------------------------
 */

typedef struct {
    gradus_input input;
    char *buffer; /* unread bytes are buffer[start .. end - 1]; one more is kept free */
    size_t start, end, size;
    size_t searched; /* bytes after start that hold no newline */
    bool ended;
    size_t number; /* lines given so far */
} lines_t;

enum { FIRST_SIZE = 1 << 18 };

static gradus_err lines_open(lines_t *lines, const char *path, gradus_error *why) {
    *lines = (lines_t){.size = FIRST_SIZE};
    gradus_err err = gradus_input_open(&lines->input, path, why);
    if (!err && !(lines->buffer = GRADUS_NEW(FIRST_SIZE, char)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    return err;
}

static void lines_close(lines_t *lines) {
    gradus_free(lines->buffer);
    gradus_input_close(&lines->input);
}

/* Moves the unread bytes to the front of a buffer that has room for more, and reads.  */
static gradus_err lines_fill(lines_t *lines, gradus_error *why) {
    size_t unread = lines->end - lines->start, got;
    char *target = lines->buffer;
    if (unread > lines->size / 2) {
        target = lines->size <= SIZE_MAX / 2 ? GRADUS_NEW(2 * lines->size, char) : NULL;
        if (!target)
            return gradus_fail(why, GRADUS_ENOMEM, "%s: line %zu: out of memory",
                               lines->input.path, lines->number + 1);
        lines->size *= 2;
    }
    memmove(target, lines->buffer + lines->start, unread);
    if (target != lines->buffer)
        gradus_free(lines->buffer);
    lines->buffer = target;
    lines->start = 0;
    lines->end = unread;
    size_t room = lines->size - 1 - unread;
    gradus_err err = gradus_input_read(&lines->input, target + unread, room, &got, why);
    lines->end += got;
    lines->ended = got < room;
    return err;
}

/* The next line without its end, as a string that may be written to; NULL after the last.
 */
static gradus_err lines_next(lines_t *lines, char **line, size_t *length,
                             gradus_error *why) {
    for (;;) {
        char *from = lines->buffer + lines->start;
        size_t unread = lines->end - lines->start;
        char *newline = memchr(from + lines->searched, '\n', unread - lines->searched);
        if (newline || lines->ended) {
            *length = newline ? (size_t)(newline - from) : unread;
            *line = newline || unread ? from : NULL;
            from[*length] = '\0';
            lines->start += *length + (newline != NULL);
            lines->searched = 0;
            lines->number += *line != NULL;
            return GRADUS_OK;
        }
        lines->searched = unread;
        gradus_err err = lines_fill(lines, why);
        if (err)
            return err;
    }
}

/* ---- Numbers --------------------------------------------------------------------------
 */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool at_end(const char *at) { return *at == '\0' || is_blank(*at); }

static const char *skip_blanks(const char *at) {
    while (is_blank(*at))
        at++;
    return at;
}

/* The powers of ten that a double holds exactly.  */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum {
    LARGEST_POWER = sizeof powers / sizeof *powers - 1,
    MOST_DIGITS = 18 /* that a 64-bit integer holds, whatever they are */
};
static const uint64_t LARGEST_EXACT = (uint64_t)1 << 53;
static const size_t MOST_FEATURES = (size_t)UINT32_MAX + 1; /* a column is 32 bits */

/* MANTISSA times ten to EXPONENT.  When both are exact, so is the rounding of the one
   operation: Clinger, "How to read floating point numbers accurately", PLDI 1990.  */
static bool convert_exactly(uint64_t mantissa, long exponent, double *value) {
    if (mantissa > LARGEST_EXACT || labs(exponent) > LARGEST_POWER)
        return false;
    *value = exponent < 0 ? (double)mantissa / powers[-exponent]
                          : (double)mantissa * powers[exponent];
    return true;
}

static const char *scan_digits(const char *at, uint64_t *number) {
    while (is_digit(*at))
        *number = *number * 10 + (uint64_t)(*at++ - '0');
    return at;
}

/* Reads a finite decimal number at *AT and steps over it.  */
static bool scan_number(const char **at, double *value, locale_t locale) {
    const char *start = *at + (**at == '-' || **at == '+');
    uint64_t mantissa = 0, power = 0;
    const char *point = scan_digits(start, &mantissa), *end = point;
    if (*point == '.')
        end = scan_digits(point + 1, &mantissa);
    size_t fraction = end > point ? (size_t)(end - point) - 1 : 0;
    size_t digits = (size_t)(point - start) + fraction, power_digits = 0;
    bool negative_power = false;
    if (digits == 0)
        return false;
    if (*end == 'e' || *end == 'E') {
        const char *first = end + 1 + (end[1] == '-' || end[1] == '+');
        negative_power = end[1] == '-';
        end = scan_digits(first, &power);
        power_digits = (size_t)(end - first);
        if (power_digits == 0)
            return false;
    }
    const char *text = *at;
    *at = end;
    if (digits <= MOST_DIGITS && power_digits <= MOST_DIGITS / 2) {
        long exponent = (negative_power ? -(long)power : (long)power) - (long)fraction;
        if (convert_exactly(mantissa, exponent, value)) {
            *value = *text == '-' ? -*value : *value;
            return true;
        }
    }
    *value = strtod_l(text, NULL, locale);
    return isfinite(*value);
}

/* Reads a whole number from 1 at *AT and steps over it.  */
static bool scan_index(const char **at, size_t *index) {
    uint64_t number = 0;
    const char *end = scan_digits(*at, &number);
    bool fits = end - *at <= MOST_DIGITS && number <= SIZE_MAX;
    *at = end;
    *index = (size_t)number;
    return fits && number > 0;
}

/* ---- Examples -------------------------------------------------------------------------
 */

typedef struct {
    lines_t lines;
    locale_t locale; /* "C": the decimal point is a point */
    size_t allowed;  /* largest index */
    gradus_collector collector;
} reader_t;

static gradus_err no_memory(const reader_t *reader, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: line %zu: out of memory",
                       reader->lines.input.path, reader->lines.number);
}

/* Refuses the token at AT.  What cannot be printed is shown as a question mark.  */
static gradus_err refuse(const reader_t *reader, const char *at, const char *expected,
                         gradus_error *why) {
    char token[32];
    size_t length = 0;
    for (; !at_end(at + length) && length < sizeof token - 1; length++)
        token[length] = at[length] > ' ' && at[length] <= '~' ? at[length] : '?';
    token[length] = '\0';
    return gradus_fail(why, GRADUS_EINPUT, "%s: line %zu: '%s%s': expected %s",
                       reader->lines.input.path, reader->lines.number, token,
                       at_end(at + length) ? "" : "...", expected);
}

static gradus_err parse_pair(reader_t *reader, const char **at, size_t *last,
                             gradus_error *why) {
    const char *token = *at;
    char expected[80];
    size_t index;
    double value;
    if (!scan_index(at, &index) || **at != ':')
        return refuse(reader, token, "index:value, the index a whole number from 1", why);
    if (index <= *last) {
        snprintf(expected, sizeof expected, "an index above %zu, the one before", *last);
        return refuse(reader, token, expected, why);
    }
    if (index > reader->allowed) {
        snprintf(expected, sizeof expected, "an index of at most %zu", reader->allowed);
        return refuse(reader, token, expected, why);
    }
    *at = skip_blanks(*at + 1); /* LIBSVM's own files have "3: .5" too */
    if (!scan_number(at, &value, reader->locale) || !at_end(*at))
        return refuse(reader, token, "a finite number after the colon", why);
    *last = index;
    return gradus_collect_entry(&reader->collector, (uint32_t)(index - 1), value)
               ? GRADUS_OK
               : no_memory(reader, why);
}

static gradus_err parse_example(reader_t *reader, const char *at, gradus_error *why) {
    const char *token = at;
    double label;
    size_t last = 0;
    bool number = scan_number(&at, &label, reader->locale);
    if (number && (*at == ',' || *at == ';'))
        return refuse(reader, token,
                      "a label and index:value pairs with blanks between them, not a "
                      "table with commas or semicolons",
                      why);
    if (!number || !at_end(at))
        return refuse(reader, token, "a label, which is a finite number", why);
    for (at = skip_blanks(at); *at != '\0'; at = skip_blanks(at)) {
        gradus_err err = parse_pair(reader, &at, &last, why);
        if (err)
            return err;
    }
    return gradus_collect_row(&reader->collector, label) ? GRADUS_OK
                                                         : no_memory(reader, why);
}

static gradus_err parse_line(reader_t *reader, char *line, size_t length,
                             gradus_error *why) {
    static const char mark[] = "\xef\xbb\xbf"; /* byte-order mark of UTF-8 */
    if (reader->lines.number == 1 && strncmp(line, mark, sizeof mark - 1) == 0) {
        line += sizeof mark - 1;
        length -= sizeof mark - 1;
    }
    if (memchr(line, '\0', length))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: line %zu: expected text, found a zero byte",
                           reader->lines.input.path, reader->lines.number);
    if (length > 0 && line[length - 1] == '\r')
        line[length - 1] = '\0';
    char *comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    const char *at = skip_blanks(line);
    return *at == '\0' ? GRADUS_OK : parse_example(reader, at, why);
}

static gradus_err read_lines(reader_t *reader, gradus_error *why) {
    char *line = NULL;
    size_t length;
    gradus_err err;
    do {
        err = lines_next(&reader->lines, &line, &length, why);
        if (!err && line)
            err = parse_line(reader, line, length, why);
    } while (!err && line);
    return err;
}

static gradus_err finish(reader_t *reader, gradus_dataset *out, size_t features,
                         gradus_storing storing, gradus_error *why) {
    const char *path = reader->lines.input.path;
    gradus_collector *collector = &reader->collector;
    if (collector->count == 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: no example in %zu lines", path,
                           reader->lines.number);
    features = features ? features : collector->columns;
    if (features == 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: no feature in %zu lines", path,
                           reader->lines.number);
    gradus_err err = gradus_input_record(&reader->lines.input, out, why);
    return err ? err
               : gradus_collector_finish(collector, out, path, features, storing, why);
}

gradus_err gradus_libsvm_read(gradus_dataset *out, const char *path, size_t features,
                              gradus_storing storing, gradus_error *why) {
    reader_t reader = {.allowed = MOST_FEATURES};
    if (features && features < reader.allowed)
        reader.allowed = features;
    reader.locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    gradus_err err = lines_open(&reader.lines, path, why);
    if (!err && !reader.locale)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (!err)
        err = read_lines(&reader, why);
    if (!err)
        err = finish(&reader, out, features, storing, why);
    gradus_collector_close(&reader.collector);
    lines_close(&reader.lines);
    if (reader.locale)
        freelocale(reader.locale);
    return err;
}
