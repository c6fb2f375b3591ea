/* Costs to the targets, and speed-ups.  */

#include "harness/analysis/targets.h"

#include "base/memory.h"
#include "base/stream.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"

#include <math.h>
#include <string.h>

const gradus_column gradus_costs[GRADUS_COSTS] = {
    GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_PASSES, GRADUS_COLUMN_CPU, GRADUS_COLUMN_WALL};
const char *const gradus_cost_names[GRADUS_COSTS] = {"updates", "passes", "cpu_seconds",
                                                     "wall_seconds"};

/* The interval's ends, and the seed that its draws are made with.  */
static const double lower_share = 0.025, upper_share = 0.975;
enum { SEED = 1 };

const char *gradus_target_reference(const gradus_results *results, size_t target) {
    return json_string_value(
        json_array_get(json_object_get(results->manifest, "target_of"), target));
}

/* ---- Speed-up ---- */

static double ratio(const double base, const double other) {
    return base / other; /* inf / inf, which decides nothing, is NaN, and so is 0 / 0 */
}

static double resample(gradus_stream *stream, const double base[], const double other[],
                       size_t count, double scratch[]) {
    for (size_t i = 0; i < count; i++) {
        size_t drawn = gradus_stream_below(stream, count);
        scratch[i] = base[drawn];
        scratch[count + i] = other[drawn];
    }
    double middle = gradus_quantile(scratch, count, 0.5);
    return ratio(middle, gradus_quantile(scratch + count, count, 0.5));
}

/* NaN may stand for anything.  */
static double end_of(const double draws[], double sorted[], double share, double instead) {
    for (size_t i = 0; i < GRADUS_RESAMPLES; i++)
        sorted[i] = isnan(draws[i]) ? instead : draws[i];
    return gradus_quantile(sorted, GRADUS_RESAMPLES, share);
}

gradus_err gradus_speedup(gradus_reach *reach, const double base[], const double other[],
                          size_t count, double scratch[]) {
    reach->speedup = reach->low = reach->high = NAN;
    if (count == 0)
        return GRADUS_OK;
    memcpy(scratch, base, count * sizeof *base);
    memcpy(scratch + count, other, count * sizeof *other);
    double middle = gradus_quantile(scratch, count, 0.5);
    reach->speedup = ratio(middle, gradus_quantile(scratch + count, count, 0.5));
    if (count < GRADUS_INTERVAL_FROM)
        return GRADUS_OK;
    gradus_stream *stream = gradus_stream_open(SEED, GRADUS_FOR_SAMPLES);
    double *draws = GRADUS_NEW(GRADUS_RESAMPLES, double);
    for (size_t i = 0; stream && draws && i < GRADUS_RESAMPLES; i++)
        draws[i] = resample(stream, base, other, count, scratch);
    bool there = stream && draws;
    if (there) {
        reach->low = end_of(draws, scratch, lower_share, 0);
        reach->high = end_of(draws, scratch, upper_share, INFINITY);
    }
    gradus_stream_close(stream);
    gradus_free(draws);
    return there ? GRADUS_OK : GRADUS_ENOMEM;
}

/* ---- All of them ---- */

static gradus_reach *reach_at(const gradus_targets *t, size_t variant, size_t target,
                              size_t method, size_t cost) {
    const gradus_results *r = t->results;
    return &t->reach[((variant * r->targets + target) * r->methods + method) *
                         GRADUS_COSTS +
                     cost];
}

const gradus_reach *gradus_targets_at(const gradus_targets *targets, size_t variant,
                                      size_t target, size_t method, size_t cost) {
    return reach_at(targets, variant, target, method, cost);
}

typedef struct {
    gradus_targets *targets;
    double *base, *other, *values, *scratch;
} desk_t;

static double spent(const gradus_targets *t, const gradus_result *run, size_t target,
                    size_t cost) {
    double value = t->results->target[run->variant * t->results->targets + target];
    double cells = gradus_trace_reached(&run->trace, value, gradus_costs[cost]);
    return isnan(cells) ? INFINITY : cells;
}

static const gradus_result *run_of(const gradus_results *results, size_t variant,
                                   size_t method, json_int_t seed) {
    for (size_t i = 0; i < results->runs; i++)
        if (results->run[i].variant == variant && results->run[i].method == method &&
            results->run[i].seed == seed)
            return &results->run[i];
    return NULL;
}

