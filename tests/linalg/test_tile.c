/* Tiles against sums in long double, for every kernel that this processor has: around every
   number of rows, columns and terms at which a kernel turns to another way, for operands as
   they stand or transposed, and nothing beside the tile read or written.  */

#include "linalg/tile.h"

#include "../support.h"

#include <float.h>

static const size_t sides[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 23, 24, 25, 49, 259};
static const size_t terms[] = {0, 1, 3, 4, 5, 255, 256, 257, 513};
enum {
    SIDES = sizeof sides / sizeof *sides,
    TERMS = sizeof terms / sizeof *terms,
    MOST = 259, /* of sides */
    BESIDE = 3, /* numbers between the rows of C's tile */
};

/* Random numbers that end where the operand ends, so that a sanitizer sees what is read beyond;
   between its rows there is NaN.  */
static double *numbers(gradus_operand *operand, size_t rows, size_t columns,
                       bool transposed, uint64_t seed) {
    size_t m = transposed ? columns : rows, n = transposed ? rows : columns;
    size_t stride = n + 2, count = m > 0 ? (m - 1) * stride + n : 0;
    double *memory = malloc(count * sizeof *memory + 1);
    for (size_t i = 0; i < count; i++)
        memory[i] = i % stride < n ? noise(seed << 32 | i) : NAN;
    *operand = (gradus_operand){memory, stride, transposed};
    return memory;
}

static double entry(gradus_operand X, size_t row, size_t column) {
    return X.transposed ? X.entries[column * X.stride + row]
                        : X.entries[row * X.stride + column];
}

/* A sum of k + 1 terms in any order is off by at most (k + 1) eps times the sum of their sizes
   (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1), and half an ulp
   for what it is compared to.  */
static void check_entry(double got, size_t k, gradus_operand A, gradus_operand B, size_t i,
                        size_t j, double before) {
    long double want = before, size = fabs(before);
    for (size_t p = 0; p < k; p++) {
        long double term = (long double)entry(A, i, p) * entry(B, p, j);
        want += term;
        size += fabsl(term);
    }
    double bound = ((double)k + 2.0) * DBL_EPSILON * (double)size;
    ck_assert_msg(fabsl(got - want) <= bound,
                  "entry %zu, %zu of %zu terms: %.17g, want %.17Lg", i, j, k, got, want);
}

/* What stood in C, added to or not: then it may be NaN.  */
static double before(size_t i, bool add) { return add ? noise(i) : NAN; }

static void check(const gradus_tile_level *level, size_t m, size_t n, size_t k, int form) {
    bool add = form & 4;
    gradus_operand A, B;
    double *a = numbers(&A, m, k, form & 1, 1), *b = numbers(&B, k, n, form & 2, 2);
    size_t stride = n + BESIDE;
    double *C = malloc(m * stride * sizeof *C);
    for (size_t i = 0; i < m * stride; i++)
        C[i] = i % stride < n ? before(i, add) : 42.0;
    level->tile(m, n, k, A, B, add, C, stride);
    /* All entries of small tiles; of large ones those of some rows and columns.  */
    size_t some = m * n > 2000 ? 7 : 1;
    for (size_t i = 0; i < m; i++)
        for (size_t j = i % some; j < n; j += some)
            check_entry(C[i * stride + j], k, A, B, i, j,
                        add ? before(i * stride + j, add) : 0.0);
    for (size_t i = 0; i < m; i++)
        for (size_t j = n; j < stride; j++)
            ck_assert(C[i * stride + j] == 42.0);
    free(C), free(b), free(a);
}

START_TEST(sums) {
    const gradus_tile_level *level;
    for (size_t rank = 0; (level = gradus_tile_level_for(rank)); rank++)
        for (size_t a = 0; a < SIDES; a++)
            for (size_t b = 0; b < SIDES; b++) {
                size_t c = (a + b) % TERMS;
                for (int form = 0; form < 8; form++)
                    check(level, sides[a], sides[b], terms[c], form);
            }
}
END_TEST

START_TEST(terms_of_every_number) {
    const gradus_tile_level *level;
    for (size_t rank = 0; (level = gradus_tile_level_for(rank)); rank++)
        for (size_t c = 0; c < TERMS; c++)
            for (int form = 0; form < 8; form++) {
                check(level, 9, 25, terms[c], form);
                check(level, 7, 50, terms[c], form);
            }
}
END_TEST

/* However a product is cut, and for every vector length, the bits are the same; dgemm, the
   last level, promises nothing.  */
START_TEST(bits) {
    enum { M = MOST, N = 101, K = 300 };
    gradus_operand A, B;
    double *a = numbers(&A, M, K, false, 3), *b = numbers(&B, K, N, true, 4);
    double *whole = malloc(M * N * sizeof *whole), *parts = malloc(M * N * sizeof *parts);
    gradus_tile(M, N, K, A, B, false, whole, N);
    for (size_t rank = 0; gradus_tile_level_for(rank + 1); rank++)
        for (size_t cut = 1; cut < N; cut += 9) {
            gradus_tile_kernel *tile = gradus_tile_level_for(rank)->tile;
            gradus_operand low = A, right = B;
            low.entries += cut * A.stride, right.entries += cut * B.stride;
            memset(parts, 0xff, M * N * sizeof *parts);
            tile(cut, cut, K, A, B, false, parts, N);
            tile(cut, N - cut, K, A, right, false, parts + cut, N);
            tile(M - cut, cut, K, low, B, false, parts + cut * N, N);
            tile(M - cut, N - cut, K, low, right, false, parts + cut * N + cut, N);
            ck_assert_mem_eq(parts, whole, M * N * sizeof *parts);
        }
    free(parts), free(whole), free(b), free(a);
}
END_TEST

/* What is not finite stays in its row and its column.  */
START_TEST(not_finite) {
    enum { M = 11, N = 30, K = 6 };
    for (size_t rank = 0; gradus_tile_level_for(rank); rank++) {
        gradus_operand A, B;
        double *a = numbers(&A, M, K, true, 5), *b = numbers(&B, K, N, false, 6), C[M * N];
        a[2 * A.stride + 9] = INFINITY; /* row 9 of A */
        b[4 * B.stride + 29] = NAN;     /* column 29 of B */
        gradus_tile_level_for(rank)->tile(M, N, K, A, B, false, C, N);
        for (size_t i = 0; i < M; i++)
            for (size_t j = 0; j < N; j++)
                ck_assert(isfinite(C[i * N + j]) == (i != 9 && j != 29));
        free(b), free(a);
    }
}
END_TEST

START_TEST(levels_are_known) {
    ck_assert(gradus_tile_level_for(0)->tile != NULL);
    size_t count = 0;
    while (gradus_tile_level_for(count))
        printf("%s\n", gradus_tile_level_for(count++)->name);
    ck_assert_str_eq(gradus_tile_level_for(count - 1)->name, "dgemm");
}
END_TEST

TEST_MAIN("tile", sums, terms_of_every_number, bits, not_finite, levels_are_known)
