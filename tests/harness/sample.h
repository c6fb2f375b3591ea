/* A results folder whose numbers can be worked out by hand.  With seed s and update k:

     quick   value (8 + s) / 2^k      2 passes and 1/2 CPU-second an update
     slow    value (8 + s) / (1 + k)  1 pass and 1/8 CPU-second an update
     wild    value 8 + s, 1000, then not a number

   The first two make 20 updates.  Slow's timing with seed 2 is contaminated.  */

#ifndef GRADUS_TESTS_HARNESS_SAMPLE_H
#define GRADUS_TESTS_HARNESS_SAMPLE_H

#include "scratch.h"

#include <sys/stat.h>

enum { SAMPLE_METHODS = 3, SAMPLE_SEEDS = 3, SAMPLE_UPDATES = 20, SAMPLE_BREAKS = 2 };

/* What a test may change.  */
typedef struct {
    const char *question; /* as it stands in JSON */
    int missing;          /* so many of the last runs have not been made */
    const char *minimum;  /* that the study names, in JSON; NULL: none */
} sample_t;

static const char *const sample_labels[SAMPLE_METHODS] = {"quick", "slow", "wild"};

static inline double sample_value(int method, int seed, int update) {
    switch (method) {
    case 0:
        return ldexp(8 + seed, -update);
    case 1:
        return (8.0 + seed) / (1 + update);
    default:
        return update == 0 ? 8 + seed : update < SAMPLE_BREAKS ? 1000 : NAN;
    }
}

static inline int sample_updates(int method) {
    return method == 2 ? SAMPLE_BREAKS : SAMPLE_UPDATES;
}

static inline double sample_passes(int method, int update) {
    return method == 0 ? 2 * update : update;
}

static inline double sample_seconds(int method, int update) {
    return method == 0 ? 0.5 * update : 0.125 * update;
}

static inline void write_sample_trace(int method, int seed) {
    FILE *file = fopen(in_scratch("traces/%s-%d.csv", sample_labels[method], seed), "w");
    ck_assert_ptr_nonnull(file);
    fputs("update,epoch,passes,value_evaluations,gradient_evaluations,products,"
          "cpu_seconds,wall_seconds,train_value,gradient_norm,step_norm,learning_rate,"
          "test_value,test_accuracy,evaluation_seconds,product_seconds,"
          "eigendecomposition_seconds,line_search_seconds,rest_seconds\n",
          file);
    for (int k = 0; k <= sample_updates(method); k++) {
        double value = sample_value(method, seed, k), seconds = sample_seconds(method, k);
        double passes = sample_passes(method, k);
        fprintf(file, "%d,%.17g,%.17g,0,%d,0,%.17g,%.17g,%.17g,%.17g,,0.5,%.17g,%.17g,", k,
                passes, passes, k, seconds, seconds, value, sqrt(value), value,
                0.5 + 0.02 * k);
        fprintf(file, "%.17g,0,0,%.17g,%.17g\n", 0.75 * seconds, 0.125 * seconds,
                0.125 * seconds);
    }
    ck_assert_int_eq(fclose(file), 0);
}

static inline void write_sample_record(FILE *file, int method, int seed) {
    int k = sample_updates(method);
    double value = sample_value(method, seed, k);
    fprintf(file,
            "{\"label\": \"%s\", \"seed\": %d, \"status\": \"%s\", \"reason\": \"%s\",\n"
            " \"updates\": %d, \"passes\": %.17g, \"cpu_seconds\": %.17g,\n"
            " \"wall_seconds\": %.17g, \"test_accuracy\": %.17g,\n"
            " \"trace\": \"traces/%s-%d.csv\", \"contaminated_by\": %s,\n",
            sample_labels[method], seed, method == 2 ? "diverged" : "updates",
            method == 2 ? "value or gradient became not finite" : "budget of updates spent",
            k, sample_passes(method, k), sample_seconds(method, k),
            sample_seconds(method, k), 0.5 + 0.02 * k, sample_labels[method], seed,
            method == 1 && seed == 2 ? "\"a neighbour's load\"" : "null");
    if (method == 2)
        fputs(" \"value\": null, \"gradient_norm\": null}", file);
    else
        fprintf(file, " \"value\": %.17g, \"gradient_norm\": %.17g}", value, sqrt(value));
}

static inline void write_sample_head(FILE *file, const sample_t *sample) {
    fprintf(
        file,
        "{\"study\": \"sample\", \"question\": \"%s\", \"text\": \"study: sample\\n\",\n"
        "\"version\": \"0\", \"threads\": 1, \"targets\": [1, 0.25], \"minimum\": %s,\n"
        "\"problem\": {\"spec\": \"toy\", \"dimension\": 7, \"examples\": 1},\n"
        "\"budget\": {\"updates\": \"20\"}, \"seeds\": [1, 2, 3],\n"
        "\"contamination\": \"a rule\",\n"
        "\"provenance\": {\"processor\": \"abacus & sons\"}, \"methods\": [",
        sample->question, sample->minimum ? sample->minimum : "null");
    for (int m = 0; m < SAMPLE_METHODS; m++)
        fprintf(file,
                "%s{\"label\": \"%s\", \"name\": \"toy\", \"spec\": \"toy:speed=%d\",\n"
                "\"parameters\": {\"speed\": \"%d\"}, \"run\": {\"batch\": \"full\"}}",
                m > 0 ? ", " : "", sample_labels[m], m, m);
}

/* In the scratch folder, which is to be made before.  */
static inline void write_sample(const sample_t *sample) {
    mkdir(in_scratch("traces"), 0777);
    FILE *file = fopen(in_scratch("manifest.json"), "w");
    ck_assert_ptr_nonnull(file);
    write_sample_head(file, sample);
    fputs("],\n\"runs\": [", file);
    int runs = SAMPLE_METHODS * SAMPLE_SEEDS - sample->missing;
    for (int i = 0; i < runs; i++) {
        int method = i % SAMPLE_METHODS, seed = 1 + i / SAMPLE_METHODS;
        fputs(i > 0 ? ",\n" : "", file);
        write_sample_record(file, method, seed);
        write_sample_trace(method, seed);
    }
    fputs("]}\n", file);
    ck_assert_int_eq(fclose(file), 0);
}

static const sample_t plain_sample = {.question = "Who is first?"};

#endif
