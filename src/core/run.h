/* What the harness may ask a run beyond the public interface.  */

#ifndef GRADUS_CORE_RUN_H
#define GRADUS_CORE_RUN_H

#include "core/inventory.h"
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
    long measure_every, measure_examples;
    long coordinates, whitening_samples;
    double whitening_epsilon;
    long whitening_interval;
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
const gradus_settings *gradus_run_settings(const gradus_run *run);
const gradus_problem *gradus_run_problem(const gradus_run *run);
const gradus_method *gradus_run_method(const gradus_run *run);
/* The parameters before the last update; NULL when there was none.  */
const double *gradus_run_before(const gradus_run *run);
size_t gradus_run_threads(const gradus_run *run);

/* What a run that was opened in the same way needs to go on in place of this one, between
   updates; why it stopped is not among it.  */
void gradus_run_list(gradus_run *run, gradus_inventory *inventory);

#endif
