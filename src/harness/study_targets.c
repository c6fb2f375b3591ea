/* `target:` of a study.  */

#include "core/memory.h"
#include "core/run.h"
#include "harness/study_reader.h"

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
    if (!(variant->targets = GRADUS_NEW(study->target_count, double)))
        return gradus_reader_no_memory(r);
    for (size_t i = 0; i < study->target_count; i++) {
        const yaml_node_t *item = list ? gradus_list_item(&r->document, node, i) : node;
        gradus_run_values values;
        err = gradus_reader_run_value(r, item, "target", &values);
        if (!err && !gradus_real_given(values.target))
            err = gradus_document_fail(&r->document, item, r->why,
                                       "target: expected a training value");
        if (err)
            return err;
        variant->targets[i] = values.target;
    }
    return GRADUS_OK;
}
