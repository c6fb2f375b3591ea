/* Values of a hyper-parameter table.  One row drives the default, the parser, the printer
   and the manual; nothing here knows any one parameter.  */

#include "core/settings.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gradus_real_given(double value) { return !isnan(value); }

bool gradus_integer_given(long value) { return value != LONG_MIN; }

static void *member(const gradus_settings *settings, const gradus_param *row) {
    return (char *)settings->values + row->offset;
}

static gradus_err set_default(gradus_settings *settings, const gradus_param *row) {
    void *target = member(settings, row);
    switch (row->kind) {
    case GRADUS_REAL:
        *(double *)target = row->unset ? NAN : row->initial;
        break;
    case GRADUS_INTEGER:
        *(long *)target = row->unset ? LONG_MIN : (long)row->initial;
        break;
    case GRADUS_TEXT:
        if (row->unset)
            break;
        *(char **)target = gradus_text_copy(row->text ? row->text : "");
        return *(char **)target ? GRADUS_OK : GRADUS_ENOMEM;
    }
    return GRADUS_OK;
}

gradus_err gradus_settings_open(gradus_settings *settings, const char *owner,
                                const gradus_param *table, size_t size, gradus_error *why) {
    size_t rows = 0;
    while (table && table[rows].name)
        rows++;
    *settings = (gradus_settings){.owner = owner, .table = table};
    settings->values = gradus_allocate(1, size + rows);
    if (settings->values)
        settings->given = (bool *)((char *)settings->values + size);
    gradus_err err = settings->values ? GRADUS_OK : GRADUS_ENOMEM;
    for (const gradus_param *row = table; !err && row && row->name; row++)
        err = set_default(settings, row);
    return err ? gradus_fail(why, err, "%s: out of memory", owner) : GRADUS_OK;
}

void gradus_settings_close(gradus_settings *settings) {
    if (!settings->values)
        return;
    for (const gradus_param *row = settings->table; row && row->name; row++)
        if (row->kind == GRADUS_TEXT)
            gradus_free(*(char **)member(settings, row));
    gradus_free(settings->values);
    settings->values = NULL;
}

bool gradus_settings_is_given(const gradus_settings *settings, const gradus_param *row) {
    return settings->given[row - settings->table];
}

const gradus_param *gradus_param_find(const gradus_param *table, const char *key) {
    for (const gradus_param *row = table; row && row->name; row++)
        if (strcmp(row->name, key) == 0)
            return row;
    return NULL;
}

const char *gradus_param_range(const gradus_param *row, char *buffer, size_t size) {
    const char *or_unset = row->unset ? " or " : "", *unset = row->unset ? row->unset : "";
    if (row->choices)
        snprintf(buffer, size, "%s%s%s", row->choices, or_unset, unset);
    else if (row->kind == GRADUS_TEXT)
        snprintf(buffer, size, "text%s%s", or_unset, unset);
    else
        snprintf(buffer, size, "%s in %c%.6g, %.6g%c%s%s",
                 row->kind == GRADUS_INTEGER ? "an integer" : "a number",
                 (row->flags & GRADUS_OPEN_MINIMUM) || isinf(row->minimum) ? '(' : '[',
                 row->minimum, row->maximum,
                 (row->flags & GRADUS_OPEN_MAXIMUM) || isinf(row->maximum) ? ')' : ']',
                 or_unset, unset);
    return buffer;
}

static bool in_range(const gradus_param *row, double value) {
    bool above =
        row->flags & GRADUS_OPEN_MINIMUM ? value > row->minimum : value >= row->minimum;
    bool below =
        row->flags & GRADUS_OPEN_MAXIMUM ? value < row->maximum : value <= row->maximum;
    return isfinite(value) && above && below;
}

static bool parse_choice(const char *choices, const char *value, long *out) {
    size_t length = strlen(value);
    for (long position = 0;; position++) {
        size_t span = strcspn(choices, "|");
        if (span == length && memcmp(choices, value, span) == 0)
            return *out = position, true;
        if (choices[span] == '\0')
            return false;
        choices += span + 1;
    }
}

/* Ranges are doubles, which hold every integer up to here.  */
static const long LARGEST_INTEGER = 1L << 53;

static bool parse_integer(const gradus_param *row, const char *value, long *out) {
    char *end;
    errno = 0;
    *out = strtol(value, &end, 10);
    return errno == 0 && *end == '\0' && *out >= -LARGEST_INTEGER &&
           *out <= LARGEST_INTEGER && in_range(row, (double)*out);
}

static bool parse_real(const gradus_param *row, const char *value, double *out) {
    char *end;
    *out = gradus_text_read_real(value, &end);
    return *end == '\0' && in_range(row, *out);
}

static gradus_err assign_text(char *copy, bool wanted, char **target) {
    if (wanted && !copy)
        return GRADUS_ENOMEM;
    gradus_free(*target);
    *target = copy;
    return GRADUS_OK;
}

