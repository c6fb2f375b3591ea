/* Loops that the compiler turns into vector instructions, for each kind that the processor
   may have.  */

#include "linalg/pairs.h"

/* A clone is chosen while the program is loaded, before the thread sanitizer can take calls,
   and the choice is instrumented.  */
#if defined __x86_64__ && defined __gnu_linux__ && !defined GRADUS_THREAD_SANITIZER
#define FOR_THIS_PROCESSOR __attribute__((target_clones("avx512f", "fma", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif

FOR_THIS_PROCESSOR
static void dots_with_one(size_t count, const double a[], const double b[],
                          const double x[], double sums[4]) {
    double ax = 0.0, bx = 0.0;
#pragma omp simd reduction(+ : ax, bx)
    for (size_t i = 0; i < count; i++) {
        ax += a[i] * x[i];
        bx += b[i] * x[i];
    }
    sums[0] += ax;
    sums[1] += bx;
}

FOR_THIS_PROCESSOR
static void dots_with_two(size_t count, const double a[], const double b[],
                          const double x[], const double y[], double sums[4]) {
    double ax = 0.0, bx = 0.0, ay = 0.0, by = 0.0;
#pragma omp simd reduction(+ : ax, bx, ay, by)
    for (size_t i = 0; i < count; i++) {
        ax += a[i] * x[i];
        bx += b[i] * x[i];
        ay += a[i] * y[i];
        by += b[i] * y[i];
    }
    sums[0] += ax;
    sums[1] += bx;
    sums[2] += ay;
    sums[3] += by;
}

void gradus_pair_dots(size_t count, const double a[], const double b[], const double x[],
                      const double y[], double sums[4]) {
    if (y)
        dots_with_two(count, a, b, x, y, sums);
    else
        dots_with_one(count, a, b, x, sums);
}

FOR_THIS_PROCESSOR
static void add(size_t count, double p, const double a[], double q, const double b[],
                double out[]) {
#pragma omp simd
    for (size_t i = 0; i < count; i++)
        out[i] += p * a[i] + q * b[i];
}

void gradus_pair_add(size_t count, double p, const double a[], double q, const double b[],
                     double out[]) {
    add(count, p, a, q, b, out);
}
