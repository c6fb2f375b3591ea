/* Reconstructions as comma-separated values.  */

#include "harness/measure/reconstructions.h"

#include "base/memory.h"
#include "harness/io/output.h"
#include "harness/io/text_file.h"

#include <stdlib.h>
#include <string.h>

static const char header[] = "example,feature,input,output\n";

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
    fputs(header, file);
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

/* Of RUN, or of PROBLEM at X when that is NULL.  */
static gradus_err make(const char *path, const gradus_problem *problem, size_t count,
                       const double x[], const gradus_run *run, gradus_error *why) {
    gradus_layer first;
    problem->type->layer(problem->self, 0, &first);
    double *inputs = GRADUS_NEW(count * first.inputs, double);
    double *outputs = GRADUS_NEW(count * first.inputs, double);
    gradus_err err = inputs && outputs ? GRADUS_OK : GRADUS_ENOMEM;
    if (!err)
        err = run ? gradus_run_reconstruct(run, count, inputs, outputs)
                  : problem->type->reconstruct(problem->self, count, x, inputs, outputs);
    if (err)
        gradus_fail(why, err, "%s: out of memory for reconstructions", path);
    else
        err = write_file(path, count, first.inputs, inputs, outputs, why);
    gradus_free(inputs);
    gradus_free(outputs);
    return err;
}

gradus_err gradus_reconstructions_write(const char *path, const gradus_problem *problem,
                                        size_t count, const double x[], gradus_error *why) {
    return make(path, problem, count, x, NULL, why);
}

gradus_err gradus_reconstructions_keep(const char *path, const gradus_run *run,
                                       size_t count, gradus_error *why) {
    return make(path, gradus_run_problem(run), count, NULL, run, why);
}

/* ---- Read ---- */

static gradus_err refuse(const char *path, size_t line, gradus_error *why) {
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s:%zu: expected example, feature, input and output, counted from "
                       "1",
                       path, line);
}

/* Numbers up to the end of the line, with commas between them.  */
static bool read_numbers(char **at, double number[4]) {
    for (size_t i = 0; i < 4; i++) {
        char *end;
        number[i] = strtod(*at, &end);
        if (end == *at || *end != (i < 3 ? ',' : '\n'))
            return false;
        *at = end + 1;
    }
    return true;
}

/* In the order of print_all; the last line says how many there are.  */
static gradus_err read_lines(gradus_reconstructions *out, const char *path, char *at,
                             gradus_error *why) {
    double number[4];
    for (size_t line = 2; *at; line++) {
        size_t i = line - 2;
        if (!read_numbers(&at, number) || !(number[0] >= 1.0 && number[1] >= 1.0))
            return refuse(path, line, why);
        size_t feature = (size_t)number[1];
        out->examples = (size_t)number[0];
        out->features = feature > out->features ? feature : out->features;
        if ((out->examples - 1) * out->features + feature - 1 != i)
            return refuse(path, line, why);
        out->inputs[i] = number[2];
        out->outputs[i] = number[3];
    }
    return GRADUS_OK;
}

gradus_err gradus_reconstructions_read(gradus_reconstructions *out, const char *path,
                                       gradus_error *why) {
    char *text = NULL;
    size_t size, lines = 0;
    *out = (gradus_reconstructions){0};
    gradus_err err = gradus_text_file_read(path, &text, &size, why);
    if (err)
        return err;
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    out->inputs = GRADUS_NEW(lines, double);
    out->outputs = GRADUS_NEW(lines, double);
    if (!out->inputs || !out->outputs)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s: out of memory", path);
    else if (strncmp(text, header, sizeof header - 1) != 0)
        err = refuse(path, 1, why);
    else
        err = read_lines(out, path, text + sizeof header - 1, why);
    if (!err && out->examples == 0)
        err = refuse(path, 2, why);
    gradus_free(text);
    if (err)
        gradus_reconstructions_close(out);
    return err;
}

void gradus_reconstructions_close(gradus_reconstructions *reconstructions) {
    gradus_free(reconstructions->inputs);
    gradus_free(reconstructions->outputs);
    *reconstructions = (gradus_reconstructions){0};
}
