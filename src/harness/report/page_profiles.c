/* The table behind the profiles.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <math.h>

enum { PASS_DIGITS = 6, BY_PASSES = 1 };

static size_t count_solved(const gradus_profiles *p, size_t tolerance, size_t method,
                           bool first) {
    size_t count = 0;
    for (size_t i = 0; i < p->instances; i++) {
        double ratio = gradus_profiles_ratio(p, tolerance, i, BY_PASSES, method);
        count += first ? ratio <= 1 : isfinite(ratio);
    }
    return count;
}

static void write_counts(const gradus_page *page, size_t tolerance, bool first) {
    const gradus_profiles *p = page->profiles;
    fputs(first ? "<tr><td><b>first</b></td><td></td>"
                : "<tr><td><b>solved</b></td><td></td>",
          page->file);
    for (size_t m = 0; m < p->results->methods; m++)
        fprintf(page->file, "<td class=\"n\"><b>%zu of %zu</b></td>",
                count_solved(p, tolerance, m, first), p->instances);
    fputs("</tr>\n", page->file);
}

static void write_instance(const gradus_page *page, size_t tolerance, size_t instance) {
    const gradus_profiles *p = page->profiles;
    const gradus_instance *one = &p->instance[instance];
    char number[GRADUS_NUMBER_SIZE];
    fputs("<tr><td>", page->file);
    if (p->results->varied)
        gradus_html_text(page->file, p->results->value[one->variant]);
    fprintf(page->file, "</td><td class=\"n\">%lld</td>", (long long)one->seed);
    for (size_t m = 0; m < p->results->methods; m++) {
        double cost = gradus_profiles_cost(p, tolerance, instance, BY_PASSES, m);
        gradus_page_cell(
            page, isfinite(cost) ? gradus_short(number, cost, PASS_DIGITS) : "–", "");
    }
    fputs("</tr>\n", page->file);
}

static void write_tolerance(const gradus_page *page, size_t tolerance) {
    const gradus_profiles *p = page->profiles;
    fprintf(page->file,
            "<h3>Passes to tolerance %g</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
            "<th>problem</th><th class=\"n\">seed</th>",
            p->tolerance[tolerance]);
    for (size_t m = 0; m < p->results->methods; m++) {
        fputs("<th class=\"n\">", page->file);
        gradus_page_label(page, m);
        fputs("</th>", page->file);
    }
    fputs("</tr></thead>\n<tbody>\n", page->file);
    write_counts(page, tolerance, false);
    write_counts(page, tolerance, true);
    for (size_t i = 0; i < p->instances; i++)
        write_instance(page, tolerance, i);
    fputs("</tbody></table></div>\n", page->file);
}

static void write_rule(const gradus_page *page) {
    const gradus_profiles *p = page->profiles;
    bool named = !isnan(gradus_results_minimum(p->results, 0));
    size_t below = 0;
    for (size_t i = 0; i < p->instances; i++)
        below += p->instance[i].below;
    fprintf(page->file,
            "<p>A problem is a varied value with a seed. It is solved to a tolerance when "
            "the training value has fallen from the start to that share of the way above "
            "the %s.</p>\n",
            named ? "minimum that the study names"
                  : "lowest value that any of these methods measured");
    if (below > 0)
        fprintf(page->file,
                "<p class=\"warning\">On %zu of %zu problems a method measured less than "
                "the minimum that the study names: it is none.</p>\n",
                below, p->instances);
}

void gradus_page_profiles(const gradus_page *page) {
    const gradus_profiles *p = page->profiles;
    if (p->tolerances == 0)
        return;
    fputs("<h2>Profiles</h2>\n", page->file);
    if (p->left_out > 0)
        fprintf(page->file,
                "<p class=\"warning\">%zu problems are left out: runs are missing, or none "
                "has a finite value.</p>\n",
                p->left_out);
    write_rule(page);
    for (size_t t = 0; t < p->tolerances; t++)
        write_tolerance(page, t);
    fputs("<p class=\"note\">–: not solved. Profiles speak of these methods together: "
          "with others, the least costs, and the lowest values where no minimum is named, "
          "would be others. profiles.csv has updates and CPU-seconds too.</p>\n",
          page->file);
}
