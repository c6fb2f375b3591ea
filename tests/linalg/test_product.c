/* Products against sums in long double, on both sides of a tile's width, and the same
   bits for any number of threads.  */

#include "linalg/product.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t m, n, k;
} shape_t;

static const shape_t shapes[] = {{1, 1, 1},     {3, 5, 2},     {10, 128, 7},  {4, 129, 130},
                                 {40, 300, 70}, {300, 40, 70}, {600, 30, 300}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static double *numbers(size_t count, unsigned seed) {
    double *a = malloc(count * sizeof *a);
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        a[i] = (double)seed / 2147483648.0 - 1.0;
    }
    return a;
}

/* sum_l a_l b_l, and sum_l |a_l b_l| in *SIZE.  */
static double sum(size_t count, const double a[], size_t a_step, const double b[],
                  size_t b_step, double *size) {
    long double total = 0.0L, absolute = 0.0L;
    for (size_t l = 0; l < count; l++) {
        long double term = (long double)a[l * a_step] * b[l * b_step];
        total += term;
        absolute += fabsl(term);
    }
    *size = (double)absolute;
    return (double)total;
}

/* A sum of COUNT products in any order is off by at most count * eps * sum |a b| (Higham,
   Accuracy and Stability of Numerical Algorithms, 2002, section 3.1), and half an ulp for
   what it is compared to.  */
static void check_entry(double got, double want, size_t count, double size) {
    double bound = ((double)count + 1.0) * DBL_EPSILON * size;
    ck_assert_msg(fabs(got - want) <= bound, "%.17g, want %.17g: off by more than %.3g",
                  got, want, bound);
}

START_TEST(product) {
    size_t m = shapes[_i].m, n = shapes[_i].n, k = shapes[_i].k;
    double *A = numbers(m * k, 1), *B = numbers(k * n, 2), *C = numbers(m * n, 3), size;
    C[0] = NAN; /* what was there before does not matter */
    gradus_product(m, n, k, A, B, C, 1);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double want = sum(k, A + i * k, 1, B + j, n, &size);
            check_entry(C[i * n + j], want, k, size);
        }
    double *again = numbers(m * n, 4);
    gradus_product(m, n, k, A, B, again, 3);
    ck_assert_mem_eq(again, C, m * n * sizeof *C);
    free(again), free(A), free(B), free(C);
}
END_TEST

START_TEST(product_transposed) {
    size_t m = shapes[_i].m, n = shapes[_i].n, k = shapes[_i].k;
    double *A = numbers(m * k, 1), *B = numbers(n * k, 2), *C = numbers(m * n, 3), size;
    C[0] = NAN;
    gradus_product_transposed(m, n, k, A, B, C, 1);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double want = sum(k, A + i * k, 1, B + j * k, 1, &size);
            check_entry(C[i * n + j], want, k, size);
        }
    double *again = numbers(m * n, 4);
    gradus_product_transposed(m, n, k, A, B, again, 3);
    ck_assert_mem_eq(again, C, m * n * sizeof *C);
    free(again), free(A), free(B), free(C);
}
END_TEST

START_TEST(add_transposed) {
    size_t m = shapes[_i].m, n = shapes[_i].n, k = shapes[_i].k;
    double *A = numbers(k * m, 1), *B = numbers(k * n, 2), *C = malloc(m * n * sizeof *C);
    double *again = malloc(m * n * sizeof *C), size;
    for (size_t i = 0; i < m * n; i++)
        C[i] = again[i] = 2.385;
    gradus_add_transposed_product(m, n, k, A, B, C, 1);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++) {
            double want = 2.385 + sum(k, A + i, m, B + j, n, &size);
            check_entry(C[i * n + j], want, k + 1, size + 2.385);
        }
    gradus_add_transposed_product(m, n, k, A, B, again, 3);
    ck_assert_mem_eq(again, C, m * n * sizeof *C);
    free(again), free(A), free(B), free(C);
}
END_TEST

