/* Reading a study: once from top to bottom, and what may follow the varied value once for
   every such value.  */

#include "harness/study/study.h"

#include "base/memory.h"
#include "base/text.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/registry.h"
#include "core/run.h"
#include "harness/record/tuning.h"
#include "harness/study/read_search.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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
static const char *const budget_keys[] = {"updates",     "passes",       "evaluations",
                                          "cpu_seconds", "wall_seconds", NULL};
static const char *const measure_keys[] = {"every", "examples", "test_examples", NULL};
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
/* Of the run, in a method or else in the study.  */
static const char *const shared_keys[] = {"batch", "coordinates", NULL};
static const char *const sampling_keys[] = {"sampling", NULL};
static const char *const whitening_keys[] = {"whitening_samples", "whitening_epsilon",
                                             "whitening_interval", NULL};
/* Of the run, directly in the study.  */
static const char *const tolerance_keys[] = {"gradient_tolerance", "value_tolerance",
                                             "step_tolerance", NULL};

/* ---- The study's own keys ---- */

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

static gradus_err read_problem_type(reader_t *r, const yaml_node_t *map) {
    const yaml_node_t *node;
    const char *name, *options;
    gradus_error reason;
    gradus_err err = gradus_reader_required(r, map, "problem", "name", &node);
    if (!err)
        err = gradus_document_text(&r->document, node, "problem", &name, r->why);
    if (err)
        return err;
    r->study->problem_type = gradus_problem_of_spec(name, &options, &reason);
    if (r->study->problem_type && !options)
        return GRADUS_OK;
    return gradus_document_fail(&r->document, node, r->why, "%s",
                                options ? "name: parameters are keys of their own here"
                                        : reason.text);
}

static gradus_err unknown_varied_of(reader_t *r, const gradus_problem_type *type) {
    char what[128];
    snprintf(what, sizeof what, "%s has no", type->name);
    return gradus_reader_unknown_varied(r, what, type->params);
}

static gradus_err read_problem(reader_t *r, const yaml_node_t *root,
                               gradus_variant *variant) {
    static const char *const others[] = {"name", NULL};
    gradus_settings settings = {0};
    const yaml_node_t *map;
    if (r->study->varied && strcmp(r->study->varied, "problem") == 0)
        return gradus_reader_varied_problem(r, root, variant);
    gradus_err err = gradus_reader_required(r, root, "the study", "problem", &map);
    if (!err)
        err = gradus_document_map(&r->document, map, "problem", r->why);
    if (!err)
        err = read_problem_type(r, map);
    if (err)
        return err;
    const gradus_problem_type *type = r->study->problem_type;
    r->study->problem_line = gradus_node_line(map);
    err = gradus_settings_open(&settings, type->name, type->params, type->params_size,
                               r->why);
    if (!err)
        err = gradus_reader_parameters(r, map, "problem", others, &settings);
    const char *varied = gradus_reader_varied(r, "problem");
    if (!err && varied && !gradus_param_find(settings.table, varied))
        err = unknown_varied_of(r, type);
    if (!err && !(variant->problem_spec = gradus_reader_spell(type->name, &settings)))
        err = gradus_reader_no_memory(r);
    gradus_settings_close(&settings);
    return err;
}

static gradus_err read_seed(reader_t *r, const yaml_node_t *node, long *seed) {
    gradus_settings settings;
    gradus_err err = gradus_settings_open(&settings, "the study", gradus_run_params,
                                          gradus_run_params_size, r->why);
    if (!err)
        err = gradus_reader_set(r, &settings, "seed", node);
    if (!err)
        *seed = ((const gradus_run_values *)settings.values)->seed;
    gradus_settings_close(&settings);
    return err;
}

gradus_err gradus_reader_seeds(reader_t *r, const yaml_node_t *root, gradus_study *study) {
    const yaml_node_t *list = gradus_reader_find(r, root, "seeds");
    gradus_err err =
        list ? gradus_document_list(&r->document, list, "seeds", r->why) : GRADUS_OK;
    if (err)
        return err;
    size_t count = list ? gradus_list_count(list) : 1;
    if (!(study->seeds = GRADUS_NEW(count, long)))
        return gradus_reader_no_memory(r);
    study->seeds[0] = 1; /* when none are given: the default of `gradus solve` */
    study->seed_count = count;
    for (size_t i = 0; list && i < count; i++) {
        const yaml_node_t *node = gradus_list_item(&r->document, list, i);
        err = read_seed(r, node, &study->seeds[i]);
        if (err)
            return err;
        for (size_t j = 0; j < i; j++)
            if (study->seeds[j] == study->seeds[i])
                return gradus_document_fail(&r->document, node, r->why,
                                            "seeds: %ld is given twice", study->seeds[i]);
    }
    return GRADUS_OK;
}

