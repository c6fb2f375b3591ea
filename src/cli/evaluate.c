/* gradus evaluate: the objective at saved parameters.  */

#include "base/memory.h"
#include "cli/command.h"
#include "cli/point.h"
#include "core/problem.h"
#include "harness/measure/reconstructions.h"
#include "linalg/vector.h"

#include <math.h>
#include <stdio.h>

typedef struct {
    char *problem, *at, *reconstructions;
    long reconstructed, threads;
} params_t;

static const gradus_param params[] = {
    {GRADUS_FIELD(params_t, problem), .unset = "none",
     .help = "The problem, name:key=value,key=value."},
    {GRADUS_FIELD(params_t, at), .unset = "none", .help = GRADUS_POINT_HELP},
    {GRADUS_FIELD(params_t, reconstructions), .unset = "none",
     .help = "A file for what an autoencoder makes of the first test examples, or training "
             "examples where there are none: CSV with the columns example, feature, input, "
             "output."},
    {GRADUS_FIELD(params_t, reconstructed), .initial = 10, .minimum = 1, .maximum = 1e6,
     .help = "How many examples that file holds."},
    {GRADUS_FIELD(params_t, threads), .initial = 1, .minimum = 1, .maximum = 1024,
     .help = "Threads; the results do not depend on it."},
    {0}};

static void print_number(const char *key, double value) {
    if (isnan(value))
        printf("%s nan\n", key);
    else
        printf("%s %.17g\n", key, value);
}

static gradus_err print_subset(gradus_problem *problem, gradus_subset subset,
                               const char *value_key, const char *accuracy_key,
                               const double x[]) {
    const gradus_problem_type *type = problem->type;
    gradus_metrics metrics;
    size_t count = type->measure ? type->subset_examples(problem->self, subset) : 0;
    if (count == 0)
        return GRADUS_OK;
    gradus_err err = type->measure(problem->self, subset, count, x, &metrics);
    if (err)
        return err;
    print_number(value_key, metrics.value);
    if (!isnan(metrics.accuracy)) /* there are no classes */
        print_number(accuracy_key, metrics.accuracy);
    return GRADUS_OK;
}

/* Nothing where the problem has no such bound.  */
static void print_bound(const gradus_problem *problem, double gradient_norm) {
    double bound = gradus_problem_gap_bound(problem, gradient_norm);
    if (!isnan(bound))
        print_number("gap_bound", bound);
}

static gradus_err print_all(gradus_problem *problem, const double x[], double gradient[]) {
    double value;
    gradus_err err = problem->type->evaluate(
        problem->self, &(gradus_batch){.count = problem->examples}, x, &value, gradient);
    if (err)
        return err;
    print_number("value", value);
    double norm = gradus_norm(problem->dimension, gradient, problem->threads);
    print_number("gradient_norm", norm);
    print_bound(problem, norm);
    err = print_subset(problem, GRADUS_TEST, "test_value", "test_accuracy", x);
    if (!err)
        err = print_subset(problem, GRADUS_VALIDATION, "validation_value",
                           "validation_accuracy", x);
    return err;
}

static gradus_err write_reconstructions(const params_t *p, gradus_problem *problem,
                                        const double x[], gradus_error *why) {
    size_t count = (size_t)p->reconstructed;
    gradus_err err = gradus_reconstructions_check(problem, count, why);
    return err ? err
               : gradus_reconstructions_write(p->reconstructions, problem, count, x, why);
}

static gradus_err act(gradus_call *call, gradus_exit *status, gradus_error *why) {
    const params_t *p = call->own.values;
    gradus_problem *problem = NULL;
    double *x = NULL, *gradient = NULL;
    (void)status;
    gradus_err err = gradus_problem_create(&problem, p->problem, (size_t)p->threads, why);
    if (!err)
        err = gradus_point_read(&x, p->at, problem, 1, why);
    if (!err && p->reconstructions)
        err = write_reconstructions(p, problem, x, why);
    if (!err) {
        gradient = GRADUS_NEW(gradus_problem_dimension(problem), double);
        err = gradient ? print_all(problem, x, gradient) : GRADUS_ENOMEM;
        if (err)
            gradus_fail(why, err, "%s: the evaluation failed", p->problem);
    }
    gradus_free(gradient);
    gradus_free(x);
    gradus_problem_close(problem);
    return err;
}

const gradus_command gradus_command_evaluate = {
    .name = "evaluate",
    .brief = "Print value, gradient norm and test metrics at saved parameters",
    .notes =
        "One `key value` a line, numbers with 17 digits. `gap_bound` is there where the "
        "problem is strongly convex: the value is at most so much above the minimum.",
    .params = params,
    .params_size = sizeof(params_t),
    .required = 2,
    .act = act,
};
