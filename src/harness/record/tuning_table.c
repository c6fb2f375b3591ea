/* tuning.csv: a line for every trial, with the columns label, varied, trial, runs, diverged,
   score, lowest, highest, cpu_seconds, wall_seconds, selected (yes or no), and one for every
   parameter that some method searches, empty where another does.  Score is the median over
   seeds, "inf" where half of the runs diverged; empty when runs are missing.  */

#include "harness/record/tuning.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"

#include <math.h>
#include <string.h>

static void print_text(FILE *file, const char *text) {
    if (!strpbrk(text, ",\"\n")) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text; text++)
        fprintf(file, *text == '"' ? "\"%c" : "%c", *text);
    fputc('"', file);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void print_ends(FILE *file, const json_t *values) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *one = json_array_get(values, i);
        double value = json_is_number(one) ? json_number_value(one) : INFINITY;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    fprintf(file, ",%.17g,%.17g", low, high);
}

static void print_trial(FILE *file, const json_t *trial, const json_t *keys, size_t seeds) {
    const json_t *score = json_object_get(trial, "score"),
                 *values = json_object_get(trial, "values");
    const char *key;
    json_t *unused;
    print_text(file, text_of(trial, "label"));
    fputc(',', file);
    print_text(file, text_of(trial, "varied"));
    fprintf(file, ",%lld,%zu,%lld,",
            (long long)json_integer_value(json_object_get(trial, "trial")),
            json_array_size(values),
            (long long)json_integer_value(json_object_get(trial, "diverged")));
    if (json_array_size(values) == seeds) {
        fprintf(file, "%.17g", json_is_number(score) ? json_number_value(score) : INFINITY);
        print_ends(file, values);
    } else
        fputs(",,", file);
    fprintf(file, ",%.17g,%.17g,%s",
            json_number_value(json_object_get(trial, "cpu_seconds")),
            json_number_value(json_object_get(trial, "wall_seconds")),
            json_is_true(json_object_get(trial, "selected")) ? "yes" : "no");
    json_object_foreach((json_t *)keys, key, unused) {
        fputc(',', file);
        print_text(file, text_of(json_object_get(trial, "parameters"), key));
    }
    fputc('\n', file);
}

/* Every parameter searched, once.  NULL: no memory.  */
static json_t *keys_of(const json_t *part) {
    const json_t *methods = json_object_get(part, "methods");
    json_t *keys = json_object();
    int failed = keys == NULL;
    for (size_t i = 0; i < json_array_size(methods); i++) {
        const json_t *list = json_object_get(json_array_get(methods, i), "keys");
        for (size_t k = 0; k < json_array_size(list); k++)
            failed |= json_object_set_new(keys, text_of(json_array_get(list, k), "name"),
                                          json_true());
    }
    if (!failed)
        return keys;
    json_decref(keys);
    return NULL;
}

gradus_err gradus_tuning_write(const json_t *part, const char *folder, gradus_error *why) {
    const json_t *trials = json_object_get(part, "trials_made");
    if (!json_is_object(part))
        return GRADUS_OK;
    gradus_output out;
    char *path = gradus_folder_path(folder, "tuning.csv");
    json_t *keys = keys_of(part), *unused;
    const char *key;
    gradus_err err = path && keys
                         ? gradus_output_open(&out, path, why)
                         : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (!err) {
        fputs("label,varied,trial,runs,diverged,score,lowest,highest,cpu_seconds,"
              "wall_seconds,selected",
              out.file);
        json_object_foreach(keys, key, unused) fprintf(out.file, ",%s", key);
        fputc('\n', out.file);
        for (size_t i = 0; i < json_array_size(trials); i++)
            print_trial(out.file, json_array_get(trials, i), keys,
                        json_array_size(json_object_get(part, "seeds")));
        err = gradus_output_commit(&out, why);
    }
    json_decref(keys);
    return err;
}

void gradus_tuning_print(FILE *file, const json_t *part) {
    const json_t *trials = json_object_get(part, "trials_made");
    if (!json_is_object(part))
        return;
    fprintf(file, "tuned in %lld trials of each method with %zu seeds (%.3g CPU-seconds)\n",
            (long long)json_integer_value(json_object_get(part, "trials")),
            json_array_size(json_object_get(part, "seeds")),
            json_number_value(json_object_get(part, "cpu_seconds")));
    for (size_t i = 0; i < json_array_size(trials); i++) {
        const json_t *trial = json_array_get(trials, i);
        const char *varied = text_of(trial, "varied");
        if (json_is_true(json_object_get(trial, "selected")))
            fprintf(file, "  %s%s%s: %s\n", text_of(trial, "label"), *varied ? " at " : "",
                    varied, text_of(trial, "spec"));
    }
}
