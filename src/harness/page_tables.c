/* Time to target, and every run.  */

#include "harness/html.h"
#include "harness/page.h"

#include <math.h>

enum { VALUE_DIGITS = 6, NORM_DIGITS = 4, PASS_DIGITS = 6, SECOND_DIGITS = 4 };

/* ---- Time to target ---- */

static const gradus_spread *spread_of(const gradus_page *page, size_t target, size_t axis,
                                      size_t method) {
    const gradus_standing *standing = gradus_findings_reached(page->findings, target, axis);
    while (standing->method != method)
        standing++;
    return &standing->spread;
}

static void write_spread(const gradus_page *page, size_t target, size_t axis,
                         size_t method) {
    const gradus_spread *spread = spread_of(page, target, axis, method);
    double best = gradus_findings_reached(page->findings, target, axis)->spread.median;
    bool first = isfinite(best) && spread->median <= best;
    char number[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE];
    const char *mark =
        gradus_axes[axis] == GRADUS_COLUMN_CPU ? gradus_page_mark(page, method) : "";
    if (!isfinite(spread->median)) {
        gradus_page_cell(page, "–", "");
        return;
    }
    fprintf(page->file, first ? "<td class=\"n\"><b>%s%s</b>" : "<td class=\"n\">%s%s",
            gradus_axis_number(number, axis, spread->median), mark);
    if (spread->high > spread->low)
        fprintf(page->file, "<small>%s to %s</small>",
                gradus_axis_number(number, axis, spread->low),
                gradus_axis_number(high, axis, spread->high));
    fputs("</td>", page->file);
}

static void write_target(const gradus_page *page, size_t target) {
    char number[GRADUS_NUMBER_SIZE];
    fprintf(page->file,
            "<tbody class=\"group\"><tr><th colspan=\"%d\">%s %s</th></tr>"
            "</tbody>\n<tbody>\n",
            GRADUS_AXES + 2,
            isnan(page->results->minimum) ? "Training value" : "Gap to the minimum",
            gradus_page_target(page, target, number));
    for (size_t m = 0; m < page->results->methods; m++) {
        const gradus_spread *spread = spread_of(page, target, 0, m);
        fputs("<tr><td>", page->file);
        gradus_page_label(page, m);
        fprintf(page->file, "</td><td class=\"n\">%zu of %zu</td>", spread->finite,
                spread->count);
        for (size_t a = 0; a < GRADUS_AXES; a++)
            write_spread(page, target, a, m);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody>\n", page->file);
}

void gradus_page_targets(const gradus_page *page) {
    if (page->results->targets == 0)
        return;
    fputs("<h2>Time to target</h2>\n<div class=\"scroll\"><table>\n<thead><tr>"
          "<th>Method</th><th class=\"n\">Runs that reach it</th>",
          page->file);
    for (size_t a = 0; a < GRADUS_AXES; a++)
        fprintf(page->file, "<th class=\"n\">%s</th>", gradus_axis_names[a]);
    fputs("</tr></thead>\n", page->file);
    for (size_t t = 0; t < page->results->targets; t++)
        write_target(page, t);
    fputs("</table></div>\n<p class=\"note\">", page->file);
    fputs(page->results->seeds > 1 ? "Median over seeds, and below it the range where "
                                     "there is one. –: half of the runs or more "
                                     "did not get there. Bold: the first.</p>\n"
                                   : "–: did not get there. Bold: the first.</p>\n",
          page->file);
}

/* ---- All runs ---- */

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

static void write_contamination(const gradus_page *page) {
    const gradus_results *results = page->results;
    const char *rule =
        json_string_value(json_object_get(results->manifest, "contamination"));
    bool any = false;
    for (size_t i = 0; i < results->runs; i++) {
        const gradus_result *run = &results->run[i];
        if (!run->contaminated_by)
            continue;
        fputs(any ? "; " : "<p class=\"note\">† Timing not to be trusted: ", page->file);
        any = true;
        gradus_html_text(page->file, results->labels[run->method]);
        fprintf(page->file, ", seed %lld: ", (long long)run->seed);
        gradus_html_text(page->file, run->contaminated_by);
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
