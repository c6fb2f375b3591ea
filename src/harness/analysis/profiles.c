/* Costs on every problem of a set, and their table.  */

#include "harness/analysis/profiles.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"

#include <math.h>

static const gradus_result *run_of(const gradus_results *results, size_t variant,
                                   size_t method, json_int_t seed) {
    for (size_t i = 0; i < results->runs; i++)
        if (results->run[i].variant == variant && results->run[i].method == method &&
            results->run[i].seed == seed)
            return &results->run[i];
    return NULL;
}

static double *cost_at(const gradus_profiles *p, size_t tolerance, size_t instance,
                       size_t axis, size_t method) {
    return &p->cost[((tolerance * p->instances + instance) * GRADUS_AXES + axis) *
                        p->results->methods +
                    method];
}

double gradus_profiles_cost(const gradus_profiles *p, size_t tolerance, size_t instance,
                            size_t axis, size_t method) {
    return *cost_at(p, tolerance, instance, axis, method);
}

double gradus_profiles_ratio(const gradus_profiles *p, size_t tolerance, size_t instance,
                             size_t axis, size_t method) {
    double least = INFINITY,
           own = gradus_profiles_cost(p, tolerance, instance, axis, method);
    for (size_t m = 0; m < p->results->methods; m++)
        least = fmin(least, gradus_profiles_cost(p, tolerance, instance, axis, m));
    if (!isfinite(own))
        return INFINITY;
    return own <= least ? 1 : own / least; /* 0 is the least of all */
}

/* Start and reference of a problem; false when runs are missing.  */
static bool survey(const gradus_results *results, gradus_instance *instance) {
    double lowest = INFINITY, minimum = gradus_results_minimum(results, instance->variant);
    instance->start = NAN;
    for (size_t m = 0; m < results->methods; m++) {
        const gradus_result *run = run_of(results, instance->variant, m, instance->seed);
        if (!run)
            return false;
        const double *value = run->trace.column[GRADUS_COLUMN_VALUE];
        if (isnan(instance->start))
            instance->start = value[0];
        for (size_t i = 0; i < run->trace.rows; i++)
            lowest = fmin(lowest, value[i]);
    }
    instance->reference = isnan(minimum) ? lowest : minimum;
    instance->below = lowest < minimum;
    return isfinite(instance->start) && isfinite(instance->reference);
}

static double target_of(const gradus_profiles *p, size_t tolerance,
                        const gradus_instance *instance) {
    return instance->reference +
           p->tolerance[tolerance] * (instance->start - instance->reference);
}

static void measure(gradus_profiles *p, size_t tolerance, size_t instance) {
    const gradus_instance *one = &p->instance[instance];
    double target = target_of(p, tolerance, one);
    for (size_t m = 0; m < p->results->methods; m++) {
        const gradus_result *run = run_of(p->results, one->variant, m, one->seed);
        for (size_t a = 0; a < GRADUS_AXES; a++) {
            double cost = gradus_trace_reached(&run->trace, target, gradus_axes[a]);
            *cost_at(p, tolerance, instance, a, m) = isnan(cost) ? INFINITY : cost;
        }
    }
}

static void find_instances(gradus_profiles *p) {
    const json_t *seeds = json_object_get(p->results->manifest, "seeds");
    for (size_t v = 0; v < p->results->variants; v++)
        for (size_t s = 0; s < p->results->seeds; s++) {
            gradus_instance *one = &p->instance[p->instances];
            *one = (gradus_instance){.variant = v,
                                     .seed = json_integer_value(json_array_get(seeds, s))};
            if (survey(p->results, one))
                p->instances++;
            else
                p->left_out++;
        }
}

gradus_err gradus_profiles_open(gradus_profiles *p, const gradus_results *results,
                                gradus_error *why) {
    const json_t *list = json_object_get(results->manifest, "profiles");
    *p = (gradus_profiles){.results = results, .tolerances = json_array_size(list)};
    if (p->tolerances == 0)
        return GRADUS_OK;
    size_t most = results->variants * results->seeds;
    p->tolerance = GRADUS_NEW(p->tolerances, double);
    p->instance = GRADUS_NEW(most, gradus_instance);
    p->cost = GRADUS_NEW(p->tolerances * most * GRADUS_AXES * results->methods, double);
    if (!p->tolerance || !p->instance || !p->cost) {
        gradus_profiles_close(p);
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for the profiles");
    }
    for (size_t t = 0; t < p->tolerances; t++)
        p->tolerance[t] = json_number_value(json_array_get(list, t));
    find_instances(p);
    for (size_t t = 0; t < p->tolerances; t++)
        for (size_t i = 0; i < p->instances; i++)
            measure(p, t, i);
    return GRADUS_OK;
}

void gradus_profiles_close(gradus_profiles *p) {
    gradus_free(p->tolerance);
    gradus_free(p->instance);
    gradus_free(p->cost);
    *p = (gradus_profiles){0};
}

static void print_line(FILE *file, const gradus_profiles *p, size_t tolerance,
                       size_t instance, size_t method) {
    const gradus_instance *one = &p->instance[instance];
    fprintf(file, "%.17g,", p->tolerance[tolerance]);
    if (p->results->varied) {
        fputc('"', file);
        for (const char *c = p->results->value[one->variant]; *c; c++)
            fprintf(file, *c == '"' ? "\"%c" : "%c", *c);
        fputc('"', file);
    }
    fprintf(file, ",%lld,%.17g,%.17g,%.17g,%s", (long long)one->seed, one->start,
            one->reference, target_of(p, tolerance, one), p->results->labels[method]);
    for (size_t a = 0; a < GRADUS_AXES; a++)
        fprintf(file, ",%.17g", gradus_profiles_cost(p, tolerance, instance, a, method));
    for (size_t a = 0; a < GRADUS_AXES; a++)
        fprintf(file, ",%.17g", gradus_profiles_ratio(p, tolerance, instance, a, method));
    fputc('\n', file);
}

gradus_err gradus_profiles_write(const gradus_profiles *p, const char *folder,
                                 gradus_error *why) {
    if (p->tolerances == 0)
        return GRADUS_OK;
    gradus_output out;
    char *path = gradus_folder_path(folder, "profiles.csv");
    gradus_err err = path ? gradus_output_open(&out, path, why)
                          : gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", folder);
    gradus_free(path);
    if (err)
        return err;
    fputs("tolerance,varied,seed,start,reference,target,label,updates,passes,cpu_seconds,"
          "updates_ratio,passes_ratio,cpu_seconds_ratio\n",
          out.file);
    for (size_t t = 0; t < p->tolerances; t++)
        for (size_t i = 0; i < p->instances; i++)
            for (size_t m = 0; m < p->results->methods; m++)
                print_line(out.file, p, t, i, m);
    return gradus_output_commit(&out, why);
}
