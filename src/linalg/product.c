/* Matrix products.  The columns of the output are cut into fixed panels, each one
   single-threaded BLAS call whose shape follows from the shape of the product alone.  */

#include "linalg/product.h"

#include <cblas.h>
#include <stdbool.h>

enum {
    PANEL = 128,           /* columns: enough for dgemm to run at speed */
    LONG_ENOUGH = 1 << 18, /* multiplications; below, starting threads costs more */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static bool worth_threads(size_t m, size_t n, size_t k, size_t threads) {
    return threads > 1 && n > PANEL && m * n * k >= LONG_ENOUGH;
}

void gradus_product(size_t m, size_t n, size_t k, const double A[], const double B[],
                    double C[], size_t threads) {
#pragma omp parallel for schedule(dynamic, 1)                                              \
    num_threads(threads) if (worth_threads(m, n, k, threads))
    for (size_t j = 0; j < n; j += PANEL)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m,
                    (int)smaller(PANEL, n - j), (int)k, 1.0, A, (int)k, B + j, (int)n, 0.0,
                    C + j, (int)n);
}

void gradus_product_transposed(size_t m, size_t n, size_t k, const double A[],
                               const double B[], double C[], size_t threads) {
#pragma omp parallel for schedule(dynamic, 1)                                              \
    num_threads(threads) if (worth_threads(m, n, k, threads))
    for (size_t j = 0; j < n; j += PANEL)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m,
                    (int)smaller(PANEL, n - j), (int)k, 1.0, A, (int)k, B + j * k, (int)k,
                    0.0, C + j, (int)n);
}

void gradus_add_transposed_product(size_t m, size_t n, size_t k, const double A[],
                                   const double B[], double C[], size_t threads) {
#pragma omp parallel for schedule(dynamic, 1)                                              \
    num_threads(threads) if (worth_threads(m, n, k, threads))
    for (size_t j = 0; j < n; j += PANEL)
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m,
                    (int)smaller(PANEL, n - j), (int)k, 1.0, A, (int)m, B + j, (int)n, 1.0,
                    C + j, (int)n);
}

/* A panel reaches from the diagonal down.  */
void gradus_add_gram(size_t n, size_t k, const double A[], double S[], size_t threads) {
#pragma omp parallel for schedule(dynamic, 1)                                              \
    num_threads(threads) if (worth_threads(n, n, k, threads))
    for (size_t j = 0; j < n; j += PANEL)
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)(n - j),
                    (int)smaller(PANEL, n - j), (int)k, 1.0, A + j, (int)n, A + j, (int)n,
                    1.0, S + j * n + j, (int)n);
}

void gradus_mirror(size_t n, double S[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            S[j * n + i] = S[i * n + j];
}
