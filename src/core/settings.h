/* Values of a hyper-parameter table: defaults, strict parsing, printing.  */

#ifndef GRADUS_CORE_SETTINGS_H
#define GRADUS_CORE_SETTINGS_H

#include "gradus.h"

typedef struct gradus_settings {
    const char *owner;         /* named in messages; borrowed */
    const gradus_param *table; /* borrowed */
    void *values;              /* the owner's parameter struct */
    bool *given;               /* a row of the table each: it was set; behind VALUES */
} gradus_settings;

/* Allocates the struct of SIZE bytes and fills in the defaults.  */
gradus_err gradus_settings_open(gradus_settings *settings, const char *owner,
                                const gradus_param *table, size_t size, gradus_error *why);
/* The same with what FROM was given.  */
gradus_err gradus_settings_copy(gradus_settings *settings, const gradus_settings *from,
                                size_t size, gradus_error *why);
void gradus_settings_close(gradus_settings *settings);

/* Sets one value from its spelling.  A refused value changes nothing.  A key may be given
   once.  */
gradus_err gradus_settings_set(gradus_settings *settings, const char *key,
                               const char *value, gradus_error *why);
/* The same for "key=value,key=value"; a backslash takes the next character literally.  */
gradus_err gradus_settings_parse(gradus_settings *settings, const char *options,
                                 gradus_error *why);
/* The same for "key=value:key=value", for texts that stand in such a list themselves.  */
gradus_err gradus_settings_parse_colons(gradus_settings *settings, const char *options,
                                        gradus_error *why);

/* Whether ROW, one of the table's, was set.  */
bool gradus_settings_is_given(const gradus_settings *settings, const gradus_param *row);

/* The row of KEY, or NULL.  */
const gradus_param *gradus_param_find(const gradus_param *table, const char *key);

/* Spelling of a value such that reading it back gives the same bits.  A text is borrowed
   from the struct, anything else is written to BUFFER.  */
enum { GRADUS_VALUE_SIZE = 64 };
const char *gradus_settings_print(const gradus_settings *settings, const gradus_param *row,
                                  char buffer[GRADUS_VALUE_SIZE]);
/* "(0, inf)", "zca|pca", ...: what the row takes.  */
const char *gradus_param_range(const gradus_param *row, char *buffer, size_t size);

/* Whether an optional member holds a value.  */
bool gradus_real_given(double value);
bool gradus_integer_given(long value);

#endif
