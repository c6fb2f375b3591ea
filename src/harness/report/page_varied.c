/* Claims, and what came of a study that varies something: a table with a line for every
   varied value.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <math.h>

enum { VALUE_DIGITS = 6, TARGET_DIGITS = 10 };

void gradus_page_claims(const gradus_page *page) {
    FILE *file = page->file;
    size_t i, claims = json_array_size(json_object_get(page->results->manifest, "claims"));
    json_t *verdict;
    if (claims == 0)
        return;
    fputs("<h2>Claims</h2>\n", file);
    if (json_array_size(page->verdicts) == 0)
        fputs("<p class=\"warning\">Runs are missing: no claim is judged yet.</p>\n", file);
    json_array_foreach((json_t *)page->verdicts, i, verdict) {
        bool holds = json_is_true(json_object_get(verdict, "holds"));
        fputs(holds ? "<p>" : "<p class=\"warning\">", file);
        gradus_html_text(file, json_string_value(json_object_get(verdict, "verdict")));
        fputs("</p>\n", file);
    }
}

static void write_head(const gradus_page *page, const char *title) {
    FILE *file = page->file;
    fprintf(file, "<h3>%s</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th>", title);
    gradus_page_key(page);
    fputs("</th>", file);
    for (size_t m = 0; m < page->results->methods; m++) {
        fputs("<th class=\"n\">", file);
        gradus_page_label(page, m);
        fputs("</th>", file);
    }
    fputs("</tr></thead>\n<tbody>\n", file);
}

/* A cell with the median, and the range below it where there is one; the first in bold.  */
static void write_cell(const gradus_page *page, const gradus_standing *first, size_t method,
                       const char *(*spell)(char *buffer, double value)) {
    char middle[GRADUS_NUMBER_SIZE], low[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE];
    const gradus_standing *standing = first;
    while (standing->method != method)
        standing++;
    const gradus_spread *spread = &standing->spread;
    if (!isfinite(spread->median)) {
        gradus_page_cell(page, "–", "");
        return;
    }
    fprintf(page->file,
            spread->median <= first->spread.median ? "<td class=\"n\"><b>%s</b>"
                                                   : "<td class=\"n\">%s",
            spell(middle, spread->median));
    if (spread->high > spread->low)
        fprintf(page->file, "<small>%s to %s</small>", spell(low, spread->low),
                spell(high, spread->high));
    fputs("</td>", page->file);
}

static const char *spell_value(char *buffer, double value) {
    return gradus_number(buffer, value, VALUE_DIGITS);
}

/* TARGET: its position, or NULL for the final values.  */
static void write_table(const gradus_page *page, const char *title, const size_t *target) {
    const gradus_results *results = page->results;
    write_head(page, title);
    for (size_t v = 0; v < results->variants; v++) {
        const gradus_findings *findings = &page->findings[v];
        fputs("<tr><td>", page->file);
        gradus_html_text(page->file, results->value[v]);
        fputs("</td>", page->file);
        for (size_t m = 0; m < results->methods; m++)
            if (target)
                write_cell(page, gradus_findings_reached(findings, *target, 0), m,
                           gradus_count);
            else
                write_cell(page, findings->final, m, spell_value);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody></table></div>\n", page->file);
}

/* At how many of the varied values METHOD ends lowest, alone or with others.  */
static size_t count_lowest(const gradus_page *page, size_t method) {
    size_t count = 0;
    for (size_t v = 0; v < page->results->variants; v++) {
        const gradus_standing *final = page->findings[v].final;
        size_t first = gradus_standings_first(final, page->results->methods);
        for (size_t i = 0; i < first && isfinite(final[i].spread.median); i++)
            count += final[i].method == method;
    }
    return count;
}

/* The methods that end lowest anywhere, most often first.  */
static void write_lowest(const gradus_page *page) {
    const gradus_results *results = page->results;
    bool any = false;
    for (size_t count = results->variants; count > 0; count--)
        for (size_t m = 0; m < results->methods; m++) {
            if (count_lowest(page, m) != count)
                continue;
            fputs(any ? ", " : "<p class=\"answer\">", page->file);
            gradus_page_label(page, m);
            fprintf(page->file,
                    any ? " at %zu" : " ends lowest at <b>%zu</b> of %zu values of ", count,
                    results->variants);
            if (!any)
                gradus_page_key(page);
            any = true;
        }
    fputs(any ? ".</p>\n"
              : "<p class=\"answer\">No method has a final training value.</p>\n",
          page->file);
}

void gradus_page_varied(const gradus_page *page) {
    fputs("<h2>Answer</h2>\n", page->file);
    gradus_page_warnings(page);
    write_lowest(page);
    gradus_page_firsts(page);
    write_table(page, "Training value at the end", NULL);
    for (size_t t = 0; t < page->results->targets; t++) {
        char title[64], number[GRADUS_NUMBER_SIZE];
        const double *first = &page->results->target[t];
        bool same = true;
        for (size_t v = 1; v < page->results->variants; v++)
            same = same && first[v * page->results->targets] == *first;
        if (same)
            snprintf(title, sizeof title, "Updates to a training value of %s",
                     gradus_short(number, *first, TARGET_DIGITS));
        else
            snprintf(title, sizeof title, "Updates to target %zu", t + 1);
        write_table(page, title, &t);
    }
    fputs("<p class=\"note\">Medians over seeds, and below them the range where there is "
          "one. –: half of the runs or more did not get there. Bold: the first.</p>\n",
          page->file);
}
