/* What an autoencoder makes of a few examples, as data for a figure.  */

#ifndef GRADUS_HARNESS_RECONSTRUCTIONS_H
#define GRADUS_HARNESS_RECONSTRUCTIONS_H

#include "core/problem.h"

/* Refuses a problem that does not reconstruct, or that has no COUNT examples.  */
gradus_err gradus_reconstructions_check(const gradus_problem *problem, size_t count,
                                        gradus_error *why);

/* Writes the lines "example,feature,input,output", numbered from 1, of COUNT examples at X:
   of the test data, or of the training data where there are fewer.  */
gradus_err gradus_reconstructions_write(const char *path, gradus_problem *problem,
                                        size_t count, const double x[], gradus_error *why);

#endif
