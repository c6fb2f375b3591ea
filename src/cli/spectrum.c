/* gradus spectrum: how well conditioned a problem is, before and after whitening.  */

#include "base/memory.h"
#include "cli/command.h"
#include "cli/point.h"
#include "core/problem.h"
#include "harness/io/output.h"
#include "harness/measure/spectrum.h"

#include <math.h>
#include <stdio.h>

enum { NO, YES };

typedef struct {
    char *problem, *at;
    long matrix, whitened, layers, examples, largest_dense, lanczos_steps;
    long whitening_samples;
    double whitening_epsilon;
    long seed, threads;
    char *values;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, problem), .unset = "none",
     .help = "The problem, name:key=value,key=value."},
    {GRADUS_FIELD(params_t, at), .text = "default",
     .help = "The point: " GRADUS_POINT_HELP},
    {GRADUS_FIELD(params_t, matrix), .choices = "fisher|gauss-newton|hessian",
     .help =
         "Whose eigenvalues; the Gauss-Newton matrix is the Fisher matrix of every loss "
         "here, cross-entropies and squared errors."},
    {GRADUS_FIELD(params_t, whitened), .choices = "no|yes",
     .help = "Whether to show the same in whitened coordinates too."},
    {GRADUS_FIELD(params_t, layers), .choices = "no|yes",
     .help = "Whether to show the diagonal block of every layer too."},
    {GRADUS_FIELD(params_t, examples), .minimum = 1, .maximum = 9007199254740992.0,
     .unset = "all", .help = "Use the first training examples only, so many."},
    {GRADUS_FIELD(params_t, largest_dense), .initial = 2000, .minimum = 1, .maximum = 32766,
     .help = "Parameters up to which the matrix is made and decomposed as a whole; more "
             "are left to Lanczos."},
    {GRADUS_FIELD(params_t, lanczos_steps), .initial = 100, .minimum = 1, .maximum = 1e6,
     .help = "Products that Lanczos may use."},
    {GRADUS_FIELD(params_t, whitening_samples), .initial = 1000, .minimum = 1,
     .maximum = 9007199254740992.0,
     .help = "Training examples that the whitening is found from; at most all."},
    {GRADUS_FIELD(params_t, whitening_epsilon), .initial = 0.1, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "Added to the eigenvalues of the covariance of a layer's inputs."},
    {GRADUS_FIELD(params_t, seed), .initial = 1, .minimum = 0,
     .maximum = 9007199254740992.0,
     .help = "Seed of the start, of the sample, and of Lanczos's first direction."},
    {GRADUS_FIELD(params_t, threads), .initial = 1, .minimum = 1, .maximum = 1024,
     .help = "Threads; the results do not depend on it."},
    {GRADUS_FIELD(params_t, values), .unset = "none",
     .help = "A CSV file for all values found: coordinates, part, index, value."},
    {0}};

typedef struct {
    const params_t *p;
    gradus_output output; /* open when p->values is given */
    bool begun;           /* the table has its head */
} show_t;

/* Before the first line, which may be refused.  */
static void print_head(show_t *show) {
    if (show->begun)
        return;
    show->begun = true;
    printf("%-11s %-8s %9s %-12s %9s %12s %12s %12s\n", "coordinates", "part", "dimension",
           "values", "rank", "smallest", "largest", "condition");
}

