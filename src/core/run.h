/* What the harness may ask a run beyond the public interface.  */

#ifndef GRADUS_CORE_RUN_H
#define GRADUS_CORE_RUN_H

#include "core/settings.h"
#include "gradus.h"

/* The values of gradus_run_params.  */
typedef struct gradus_run_values {
    long batch, seed;
    long updates;
    double passes;
    long evaluations;
    double cpu_seconds, wall_seconds;
    double target, gradient_tolerance, value_tolerance, step_tolerance;
    long measure_every, measure_examples;
} gradus_run_values;

extern const size_t gradus_run_params_size;

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

#endif
