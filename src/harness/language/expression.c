/* A parser by recursive descent, a checker of names and sorts, an evaluator.  */

#include "harness/language/expression.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Parser ---- */

/* A check is written by hand, and walking through it is recursive.  */
enum { DEEPEST = 100, LARGEST = 1000 };

typedef struct {
    const char *source, *at;
    size_t last; /* where the last token ended */
    int depth, nodes;
    gradus_error *why;
} parser_t;

static gradus_err no_memory(const parser_t *p) {
    return gradus_fail(p->why, GRADUS_ENOMEM, "out of memory for an expression");
}

#define BLANKS " \t\r\n"
static void skip_blanks(parser_t *p) { p->at += strspn(p->at, BLANKS); }

static bool is_letter(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* "column N: expected WHAT, not 'x'".  */
static gradus_err expected(const parser_t *p, const char *what) {
    const char *found = p->at + strspn(p->at, BLANKS);
    size_t column = (size_t)(found - p->source) + 1;
    int length = 1;
    while (is_letter(found[0]) && is_letter(found[length]) && length < 40)
        length++;
    if (!*found)
        return gradus_fail(p->why, GRADUS_EINPUT,
                           "column %zu: expected %s, and the text ends", column, what);
    return gradus_fail(p->why, GRADUS_EINPUT, "column %zu: expected %s, not '%.*s'", column,
                       what, length, found);
}

/* Takes SIGN, or the word, when it is next.  */
static bool take(parser_t *p, const char *sign) {
    size_t length = strlen(sign);
    skip_blanks(p);
    if (strncmp(p->at, sign, length) != 0 || (is_letter(*sign) && is_letter(p->at[length])))
        return false;
    p->at += length;
    p->last = (size_t)(p->at - p->source);
    return true;
}

static gradus_err demand(parser_t *p, const char *sign, const char *what) {
    return take(p, sign) ? GRADUS_OK : expected(p, what);
}

static gradus_err new_node(parser_t *p, gradus_operation operation, size_t begin,
                           gradus_expression **out) {
    *out = NULL;
    if (++p->nodes > LARGEST)
        return expected(p, "a shorter expression");
    gradus_expression *e = *out = GRADUS_NEW(1, gradus_expression);
    if (!e)
        return no_memory(p);
    e->operation = operation;
    e->begin = begin;
    return GRADUS_OK;
}

/* *E becomes the first argument of a new node.  */
static gradus_err wrap(parser_t *p, gradus_operation operation, gradus_expression **e) {
    gradus_expression *inner = *e;
    gradus_err err = new_node(p, operation, inner->begin, e);
    if (err) {
        gradus_expression_close(inner);
        return err;
    }
    (*e)->argument[(*e)->arguments++] = inner;
    return GRADUS_OK;
}

typedef gradus_err rule_t(parser_t *, gradus_expression **);
static rule_t parse_truth, parse_sum, parse_signed;

/* The next argument of E by RULE.  */
static gradus_err parse_argument(parser_t *p, gradus_expression *e, rule_t *rule) {
    gradus_err err = rule(p, &e->argument[e->arguments]);
    e->arguments += e->argument[e->arguments] != NULL;
    e->end = p->last;
    return err;
}

/* *OUT OPERATION (what RULE finds).  */
static gradus_err parse_right(parser_t *p, gradus_operation operation,
                              gradus_expression **out, rule_t *rule) {
    gradus_err err = wrap(p, operation, out);
    return err ? err : parse_argument(p, *out, rule);
}

static size_t digits(const char *text) { return strspn(text, "0123456789"); }

static gradus_err parse_number(parser_t *p, gradus_expression **out) {
    const char *begin = p->at, *end = begin + digits(begin);
    if (*end == '.')
        end += 1 + digits(end + 1);
    if (*end == 'e' || *end == 'E') {
        const char *power = end + 1 + (end[1] == '-' || end[1] == '+');
        if (digits(power) > 0)
            end = power + digits(power);
    }
    gradus_err err = new_node(p, GRADUS_DO_NUMBER, (size_t)(begin - p->source), out);
    if (err)
        return err;
    if (is_letter(*end) || *end == '.' || (end - begin == 1 && *begin == '.'))
        return expected(p, "a number");
    (*out)->number = strtod(begin, NULL);
    if (!isfinite((*out)->number))
        return expected(p, "a number that is not too large");
    p->at = end;
    p->last = (*out)->end = (size_t)(end - p->source);
    return GRADUS_OK;
}

/* A name or, with MARKS bytes on both sides, a quoted text of LENGTH bytes.  */
static gradus_err parse_word(parser_t *p, gradus_operation operation, size_t length,
                             size_t marks, gradus_expression **out) {
    gradus_err err = new_node(p, operation, (size_t)(p->at - p->source), out);
    if (err)
        return err;
    (*out)->name = gradus_text_copy_part(p->at + marks, length);
    p->at += length + 2 * marks;
    p->last = (*out)->end = (size_t)(p->at - p->source);
    return (*out)->name ? GRADUS_OK : no_memory(p);
}

static gradus_err parse_arguments(parser_t *p, gradus_expression *call) {
    call->operation = GRADUS_DO_CALL;
    gradus_err err = GRADUS_OK;
    if (!take(p, ")")) {
        do {
            if (call->arguments == GRADUS_ARGUMENTS)
                err = expected(p, "fewer arguments");
            else
                err = parse_argument(p, call, parse_truth);
        } while (!err && take(p, ","));
        if (!err)
            err = demand(p, ")", "',' or ')'");
    }
    call->end = p->last;
    return err;
}

static bool is_word_of_grammar(const char *name, size_t length) {
    static const char *const words[] = {"and", "or", "not", "in"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == length && strncmp(words[i], name, length) == 0)
            return true;
    return false;
}

static gradus_err parse_name(parser_t *p, gradus_expression **out) {
    size_t length = 0;
    while (is_letter(p->at[length]))
        length++;
    if (is_word_of_grammar(p->at, length))
        return expected(p, "a number, a name or '('");
    gradus_err err = parse_word(p, GRADUS_DO_NAME, length, 0, out);
    return !err && take(p, "(") ? parse_arguments(p, *out) : err;
}

static gradus_err parse_quoted(parser_t *p, gradus_expression **out) {
    const char *end = strchr(p->at + 1, '"');
    if (end)
        return parse_word(p, GRADUS_DO_QUOTED, (size_t)(end - p->at) - 1, 1, out);
    p->at += strlen(p->at);
    return expected(p, "a closing '\"'");
}

static gradus_err parse_primary(parser_t *p, gradus_expression **out) {
    skip_blanks(p);
    if (isdigit((unsigned char)*p->at) || *p->at == '.')
        return parse_number(p, out);
    if (is_letter(*p->at))
        return parse_name(p, out);
    if (*p->at == '"')
        return parse_quoted(p, out);
    size_t begin = (size_t)(p->at - p->source);
    if (!take(p, "("))
        return expected(p, "a number, a name or '('");
    gradus_err err = parse_truth(p, out);
    if (!err)
        err = demand(p, ")", "')'");
    if (!err) {
        (*out)->begin = begin;
        (*out)->end = p->last;
    }
    return err;
}

static gradus_err parse_power(parser_t *p, gradus_expression **out) {
    gradus_err err = parse_primary(p, out);
    return !err && take(p, "^") ? parse_right(p, GRADUS_DO_POWER, out, parse_signed) : err;
}

/* A node of one argument behind a sign or word that was taken at BEGIN.  */
static gradus_err parse_prefixed(parser_t *p, gradus_operation operation, size_t begin,
                                 gradus_expression **out, rule_t *rule) {
    gradus_err err = new_node(p, operation, begin, out);
    return err ? err : parse_argument(p, *out, rule);
}

static gradus_err parse_signed(parser_t *p, gradus_expression **out) {
    skip_blanks(p);
    size_t begin = (size_t)(p->at - p->source);
    if (take(p, "-"))
        return parse_prefixed(p, GRADUS_DO_NEGATE, begin, out, parse_signed);
    return parse_power(p, out);
}

static gradus_err parse_product(parser_t *p, gradus_expression **out) {
    gradus_err err = parse_signed(p, out);
    while (!err) {
        if (take(p, "*"))
            err = parse_right(p, GRADUS_DO_MULTIPLY, out, parse_signed);
        else if (take(p, "/"))
            err = parse_right(p, GRADUS_DO_DIVIDE, out, parse_signed);
        else
            break;
    }
    return err;
}

static gradus_err parse_sum(parser_t *p, gradus_expression **out) {
    gradus_err err = parse_product(p, out);
    while (!err) {
        if (take(p, "+"))
            err = parse_right(p, GRADUS_DO_ADD, out, parse_product);
        else if (take(p, "-"))
            err = parse_right(p, GRADUS_DO_SUBTRACT, out, parse_product);
        else
            break;
    }
    return err;
}

/* "[low, high]" behind "in".  */
static gradus_err parse_range(parser_t *p, gradus_expression **out) {
    gradus_err err = demand(p, "[", "'['");
    if (!err)
        err = parse_right(p, GRADUS_DO_IN, out, parse_sum);
    if (!err)
        err = demand(p, ",", "','");
    if (!err)
        err = parse_argument(p, *out, parse_sum);
    if (!err)
        err = demand(p, "]", "']'");
    if (!err)
        (*out)->end = p->last;
    return err;
}

static gradus_err parse_comparison(parser_t *p, gradus_expression **out) {
    static const struct {
        const char *sign;
        gradus_operation operation;
    } signs[] = {{"<=", GRADUS_DO_AT_MOST},
                 {"<", GRADUS_DO_LESS},
                 {">=", GRADUS_DO_AT_LEAST},
                 {">", GRADUS_DO_MORE},
                 {"==", GRADUS_DO_EQUAL}};
    gradus_err err = parse_sum(p, out);
    if (err)
        return err;
    if (take(p, "in"))
        return parse_range(p, out);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take(p, signs[i].sign))
            return parse_right(p, signs[i].operation, out, parse_sum);
    return GRADUS_OK;
}

