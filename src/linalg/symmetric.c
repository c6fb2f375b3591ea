/* Dense symmetric matrices.  */

#include "linalg/symmetric.h"

#include <cblas.h>

gradus_err gradus_dense_check(const char *owner, size_t n, long maximum,
                              gradus_error *why) {
    const double gigabyte = 1e9;
    if (n <= (size_t)maximum)
        return GRADUS_OK;
    return gradus_fail(why, GRADUS_EINPUT,
                       "%s keeps a dense matrix, which takes %.3g GB in dimension %zu: "
                       "expected a dimension of at most maximum_dimension=%ld",
                       owner, (double)n * (double)n * sizeof(double) / gigabyte, n,
                       maximum);
}

void gradus_symmetric_product(size_t n, const double S[], const double v[],
                              double result[]) {
    cblas_dsymv(CblasRowMajor, CblasLower, (int)n, 1.0, S, (int)n, v, 1, 0.0, result, 1);
}

void gradus_symmetric_update(size_t n, const double a[], const double b[], double S[]) {
    cblas_dsyr2(CblasRowMajor, CblasLower, (int)n, 1.0, a, 1, b, 1, S, (int)n);
}
