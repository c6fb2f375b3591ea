/* Values of a study go through the parameter table they belong to, so that a study and the
   command line refuse the same things with the same sentence.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "base/text.h"
#include "harness/language/expression.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

gradus_err gradus_reader_no_memory(gradus_study_reader *r) {
    return gradus_fail(r->why, GRADUS_ENOMEM, "%s: out of memory", r->study->path);
}

bool gradus_is_among(const char *const names[], const char *name) {
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

gradus_err gradus_reader_unknown_key(gradus_study_reader *r, const yaml_node_t *key,
                                     const char *what, const char *const names[],
                                     const gradus_param *table) {
    gradus_nearest nearest = gradus_nearest_to(gradus_node_text(key));
    for (size_t i = 0; names[i]; i++)
        gradus_nearest_try(&nearest, names[i]);
    for (const gradus_param *row = table; row && row->name; row++)
        gradus_nearest_try(&nearest, row->name);
    char hint[128];
    return gradus_document_fail(&r->document, key, r->why, "%s has no key '%s'%s", what,
                                gradus_node_text(key),
                                gradus_nearest_hint(&nearest, hint, sizeof hint));
}

gradus_err gradus_reader_keys(gradus_study_reader *r, const yaml_node_t *map,
                              const char *what, const char *const names[]) {
    gradus_err err = gradus_document_map(&r->document, map, what, r->why);
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        const yaml_node_t *key = gradus_map_key(&r->document, map, i);
        if (!gradus_is_among(names, gradus_node_text(key)))
            err = gradus_reader_unknown_key(r, key, what, names, NULL);
    }
    return err;
}

yaml_node_t *gradus_reader_find(const gradus_study_reader *r, const yaml_node_t *map,
                                const char *key) {
    return gradus_document_find(&r->document, map, key);
}

gradus_err gradus_reader_required(gradus_study_reader *r, const yaml_node_t *map,
                                  const char *what, const char *key,
                                  const yaml_node_t **out) {
    *out = gradus_reader_find(r, map, key);
    return *out ? GRADUS_OK
                : gradus_document_fail(&r->document, map, r->why, "%s has no '%s:'", what,
                                       key);
}

/* ---- Values ---- */

gradus_err gradus_reader_copy(gradus_study_reader *r, const yaml_node_t *node,
                              const char *what, char **out) {
    const char *text;
    gradus_err err = gradus_document_text(&r->document, node, what, &text, r->why);
    if (err)
        return err;
    *out = gradus_text_copy(text);
    return *out ? GRADUS_OK : gradus_reader_no_memory(r);
}

gradus_err gradus_reader_file_name(gradus_study_reader *r, const yaml_node_t *at,
                                   const char *what, const char *name) {
    size_t length = strlen(name);
    if (length > 0 && length <= GRADUS_LONGEST_NAME &&
        strspn(name, GRADUS_FILE_LETTERS) == length && name[0] != '.' && name[0] != '-')
        return GRADUS_OK;
    return gradus_document_fail(
        &r->document, at, r->why,
        "%s: '%.120s' names files: expected 1 to %d letters, digits, "
        "'.', '_' and '-', the first not '.' or '-'",
        what, name, GRADUS_LONGEST_NAME);
}

/* ---- Numbers that follow the varied value ---- */

static gradus_err check_variable(const void *context, gradus_expression *e,
                                 gradus_error *why) {
    const gradus_study_reader *r = context;
    const char *variable = gradus_study_variable(r->study);
    if (!variable)
        return gradus_expression_fail(e, why, "there is no '%s': the study varies nothing",
                                      e->name);
    if (strcmp(e->name, variable) != 0)
        return gradus_expression_fail(e, why, "there is no '%s'; the study varies '%s'",
                                      e->name, variable);
    if (isnan(r->variant->number))
        return gradus_expression_fail(e, why, "%s is '%s', which is not a number", e->name,
                                      r->variant->value);
    return GRADUS_OK;
}

static gradus_err check_no_call(const void *context, gradus_expression *e,
                                gradus_sort *sort, gradus_error *why) {
    (void)context, (void)sort;
    gradus_nearest nearest = gradus_nearest_to(e->name);
    for (size_t i = 0; gradus_plain_function(i); i++)
        gradus_nearest_try(&nearest, gradus_plain_function(i));
    char hint[128];
    return gradus_expression_fail(e, why, "there is no function '%s'%s", e->name,
                                  gradus_nearest_hint(&nearest, hint, sizeof hint));
}

static double variable(const void *context, const gradus_expression *e) {
    (void)e;
    return ((const gradus_study_reader *)context)->variant->number;
}

static const gradus_language value_language = {
    .check_name = check_variable, .check_call = check_no_call, .name = variable};

/* Prints the value of TEXT, an expression, to NUMBER such that it reads back as the same
   bits.  */
static gradus_err evaluate(const gradus_study_reader *r, const char *text,
                           char number[GRADUS_VALUE_SIZE], gradus_error *why) {
    gradus_expression *e;
    gradus_err err = gradus_expression_open(&e, text, why);
    if (!err)
        err = gradus_expression_check(e, GRADUS_A_NUMBER, &value_language, r, why);
    if (!err)
        snprintf(number, GRADUS_VALUE_SIZE, "%.17g",
                 gradus_expression_value(e, &value_language, r));
    gradus_expression_close(e);
    return err;
}

