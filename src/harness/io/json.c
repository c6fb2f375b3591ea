/* Building JSON: the failures of a group of calls are gathered with `|` and met once.  */

#include "harness/io/json.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Jansson refuses text that is not UTF-8, which a file name may be: then every byte beyond
   ASCII becomes a question mark.  */
json_t *gradus_json_text(const char *given) {
    json_t *json = json_string(given);
    char *copy = json ? NULL : gradus_text_copy(given);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c > 127)
            *c = '?';
    if (copy)
        json = json_string(copy);
    gradus_free(copy);
    return json;
}

json_t *gradus_json_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *gradus_json_unless(int failed, json_t *json) {
    if (!failed)
        return json;
    json_decref(json);
    return NULL;
}

/* Every value of a table in its spelling, the defaults included.  */
json_t *gradus_json_settings(const gradus_settings *given) {
    json_t *object = json_object();
    char buffer[GRADUS_VALUE_SIZE];
    int failed = 0;
    for (const gradus_param *row = given->table; row && row->name; row++)
        failed |= json_object_set_new(
            object, row->name, gradus_json_text(gradus_settings_print(given, row, buffer)));
    return gradus_json_unless(failed, object);
}

gradus_err gradus_json_commit(const json_t *json, gradus_output *out, gradus_error *why) {
    int failed = json_dumpf(json, out->file, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    fputc('\n', out->file);
    if (!failed || ferror(out->file))
        return gradus_output_commit(out, why);
    gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", out->path);
    gradus_output_abandon(out);
    return GRADUS_ENOMEM;
}

gradus_err gradus_json_write(const json_t *json, const char *path, gradus_error *why) {
    gradus_output out;
    gradus_err err = gradus_output_open(&out, path, why);
    return err ? err : gradus_json_commit(json, &out, why);
}
