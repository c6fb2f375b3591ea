/* Strings: copies, numbers, and the nearest of a set of names.  */

#ifndef GRADUS_BASE_TEXT_H
#define GRADUS_BASE_TEXT_H

#include <stddef.h>

/* A copy made with gradus_allocate; NULL when there is no memory.  */
char *gradus_text_copy(const char *text);
char *gradus_text_copy_part(const char *text, size_t length);

/* strtod, and printf's %.*g with that many DIGITS, with a decimal point whatever locale the
   process has set.  */
double gradus_text_read_real(const char *text, char **end);
void gradus_text_write_real(char *buffer, size_t size, int digits, double value);

/* Remembers the candidate that is nearest to a misspelt word.  */
typedef struct gradus_nearest {
    const char *word, *best;
    size_t distance; /* of `best`; at first the most that is still a likely slip */
} gradus_nearest;

gradus_nearest gradus_nearest_to(const char *word);
void gradus_nearest_try(gradus_nearest *nearest, const char *candidate);
/* "; did you mean 'momentum'?", or "" when nothing is near.  */
const char *gradus_nearest_hint(const gradus_nearest *nearest, char *buffer, size_t size);

#endif
