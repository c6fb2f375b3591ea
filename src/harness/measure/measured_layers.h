/* Measurements that look into the layers of a network: entries of the table in
   measurement.c.  */

#ifndef GRADUS_HARNESS_MEASURE_MEASURED_LAYERS_H
#define GRADUS_HARNESS_MEASURE_MEASURED_LAYERS_H

#include "gradus.h"
#include "harness/measure/measurement.h"

enum {
    GRADUS_MEASURED_EXAMPLES = 1000,  /* they look at the first so many */
    GRADUS_MEASURED_PARAMETERS = 2000 /* of a matrix that is decomposed */
};
/* Added to the eigenvalues by whitening: small beside the variance of an activation, so that
   it is the whitening that one sees.  */
#define GRADUS_MEASURED_EPSILON 1e-3

gradus_err gradus_measure_condition(const gradus_run *run, gradus_shared *shared,
                                    double out[]);
gradus_err gradus_measure_whitened_condition(const gradus_run *run, gradus_shared *shared,
                                             double out[]);
gradus_err gradus_measure_layer_condition(const gradus_run *run, gradus_shared *shared,
                                          double out[]);
gradus_err gradus_measure_whitened_layer_condition(const gradus_run *run,
                                                   gradus_shared *shared, double out[]);
gradus_err gradus_measure_input_variance(const gradus_run *run, gradus_shared *shared,
                                         double out[]);
gradus_err gradus_measure_signal_variance(const gradus_run *run, gradus_shared *shared,
                                          double out[]);
gradus_err gradus_measure_unit_distance(const gradus_run *run, gradus_shared *shared,
                                        double out[]);

#endif
