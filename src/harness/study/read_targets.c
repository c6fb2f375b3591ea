/* Targets: `target:`, training values or "best of LABEL", or `minimum:` and `gap:`, which are
   counted from it; and `baseline:`.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static const char best_of[] = "best of ";

/* The values of the three keys, read like any other parameters.  */
typedef struct {
    double target, minimum, gap;
} values_t;

static const gradus_param rows[] = {
    {GRADUS_FIELD(values_t, target), .minimum = -INFINITY, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM, .help = "A training value."},
    {GRADUS_FIELD(values_t, minimum), .minimum = -INFINITY, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM, .help = "The least there is."},
    {GRADUS_FIELD(values_t, gap), .minimum = 0, .maximum = INFINITY,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM,
     .help = "How far a target is above the minimum."},
    {0}};

static gradus_err read_value(gradus_study_reader *r, const yaml_node_t *node,
                             const char *key, values_t *out) {
    gradus_settings settings;
    gradus_err err =
        gradus_settings_open(&settings, "the study", rows, sizeof(values_t), r->why);
    if (!err)
        err = gradus_reader_set(r, &settings, key, node);
    if (!err)
        *out = *(const values_t *)settings.values;
    gradus_settings_close(&settings);
    return err;
}

static const yaml_node_t *target_node(const gradus_study_reader *r, const yaml_node_t *node,
                                      size_t index) {
    return node->type == YAML_SEQUENCE_NODE ? gradus_list_item(&r->document, node, index)
                                            : node;
}

static bool is_reference(const yaml_node_t *node) {
    return node->type == YAML_SCALAR_NODE &&
           strncmp(gradus_node_text(node), best_of, sizeof best_of - 1) == 0;
}

/* Whose best target number INDEX is; the number is known when that method has run.  */
static gradus_err read_reference(gradus_study_reader *r, const yaml_node_t *node,
                                 size_t index) {
    gradus_study *study = r->study;
    if (study->reference[index]) /* read at an earlier varied value */
        return GRADUS_OK;
    study->reference[index] = gradus_text_copy(gradus_node_text(node) + sizeof best_of - 1);
    return study->reference[index] ? GRADUS_OK : gradus_reader_no_memory(r);
}

/* Whether target INDEX of VARIANT is one of those before it.  */
static bool is_repeated(const gradus_study *study, const gradus_variant *variant,
                        size_t index) {
    const char *label = study->reference[index];
    for (size_t i = 0; i < index; i++)
        if (variant->targets[i] == variant->targets[index] ||
            (label && study->reference[i] && strcmp(study->reference[i], label) == 0))
            return true;
    return false;
}

/* Numbers under KEY, one or a list, each BASE more.  */
static gradus_err read_list(gradus_study_reader *r, const yaml_node_t *node,
                            const char *key, double base, gradus_variant *variant) {
    gradus_study *study = r->study;
    bool list = node->type == YAML_SEQUENCE_NODE, gaps = key[0] == 'g';
    gradus_err err =
        list ? gradus_document_list(&r->document, node, key, r->why) : GRADUS_OK;
    if (err)
        return err;
    study->target_count = list ? gradus_list_count(node) : 1;
    variant->targets = GRADUS_NEW(study->target_count, double);
    if (!study->reference)
        study->reference = GRADUS_NEW(study->target_count, char *);
    if (!study->reference || !variant->targets)
        return gradus_reader_no_memory(r);
    for (size_t i = 0; !err && i < study->target_count; i++) {
        values_t values = {.target = NAN};
        const yaml_node_t *item = target_node(r, node, i);
        if (!gaps && is_reference(item))
            err = read_reference(r, item, i);
        else
            err = read_value(r, item, key, &values);
        variant->targets[i] = base + (gaps ? values.gap : values.target);
        if (!err && is_repeated(study, variant, i))
            err = gradus_document_fail(&r->document, item, r->why,
                                       "%s: %s: the same target is given twice", key,
                                       gradus_node_text(item));
    }
    return err;
}

gradus_err gradus_reader_targets(gradus_study_reader *r, const yaml_node_t *root,
                                 gradus_variant *variant) {
    const yaml_node_t *target = gradus_reader_find(r, root, "target");
    const yaml_node_t *gap = gradus_reader_find(r, root, "gap");
    const yaml_node_t *minimum = gradus_reader_find(r, root, "minimum");
    values_t values;
    variant->minimum = NAN;
    if (gap && (target || !minimum))
        return gradus_document_fail(&r->document, gap, r->why,
                                    target ? "gap: the study has a `target:` too; expected "
                                             "one of the two"
                                           : "gap: expected a `minimum:` in the study, "
                                             "which it is counted from");
    if (minimum) {
        gradus_err err = read_value(r, minimum, "minimum", &values);
        if (err)
            return err;
        variant->minimum = values.minimum;
    }
    if (gap)
        return read_list(r, gap, "gap", variant->minimum, variant);
    return target ? read_list(r, target, "target", 0, variant) : GRADUS_OK;
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
