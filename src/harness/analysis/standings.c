/* The closing table of a race, from the same findings as the report.  */

#include "harness/analysis/standings.h"

#include "base/memory.h"
#include "harness/analysis/findings.h"

#include <math.h>
#include <string.h>

static int label_width(const gradus_results *results) {
    size_t width = strlen("method");
    for (size_t i = 0; i < results->methods; i++)
        width = strlen(results->labels[i]) > width ? strlen(results->labels[i]) : width;
    return (int)width;
}

static const gradus_spread *final_of(const gradus_findings *findings, size_t method) {
    const gradus_standing *standing = findings->final;
    while (standing->method != method)
        standing++;
    return &standing->spread;
}

/* Median of what the runs of a method spent; infinite when there are none.  */
static double spent(const gradus_results *results, size_t variant, size_t method,
                    size_t axis, double scratch[]) {
    size_t count = 0;
    for (size_t i = 0; i < results->runs; i++) {
        const gradus_result *run = &results->run[i];
        const double numbers[GRADUS_AXES] = {run->updates, run->passes, run->cpu_seconds};
        if (run->method == method && run->variant == variant)
            scratch[count++] = isnan(numbers[axis]) ? INFINITY : numbers[axis];
    }
    return gradus_quantile(scratch, count, 0.5);
}

static size_t count_failed(const gradus_results *results, size_t variant, size_t method) {
    size_t failed = 0;
    for (size_t i = 0; i < results->runs; i++)
        failed += results->run[i].failed && results->run[i].method == method &&
                  results->run[i].variant == variant;
    return failed;
}

static void print_medians(FILE *file, const gradus_results *results,
                          const gradus_findings *findings, size_t variant,
                          double scratch[]) {
    int width = label_width(results);
    fprintf(file, "%-*s  %5s %6s %14s %10s %10s %12s\n", width, "method", "runs", "failed",
            "value", "updates", "passes", "cpu_seconds");
    for (size_t m = 0; m < results->methods; m++) {
        const gradus_spread *spread = final_of(findings, m);
        double middle[GRADUS_AXES];
        for (size_t a = 0; a < GRADUS_AXES; a++)
            middle[a] = spent(results, variant, m, a, scratch);
        fprintf(file, "%-*s  %5zu %6zu %14.8g %10.6g %10.4g %12.4g\n", width,
                results->labels[m], spread->count, count_failed(results, variant, m),
                spread->median, middle[0], middle[1], middle[2]);
    }
}

static void print_first(FILE *file, const gradus_results *results,
                        const gradus_findings *findings, size_t variant, size_t target) {
    static const char *const axes[GRADUS_AXES] = {"updates", "passes", "cpu_seconds"};
    double value = results->target[variant * results->targets + target];
    fprintf(file,
            isnan(results->minimum) ? "first to reach %g:" : "first to a gap of %.4g:",
            gradus_results_gap(results, value));
    for (size_t a = 0; a < GRADUS_AXES; a++) {
        const gradus_standing *first = gradus_findings_reached(findings, target, a);
        if (!isfinite(first->spread.median)) {
            fputs(" nobody\n", file);
            return;
        }
        fprintf(file, "%s %s %s (%.4g)", a ? "," : "", axes[a],
                results->labels[first->method], first->spread.median);
    }
    fputc('\n', file);
}

static gradus_err print_variant(FILE *file, const gradus_results *results, size_t variant,
                                double scratch[], gradus_error *why) {
    gradus_findings findings;
    gradus_err err = gradus_findings_open(&findings, results, variant, why);
    if (err)
        return err;
    if (results->varied)
        fprintf(file, "%s %s\n", results->varied, results->value[variant]);
    print_medians(file, results, &findings, variant, scratch);
    for (size_t t = 0; t < results->targets; t++)
        print_first(file, results, &findings, variant, t);
    gradus_findings_close(&findings);
    return GRADUS_OK;
}

gradus_err gradus_standings_print(FILE *file, const gradus_results *results,
                                  gradus_error *why) {
    double *scratch = GRADUS_NEW(results->runs, double);
    if (!scratch)
        return gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", results->study);
    gradus_err err = GRADUS_OK;
    if (results->seeds > 1)
        fprintf(file, "medians over %zu seeds\n", results->seeds);
    for (size_t v = 0; v < results->variants && !err; v++)
        err = print_variant(file, results, v, scratch, why);
    gradus_free(scratch);
    return err;
}
