/* Reading a study.  Every value goes through the parameter table it belongs to, so that a
   study and the command line refuse the same things with the same sentence.  */

#include "harness/study.h"

#include "core/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/registry.h"
#include "core/run.h"
#include "core/text.h"
#include "harness/document.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    gradus_document document;
    gradus_study *study;
    gradus_error *why;
} reader_t;

static gradus_err no_memory(reader_t *r) {
    return gradus_fail(r->why, GRADUS_ENOMEM, "%s: out of memory", r->study->path);
}

static const char *const study_keys[] = {"study",
                                         "question",
                                         "problem",
                                         "batch",
                                         "sampling",
                                         "seeds",
                                         "budget",
                                         "measure",
                                         "target",
                                         "gradient_tolerance",
                                         "value_tolerance",
                                         "step_tolerance",
                                         "coordinates",
                                         "whitening_samples",
                                         "whitening_epsilon",
                                         "methods",
                                         NULL};
static const char *const budget_keys[] = {"updates",     "passes",       "evaluations",
                                          "cpu_seconds", "wall_seconds", NULL};
static const char *const measure_keys[] = {"every", "examples", NULL};
/* Of a method, beside its own parameters.  */
static const char *const entrant_keys[] = {"name",
                                           "label",
                                           "budget",
                                           "batch",
                                           "sampling",
                                           "coordinates",
                                           "whitening_samples",
                                           "whitening_epsilon",
                                           NULL};
/* Of the run, in a method or else in the study.  */
static const char *const shared_keys[] = {"batch", "coordinates", NULL};
static const char *const sampling_keys[] = {"sampling", NULL};
static const char *const whitening_keys[] = {"whitening_samples", "whitening_epsilon",
                                             NULL};
/* Of the run, directly in the study.  */
static const char *const tolerance_keys[] = {"gradient_tolerance", "value_tolerance",
                                             "step_tolerance", NULL};

static bool is_among(const char *const names[], const char *name) {
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* "FILE:LINE: WHAT has no key 'KEY'", with the nearest of NAMES and the rows of TABLE.  */
static gradus_err unknown_key(reader_t *r, const yaml_node_t *key, const char *what,
                              const char *const names[], const gradus_param *table) {
    gradus_nearest nearest = gradus_nearest_to(gradus_node_text(key));
    for (size_t i = 0; names[i]; i++)
        gradus_nearest_try(&nearest, names[i]);
    for (const gradus_param *row = table; row && row->name; row++)
        gradus_nearest_try(&nearest, row->name);
    char hint[128];
    return gradus_document_fail(&r->document, key, r->why, "%s has no key '%s'%s", what,
                                gradus_node_text(key),
                                gradus_nearest_hint(&nearest, hint, sizeof hint));
}

/* MAP must be a map with keys among NAMES.  */
static gradus_err check_keys(reader_t *r, const yaml_node_t *map, const char *what,
                             const char *const names[]) {
    gradus_err err = gradus_document_map(&r->document, map, what, r->why);
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        const yaml_node_t *key = gradus_map_key(&r->document, map, i);
        if (!is_among(names, gradus_node_text(key)))
            err = unknown_key(r, key, what, names, NULL);
    }
    return err;
}

static yaml_node_t *find(const reader_t *r, const yaml_node_t *map, const char *key) {
    return gradus_document_find(&r->document, map, key);
}

/* ---- Values ---- */

static gradus_err read_copy(reader_t *r, const yaml_node_t *node, const char *what,
                            char **out) {
    const char *text;
    gradus_err err = gradus_document_text(&r->document, node, what, &text, r->why);
    if (err)
        return err;
    *out = gradus_text_copy(text);
    return *out ? GRADUS_OK : no_memory(r);
}

enum { LONGEST_NAME = 100 }; /* leaves room for seed and suffix in a file name */

/* Letters, digits, '.', '_' and '-', not beginning with one that a shell or a program
   might take for something else.  */
