/* Calls of what a problem can do.  The library's own types are called as they are.  Of all
   others, what they are to write is marked before, and a sentence names what they left out
   (see unwritten.h).  Where a value that is not finite says that the function is not defined,
   nothing else need be written.  */

#ifndef GRADUS_CORE_CALLS_H
#define GRADUS_CORE_CALLS_H

#include "core/problem.h"

/* What the sentences count.  */
typedef enum gradus_call_kind {
    GRADUS_CALL_EVALUATE,
    GRADUS_CALL_PRODUCT,
    GRADUS_CALL_GAUSS_NEWTON,
    GRADUS_CALL_HESSIAN,
    GRADUS_CALL_DIAGONAL,
    GRADUS_CALL_PRECONDITION,
    GRADUS_CALL_ALONG,
    GRADUS_CALL_INPUTS,
    GRADUS_CALL_SIGNALS,
    GRADUS_CALL_MAPPED_GRADIENT,
    GRADUS_CALLS
} gradus_call_kind;

gradus_err gradus_call_evaluate(const gradus_problem *problem, const gradus_batch *batch,
                                const double x[], double *value, double gradient[],
                                gradus_error *why);
/* KIND: GRADUS_CALL_PRODUCT or GRADUS_CALL_GAUSS_NEWTON.  */
gradus_err gradus_call_product(const gradus_problem *problem, gradus_call_kind kind,
                               const gradus_batch *batch, const double x[],
                               const double v[], double result[], gradus_error *why);
gradus_err gradus_call_hessian(const gradus_problem *problem, const gradus_batch *batch,
                               const double x[], double matrix[], gradus_error *why);
gradus_err gradus_call_diagonal(const gradus_problem *problem, const gradus_batch *batch,
                                const double x[], double diagonal[], gradus_error *why);
gradus_err gradus_call_precondition(const gradus_problem *problem, double memory[],
                                    const double v[], double result[], gradus_error *why);
gradus_err gradus_call_along(const gradus_problem *problem, double step, double *value,
                             double *slope, gradus_error *why);
gradus_err gradus_call_inputs(const gradus_problem *problem, const gradus_batch *batch,
                              const double x[], double *const inputs[], gradus_error *why);
gradus_err gradus_call_signals(const gradus_problem *problem, const gradus_batch *batch,
                               gradus_stream *targets, const double x[],
                               double *const inputs[], double *const signals[],
                               gradus_error *why);
gradus_err gradus_call_mapped_gradient(const gradus_problem *problem,
                                       const gradus_batch *batch, const double x[],
                                       gradus_mapping *mapping, double *value,
                                       double gradient[], gradus_error *why);

#endif
