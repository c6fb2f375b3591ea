/* The options of a run, and what they take of a method and a problem.  */

#include "core/batches.h"
#include "core/coordinates.h"
#include "core/method.h"
#include "core/problem.h"
#include "core/registry.h"
#include "core/run.h"

#include <math.h>

#define NOT_SET     .minimum = 0, .maximum = INFINITY, .unset = "none"
#define COUNT(word) .minimum = 1, .maximum = 9007199254740992.0, .unset = word
const gradus_param gradus_run_params[] = {
    {GRADUS_FIELD(gradus_run_values, batch), COUNT("full"),
     .help = "Examples of an update; `full` is all of them."},
    {GRADUS_FIELD(gradus_run_values, sampling), .initial = GRADUS_SHUFFLED,
     .choices = "shuffled|iid",
     .help = "How mini-batches are drawn: `shuffled` epochs, the last batch of an epoch "
             "being what is left of it, or every example independently, with replacement "
             "(`iid`)."},
    {GRADUS_FIELD(gradus_run_values, seed), .initial = 1, .minimum = 0,
     .maximum = 9007199254740992.0,
     .help = "Seed of every random stream: start, shuffling, samples."},
    {GRADUS_FIELD(gradus_run_values, updates), .minimum = 0, .maximum = 9007199254740992.0,
     .unset = "none", .help = "Budget: accepted updates."},
    {GRADUS_FIELD(gradus_run_values, passes), NOT_SET,
     .help = "Budget: passes over the data; the last update may overshoot."},
    {GRADUS_FIELD(gradus_run_values, evaluations), COUNT("none"),
     .help = "Budget: calls for a value or a gradient."},
    {GRADUS_FIELD(gradus_run_values, cpu_seconds), NOT_SET, .flags = GRADUS_OPEN_MINIMUM,
     .help = "Budget: process CPU time of set-up and updates, all threads together."},
    {GRADUS_FIELD(gradus_run_values, wall_seconds), NOT_SET, .flags = GRADUS_OPEN_MINIMUM,
     .help = "Budget: wall time of set-up and updates."},
    {GRADUS_FIELD(gradus_run_values, target), .minimum = -INFINITY, .maximum = INFINITY,
     .unset = "none", .help = "Stop when the training value is at most this."},
    {GRADUS_FIELD(gradus_run_values, gradient_tolerance), .minimum = 0, .maximum = INFINITY,
     .unset = "auto",
     .help =
         "Stop when the Euclidean norm of the gradient over all data is at most this; 0 is "
         "off; `auto` is 1e-6 in full batch and off otherwise."},
    {GRADUS_FIELD(gradus_run_values, value_tolerance), NOT_SET,
     .help = "Stop when the training value changes by at most this, relative to itself."},
    {GRADUS_FIELD(gradus_run_values, step_tolerance), NOT_SET,
     .help = "Stop when a step is at most this long, relative to the parameters."},
    {GRADUS_FIELD(gradus_run_values, measure_every), COUNT("auto"),
     .help = "Updates between rows of the trace; `auto` is 1 in full batch and an epoch "
             "otherwise."},
    {GRADUS_FIELD(gradus_run_values, measure_examples), COUNT("all"),
     .help = "Rows of the trace are over the first so many training examples; the last row "
             "and the summary are over all."},
    {GRADUS_FIELD(gradus_run_values, measure_test_examples), COUNT("all"),
     .help = "Rows of the trace are over the first so many test examples, and validation "
             "examples; the last row and the summary are over all."},
    {GRADUS_FIELD(gradus_run_values, coordinates), .choices = gradus_coordinates_choices,
     .help =
         "Coordinates that the method runs in: the problem's own, or those in which the "
         "inputs of every layer are white, as in prong (zca form).  What is measured, "
         "traced and saved is canonical."},
    {GRADUS_FIELD(gradus_run_values, whitening_samples), .initial = 1000, .minimum = 1,
     .maximum = 9007199254740992.0, .flags = GRADUS_LOG,
     .help = "Training examples that coordinates=whitened are found from; at most all."},
    {GRADUS_FIELD(gradus_run_values, whitening_epsilon), .initial = 0.1, .minimum = 0,
     .maximum = INFINITY, .flags = GRADUS_LOG,
     .help = "Added to the eigenvalues of the covariance by coordinates=whitened.  With 0, "
             "inputs that depend on each other end the run."},
    {GRADUS_FIELD(gradus_run_values, whitening_interval), COUNT("none"),
     .flags = GRADUS_LOG,
     .help = "Updates between refreshes of coordinates=whitened; `none` keeps those of the "
             "start.  In new coordinates a velocity (of sgd and nesterov, form=classical, "
             "and natural_gradient) is the same displacement; every other method begins "
             "anew."},
    {GRADUS_FIELD(gradus_run_values, probe), .choices = "no|yes",
     .help = "Whether the Hessian at the start is tested for symmetry, by two products or, "
             "where there are none, by the dense matrix; billed."},
    {0}};
const size_t gradus_run_params_size = sizeof(gradus_run_values);

/* ---- Relations ---- */

static bool is_given(const gradus_settings *settings, const char *key) {
    return gradus_settings_is_given(settings, gradus_param_find(settings->table, key));
}

/* An option of coordinates that the run does not have would be ignored.  */
gradus_err gradus_run_check(const gradus_settings *settings, gradus_error *why) {
    const gradus_run_values *values = settings->values;
    static const char *const keys[] = {"whitening_samples", "whitening_epsilon",
                                       "whitening_interval"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (is_given(settings, keys[i]) && !gradus_coordinates_types[values->coordinates])
            return gradus_fail(why, GRADUS_EINPUT,
                               "%s: %s is given, which needs coordinates=whitened",
                               settings->owner, keys[i]);
    return GRADUS_OK;
}

static gradus_err check_batch(const gradus_problem *problem,
                              const gradus_settings *settings, gradus_error *why) {
    const gradus_run_values *values = settings->values;
    size_t examples = problem->examples;
    bool given = gradus_integer_given(values->batch);
    if (given && (size_t)values->batch > examples)
        return gradus_fail(
            why, GRADUS_EINPUT,
            "%s: batch=%ld: expected at most %zu, the training examples of %s",
            settings->owner, values->batch, examples, problem->type->name);
    if (values->sampling == GRADUS_IID && !(given && (size_t)values->batch < examples))
        return gradus_fail(why, GRADUS_EINPUT,
                           "%s: sampling=iid needs a batch of fewer than all %zu training "
                           "examples of %s",
                           settings->owner, examples, problem->type->name);
    return GRADUS_OK;
}

gradus_err gradus_run_fits(const gradus_method *method, const gradus_problem *problem,
                           const gradus_settings *settings, gradus_error *why) {
    const gradus_run_values *values = settings->values;
    const gradus_coordinates_type *type = gradus_coordinates_types[values->coordinates];
    gradus_err err = gradus_run_check(settings, why);
    if (!err)
        err = gradus_method_fits(method, problem, why);
    if (!err)
        err = check_batch(problem, settings, why);
    if (!err && values->probe &&
        !(gradus_problem_abilities(problem) & (GRADUS_CAN_PRODUCT | GRADUS_CAN_HESSIAN)))
        err = gradus_fail(why, GRADUS_EUNSUPPORTED,
                          "%s: probe=yes needs Hessian-vector products or a dense Hessian, "
                          "which %s does not have",
                          settings->owner, problem->type->name);
    return !err && type ? gradus_coordinates_fit(type, method, problem, why) : err;
}