static gradus_err parse_one(parser_t *p, gradus_expression **out) {
    skip_blanks(p);
    size_t begin = (size_t)(p->at - p->source);
    if (take(p, "not"))
        return parse_prefixed(p, GRADUS_DO_NOT, begin, out, parse_one);
    return parse_comparison(p, out);
}

static gradus_err parse_both(parser_t *p, gradus_expression **out) {
    gradus_err err = parse_one(p, out);
    while (!err && take(p, "and"))
        err = parse_right(p, GRADUS_DO_AND, out, parse_one);
    return err;
}

static gradus_err parse_truth(parser_t *p, gradus_expression **out) {
    if (++p->depth > DEEPEST)
        return expected(p, "a shallower expression");
    gradus_err err = parse_both(p, out);
    while (!err && take(p, "or"))
        err = parse_right(p, GRADUS_DO_OR, out, parse_both);
    p->depth--;
    return err;
}

gradus_err gradus_expression_open(gradus_expression **out, const char *source,
                                  gradus_error *why) {
    parser_t p = {.source = source, .at = source, .why = why};
    *out = NULL;
    gradus_err err = parse_truth(&p, out);
    skip_blanks(&p);
    if (!err && *p.at)
        err = expected(&p, "an operator or the end");
    if (err) {
        gradus_expression_close(*out);
        *out = NULL;
    }
    return err;
}

