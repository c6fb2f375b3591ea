/* Linear systems without a library, for small matrices of the tests.  */

#ifndef GRADUS_TESTS_ELIMINATION_H
#define GRADUS_TESTS_ELIMINATION_H

#include <stddef.h>

/* b becomes M^-1 b, by Gaussian elimination without exchanges, for a positive definite matrix,
   n x n, which is destroyed.  */
static inline void solve(size_t n, double M[], double b[]) {
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i < n; i++) {
            double factor = M[i * n + k] / M[k * n + k];
            for (size_t j = k; j < n; j++)
                M[i * n + j] -= factor * M[k * n + j];
            b[i] -= factor * b[k];
        }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            b[k] -= M[k * n + j] * b[j];
        b[k] /= M[k * n + k];
    }
}

#endif
