/* Sums over long vectors, the same bits for any number of threads.  */

#ifndef GRADUS_LINALG_VECTOR_H
#define GRADUS_LINALG_VECTOR_H

#include <stddef.h>

/* x'y.  */
double gradus_dot(size_t n, const double x[], const double y[], size_t threads);
/* Euclidean norm; infinite or NaN when a square overflows or an entry is not finite.  */
double gradus_norm(size_t n, const double x[], size_t threads);
/* Euclidean norm of x - y.  */
double gradus_distance(size_t n, const double x[], const double y[], size_t threads);
/* y += a x.  */
void gradus_add(size_t n, double a, const double x[], double y[], size_t threads);

#endif
