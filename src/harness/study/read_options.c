/* The options of a study's runs: seeds, budget, measuring, tolerances, batches and
   coordinates.  */

#include "harness/study/reader.h"

#include "base/memory.h"
#include "core/registry.h"
#include "core/run.h"

#include <stdio.h>
#include <string.h>

typedef gradus_study_reader reader_t;

static const char *const budget_keys[] = {"updates",     "passes",       "evaluations",
                                          "cpu_seconds", "wall_seconds", NULL};
static const char *const measure_keys[] = {"every", "examples", "test_examples", NULL};
/* Of the run, in a method or else in the study.  */
static const char *const shared_keys[] = {"batch", "coordinates", NULL};
static const char *const sampling_keys[] = {"sampling", NULL};
static const char *const whitening_keys[] = {"whitening_samples", "whitening_epsilon",
                                             "whitening_interval", NULL};
/* Of the run, directly in the study.  */
static const char *const tolerance_keys[] = {"gradient_tolerance", "value_tolerance",
                                             "step_tolerance", NULL};

/* ---- Seeds ---- */

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

bool gradus_reader_has_budget(const gradus_settings *settings) {
    const gradus_run_values *v = settings->values;
    return gradus_integer_given(v->updates) || gradus_real_given(v->passes) ||
           gradus_integer_given(v->evaluations) || gradus_real_given(v->cpu_seconds) ||
           gradus_real_given(v->wall_seconds);
}
