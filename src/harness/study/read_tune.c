/* `tune:` of the methods, and what all of them share, `tuning:`: the trials, as a study.  */

#include "base/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "harness/study/read_search.h"

#include <stdio.h>
#include <string.h>

static const char *const tuning_keys[] = {"seeds", "budget", "select", "untuned", NULL};
static const char *const budget_keys[] = {"updates",     "passes",       "evaluations",
                                          "cpu_seconds", "wall_seconds", NULL};
static const char *const answers[] = {"no", "yes", NULL};

/* ---- tuning ---- */

static bool has_tune(const gradus_study_reader *r, const yaml_node_t *map) {
    return map->type == YAML_MAPPING_NODE && gradus_reader_find(r, map, "tune");
}

static size_t count_tuned(const gradus_study_reader *r, const yaml_node_t *root) {
    const yaml_node_t *list = gradus_reader_find(r, root, "methods");
    size_t count = 0;
    if (list && list->type == YAML_SEQUENCE_NODE)
        for (size_t i = 0; i < gradus_list_count(list); i++)
            count += has_tune(r, gradus_list_item(&r->document, list, i));
    return count;
}

/* The position in NAMES of the word at KEY; *OUT stays when there is none.  */
static gradus_err read_word(gradus_study_reader *r, const yaml_node_t *map, const char *key,
                            const char *const names[], const char *expected, size_t *out) {
    const yaml_node_t *node = gradus_reader_find(r, map, key);
    const char *word;
    if (!node)
        return GRADUS_OK;
    gradus_err err = gradus_document_text(&r->document, node, key, &word, r->why);
    for (size_t i = 0; !err && names[i]; i++)
        if (strcmp(names[i], word) == 0) {
            *out = i;
            return GRADUS_OK;
        }
    return err ? err
               : gradus_document_fail(&r->document, node, r->why,
                                      "tuning: %s: expected %s, not '%s'", key, expected,
                                      word);
}

/* A budget of the trials' own, by itself, as the manifest has it.  */
static gradus_err read_budget(gradus_study_reader *r, const yaml_node_t *map,
                              struct gradus_tuning *tuning) {
    const yaml_node_t *budget = gradus_reader_find(r, map, "budget");
    if (!budget)
        return GRADUS_OK;
    tuning->budget = GRADUS_NEW(1, gradus_settings);
    if (!tuning->budget)
        return gradus_reader_no_memory(r);
    gradus_err err = gradus_reader_keys(r, budget, "budget", budget_keys);
    if (!err)
        err = gradus_settings_open(tuning->budget, "budget", gradus_run_params,
                                   gradus_run_params_size, r->why);
    for (size_t i = 0; !err && i < gradus_map_count(budget); i++)
        err = gradus_reader_set(r, tuning->budget,
                                gradus_node_text(gradus_map_key(&r->document, budget, i)),
                                gradus_map_value(&r->document, budget, i));
    if (!err && gradus_map_count(budget) == 0)
        err = gradus_document_fail(&r->document, budget, r->why,
                                   "tuning: budget: expected a limit, such as "
                                   "{passes: 10}");
    return err;
}

static gradus_err read_tuning(gradus_study_reader *r, const yaml_node_t *root,
                              const yaml_node_t *map, struct gradus_tuning *tuning) {
    size_t select = GRADUS_SELECT_TRAINING, untuned = 1;
    gradus_err err = map ? gradus_reader_keys(r, map, "tuning", tuning_keys) : GRADUS_OK;
    if (!err && map)
        err = read_word(r, map, "select", gradus_select_names,
                        "training_value, best_value or validation_value", &select);
    if (!err && map)
        err = read_word(r, map, "untuned", answers, "yes or no", &untuned);
    tuning->select = (gradus_select)select;
    tuning->untuned = untuned;
    if (!err && map && gradus_reader_find(r, map, "select"))
        tuning->select_line = gradus_node_line(gradus_reader_find(r, map, "select"));
    const yaml_node_t *seeds = map && !err ? gradus_reader_find(r, map, "seeds") : NULL;
    if (!err)
        err = gradus_reader_seeds(r, seeds ? map : root, &tuning->trials);
    if (!err && map)
        err = read_budget(r, map, tuning);
    return err;
}

/* `tuning:`, before the methods are read.  */
gradus_err gradus_reader_tuning(gradus_study_reader *r, const yaml_node_t *root) {
    gradus_study *study = r->study;
    const yaml_node_t *map = gradus_reader_find(r, root, "tuning");
    size_t count = count_tuned(r, root);
    if (count == 0)
        return map ? gradus_document_fail(&r->document, map, r->why,
                                          "tuning: no method has a `tune:`")
                   : GRADUS_OK;
    study->tuning = GRADUS_NEW(1, struct gradus_tuning);
    if (!study->tuning)
        return gradus_reader_no_memory(r);
    struct gradus_tuning *tuning = study->tuning;
    gradus_study *trials = &tuning->trials;
    r->variant = study->variants; /* as which a budget is read */
    trials->path = study->path;
    trials->name = study->name;
    trials->varied = study->varied;
    trials->variants = study->variants;
    trials->variant_count = study->variant_count;
    if (!(tuning->tuned = GRADUS_NEW(count, gradus_tuned)))
        return gradus_reader_no_memory(r);
    tuning->methods = count;
    return read_tuning(r, root, map, tuning);
}