/* Writes VALUE to the member TARGET, or leaves it alone and says why.  */
static gradus_err assign(const gradus_param *row, const char *value, void *target) {
    bool given = !(row->unset && strcmp(value, row->unset) == 0);
    bool starts_well = value[0] != '\0' && !isspace((unsigned char)value[0]);
    if (row->kind == GRADUS_TEXT)
        return assign_text(given ? gradus_text_copy(value) : NULL, given, target);
    if (row->kind == GRADUS_REAL) {
        double number = NAN;
        if (given && !(starts_well && parse_real(row, value, &number)))
            return GRADUS_EINPUT;
        *(double *)target = number;
        return GRADUS_OK;
    }
    long integer = LONG_MIN;
    if (given && !(row->choices ? parse_choice(row->choices, value, &integer)
                                : starts_well && parse_integer(row, value, &integer)))
        return GRADUS_EINPUT;
    *(long *)target = integer;
    return GRADUS_OK;
}

static gradus_err unknown_key(const gradus_settings *settings, const char *key,
                              gradus_error *why) {
    gradus_nearest nearest = gradus_nearest_to(key);
    for (const gradus_param *row = settings->table; row && row->name; row++)
        gradus_nearest_try(&nearest, row->name);
    char hint[128];
    return gradus_fail(why, GRADUS_EINPUT, "%s has no parameter '%.200s'%s",
                       settings->owner, key,
                       gradus_nearest_hint(&nearest, hint, sizeof hint));
}

gradus_err gradus_settings_set(gradus_settings *settings, const char *key,
                               const char *value, gradus_error *why) {
    const gradus_param *row = gradus_param_find(settings->table, key);
    if (!row)
        return unknown_key(settings, key, why);
    if (gradus_settings_is_given(settings, row))
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s is given twice", settings->owner,
                           key);
    char range[256];
    gradus_err err = assign(row, value, member(settings, row));
    if (err == GRADUS_ENOMEM)
        return gradus_fail(why, err, "%s: out of memory", settings->owner);
    if (err) /* a value cut short leaves room for what was expected */
        return gradus_fail(why, err, "%s: %s=%.200s: expected %s", settings->owner, key,
                           value, gradus_param_range(row, range, sizeof range));
    settings->given[row - settings->table] = true;
    return GRADUS_OK;
}

/* Copies one "key=value" up to an unescaped comma, without its backslashes; returns what
   follows the comma, or NULL at the end.  *EQUALS is where the value begins in ITEM.  */
static const char *next_item(const char *options, char *item, char **equals) {
    *equals = NULL;
    for (; *options && *options != ','; options++) {
        if (*options == '\\' && options[1])
            options++;
        else if (*options == '=' && !*equals) {
            *item++ = '\0';
            *equals = item;
            continue;
        }
        *item++ = *options;
    }
    *item = '\0';
    return *options ? options + 1 : NULL;
}

gradus_err gradus_settings_parse(gradus_settings *settings, const char *options,
                                 gradus_error *why) {
    if (!options || !*options)
        return GRADUS_OK;
    char *item = GRADUS_NEW(strlen(options) + 2, char);
    if (!item)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", settings->owner);
    gradus_err err = GRADUS_OK;
    while (!err && options) {
        char *value;
        options = next_item(options, item, &value);
        if (value)
            err = gradus_settings_set(settings, item, value, why);
        else
            err = gradus_fail(why, GRADUS_EINPUT, "%s: '%.200s': expected key=value",
                              settings->owner, item);
    }
    gradus_free(item);
    return err;
}

gradus_err gradus_settings_parse_colons(gradus_settings *settings, const char *options,
                                        gradus_error *why) {
    char *list = gradus_text_copy(options);
    if (!list)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", settings->owner);
    for (char *at = list; *at; at++)
        if (*at == ':')
            *at = ',';
    gradus_err err = gradus_settings_parse(settings, list, why);
    gradus_free(list);
    return err;
}

gradus_err gradus_settings_copy(gradus_settings *settings, const gradus_settings *from,
                                size_t size, gradus_error *why) {
    char buffer[GRADUS_VALUE_SIZE];
    gradus_err err = gradus_settings_open(settings, from->owner, from->table, size, why);
    for (const gradus_param *row = from->table; !err && row->name; row++)
        if (gradus_settings_is_given(from, row))
            err = gradus_settings_set(settings, row->name,
                                      gradus_settings_print(from, row, buffer), why);
    return err;
}

const char *gradus_settings_print(const gradus_settings *settings, const gradus_param *row,
                                  char buffer[GRADUS_VALUE_SIZE]) {
    const void *source = member(settings, row);
    if (row->kind == GRADUS_TEXT)
        return *(char *const *)source ? *(char *const *)source : row->unset;
    if (row->kind == GRADUS_REAL) {
        double value = *(const double *)source;
        if (!gradus_real_given(value))
            return row->unset;
        /* The shortest of 15 to 17 digits that reads back as the same number.  */
        for (int digits = 15; digits <= 17; digits++) {
            gradus_text_write_real(buffer, GRADUS_VALUE_SIZE, digits, value);
            if (gradus_text_read_real(buffer, NULL) == value)
                break;
        }
        return buffer;
    }
    long value = *(const long *)source;
    if (!gradus_integer_given(value))
        return row->unset;
    if (!row->choices) {
        snprintf(buffer, GRADUS_VALUE_SIZE, "%ld", value);
        return buffer;
    }
    const char *choice = row->choices;
    while (value-- > 0)
        choice += strcspn(choice, "|") + 1;
    snprintf(buffer, GRADUS_VALUE_SIZE, "%.*s", (int)strcspn(choice, "|"), choice);
    return buffer;
}
