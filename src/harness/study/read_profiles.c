/* `profiles:` of a study, a list of tolerances.  */

#include "base/memory.h"
#include "base/text.h"
#include "harness/study/reader.h"

gradus_err gradus_reader_profiles(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *list = gradus_reader_find(r, root, "profiles");
    if (!list)
        return GRADUS_OK;
    gradus_err err = gradus_document_list(&r->document, list, "profiles", r->why);
    if (!err && !study->varied)
        err = gradus_document_fail(&r->document, list, r->why,
                                   "profiles: they are over the problems of a `vary:`, and "
                                   "the study has none");
    if (err)
        return err;
    size_t count = gradus_list_count(list);
    study->profiles = GRADUS_NEW(count, double);
    if (!study->profiles)
        return gradus_reader_no_memory(r);
    study->profile_count = count;
    for (size_t i = 0; i < count && !err; i++) {
        const yaml_node_t *item = gradus_list_item(&r->document, list, i);
        const char *text;
        char *end;
        err = gradus_document_text(&r->document, item, "profiles", &text, r->why);
        if (err)
            break;
        double value = study->profiles[i] = gradus_text_read_real(text, &end);
        if (end == text || *end || !(value > 0 && value < 1))
            err = gradus_document_fail(&r->document, item, r->why,
                                       "profiles: expected tolerances in (0, 1), not '%s'",
                                       text);
    }
    return err;
}
