/* Time to target.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include <math.h>

enum {
    PASS_DIGITS = 6,
    SECOND_DIGITS = 4,
    RATIO_DIGITS = 3,
    TARGET_DIGITS = 10,
    GAP_DIGITS = 4
};

static const char *const cost_titles[GRADUS_COSTS] = {"updates", "passes", "CPU-seconds",
                                                      "wall-seconds"};

static const char *spell(char *buffer, size_t cost, double value) {
    switch (gradus_costs[cost]) {
    case GRADUS_COLUMN_UPDATE:
        return gradus_count(buffer, value);
    case GRADUS_COLUMN_PASSES:
        return gradus_short(buffer, value, PASS_DIGITS);
    default:
        return gradus_number(buffer, value, SECOND_DIGITS);
    }
}

void gradus_page_target(const gradus_page *page, size_t variant, size_t target) {
    const gradus_results *results = page->results;
    const char *reference = gradus_target_reference(results, target);
    char number[GRADUS_NUMBER_SIZE];
    gradus_short(
        number,
        gradus_results_gap(results, results->target[variant * results->targets + target]),
        isnan(results->minimum) ? TARGET_DIGITS : GAP_DIGITS);
    if (!reference) {
        fputs(number, page->file);
        return;
    }
    fputs("best of ", page->file);
    gradus_html_text(page->file, reference);
    fprintf(page->file, *number ? " (%s)" : " (not known yet)", number);
}

static double best_of(const gradus_page *page, size_t variant, size_t target, size_t cost) {
    double best = INFINITY;
    for (size_t m = 0; m < page->results->methods; m++)
        best =
            fmin(best,
                 gradus_targets_at(page->targets, variant, target, m, cost)->spread.median);
    return best;
}

static void write_spread(const gradus_page *page, size_t variant, size_t target,
                         size_t method, size_t cost) {
    const gradus_spread *spread =
        &gradus_targets_at(page->targets, variant, target, method, cost)->spread;
    char number[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE];
    bool timed =
        gradus_costs[cost] == GRADUS_COLUMN_CPU || gradus_costs[cost] == GRADUS_COLUMN_WALL;
    if (!isfinite(spread->median)) {
        gradus_page_cell(page, "–", "");
        return;
    }
    bool first = spread->median <= best_of(page, variant, target, cost);
    fprintf(page->file, first ? "<td class=\"n\"><b>%s%s</b>" : "<td class=\"n\">%s%s",
            spell(number, cost, spread->median),
            timed ? gradus_page_mark(page, variant, method) : "");
    if (spread->high > spread->low)
        fprintf(page->file, "<small>%s to %s</small>", spell(number, cost, spread->low),
                spell(high, cost, spread->high));
    fputs("</td>", page->file);
}

/* By CPU-seconds and by passes.  */
static void write_speedup(const gradus_page *page, size_t variant, size_t target,
                          size_t method, size_t cost) {
    const gradus_reach *reach =
        gradus_targets_at(page->targets, variant, target, method, cost);
    char number[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE];
    if (method == page->targets->baseline || isnan(reach->speedup)) {
        gradus_page_cell(page, isnan(reach->speedup) ? "–" : "1", "");
        return;
    }
    fprintf(page->file, "<td class=\"n\">%s",
            gradus_number(number, reach->speedup, RATIO_DIGITS));
    if (!isnan(reach->low))
        fprintf(page->file, "<small>%s to %s</small>",
                gradus_number(number, reach->low, RATIO_DIGITS),
                gradus_number(high, reach->high, RATIO_DIGITS));
    fputs("</td>", page->file);
}

enum { BY_PASSES = 1, BY_CPU = 2 }; /* positions in gradus_costs */

static void write_target(const gradus_page *page, size_t variant, size_t target) {
    fprintf(page->file, "<tbody class=\"group\"><tr><th colspan=\"%d\">%s ",
            GRADUS_COSTS + 4,
            isnan(page->results->minimum) ? "Training value" : "Gap to the minimum");
    gradus_page_target(page, variant, target);
    if (page->results->varied) {
        fputs(", ", page->file);
        gradus_page_value(page, variant);
    }
    fputs("</th></tr></tbody>\n<tbody>\n", page->file);
    for (size_t m = 0; m < page->results->methods; m++) {
        const gradus_spread *spread =
            &gradus_targets_at(page->targets, variant, target, m, 0)->spread;
        fputs("<tr><td>", page->file);
        gradus_page_label(page, m);
        fprintf(page->file, "</td><td class=\"n\">%zu of %zu</td>", spread->finite,
                spread->count);
        for (size_t c = 0; c < GRADUS_COSTS; c++)
            write_spread(page, variant, target, m, c);
        write_speedup(page, variant, target, m, BY_PASSES);
        write_speedup(page, variant, target, m, BY_CPU);
        fputs("</tr>\n", page->file);
    }
    fputs("</tbody>\n", page->file);
}

static void write_note(const gradus_page *page) {
    const gradus_results *results = page->results;
    fputs("</table></div>\n<p class=\"note\">", page->file);
    fputs(results->seeds > 1 ? "Median over seeds, and below it the range where "
                               "there is one. –: half of the runs or more "
                               "did not get there. Bold: the first. "
                             : "–: did not get there. Bold: the first. ",
          page->file);
    fputs("Speed-up: the median of ", page->file);
    gradus_html_text(page->file, results->labels[page->targets->baseline]);
    fputs(" over that of the method", page->file);
    if (results->seeds >= GRADUS_INTERVAL_FROM)
        fputs(", and below it the 95 % interval from drawing the seeds anew", page->file);
    fputs(". targets.csv has all of it.</p>\n", page->file);
}

void gradus_page_targets(const gradus_page *page) {
    if (page->results->targets == 0 || page->results->methods == 0)
        return;
    fputs("<h2>Time to target</h2>\n<div class=\"scroll\"><table>\n<thead><tr>"
          "<th>Method</th><th class=\"n\">Runs that reach it</th>",
          page->file);
    for (size_t c = 0; c < GRADUS_COSTS; c++)
        fprintf(page->file, "<th class=\"n\">%s</th>", cost_titles[c]);
    fputs("<th class=\"n\">speed-up by passes</th><th class=\"n\">by CPU-seconds</th>"
          "</tr></thead>\n",
          page->file);
    for (size_t t = 0; t < page->results->targets; t++)
        for (size_t v = 0; v < page->results->variants; v++)
            write_target(page, v, t);
    write_note(page);
}
