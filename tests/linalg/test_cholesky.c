/* Cholesky factorization: the factor, the solution, and what is refused.  */

#include "linalg/cholesky.h"

#include "../support.h"

enum { N = 9 };

/* A'A + shift I of a random A, lower triangle; above the diagonal nothing is read.  */
static void make(double S[N * N], double shift) {
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            S[i * N + j] = i == j ? shift : 0.0;
            for (size_t k = 0; k < N; k++)
                S[i * N + j] += noise(k * N + i) * noise(k * N + j);
            if (j > i)
                S[i * N + j] = NAN;
        }
}

/* The largest entry of S x - b in units of those of b.  */
static double residual(const double S[N * N], const double x[N], const double b[N]) {
    double worst = 0.0;
    for (size_t i = 0; i < N; i++) {
        double sum = -b[i];
        for (size_t j = 0; j < N; j++)
            sum += (i >= j ? S[i * N + j] : S[j * N + i]) * x[j];
        worst = fmax(worst, fabs(sum));
    }
    return worst;
}

START_TEST(solves) {
    double S[N * N], L[N * N], x[N], b[N];
    make(S, 0.1);
    memcpy(L, S, sizeof S);
    ck_assert_int_eq(gradus_cholesky(N, L), GRADUS_FACTOR_OK);
    for (size_t i = 0; i < N; i++) {
        x[i] = b[i] = noise(900 + i);
        for (size_t j = 0; j <= i; j++) {
            double sum = 0.0;
            for (size_t k = 0; k <= j; k++)
                sum += L[i * N + k] * L[j * N + k];
            assert_close(sum, S[i * N + j], 1e-14);
        }
    }
    gradus_cholesky_solve(N, L, x);
    /* Entries of S below 10, of x below 10, and nine of them.  */
    assert_at_most("residual", residual(S, x, b), 1e-12);
}
END_TEST

START_TEST(refuses_what_is_not_positive) {
    double S[N * N];
    make(S, -2.0);
    ck_assert_int_eq(gradus_cholesky(N, S), GRADUS_FACTOR_SINGULAR);
    make(S, 0.1);
    S[5 * N + 2] = INFINITY;
    ck_assert_int_eq(gradus_cholesky(N, S), GRADUS_FACTOR_NOT_FINITE);
    /* Singular but for rounding: two equal rows and columns, one a little larger.  */
    double T[4] = {1.0, NAN, 1.0, 1.0 + 2e-16};
    ck_assert_int_eq(gradus_cholesky(2, T), GRADUS_FACTOR_SINGULAR);
    double U[4] = {1.0, NAN, 1.0, 1.0 + 1e-12};
    ck_assert_int_eq(gradus_cholesky(2, U), GRADUS_FACTOR_OK);
}
END_TEST

/* Scaling by powers of two loses no digit: what was definite stays so, what was singular does
   too, and the solution follows, for both solvers.  */
START_TEST(scales_of_variables_decide_nothing) {
    double S[N * N], T[N * N], x[N], y[N];
    void *workspace = malloc(gradus_symmetric_workspace(N));
    for (size_t k = 0; k < 2; k++) {
        make(S, 0.1);
        for (size_t i = 0; i < N; i++) {
            x[i] = noise(900 + i);
            y[i] = ldexp(x[i], (int)(100 * i) - 400);
            for (size_t j = 0; j <= i; j++)
                T[i * N + j] = ldexp(S[i * N + j], (int)(100 * (i + j)) - 800);
        }
        gradus_factor_result plain = k ? gradus_symmetric_solve(N, S, x, workspace)
                                       : gradus_cholesky(N, S);
        gradus_factor_result scaled = k ? gradus_symmetric_solve(N, T, y, workspace)
                                        : gradus_cholesky(N, T);
        ck_assert_int_eq(plain, GRADUS_FACTOR_OK);
        ck_assert_int_eq(scaled, GRADUS_FACTOR_OK);
        if (k == 0) {
            gradus_cholesky_solve(N, S, x);
            gradus_cholesky_solve(N, T, y);
        }
        for (size_t i = 0; i < N; i++)
            assert_close(ldexp(y[i], (int)(100 * i) - 400) / x[i], 1.0, 1e-11);
    }
    free(workspace);
}
END_TEST

/* The other solver: indefinite is no obstacle, singular is.  */
START_TEST(solves_indefinite_systems) {
    double S[N * N], A[N * N], x[N], b[N];
    void *workspace = malloc(gradus_symmetric_workspace(N));
    make(S, -2.0);
    memcpy(A, S, sizeof S);
    for (size_t i = 0; i < N; i++)
        x[i] = b[i] = noise(900 + i);
    ck_assert_int_eq(gradus_symmetric_solve(N, A, x, workspace), GRADUS_FACTOR_OK);
    assert_at_most("residual", residual(S, x, b), 1e-12);
    memcpy(A, S, sizeof S);
    for (size_t j = 0; j < N; j++) /* row and column 3 are twice those of 1 */
        j > 3 ? (A[j * N + 3] = 2.0 * A[j * N + 1])
              : (A[3 * N + j] = 2.0 * (j > 1 ? A[j * N + 1] : A[N + j]));
    A[3 * N + 3] = 4.0 * A[N + 1];
    A[3 * N + 1] = 2.0 * A[N + 1];
    ck_assert_int_eq(gradus_symmetric_solve(N, A, x, workspace), GRADUS_FACTOR_SINGULAR);
    make(A, 0.1);
    A[0] = NAN;
    ck_assert_int_eq(gradus_symmetric_solve(N, A, x, workspace), GRADUS_FACTOR_NOT_FINITE);
    free(workspace);
}
END_TEST

TEST_MAIN("cholesky", solves, refuses_what_is_not_positive,
          scales_of_variables_decide_nothing, solves_indefinite_systems)
