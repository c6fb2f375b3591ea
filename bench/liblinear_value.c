/* The value of Gradus's objective at the weights of a LIBLINEAR model: SPEC MODEL, where SPEC
   is a logistic problem without a bias.  */

#include "base/memory.h"
#include "core/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Weights beyond the model's stay 0.  The model's are for the label it names first.  */
static bool read_model(const char *path, size_t n, double x[]) {
    char line[256];
    double labels[2] = {0.0};
    FILE *file = fopen(path, "r");
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        sscanf(line, "label %lf %lf", &labels[0], &labels[1]);
        found = strcmp(line, "w\n") == 0;
    }
    for (size_t i = 0; found && i < n && fscanf(file, "%lf", &x[i]) == 1; i++)
        x[i] *= labels[0] > labels[1] ? 1.0 : -1.0;
    if (file)
        fclose(file);
    return found;
}

int main(int argc, char **argv) {
    gradus_problem *problem = NULL;
    gradus_error why = {.text = "expected SPEC MODEL"};
    double value;
    if (argc != 3 || gradus_problem_create(&problem, argv[1], 1, &why)) {
        fprintf(stderr, "liblinear_value: %s\n", why.text);
        return EXIT_FAILURE;
    }
    double *x = GRADUS_NEW(problem->dimension, double);
    gradus_batch all = {.count = problem->examples};
    bool ok = x && read_model(argv[2], problem->dimension, x) &&
              !problem->type->evaluate(problem->self, &all, x, &value, NULL);
    if (ok)
        printf("value %.17g examples %zu\n", value, problem->examples);
    gradus_free(x);
    gradus_problem_close(problem);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