void gradus_expression_close(gradus_expression *e) {
    if (!e)
        return;
    for (size_t i = 0; i < e->arguments; i++)
        gradus_expression_close(e->argument[i]);
    gradus_free(e->name);
    gradus_free(e);
}

/* ---- Checker ---- */

static const struct {
    const char *name;
    double (*of)(double); /* NULL: the least of any number of them */
} functions[] = {{"sqrt", sqrt}, {"exp", exp},     {"log", log},
                 {"abs", fabs},  {"round", round}, {"least", NULL}};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

const char *gradus_plain_function(size_t i) {
    return i < FUNCTIONS ? functions[i].name : NULL;
}

/* FUNCTIONS when NAME is none of them.  */
static size_t find_function(const char *name) {
    size_t i = 0;
    while (i < FUNCTIONS && strcmp(functions[i].name, name) != 0)
        i++;
    return i;
}

gradus_err gradus_expression_fail(const gradus_expression *e, gradus_error *why,
                                  const char *format, ...) {
    char sentence[sizeof why->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return gradus_fail(why, GRADUS_EINPUT, "column %zu: %s", e->begin + 1, sentence);
}

/* The sort of an operation, and of its arguments.  */
static gradus_sort sort_of(gradus_operation operation) {
    return operation >= GRADUS_DO_LESS ? GRADUS_A_TRUTH : GRADUS_A_NUMBER;
}
static gradus_sort sort_of_arguments(gradus_operation operation) {
    return operation >= GRADUS_DO_NOT ? GRADUS_A_TRUTH : GRADUS_A_NUMBER;
}

static gradus_err check_call(gradus_expression *e, gradus_sort *found,
                             const gradus_language *language, const void *context,
                             gradus_error *why) {
    size_t plain = find_function(e->name);
    if (plain == FUNCTIONS)
        return language->check_call(context, e, found, why);
    if (functions[plain].of ? e->arguments != 1 : e->arguments == 0)
        return gradus_expression_fail(e, why, "%s() takes %s", e->name,
                                      functions[plain].of ? "one number" : "numbers");
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < e->arguments && !err; i++)
        err = gradus_expression_check(e->argument[i], GRADUS_A_NUMBER, language, context,
                                      why);
    return err;
}

