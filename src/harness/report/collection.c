/* Finding results folders and putting their verdicts in order.  */

#include "harness/report/collection.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/json.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gradus_err no_memory(const char *folder, gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
}

const char *gradus_collection_text(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

bool gradus_collection_is_on(const char *id, const char *wanted) {
    size_t length = strlen(wanted);
    return strncmp(id, wanted, length) == 0 && !(id[length] >= '0' && id[length] <= '9');
}

static gradus_err look_for(const char *folder, const char *name, bool *is_there,
                           gradus_error *why) {
    char *path = gradus_folder_path(folder, "%s", name);
    if (!path)
        return no_memory(folder, why);
    *is_there = access(path, F_OK) == 0;
    gradus_free(path);
    return GRADUS_OK;
}

/* The file FOLDER/NAME, which must hold a list or, unless LIST, an object.  */
static gradus_err load(json_t **out, const char *folder, const char *name, bool list,
                       gradus_error *why) {
    json_error_t reason;
    char *path = gradus_folder_path(folder, "%s", name);
    if (!path)
        return no_memory(folder, why);
    gradus_err err = GRADUS_OK;
    *out = json_load_file(path, 0, &reason);
    if (!*out)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: %s", path, reason.text);
    else if (list ? !json_is_array(*out) : !json_is_object(*out))
        err = gradus_fail(why, GRADUS_EINPUT, "%s: expected a JSON %s", path,
                          list ? "list" : "object");
    gradus_free(path);
    return err;
}

/* ---- Verdicts ---- */

/* What is known of a claim before its race is complete.  */
static json_t *open_verdict(const json_t *claim) {
    const char *id = gradus_collection_text(claim, "id");
    const char *that = gradus_collection_text(claim, "that");
    return json_pack("{s:s, s:s, s:n, s:b, s:s, s:o}", "id", id, "that", that, "holds",
                     "timed", 0, "finding", "the race is not complete", "verdict",
                     json_sprintf("%s is open: %s (the race is not complete)", id, that));
}

/* Adds the verdict after those that come before it.  */
static int insert(json_t *verdicts, json_t *verdict) {
    size_t at = json_array_size(verdicts);
    const char *id = gradus_collection_text(verdict, "id");
    while (at > 0 &&
           strverscmp(gradus_collection_text(json_array_get(verdicts, at - 1), "id"), id) >
               0)
        at--;
    return json_array_insert_new(verdicts, at, verdict);
}

/* Of the race in FOLDER: what its report found, or that they are open.  */
static gradus_err add_verdicts(gradus_collection *collection, const char *folder,
                               const json_t *manifest, gradus_error *why) {
    const json_t *claims = json_object_get(manifest, "claims");
    bool judged = false;
    json_t *list = NULL, *one;
    size_t i;
    gradus_err err = look_for(folder, "claims.json", &judged, why);
    judged = judged && json_is_true(json_object_get(manifest, "complete"));
    if (!err && judged)
        err = load(&list, folder, "claims.json", true, why);
    json_array_foreach(judged ? list : (json_t *)claims, i, one) {
        if (err)
            break;
        json_t *verdict = judged ? json_incref(one) : open_verdict(one);
        if (!verdict)
            err = no_memory(folder, why);
        else if (!*gradus_collection_text(verdict, "id"))
            err = gradus_fail(why, GRADUS_EINPUT, "%s: claim %zu: expected an 'id'", folder,
                              i + 1);
        if (!err &&
            (json_object_set(verdict, "study", json_object_get(manifest, "study")) ||
             insert(collection->verdicts, json_incref(verdict))))
            err = no_memory(folder, why);
        json_decref(verdict);
    }
    json_decref(list);
    return err;
}

/* ---- Folders ---- */

static gradus_err add_race(gradus_collection *collection, const char *folder,
                           gradus_error *why) {
    json_t *manifest = NULL;
    gradus_err err = load(&manifest, folder, "manifest.json", false, why);
    if (!err && !json_is_string(json_object_get(manifest, "study")))
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s/manifest.json: expected a results folder's manifest, with a "
                          "text 'study'",
                          folder);
    if (!err && json_array_size(json_object_get(manifest, "claims")) > 0) {
        json_t *race = json_pack("{s:o, s:O}", "folder", gradus_json_text(folder),
                                 "manifest", manifest);
        if (!race || json_array_append_new(collection->races, race))
            err = no_memory(folder, why);
        else
            err = add_verdicts(collection, folder, manifest, why);
    }
    json_decref(manifest);
    return err;
}

/* Of an entry that is a results folder.  */
static gradus_err add_entry(gradus_collection *collection, const char *path, size_t *found,
                            gradus_error *why) {
    bool is_results;
    gradus_err err = look_for(path, "manifest.json", &is_results, why);
    if (err || !is_results)
        return err;
    ++*found;
    return add_race(collection, path, why);
}

