/* The eigendecomposition: residual, orthogonality, order, refusal, workspace.  */

#include "linalg/eigen.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK's own tests accept residuals up to 30 in units of n * eps * |A|.  */
static const double FACTOR = 30.0;
static const unsigned char CANARY = 0xa7;
enum { BEHIND = 64 };

static void *workspace_for(size_t n) {
    size_t bytes = gradus_eigen_workspace(n);
    unsigned char *memory = malloc(bytes + BEHIND);
    memset(memory, CANARY, bytes + BEHIND);
    return memory;
}

static void check_workspace(size_t n, const void *workspace) {
    const unsigned char *end = (const unsigned char *)workspace + gradus_eigen_workspace(n);
    for (size_t i = 0; i < BEHIND; i++)
        ck_assert_uint_eq(end[i], CANARY);
}

/* Entries in [-1, 1] from a linear congruence.  */
static double next(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (double)*seed / 2147483648.0 - 1.0;
}

static double size_of(size_t n, const double A[]) {
    double sum = 0.0;
    for (size_t i = 0; i < n * n; i++)
        sum += A[i] * A[i];
    return sqrt(sum);
}

/* The largest |A - sum_j l_j e_j e_j'| and |e_i'e_j - delta_ij|.  */
static void check_decomposition(size_t n, const double A[], const double E[],
                                const double values[]) {
    double residual = 0.0, defect = 0.0;
    double bound = FACTOR * (double)n * DBL_EPSILON;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double a = 0.0, unit = 0.0;
            for (size_t k = 0; k < n; k++) {
                a += values[k] * E[k * n + i] * E[k * n + j];
                unit += E[i * n + k] * E[j * n + k];
            }
            residual = fmax(residual, fabs(a - A[i * n + j]));
            defect = fmax(defect, fabs(unit - (i == j)));
        }
    printf("n %zu: residual %.3g <= %.3g, orthogonality %.3g <= %.3g\n", n, residual,
           bound * size_of(n, A), defect, bound);
    ck_assert(residual <= bound * size_of(n, A));
    ck_assert(defect <= bound);
    for (size_t k = 1; k < n; k++)
        ck_assert(values[k - 1] <= values[k]);
}

/* Decomposes A, whose upper triangle is hidden behind NaN.  */
static void decompose(size_t n, const double A[], double values[]) {
    double *E = malloc(n * n * sizeof *E);
    void *workspace = workspace_for(n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            E[i * n + j] = j <= i ? A[i * n + j] : NAN;
    ck_assert_int_eq(gradus_eigen(n, E, values, workspace), GRADUS_EIGEN_OK);
    check_workspace(n, workspace);
    check_decomposition(n, A, E, values);
    free(workspace);
    free(E);
}

START_TEST(decomposes) {
    static const size_t sizes[] = {1, 2, 7, 31, 150};
    size_t n = sizes[_i];
    double *A = malloc(n * n * sizeof *A), *values = malloc(n * sizeof *values);
    unsigned seed = 17;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            A[i * n + j] = A[j * n + i] = 2.385 * next(&seed);
    decompose(n, A, values);
    free(values);
    free(A);
}
END_TEST

/* 2.385 I + u u' has the value 2.385 n-1 times and 2.385 + u'u once.  */
START_TEST(repeated_values) {
    enum { N = 40 };
    static double A[N * N], values[N];
    double square = 0.0;
    for (size_t i = 0; i < N; i++) {
        square += (double)(i * i) / (N * N);
        for (size_t j = 0; j < N; j++)
            A[i * N + j] = (i == j ? 2.385 : 0.0) + (double)(i * j) / (N * N);
    }
    decompose(N, A, values);
    double bound = FACTOR * N * DBL_EPSILON * size_of(N, A), error = 0.0;
    for (size_t i = 0; i < N; i++)
        error = fmax(error, fabs(values[i] - 2.385 - (i == N - 1 ? square : 0.0)));
    printf("repeated values: error %.3g <= %.3g\n", error, bound);
    ck_assert(error <= bound);
}
END_TEST

START_TEST(refuses_not_finite) {
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    double values[2] = {7.5, 8.5}, A[4] = {1.25, 0.0, bad[_i], 3.5};
    void *workspace = workspace_for(2);
    ck_assert_int_eq(gradus_eigen(2, A, values, workspace), GRADUS_EIGEN_NOT_FINITE);
    ck_assert(A[0] == 1.25 && A[3] == 3.5 && values[0] == 7.5 && values[1] == 8.5);
    free(workspace);
}
END_TEST

/* Each thread's workspace begins on a cache line, so 64-bit access is aligned.  */
START_TEST(workspace_is_whole_lines) {
    for (size_t n = 1; n < 20; n++)
        ck_assert_uint_eq(gradus_eigen_workspace(n) % 64, 0);
    ck_assert(gradus_eigen_workspace(GRADUS_EIGEN_LARGEST) > (size_t)1 << 33);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("eigen");
    TCase *cases = tcase_create("eigen");
    tcase_add_loop_test(cases, decomposes, 0, 5);
    tcase_add_test(cases, repeated_values);
    tcase_add_loop_test(cases, refuses_not_finite, 0, 3);
    tcase_add_test(cases, workspace_is_whole_lines);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