/* ---- Settings ---- */

/* Sets KEY from TEXT, which stands at NODE, and says where when it is refused.  */
static gradus_err set_text(gradus_study_reader *r, gradus_settings *settings,
                           const char *key, const char *text, const yaml_node_t *node) {
    const gradus_param *row = gradus_param_find(settings->table, key);
    char number[GRADUS_VALUE_SIZE];
    gradus_error reason;
    gradus_err err = GRADUS_OK;
    if (*text == '=' && row && row->kind != GRADUS_TEXT && !row->choices) {
        err = evaluate(r, text + 1, number, &reason);
        if (err == GRADUS_EINPUT)
            return gradus_document_fail(&r->document, node, r->why, "%s: after '=', %s",
                                        key, reason.text);
        text = number;
    }
    if (!err)
        err = gradus_settings_set(settings, key, text, &reason);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, node, r->why, "%s", reason.text);
    return err ? gradus_reader_no_memory(r) : GRADUS_OK;
}

gradus_err gradus_reader_set(gradus_study_reader *r, gradus_settings *settings,
                             const char *key, const yaml_node_t *node) {
    const char *text;
    gradus_err err = gradus_document_text(&r->document, node, key, &text, r->why);
    return err ? err : set_text(r, settings, key, text, node);
}

/* The same from a list, whose items are joined: [1000, 500] is 1000-500.  */
static gradus_err set_joined(gradus_study_reader *r, gradus_settings *settings,
                             const char *key, const yaml_node_t *list) {
    size_t length = 1, count = gradus_list_count(list);
    const char *item;
    for (size_t i = 0; i < count; i++) {
        gradus_err err = gradus_document_text(
            &r->document, gradus_list_item(&r->document, list, i), key, &item, r->why);
        if (err)
            return err;
        length += strlen(item) + 1;
    }
    char *joined = GRADUS_NEW(length, char);
    if (!joined)
        return gradus_reader_no_memory(r);
    size_t end = 0;
    for (size_t i = 0; i < count; i++)
        end += (size_t)snprintf(joined + end, length - end, "%s%s", i ? "-" : "",
                                gradus_node_text(gradus_list_item(&r->document, list, i)));
    gradus_err err = set_text(r, settings, key, joined, list);
    gradus_free(joined);
    return err;
}

const char *gradus_reader_varied(const gradus_study_reader *r, const char *scope) {
    const char *key = r->study->varied;
    size_t length = strlen(scope);
    if (!key || strncmp(key, scope, length) != 0 || (key[length] && key[length] != '.'))
        return NULL;
    return gradus_study_variable(r->study);
}

gradus_err gradus_reader_not_varied(gradus_study_reader *r, const yaml_node_t *key,
                                    const char *scope) {
    const char *varied = gradus_reader_varied(r, scope);
    if (!key || !varied || strcmp(varied, gradus_node_text(key)) != 0)
        return GRADUS_OK;
    return gradus_document_fail(&r->document, key, r->why,
                                "%s is what the study varies; leave it out here", varied);
}

static gradus_err read_parameter(gradus_study_reader *r, const yaml_node_t *key,
                                 const yaml_node_t *value, const char *scope,
                                 const char *const others[], gradus_settings *settings) {
    const char *name = gradus_node_text(key);
    if (!gradus_param_find(settings->table, name))
        return gradus_reader_unknown_key(r, key, settings->owner, others, settings->table);
    gradus_err err = gradus_reader_not_varied(r, key, scope);
    if (err || value->type != YAML_SEQUENCE_NODE)
        return err ? err : gradus_reader_set(r, settings, name, value);
    err = gradus_document_list(&r->document, value, name, r->why);
    return err ? err : set_joined(r, settings, name, value);
}

gradus_err gradus_reader_parameters(gradus_study_reader *r, const yaml_node_t *map,
                                    const char *scope, const char *const others[],
                                    gradus_settings *settings) {
    const char *varied = gradus_reader_varied(r, scope);
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        const yaml_node_t *key = gradus_map_key(&r->document, map, i);
        if (!gradus_is_among(others, gradus_node_text(key)))
            err = read_parameter(r, key, gradus_map_value(&r->document, map, i), scope,
                                 others, settings);
    }
    if (!err && varied && gradus_param_find(settings->table, varied))
        err = gradus_reader_set(r, settings, varied, r->varied);
    return err;
}

char *gradus_reader_spell(const char *name, const gradus_settings *settings) {
    char buffer[GRADUS_VALUE_SIZE];
    size_t length = strlen(name) + 1;
    for (const gradus_param *row = settings->table; row && row->name; row++)
        length += strlen(row->name) + 2 +
                  2 * strlen(gradus_settings_print(settings, row, buffer));
    char *spec = GRADUS_NEW(length, char);
    if (!spec)
        return NULL;
    char *end = spec + sprintf(spec, "%s", name);
    char separator = ':';
    for (const gradus_param *row = settings->table; row && row->name; row++) {
        if (!gradus_settings_is_given(settings, row))
            continue;
        end += sprintf(end, "%c%s=", separator, row->name);
        separator = ',';
        for (const char *c = gradus_settings_print(settings, row, buffer); *c; c++) {
            if (*c == ',' || *c == '\\')
                *end++ = '\\';
            *end++ = *c;
        }
    }
    return spec;
}
