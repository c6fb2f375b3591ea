/* Parts of JSON files that several of them have.  A function that makes a value returns
   NULL when there is no memory.  */

#ifndef GRADUS_HARNESS_IO_JSON_H
#define GRADUS_HARNESS_IO_JSON_H

#include "core/settings.h"
#include "gradus.h"
#include "harness/io/output.h"

#include <jansson.h>

json_t *gradus_json_text(const char *text); /* need not be UTF-8 */
json_t *gradus_json_number(double value);   /* null when it is not finite */
/* {key: spelling} of every row, the defaults included.  */
json_t *gradus_json_settings(const gradus_settings *settings);
/* JSON, or NULL after releasing it when FAILED.  */
json_t *gradus_json_unless(int failed, json_t *json);

/* Completes an output that was opened with the text of JSON.  */
gradus_err gradus_json_commit(const json_t *json, gradus_output *out, gradus_error *why);
/* Writes a file that is complete or absent; GRADUS_EINPUT when it cannot be created.  */
gradus_err gradus_json_write(const json_t *json, const char *path, gradus_error *why);

#endif
