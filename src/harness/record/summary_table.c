/* summary.csv: a line for every run.  */

#include "harness/record/summary_table.h"

#include "base/memory.h"
#include "core/method.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"

#include <math.h>
#include <string.h>

/* The measures of cost that a target is reached by.  */
static const char *const axes[] = {"updates", "passes", "cpu_seconds", "wall_seconds"};
enum { AXES = sizeof axes / sizeof *axes };

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
                                      "threads",
                                      "detail"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void print_header(FILE *file, size_t targets) {
    fputs("label,method,seed", file);
    for (size_t i = 0; i < COLUMNS; i++)
        fprintf(file, ",%s", columns[i]);
    fputs(",contaminated,varied", file);
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
    fputs(json_is_null(json_object_get(record, "contaminated_by")) ? ",no," : ",yes,",
          file);
    print_field(file, json_object_get(record, "varied"));
    for (size_t k = 0; k < study->target_count; k++) {
        const json_t *reached = json_array_get(json_object_get(record, "targets"), k);
        fputc(',', file);
        if (!isnan(entrant->variant->targets[k])) /* else it is not known yet */
            fprintf(file, "%.17g", entrant->variant->targets[k]);
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
            print_line(out.file, study, records[i], gradus_study_entrant(study, i));
    return gradus_output_commit(&out, why);
}
