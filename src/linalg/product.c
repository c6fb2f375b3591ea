/* Matrix products.  The columns of the output are cut into fixed panels, each one
   single-threaded BLAS call whose shape follows from the shape of the product alone.  */

#include "linalg/product.h"

#include <cblas.h>
#include <stdbool.h>

enum {
    PANEL = 128,   /* columns: enough for dgemm to run at speed */
    TILE = 512,    /* longest side cut of a tile: dgemm copies all of one operand for it,
                      which costs 2 % of the product; at 256 it costs 7 % */
    NARROW = 128,  /* a product is not cut below this */
    REGISTERS = 8, /* a side of the register tiles of most dgemm kernels */
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

void gradus_tile(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B,
                 double beta, double C[], size_t stride) {
    cblas_dgemm(CblasRowMajor, A.transposed ? CblasTrans : CblasNoTrans,
                B.transposed ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1.0,
                A.entries, (int)A.stride, B.entries, (int)B.stride, beta, C, (int)stride);
}

/* The length of the pieces of a side.  */
static size_t cut(size_t length) {
    if (length <= NARROW)
        return length;
    size_t pieces = 2 * ((length + 2 * TILE - 1) / (2 * TILE));
    size_t piece = (length + pieces - 1) / pieces;
    return (piece + REGISTERS - 1) / REGISTERS * REGISTERS;
}

gradus_tiling gradus_tile_product(size_t m, size_t n) {
    bool tall = m > n;
    size_t rows = tall ? cut(m) : m, columns = tall ? n : cut(n);
    size_t count = tall ? (m + rows - 1) / rows : (n + columns - 1) / columns;
    return (gradus_tiling){
        .count = count, .rows = rows, .columns = columns, .m = m, .n = n};
}

bool gradus_tiling_long(const gradus_tiling *tiling, size_t k) {
    return tiling->count > 1 && tiling->m * tiling->n * k >= LONG_ENOUGH;
}

gradus_patch gradus_tiling_patch(const gradus_tiling *tiling, size_t index) {
    bool tall = tiling->m > tiling->n;
    size_t row = tall ? index * tiling->rows : 0,
           column = tall ? 0 : index * tiling->columns;
    return (gradus_patch){.row = row,
                          .column = column,
                          .rows = smaller(tiling->rows, tiling->m - row),
                          .columns = smaller(tiling->columns, tiling->n - column)};
}
