/* One method of a study, under its label.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "core/method.h"
#include "core/registry.h"
#include "harness/study/read_search.h"

#include <stdio.h>
#include <string.h>

typedef gradus_study_reader reader_t;

const char *const gradus_reader_entrant_keys[] = {"name",
                                                  "label",
                                                  "tune",
                                                  "budget",
                                                  "batch",
                                                  "sampling",
                                                  "coordinates",
                                                  "whitening_samples",
                                                  "whitening_epsilon",
                                                  "whitening_interval",
                                                  NULL};

gradus_err gradus_reader_method(reader_t *r, const yaml_node_t *map,
                                struct gradus_tune_search *search, size_t trial,
                                gradus_entrant *entrant) {
    const yaml_node_t *node;
    const char *name, *options;
    gradus_error reason;
    gradus_err err = gradus_reader_required(r, map, "the method", "name", &node);
    if (!err)
        err = gradus_document_text(&r->document, node, "name", &name, r->why);
    if (err)
        return err;
    const gradus_method_type *type = gradus_method_of_spec(name, &options, &reason);
    if (!type || options)
        return gradus_document_fail(&r->document, node, r->why, "%s",
                                    options ? "name: parameters are keys of their own here"
                                            : reason.text);
    gradus_settings settings;
    err = gradus_settings_open(&settings, type->name, type->params, type->params_size,
                               r->why);
    if (!err)
        err = gradus_reader_parameters(r, map, "methods",
                                       search ? search->others : gradus_reader_entrant_keys,
                                       &settings);
    if (!err && search)
        err = gradus_tune_search_set(search, r, trial, &settings);
    if (!err && !(entrant->spec = gradus_reader_spell(type->name, &settings)))
        err = gradus_reader_no_memory(r);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    err = gradus_method_open_settings(&entrant->method, type, &settings, &reason);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, map, r->why, "%s", reason.text);
    return err ? gradus_reader_no_memory(r) : GRADUS_OK;
}

/* A method that is tuned and stands for itself untuned too is the latter under its label and
   ENDING.  */
static gradus_err read_label(reader_t *r, const yaml_node_t *map, const char *ending,
                             gradus_entrant *entrant) {
    const gradus_study *study = r->study;
    const yaml_node_t *node = gradus_reader_find(r, map, "label");
    if (!node)
        node = gradus_reader_find(r, map, "name");
    const char *text;
    gradus_err err = gradus_document_text(&r->document, node, "label", &text, r->why);
    if (err)
        return err;
    size_t size = strlen(text) + strlen(ending) + 1;
    if (!(entrant->label = GRADUS_NEW(size, char)))
        return gradus_reader_no_memory(r);
    snprintf(entrant->label, size, "%s%s", text, ending);
    err = gradus_reader_file_name(r, node, "label", entrant->label);
    for (const gradus_entrant *other = study->entrants; !err && other < entrant; other++)
        if (other->variant == entrant->variant && strcmp(other->label, entrant->label) == 0)
            err = gradus_document_fail(&r->document, node, r->why,
                                       "the label '%s' is taken by the method on line %zu; "
                                       "give this one a `label:` of its own",
                                       entrant->label, other->line);
    return err;
}

gradus_err gradus_reader_entrant(reader_t *r, const yaml_node_t *root,
                                 const yaml_node_t *map, const char *ending,
                                 gradus_entrant *entrant) {
    entrant->variant = r->variant;
    entrant->line = gradus_node_line(map);
    gradus_err err = gradus_document_map(&r->document, map, "a method", r->why);
    if (!err)
        err = gradus_reader_method(r, map, NULL, 0, entrant);
    if (!err)
        err = read_label(r, map, ending, entrant);
    if (!err)
        err = gradus_reader_run(r, root, map, NULL, &entrant->run);
    if (!err && !gradus_reader_has_budget(&entrant->run))
        err = gradus_document_fail(&r->document, map, r->why,
                                   "%s has no budget; give the study or the method a "
                                   "`budget:`, such as {passes: 100}",
                                   entrant->label);
    return err;
}
