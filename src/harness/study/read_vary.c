/* What a study varies: `vary: {KEY: [VALUE, ...]}`.  */

#include "base/memory.h"
#include "base/text.h"
#include "core/problem.h"
#include "core/registry.h"
#include "harness/study/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const scopes[] = {"problem", "methods", "batch", NULL};

/* "problem", "problem.NAME", "methods.NAME" or "batch".  */
static gradus_err check_key(gradus_study_reader *r, const yaml_node_t *node) {
    const char *key = gradus_node_text(node), *dot = strchr(key, '.');
    size_t length = dot ? (size_t)(dot - key) : strlen(key);
    for (size_t i = 0; scopes[i]; i++) {
        bool alone = strcmp(scopes[i], "methods") != 0,
             has_parts = strcmp(scopes[i], "batch") != 0;
        if (strlen(scopes[i]) == length && strncmp(key, scopes[i], length) == 0 &&
            (dot ? has_parts && dot[1] : alone))
            return GRADUS_OK;
    }
    return gradus_document_fail(
        &r->document, node, r->why,
        "vary: '%s': expected problem, problem.NAME, methods.NAME or "
        "batch",
        key);
}

/* "-" and the value, with what a file's name should not have replaced.  */
static char *suffix_of(const char *value) {
    char *suffix = GRADUS_NEW(sizeof "-" + strlen(value), char);
    if (!suffix)
        return NULL;
    suffix[0] = '-';
    strcpy(suffix + 1, value);
    for (char *c = suffix; *c; c++)
        if (!strchr(GRADUS_FILE_LETTERS "+", *c))
            *c = '_';
    return suffix;
}

static gradus_err read_value(gradus_study_reader *r, const yaml_node_t *node,
                             gradus_variant *variant) {
    gradus_err err = gradus_reader_copy(r, node, "vary", &variant->value);
    if (err)
        return err;
    const char *value = variant->value;
    if (!*value || strlen(value) > GRADUS_LONGEST_NAME)
        return gradus_document_fail(&r->document, node, r->why,
                                    "vary: expected values of 1 to %d bytes",
                                    GRADUS_LONGEST_NAME);
    char *end;
    variant->number = strtod(value, &end);
    if (*end || !isfinite(variant->number))
        variant->number = NAN;
    variant->suffix = suffix_of(value);
    return variant->suffix ? GRADUS_OK : gradus_reader_no_memory(r);
}

static gradus_err expect_new(gradus_study_reader *r, const yaml_node_t *node,
                             const gradus_variant *variant) {
    for (const gradus_variant *other = r->study->variants; other < variant; other++)
        if (strcmp(other->suffix, variant->suffix) == 0 || other->number == variant->number)
            return gradus_document_fail(
                &r->document, node, r->why,
                "vary: '%s' is '%s' once more, or would have the same files",
                variant->value, other->value);
    return GRADUS_OK;
}

static gradus_err no_variation(gradus_study_reader *r) {
    gradus_study *study = r->study;
    study->variants = GRADUS_NEW(1, gradus_variant);
    if (!study->variants)
        return gradus_reader_no_memory(r);
    study->variant_count = 1;
    study->variants->number = NAN;
    study->variants->suffix = gradus_text_copy("");
    return study->variants->suffix ? GRADUS_OK : gradus_reader_no_memory(r);
}

gradus_err gradus_reader_vary(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *map = gradus_reader_find(r, root, "vary");
    if (!map)
        return no_variation(r);
    gradus_err err = gradus_document_map(&r->document, map, "vary", r->why);
    if (!err && gradus_map_count(map) != 1)
        err =
            gradus_document_fail(&r->document, map, r->why,
                                 "vary: expected one key, not %zu", gradus_map_count(map));
    if (err)
        return err;
    const yaml_node_t *key = gradus_map_key(&r->document, map, 0);
    const yaml_node_t *list = gradus_map_value(&r->document, map, 0);
    err = check_key(r, key);
    if (!err)
        err = gradus_document_list(&r->document, list, "vary", r->why);
    if (err)
        return err;
    size_t count = gradus_list_count(list);
    study->varied = gradus_text_copy(gradus_node_text(key));
    study->variants = GRADUS_NEW(count, gradus_variant);
    if (!study->varied || !study->variants)
        return gradus_reader_no_memory(r);
    study->variant_count = count;
    for (size_t i = 0; !err && i < count; i++) {
        const yaml_node_t *item = gradus_list_item(&r->document, list, i);
        err = read_value(r, item, &study->variants[i]);
        if (!err)
            err = expect_new(r, item, &study->variants[i]);
    }
    return err;
}

