/* The weights that a network starts from.  */

#ifndef GRADUS_PROBLEMS_NETWORK_INITIALIZATION_H
#define GRADUS_PROBLEMS_NETWORK_INITIALIZATION_H

#include "gradus.h"

#define GRADUS_INITIALIZATION_CHOICES "xavier|he|glorot|gaussian|sparse|zero"

/* The weights of a layer, outputs x inputs.  */
void gradus_initialize(long kind, double scale, size_t inputs, size_t outputs,
                       gradus_stream *stream, double weights[]);

#endif
