/* Dense symmetric matrices, row-major, of which the lower triangle counts.  */

#ifndef GRADUS_LINALG_SYMMETRIC_H
#define GRADUS_LINALG_SYMMETRIC_H

#include "gradus.h"

/* The row of a parameter table with which a method that keeps such matrices guards its
   memory, for struct T with the member maximum_dimension (long).  Up to the row's own
   maximum BLAS can count in int.  */
/* clang-format off */
#define GRADUS_MAXIMUM_DIMENSION_ROW(T)                                                    \
    {GRADUS_FIELD(T, maximum_dimension), .initial = 10000, .minimum = 1, .maximum = 46340, \
     .flags = GRADUS_LOG,                                                                  \
     .help = "Largest dimension n: a dense matrix takes 8 n^2 bytes, 0.8 GB at 10000."}
/* clang-format on */

/* Refuses a dimension N above MAXIMUM with a sentence.  */
gradus_err gradus_dense_check(const char *owner, size_t n, long maximum, gradus_error *why);

/* RESULT = S v.  */
void gradus_symmetric_product(size_t n, const double S[], const double v[],
                              double result[]);
/* S += a b' + b a'.  */
void gradus_symmetric_update(size_t n, const double a[], const double b[], double S[]);

typedef enum gradus_factor_result {
    GRADUS_FACTOR_OK,
    GRADUS_FACTOR_NOT_FINITE, /* an entry is infinite or NaN; nothing was touched */
    GRADUS_FACTOR_SINGULAR,   /* or, for Cholesky, not positive definite, to working
                                 precision; the matrix is lost */
} gradus_factor_result;

/* Whether the lower triangle is finite, and its largest absolute entry.  */
bool gradus_symmetric_finite(size_t n, const double S[], double *largest);

/* SIZES[N], powers of two that the rows and columns can be divided by, so that the entries of
   each become at most 4 and the largest of each at least near 1.  Scaling a variable scales
   its size, but for the power.  They are the roots of the diagonal where S is positive
   definite.  1 for a row of zeros.  */
void gradus_symmetric_sizes(size_t n, const double S[], double sizes[]);

/* Bytes of workspace for gradus_symmetric_solve.  */
size_t gradus_symmetric_workspace(size_t n);

/* B <- S^-1 B for one right-hand side; S, which need not be definite, is lost.  Whether it is
   singular does not depend on the scales of the variables.  */
gradus_factor_result gradus_symmetric_solve(size_t n, double S[], double b[],
                                            void *workspace);

#endif
