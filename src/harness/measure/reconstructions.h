/* What an autoencoder makes of a few examples, as data for a figure.  */

#ifndef GRADUS_HARNESS_MEASURE_RECONSTRUCTIONS_H
#define GRADUS_HARNESS_MEASURE_RECONSTRUCTIONS_H

#include "core/problem.h"
#include "core/run.h"

/* Refuses a problem that does not reconstruct, or that has no COUNT examples.  */
gradus_err gradus_reconstructions_check(const gradus_problem *problem, size_t count,
                                        gradus_error *why);

/* Writes the lines "example,feature,input,output", numbered from 1, of COUNT examples at X:
   of the test data, or of the training data where there are fewer.  */
gradus_err gradus_reconstructions_write(const char *path, const gradus_problem *problem,
                                        size_t count, const double x[], gradus_error *why);
/* The same at the last point of RUN, whose problem reconstructs.  */
gradus_err gradus_reconstructions_keep(const char *path, const gradus_run *run,
                                       size_t count, gradus_error *why);

/* What such a file holds.  */
typedef struct gradus_reconstructions {
    size_t examples, features;
    double *inputs, *outputs; /* examples x features */
} gradus_reconstructions;
/* GRADUS_EINPUT names file and line.  */
gradus_err gradus_reconstructions_read(gradus_reconstructions *out, const char *path,
                                       gradus_error *why);
void gradus_reconstructions_close(gradus_reconstructions *reconstructions);

#endif
