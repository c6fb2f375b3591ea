/* Reading a study: once from top to bottom, and what may follow the varied value once for
   every such value.  */

#include "harness/study/reader.h"

#include "base/text.h"

typedef gradus_study_reader reader_t;

static const char *const study_keys[] = {"study",
                                         "question",
                                         "problem",
                                         "batch",
                                         "sampling",
                                         "seeds",
                                         "budget",
                                         "measure",
                                         "target",
                                         "baseline",
                                         "minimum",
                                         "gap",
                                         "gradient_tolerance",
                                         "value_tolerance",
                                         "step_tolerance",
                                         "coordinates",
                                         "whitening_samples",
                                         "whitening_epsilon",
                                         "whitening_interval",
                                         "methods",
                                         "tuning",
                                         "vary",
                                         "profiles",
                                         "starts",
                                         "record",
                                         "claims",
                                         NULL};

static gradus_err read_title(reader_t *r, const yaml_node_t *root) {
    const yaml_node_t *name, *question = gradus_reader_find(r, root, "question");
    gradus_err err = gradus_reader_required(r, root, "the study", "study", &name);
    if (!err)
        err = gradus_reader_copy(r, name, "study", &r->study->name);
    if (!err)
        err = gradus_reader_file_name(r, name, "study", r->study->name);
    if (!err && question)
        err = gradus_reader_copy(r, question, "question", &r->study->question);
    return err;
}

static gradus_err read_variant(reader_t *r, const yaml_node_t *root, size_t index) {
    gradus_variant *variant = &r->study->variants[index];
    r->variant = variant;
    r->varied = gradus_reader_varied_value(r, root, index);
    gradus_err err = gradus_reader_problem(r, root, variant);
    if (!err)
        err = gradus_reader_targets(r, root, variant);
    if (!err && index == 0)
        err = gradus_reader_run(r, root, NULL, NULL, &r->study->run);
    if (!err)
        err = gradus_reader_methods(r, root, index);
    return err;
}

static gradus_err read_study(reader_t *r) {
    const yaml_node_t *root = gradus_document_root(&r->document);
    gradus_study *study = r->study;
    gradus_err err = gradus_reader_keys(r, root, "a study", study_keys);
    if (!err)
        err = read_title(r, root);
    if (!err)
        err = gradus_reader_vary(r, root);
    if (!err)
        err = gradus_reader_seeds(r, root, study);
    if (!err)
        err = gradus_reader_tuning(r, root);
    for (size_t i = 0; !err && i < study->variant_count; i++)
        err = read_variant(r, root, i);
    if (!err)
        err = gradus_reader_references(r, root);
    if (!err)
        err = gradus_reader_profiles(r, root);
    if (!err)
        err = gradus_reader_files(r);
    if (!err)
        err = gradus_reader_starts(r, root);
    if (!err)
        err = gradus_reader_record(r, root);
    if (!err)
        err = gradus_reader_claims(r, root);
    if (!err && !(study->text = gradus_text_copy(r->document.text)))
        err = gradus_reader_no_memory(r);
    return err;
}

/* TEXT may be NULL.  */
static gradus_err open_study(gradus_study *study, const char *path, const char *text,
                             gradus_error *why) {
    *study = (gradus_study){.path = gradus_text_copy(path)};
    if (!study->path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    reader_t reader = {.study = study, .why = why};
    gradus_err err =
        text ? gradus_document_open_text(&reader.document, study->path, text, why)
             : gradus_document_open(&reader.document, study->path, why);
    if (!err)
        err = read_study(&reader);
    gradus_document_close(&reader.document);
    return err;
}

gradus_err gradus_study_open(gradus_study *study, const char *path, gradus_error *why) {
    return open_study(study, path, NULL, why);
}

gradus_err gradus_study_open_text(gradus_study *study, const char *path, const char *text,
                                  gradus_error *why) {
    return open_study(study, path, text, why);
}
