/* Errors and stop reasons as text.  Both lists live in gradus.h.  */

#include "base/memory_limit.h"
#include "gradus.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A sentence quotes what was read, and stays one line whatever that was.  */
static void keep_one_line(char *text) {
    for (; *text; text++)
        if (iscntrl((unsigned char)*text))
            *text = '?';
}

gradus_err gradus_fail(gradus_error *why, gradus_err code, const char *format, ...) {
    char amount[GRADUS_MEMORY_TEXT] = "";
    if (code == GRADUS_ENOMEM)
        gradus_memory_explain(amount);
    if (why) {
        va_list arguments;
        va_start(arguments, format);
        why->code = code;
        vsnprintf(why->text, sizeof why->text, format, arguments);
        va_end(arguments);
        size_t length = strlen(why->text);
        snprintf(why->text + length, sizeof why->text - length, "%s", amount);
        keep_one_line(why->text);
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
