/* The answer first: who ends lowest, who is first at each target.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <math.h>

enum { VALUE_DIGITS = 6, DIFFERENCE_DIGITS = 3 };

static const char *digits(char *buffer, double value) {
    return gradus_number(buffer, value, VALUE_DIGITS);
}

static void write_labels(const gradus_page *page, const gradus_standing standings[],
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputs(i + 1 < count ? ", " : " and ", page->file);
        gradus_page_label(page, standings[i].method);
    }
}

/* "(median of 3 seeds)" where there is more than one.  */
static void write_seeds(const gradus_page *page, const gradus_spread *spread) {
    if (spread->count > 1)
        fprintf(page->file, " (median of %zu seeds)", spread->count);
}

static bool overlap(const gradus_spread *a, const gradus_spread *b) {
    return a->count > 1 && b->count > 1 && !(a->high < b->low);
}

static void write_final(const gradus_page *page) {
    const gradus_standing *final = page->findings->final;
    size_t count = page->findings->methods;
    FILE *file = page->file;
    char number[GRADUS_NUMBER_SIZE], next[GRADUS_NUMBER_SIZE], less[GRADUS_NUMBER_SIZE];
    fputs("<p class=\"answer\">", file);
    if (count == 0 || !isfinite(final[0].spread.median)) {
        fputs("No method has a final training value.</p>\n", file);
        return;
    }
    size_t first = gradus_standings_first(final, count);
    write_labels(page, final, first);
    fprintf(file,
            first > 1 ? " end lowest together, at a training value of <b>%s</b>"
                      : " ends lowest, at a training value of <b>%s</b>",
            digits(number, final[0].spread.median));
    if (!isnan(page->results->minimum))
        fprintf(file, ", %s above the minimum",
                gradus_number(less,
                              gradus_results_gap(page->results, final[0].spread.median),
                              DIFFERENCE_DIGITS));
    write_seeds(page, &final[0].spread);
    if (first < count && isfinite(final[first].spread.median)) {
        const gradus_standing *second = &final[first];
        double difference = second->spread.median - final[0].spread.median;
        fprintf(file, "; %s above it comes ",
                gradus_number(less, difference, DIFFERENCE_DIGITS));
        gradus_page_label(page, second->method);
        fprintf(file, " (%s)", digits(next, second->spread.median));
        if (overlap(&final[0].spread, &second->spread))
            fputs(", and their seeds overlap", file);
    }
    fputs(".</p>\n", file);
}

/* The cell of a target and an axis: the first, what it took, and the lead.  */
static void write_first(const gradus_page *page, size_t variant, size_t target,
                        size_t axis) {
    const gradus_standing *standings =
        gradus_findings_reached(&page->findings[variant], target, axis);
    FILE *file = page->file;
    size_t count = page->findings->methods;
    char number[GRADUS_NUMBER_SIZE], next[GRADUS_NUMBER_SIZE], factor[GRADUS_NUMBER_SIZE];
    double best = count > 0 ? standings[0].spread.median : INFINITY;
    fprintf(file, "<td data-axis=\"by %s\">", gradus_axis_names[axis]);
    if (!isfinite(best)) {
        fputs("no method</td>", file);
        return;
    }
    bool timed = gradus_axes[axis] == GRADUS_COLUMN_CPU;
    size_t first = gradus_standings_first(standings, count);
    write_labels(page, standings, first);
    fprintf(file, " %s%s", gradus_axis_number(number, axis, best),
            timed ? gradus_page_mark(page, variant, standings[0].method) : "");
    if (first == count) {
        fputs("</td>", file);
        return;
    }
    const gradus_standing *second = &standings[first];
    double median = second->spread.median;
    fputs("<small>", file);
    if (!isfinite(median))
        fputs("no other does", file);
    else {
        if (best > 0)
            fprintf(file, "%s× before ",
                    gradus_number(factor, median / best, DIFFERENCE_DIGITS));
        else
            fputs("before ", file);
        gradus_html_text(file, page->results->labels[second->method]);
        fprintf(file, " (%s%s)", gradus_axis_number(next, axis, median),
                timed ? gradus_page_mark(page, variant, second->method) : "");
        if (overlap(&standings[0].spread, &second->spread))
            fputs("; seeds overlap", file);
    }
    fputs("</small></td>", file);
}

static void write_row(const gradus_page *page, size_t variant, size_t target) {
    FILE *file = page->file;
    fprintf(file, "<tr><th class=\"n\" data-what=\"%s\">",
            isnan(page->results->minimum) ? "Training value" : "Gap");
    gradus_page_target(page, variant, target);
    if (page->results->varied) {
        fputs("<small>", file);
        gradus_page_value(page, variant);
        fputs("</small>", file);
    }
    fputs("</th>", file);
    for (size_t a = 0; a < GRADUS_AXES; a++)
        write_first(page, variant, target, a);
    fputs("</tr>\n", file);
}

void gradus_page_firsts(const gradus_page *page) {
    FILE *file = page->file;
    bool named = !isnan(page->results->minimum);
    if (page->results->targets == 0) {
        fputs("<p>The study names no target.</p>\n", file);
        return;
    }
    fputs("<div class=\"scroll\"><table class=\"firsts\">\n<thead><tr>"
          "<th class=\"n\">First to reach",
          file);
    fputs(named ? " a gap of</th>" : "</th>", file);
    for (size_t a = 0; a < GRADUS_AXES; a++)
        fprintf(file, "<th>by %s</th>", gradus_axis_names[a]);
    fputs("</tr></thead>\n<tbody>\n", file);
    for (size_t t = 0; t < page->results->targets; t++)
        for (size_t v = 0; v < page->results->variants; v++)
            write_row(page, v, t);
    fputs("</tbody></table></div>\n", file);
}

void gradus_page_warnings(const gradus_page *page) {
    const gradus_results *results = page->results;
    size_t failed = 0, contaminated = 0, below = 0;
    for (size_t i = 0; i < results->runs; i++) {
        below += results->run[i].value < results->minimum;
        failed += results->run[i].failed;
        contaminated += results->run[i].contaminated_by != NULL;
    }
    if (results->missing > 0)
        fprintf(page->file,
                "<p class=\"warning\">The race is incomplete: %zu of %zu runs are missing. "
                "What follows is about the others.</p>\n",
                results->missing, results->missing + results->runs);
    if (below > 0)
        fprintf(page->file,
                "<p class=\"warning\">%zu of %zu runs end below the minimum that the study "
                "names: it is not one, or not with so many digits.</p>\n",
                below, results->runs);
    if (failed > 0)
        fprintf(page->file,
                "<p class=\"warning\">%zu of %zu runs failed; the table of runs says why. "
                "A run that diverged counts as infinitely bad in every median.</p>\n",
                failed, results->runs);
    if (contaminated > 0)
        fprintf(page->file,
                "<p class=\"warning\">The timing of %zu of %zu runs is contaminated "
                "(marked †): compare CPU-seconds with care.</p>\n",
                contaminated, results->runs);
}

void gradus_page_answer(const gradus_page *page) {
    fputs("<h2>Answer</h2>\n", page->file);
    gradus_page_warnings(page);
    write_final(page);
    gradus_page_firsts(page);
    fputs("<p class=\"note\">", page->file);
    if (page->results->seeds > 1)
        fputs("All numbers are medians over seeds; a run that misses a target counts as "
              "infinite. ",
              page->file);
    else
        fputs("One seed: nothing is known about the spread. ", page->file);
    fputs("A target is reached at the first measurement at or below it.</p>\n", page->file);
}