/* ---- Options of the run ---- */

/* The keys of a map in the study, each a row of the run's table called PREFIX + key.  */
static gradus_err read_group(reader_t *r, const yaml_node_t *map, const char *what,
                             const char *const names[], const char *prefix,
                             gradus_settings *settings) {
    gradus_err err = gradus_reader_keys(r, map, what, names);
    settings->owner = what;
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        char row[64];
        snprintf(row, sizeof row, "%s%s", prefix,
                 gradus_node_text(gradus_map_key(&r->document, map, i)));
        err = gradus_reader_set(r, settings, row, gradus_map_value(&r->document, map, i));
    }
    return err;
}

/* The rows KEYS from OWN, or else, unless that is NULL, from ROOT; what varies from there. */
static gradus_err read_rows(reader_t *r, const yaml_node_t *root, const yaml_node_t *own,
                            const char *const keys[], gradus_settings *settings) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && keys[i]; i++) {
        const yaml_node_t *node = own ? gradus_reader_find(r, own, keys[i]) : NULL;
        if (!node && root)
            node = gradus_reader_find(r, root, keys[i]);
        if (gradus_reader_varied(r, keys[i])) {
            if (node)
                return gradus_document_fail(
                    &r->document, node, r->why,
                    "%s is what the study varies; leave it out here", keys[i]);
            node = r->varied;
        }
        if (node)
            err = gradus_reader_set(r, settings, keys[i], node);
    }
    return err;
}

/* The study's words on whitening are for the methods that run whitened, those on sampling
   for the ones in mini-batch.  */
static gradus_err read_shared(reader_t *r, const yaml_node_t *root, const yaml_node_t *own,
                              gradus_settings *settings) {
    const gradus_run_values *values = settings->values;
    gradus_error reason;
    gradus_err err = read_rows(r, root, own, shared_keys, settings);
    bool canonical = !gradus_coordinates_types[values->coordinates];
    bool full = !gradus_integer_given(values->batch);
    if (!err)
        err = read_rows(r, own && full ? NULL : root, own, sampling_keys, settings);
    if (!err)
        err = read_rows(r, own && canonical ? NULL : root, own, whitening_keys, settings);
    if (!err && gradus_run_check(settings, &reason))
        err =
            gradus_document_fail(&r->document, own ? own : root, r->why, "%s", reason.text);
    return err;
}

gradus_err gradus_reader_run(reader_t *r, const yaml_node_t *root, const yaml_node_t *own,
                             const yaml_node_t *budget, gradus_settings *settings) {
    gradus_err err = gradus_settings_open(settings, "the study", gradus_run_params,
                                          gradus_run_params_size, r->why);
    if (!err)
        err = read_rows(r, root, NULL, tolerance_keys, settings);
    if (!err)
        err = read_shared(r, root, own, settings);
    if (!budget && own)
        budget = gradus_reader_find(r, own, "budget");
    const yaml_node_t *measure = gradus_reader_find(r, root, "measure");
    if (!budget)
        budget = gradus_reader_find(r, root, "budget");
    if (!err && budget)
        err = read_group(r, budget, "budget", budget_keys, "", settings);
    if (!err && measure)
        err = read_group(r, measure, "measure", measure_keys, "measure_", settings);
    settings->owner = "the run";
    return err;
}

static bool has_budget(const gradus_settings *settings) {
    const gradus_run_values *v = settings->values;
    return gradus_integer_given(v->updates) || gradus_real_given(v->passes) ||
           gradus_integer_given(v->evaluations) || gradus_real_given(v->cpu_seconds) ||
           gradus_real_given(v->wall_seconds);
}

/* ---- Methods ---- */

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