static gradus_err check_file_name(reader_t *r, const yaml_node_t *at, const char *what,
                                  const char *name) {
    static const char *const letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t length = strlen(name);
    if (length > 0 && length <= LONGEST_NAME && strspn(name, letters) == length &&
        name[0] != '.' && name[0] != '-')
        return GRADUS_OK;
    return gradus_document_fail(
        &r->document, at, r->why,
        "%s: '%.120s' names files: expected 1 to %d letters, digits, "
        "'.', '_' and '-', the first not '.' or '-'",
        what, name, LONGEST_NAME);
}

/* Sets KEY from NODE, and says where when it is refused.  */
static gradus_err set(reader_t *r, gradus_settings *settings, const char *key,
                      const yaml_node_t *node) {
    const char *text;
    gradus_error reason;
    gradus_err err = gradus_document_text(&r->document, node, key, &text, r->why);
    if (err)
        return err;
    err = gradus_settings_set(settings, key, text, &reason);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, node, r->why, "%s", reason.text);
    return err ? no_memory(r) : GRADUS_OK;
}

/* The same from a list, whose items are joined: [1000, 500] is 1000-500.  */
static gradus_err set_joined(reader_t *r, gradus_settings *settings, const char *key,
                             const yaml_node_t *list) {
    size_t length = 1, count = gradus_list_count(list);
    const char *item;
    for (size_t i = 0; i < count; i++) {
        gradus_err err = gradus_document_text(
            &r->document, gradus_list_item(&r->document, list, i), key, &item, r->why);
        if (err)
            return err;
        length += strlen(item) + 1;
    }
    char *joined = GRADUS_NEW(length, char);
    if (!joined)
        return no_memory(r);
    size_t end = 0;
    for (size_t i = 0; i < count; i++)
        end += (size_t)snprintf(joined + end, length - end, "%s%s", i ? "-" : "",
                                gradus_node_text(gradus_list_item(&r->document, list, i)));
    gradus_error reason;
    gradus_err err = gradus_settings_set(settings, key, joined, &reason);
    gradus_free(joined);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, list, r->why, "%s", reason.text);
    return err ? no_memory(r) : GRADUS_OK;
}

/* Every pair of MAP whose key is not among OTHERS is a parameter.  */
static gradus_err read_parameters(reader_t *r, const yaml_node_t *map,
                                  const char *const others[], gradus_settings *settings) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        const yaml_node_t *key = gradus_map_key(&r->document, map, i);
        const yaml_node_t *value = gradus_map_value(&r->document, map, i);
        const char *name = gradus_node_text(key);
        if (is_among(others, name))
            continue;
        if (!gradus_param_find(settings->table, name))
            err = unknown_key(r, key, settings->owner, others, settings->table);
        else if (value->type == YAML_SEQUENCE_NODE)
            err = gradus_document_list(&r->document, value, name, r->why);
        if (!err)
            err = value->type == YAML_SEQUENCE_NODE ? set_joined(r, settings, name, value)
                                                    : set(r, settings, name, value);
    }
    return err;
}

/* "name:key=value,...", with what was given and no defaults, commas and backslashes
   escaped.  NULL: no memory.  */
static char *spell(const char *name, const gradus_settings *settings) {
    char buffer[GRADUS_VALUE_SIZE];
    size_t length = strlen(name) + 1;
    for (const gradus_param *row = settings->table; row && row->name; row++)
        length += strlen(row->name) + 2 +
                  2 * strlen(gradus_settings_print(settings, row, buffer));
    char *spec = GRADUS_NEW(length, char);
    if (!spec)
        return NULL;
    char *end = spec + sprintf(spec, "%s", name);
    char separator = ':';
    for (const gradus_param *row = settings->table; row && row->name; row++) {
        if (!(settings->given >> (row - settings->table) & 1))
            continue;
        end += sprintf(end, "%c%s=", separator, row->name);
        separator = ',';
        for (const char *c = gradus_settings_print(settings, row, buffer); *c; c++) {
            if (*c == ',' || *c == '\\')
                *end++ = '\\';
            *end++ = *c;
        }
    }
    return spec;
}

/* ---- The study's own keys ---- */

static gradus_err required(reader_t *r, const yaml_node_t *map, const char *what,
                           const char *key, const yaml_node_t **out) {
    *out = find(r, map, key);
    return *out ? GRADUS_OK
                : gradus_document_fail(&r->document, map, r->why, "%s has no '%s:'", what,
                                       key);
}

