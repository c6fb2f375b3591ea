/* Writing HTML: escaped text and numbers of sensible length.  */

#ifndef GRADUS_HARNESS_IO_HTML_H
#define GRADUS_HARNESS_IO_HTML_H

#include <stddef.h>
#include <stdio.h>

/* TEXT with what HTML gives a meaning replaced, fit for content and attributes.  */
void gradus_html_text(FILE *file, const char *text);

/* VALUE with DIGITS significant digits, without an exponent where that is readable; "" for
   NaN, "∞" for infinity.  */
enum { GRADUS_NUMBER_SIZE = 48 };
const char *gradus_number(char buffer[GRADUS_NUMBER_SIZE], double value, int digits);
/* With no more digits than it takes, and at most DIGITS: for numbers that somebody chose.
 */
const char *gradus_short(char buffer[GRADUS_NUMBER_SIZE], double value, int digits);
/* The same for what is usually whole: a count of updates, or a median of two.  */
const char *gradus_count(char buffer[GRADUS_NUMBER_SIZE], double value);

#endif
