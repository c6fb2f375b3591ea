/* Strings: copies, numbers, and the nearest of a set of names by the optimal string alignment
   distance (insertions, deletions, substitutions, swaps of neighbours).  */

#include "base/text.h"

#include "base/memory.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *gradus_text_copy_part(const char *text, size_t length) {
    char *copy = GRADUS_NEW(length + 1, char);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *gradus_text_copy(const char *text) {
    return gradus_text_copy_part(text, strlen(text));
}

/* A locale of this thread alone; the C library has "C" ready made.  */
static locale_t enter_plain_locale(locale_t *plain) {
    *plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return *plain ? uselocale(*plain) : (locale_t)0;
}

static void leave_plain_locale(locale_t plain, locale_t before) {
    if (!plain)
        return;
    uselocale(before);
    freelocale(plain);
}

double gradus_text_read_real(const char *text, char **end) {
    locale_t plain, before = enter_plain_locale(&plain);
    double value = strtod(text, end);
    leave_plain_locale(plain, before);
    return value;
}

void gradus_text_write_real(char *buffer, size_t size, int digits, double value) {
    locale_t plain, before = enter_plain_locale(&plain);
    snprintf(buffer, size, "%.*g", digits, value);
    leave_plain_locale(plain, before);
}

enum { LONGEST = 63 }; /* names are shorter; longer words get no hint */

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t alignment_distance(const char *a, const char *b) {
    size_t row[3][LONGEST + 1]; /* rows i - 2, i - 1 and i, in turn */
    size_t m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST)
        return (size_t)-1;
    for (size_t j = 0; j <= n; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = least(least(before[j], now[j - 1]) + 1,
                           before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

gradus_nearest gradus_nearest_to(const char *word) {
    /* A slip in every third letter is still a likely slip.  */
    return (gradus_nearest){.word = word, .distance = strlen(word) / 3 + 2};
}

void gradus_nearest_try(gradus_nearest *nearest, const char *candidate) {
    size_t distance = alignment_distance(nearest->word, candidate);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}

const char *gradus_nearest_hint(const gradus_nearest *nearest, char *buffer, size_t size) {
    if (!nearest->best)
        return "";
    snprintf(buffer, size, "; did you mean '%s'?", nearest->best);
    return buffer;
}
