/* Initial weights: normal, with standard deviation SCALE times

     xavier    1/sqrt(inputs): the variance of the sums is that of the inputs
     he        sqrt(2/inputs): the same behind units that cut off one half
     glorot    sqrt(2/(inputs + outputs)): between that and the same for what comes back
     gaussian  1
     sparse    1, but only 15 inputs of each unit, any 15 distinct ones; the others are 0
     zero      0

   Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
   networks", AISTATS 2010 (glorot; xavier is the form that forgets the way back); He, Zhang,
   Ren and Sun, "Delving deep into rectifiers", ICCV 2015; Martens, "Deep learning via
   Hessian-free optimization", ICML 2010 (sparse).  */

#include "problems/network/initialization.h"

#include <math.h>
#include <string.h>

enum { XAVIER, HE, GLOROT, GAUSSIAN, SPARSE, ZERO };
enum { CONNECTIONS = 15 }; /* Martens, section 5 */

static double deviation(long kind, size_t inputs, size_t outputs) {
    switch (kind) {
    case XAVIER:
        return 1.0 / sqrt((double)inputs);
    case HE:
        return sqrt(2.0 / (double)inputs);
    case GLOROT:
        return sqrt(2.0 / (double)(inputs + outputs));
    default:
        return 1.0;
    }
}

/* Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).  */
static void connect_some(double scale, size_t inputs, gradus_stream *stream,
                         double weights[]) {
    size_t wanted = inputs < CONNECTIONS ? inputs : CONNECTIONS;
    for (size_t i = 0; wanted > 0; i++)
        if (gradus_stream_below(stream, inputs - i) < wanted) {
            weights[i] = scale * gradus_stream_normal(stream);
            wanted--;
        }
}

void gradus_initialize(long kind, double scale, size_t inputs, size_t outputs,
                       gradus_stream *stream, double weights[]) {
    memset(weights, 0, outputs * inputs * sizeof *weights);
    if (kind == ZERO)
        return;
    if (kind == SPARSE) {
        for (size_t i = 0; i < outputs; i++)
            connect_some(scale, inputs, stream, weights + i * inputs);
        return;
    }
    scale *= deviation(kind, inputs, outputs);
    for (size_t i = 0; i < outputs * inputs; i++)
        weights[i] = scale * gradus_stream_normal(stream);
}
