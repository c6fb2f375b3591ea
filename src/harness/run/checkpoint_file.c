/* Checkpoints in HDF5.  */

#include "harness/run/checkpoint_file.h"

#include "base/inventory.h"
#include "base/memory.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/run.h"
#include "data/hdf5_file.h"
#include "data/hdf5_output.h"
#include "harness/io/json.h"

#include <string.h>
#include <zlib.h>

static const char IDENTITY[] = "identity", CHECKSUM[] = "crc32", NOTE[] = "note";

/* ---- What a run is a run of ---- */

/* Options that may differ between a run and the one that goes on with it.  */
static const char *const free_options[] = {
    "updates", "passes",        "evaluations",        "cpu_seconds",     "wall_seconds",
    "target",  "measure_every", "gradient_tolerance", "value_tolerance", "step_tolerance",
    NULL};

static json_t *named(const char *name, const gradus_settings *settings) {
    json_t *o = json_object();
    int failed = json_object_set_new(o, "name", json_string(name));
    json_t *values = gradus_json_settings(settings);
    failed |= json_object_update(o, values);
    json_decref(values);
    return gradus_json_unless(failed, o);
}

static json_t *run_options(const gradus_run *run) {
    json_t *o = gradus_json_settings(gradus_run_settings(run));
    for (size_t i = 0; o && free_options[i]; i++)
        json_object_del(o, free_options[i]);
    return o;
}

static void add_source(void *context, const char *path, const char *checksum) {
    (void)path; /* the same data may have moved */
    json_array_append_new(context, json_string(checksum));
}

static json_t *data_checksums(const gradus_problem *problem) {
    json_t *list = json_array();
    if (list && problem->type->sources)
        problem->type->sources(problem->self, add_source, list);
    return list;
}

static json_t *identity_of(const gradus_run *run) {
    const gradus_problem *problem = gradus_run_problem(run);
    const gradus_method *method = gradus_run_method(run);
    json_t *o = json_object();
    int failed =
        json_object_set_new(o, "version", json_string(gradus_version())) |
        json_object_set_new(o, "problem", named(problem->type->name, &problem->settings)) |
        json_object_set_new(o, "dimension", json_integer((json_int_t)problem->dimension)) |
        json_object_set_new(o, "examples", json_integer((json_int_t)problem->examples)) |
        json_object_set_new(o, "data", data_checksums(problem)) |
        json_object_set_new(o, "method", named(method->type->name, &method->settings)) |
        json_object_set_new(o, "run", run_options(run));
    return gradus_json_unless(failed, o);
}

/* The spelling of a value for a sentence; to be freed with free.  */
static char *spell(const json_t *value) {
    return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

/* Refuses FOUND where it differs from WANTED, by its first entry that does.  */
static gradus_err compare(const char *path, const char *what, const json_t *wanted,
                          const json_t *found, gradus_error *why) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)wanted, key, value) {
        json_t *other = json_object_get(found, key);
        if (json_equal(value, other))
            continue;
        if (json_is_object(value) && json_is_object(other))
            return compare(path, key, value, other, why);
        char *mine = spell(value), *its = other ? spell(other) : NULL;
        gradus_fail(
            why, GRADUS_EINPUT,
            "%s: a checkpoint of another run: its %s%s%s is %.300s, expected %.300s", path,
            what, *what ? " " : "", key, its ? its : "not there", mine ? mine : "another");
        free(mine);
        free(its);
        return GRADUS_EINPUT;
    }
    return GRADUS_OK;
}

/* ---- Write ---- */

typedef struct {
    char *identity; /* freed with free */
    gradus_inventory inventory;
    gradus_kept note; /* count 0: none */
} content_t;

static gradus_kept note_of(const void *data, size_t size) {
    gradus_kept note = {.kind = GRADUS_KEPT_BYTES, .data = (void *)data, .count = size};
    memcpy(note.name, NOTE, sizeof NOTE);
    return note;
}

static hid_t type_on_disk(gradus_kept_kind kind) {
    return kind == GRADUS_KEPT_REALS   ? H5T_IEEE_F64LE
           : kind == GRADUS_KEPT_SIZES ? H5T_STD_U64LE
                                       : H5T_STD_U8LE;
}

static hid_t type_here(gradus_kept_kind kind) {
    return kind == GRADUS_KEPT_REALS   ? H5T_NATIVE_DOUBLE
           : kind == GRADUS_KEPT_SIZES ? H5T_NATIVE_ULONG
                                       : H5T_NATIVE_UINT8;
}