static gradus_err show_part(show_t *show, gradus_spectrum *spectrum, bool whitened,
                            long layer, gradus_error *why) {
    const char *coordinates = whitened ? "whitened" : "canonical";
    gradus_spectrum_part e;
    char part[32] = "whole", how[32] = "all", rank[32] = "";
    gradus_err err = gradus_spectrum_of(spectrum, whitened, layer, &e, why);
    if (err)
        return err;
    if (layer != GRADUS_SPECTRUM_WHOLE)
        snprintf(part, sizeof part, "layer-%ld", layer);
    if (e.all)
        snprintf(rank, sizeof rank, "%zu", e.rank);
    else
        snprintf(how, sizeof how, "lanczos-%zu", e.count);
    print_head(show);
    printf("%-11s %-8s %9zu %-12s %9s %12.6g %12.6g %12.6g\n", coordinates, part,
           e.dimension, how, rank, e.values[0], e.values[e.count - 1], e.condition);
    for (size_t i = 0; show->p->values && i < e.count; i++)
        fprintf(show->output.file, "%s,%s,%zu,%.17g\n", coordinates, part, i, e.values[i]);
    return GRADUS_OK;
}

static gradus_err show_all(show_t *show, gradus_problem *problem, const double x[],
                           gradus_error *why) {
    const params_t *p = show->p;
    const gradus_spectrum_request request = {
        .matrix = (gradus_curvature)p->matrix,
        .whitened = p->whitened == YES,
        .whitening_samples = (size_t)p->whitening_samples,
        .whitening_epsilon = p->whitening_epsilon,
        .examples = gradus_integer_given(p->examples) ? (size_t)p->examples : 0,
        .steps = (size_t)p->lanczos_steps,
        .largest_dense = (size_t)p->largest_dense,
        .seed = (uint64_t)p->seed};
    const gradus_problem_type *type = gradus_problem_get_type(problem);
    long layers = p->layers == YES ? (long)type->layers(problem->self) : 0;
    gradus_spectrum *spectrum;
    gradus_err err = gradus_spectrum_open(&spectrum, problem, &request, x, why);
    for (int whitened = false; whitened <= request.whitened; whitened++)
        for (long i = GRADUS_SPECTRUM_WHOLE; !err && i < layers; i++)
            err = show_part(show, spectrum, whitened, i, why);
    gradus_spectrum_close(spectrum);
    return err;
}

static gradus_err show(show_t *show, gradus_problem *problem, const double x[],
                       gradus_error *why) {
    const params_t *p = show->p;
    bool view = gradus_problem_abilities(problem) & GRADUS_CAN_LAYERS;
    if (!view && (p->layers == YES || p->whitened == YES))
        return gradus_fail(why, GRADUS_EUNSUPPORTED, "--%s: %s has no layers",
                           p->layers == YES ? "layers" : "whitened", problem->type->name);
    if (p->values) {
        gradus_err err = gradus_output_open(&show->output, p->values, why);
        if (err)
            return err;
        fputs("coordinates,part,index,value\n", show->output.file);
    }
    gradus_err err = show_all(show, problem, x, why);
    if (!err && p->values)
        err = gradus_output_commit(&show->output, why);
    if (err && p->values)
        gradus_output_abandon(&show->output);
    return err;
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    show_t all = {.p = call->own.values};
    gradus_problem *problem = NULL;
    double *x = NULL;
    (void)status;
    gradus_err err =
        gradus_problem_create(&problem, all.p->problem, (size_t)all.p->threads, why);
    if (!err)
        err = gradus_point_read(&x, all.p->at, problem, (uint64_t)all.p->seed, why);
    if (!err)
        err = show(&all, problem, x, why);
    gradus_free(x);
    gradus_problem_close(problem);
    return err;
}

const gradus_command gradus_command_spectrum = {
    .name = "spectrum",
    .brief = "Print extreme eigenvalues and condition of the Fisher, Gauss-Newton or "
             "Hessian matrix, before and after whitening",
    .notes =
        "A line a part: all parameters, and with --layers the diagonal block of every "
        "layer.  `rank` counts the eigenvalues that stand out of rounding; the condition "
        "is "
        "the largest of them over the smallest.  Of a part too large to decompose, Lanczos "
        "finds the largest value, and an upper bound of the smallest: its condition is a "
        "lower bound.",
    .params = params,
    .params_size = sizeof(params_t),
    .required = 1,
    .act = act,
};
