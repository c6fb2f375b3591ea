/* Every run.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <math.h>
#include <string.h>

enum { VALUE_DIGITS = 6, NORM_DIGITS = 4, PASS_DIGITS = 6, SECOND_DIGITS = 4 };

static const struct {
    gradus_column column;
    const char *name;
} phases[] = {
    {GRADUS_COLUMN_EVALUATION, "evaluation"},
    {GRADUS_COLUMN_PRODUCT, "products"},
    {GRADUS_COLUMN_EIGENDECOMPOSITION, "eigen&shy;decomposition"},
    {GRADUS_COLUMN_LINE_SEARCH, "line search"},
    {GRADUS_COLUMN_REST, "rest"},
    {GRADUS_COLUMN_PRECONDITIONER, "precon&shy;ditioner"},
};
enum { PHASES = sizeof phases / sizeof *phases };

static const char *percent(char *buffer, double share) {
    if (!isfinite(share))
        return "";
    snprintf(buffer, GRADUS_NUMBER_SIZE, "%.1f", 100 * share);
    return buffer;
}

/* A cell of its own behind the label.  */
static void write_varied(const gradus_page *page, size_t variant) {
    if (!page->results->varied)
        return;
    fputs("</td><td>", page->file);
    gradus_html_text(page->file, page->results->value[variant]);
}

static void write_run(const gradus_page *page, const gradus_result *run) {
    FILE *file = page->file;
    char number[GRADUS_NUMBER_SIZE];
    const char *mark = run->contaminated_by ? "†" : "";
    fputs(run->failed ? "<tr class=\"failed\"><td>" : "<tr><td>", file);
    gradus_page_label(page, run->method);
    write_varied(page, run->variant);
    fprintf(file, "</td><td class=\"n\">%lld</td><td>", (long long)run->seed);
    gradus_html_text(file, run->status);
    fputs("</td>", file);
    gradus_page_cell(page, gradus_number(number, run->value, VALUE_DIGITS), "");
    gradus_page_cell(page, gradus_number(number, run->gradient_norm, NORM_DIGITS), "");
    gradus_page_cell(page, percent(number, run->test_accuracy), "");
    gradus_page_cell(page, gradus_count(number, run->updates), "");
    gradus_page_cell(page, gradus_short(number, run->passes, PASS_DIGITS), "");
    gradus_page_cell(page, gradus_number(number, run->cpu_seconds, SECOND_DIGITS), mark);
    gradus_page_cell(page, gradus_number(number, run->wall_seconds, SECOND_DIGITS), mark);
    size_t last = run->trace.rows - 1;
    double total = run->trace.column[GRADUS_COLUMN_CPU][last];
    for (size_t p = 0; p < PHASES; p++)
        gradus_page_cell(
            page, percent(number, run->trace.column[phases[p].column][last] / total), "");
    fputs("<td class=\"reason\">", file);
    gradus_html_text(file, run->reason);
    if (*run->detail) {
        fputs("; ", file);
        gradus_html_text(file, run->detail);
    }
    fputs("</td></tr>\n", file);
}

static const gradus_result *find_run(const gradus_results *results, size_t method,
                                     size_t variant, json_int_t seed) {
    for (size_t i = 0; i < results->runs; i++)
        if (results->run[i].method == method && results->run[i].variant == variant &&
            results->run[i].seed == seed)
            return &results->run[i];
    return NULL;
}

static void write_missing(const gradus_page *page, size_t method, size_t variant,
                          json_int_t seed) {
    fputs("<tr><td>", page->file);
    gradus_page_label(page, method);
    write_varied(page, variant);
    fprintf(page->file,
            "</td><td class=\"n\">%lld</td><td colspan=\"%d\">not run</td></tr>\n",
            (long long)seed, 9 + PHASES);
}

/* The runs that are marked for the reason of run I, if it is the first of them; else 0.  */
static size_t marked_alike(const gradus_results *results, size_t i) {
    const char *reason = results->run[i].contaminated_by;
    size_t count = 0;
    for (size_t j = 0; reason && j < results->runs; j++) {
        const char *other = results->run[j].contaminated_by;
        bool alike = other && strcmp(other, reason) == 0;
        if (alike && j < i)
            return 0;
        count += alike;
    }
    return count;
}

static void write_contamination(const gradus_page *page) {
    const gradus_results *results = page->results;
    const char *rule =
        json_string_value(json_object_get(results->manifest, "contamination"));
    bool any = false;
    for (size_t i = 0; i < results->runs; i++) {
        size_t runs = marked_alike(results, i);
        if (runs == 0)
            continue;
        fputs(any ? "; " : "<p class=\"note\">† Timing not to be trusted: ", page->file);
        any = true;
        gradus_html_text(page->file, results->run[i].contaminated_by);
        fprintf(page->file, " (%zu run%s)", runs, runs == 1 ? "" : "s");
    }
    if (any)
        fputs(".</p>\n", page->file);
    if (rule) {
        fputs("<p class=\"note\">Rule for marking a timing: ", page->file);
        gradus_html_text(page->file, rule);
        fputs("</p>\n", page->file);
    }
}

void gradus_page_runs(const gradus_page *page) {
    const gradus_results *results = page->results;
    const json_t *seeds = json_object_get(results->manifest, "seeds");
    FILE *file = page->file;
    fprintf(
        file,
        "<h2>All runs</h2>\n<div class=\"scroll runs\"><table>\n<thead>\n"
        "<tr><th colspan=\"%d\"></th><th class=\"over\" colspan=\"3\">at the last "
        "point</th>"
        "<th class=\"over\" colspan=\"4\">spent</th>"
        "<th class=\"over\" colspan=\"%d\">share of the CPU time, %%</th><th></th></tr>\n"
        "<tr><th>Method</th>%s<th class=\"n\">seed</th><th>status</th>"
        "<th class=\"n\">training value</th><th class=\"n\">gradient norm</th>"
        "<th class=\"n\">test accuracy,&nbsp;%%</th><th class=\"n\">updates</th>"
        "<th class=\"n\">passes</th><th class=\"n\">CPU, s</th>"
        "<th class=\"n\">wall, s</th>",
        results->varied ? 4 : 3, PHASES, results->varied ? "<th>varied</th>" : "");
    for (size_t p = 0; p < PHASES; p++)
        fprintf(file, "<th class=\"n\">%s</th>", phases[p].name);
    fputs("<th>reason</th></tr></thead>\n<tbody>\n", file);
    for (size_t m = 0; m < results->methods; m++)
        for (size_t v = 0; v < results->variants; v++)
            for (size_t s = 0; s < json_array_size(seeds); s++) {
                json_int_t seed = json_integer_value(json_array_get(seeds, s));
                const gradus_result *run = find_run(results, m, v, seed);
                if (run)
                    write_run(page, run);
                else
                    write_missing(page, m, v, seed);
            }
    fputs("</tbody></table></div>\n", file);
    write_contamination(page);
}
