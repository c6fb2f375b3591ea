/* Symmetric matrices of known eigenvalues, and dense algebra of the tests' own.  */

#ifndef GRADUS_TESTS_REGION_H
#define GRADUS_TESTS_REGION_H

#include "../support.h"

#include <float.h>

enum { LARGEST = 12 };

static inline double dot(size_t n, const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static inline double norm(size_t n, const double a[]) { return sqrt(dot(n, a, a)); }

static inline void multiply(size_t n, const double H[], const double v[], double out[]) {
    for (size_t i = 0; i < n; i++)
        out[i] = dot(n, H + i * n, v);
}

/* The J-th column of I - 2 w w', the reflector that SEED picks: an orthonormal basis.  */
static inline void basis(size_t n, uint64_t seed, size_t j, double e[]) {
    double w[LARGEST];
    for (size_t i = 0; i < n; i++)
        w[i] = noise(1000 * seed + i);
    double square = dot(n, w, w);
    for (size_t i = 0; i < n; i++)
        e[i] = (i == j) - 2.0 * w[i] * w[j] / square;
}

/* The matrix with the given eigenvalues in that basis.  */
static inline void compose(size_t n, uint64_t seed, const double values[], double H[]) {
    double e[LARGEST];
    memset(H, 0, n * n * sizeof *H);
    for (size_t j = 0; j < n; j++) {
        basis(n, seed, j, e);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                H[i * n + k] += values[j] * e[i] * e[k];
    }
}

/* g'p + p'H p / 2.  */
static inline double model(size_t n, const double H[], const double g[], const double p[]) {
    double hp[LARGEST];
    multiply(n, H, p, hp);
    return dot(n, g, p) + 0.5 * dot(n, p, hp);
}

#endif
