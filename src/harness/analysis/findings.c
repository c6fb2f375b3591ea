/* Ranks.  */

#include "harness/analysis/findings.h"

#include "base/memory.h"

#include <math.h>

const gradus_column gradus_axes[GRADUS_AXES] = {GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_PASSES,
                                                GRADUS_COLUMN_CPU};

/* Methods with equal medians stay in the study's order.  */
static void insert(gradus_standing standings[], size_t count, gradus_standing one) {
    size_t at = count;
    while (at > 0 && one.spread.median < standings[at - 1].spread.median) {
        standings[at] = standings[at - 1];
        at--;
    }
    standings[at] = one;
}

/* A number of a run; infinite is the worst there is.  */
typedef struct {
    bool final;
    double target;
    gradus_column column;
} question_t;

static double answer(const gradus_result *run, const question_t *asked) {
    if (asked->final)
        return run->diverged ? INFINITY : run->value;
    double spent = gradus_trace_reached(&run->trace, asked->target, asked->column);
    return isnan(spent) ? INFINITY : spent;
}

static void rank(gradus_standing standings[], const gradus_results *results, size_t variant,
                 const question_t *asked, double scratch[]) {
    for (size_t m = 0; m < results->methods; m++) {
        size_t count = 0;
        for (size_t i = 0; i < results->runs; i++)
            if (results->run[i].method == m && results->run[i].variant == variant)
                scratch[count++] = answer(&results->run[i], asked);
        insert(standings, m, (gradus_standing){m, gradus_spread_of(scratch, count)});
    }
}

static gradus_standing *standings_at(const gradus_findings *findings, size_t target,
                                     size_t axis) {
    return findings->reached + (target * GRADUS_AXES + axis) * findings->methods;
}

const gradus_standing *gradus_findings_reached(const gradus_findings *findings,
                                               size_t target, size_t axis) {
    return standings_at(findings, target, axis);
}

size_t gradus_standings_first(const gradus_standing standings[], size_t count) {
    size_t first = 1;
    while (first < count && standings[first].spread.median <= standings[0].spread.median)
        first++;
    return first;
}

gradus_err gradus_findings_open(gradus_findings *findings, const gradus_results *results,
                                size_t variant, gradus_error *why) {
    size_t methods = results->methods;
    *findings = (gradus_findings){.methods = methods};
    double *scratch = GRADUS_NEW(results->runs, double);
    findings->final = GRADUS_NEW(methods, gradus_standing);
    findings->reached =
        GRADUS_NEW(results->targets * GRADUS_AXES * methods, gradus_standing);
    if (!scratch || !findings->final || !findings->reached) {
        gradus_free(scratch);
        gradus_findings_close(findings);
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory while ranking the methods");
    }
    rank(findings->final, results, variant, &(question_t){.final = true}, scratch);
    for (size_t t = 0; t < results->targets; t++)
        for (size_t a = 0; a < GRADUS_AXES; a++) {
            question_t asked = {.target = results->target[variant * results->targets + t],
                                .column = gradus_axes[a]};
            rank(standings_at(findings, t, a), results, variant, &asked, scratch);
        }
    gradus_free(scratch);
    return GRADUS_OK;
}

void gradus_findings_close(gradus_findings *findings) {
    gradus_free(findings->final);
    gradus_free(findings->reached);
    *findings = (gradus_findings){0};
}
