/* Drawing a bar at most ten times a second.  */

#include "harness/run/progress.h"

#include "core/clock.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

static const double BETWEEN = 0.1;   /* seconds between two drawings */
enum { BAR = 24, BUDGET_SIZE = 64 }; /* characters */

gradus_progress gradus_progress_open(bool wanted, size_t runs) {
    return (gradus_progress){.active = wanted && isatty(STDERR_FILENO), .runs = runs};
}

void gradus_progress_begin(gradus_progress *progress, size_t run, const char *label,
                           const gradus_run *begun) {
    progress->run = run;
    progress->label = label;
    progress->budget = *(const gradus_run_values *)gradus_run_settings(begun)->values;
    progress->seed = progress->budget.seed;
    progress->row = (gradus_row){.train_value = NAN};
    progress->drawn = -INFINITY; /* the first tick draws */
}

void gradus_progress_row(gradus_progress *progress, const gradus_row *row) {
    progress->row = *row;
}

/* SPENT of a limit; NaN when that is not given.  */
static double part(double spent, double limit) {
    return limit > 0.0 ? fmin(spent / limit, 1.0) : limit == 0.0 ? 1.0 : NAN;
}

static double limit_of(long limit) {
    return gradus_integer_given(limit) ? (double)limit : NAN;
}

double gradus_progress_fraction(const gradus_progress *progress, size_t updates) {
    const gradus_run_values *v = &progress->budget;
    const gradus_row *row = &progress->row;
    double evaluations = (double)(row->value_evaluations + row->gradient_evaluations);
    double most = part((double)updates, limit_of(v->updates)); /* fmax passes over NaN */
    most = fmax(most, part(row->passes, v->passes));
    most = fmax(most, part(evaluations, limit_of(v->evaluations)));
    most = fmax(most, part(row->cpu_seconds, v->cpu_seconds));
    return fmax(most, part(row->wall_seconds, v->wall_seconds));
}

/* "[###.....]  42%", or, where no limit is given, that there is none.  */
static void print_budget(char text[BUDGET_SIZE], const gradus_progress *progress,
                         size_t updates) {
    double fraction = gradus_progress_fraction(progress, updates);
    char bar[BAR + 1];
    for (int i = 0; i < BAR; i++)
        bar[i] = i + 0.5 < fraction * BAR ? '#' : '.';
    bar[BAR] = '\0';
    if (isnan(fraction))
        snprintf(text, BUDGET_SIZE, "%zu updates, no budget (Ctrl-C ends it)", updates);
    else
        snprintf(text, BUDGET_SIZE, "[%s] %3.0f%%", bar, 100.0 * fraction);
}

static void draw(const gradus_progress *progress, size_t updates) {
    char budget[BUDGET_SIZE];
    print_budget(budget, progress, updates);
    /* Back to the beginning of the line, and clear what is right of the text.  */
    fprintf(stderr, "\r[%zu/%zu] %s, seed %ld %s value %.6g\033[K", progress->run,
            progress->runs, progress->label, progress->seed, budget,
            progress->row.train_value);
    fflush(stderr);
}

void gradus_progress_tick(gradus_progress *progress, size_t updates) {
    if (!progress->active)
        return;
    double now = gradus_times_now().wall;
    if (now - progress->drawn < BETWEEN)
        return;
    progress->drawn = now;
    draw(progress, updates);
}

void gradus_progress_count(gradus_progress *progress, size_t finished) {
    if (!progress->active)
        return;
    fprintf(stderr, "\r[%zu/%zu] runs finished\033[K", finished, progress->runs);
    fflush(stderr);
}

void gradus_progress_clear(gradus_progress *progress) {
    if (progress->active)
        fputs("\r\033[K", stderr);
}
