/* Matrix products.  The output is cut into tiles that follow from its shape alone.  */

#include "linalg/product.h"

#include <stdbool.h>

enum {
    TILE = 256,   /* longest side cut of a tile: rows of A that are copied at a time */
    NARROW = 128, /* a product is not cut below this */
    VECTOR = 8,   /* columns that a tile computes at a time, or rows */
    PANEL = 144,  /* columns of a Gram matrix, of which only half is wanted */
    LONG_ENOUGH = 1 << 18, /* multiplications; below, starting threads costs more */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void multiply(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B,
                     bool add, double C[], size_t threads) {
    gradus_tiling tiling = gradus_tile_product(m, n);
#pragma omp parallel for num_threads(threads)                                              \
    schedule(dynamic, 1) if (threads > 1 && gradus_tiling_long(&tiling, k))
    for (size_t t = 0; t < tiling.count; t++) {
        gradus_patch p = gradus_tiling_patch(&tiling, t);
        gradus_tile(p.rows, p.columns, k, gradus_operand_from(A, p.row, 0),
                    gradus_operand_from(B, 0, p.column), add, C + p.row * n + p.column, n);
    }
}

void gradus_product(size_t m, size_t n, size_t k, const double A[], const double B[],
                    double C[], size_t threads) {
    multiply(m, n, k, (gradus_operand){A, k, false}, (gradus_operand){B, n, false}, false,
             C, threads);
}

void gradus_product_transposed(size_t m, size_t n, size_t k, const double A[],
                               const double B[], double C[], size_t threads) {
    multiply(m, n, k, (gradus_operand){A, k, false}, (gradus_operand){B, k, true}, false, C,
             threads);
}

void gradus_add_transposed_product(size_t m, size_t n, size_t k, const double A[],
                                   const double B[], double C[], size_t threads) {
    multiply(m, n, k, (gradus_operand){A, m, true}, (gradus_operand){B, n, false}, true, C,
             threads);
}

/* A panel reaches from the diagonal down.  */
void gradus_add_gram(size_t n, size_t k, const double A[], double S[], size_t threads) {
    bool many = threads > 1 && n > PANEL && n * n * k >= LONG_ENOUGH;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (many)
    for (size_t j = 0; j < n; j += PANEL)
        gradus_tile(n - j, smaller(PANEL, n - j), k, (gradus_operand){A + j, n, true},
                    (gradus_operand){A + j, n, false}, true, S + j * n + j, n);
}

void gradus_mirror(size_t n, double S[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            S[j * n + i] = S[i * n + j];
}

/* The length of the pieces of a side: whole vectors, unless there were then fewer pieces.  */
static size_t cut(size_t length) {
    if (length <= NARROW)
        return length;
    size_t pieces = 2 * ((length + 2 * TILE - 1) / (2 * TILE));
    size_t piece = (length + pieces - 1) / pieces;
    size_t whole = (piece + VECTOR - 1) / VECTOR * VECTOR;
    return (length + whole - 1) / whole == pieces ? whole : piece;
}

gradus_tiling gradus_tile_product(size_t m, size_t n) {
    bool tall = m > n;
    size_t longer = tall ? m : n, piece = cut(longer);
    return (gradus_tiling){.count = m && n ? (longer + piece - 1) / piece : 0,
                           .rows = tall ? piece : m,
                           .columns = tall ? n : piece,
                           .m = m,
                           .n = n};
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