static gradus_err measure(desk_t *d, size_t variant, size_t target, size_t method,
                          size_t cost) {
    const gradus_results *results = d->targets->results;
    gradus_reach *reach = reach_at(d->targets, variant, target, method, cost);
    size_t runs = 0, pairs = 0;
    for (size_t i = 0; i < results->runs; i++) {
        const gradus_result *run = &results->run[i];
        if (run->variant != variant || run->method != method)
            continue;
        double own = d->values[runs++] = spent(d->targets, run, target, cost);
        const gradus_result *base =
            run_of(results, variant, d->targets->baseline, run->seed);
        if (!base)
            continue;
        d->base[pairs] = spent(d->targets, base, target, cost);
        d->other[pairs++] = own;
    }
    reach->spread = gradus_spread_of(d->values, runs);
    return gradus_speedup(reach, d->base, d->other, pairs, d->scratch);
}

static gradus_err measure_all(desk_t *d) {
    const gradus_results *r = d->targets->results;
    gradus_err err = GRADUS_OK;
    for (size_t v = 0; v < r->variants; v++)
        for (size_t t = 0; t < r->targets; t++)
            for (size_t m = 0; m < r->methods; m++)
                for (size_t c = 0; c < GRADUS_COSTS && !err; c++)
                    err = measure(d, v, t, m, c);
    return err;
}

static size_t baseline_of(const gradus_results *results) {
    const char *label = json_string_value(json_object_get(results->manifest, "baseline"));
    for (size_t m = 0; label && m < results->methods; m++)
        if (strcmp(results->labels[m], label) == 0)
            return m;
    return 0;
}

gradus_err gradus_targets_open(gradus_targets *targets, const gradus_results *results,
                               gradus_error *why) {
    *targets = (gradus_targets){.results = results, .baseline = baseline_of(results)};
    if (results->targets == 0)
        return GRADUS_OK;
    size_t runs = results->runs;
    targets->reach =
        GRADUS_NEW(results->variants * results->targets * results->methods * GRADUS_COSTS,
                   gradus_reach);
    desk_t d = {.targets = targets,
                .base = GRADUS_NEW(runs, double),
                .other = GRADUS_NEW(runs, double),
                .values = GRADUS_NEW(runs, double),
                .scratch = GRADUS_NEW(2 * runs + GRADUS_RESAMPLES, double)};
    bool there = targets->reach && d.base && d.other && d.values && d.scratch;
    gradus_err err = there ? measure_all(&d) : GRADUS_ENOMEM;
    gradus_free(d.base);
    gradus_free(d.other);
    gradus_free(d.values);
    gradus_free(d.scratch);
    if (!err)
        return GRADUS_OK;
    gradus_targets_close(targets);
    return gradus_fail(why, err, "out of memory for the targets");
}

void gradus_targets_close(gradus_targets *targets) {
    gradus_free(targets->reach);
    *targets = (gradus_targets){0};
}

/* ---- targets.csv ---- */

static void print_number(FILE *file, double value) {
    if (isnan(value))
        fputc(',', file);
    else
        fprintf(file, ",%.17g", value);
}

static void print_line(FILE *file, const gradus_targets *t, size_t variant, size_t target,
                       size_t method, size_t cost) {
    const gradus_results *r = t->results;
    const gradus_reach *reach = gradus_targets_at(t, variant, target, method, cost);
    const char *reference = gradus_target_reference(r, target);
    if (r->varied) {
        fputc('"', file);
        for (const char *c = r->value[variant]; *c; c++)
            fprintf(file, *c == '"' ? "\"%c" : "%c", *c);
        fputc('"', file);
    }
    print_number(file, r->target[variant * r->targets + target]);
    fprintf(file, ",%s%s,%s,%s,%zu,%zu", reference ? "best of " : "",
            reference ? reference : "", r->labels[method], gradus_cost_names[cost],
            reach->spread.count, reach->spread.finite);
    bool any = reach->spread.count > 0;
    print_number(file, any ? reach->spread.median : NAN);
    print_number(file, any ? reach->spread.low : NAN);
    print_number(file, any ? reach->spread.high : NAN);
    fprintf(file, ",%s", r->labels[t->baseline]);
    print_number(file, reach->speedup);
    print_number(file, reach->low);
    print_number(file, reach->high);
    fputc('\n', file);
}

gradus_err gradus_targets_write(const gradus_targets *t, const char *folder,
                                gradus_error *why) {
    const gradus_results *r = t->results;
    if (r->targets == 0 || r->methods == 0)
        return GRADUS_OK;
    gradus_output out;
    char *path = gradus_folder_path(folder, "targets.csv");
    gradus_err err = path ? gradus_output_open(&out, path, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (err)
        return err;
    fputs("varied,target,target_of,label,cost,runs,reached,median,lowest,highest,baseline,"
          "speedup,speedup_low,speedup_high\n",
          out.file);
    for (size_t v = 0; v < r->variants; v++)
        for (size_t k = 0; k < r->targets; k++)
            for (size_t m = 0; m < r->methods; m++)
                for (size_t c = 0; c < GRADUS_COSTS; c++)
                    print_line(out.file, t, v, k, m, c);
    return gradus_output_commit(&out, why);
}
