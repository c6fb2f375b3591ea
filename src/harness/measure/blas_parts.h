/* What the parts of blas_check.h share.  */

#ifndef GRADUS_HARNESS_MEASURE_BLAS_PARTS_H
#define GRADUS_HARNESS_MEASURE_BLAS_PARTS_H

#include "harness/measure/blas_check.h"

#include <float.h>

typedef struct gradus_blas_examination {
    const gradus_blas_callers *callers;
    gradus_blas_report *report;
    bool quick;
    size_t largest;     /* side of a matrix */
    const double *pool; /* random numbers in [-1, 1), largest + 3 squared and more */
    double *matrix[3];  /* of as many */
    double *vector[3];  /* of LARGEST */
    void *workspace;    /* for the factors */
} gradus_blas_examination;

/* Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002, section 3.1: the
   relative error of N roundings one after the other.  */
static inline double gradus_gamma(size_t n) {
    double nu = (double)n * (DBL_EPSILON / 2);
    return nu / (1.0 - nu);
}

/* A result that is off by ERROR where rounding allows BOUND; what is not a number is the
   worst.  SHAPE as in printf, with up to three sizes.  */
typedef struct gradus_blas_place {
    gradus_blas_function function;
    const char *format;
    size_t m, n, k;
} gradus_blas_place;
void gradus_blas_note(gradus_blas_examination *e, const gradus_blas_place *place,
                      double error, double bound);

/* Side I of those that are tried, 0 past the last.  */
size_t gradus_blas_side(const gradus_blas_examination *e, size_t i);

void gradus_blas_examine_products(gradus_blas_examination *e);
void gradus_blas_examine_factors(gradus_blas_examination *e);

#endif
