/* The frame of the sums of squares: functions of which each file has nothing but the
   residuals r_i.

     f(x) = sum_i r_i(x)^2,   f' = 2 J'r,   f'' = 2 (J'J + sum_i r_i r_i''),

   where row i of J is the gradient of r_i: the collection of More, Garbow and Hillstrom,
   "Testing unconstrained optimization software", ACM TOMS 7(1), 1981, and Algorithm 566.
   Everything is dense: meant for the few hundred parameters that the collection is used
   with.  */

#ifndef GRADUS_PROBLEMS_SQUARES_LEAST_SQUARES_H
#define GRADUS_PROBLEMS_SQUARES_LEAST_SQUARES_H

#include "gradus.h"

typedef struct gradus_residuals {
    const char *name; /* for sentences */
    /* The residuals at X (N) into R and, unless J is NULL, into J, which is zeroed, their
       gradients, one a row of N.  */
    void (*evaluate)(size_t n, const double x[], double r[], double J[]);
    /* Adds sum_i w_i r_i'' to the diagonal of S (N x N) and what is below it; NULL when all
       residuals are linear.  */
    void (*curve)(size_t n, const double x[], const double w[], double S[]);
    /* The standard start.  */
    void (*start)(size_t n, double x[]);
} gradus_residuals;

/* What the parameter struct of a function is, of one that takes any dimension too.  */
typedef struct gradus_least_squares_params {
    double start_scale;
} gradus_least_squares_params;

typedef struct gradus_least_squares_sized {
    long dimension;
    gradus_least_squares_params shared;
} gradus_least_squares_sized;

/* The rows of the former.  */
extern const gradus_param gradus_least_squares_rows[];

/* The rows of the latter, for one function's table; TEXT says which dimensions it takes,
   from LEAST to MOST.  */
#define GRADUS_LEAST_SQUARES_ROWS(standard, least, most, text)                             \
    {GRADUS_FIELD(gradus_least_squares_sized, dimension), .initial = (standard),           \
     .minimum = (least), .maximum = (most), .help = (text)},                               \
        GRADUS_START_SCALE_ROW(gradus_least_squares_sized, shared)

#define GRADUS_START_SCALE_ROW(T, part)                                                    \
    {                                                                                      \
        GRADUS_FIELD_OF(T, part, gradus_least_squares_params, start_scale),                \
            .initial = 1, .minimum = 0, .maximum = 1e9,                                    \
            .help = "Factor on the standard start; where that is 0, the value of every "   \
                    "coordinate instead, unless the factor is 1."                          \
    }

/* The instance.  */
typedef struct gradus_least_squares {
    const gradus_residuals *residuals;
    size_t n, m;
    double start_scale;
    double *r; /* m: residuals */
    double *w; /* m: their weights in the Hessian, 2 r; or J times a vector */
    double *J; /* m x n */
    double *S; /* n x n: sum_i w_i r_i'' */
} gradus_least_squares;

/* M residuals in N parameters.  */
gradus_err gradus_least_squares_open(gradus_least_squares *self,
                                     const gradus_residuals *residuals, size_t n, size_t m,
                                     const gradus_least_squares_params *params,
                                     gradus_error *why);

/* The INDEX-th of COUNT points, n numbers each, into X; for the `minimum` entry.  */
bool gradus_least_squares_pick(const void *self, const double points[], size_t count,
                               size_t index, double x[]);
/* X = (every, every, ...), the only point.  */
bool gradus_least_squares_fill(const void *self, double every, size_t index, double x[]);

/* The entries that all sums of squares share.  */
void gradus_least_squares_close(void *self);
size_t gradus_least_squares_dimension(const void *self);
void gradus_least_squares_start(const void *self, gradus_stream *stream, double x[]);
gradus_err gradus_least_squares_evaluate(void *self, const gradus_batch *batch,
                                         const double x[], double *value,
                                         double gradient[]);
gradus_err gradus_least_squares_product(void *self, const gradus_batch *batch,
                                        const double x[], const double v[],
                                        double result[]);
gradus_err gradus_least_squares_hessian(void *self, const gradus_batch *batch,
                                        const double x[], double matrix[]);
gradus_err gradus_least_squares_gauss_newton(void *self, const gradus_batch *batch,
                                             const double x[], const double v[],
                                             double result[]);
gradus_err gradus_least_squares_diagonal(void *self, const gradus_batch *batch,
                                         const double x[], double diagonal[]);

#define GRADUS_LEAST_SQUARES_ENTRIES                                                       \
    .size = sizeof(gradus_least_squares), .close = gradus_least_squares_close,             \
    .dimension = gradus_least_squares_dimension, .start = gradus_least_squares_start,      \
    .evaluate = gradus_least_squares_evaluate, .product = gradus_least_squares_product,    \
    .hessian = gradus_least_squares_hessian,                                               \
    .gauss_newton = gradus_least_squares_gauss_newton,                                     \
    .diagonal = gradus_least_squares_diagonal

#endif