START_TEST(gram) {
    size_t n = shapes[_i].n, k = shapes[_i].k;
    double *A = numbers(k * n, 1), *S = malloc(n * n * sizeof *S), size;
    double *again = malloc(n * n * sizeof *S);
    for (size_t i = 0; i < n * n; i++)
        S[i] = again[i] = 2.385;
    gradus_add_gram(n, k, A, S, 1);
    gradus_mirror(n, S);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double want = 2.385 + sum(k, A + i, n, A + j, n, &size);
            check_entry(S[i * n + j], want, k + 1, size + 2.385);
            ck_assert(S[i * n + j] == S[j * n + i]);
        }
    gradus_add_gram(n, k, A, again, 3);
    gradus_mirror(n, again);
    ck_assert_mem_eq(again, S, n * n * sizeof *S);
    free(again), free(A), free(S);
}
END_TEST

/* Tiles of a matrix in a larger one, operands as they stand or transposed, added to what is
   there or not; what lies beside a tile stays.  */
START_TEST(tile) {
    enum { M = 5, N = 7, K = 4, STRIDE = 9 };
    double *A = numbers(M * STRIDE, 1), *B = numbers(STRIDE * STRIDE, 2), size;
    for (int form = 0; form < 8; form++) {
        bool at = form & 1, bt = form & 2, add = form & 4;
        double *C = numbers(M * STRIDE, 3);
        const double before = C[0], beside = C[N];
        gradus_tile(M, N, K, (gradus_operand){A, at ? M : K, at},
                    (gradus_operand){B, STRIDE, bt}, add, C, STRIDE);
        double want =
            (add ? before : 0.0) + sum(K, A, at ? M : 1, B, bt ? 1 : STRIDE, &size);
        check_entry(C[0], want, K + 1, size + 1.0);
        ck_assert(C[N] == beside);
        free(C);
    }
    free(A), free(B);
}
END_TEST

/* Every entry is in exactly one tile; the pieces are even in number, of a product that is cut,
   and no longer than 256 on the longer side.  */
START_TEST(tiling) {
    static const size_t sides[] = {1, 30, 128, 129, 250, 512, 784, 1000, 2049, 7681};
    enum { SIDES = sizeof sides / sizeof *sides };
    for (size_t a = 0; a < SIDES; a++)
        for (size_t b = 0; b < SIDES; b++) {
            gradus_tiling t = gradus_tile_product(sides[a], sides[b]);
            size_t area = 0, next = 0;
            bool tall = sides[a] > sides[b];
            for (size_t i = 0; i < t.count; i++) {
                gradus_patch p = gradus_tiling_patch(&t, i);
                ck_assert_uint_eq(tall ? p.row : p.column, next);
                ck_assert_uint_eq(tall ? p.column : p.row, 0);
                next += tall ? p.rows : p.columns;
                area += p.rows * p.columns;
                ck_assert_uint_le(tall ? p.rows : p.columns, 256);
            }
            ck_assert_uint_eq(area, sides[a] * sides[b]);
            ck_assert(t.count == 1 || t.count % 2 == 0);
        }
}
END_TEST

/* Products without entries, and of no terms.  */
START_TEST(empty) {
    double A[6] = {1.0}, C[4] = {NAN, NAN, NAN, NAN};
    gradus_product(0, 0, 3, A, A, C, 2);
    gradus_product_transposed(0, 2, 3, A, A, C, 2);
    gradus_add_transposed_product(2, 0, 3, A, A, C, 2);
    gradus_add_gram(0, 3, A, C, 2);
    ck_assert(isnan(C[0]));
    gradus_product(2, 2, 0, A, A, C, 2);
    ck_assert(C[0] == 0.0 && C[1] == 0.0 && C[2] == 0.0 && C[3] == 0.0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("product");
    TCase *cases = tcase_create("product");
    tcase_add_test(cases, tile);
    tcase_add_test(cases, tiling);
    tcase_add_test(cases, empty);
    tcase_add_loop_test(cases, product, 0, SHAPES);
    tcase_add_loop_test(cases, product_transposed, 0, SHAPES);
    tcase_add_loop_test(cases, add_transposed, 0, SHAPES);
    tcase_add_loop_test(cases, gram, 0, SHAPES);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
