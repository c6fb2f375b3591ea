/* What a study records in addition, and what it claims.  */

#include "base/memory.h"
#include "base/text.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/run/trace.h"
#include "harness/study/reader.h"

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

gradus_err gradus_study_check_record(const gradus_study *study,
                                     const gradus_entrant *entrant,
                                     const gradus_problem *problem, gradus_error *why) {
    const gradus_run_values *values = entrant->run.values;
    bool full =
        !gradus_integer_given(values->batch) || (size_t)values->batch >= problem->examples;
    for (size_t i = 0; i < study->record_count; i++) {
        const gradus_measurement *one = study->record[i];
        const char *missing =
            gradus_ability_text(one->needs & ~gradus_problem_abilities(problem));
        if (missing)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: record: %s needs %s, which %s does not have",
                               study->path, one->name, missing, problem->type->name);
        size_t columns = gradus_measurement_columns(one, problem);
        bool wide = one->most > 0 && problem->dimension > one->most;
        if (wide || columns > GRADUS_COORDINATES)
            return gradus_fail(
                why, GRADUS_EINPUT,
                "%s: record: %s is for problems of at most %zu %s, and %s has %zu",
                study->path, one->name, wide ? one->most : GRADUS_COORDINATES,
                one->columns == GRADUS_EVERY_LAYER ? "layers" : "parameters",
                problem->type->name, wide ? problem->dimension : columns);
        if (one->for_full_batch && !full)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s:%zu: record: %s needs full batches, and %s has "
                               "batches of %ld",
                               study->path, entrant->line, one->name, entrant->label,
                               values->batch);
    }
    return GRADUS_OK;
}

/* ---- What the claims may speak of ---- */

typedef struct {
    gradus_names names;
    const char **column;
    char (*recorded)[GRADUS_COLUMN_SIZE];
} names_t;

static size_t count_columns(const gradus_study *study, const gradus_problem *problem) {
    const char *help;
    size_t count = 0;
    while (gradus_trace_column(count, &help))
        count++;
    for (size_t i = 0; i < study->record_count; i++)
        count += gradus_measurement_columns(study->record[i], problem);
    return count;
}

static void fill_columns(names_t *n, const gradus_study *study,
                         const gradus_problem *problem) {
    const char *help, *name;
    size_t count = 0, recorded = 0;
    for (; (name = gradus_trace_column(count, &help)); count++)
        n->column[count] = name;
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t k = 0; k < gradus_measurement_columns(study->record[i], problem); k++)
            n->column[count++] =
                gradus_measurement_column(study->record[i], k, n->recorded[recorded++]);
    n->names.column = n->column;
    n->names.columns = count;
}

static bool open_names(names_t *n, const gradus_study *study,
                       const gradus_problem *problem) {
    size_t columns = count_columns(study, problem);
    *n = (names_t){.names = {.labels = study->entrant_count,
                             .values = study->varied ? study->variant_count : 0}};
    n->names.label = GRADUS_NEW(study->entrant_count, const char *);
    n->names.value = GRADUS_NEW(study->variant_count, const char *);
    n->names.number = GRADUS_NEW(study->variant_count, double);
    n->column = GRADUS_NEW(columns, const char *);
    n->recorded = gradus_allocate(columns, sizeof *n->recorded);
    if (!n->names.label || !n->names.value || !n->names.number || !n->column ||
        !n->recorded)
        return false;
    for (size_t i = 0; i < study->entrant_count; i++)
        n->names.label[i] = study->entrants[i].label;
    for (size_t i = 0; i < study->variant_count; i++) {
        n->names.value[i] = study->variants[i].value;
        n->names.number[i] = study->variants[i].number;
    }
    fill_columns(n, study, problem);
    return true;
}

gradus_err gradus_study_check_claims(const gradus_study *study,
                                     const gradus_problem *problem, gradus_error *why) {
    names_t n;
    gradus_error reason;
    gradus_err err = GRADUS_OK;
    if (!open_names(&n, study, problem))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", study->path);
    for (size_t i = 0; i < study->claim_count && !err; i++) {
        const gradus_claim *claim = &study->claims[i];
        err = gradus_check_text(claim->check, &n.names, &reason);
        if (err)
            gradus_fail(why, err, "%s:%zu: %s: check, %s", study->path, claim->line,
                        claim->id, reason.text);
    }
    gradus_free(n.names.label);
    gradus_free(n.names.value);
    gradus_free(n.names.number);
    gradus_free(n.column);
    gradus_free(n.recorded);
    return err;
}
