/* Whether the bound BLAS and LAPACK compute what they should: some builds of OpenBLAS give
   wrong results on some processors.

   Every function of theirs that Gradus calls is called as Gradus calls it, over shapes that
   reach each kernel: every small side, those around multiples of a kernel's tile, and those
   that cross a blocking.  What comes back is compared with plain sums in long double and with
   the identities of factors; errors are counted in units of what rounding allows.  */

#ifndef GRADUS_HARNESS_MEASURE_BLAS_CHECK_H
#define GRADUS_HARNESS_MEASURE_BLAS_CHECK_H

#include "gradus.h"
#include "linalg/cholesky.h"
#include "linalg/eigen.h"
#include "linalg/tile.h"

#include <jansson.h>

typedef enum gradus_blas_function {
    GRADUS_BLAS_DGEMM,
    GRADUS_BLAS_DDOT,
    GRADUS_BLAS_DSYMV,
    GRADUS_BLAS_DSYR2,
    GRADUS_BLAS_DPOTRF,
    GRADUS_BLAS_DPOTRS,
    GRADUS_BLAS_DPOTRI,
    GRADUS_BLAS_DSYTRF, /* with dsycon and dsytrs */
    GRADUS_BLAS_DSYEVD,
    GRADUS_BLAS_DSYEVD_VALUES, /* without vectors */
    GRADUS_BLAS_DSTERF,
    GRADUS_BLAS_FUNCTIONS
} gradus_blas_function;

/* Gradus's callers of them.  */
typedef struct gradus_blas_callers {
    gradus_tile_kernel *product;
    double (*dot)(size_t n, const double x[], const double y[]);
    void (*symmetric_product)(size_t n, const double S[], const double v[], double out[]);
    void (*symmetric_update)(size_t n, const double a[], const double b[], double S[]);
    gradus_factor_result (*cholesky)(size_t n, double S[]);
    void (*cholesky_solve)(size_t n, const double L[], double b[]);
    gradus_factor_result (*cholesky_invert)(size_t n, double S[]);
    gradus_factor_result (*symmetric_solve)(size_t n, double S[], double b[], void *space);
    gradus_eigen_result (*eigen)(size_t n, double S[], double values[], void *space);
    gradus_eigen_result (*eigenvalues)(size_t n, double S[], double values[], void *space);
    bool (*tridiagonal)(size_t n, double diagonal[], double beside[]);
} gradus_blas_callers;

/* Those of the bound libraries.  */
gradus_blas_callers gradus_blas_bound(void);

typedef struct gradus_blas_row {
    const char *name;
    size_t cases;
    double worst;   /* error in units of its bound; infinite: not a number */
    char shape[80]; /* where that was */
} gradus_blas_row;

typedef struct gradus_blas_report {
    gradus_blas_row rows[GRADUS_BLAS_FUNCTIONS];
} gradus_blas_report;

/* QUICK: in some hundredths of a second, the sizes that are met most.  Fails for a lack of
   memory alone.  */
gradus_err gradus_blas_examine(gradus_blas_report *out, const gradus_blas_callers *callers,
                               bool quick, gradus_error *why);

/* Whether the errors of a function are within what rounding allows.  */
bool gradus_blas_right(const gradus_blas_row *row);

/* GRADUS_OK when all are right; else GRADUS_EIO with a sentence that names the function, the
   shape and what to do.  */
gradus_err gradus_blas_judge(const gradus_blas_report *report, gradus_error *why);

/* For the record: {core, cases, worst, function, shape}, the latter three of the largest error;
   NULL: no memory.  */
json_t *gradus_blas_record(const gradus_blas_report *report);

#endif
