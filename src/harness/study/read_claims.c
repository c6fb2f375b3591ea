/* What a study records in addition, and what it claims.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* ---- record ---- */

static gradus_err find_measurement(gradus_study_reader *r, const yaml_node_t *node,
                                   const gradus_measurement **out) {
    const char *name;
    gradus_err err = gradus_document_text(&r->document, node, "record", &name, r->why);
    if (err)
        return err;
    gradus_nearest nearest = gradus_nearest_to(name);
    for (*out = gradus_measurements; (*out)->name; ++*out) {
        if (strcmp((*out)->name, name) == 0)
            return GRADUS_OK;
        gradus_nearest_try(&nearest, (*out)->name);
    }
    char hint[128];
    return gradus_document_fail(&r->document, node, r->why,
                                "record: there is no measurement '%s'%s", name,
                                gradus_nearest_hint(&nearest, hint, sizeof hint));
}

gradus_err gradus_reader_record(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *list = gradus_reader_find(r, root, "record");
    if (!list)
        return GRADUS_OK;
    gradus_err err = gradus_document_list(&r->document, list, "record", r->why);
    if (err)
        return err;
    size_t count = gradus_list_count(list);
    study->record = GRADUS_NEW(count, const gradus_measurement *);
    if (!study->record)
        return gradus_reader_no_memory(r);
    for (size_t i = 0; i < count && !err; i++) {
        const yaml_node_t *item = gradus_list_item(&r->document, list, i);
        err = find_measurement(r, item, &study->record[i]);
        for (size_t j = 0; j < i && !err; j++)
            if (study->record[j] == study->record[i])
                err = gradus_document_fail(&r->document, item, r->why,
                                           "record: %s is given twice",
                                           study->record[i]->name);
        study->record_count += !err;
    }
    return err;
}

/* ---- claims ---- */

static gradus_err read_claim(gradus_study_reader *r, const yaml_node_t *map,
                             gradus_claim *claim) {
    static const char *const keys[] = {"id", "that", "check", NULL};
    const yaml_node_t *id = NULL, *that = NULL, *check = NULL;
    gradus_err err = gradus_reader_keys(r, map, "a claim", keys);
    if (!err)
        err = gradus_reader_required(r, map, "the claim", "id", &id);
    if (!err)
        err = gradus_reader_required(r, map, "the claim", "that", &that);
    if (!err)
        err = gradus_reader_required(r, map, "the claim", "check", &check);
    if (!err)
        err = gradus_reader_copy(r, id, "id", &claim->id);
    if (!err)
        err = gradus_reader_file_name(r, id, "id", claim->id);
    if (!err)
        err = gradus_reader_copy(r, that, "that", &claim->that);
    if (!err)
        err = gradus_reader_copy(r, check, "check", &claim->check);
    if (!err)
        claim->line = gradus_node_line(check);
    for (const gradus_claim *other = r->study->claims; !err && other < claim; other++)
        if (strcmp(other->id, claim->id) == 0)
            err = gradus_document_fail(&r->document, id, r->why,
                                       "claims: '%s' is given twice", claim->id);
    return err;
}

gradus_err gradus_reader_claims(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *list = gradus_reader_find(r, root, "claims");
    if (!list)
        return GRADUS_OK;
    gradus_err err = gradus_document_list(&r->document, list, "claims", r->why);
    if (err)
        return err;
    size_t count = gradus_list_count(list);
    study->claims = GRADUS_NEW(count, gradus_claim);
    if (!study->claims)
        return gradus_reader_no_memory(r);
    study->claim_count = count;
    for (size_t i = 0; i < count && !err; i++)
        err = read_claim(r, gradus_list_item(&r->document, list, i), &study->claims[i]);
    /* How many columns there are is not known before the problem is open.  */
    return err ? err : gradus_study_check_claims(study, NULL, r->why);
}
