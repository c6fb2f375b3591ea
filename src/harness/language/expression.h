/* Expressions: numbers and truths from names and functions, for the checks of a study's
   claims, the rows of a trace and the values that follow a varied one.

     truth      = both { "or" both }
     both       = one { "and" one }
     one        = "not" one | sum [ comparison ]
     comparison = ("<" | "<=" | ">" | ">=" | "==") sum | "in" "[" sum "," sum "]"
     sum        = product { ("+" | "-") product }
     product    = signed { ("*" | "/") signed }
     signed     = "-" signed | power
     power      = primary [ "^" signed ]
     primary    = number | name [ "(" [ truth { "," truth } ] ")" ] | '"' text '"'
                | "(" truth ")"

   A truth is 1, 0 or, when it cannot be told, NaN.  It cannot be told how a NaN compares
   with anything, nor an infinity with the same one: two runs that both miss a target are
   not equally fast.  "not" of it, "and" with a truth and "or" with a falsehood cannot be
   told either.  */

#ifndef GRADUS_HARNESS_LANGUAGE_EXPRESSION_H
#define GRADUS_HARNESS_LANGUAGE_EXPRESSION_H

#include "gradus.h"

typedef enum gradus_operation {
    GRADUS_DO_NUMBER,
    GRADUS_DO_NAME,
    GRADUS_DO_QUOTED,
    GRADUS_DO_CALL,
    GRADUS_DO_NEGATE,
    GRADUS_DO_ADD,
    GRADUS_DO_SUBTRACT,
    GRADUS_DO_MULTIPLY,
    GRADUS_DO_DIVIDE,
    GRADUS_DO_POWER,
    GRADUS_DO_LESS,
    GRADUS_DO_AT_MOST,
    GRADUS_DO_MORE,
    GRADUS_DO_AT_LEAST,
    GRADUS_DO_EQUAL,
    GRADUS_DO_IN, /* value, lower and upper end, both included */
    GRADUS_DO_NOT,
    GRADUS_DO_AND,
    GRADUS_DO_OR
} gradus_operation;

enum { GRADUS_ARGUMENTS = 8 }; /* at most, of a function */

typedef struct gradus_expression {
    gradus_operation operation;
    size_t begin, end; /* bytes of the source */
    double number;
    char *name;   /* of a name or function, or the text in quotes */
    size_t index; /* what the language made of the name */
    size_t arguments;
    struct gradus_expression *argument[GRADUS_ARGUMENTS];
} gradus_expression;

/* What names and functions mean.  */
typedef enum gradus_sort { GRADUS_A_NUMBER, GRADUS_A_TRUTH } gradus_sort;
typedef struct gradus_language {
    /* Set E->index, or refuse.  A name is a number.  */
    gradus_err (*check_name)(const void *context, gradus_expression *e, gradus_error *why);
    gradus_err (*check_call)(const void *context, gradus_expression *e, gradus_sort *sort,
                             gradus_error *why);
    double (*name)(const void *context, const gradus_expression *e);
    double (*call)(const void *context, const gradus_expression *e);
} gradus_language;

/* GRADUS_EINPUT: "column N: " and what was expected.  */
gradus_err gradus_expression_open(gradus_expression **out, const char *source,
                                  gradus_error *why);
void gradus_expression_close(gradus_expression *e);

/* Whether E is of that sort, every name and function in it known to LANGUAGE.  */
gradus_err gradus_expression_check(gradus_expression *e, gradus_sort wanted,
                                   const gradus_language *language, const void *context,
                                   gradus_error *why);
/* The value of what was checked.  */
double gradus_expression_value(const gradus_expression *e, const gradus_language *language,
                               const void *context);

/* "column N: " of E and the sentence.  */
gradus_err gradus_expression_fail(const gradus_expression *e, gradus_error *why,
                                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The functions of numbers that every language has: their names; NULL past the last.  Those
   before the last are of one number, the last, least(), is of one or more.  */
const char *gradus_plain_function(size_t i);

#endif
