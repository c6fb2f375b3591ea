/* Escaping and number formats.  */

#include "harness/io/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    }
    return NULL;
}

void gradus_html_text(FILE *file, const char *text) {
    for (; *text; text++) {
        const char *replacement = entity(*text);
        if (replacement)
            fputs(replacement, file);
        else if ((unsigned char)*text >= ' ' || strchr("\t\n\r", *text))
            fputc(*text, file);
        else
            fputs("\xEF\xBF\xBD", file); /* HTML has no other control characters */
    }
}

/* Numbers within these are read more easily without an exponent.  */
static const double least_plain = 1e-4, most_plain = 1e7;

const char *gradus_number(char buffer[GRADUS_NUMBER_SIZE], double value, int digits) {
    double size = fabs(value);
    if (isnan(value))
        return strcpy(buffer, "");
    if (isinf(value))
        return strcpy(buffer, value > 0 ? "∞" : "−∞");
    if (value == 0)
        return strcpy(buffer, "0");
    int exponent = (int)floor(log10(size));
    if (size >= least_plain && size < most_plain) {
        int decimals = digits - 1 - exponent;
        snprintf(buffer, GRADUS_NUMBER_SIZE, "%.*f", decimals > 0 ? decimals : 0, value);
        return buffer;
    }
    snprintf(buffer, GRADUS_NUMBER_SIZE, "%.*e", digits - 1, value);
    char *e = strchr(buffer, 'e'); /* e-07 is e-7 */
    snprintf(e, GRADUS_NUMBER_SIZE - (size_t)(e - buffer), "e%d", atoi(e + 1));
    return buffer;
}

const char *gradus_short(char buffer[GRADUS_NUMBER_SIZE], double value, int digits) {
    if (!isfinite(value))
        return gradus_number(buffer, value, digits);
    snprintf(buffer, GRADUS_NUMBER_SIZE, "%.*g", digits, value);
    return buffer;
}

const char *gradus_count(char buffer[GRADUS_NUMBER_SIZE], double value) {
    double whole = floor(value);
    if (!isfinite(value) || fabs(value) >= most_plain)
        return gradus_number(buffer, value, 6);
    snprintf(buffer, GRADUS_NUMBER_SIZE, value > whole ? "%.1f" : "%.0f", value);
    return buffer;
}
