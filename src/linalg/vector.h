/* Sums over long vectors, the same bits for any number of threads.  */

#ifndef GRADUS_LINALG_VECTOR_H
#define GRADUS_LINALG_VECTOR_H

#include <stddef.h>

/* x'y.  */
double gradus_dot(size_t n, const double x[], const double y[], size_t threads);
/* Euclidean norm, right also where squares would overflow or underflow; infinite or NaN only
   when an entry is, or when the norm itself is above the largest number.  */
double gradus_norm(size_t n, const double x[], size_t threads);
/* Euclidean norm of x - y, likewise.  */
double gradus_distance(size_t n, const double x[], const double y[], size_t threads);
/* out = x.  */
void gradus_copy(size_t n, const double x[], double out[], size_t threads);
/* y += a x.  */
void gradus_add(size_t n, double a, const double x[], double y[], size_t threads);
/* out = x + a d.  */
void gradus_move(size_t n, const double x[], double a, const double d[], double out[],
                 size_t threads);

/* One pass over long vectors with several things to do: KERNEL works on entries BEGIN to
   BEGIN + COUNT, few enough to stay in a cache, and adds what it sums to sums[WIDTH].  */
enum { GRADUS_SWEEP_WIDTH = 64 }; /* at most */
typedef void (*gradus_sweep_kernel)(const void *context, size_t begin, size_t count,
                                    double sums[]);
void gradus_sweep(size_t n, size_t width, gradus_sweep_kernel kernel, const void *context,
                  size_t threads, double sums[]);

/* For kernels: x'y over the few entries of a block, on this thread.  */
double gradus_block_dot(size_t count, const double x[], const double y[]);

#endif
