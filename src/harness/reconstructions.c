/* Reconstructions as comma-separated values.  */

#include "harness/reconstructions.h"

#include "core/memory.h"
#include "harness/output.h"

gradus_err gradus_reconstructions_check(const gradus_problem *problem, size_t count,
                                        gradus_error *why) {
    if (!problem->type->reconstruct)
        return gradus_fail(why, GRADUS_EINPUT,
                           "reconstructions: %s does not reconstruct its inputs",
                           problem->type->name);
    if (count > problem->examples)
        return gradus_fail(why, GRADUS_EINPUT,
                           "reconstructions: expected at most %zu, the training examples "
                           "of %s, not %zu",
                           problem->examples, problem->type->name, count);
    return GRADUS_OK;
}

static void print_all(FILE *file, size_t count, size_t width, const double inputs[],
                      const double outputs[]) {
    fputs("example,feature,input,output\n", file);
    for (size_t i = 0; i < count * width; i++)
        fprintf(file, "%zu,%zu,%.17g,%.17g\n", i / width + 1, i % width + 1, inputs[i],
                outputs[i]);
}

static gradus_err write_file(const char *path, size_t count, size_t width,
                             const double inputs[], const double outputs[],
                             gradus_error *why) {
    gradus_output output;
    gradus_err err = gradus_output_open(&output, path, why);
    if (err)
        return err;
    print_all(output.file, count, width, inputs, outputs);
    err = gradus_output_commit(&output, why);
    gradus_output_abandon(&output);
    return err;
}

gradus_err gradus_reconstructions_write(const char *path, gradus_problem *problem,
                                        size_t count, const double x[], gradus_error *why) {
    gradus_layer first;
    problem->type->layer(problem->self, 0, &first);
    double *inputs = GRADUS_NEW(count * first.inputs, double);
    double *outputs = GRADUS_NEW(count * first.inputs, double);
    gradus_err err = inputs && outputs ? problem->type->reconstruct(problem->self, count, x,
                                                                    inputs, outputs)
                                       : GRADUS_ENOMEM;
    if (err)
        gradus_fail(why, err, "%s: out of memory for reconstructions", path);
    else
        err = write_file(path, count, first.inputs, inputs, outputs, why);
    gradus_free(inputs);
    gradus_free(outputs);
    return err;
}
