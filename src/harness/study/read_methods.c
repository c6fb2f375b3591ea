/* The methods of a study, and the trials of those that are tuned.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "core/method.h"

typedef gradus_study_reader reader_t;

/* What is varied must be varied in some method.  */
static gradus_err expect_varied(reader_t *r) {
    const char *varied = gradus_reader_varied(r, "methods");
    const gradus_study *study = r->study;
    for (size_t i = 0; varied && i < study->entrant_count; i++)
        if (gradus_param_find(study->entrants[i].method->type->params, varied))
            return GRADUS_OK;
    return varied ? gradus_reader_unknown_varied(r, "no method of the study has the",
                                                 study->entrants[0].method->type->params)
                  : GRADUS_OK;
}

gradus_err gradus_reader_methods(reader_t *r, const yaml_node_t *root, size_t variant) {
    gradus_study *study = r->study;
    const yaml_node_t *list;
    gradus_err err = gradus_reader_required(r, root, "the study", "methods", &list);
    if (!err)
        err = gradus_document_list(&r->document, list, "methods", r->why);
    if (err)
        return err;
    size_t count = gradus_reader_entrants(r, root, list), next = 0, tuned = 0;
    if (count > GRADUS_MOST_ENTRANTS / study->variant_count)
        return gradus_document_fail(&r->document, list, r->why,
                                    "methods: %zu at each of %zu varied values are more "
                                    "than %d",
                                    count, study->variant_count, GRADUS_MOST_ENTRANTS);
    if (!study->entrants)
        study->entrants = GRADUS_NEW(study->variant_count * count, gradus_entrant);
    if (!study->entrants)
        return gradus_reader_no_memory(r);
    study->entrant_count = count;
    gradus_entrant *entrants = &study->entrants[variant * count];
    for (size_t i = 0; !err && i < gradus_list_count(list); i++) {
        const yaml_node_t *map = gradus_list_item(&r->document, list, i);
        size_t position = next++;
        err = gradus_reader_entrant(r, root, map, "", &entrants[position]);
        if (err || !gradus_reader_find(r, map, "tune"))
            continue;
        if (study->tuning->untuned)
            err = gradus_reader_entrant(r, root, map, "-untuned", &entrants[next++]);
        if (!err)
            err = gradus_reader_tune(r, root, map, position, tuned++);
    }
    return err ? err : expect_varied(r);
}
