/* `target:` of a study, each a training value or "best of LABEL", and `baseline:`.  */

#include "core/memory.h"
#include "core/run.h"
#include "core/text.h"
#include "harness/study_reader.h"

#include <math.h>
#include <string.h>

static const char best_of[] = "best of ";

static const yaml_node_t *target_node(const gradus_study_reader *r, const yaml_node_t *node,
                                      size_t index) {
    return node->type == YAML_SEQUENCE_NODE ? gradus_list_item(&r->document, node, index)
                                            : node;
}

static bool is_reference(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE &&
           strncmp(gradus_node_text(node), best_of, sizeof best_of - 1) == 0;
}

static gradus_err read_target(gradus_study_reader *r, const yaml_node_t *node, size_t index,
                              double *target) {
    gradus_study *study = r->study;
    gradus_run_values values;
    if (is_reference(node)) {
        *target = NAN;
        if (study->reference[index]) /* read at an earlier varied value */
            return GRADUS_OK;
        study->reference[index] =
            gradus_text_copy(gradus_node_text(node) + sizeof best_of - 1);
        return study->reference[index] ? GRADUS_OK : gradus_reader_no_memory(r);
    }
    gradus_err err = gradus_reader_run_value(r, node, "target", &values);
    if (!err && !gradus_real_given(values.target))
        err = gradus_document_fail(&r->document, node, r->why,
                                   "target: expected a training value or best of LABEL");
    *target = err ? NAN : values.target;
    return err;
}

gradus_err gradus_reader_targets(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    gradus_variant *variant = &study->variants[r->variant - study->variants];
    const yaml_node_t *node = gradus_reader_find(r, root, "target");
    if (!node)
        return GRADUS_OK;
    bool list = node->type == YAML_SEQUENCE_NODE;
    gradus_err err =
        list ? gradus_document_list(&r->document, node, "target", r->why) : GRADUS_OK;
    if (err)
        return err;
    study->target_count = list ? gradus_list_count(node) : 1;
    if (!study->reference)
        study->reference = GRADUS_NEW(study->target_count, char *);
    variant->targets = GRADUS_NEW(study->target_count, double);
    if (!study->reference || !variant->targets)
        return gradus_reader_no_memory(r);
    for (size_t i = 0; i < study->target_count && !err; i++)
        err = read_target(r, target_node(r, node, i), i, &variant->targets[i]);
    return err;
}

/* The position of the entrant called LABEL, which stands at NODE under KEY.  */
static gradus_err find_label(gradus_study_reader *r, const yaml_node_t *node,
                             const char *key, const char *label, size_t *out) {
    const gradus_study *study = r->study;
    gradus_nearest nearest = gradus_nearest_to(label);
    for (*out = 0; *out < study->entrant_count; ++*out) {
        if (strcmp(study->entrants[*out].label, label) == 0)
            return GRADUS_OK;
        gradus_nearest_try(&nearest, study->entrants[*out].label);
    }
    char hint[128];
    return gradus_document_fail(&r->document, node, r->why,
                                "%s: no method of the study is called '%.120s'%s", key,
                                label, gradus_nearest_hint(&nearest, hint, sizeof hint));
}

gradus_err gradus_reader_references(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *targets = gradus_reader_find(r, root, "target"),
                      *baseline = gradus_reader_find(r, root, "baseline");
    const char *label;
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; i < study->target_count && !err; i++) {
        size_t unused;
        if (study->reference[i])
            err = find_label(r, target_node(r, targets, i), "target", study->reference[i],
                             &unused);
    }
    if (!err && baseline)
        err = gradus_document_text(&r->document, baseline, "baseline", &label, r->why);
    if (!err && baseline)
        err = find_label(r, baseline, "baseline", label, &study->baseline);
    return err;
}
