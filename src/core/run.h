/* What the harness may ask a run beyond the public interface.  */

#ifndef GRADUS_CORE_RUN_H
#define GRADUS_CORE_RUN_H

#include "base/inventory.h"
#include "core/settings.h"
#include "gradus.h"

/* The values of gradus_run_params.  */
typedef struct gradus_run_values {
    long batch, sampling, seed;
    long updates;
    double passes;
    long evaluations;
    double cpu_seconds, wall_seconds;
    double target, gradient_tolerance, value_tolerance, step_tolerance;
    long measure_every, measure_examples, measure_test_examples;
    long coordinates, whitening_samples;
    double whitening_epsilon;
    long whitening_interval;
    long probe;
} gradus_run_values;

extern const size_t gradus_run_params_size;

/* Relations between options.  */
gradus_err gradus_run_check(const gradus_settings *settings, gradus_error *why);
/* Refuses a method, a problem and options of a run that do not go together, with a
   sentence.  */
gradus_err gradus_run_fits(const gradus_method *method, const gradus_problem *problem,
                           const gradus_settings *settings, gradus_error *why);

/* Takes the parsed settings over, also on failure.  */
gradus_err gradus_run_open_settings(gradus_run **out, gradus_problem *problem,
                                    const gradus_method *method, const double start[],
                                    gradus_settings *settings, gradus_error *why);
/* The run of a method that was refused, in the words of DETAIL: open, and stopped.  Takes the
   settings over likewise.  */
gradus_err gradus_run_open_refused(gradus_run **out, gradus_problem *problem,
                                   const gradus_method *method, const double start[],
                                   gradus_settings *settings, const char *detail,
                                   gradus_error *why);
const gradus_settings *gradus_run_settings(const gradus_run *run);
const gradus_problem *gradus_run_problem(const gradus_run *run);
const gradus_method *gradus_run_method(const gradus_run *run);
/* The parameters before the last update; NULL when there was none.  */
const double *gradus_run_before(const gradus_run *run);
/* The examples of the last update, once there was one.  */
gradus_batch gradus_run_batch(const gradus_run *run);
/* What the last look over all data said: NaN before there was one.  In full batch
   gradus_run_test looks at every point; the gradient, borrowed until the next evaluation, is
   then of that point.  */
double gradus_run_value(const gradus_run *run);
double gradus_run_gradient_norm(const gradus_run *run);
const double *gradus_run_gradient(const gradus_run *run); /* NULL in mini-batch */
/* What the problem, which reconstructs, makes of its first COUNT examples here, measured as
   test data are.  */
gradus_err gradus_run_reconstruct(const gradus_run *run, size_t count, double inputs[],
                                  double outputs[]);
/* Fills in all of ROW but what is measured.  */
void gradus_run_costs(const gradus_run *run, gradus_row *row);
/* Whether an interrupt ended it in the middle of an update: it is where that began, but
   cannot be saved.  */
bool gradus_run_abandoned(const gradus_run *run);
/* Memory that the method asked for; updates take no more.  */
size_t gradus_run_method_bytes(const gradus_run *run);
size_t gradus_run_threads(const gradus_run *run);

/* What a run that was opened in the same way needs to go on in place of this one, between
   updates; why it stopped is not among it.  */
void gradus_run_list(gradus_run *run, gradus_inventory *inventory);

#endif
