/* Errors and stop reasons as text.  Both lists live in gradus.h.  */

#include "gradus.h"

#include <stdarg.h>
#include <stdio.h>

gradus_err gradus_fail(gradus_error *why, gradus_err code, const char *format, ...) {
    if (why) {
        va_list arguments;
        va_start(arguments, format);
        why->code = code;
        vsnprintf(why->text, sizeof why->text, format, arguments);
        va_end(arguments);
    }
    return code;
}

#define WORD_CASE(name, code, word, text)                                                  \
    case name:                                                                             \
        return word;
const char *gradus_stop_word(gradus_stop stop) {
    switch (stop) { GRADUS_STOP_LIST(WORD_CASE) }
    return "unknown";
}

#define TEXT_CASE(name, code, word, text)                                                  \
    case name:                                                                             \
        return text;
const char *gradus_stop_text(gradus_stop stop) {
    switch (stop) { GRADUS_STOP_LIST(TEXT_CASE) }
    return "unknown reason";
}