static gradus_err read_title(reader_t *r, const yaml_node_t *root) {
    const yaml_node_t *name, *question = find(r, root, "question");
    gradus_err err = required(r, root, "the study", "study", &name);
    if (!err)
        err = read_copy(r, name, "study", &r->study->name);
    if (!err)
        err = check_file_name(r, name, "study", r->study->name);
    if (!err && question)
        err = read_copy(r, question, "question", &r->study->question);
    return err;
}

static gradus_err read_problem(reader_t *r, const yaml_node_t *root) {
    static const char *const others[] = {"name", NULL};
    gradus_study *study = r->study;
    const yaml_node_t *map, *node;
    const char *name, *options;
    gradus_error reason;
    gradus_err err = required(r, root, "the study", "problem", &map);
    if (!err)
        err = gradus_document_map(&r->document, map, "problem", r->why);
    if (!err)
        err = required(r, map, "problem", "name", &node);
    if (!err)
        err = gradus_document_text(&r->document, node, "problem", &name, r->why);
    if (err)
        return err;
    study->problem_line = gradus_node_line(map);
    study->problem_type = gradus_problem_of_spec(name, &options, &reason);
    if (!study->problem_type || options)
        return gradus_document_fail(&r->document, node, r->why, "%s",
                                    options ? "name: parameters are keys of their own here"
                                            : reason.text);
    const gradus_problem_type *type = study->problem_type;
    err = gradus_settings_open(&study->problem, type->name, type->params, type->params_size,
                               r->why);
    if (!err)
        err = read_parameters(r, map, others, &study->problem);
    if (!err && !(study->problem_spec = spell(type->name, &study->problem)))
        err = no_memory(r);
    return err;
}

/* Numbers of the run's table: KEY's row says what each may be.  */
static gradus_err read_run_value(reader_t *r, const yaml_node_t *node, const char *key,
                                 gradus_run_values *out) {
    gradus_settings settings;
    gradus_err err = gradus_settings_open(&settings, "the study", gradus_run_params,
                                          gradus_run_params_size, r->why);
    if (!err)
        err = set(r, &settings, key, node);
    if (!err)
        *out = *(const gradus_run_values *)settings.values;
    gradus_settings_close(&settings);
    return err;
}

static gradus_err read_seeds(reader_t *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *list = find(r, root, "seeds");
    gradus_err err =
        list ? gradus_document_list(&r->document, list, "seeds", r->why) : GRADUS_OK;
    if (err)
        return err;
    size_t count = list ? gradus_list_count(list) : 1;
    if (!(study->seeds = GRADUS_NEW(count, long)))
        return no_memory(r);
    study->seeds[0] = 1; /* when none are given: the default of `gradus solve` */
    study->seed_count = count;
    for (size_t i = 0; list && i < count; i++) {
        const yaml_node_t *node = gradus_list_item(&r->document, list, i);
        gradus_run_values values;
        err = read_run_value(r, node, "seed", &values);
        if (err)
            return err;
        study->seeds[i] = values.seed;
        for (size_t j = 0; j < i; j++)
            if (study->seeds[j] == values.seed)
                return gradus_document_fail(&r->document, node, r->why,
                                            "seeds: %ld is given twice", values.seed);
    }
    return GRADUS_OK;
}

static gradus_err read_targets(reader_t *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *node = find(r, root, "target");
    if (!node)
        return GRADUS_OK;
    bool list = node->type == YAML_SEQUENCE_NODE;
    gradus_err err =
        list ? gradus_document_list(&r->document, node, "target", r->why) : GRADUS_OK;
    if (err)
        return err;
    study->target_count = list ? gradus_list_count(node) : 1;
    if (!(study->targets = GRADUS_NEW(study->target_count, double)))
        return no_memory(r);
    for (size_t i = 0; i < study->target_count; i++) {
        const yaml_node_t *item = list ? gradus_list_item(&r->document, node, i) : node;
        gradus_run_values values;
        err = read_run_value(r, item, "target", &values);
        if (!err && !gradus_real_given(values.target))
            err = gradus_document_fail(&r->document, item, r->why,
                                       "target: expected a training value");
        if (err)
            return err;
        study->targets[i] = values.target;
    }
    return GRADUS_OK;
}