gradus_err gradus_expression_check(gradus_expression *e, gradus_sort wanted,
                                   const gradus_language *language, const void *context,
                                   gradus_error *why) {
    gradus_sort found = sort_of(e->operation);
    gradus_err err = GRADUS_OK;
    if (e->operation == GRADUS_DO_NAME)
        err = language->check_name(context, e, why);
    else if (e->operation == GRADUS_DO_QUOTED)
        err = gradus_expression_fail(e, why, "expected a number, not a text");
    else if (e->operation == GRADUS_DO_CALL)
        err = check_call(e, &found, language, context, why);
    else
        for (size_t i = 0; i < e->arguments && !err; i++)
            err = gradus_expression_check(e->argument[i], sort_of_arguments(e->operation),
                                          language, context, why);
    if (err || found == wanted)
        return err;
    return gradus_expression_fail(e, why,
                                  wanted == GRADUS_A_TRUTH
                                      ? "expected a comparison, and this is a number"
                                      : "expected a number, and this is true or false");
}

/* ---- Evaluator ---- */

static double compare(gradus_operation operation, double a, double b) {
    if (isnan(a) || isnan(b) || (isinf(a) && a == b))
        return NAN;
    switch (operation) {
    case GRADUS_DO_LESS:
        return a < b;
    case GRADUS_DO_AT_MOST:
        return a <= b;
    case GRADUS_DO_MORE:
        return a > b;
    case GRADUS_DO_AT_LEAST:
        return a >= b;
    default:
        return a == b;
    }
}

/* A falsehood decides, whatever the other is.  */
static double both(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

/* NaN when one of them is.  */
static double least(const double a[], size_t count) {
    double smallest = INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (isnan(a[i]))
            return NAN;
        smallest = fmin(smallest, a[i]);
    }
    return smallest;
}

static double call(const gradus_expression *e, const gradus_language *language,
                   const void *context) {
    size_t plain = find_function(e->name);
    if (plain == FUNCTIONS)
        return language->call(context, e);
    double values[GRADUS_ARGUMENTS];
    for (size_t i = 0; i < e->arguments; i++)
        values[i] = gradus_expression_value(e->argument[i], language, context);
    return functions[plain].of ? functions[plain].of(values[0])
                               : least(values, e->arguments);
}

static double combine(gradus_operation operation, const double a[]) {
    switch (operation) {
    case GRADUS_DO_NEGATE:
        return -a[0];
    case GRADUS_DO_ADD:
        return a[0] + a[1];
    case GRADUS_DO_SUBTRACT:
        return a[0] - a[1];
    case GRADUS_DO_MULTIPLY:
        return a[0] * a[1];
    case GRADUS_DO_DIVIDE:
        return a[0] / a[1];
    case GRADUS_DO_POWER:
        return pow(a[0], a[1]);
    case GRADUS_DO_IN:
        return both(compare(GRADUS_DO_AT_LEAST, a[0], a[1]),
                    compare(GRADUS_DO_AT_MOST, a[0], a[2]));
    case GRADUS_DO_NOT:
        return 1 - a[0];
    case GRADUS_DO_AND:
        return both(a[0], a[1]);
    case GRADUS_DO_OR:
        return 1 - both(1 - a[0], 1 - a[1]);
    default:
        return compare(operation, a[0], a[1]);
    }
}

double gradus_expression_value(const gradus_expression *e, const gradus_language *language,
                               const void *context) {
    double values[GRADUS_ARGUMENTS];
    switch (e->operation) {
    case GRADUS_DO_NUMBER:
        return e->number;
    case GRADUS_DO_NAME:
        return language->name(context, e);
    case GRADUS_DO_CALL:
        return call(e, language, context);
    default:
        for (size_t i = 0; i < e->arguments; i++)
            values[i] = gradus_expression_value(e->argument[i], language, context);
        return combine(e->operation, values);
    }
}
