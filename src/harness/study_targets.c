/* Targets: `target:`, training values, or `minimum:` and `gap:`, which are counted from it.  */

#include "harness/study_reader.h"

#include "core/memory.h"

#include <math.h>

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
    if (!(variant->targets = GRADUS_NEW(study->target_count, double)))
        return gradus_reader_no_memory(r);
    for (size_t i = 0; !err && i < study->target_count; i++) {
        values_t values = {0};
        err = read_value(r, list ? gradus_list_item(&r->document, node, i) : node, key,
                         &values);
        variant->targets[i] = base + (gaps ? values.gap : values.target);
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