_Static_assert(sizeof(size_t) == sizeof(unsigned long) && sizeof(bool) == 1,
               "sizes are written as unsigned long, flags as bytes");

static size_t bytes_of(const gradus_kept *kept) {
    return kept->count * gradus_kept_width(kept->kind);
}

/* Over identity, DATA, an array of what the inventory lists, and note.  */
static size_t checksum(const char *identity, const gradus_inventory *inventory,
                       void *const data[], const gradus_kept *note) {
    unsigned long crc = crc32_z(0, (const unsigned char *)identity, strlen(identity));
    for (size_t i = 0; i < inventory->count; i++)
        crc = crc32_z(crc, data ? data[i] : inventory->list[i].data,
                      bytes_of(&inventory->list[i]));
    return note->count > 0 ? crc32_z(crc, note->data, note->count) : crc;
}

static bool put(hid_t file, const gradus_kept *kept) {
    return gradus_hdf5_put(file, kept->name, type_on_disk(kept->kind),
                           type_here(kept->kind), kept->count, kept->data);
}

static bool fill(hid_t file, const void *context) {
    const content_t *content = context;
    const gradus_inventory *inventory = &content->inventory;
    size_t crc = checksum(content->identity, inventory, NULL, &content->note);
    bool done = gradus_hdf5_put_text(file, IDENTITY, content->identity) &&
                gradus_hdf5_put(file, CHECKSUM, H5T_STD_U64LE, H5T_NATIVE_ULONG, 1, &crc);
    for (size_t i = 0; done && i < inventory->count; i++)
        done = put(file, &inventory->list[i]);
    return done && (content->note.count == 0 || put(file, &content->note));
}

/* The identity of RUN as text and as *JSON, unless that is NULL, and its inventory.  */
static bool take_stock(gradus_run *run, content_t *content, json_t **json) {
    json_t *identity = identity_of(run);
    content->identity = identity ? json_dumps(identity, JSON_COMPACT) : NULL;
    gradus_run_list(run, &content->inventory);
    if (json)
        *json = identity;
    else
        json_decref(identity);
    return content->identity && !content->inventory.failed;
}

static void forget(content_t *content) {
    free(content->identity);
    gradus_inventory_close(&content->inventory);
}

gradus_err gradus_checkpoint_write_with(gradus_run *run, const void *note, size_t size,
                                        const char *path, gradus_error *why) {
    if (gradus_run_abandoned(run))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: a run that was interrupted inside an update cannot be "
                           "saved: expected one that is between two updates",
                           path);
    content_t content = {.note = note_of(note, size)};
    gradus_err err = take_stock(run, &content, NULL)
                         ? gradus_hdf5_write(path, fill, &content, why)
                         : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    forget(&content);
    return err;
}

gradus_err gradus_checkpoint_write(gradus_run *run, const char *path, gradus_error *why) {
    return gradus_checkpoint_write_with(run, NULL, 0, path, why);
}

/* ---- Read ---- */

static gradus_err read_identity(hid_t file, const char *path, const json_t *wanted,
                                char **text, gradus_error *why) {
    gradus_err err = gradus_hdf5_read_text(file, path, IDENTITY, text, why);
    json_t *found = err ? NULL : json_loads(*text, 0, NULL);
    if (!err && !found)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: %s: expected a JSON object", path,
                          IDENTITY);
    if (!err)
        err = compare(path, "", wanted, found, why);
    json_decref(found);
    return err;
}

static gradus_err read_kept(hid_t file, const char *path, const gradus_kept *kept,
                            void *data, gradus_error *why) {
    gradus_array array;
    gradus_err err = gradus_array_open(&array, file, path, kept->name, 1, why);
    if (!err && array.count != kept->count)
        err = gradus_fail(why, GRADUS_EINPUT, "%s: %s has %zu numbers, expected %zu", path,
                          kept->name, array.count, kept->count);
    if (!err && H5Dread(array.dataset, type_here(kept->kind), H5S_ALL, H5S_ALL, H5P_DEFAULT,
                        data) < 0)
        err = gradus_hdf5_fail(why, path, kept->name);
    gradus_array_close(&array);
    return err;
}