/* ---- Options of the run ---- */

/* The keys of a map in the study, each a row of the run's table called PREFIX + key.  */
static gradus_err read_group(reader_t *r, const yaml_node_t *map, const char *what,
                             const char *const names[], const char *prefix,
                             gradus_settings *settings) {
    gradus_err err = check_keys(r, map, what, names);
    settings->owner = what;
    for (size_t i = 0; !err && i < gradus_map_count(map); i++) {
        char row[64];
        snprintf(row, sizeof row, "%s%s", prefix,
                 gradus_node_text(gradus_map_key(&r->document, map, i)));
        err = set(r, settings, row, gradus_map_value(&r->document, map, i));
    }
    return err;
}

/* The rows KEYS from OWN, or else, unless that is NULL, from ROOT.  */
static gradus_err read_rows(reader_t *r, const yaml_node_t *root, const yaml_node_t *own,
                            const char *const keys[], gradus_settings *settings) {
    gradus_err err = GRADUS_OK;
    for (size_t i = 0; !err && keys[i]; i++) {
        const yaml_node_t *node = own ? find(r, own, keys[i]) : NULL;
        if (!node && root)
            node = find(r, root, keys[i]);
        if (node)
            err = set(r, settings, keys[i], node);
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

/* What the study says of every run, or what OWN, a method's map, says instead.  A budget of
   its own replaces the study's as a whole.  */
static gradus_err read_run(reader_t *r, const yaml_node_t *root, const yaml_node_t *own,
                           gradus_settings *settings) {
    gradus_err err = gradus_settings_open(settings, "the study", gradus_run_params,
                                          gradus_run_params_size, r->why);
    if (!err)
        err = read_rows(r, root, NULL, tolerance_keys, settings);
    if (!err)
        err = read_shared(r, root, own, settings);
    const yaml_node_t *budget = own ? find(r, own, "budget") : NULL;
    const yaml_node_t *measure = find(r, root, "measure");
    if (!budget)
        budget = find(r, root, "budget");
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

static gradus_err read_label(reader_t *r, const yaml_node_t *map, gradus_entrant *entrant) {
    const gradus_study *study = r->study;
    const yaml_node_t *node = find(r, map, "label");
    if (!node)
        node = find(r, map, "name");
    gradus_err err = read_copy(r, node, "label", &entrant->label);
    if (!err)
        err = check_file_name(r, node, "label", entrant->label);
    for (const gradus_entrant *other = study->entrants; !err && other < entrant; other++)
        if (strcmp(other->label, entrant->label) == 0)
            err = gradus_document_fail(&r->document, node, r->why,
                                       "the label '%s' is taken by the method on line %zu; "
                                       "give this one a `label:` of its own",
                                       entrant->label, other->line);
    return err;
}

static gradus_err read_method(reader_t *r, const yaml_node_t *map,
                              gradus_entrant *entrant) {
    const yaml_node_t *node;
    const char *name, *options;
    gradus_error reason;
    gradus_err err = required(r, map, "the method", "name", &node);
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
        err = read_parameters(r, map, entrant_keys, &settings);
    if (!err && !(entrant->spec = spell(type->name, &settings)))
        err = no_memory(r);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    err = gradus_method_open_settings(&entrant->method, type, &settings, &reason);
    if (err == GRADUS_EINPUT)
        return gradus_document_fail(&r->document, map, r->why, "%s", reason.text);
    return err ? no_memory(r) : GRADUS_OK;
}

static gradus_err read_entrant(reader_t *r, const yaml_node_t *root, const yaml_node_t *map,
                               gradus_entrant *entrant) {
    entrant->line = gradus_node_line(map);
    gradus_err err = gradus_document_map(&r->document, map, "a method", r->why);
    if (!err)
        err = read_method(r, map, entrant);
    if (!err)
        err = read_label(r, map, entrant);
    if (!err)
        err = read_run(r, root, map, &entrant->run);
    if (!err && !has_budget(&entrant->run))
        err = gradus_document_fail(&r->document, map, r->why,
                                   "%s has no budget; give the study or the method a "
                                   "`budget:`, such as {passes: 100}",
                                   entrant->label);
    return err;
}

static gradus_err read_entrants(reader_t *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *list;
    gradus_err err = required(r, root, "the study", "methods", &list);
    if (!err)
        err = gradus_document_list(&r->document, list, "methods", r->why);
    if (err)
        return err;
    size_t count = gradus_list_count(list);
    if (!(study->entrants = GRADUS_NEW(count, gradus_entrant)))
        return no_memory(r);
    study->entrant_count = count;
    for (size_t i = 0; !err && i < count; i++)
        err = read_entrant(r, root, gradus_list_item(&r->document, list, i),
                           &study->entrants[i]);
    return err;
}

/* ---- Open and close ---- */

static gradus_err read_study(reader_t *r) {
    const yaml_node_t *root = gradus_document_root(&r->document);
    gradus_err err = check_keys(r, root, "a study", study_keys);
    if (!err)
        err = read_title(r, root);
    if (!err)
        err = read_problem(r, root);
    if (!err)
        err = read_seeds(r, root);
    if (!err)
        err = read_targets(r, root);
    if (!err)
        err = read_run(r, root, NULL, &r->study->run);
    if (!err)
        err = read_entrants(r, root);
    if (!err && !(r->study->text = gradus_text_copy(r->document.text)))
        err = no_memory(r);
    return err;
}

gradus_err gradus_study_open(gradus_study *study, const char *path, gradus_error *why) {
    *study = (gradus_study){.path = gradus_text_copy(path)};
    if (!study->path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    reader_t reader = {.study = study, .why = why};
    gradus_err err = gradus_document_open(&reader.document, study->path, why);
    if (!err)
        err = read_study(&reader);
    gradus_document_close(&reader.document);
    return err;
}

void gradus_study_close(gradus_study *study) {
    for (size_t i = 0; i < study->entrant_count; i++) {
        gradus_entrant *entrant = &study->entrants[i];
        gradus_free(entrant->label);
        gradus_free(entrant->spec);
        gradus_method_close(entrant->method);
        gradus_settings_close(&entrant->run);
    }
    gradus_free(study->entrants);
    gradus_free(study->targets);
    gradus_free(study->seeds);
    gradus_settings_close(&study->run);
    gradus_settings_close(&study->problem);
    gradus_free(study->problem_spec);
    gradus_free(study->question);
    gradus_free(study->name);
    gradus_free(study->text);
    gradus_free(study->path);
    *study = (gradus_study){0};
}

/* ---- Problem and runs ---- */

gradus_err gradus_study_open_problem(gradus_study *study, size_t threads,
                                     gradus_problem **out, gradus_error *why) {
    gradus_error reason;
    gradus_err err = gradus_problem_open_settings(out, study->problem_type, &study->problem,
                                                  threads, &reason);
    if (err)
        return gradus_fail(why, err, "%s:%zu: %s", study->path, study->problem_line,
                           reason.text);
    for (size_t i = 0; !err && i < study->entrant_count; i++) {
        const gradus_entrant *entrant = &study->entrants[i];
        err = gradus_run_fits(entrant->method, *out, &entrant->run, &reason);
        if (err)
            gradus_fail(why, err, "%s:%zu: %s", study->path, entrant->line, reason.text);
    }
    if (err) {
        gradus_problem_close(*out);
        *out = NULL;
    }
    return err;
}

gradus_err gradus_study_open_run(const gradus_entrant *entrant, long seed,
                                 gradus_problem *problem, gradus_run **out,
                                 gradus_error *why) {
    *out = NULL;
    gradus_settings settings;
    char number[GRADUS_VALUE_SIZE];
    snprintf(number, sizeof number, "%ld", seed);
    gradus_err err =
        gradus_settings_copy(&settings, &entrant->run, gradus_run_params_size, why);
    if (!err)
        err = gradus_settings_set(&settings, "seed", number, why);
    if (err) {
        gradus_settings_close(&settings);
        return err;
    }
    return gradus_run_open_settings(out, problem, entrant->method, NULL, &settings, why);
}
