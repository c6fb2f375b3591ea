/* The problem of a study.  */

#include "harness/study/reader.h"

#include "core/problem.h"
#include "core/registry.h"

#include <stdio.h>
#include <string.h>

typedef gradus_study_reader reader_t;

static gradus_err read_problem_type(reader_t *r, const yaml_node_t *map) {
    const yaml_node_t *node;
    const char *name, *options;
    gradus_error reason;
    gradus_err err = gradus_reader_required(r, map, "problem", "name", &node);
    if (!err)
        err = gradus_document_text(&r->document, node, "problem", &name, r->why);
    if (err)
        return err;
    r->study->problem_type = gradus_problem_of_spec(name, &options, &reason);
    if (r->study->problem_type && !options)
        return GRADUS_OK;
    return gradus_document_fail(&r->document, node, r->why, "%s",
                                options ? "name: parameters are keys of their own here"
                                        : reason.text);
}

static gradus_err unknown_varied_of(reader_t *r, const gradus_problem_type *type) {
    char what[128];
    snprintf(what, sizeof what, "%s has no", type->name);
    return gradus_reader_unknown_varied(r, what, type->params);
}

gradus_err gradus_reader_problem(reader_t *r, const yaml_node_t *root,
                                 gradus_variant *variant) {
    static const char *const others[] = {"name", NULL};
    gradus_settings settings = {0};
    const yaml_node_t *map;
    if (r->study->varied && strcmp(r->study->varied, "problem") == 0)
        return gradus_reader_varied_problem(r, root, variant);
    gradus_err err = gradus_reader_required(r, root, "the study", "problem", &map);
    if (!err)
        err = gradus_document_map(&r->document, map, "problem", r->why);
    if (!err)
        err = read_problem_type(r, map);
    if (err)
        return err;
    const gradus_problem_type *type = r->study->problem_type;
    r->study->problem_line = gradus_node_line(map);
    err = gradus_settings_open(&settings, type->name, type->params, type->params_size,
                               r->why);
    if (!err)
        err = gradus_reader_parameters(r, map, "problem", others, &settings);
    const char *varied = gradus_reader_varied(r, "problem");
    if (!err && varied && !gradus_param_find(settings.table, varied))
        err = unknown_varied_of(r, type);
    if (!err && !(variant->problem_spec = gradus_reader_spell(type->name, &settings)))
        err = gradus_reader_no_memory(r);
    gradus_settings_close(&settings);
    return err;
}
