/* Opening a results folder.  The manifest (manifest.h) holds the record of every finished
   run; the traces stand beside it.  */

#include "harness/results/results.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/results/status.h"
#include "harness/run/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of what is read, for messages.  */
typedef struct {
    const char *manifest; /* path of manifest.json */
    gradus_error *why;
} place_t;

static gradus_err no_memory(const place_t *at) {
    return gradus_fail(at->why, GRADUS_ENOMEM, "%s: out of memory", at->manifest);
}

static double number_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The text under KEY, or "".  */
static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static gradus_err array_of(const place_t *at, const json_t *object, const char *key,
                           const json_t **out) {
    *out = json_object_get(object, key);
    if (!json_is_array(*out))
        return gradus_fail(at->why, GRADUS_EINPUT,
                           "%s: expected a results folder's manifest, with a list '%s'",
                           at->manifest, key);
    return GRADUS_OK;
}

/* What varies: {key, variants: [{value, targets, ...}]}, or null.  */
static gradus_err read_variants(gradus_results *results, const place_t *at,
                                const json_t **variants) {
    const json_t *vary = json_object_get(results->manifest, "vary");
    gradus_err err = GRADUS_OK;
    results->variants = 1;
    *variants = NULL;
    if (json_is_object(vary)) {
        err = array_of(at, vary, "variants", variants);
        results->varied = text_of(vary, "key");
        results->variants = json_array_size(*variants);
    }
    results->value = GRADUS_NEW(results->variants, const char *);
    results->number = GRADUS_NEW(results->variants, double);
    if (!err && (!results->value || !results->number))
        return no_memory(at);
    for (size_t i = 0; *variants && i < results->variants && !err; i++) {
        const char *value = text_of(json_array_get(*variants, i), "value");
        char *end;
        results->value[i] = value;
        results->number[i] = strtod(value, &end);
        if (!*value)
            err = gradus_fail(at->why, GRADUS_EINPUT, "%s: variant %zu: expected a 'value'",
                              at->manifest, i + 1);
        if (*end)
            results->number[i] = NAN;
    }
    return err;
}

static gradus_err read_targets_of(gradus_results *results, const json_t *targets,
                                  double target[], const place_t *at) {
    for (size_t i = 0; i < results->targets; i++) {
        const json_t *one = json_array_get(targets, i);
        if (!json_is_number(one) && !json_is_null(one)) /* null: not known yet */
            return gradus_fail(at->why, GRADUS_EINPUT, "%s: target %zu: expected a number",
                               at->manifest, i + 1);
        target[i] = json_is_null(one) ? NAN : json_number_value(one);
    }
    return GRADUS_OK;
}

static gradus_err read_targets(gradus_results *results, const place_t *at) {
    const json_t *targets, *variants;
    gradus_err err = array_of(at, results->manifest, "targets", &targets);
    if (!err)
        err = read_variants(results, at, &variants);
    if (err)
        return err;
    results->targets = json_array_size(targets);
    results->minimum = number_of(results->manifest, "minimum");
    results->target = GRADUS_NEW(results->variants * results->targets, double);
    if (!results->target)
        return no_memory(at);
    for (size_t v = 0; v < results->variants && !err; v++)
        err = read_targets_of(
            results,
            variants ? json_object_get(json_array_get(variants, v), "targets") : targets,
            results->target + v * results->targets, at);
    return err;
}

static gradus_err read_labels(gradus_results *results, const place_t *at) {
    const json_t *methods;
    gradus_err err = array_of(at, results->manifest, "methods", &methods);
    if (err != GRADUS_OK)
        return err;
    size_t count = json_array_size(methods);
    results->labels = GRADUS_NEW(count, const char *);
    if (!results->labels)
        return no_memory(at);
    for (size_t i = 0; i < count; i++) {
        const char *label = text_of(json_array_get(methods, i), "label");
        if (!*label)
            return gradus_fail(at->why, GRADUS_EINPUT, "%s: method %zu: expected a 'label'",
                               at->manifest, i + 1);
        results->labels[results->methods++] = label;
    }
    return GRADUS_OK;
}