static gradus_err add_entries(gradus_collection *collection, const char *folder,
                              struct dirent *const entries[], size_t count,
                              gradus_error *why) {
    gradus_err err = GRADUS_OK;
    size_t found = 0;
    for (size_t i = 0; i < count && !err; i++) {
        char *path = gradus_folder_path(folder, "%s", entries[i]->d_name);
        err = path ? add_entry(collection, path, &found, why) : no_memory(folder, why);
        gradus_free(path);
    }
    if (!err && found == 0)
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: expected a results folder, or a folder of them", folder);
    return err;
}

static gradus_err add_folder(gradus_collection *collection, const char *folder,
                             gradus_error *why) {
    struct dirent **entries;
    bool is_results;
    gradus_err err = look_for(folder, "manifest.json", &is_results, why);
    if (err || is_results)
        return err ? err : add_race(collection, folder, why);
    int count = scandir(folder, &entries, NULL, versionsort);
    if (count < 0)
        return gradus_fail(why, errno == ENOMEM ? GRADUS_ENOMEM : GRADUS_EINPUT,
                           "%s: cannot be read: %s", folder, strerror(errno));
    err = add_entries(collection, folder, entries, (size_t)count, why);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return err;
}

/* ---- What was to be shown ---- */

static gradus_err read_wanted(gradus_collection *collection, const char *path,
                              gradus_error *why) {
    size_t i;
    json_t *one;
    json_error_t reason;
    json_decref(collection->wanted);
    collection->wanted = json_load_file(path, 0, &reason);
    if (!collection->wanted)
        return gradus_fail(why, GRADUS_EINPUT, "%s:%d: %s", path, reason.line, reason.text);
    if (!json_is_array(collection->wanted))
        return gradus_fail(why, GRADUS_EINPUT, "%s: expected a list of claims", path);
    json_array_foreach(collection->wanted, i, one) {
        if (!*gradus_collection_text(one, "id") || !*gradus_collection_text(one, "that"))
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: claim %zu: expected the texts 'id' and 'that'", path,
                               i + 1);
    }
    return GRADUS_OK;
}

static bool is_wanted(const gradus_collection *collection, const char *id) {
    size_t i;
    json_t *one;
    json_array_foreach(collection->wanted, i, one) {
        if (gradus_collection_is_on(id, gradus_collection_text(one, "id")))
            return true;
    }
    return false;
}

/* "C1" of "C1a": as far as the first digits go, or all of it.  */
static json_t *stem_of(const char *id) {
    size_t length = strcspn(id, "0123456789");
    length += strspn(id + length, "0123456789");
    return json_pack("{s:s%}", "id", id, length);
}

static gradus_err add_unasked(gradus_collection *collection, gradus_error *why) {
    size_t i;
    json_t *verdict;
    json_array_foreach(collection->verdicts, i, verdict) {
        const char *id = gradus_collection_text(verdict, "id");
        if (!is_wanted(collection, id) &&
            json_array_append_new(collection->wanted, stem_of(id)))
            return gradus_fail(why, GRADUS_ENOMEM, "out of memory for the claims");
    }
    return GRADUS_OK;
}

gradus_err gradus_collection_open(gradus_collection *collection, const char *folder,
                                  const char *claims, gradus_error *why) {
    *collection = (gradus_collection){json_array(), json_array(), json_array()};
    if (!collection->races || !collection->verdicts || !collection->wanted)
        return no_memory(folder, why);
    gradus_err err = claims ? read_wanted(collection, claims, why) : GRADUS_OK;
    if (!err)
        err = add_folder(collection, folder, why);
    return err ? err : add_unasked(collection, why);
}

void gradus_collection_close(gradus_collection *collection) {
    json_decref(collection->races);
    json_decref(collection->verdicts);
    json_decref(collection->wanted);
    *collection = (gradus_collection){0};
}

void gradus_collection_print(FILE *file, const gradus_collection *collection) {
    size_t i, k;
    json_t *claim, *verdict;
    json_array_foreach(collection->wanted, i, claim) {
        const char *id = gradus_collection_text(claim, "id");
        size_t count = 0;
        json_array_foreach(collection->verdicts, k, verdict) {
            if (!gradus_collection_is_on(gradus_collection_text(verdict, "id"), id))
                continue;
            count++;
            fprintf(file, "%s%s\n", gradus_collection_text(verdict, "verdict"),
                    json_is_true(json_object_get(verdict, "timed"))
                        ? " [hangs on the machine's speed]"
                        : "");
        }
        if (count == 0)
            fprintf(file, "%s has no study: %s\n", id,
                    gradus_collection_text(claim, "that"));
    }
}
