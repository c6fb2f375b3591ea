/* LIBSVM text, one example a line: "label index:value index:value ... # comment".  Indices
   count from 1 and increase; what is not listed is 0.  Chang and Lin, "LIBSVM: a library
   for support vector machines", ACM TIST 2(3), 2011; the comments are those of SVMlight.

   The file is read twice, first to count and check, then to store, so that no more memory
   is taken than the result needs.  */

#include "core/memory.h"
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

/* ---- One pass -------------------------------------------------------------------------
 */

typedef struct {
    lines_t lines;
    locale_t locale; /* "C": the decimal point is a point */
    size_t allowed;  /* largest index, or 0 for any */
    size_t examples, largest;
    uint64_t text;          /* bytes read */
    gradus_dataset *target; /* NULL when only counting */
} pass_t;

/* Refuses the token at AT.  What cannot be printed is shown as a question mark.  */
static gradus_err refuse(const pass_t *pass, const char *at, const char *expected,
                         gradus_error *why) {
    char token[32];
    size_t length = 0;
    for (; !at_end(at + length) && length < sizeof token - 1; length++)
        token[length] = at[length] > ' ' && at[length] <= '~' ? at[length] : '?';
    token[length] = '\0';
    return gradus_fail(why, GRADUS_EINPUT, "%s: line %zu: '%s%s': expected %s",
                       pass->lines.input.path, pass->lines.number, token,
                       at_end(at + length) ? "" : "...", expected);
}

static gradus_err changed(const char *path, gradus_error *why) {
    return gradus_fail(why, GRADUS_EINPUT, "%s: the file changed while it was read", path);
}

static gradus_err parse_pair(pass_t *pass, const char **at, size_t *last,
                             gradus_error *why) {
    const char *token = *at;
    char expected[80];
    size_t index;
    double value;
    if (!scan_index(at, &index) || **at != ':')
        return refuse(pass, token, "index:value, the index a whole number from 1", why);
    if (index <= *last) {
        snprintf(expected, sizeof expected, "an index above %zu, the one before", *last);
        return refuse(pass, token, expected, why);
    }
    if (pass->allowed && index > pass->allowed) {
        snprintf(expected, sizeof expected, "an index of at most %zu", pass->allowed);
        return refuse(pass, token, expected, why);
    }
    ++*at;
    if (!scan_number(at, &value, pass->locale) || !at_end(*at))
        return refuse(pass, token, "a finite number after the colon", why);
    if (pass->target)
        pass->target->doubles[pass->examples * pass->target->features + index - 1] = value;
    *last = index;
    return GRADUS_OK;
}

static gradus_err parse_example(pass_t *pass, const char *at, gradus_error *why) {
    const char *token = at;
    double label;
    size_t last = 0;
    if (pass->target && pass->examples == pass->target->examples)
        return changed(pass->lines.input.path, why);
    if (!scan_number(&at, &label, pass->locale) || !at_end(at))
        return refuse(pass, token, "a label, which is a finite number", why);
    for (at = skip_blanks(at); *at != '\0'; at = skip_blanks(at)) {
        gradus_err err = parse_pair(pass, &at, &last, why);
        if (err)
            return err;
    }
    if (pass->target)
        pass->target->labels[pass->examples] = label;
    pass->examples++;
    pass->largest = last > pass->largest ? last : pass->largest;
    return GRADUS_OK;
}

static gradus_err parse_line(pass_t *pass, char *line, size_t length, gradus_error *why) {
    if (memchr(line, '\0', length))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: line %zu: expected text, found a zero byte",
                           pass->lines.input.path, pass->lines.number);
    if (length > 0 && line[length - 1] == '\r')
        line[length - 1] = '\0';
    char *comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    const char *at = skip_blanks(line);
    return *at == '\0' ? GRADUS_OK : parse_example(pass, at, why);
}

/* Reads the file to its end; the pass is then closed but for its results.  */
static gradus_err run_pass(pass_t *pass, const char *path, gradus_error *why) {
    char *line = NULL;
    size_t length;
    pass->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    gradus_err err = lines_open(&pass->lines, path, why);
    if (!err && !pass->locale)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    do {
        if (!err)
            err = lines_next(&pass->lines, &line, &length, why);
        if (!err && line)
            err = parse_line(pass, line, length, why);
    } while (!err && line);
    if (!err && pass->target)
        err = gradus_input_record(&pass->lines.input, pass->target, why);
    pass->text = pass->lines.input.offset;
    lines_close(&pass->lines);
    if (pass->locale)
        freelocale(pass->locale);
    return err;
}

/* ---- Storage --------------------------------------------------------------------------
 */

/* Dense rows are for files that are dense: a matrix may take DENSE_SIZE, or DENSE_RATIO
   times what the text takes.  */
static const uint64_t DENSE_SIZE = (uint64_t)2 << 30;
enum { DENSE_RATIO = 20 };

static gradus_err allocate(gradus_dataset *out, const char *path, uint64_t text,
                           gradus_error *why) {
    double gibibytes =
        (double)out->examples * (double)out->features * sizeof(double) / (1 << 30);
    size_t count;
    if (__builtin_mul_overflow(out->examples, out->features, &count) ||
        (count > DENSE_SIZE / sizeof(double) &&
         count / DENSE_RATIO > text / sizeof(double)))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %zu examples of %zu features would take %.3g GiB in dense "
                           "rows, the only storage there is",
                           path, out->examples, out->features, gibibytes);
    out->doubles = GRADUS_NEW(count, double);
    out->labels = GRADUS_NEW(out->examples, double);
    return out->doubles && out->labels
               ? GRADUS_OK
               : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory for %.3g GiB", path,
                             gibibytes);
}

gradus_err gradus_libsvm_read(gradus_dataset *out, const char *path, size_t features,
                              gradus_error *why) {
    pass_t count = {.allowed = features};
    gradus_err err = run_pass(&count, path, why);
    if (err)
        return err;
    if (count.examples == 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: no example in %zu lines", path,
                           count.lines.number);
    out->examples = count.examples;
    out->features = features ? features : count.largest;
    out->storage = GRADUS_DOUBLES;
    out->scale = 1.0;
    if (out->features == 0)
        return gradus_fail(why, GRADUS_EINPUT, "%s: no feature in %zu lines", path,
                           count.lines.number);
    err = allocate(out, path, count.text, why);
    pass_t store = {.allowed = out->features, .target = out};
    if (!err)
        err = run_pass(&store, path, why);
    if (!err && store.examples != out->examples)
        err = changed(path, why);
    return err;
}