size_t gradus_result_curve_rows(const gradus_result *run) {
    size_t rows = run->trace.rows;
    return run->sampled && !run->failed && rows > 2 ? rows - 1 : rows;
}

static bool is_sampled(const json_t *record) {
    const json_t *settings = json_object_get(record, "settings");
    const char *examples = text_of(json_object_get(settings, "run"), "measure_examples");
    return *examples && strcmp(examples, "all") != 0;
}

static void read_record(gradus_result *run, const json_t *record) {
    run->seed = json_integer_value(json_object_get(record, "seed"));
    run->status = text_of(record, "status");
    run->reason = text_of(record, "reason");
    run->detail = text_of(record, "detail");
    run->contaminated_by = json_string_value(json_object_get(record, "contaminated_by"));
    run->value = number_of(record, "value");
    run->gradient_norm = number_of(record, "gradient_norm");
    run->test_accuracy = number_of(record, "test_accuracy");
    run->updates = number_of(record, "updates");
    run->passes = number_of(record, "passes");
    run->cpu_seconds = number_of(record, "cpu_seconds");
    run->wall_seconds = number_of(record, "wall_seconds");
    gradus_stop stop = gradus_status_stop(run->status);
    run->failed = stop < 0;
    run->refused = stop == GRADUS_FAIL_REFUSED;
    run->sampled = is_sampled(record);
    run->diverged = gradus_status_diverged(run->status) || !isfinite(run->value);
}

/* The trace at PATH must be the one whose checksum RECORD has, if it has one: rows may have
   been lost without a trace of it.  */
static gradus_err expect_recorded(const json_t *record, const char *path,
                                  const place_t *at) {
    const char *recorded = text_of(record, "trace_crc32");
    char found[2 * sizeof(unsigned long) + 1];
    unsigned long checksum;
    if (!*recorded)
        return GRADUS_OK;
    gradus_err err = gradus_trace_checksum(path, &checksum, at->why);
    if (err)
        return err;
    snprintf(found, sizeof found, "%08lx", checksum);
    return strcmp(found, recorded) == 0
               ? GRADUS_OK
               : gradus_fail(at->why, GRADUS_EINPUT,
                             "%s: expected the numbers of the run, with checksum %s, and "
                             "found others, with %s",
                             path, recorded, found);
}

static gradus_err read_run(gradus_results *results, const json_t *record,
                           const char *folder, const place_t *at) {
    size_t number = results->runs + 1;
    const char *label = text_of(record, "label"), *trace = text_of(record, "trace");
    if (!*label || !*trace || !json_is_integer(json_object_get(record, "seed")))
        return gradus_fail(at->why, GRADUS_EINPUT,
                           "%s: run %zu: expected 'label', 'seed' and 'trace'",
                           at->manifest, number);
    gradus_result *run = &results->run[results->runs];
    while (run->method < results->methods &&
           strcmp(results->labels[run->method], label) != 0)
        run->method++;
    if (run->method == results->methods)
        return gradus_fail(at->why, GRADUS_EINPUT,
                           "%s: run %zu: '%s' is not among the study's methods",
                           at->manifest, number, label);
    const char *varied = text_of(record, "varied");
    while (results->varied && run->variant < results->variants &&
           strcmp(results->value[run->variant], varied) != 0)
        run->variant++;
    if (run->variant == results->variants)
        return gradus_fail(at->why, GRADUS_EINPUT,
                           "%s: run %zu: '%s' is not among the varied values", at->manifest,
                           number, varied);
    read_record(run, record);
    char *path = gradus_folder_path(folder, "%s", trace);
    if (!path)
        return no_memory(at);
    gradus_err err = gradus_trace_open(&run->trace, path, at->why);
    if (err == GRADUS_OK) {
        results->runs++;
        err = expect_recorded(record, path, at);
    }
    gradus_free(path);
    return err;
}

