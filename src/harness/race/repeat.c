/* Repeating a race and comparing the checksums of its traces.  */

#include "harness/race/repeat.h"

#include "base/memory.h"
#include "harness/io/folder.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static gradus_err load(json_t **out, const char *path, gradus_error *why) {
    json_error_t reason;
    *out = json_load_file(path, 0, &reason);
    if (!*out)
        return gradus_fail(why, GRADUS_EINPUT, "%s: %s", path, reason.text);
    if (!*text_of(*out, "text") || !*text_of(*out, "study") ||
        !json_is_array(json_object_get(*out, "runs")))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: expected a results folder's manifest, with 'study', 'text' "
                           "and 'runs'",
                           path);
    return GRADUS_OK;
}

/* The run in MANIFEST whose trace has the name TRACE, or NULL.  */
static const json_t *find_run(const json_t *manifest, const char *trace) {
    size_t i;
    json_t *run;
    json_array_foreach(json_object_get(manifest, "runs"), i, run) {
        if (strcmp(text_of(run, "trace"), trace) == 0)
            return run;
    }
    return NULL;
}

/* How far the clock lets a run come is not repeatable.  */
static bool is_ended_by_time(const json_t *run) {
    return strcmp(text_of(run, "status"), gradus_stop_word(GRADUS_STOP_CPU)) == 0 ||
           strcmp(text_of(run, "status"), gradus_stop_word(GRADUS_STOP_WALL)) == 0;
}

typedef struct {
    size_t same, other, timed;
} tally_t;

static tally_t compare_runs(const json_t *first, const json_t *again, bool quiet) {
    tally_t tally = {0};
    size_t i;
    json_t *run;
    json_array_foreach(json_object_get(first, "runs"), i, run) {
        const char *trace = text_of(run, "trace"), *sum = text_of(run, "trace_crc32");
        const json_t *repeated = find_run(again, trace);
        const char *now = text_of(repeated, "trace_crc32");
        if (is_ended_by_time(run) || is_ended_by_time(repeated)) {
            tally.timed++;
        } else if (*sum && strcmp(sum, now) == 0) {
            tally.same++;
        } else {
            tally.other++;
            if (!quiet)
                printf("%s: other numbers, checksum %s, now %s\n", trace,
                       *sum ? sum : "not there", *now ? now : "not there");
        }
    }
    return tally;
}

static void print_difference(const char *key, const json_t *was, const json_t *is) {
    if (was == is || json_equal(was, is))
        return;
    char *before = json_dumps(was, JSON_ENCODE_ANY | JSON_COMPACT);
    char *now = json_dumps(is, JSON_ENCODE_ANY | JSON_COMPACT);
    printf("%s was %s and is %s\n", key, before ? before : "not there",
           now ? now : "not there");
    free(before);
    free(now);
}

/* What may have made the difference.  */
static void print_differences(const json_t *first, const json_t *again) {
    static const char *const keys[] = {"version", "commit",    "compiler",
                                       "flags",   "processor", "vectors",
                                       "blas",    "libraries", NULL};
    const json_t *was = json_object_get(first, "provenance");
    const json_t *is = json_object_get(again, "provenance");
    for (size_t i = 0; keys[i]; i++)
        print_difference(keys[i], json_object_get(was, keys[i]),
                         json_object_get(is, keys[i]));
    print_difference("data", json_object_get(first, "data"),
                     json_object_get(again, "data"));
}

static gradus_err compare(const json_t *first, const json_t *again, const char *path,
                          bool quiet, bool *same, gradus_error *why) {
    tally_t tally = compare_runs(first, again, quiet);
    size_t all = tally.same + tally.other + tally.timed;
    *same = tally.other == 0;
    if (!*same)
        gradus_fail(why, GRADUS_OK, "%s: %zu of %zu traces have other numbers", path,
                    tally.other, all);
    if (quiet)
        return GRADUS_OK;
    if (!*same)
        print_differences(first, again);
    printf("%zu of %zu traces have the same numbers as those of %s\n", tally.same, all,
           path);
    if (tally.timed > 0)
        printf("%zu were ended by a budget of time and are not compared\n", tally.timed);
    return GRADUS_OK;
}

static gradus_err race_again(const json_t *first, const char *path,
                             const gradus_race_options *given, bool *same,
                             gradus_error *why) {
    gradus_race_options options = *given;
    char *folder = given->folder
                       ? gradus_folder_path(given->folder, "manifest.json")
                       : gradus_folder_path("results", "%s-repeated/manifest.json",
                                            text_of(first, "study"));
    if (!folder)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    char *name = strrchr(folder, '/');
    *name = '\0';
    options.folder = folder;
    options.text = text_of(first, "text");
    json_int_t threads = json_integer_value(json_object_get(first, "threads")),
               at_once = json_integer_value(json_object_get(first, "at_once"));
    if (!options.threads && !options.at_once && !options.resume && threads > 0) {
        options.at_once = at_once > 0 ? (size_t)at_once : 1;
        options.threads = (size_t)threads * options.at_once;
    }
    gradus_err err = gradus_race(path, &options, why);
    *name = '/';
    json_t *again = NULL;
    if (!err)
        err = load(&again, folder, why);
    if (!err && json_is_true(json_object_get(again, "complete")))
        err = compare(first, again, path, options.quiet, same, why);
    json_decref(again);
    gradus_free(folder);
    return err;
}

gradus_err gradus_repeat(const char *path, const gradus_race_options *options, bool *same,
                         gradus_error *why) {
    json_t *first = NULL;
    *same = true;
    gradus_err err = load(&first, path, why);
    if (!err)
        err = race_again(first, path, options, same, why);
    json_decref(first);
    return err;
}
