/* The manifest of a results folder, up to the pages of the report; and the record of one
   run, which is JSON too.  */

#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "harness/analysis/verdicts.h"
#include "harness/record/manifest.h"
#include "harness/record/record.h"
#include "harness/report/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The study of which the folder may hold results; its traces and its folders are there.  */
static gradus_study study;

static void make_folder(void) {
    static const char trace[] =
        "update,passes,cpu_seconds,wall_seconds,train_value,gradient_norm,test_accuracy\n"
        "0,0,0,0,4.5,2,0.25\n1,1,0.5,0.75,1.25,1,\n2,2,1,1.5,0.5,nan,0.875\n";
    static const char text[] =
        "study: s\nproblem: {name: rosenbrock}\nbudget: {updates: 3}\n"
        "methods: [{name: sgd}, {name: adam}]\n";
    gradus_error why;
    FUZZ_REQUIRE(!gradus_study_open_text(&study, "study.yaml", text, &why));
    FUZZ_REQUIRE(mkdir(fuzz_in_folder("traces"), 0700) == 0);
    FUZZ_REQUIRE(mkdir(fuzz_in_folder("runs"), 0700) == 0);
    fuzz_write(fuzz_in_folder("traces/sgd-1.csv"), trace, sizeof trace - 1);
    fuzz_write(fuzz_in_folder("traces/adam-1.csv"), trace, sizeof trace - 1);
}

/* ---- The report ---- */

static void write_pages(const gradus_page *page) {
    gradus_error why;
    gradus_page_begin(page);
    gradus_page_claims(page);
    if (page->results->varied)
        gradus_page_varied(page);
    else
        gradus_page_answer(page);
    gradus_page_targets(page);
    gradus_page_profiles(page);
    fuzz_accepted(gradus_page_tuning(page, &why), &why);
    gradus_page_runs(page);
    gradus_page_methods(page);
    gradus_page_provenance(page);
    gradus_page_end(page);
}

static void report(const gradus_results *results) {
    gradus_error why;
    gradus_targets targets = {0};
    gradus_profiles profiles = {0};
    json_t *verdicts = NULL;
    gradus_findings *findings = GRADUS_NEW(results->variants, gradus_findings);
    gradus_err err = GRADUS_OK;
    for (size_t v = 0; v < results->variants && !err; v++)
        err = gradus_findings_open(&findings[v], results, v, &why);
    if (!err)
        err = gradus_claims_judge(&verdicts, results, &why);
    if (!err)
        err = gradus_targets_open(&targets, results, &why);
    if (!err)
        err = gradus_profiles_open(&profiles, results, &why);
    if (fuzz_accepted(err, &why)) {
        char *text;
        size_t length;
        gradus_page page = {open_memstream(&text, &length),
                            results,
                            findings,
                            verdicts,
                            &targets,
                            &profiles};
        write_pages(&page);
        FUZZ_REQUIRE(fclose(page.file) == 0 && length > 0);
        free(text);
    }
    gradus_profiles_close(&profiles);
    gradus_targets_close(&targets);
    json_decref(verdicts);
    for (size_t v = 0; v < results->variants; v++)
        gradus_findings_close(&findings[v]);
    gradus_free(findings);
}

static void check_results(const gradus_results *results) {
    FUZZ_REQUIRE(results->study[0] && results->variants > 0);
    for (size_t i = 0; i < results->runs; i++) {
        const gradus_result *run = &results->run[i];
        FUZZ_REQUIRE(run->method < results->methods && run->variant < results->variants);
        FUZZ_REQUIRE(run->trace.rows > 0);
    }
}

static bool read_results(void) {
    gradus_error why;
    gradus_results results;
    gradus_err err = gradus_results_open(&results, fuzz_folder(), &why);
    if (!fuzz_accepted(err, &why))
        return false;
    check_results(&results);
    report(&results);
    gradus_results_close(&results);
    return true;
}

/* ---- Going on with a race ---- */

static void resume(void) {
    json_t *manifest;
    gradus_error why;
    gradus_err err = gradus_manifest_load(&manifest, fuzz_folder(), &study, &why);
    if (fuzz_accepted(err, &why))
        FUZZ_REQUIRE(json_is_object(manifest));
    json_decref(manifest);
    json_decref(gradus_record_load(fuzz_folder(), &study.entrants[0], 1));
}

/* The input with Gradus's own version for the first word VERSION: a race goes on with the
   same version only.  */
static void write_manifest(const char *path, const uint8_t *bytes, size_t size) {
    static const char word[] = "VERSION";
    enum { LENGTH = sizeof word - 1 };
    const uint8_t *at = size > 0 ? memmem(bytes, size, word, LENGTH) : NULL;
    size_t first = at ? (size_t)(at - bytes) : size;
    FILE *file = fopen(path, "wb");
    FUZZ_REQUIRE(file != NULL);
    FUZZ_REQUIRE(fwrite(bytes, 1, first, file) == first);
    if (at) {
        size_t rest = size - first - LENGTH;
        fputs(gradus_version(), file);
        FUZZ_REQUIRE(fwrite(at + LENGTH, 1, rest, file) == rest);
    }
    FUZZ_REQUIRE(fclose(file) == 0);
}

bool fuzz_manifest(const uint8_t *bytes, size_t size) {
    if (!study.name)
        make_folder();
    size_t before = fuzz_live();
    write_manifest(fuzz_in_folder("manifest.json"), bytes, size);
    write_manifest(fuzz_in_folder("runs/sgd-1.json"), bytes, size);
    bool accepted = read_results();
    resume();
    FUZZ_REQUIRE(fuzz_live() == before);
    return accepted;
}