size_t gradus_reader_entrants(const gradus_study_reader *r, const yaml_node_t *root,
                              const yaml_node_t *list) {
    const struct gradus_tuning *tuning = r->study->tuning;
    return gradus_list_count(list) + (tuning && tuning->untuned ? count_tuned(r, root) : 0);
}

/* ---- tune ---- */

/* What every method searches is the same at every varied value.  */
static gradus_err note_tuned(gradus_study_reader *r, const gradus_tune_search *search,
                             size_t position, gradus_tuned *tuned) {
    tuned->entrant = position;
    tuned->has_untuned = r->study->tuning->untuned;
    tuned->quasi_random = search->quasi_random;
    tuned->line = r->study->entrants[position].line;
    gradus_free(tuned->key);
    tuned->key = GRADUS_NEW(search->axes, const gradus_param *);
    if (!tuned->key)
        return gradus_reader_no_memory(r);
    for (size_t i = 0; i < search->axes; i++)
        tuned->key[i] = search->axis[i].row;
    tuned->keys = search->axes;
    return GRADUS_OK;
}

/* Room for as many trials of every tuned method, at every varied value.  */
static gradus_err make_room(gradus_study_reader *r, const gradus_tune_search *search) {
    const gradus_study *study = r->study;
    struct gradus_tuning *tuning = study->tuning;
    gradus_study *trials = &tuning->trials;
    size_t searches = study->variant_count * tuning->methods;
    if (search->trials > GRADUS_MOST_ENTRANTS / searches)
        return gradus_document_fail(&r->document, search->node, r->why,
                                    "tune: %zu trials of each of %zu methods at %zu varied "
                                    "values are more than %d",
                                    search->trials, tuning->methods, study->variant_count,
                                    GRADUS_MOST_ENTRANTS);
    tuning->trials_each = search->trials;
    trials->entrants = GRADUS_NEW(searches * search->trials, gradus_entrant);
    if (!trials->entrants)
        return gradus_reader_no_memory(r);
    trials->entrant_count = tuning->methods * search->trials;
    trials->problem_line = study->problem_line;
    return GRADUS_OK;
}

/* As many trials as the first tuned method has, for whose number the room is made.  */
static gradus_err agree(gradus_study_reader *r, const gradus_tune_search *search,
                        const char *label) {
    const gradus_study *study = r->study;
    const struct gradus_tuning *tuning = study->tuning;
    gradus_err err = tuning->trials_each == 0 ? make_room(r, search) : GRADUS_OK;
    if (err || tuning->trials_each == search->trials)
        return err;
    return gradus_document_fail(
        &r->document, search->node, r->why,
        "tune: %s has %zu trials, and %s on line %zu has %zu; a comparison is fair when "
        "every tuned method has as many",
        label, search->trials, study->entrants[tuning->tuned->entrant].label,
        tuning->tuned->line, tuning->trials_each);
}

static gradus_err read_trial(gradus_study_reader *r, const yaml_node_t *root,
                             const yaml_node_t *map, gradus_tune_search *search,
                             size_t trial, const char *label, gradus_entrant *entrant) {
    entrant->variant = r->variant;
    entrant->line = gradus_node_line(map);
    size_t size = strlen(label) + 1 + GRADUS_VALUE_SIZE;
    entrant->label = GRADUS_NEW(size, char);
    if (!entrant->label)
        return gradus_reader_no_memory(r);
    /* No label of a study has an @, so nobody else's files are called like this.  */
    snprintf(entrant->label, size, "%s@%zu", label, trial + 1);
    gradus_err err = gradus_reader_method(r, map, search, trial, entrant);
    const yaml_node_t *tuning = gradus_reader_find(r, root, "tuning");
    const yaml_node_t *budget = tuning ? gradus_reader_find(r, tuning, "budget") : NULL;
    return err ? err : gradus_reader_run(r, root, map, budget, &entrant->run);
}

gradus_err gradus_reader_tune(gradus_study_reader *r, const yaml_node_t *root,
                              const yaml_node_t *map, size_t position, size_t which) {
    gradus_study *study = r->study;
    struct gradus_tuning *tuning = study->tuning;
    size_t variant = (size_t)(r->variant - study->variants);
    const gradus_entrant *entrant =
        &study->entrants[variant * study->entrant_count + position];
    gradus_tune_search search;
    gradus_err err = gradus_tune_search_open(&search, r, map, entrant->method->type,
                                             gradus_reader_entrant_keys);
    if (!err)
        err = agree(r, &search, entrant->label);
    if (!err)
        err = note_tuned(r, &search, position, &tuning->tuned[which]);
    size_t first = (variant * tuning->methods + which) * tuning->trials_each;
    for (size_t t = 0; !err && t < search.trials; t++)
        err = read_trial(r, root, map, &search, t, entrant->label,
                         &tuning->trials.entrants[first + t]);
    gradus_tune_search_close(&search);
    return err;
}
