/* What was tuned, how, at what cost, and what came of it.  */

#include "harness/io/html.h"
#include "harness/report/page.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { VALUE_DIGITS = 6, SECOND_DIGITS = 4 };

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Sums over the trials of a method at a varied value; SELECTED is NULL without one.  */
typedef struct {
    size_t runs, diverged;
    double cpu_seconds;
    const json_t *selected;
} total_t;

static total_t total_of(const json_t *tuning, const char *label, const char *varied) {
    const json_t *trials = json_object_get(tuning, "trials_made");
    total_t total = {0};
    for (size_t i = 0; i < json_array_size(trials); i++) {
        const json_t *trial = json_array_get(trials, i);
        if (strcmp(text_of(trial, "label"), label) != 0 ||
            strcmp(text_of(trial, "varied"), varied) != 0)
            continue;
        total.runs += (size_t)json_integer_value(json_object_get(trial, "runs"));
        total.diverged += (size_t)json_integer_value(json_object_get(trial, "diverged"));
        total.cpu_seconds += json_number_value(json_object_get(trial, "cpu_seconds"));
        if (json_is_true(json_object_get(trial, "selected")))
            total.selected = trial;
    }
    return total;
}

static size_t method_of(const gradus_results *results, const char *label) {
    size_t m = 0;
    while (m < results->methods && strcmp(results->labels[m], label) != 0)
        m++;
    return m;
}

/* Medians of a method's runs: final value, CPU-seconds; NaN when there are none.  */
static void medians(const gradus_results *results, size_t variant, const char *label,
                    double scratch[], double *value, double *seconds) {
    size_t method = method_of(results, label), count = 0;
    double *other = scratch + results->runs;
    for (size_t i = 0; i < results->runs; i++) {
        const gradus_result *run = &results->run[i];
        if (run->method != method || run->variant != variant)
            continue;
        scratch[count] = run->diverged ? INFINITY : run->value;
        other[count++] = isnan(run->cpu_seconds) ? INFINITY : run->cpu_seconds;
    }
    *value = count ? gradus_quantile(scratch, count, 0.5) : NAN;
    *seconds = count ? gradus_quantile(other, count, 0.5) : NAN;
}

static void write_selected(const gradus_page *page, const json_t *selected) {
    const char *key;
    json_t *value;
    fputs("<td>", page->file);
    if (!selected)
        fputs("none: untuned", page->file);
    json_object_foreach(json_object_get(selected, "parameters"), key, value) {
        gradus_html_text(page->file, key);
        fputs(" <b>", page->file);
        gradus_html_text(page->file, json_string_value(value));
        fputs("</b> ", page->file);
    }
    fputs("</td>", page->file);
}

static void write_number(const gradus_page *page, double value, int digits) {
    char number[GRADUS_NUMBER_SIZE];
    gradus_page_cell(page, gradus_number(number, value, digits), "");
}

static void write_line(const gradus_page *page, const json_t *tuning, const json_t *method,
                       size_t variant, double scratch[]) {
    const gradus_results *results = page->results;
    const char *label = text_of(method, "label"), *untuned = text_of(method, "untuned");
    total_t total = total_of(tuning, label, results->varied ? results->value[variant] : "");
    double value, seconds, plain = NAN, unused;
    medians(results, variant, label, scratch, &value, &seconds);
    if (*untuned)
        medians(results, variant, untuned, scratch, &plain, &unused);
    fputs("<tr><td>", page->file);
    size_t m = method_of(results, label);
    if (m < results->methods)
        gradus_page_label(page, m);
    fputs("</td>", page->file);
    if (results->varied) {
        fputs("<td>", page->file);
        gradus_html_text(page->file, results->value[variant]);
        fputs("</td>", page->file);
    }
    fprintf(page->file, "<td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
            text_of(method, "search"), total.runs, total.diverged);
    write_selected(page, total.selected);
    write_number(page, value, VALUE_DIGITS);
    write_number(page, plain, VALUE_DIGITS);
    write_number(page, total.cpu_seconds, SECOND_DIGITS);
    write_number(page, seconds, SECOND_DIGITS);
    fputs("</tr>\n", page->file);
}

static void write_rule(const gradus_page *page, const json_t *tuning) {
    const char *key, *word;
    json_t *value;
    fputs("<p>", page->file);
    gradus_html_text(page->file, text_of(tuning, "rule"));
    if (json_object_size(json_object_get(tuning, "budget")) > 0)
        fputs(" Budget of a trial:", page->file);
    else
        fputs(" A trial has the method's budget.", page->file);
    json_object_foreach(json_object_get(tuning, "budget"), key, value) {
        word = json_string_value(value);
        fprintf(page->file, " %s ", key);
        gradus_html_text(page->file, word ? word : "");
    }
    fputs("</p>\n", page->file);
    if (!json_is_true(json_object_get(tuning, "complete")))
        fputs("<p class=\"warning\">Trials are missing: nothing is selected yet.</p>\n",
              page->file);
}

gradus_err gradus_page_tuning(const gradus_page *page, gradus_error *why) {
    const gradus_results *results = page->results;
    const json_t *tuning = json_object_get(results->manifest, "tuning");
    const json_t *methods = json_object_get(tuning, "methods");
    if (!json_is_object(tuning))
        return GRADUS_OK;
    double *scratch = GRADUS_NEW(2 * results->runs, double);
    if (!scratch)
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for the report");
    fputs("<h2>Tuning</h2>\n", page->file);
    write_rule(page, tuning);
    fprintf(page->file,
            "<div class=\"scroll\"><table>\n<thead><tr><th>Method</th>%s<th>search</th>"
            "<th class=\"n\">runs</th><th class=\"n\">diverged</th><th>selected</th>"
            "<th class=\"n\">value, tuned</th><th class=\"n\">value, untuned</th>"
            "<th class=\"n\">CPU-seconds of tuning</th>"
            "<th class=\"n\">CPU-seconds of a run</th></tr></thead>\n<tbody>\n",
            results->varied ? "<th>varied</th>" : "");
    for (size_t m = 0; m < json_array_size(methods); m++)
        for (size_t v = 0; v < results->variants; v++)
            write_line(page, tuning, json_array_get(methods, m), v, scratch);
    fputs("</tbody></table></div>\n<p class=\"note\">Values are medians of the race's runs "
          "at their end. Where the tuning seeds are those of the race, the tuned values "
          "are a little too good. Every trial is in tuning.csv.</p>\n",
          page->file);
    gradus_free(scratch);
    return GRADUS_OK;
}