static gradus_err read_runs(gradus_results *results, const char *folder,
                            const place_t *at) {
    const json_t *runs, *seeds;
    gradus_err err = array_of(at, results->manifest, "runs", &runs);
    if (err == GRADUS_OK)
        err = array_of(at, results->manifest, "seeds", &seeds);
    if (err != GRADUS_OK)
        return err;
    size_t count = json_array_size(runs);
    results->run = GRADUS_NEW(count, gradus_result);
    if (!results->run)
        return no_memory(at);
    for (size_t i = 0; i < count && err == GRADUS_OK; i++)
        err = read_run(results, json_array_get(runs, i), folder, at);
    results->seeds = json_array_size(seeds);
    size_t wanted = results->variants * results->seeds * results->methods;
    results->missing = wanted > count ? wanted - count : 0;
    return err;
}

static gradus_err load_manifest(json_t **out, const char *folder, const place_t *at) {
    json_error_t broken;
    *out = json_load_file(at->manifest, JSON_REJECT_DUPLICATES, &broken);
    if (*out)
        return GRADUS_OK;
    if (broken.line < 0)
        return gradus_fail(at->why, GRADUS_EINPUT,
                           "%s is not a results folder: cannot read its manifest.json",
                           folder);
    return gradus_fail(at->why, GRADUS_EINPUT, "%s:%d: expected a manifest in JSON: %s",
                       at->manifest, broken.line, broken.text);
}

gradus_err gradus_results_manifest(json_t **out, const char *folder, gradus_error *why) {
    char *path = gradus_folder_path(folder, "manifest.json");
    *out = NULL;
    if (!path)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_err err = load_manifest(out, folder, &(place_t){path, why});
    gradus_free(path);
    return err;
}

static gradus_err read_title(gradus_results *results, const place_t *at) {
    results->study = text_of(results->manifest, "study");
    results->question = text_of(results->manifest, "question");
    return *results->study
               ? GRADUS_OK
               : gradus_fail(at->why, GRADUS_EINPUT,
                             "%s: expected a results folder's manifest, with a 'study'",
                             at->manifest);
}

gradus_err gradus_results_open_manifest(gradus_results *results, json_t *manifest,
                                        const char *folder, gradus_error *why) {
    *results = (gradus_results){.manifest = json_incref(manifest)};
    char *path = gradus_folder_path(folder, "manifest.json");
    place_t at = {path ? path : folder, why};
    gradus_err err = path ? read_title(results, &at) : no_memory(&at);
    if (err == GRADUS_OK)
        err = read_targets(results, &at);
    if (err == GRADUS_OK)
        err = read_labels(results, &at);
    if (err == GRADUS_OK)
        err = read_runs(results, folder, &at);
    gradus_free(path);
    if (err != GRADUS_OK)
        gradus_results_close(results);
    return err;
}

gradus_err gradus_results_open(gradus_results *results, const char *folder,
                               gradus_error *why) {
    json_t *manifest;
    *results = (gradus_results){0};
    gradus_err err = gradus_results_manifest(&manifest, folder, why);
    if (!err)
        err = gradus_results_open_manifest(results, manifest, folder, why);
    json_decref(manifest);
    return err;
}

double gradus_results_minimum(const gradus_results *results, size_t variant) {
    const json_t *vary = json_object_get(results->manifest, "vary");
    return results->varied
               ? number_of(json_array_get(json_object_get(vary, "variants"), variant),
                           "minimum")
               : results->minimum;
}

double gradus_results_gap(const gradus_results *results, double value) {
    return isnan(results->minimum) ? value : value - results->minimum;
}

void gradus_results_close(gradus_results *results) {
    for (size_t i = 0; i < results->runs; i++)
        gradus_trace_close(&results->run[i].trace);
    gradus_free(results->run);
    gradus_free(results->target);
    gradus_free(results->value);
    gradus_free(results->number);
    gradus_free(results->labels);
    json_decref(results->manifest);
    *results = (gradus_results){0};
}