/* Into memory of its own, when there is one.  */
static gradus_err read_note(hid_t file, const char *path, gradus_kept *note,
                            gradus_error *why) {
    gradus_array array;
    *note = note_of(NULL, 0);
    if (H5Lexists(file, NOTE, H5P_DEFAULT) <= 0)
        return GRADUS_OK;
    gradus_err err = gradus_array_open(&array, file, path, NOTE, 1, why);
    if (!err && !(note->data = GRADUS_NEW(array.count, unsigned char)))
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (!err)
        err = gradus_array_read_bytes(&array, note->data, why);
    note->count = array.count;
    gradus_array_close(&array);
    return err;
}

/* A checksum tells damage, not who wrote the file: refuses what would lead out of memory.  */
static gradus_err check_kept(const char *path, const gradus_kept *kept, const void *data,
                             gradus_error *why) {
    const size_t *sizes = data;
    const unsigned char *flags = data;
    bool are_sizes = kept->kind == GRADUS_KEPT_SIZES;
    bool are_flags = kept->kind == GRADUS_KEPT_FLAGS;
    size_t largest = are_flags ? 1 : kept->largest;
    for (size_t i = 0; (are_sizes || are_flags) && i < kept->count; i++) {
        size_t found = are_sizes ? sizes[i] : flags[i];
        if (found > largest)
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: %s[%zu] is %zu, expected at most %zu", path, kept->name,
                               i, found, largest);
    }
    if (kept->is_sound && !kept->is_sound(data, kept->count))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: %s: expected the state of a Mersenne twister", path,
                           kept->name);
    return GRADUS_OK;
}

/* All that INVENTORY lists into DATA, and the note, checked.  */
static gradus_err read_all(const char *path, const json_t *wanted,
                           const gradus_inventory *inventory, void *const data[],
                           gradus_kept *note, gradus_error *why) {
    hid_t file;
    char *identity = NULL;
    size_t crc = 0;
    const gradus_kept stored = {.kind = GRADUS_KEPT_SIZES, .count = 1, .name = "crc32"};
    gradus_err err = gradus_hdf5_open(&file, path, why);
    if (!err)
        err = read_identity(file, path, wanted, &identity, why);
    for (size_t i = 0; !err && i < inventory->count; i++)
        err = read_kept(file, path, &inventory->list[i], data[i], why);
    if (!err)
        err = read_note(file, path, note, why);
    if (!err)
        err = read_kept(file, path, &stored, &crc, why);
    if (!err && crc != checksum(identity, inventory, data, note))
        err = gradus_fail(why, GRADUS_EINPUT,
                          "%s: damaged: its contents do not have its checksum", path);
    for (size_t i = 0; !err && i < inventory->count; i++)
        err = check_kept(path, &inventory->list[i], data[i], why);
    gradus_free(identity);
    if (file >= 0)
        H5Fclose(file);
    return err;
}

static bool make_room(const gradus_inventory *inventory, void *data[]) {
    bool ok = true;
    for (size_t i = 0; i < inventory->count; i++)
        ok = (data[i] = gradus_allocate(1, bytes_of(&inventory->list[i]))) && ok;
    return ok;
}

gradus_err gradus_checkpoint_read_with(gradus_run *run, void **note, size_t *size,
                                       const char *path, gradus_error *why) {
    content_t content = {0};
    json_t *wanted = NULL;
    const gradus_inventory *inventory = &content.inventory;
    bool ok = take_stock(run, &content, &wanted);
    void **data = ok ? GRADUS_NEW(inventory->count, void *) : NULL;
    gradus_err err = data && make_room(inventory, data)
                         ? GRADUS_OK
                         : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    if (!err) {
#pragma omp critical(gradus_hdf5)
        {
            H5E_BEGIN_TRY {
                err = read_all(path, wanted, inventory, data, &content.note, why);
            }
            H5E_END_TRY
        }
    }
    for (size_t i = 0; data && i < inventory->count; i++) {
        if (!err)
            memcpy(inventory->list[i].data, data[i], bytes_of(&inventory->list[i]));
        gradus_free(data[i]);
    }
    gradus_free(data);
    json_decref(wanted);
    forget(&content);
    if (err)
        gradus_free(content.note.data);
    *note = err ? NULL : content.note.data;
    *size = err ? 0 : content.note.count;
    return err;
}

gradus_err gradus_checkpoint_read(gradus_run *run, const char *path, gradus_error *why) {
    void *note;
    size_t size;
    gradus_err err = gradus_checkpoint_read_with(run, &note, &size, path, why);
    gradus_free(note);
    return err;
}
