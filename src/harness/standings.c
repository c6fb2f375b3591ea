/* summary.csv, and the closing table on standard output.  */

#include "harness/standings.h"

#include "core/memory.h"
#include "core/method.h"
#include "harness/folder.h"
#include "harness/output.h"

#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

/* The measures of cost that a target is reached by.  */
static const char *const axes[] = {"updates", "passes", "cpu_seconds", "wall_seconds"};
enum { AXES = sizeof axes / sizeof *axes };

/* ---- summary.csv ---- */

/* A value as a field; null is empty.  Texts are names, words and sentences of ours; those
   with a comma or a quote are quoted.  */
static void print_field(FILE *file, const json_t *value) {
    const char *text = json_string_value(value);
    if (json_is_integer(value))
        fprintf(file, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        fprintf(file, "%.17g", json_real_value(value));
    else if (text && strpbrk(text, ",\"\n")) {
        fputc('"', file);
        for (; *text; text++)
            fprintf(file, *text == '"' ? "\"%c" : "%c", *text);
        fputc('"', file);
    } else if (text)
        fputs(text, file);
}

static const char *const columns[] = {"status",
                                      "reason",
                                      "updates",
                                      "passes",
                                      "value",
                                      "best_value",
                                      "gradient_norm",
                                      "test_value",
                                      "test_accuracy",
                                      "value_evaluations",
                                      "gradient_evaluations",
                                      "products",
                                      "cpu_seconds",
                                      "wall_seconds",
                                      "threads"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void print_header(FILE *file, size_t targets) {
    fputs("label,method,seed", file);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(file, ",%s", columns[i]);
    fputs(",contaminated", file);
    for (size_t k = 1; k <= targets; k++) {
        fprintf(file, ",target_%zu", k);
        for (size_t a = 0; a < AXES; a++)
            fprintf(file, ",target_%zu_%s", k, axes[a]);
    }
    fputc('\n', file);
}

static void print_line(FILE *file, const gradus_study *study, const json_t *record,
                       const gradus_entrant *entrant) {
    fprintf(file, "%s,%s,", entrant->label, entrant->method->type->name);
    print_field(file, json_object_get(record, "seed"));
    for (size_t i = 0; i < COLUMNS; i++) {
        fputc(',', file);
        print_field(file, json_object_get(record, columns[i]));
    }
    fputs(json_is_null(json_object_get(record, "contaminated_by")) ? ",no" : ",yes", file);
    for (size_t k = 0; k < study->target_count; k++) {
        const json_t *reached = json_array_get(json_object_get(record, "targets"), k);
        fprintf(file, ",%.17g", study->targets[k]);
        for (size_t a = 0; a < AXES; a++) {
            fputc(',', file);
            print_field(file, json_object_get(reached, axes[a]));
        }
    }
    fputc('\n', file);
}

gradus_err gradus_summary_table_write(const gradus_study *study, json_t *const records[],
                                      size_t count, const char *folder, gradus_error *why) {
    gradus_output out;
    char *path = gradus_folder_path(folder, "summary.csv");
    gradus_err err = path ? gradus_output_open(&out, path, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (err)
        return err;
    print_header(out.file, study->target_count);
    for (size_t i = 0; i < count; i++)
        if (records[i])
            print_line(out.file, study, records[i],
                       &study->entrants[i % study->entrant_count]);
    return gradus_output_commit(&out, why);
}

/* ---- The closing table ---- */

/* A number of a record, or of its TARGET-th target; infinite where there is none.  */
static double number_of(const json_t *record, const char *key, const size_t *target) {
    if (target)
        record = json_array_get(json_object_get(record, "targets"), *target);
    const json_t *value = json_object_get(record, key);
    return json_is_number(value) ? json_number_value(value) : INFINITY;
}

/* Over the seeds that ran; NaN when none did.  SCRATCH holds a number per seed.  */
static double median(const gradus_study *study, json_t *const records[], size_t entrant,
                     const char *key, const size_t *target, double scratch[]) {
    size_t count = 0;
    for (size_t s = 0; s < study->seed_count; s++) {
        const json_t *record = records[s * study->entrant_count + entrant];
        if (record)
            scratch[count++] = number_of(record, key, target);
    }
    if (count == 0)
        return NAN;
    gsl_sort(scratch, 1, count);
    return gsl_stats_median_from_sorted_data(scratch, 1, count);
}

/* Whether a status is a method's that could not go on.  */
static bool is_failure(const char *status) {
#define IS_FAILURE(name, code, word, text)                                                 \
    if ((code) < 0 && strcmp(status, word) == 0)                                           \
        return true;
    GRADUS_STOP_LIST(IS_FAILURE)
    return false;
}

/* Runs of an entrant, and how many of them failed.  */
static void count_runs(const gradus_study *study, json_t *const records[], size_t entrant,
                       size_t *runs, size_t *failed) {
    *runs = *failed = 0;
    for (size_t s = 0; s < study->seed_count; s++) {
        const json_t *record = records[s * study->entrant_count + entrant];
        const char *status = json_string_value(json_object_get(record, "status"));
        *runs += record != NULL;
        *failed += status && is_failure(status);
    }
}

static int label_width(const gradus_study *study) {
    size_t width = strlen("method");
    for (size_t i = 0; i < study->entrant_count; i++)
        width = strlen(study->entrants[i].label) > width ? strlen(study->entrants[i].label)
                                                         : width;
    return (int)width;
}

static void print_medians(FILE *file, const gradus_study *study, json_t *const records[],
                          double scratch[]) {
    static const char *const keys[] = {"value", "updates", "passes", "cpu_seconds"};
    int width = label_width(study);
    fprintf(file, "%-*s  %5s %6s %14s %10s %10s %12s\n", width, "method", "runs", "failed",
            "value", "updates", "passes", "cpu_seconds");
    for (size_t i = 0; i < study->entrant_count; i++) {
        size_t runs, failed;
        double middle[4];
        count_runs(study, records, i, &runs, &failed);
        for (size_t k = 0; k < 4; k++)
            middle[k] = median(study, records, i, keys[k], NULL, scratch);
        fprintf(file, "%-*s  %5zu %6zu %14.8g %10.6g %10.4g %12.4g\n", width,
                study->entrants[i].label, runs, failed, middle[0], middle[1], middle[2],
                middle[3]);
    }
}

static void print_first(FILE *file, const gradus_study *study, json_t *const records[],
                        size_t target, double scratch[]) {
    fprintf(file, "first to reach %g:", study->targets[target]);
    for (size_t a = 0; a < AXES - 1; a++) { /* by wall time is in summary.csv */
        size_t best = 0;
        double least = INFINITY;
        for (size_t i = 0; i < study->entrant_count; i++) {
            double cost = median(study, records, i, axes[a], &target, scratch);
            if (cost < least) {
                least = cost;
                best = i;
            }
        }
        if (!(least < INFINITY)) {
            fputs(" nobody\n", file);
            return;
        }
        fprintf(file, "%s %s %s (%.4g)", a ? "," : "", axes[a], study->entrants[best].label,
                least);
    }
    fputc('\n', file);
}

gradus_err gradus_standings_print(FILE *file, const gradus_study *study,
                                  json_t *const records[], gradus_error *why) {
    double *scratch = GRADUS_NEW(study->seed_count, double);
    if (!scratch)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", study->name);
    if (study->seed_count > 1)
        fprintf(file, "medians over %zu seeds\n", study->seed_count);
    print_medians(file, study, records, scratch);
    for (size_t k = 0; k < study->target_count; k++)
        print_first(file, study, records, k, scratch);
    gradus_free(scratch);
    return GRADUS_OK;
}
