/* The frame of the page: head, style, and the study's own words.  */

#include "harness/report/page.h"

#include "harness/figures/figures.h"
#include "harness/io/html.h"

#include <math.h>
#include <string.h>

static const char style[] =
#include "harness/report/style.css.inc"
    ;

const char *const gradus_axis_names[GRADUS_AXES] = {"updates", "passes", "CPU-seconds"};

const char *gradus_axis_number(char *buffer, size_t axis, double value) {
    enum { PASS_DIGITS = 6, SECOND_DIGITS = 4 };
    switch (gradus_axes[axis]) {
    case GRADUS_COLUMN_UPDATE:
        return gradus_count(buffer, value);
    case GRADUS_COLUMN_PASSES:
        return gradus_short(buffer, value, PASS_DIGITS);
    default:
        return gradus_number(buffer, value, SECOND_DIGITS);
    }
}

void gradus_page_label(const gradus_page *page, size_t method) {
    fprintf(
        page->file, "<span class=\"label\"><i class=\"swatch%s\" style=\"color:%s\"></i>",
        gradus_method_dashes(method) > 1 ? " dashed" : "", gradus_method_colour(method));
    gradus_html_text(page->file, page->results->labels[method]);
    fputs("</span>", page->file);
}

void gradus_page_key(const gradus_page *page) {
    const char *dot = strrchr(page->results->varied, '.');
    gradus_html_text(page->file, dot ? dot + 1 : page->results->varied);
}

void gradus_page_value(const gradus_page *page, size_t variant) {
    if (!isnan(page->results->number[variant])) {
        gradus_page_key(page);
        fputc(' ', page->file);
    }
    gradus_html_text(page->file, page->results->value[variant]);
}

const char *gradus_page_mark(const gradus_page *page, size_t variant, size_t method) {
    for (size_t i = 0; i < page->results->runs; i++) {
        const gradus_result *run = &page->results->run[i];
        if (run->method == method && run->variant == variant && run->contaminated_by)
            return "†";
    }
    return "";
}

void gradus_page_cell(const gradus_page *page, const char *number, const char *mark) {
    fprintf(page->file, "<td class=\"n\">%s%s</td>", number, *number ? mark : "");
}

/* Hides what belongs to a method whose box in the legend is not ticked.  */
static void write_switches(const gradus_page *page) {
    for (size_t m = 0; m < page->results->methods; m++)
        fprintf(page->file, "body:has(#show%zu:not(:checked)) .m%zu{display:none}\n", m, m);
}

static void write_fact(const gradus_page *page, const char *name, const json_t *value) {
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
    if (value && !json_is_null(value)) {
        fprintf(page->file, "<span>%s ", name);
        gradus_html_text(page->file, text ? text : json_string_value(value));
        fputs("</span>\n", page->file);
    }
    free(text);
}

/* The values that the study runs over.  */
static void write_varied(const gradus_page *page) {
    const gradus_results *results = page->results;
    if (!results->varied)
        return;
    fputs("<span>varied ", page->file);
    gradus_html_text(page->file, results->varied);
    for (size_t v = 0; v < results->variants; v++) {
        fputs(v > 0 ? ", " : ": ", page->file);
        gradus_html_text(page->file, results->value[v]);
    }
    fputs("; the problem and the budget shown are those of the first</span>\n", page->file);
}

static void write_count(const gradus_page *page, const char *what, size_t count) {
    fprintf(page->file, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void write_facts(const gradus_page *page) {
    const json_t *manifest = page->results->manifest;
    const json_t *problem = json_object_get(manifest, "problem");
    const char *key;
    json_t *value;
    fputs("<p class=\"facts\">\n", page->file);
    write_fact(page, "problem", json_object_get(problem, "spec"));
    write_fact(page, "parameters", json_object_get(problem, "dimension"));
    write_fact(page, "examples", json_object_get(problem, "examples"));
    json_object_foreach(json_object_get(manifest, "budget"), key, value) {
        fputs("<span>budget: ", page->file);
        gradus_html_text(page->file, key);
        fputs(" ", page->file);
        gradus_html_text(page->file, json_is_string(value) ? json_string_value(value) : "");
        fputs("</span>\n", page->file);
    }
    write_varied(page);
    write_fact(page, "threads", json_object_get(manifest, "threads"));
    fputs("<span>", page->file);
    write_count(page, "method", page->results->methods);
    if (page->results->varied) {
        fputs(" × ", page->file);
        write_count(page, "value", page->results->variants);
    }
    fputs(" × ", page->file);
    write_count(page, "seed", page->results->seeds);
    fputs("</span>\n</p>\n", page->file);
}

void gradus_page_begin(const gradus_page *page) {
    FILE *file = page->file;
    fputs(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        file);
    gradus_html_text(file, page->results->study);
    fputs("</title>\n<style>\n", file);
    fputs(style, file);
    write_switches(page);
    fputs("</style>\n</head>\n<body>\n<main>\n<h1>", file);
    gradus_html_text(file, page->results->study);
    fputs("</h1>\n", file);
    if (*page->results->question) {
        fputs("<p class=\"question\">", file);
        gradus_html_text(file, page->results->question);
        fputs("</p>\n", file);
    }
    write_facts(page);
}

void gradus_page_end(const gradus_page *page) {
    fputs("</main>\n</body>\n</html>\n", page->file);
}
