/* The eigenvalues of a problem's curvature at a point: of its Hessian, or of the Gauss-Newton
   matrix, which for a likelihood in the model's natural parameters is the Fisher matrix; of
   all parameters or of those of one layer, in the problem's coordinates or in whitened ones.
 */

#ifndef GRADUS_HARNESS_MEASURE_SPECTRUM_H
#define GRADUS_HARNESS_MEASURE_SPECTRUM_H

#include "gradus.h"

enum { GRADUS_SPECTRUM_WHOLE = -1 }; /* all parameters, in place of a layer's number */

typedef enum gradus_curvature {
    GRADUS_FISHER,
    GRADUS_GAUSS_NEWTON,
    GRADUS_HESSIAN
} gradus_curvature;

typedef struct gradus_spectrum_request {
    gradus_curvature matrix;
    bool whitened; /* it may be asked for in whitened coordinates too */
    size_t whitening_samples;
    double whitening_epsilon;
    size_t examples; /* the first of the training data; 0: all */
    size_t steps;    /* of Lanczos, for more than LARGEST_DENSE parameters */
    size_t largest_dense;
    uint64_t seed;
} gradus_spectrum_request;

typedef struct gradus_spectrum gradus_spectrum;

/* At X, canonical.  GRADUS_EUNSUPPORTED with a sentence when the problem does not have what it
   takes.  */
gradus_err gradus_spectrum_open(gradus_spectrum **out, const gradus_problem *problem,
                                const gradus_spectrum_request *request, const double x[],
                                gradus_error *why);
void gradus_spectrum_close(gradus_spectrum *spectrum);

/* What is known of one part.  */
typedef struct gradus_spectrum_part {
    size_t dimension; /* parameters of the part */
    bool all;         /* VALUES are all eigenvalues; else Ritz values of Lanczos */
    size_t count;
    double *values;   /* ascending; the spectrum's, until the next call */
    size_t rank;      /* values that stand out of rounding, in absolute value */
    double condition; /* largest over smallest of these; NaN when there are none */
} gradus_spectrum_part;

/* Of LAYER, or of the whole, in whitened coordinates or the problem's own.  Where the whole has
   at most LARGEST_DENSE parameters its matrix is kept, and all parts in the same coordinates
   take no more products than it.  */
gradus_err gradus_spectrum_of(gradus_spectrum *spectrum, bool whitened, long layer,
                              gradus_spectrum_part *out, gradus_error *why);

#endif