const yaml_node_t *gradus_reader_varied_value(const gradus_study_reader *r,
                                              const yaml_node_t *root, size_t index) {
    const yaml_node_t *map = gradus_reader_find(r, root, "vary");
    return map ? gradus_list_item(&r->document, gradus_map_value(&r->document, map, 0),
                                  index)
               : NULL;
}

gradus_err gradus_reader_unknown_varied(gradus_study_reader *r, const char *what,
                                        const gradus_param *table) {
    const yaml_node_t *root = gradus_document_root(&r->document);
    const yaml_node_t *map = gradus_reader_find(r, root, "vary");
    const char *name = gradus_study_variable(r->study);
    gradus_nearest nearest = gradus_nearest_to(name);
    for (const gradus_param *row = table; row && row->name; row++)
        gradus_nearest_try(&nearest, row->name);
    char hint[128];
    return gradus_document_fail(&r->document, gradus_map_key(&r->document, map, 0), r->why,
                                "vary: %s key '%s'%s", what, name,
                                gradus_nearest_hint(&nearest, hint, sizeof hint));
}

gradus_err gradus_reader_varied_problem(gradus_study_reader *r, const yaml_node_t *root,
                                        gradus_variant *variant) {
    gradus_settings settings = {0};
    gradus_error reason;
    const char *options, *spec = variant->value;
    const yaml_node_t *map = gradus_reader_find(r, root, "problem");
    if (map)
        return gradus_document_fail(&r->document, map, r->why,
                                    "problem is what the study varies; leave it out here");
    const gradus_problem_type *type = r->study->problem_type =
        gradus_problem_of_spec(spec, &options, &reason);
    r->study->problem_line = gradus_node_line(r->varied);
    if (!type)
        return gradus_document_fail(&r->document, r->varied, r->why, "%s", reason.text);
    gradus_err err = gradus_settings_open(&settings, type->name, type->params,
                                          type->params_size, r->why);
    if (!err && options && gradus_settings_parse(&settings, options, &reason))
        err = gradus_document_fail(&r->document, r->varied, r->why, "%s", reason.text);
    if (!err && !(variant->problem_spec = gradus_reader_spell(type->name, &settings)))
        err = gradus_reader_no_memory(r);
    gradus_settings_close(&settings);
    return err;
}

enum { STEM_SIZE = 2 * GRADUS_LONGEST_NAME + 2 };
static const char *stem_of(const gradus_entrant *entrant, char buffer[STEM_SIZE]) {
    snprintf(buffer, STEM_SIZE, "%s%s", entrant->label, entrant->variant->suffix);
    return buffer;
}

static int by_stem(const void *a, const void *b) {
    const gradus_entrant *one = *(const gradus_entrant *const *)a,
                         *other = *(const gradus_entrant *const *)b;
    char name[STEM_SIZE], other_name[STEM_SIZE];
    int order = strcmp(stem_of(one, name), stem_of(other, other_name));
    return order ? order : (one > other) - (one < other);
}

/* "a" with "1-2" and "a-1" with "2" are both a-1-2.  */
static gradus_err refuse_files(gradus_study_reader *r, const gradus_entrant *one,
                               const gradus_entrant *other) {
    char name[STEM_SIZE];
    return gradus_fail(r->why, GRADUS_EINPUT,
                       "%s:%zu: with '%s' and '%s' both varied, %s names the files of two "
                       "runs; give this one another `label:`",
                       r->study->path, one->line, one->label, other->label,
                       stem_of(one, name));
}

gradus_err gradus_reader_files(gradus_study_reader *r) {
    const gradus_study *study = r->study;
    size_t count = study->variant_count * study->entrant_count;
    const gradus_entrant **sorted = GRADUS_NEW(count, const gradus_entrant *);
    char name[STEM_SIZE], other_name[STEM_SIZE];
    gradus_err err = GRADUS_OK;
    if (!sorted)
        return gradus_reader_no_memory(r);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &study->entrants[i];
    qsort(sorted, count, sizeof *sorted, by_stem);
    for (size_t i = 1; !err && i < count; i++)
        if (strcmp(stem_of(sorted[i], name), stem_of(sorted[i - 1], other_name)) == 0)
            err = refuse_files(r, sorted[i], sorted[i - 1]);
    gradus_free(sorted);
    return err;
}
