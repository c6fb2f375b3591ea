/* What was run and where: methods with all their parameters, and the provenance.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <string.h>

/* ---- Methods ---- */

/* The members of OBJECT, a map of spellings, after each other.  */
static void write_pairs(const gradus_page *page, const char *title, json_t *object) {
    const char *key;
    json_t *value;
    if (json_object_size(object) == 0)
        return;
    fprintf(page->file, "<p class=\"pairs\"><small>%s</small><br>\n", title);
    json_object_foreach(object, key, value) {
        fputs("<span>", page->file);
        gradus_html_text(page->file, key);
        fputs(" <b>", page->file);
        gradus_html_text(page->file, json_is_string(value) ? json_string_value(value) : "");
        fputs("</b></span>\n", page->file);
    }
    fputs("</p>\n", page->file);
}

void gradus_page_methods(const gradus_page *page) {
    const json_t *methods = json_object_get(page->results->manifest, "methods");
    fputs("<h2>Methods</h2>\n", page->file);
    if (page->results->varied)
        fputs("<p class=\"note\">As they are at the first varied value; the provenance has "
              "all.</p>\n",
              page->file);
    for (size_t m = 0; m < page->results->methods; m++) {
        const json_t *method = json_array_get(methods, m);
        const char *spec = json_string_value(json_object_get(method, "spec"));
        fputs("<h3>", page->file);
        gradus_page_label(page, m);
        fputs("</h3>\n", page->file);
        if (spec) {
            fputs("<p><code>", page->file);
            gradus_html_text(page->file, spec);
            fputs("</code></p>\n", page->file);
        }
        write_pairs(page, "all parameters", json_object_get(method, "parameters"));
        write_pairs(page, "batch, budget, tolerances and measuring",
                    json_object_get(method, "run"));
    }
}

/* ---- Provenance ---- */

/* The manifest's reader has bounded the depth.  */
static void write_json(FILE *file, const json_t *value);

static void write_entry(FILE *file, const char *key, const json_t *value) {
    fputs("<tr><th>", file);
    for (; *key; key++)
        gradus_html_text(file, *key == '_' ? " " : (char[]){*key, '\0'});
    fputs("</th><td>", file);
    write_json(file, value);
    fputs("</td></tr>\n", file);
}

static void write_object(FILE *file, const json_t *object) {
    const char *key;
    json_t *value;
    fputs("<table class=\"record\">\n", file);
    json_object_foreach((json_t *)object, key, value) write_entry(file, key, value);
    fputs("</table>", file);
}

static void write_list(FILE *file, const json_t *list) {
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value) {
        if (i > 0)
            fputs(json_is_object(value) ? "<br>" : ", ", file);
        write_json(file, value);
    }
    if (json_array_size(list) == 0)
        fputs("none", file);
}

static void write_json(FILE *file, const json_t *value) {
    char number[GRADUS_NUMBER_SIZE];
    enum { DIGITS = 10 };
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(file, value);
        break;
    case JSON_ARRAY:
        write_list(file, value);
        break;
    case JSON_STRING:
        gradus_html_text(file, json_string_value(value));
        break;
    case JSON_INTEGER:
        fprintf(file, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_REAL:
        fputs(gradus_short(number, json_real_value(value), DIGITS), file);
        break;
    default:
        fputs(json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "none", file);
    }
}

/* What the page shows elsewhere.  */
static bool shown_elsewhere(const char *key) {
    static const char *const keys[] = {"study",         "question", "text",   "runs",
                                       "contamination", "methods",  "claims", "tuning"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

void gradus_page_provenance(const gradus_page *page) {
    json_t *manifest = page->results->manifest;
    const char *text = json_string_value(json_object_get(manifest, "text")), *key;
    json_t *value;
    fputs("<h2>Provenance</h2>\n<div class=\"scroll\"><table class=\"record\">\n",
          page->file);
    json_object_foreach(manifest, key, value) if (!shown_elsewhere(key))
        write_entry(page->file, key, value);
    fputs("</table></div>\n", page->file);
    if (text) {
        fputs("<h3>The study, as it was run</h3>\n<pre>", page->file);
        gradus_html_text(page->file, text);
        fputs("</pre>\n", page->file);
    }
}