static gradus_err read_entrant(reader_t *r, const yaml_node_t *root, const yaml_node_t *map,
                               const char *ending, gradus_entrant *entrant) {
    entrant->variant = r->variant;
    entrant->line = gradus_node_line(map);
    gradus_err err = gradus_document_map(&r->document, map, "a method", r->why);
    if (!err)
        err = gradus_reader_method(r, map, NULL, 0, entrant);
    if (!err)
        err = read_label(r, map, ending, entrant);
    if (!err)
        err = gradus_reader_run(r, root, map, NULL, &entrant->run);
    if (!err && !has_budget(&entrant->run))
        err = gradus_document_fail(&r->document, map, r->why,
                                   "%s has no budget; give the study or the method a "
                                   "`budget:`, such as {passes: 100}",
                                   entrant->label);
    return err;
}

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

static gradus_err read_entrants(reader_t *r, const yaml_node_t *root, size_t variant) {
    gradus_study *study = r->study;
    const yaml_node_t *list;
    gradus_err err = gradus_reader_required(r, root, "the study", "methods", &list);
    if (!err)
        err = gradus_document_list(&r->document, list, "methods", r->why);
    if (err)
        return err;
    size_t count = gradus_reader_entrants(r, root, list), next = 0, tuned = 0;
    if (!study->entrants)
        study->entrants = GRADUS_NEW(study->variant_count * count, gradus_entrant);
    if (!study->entrants)
        return gradus_reader_no_memory(r);
    study->entrant_count = count;
    gradus_entrant *entrants = &study->entrants[variant * count];
    for (size_t i = 0; !err && i < gradus_list_count(list); i++) {
        const yaml_node_t *map = gradus_list_item(&r->document, list, i);
        size_t position = next++;
        err = read_entrant(r, root, map, "", &entrants[position]);
        if (err || !gradus_reader_find(r, map, "tune"))
            continue;
        if (study->tuning->untuned)
            err = read_entrant(r, root, map, "-untuned", &entrants[next++]);
        if (!err)
            err = gradus_reader_tune(r, root, map, position, tuned++);
    }
    return err ? err : expect_varied(r);
}

/* ---- Open and close ---- */

static gradus_err read_variant(reader_t *r, const yaml_node_t *root, size_t index) {
    gradus_variant *variant = &r->study->variants[index];
    r->variant = variant;
    r->varied = gradus_reader_varied_value(r, root, index);
    gradus_err err = read_problem(r, root, variant);
    if (!err)
        err = gradus_reader_targets(r, root, variant);
    if (!err && index == 0)
        err = gradus_reader_run(r, root, NULL, NULL, &r->study->run);
    if (!err)
        err = read_entrants(r, root, index);
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

const char *gradus_study_variable(const gradus_study *study) {
    const char *dot = study->varied ? strchr(study->varied, '.') : NULL;
    return dot ? dot + 1 : study->varied;
}

static void close_variant(gradus_variant *variant) {
    gradus_free(variant->value);
    gradus_free(variant->suffix);
    gradus_free(variant->problem_spec);
    gradus_free(variant->targets);
}

void gradus_entrants_close(gradus_entrant *entrants, size_t count) {
    for (size_t i = 0; entrants && i < count; i++) {
        gradus_free(entrants[i].label);
        gradus_free(entrants[i].spec);
        gradus_free(entrants[i].refused);
        gradus_method_close(entrants[i].method);
        gradus_settings_close(&entrants[i].run);
    }
    gradus_free(entrants);
}

void gradus_study_close(gradus_study *study) {
    for (size_t i = 0; i < study->claim_count; i++)
        gradus_claim_close(&study->claims[i]);
    gradus_free(study->claims);
    gradus_free(study->record);
    gradus_tuning_close(study->tuning);
    for (size_t i = 0; study->reference && i < study->target_count; i++)
        gradus_free(study->reference[i]);
    gradus_free(study->reference);
    gradus_entrants_close(study->entrants, study->variant_count * study->entrant_count);
    for (size_t i = 0; i < study->variant_count; i++)
        close_variant(&study->variants[i]);
    gradus_free(study->variants);
    gradus_free(study->profiles);
    gradus_free(study->varied);
    gradus_free(study->seeds);
    gradus_settings_close(&study->run);
    gradus_free(study->question);
    gradus_free(study->name);
    gradus_free(study->text);
    gradus_free(study->path);
    *study = (gradus_study){0};
}
