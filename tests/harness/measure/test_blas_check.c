/* The check of BLAS finds nothing where there is nothing, and every seeded fault: one entry of
   one function's result, at one size, off by 1e-9 of it or not a number.  */

#include "harness/measure/blas_check.h"

#include "../../support.h"

static gradus_blas_callers bound;
static size_t wrong_side; /* at which a fault is seeded; 0: at none */
static double fault;      /* what one number is multiplied by */

static void wrong_product(size_t m, size_t n, size_t k, gradus_operand A, gradus_operand B,
                          bool add, double C[], size_t stride) {
    bound.product(m, n, k, A, B, add, C, stride);
    if (m == wrong_side && n == wrong_side && A.transposed && !B.transposed)
        C[(m - 1) * stride + n - 1] *= fault;
}
static double wrong_dot(size_t n, const double x[], const double y[]) {
    return bound.dot(n, x, y) * (n == wrong_side ? fault : 1.0);
}
static void wrong_symmetric_product(size_t n, const double S[], const double v[],
                                    double out[]) {
    bound.symmetric_product(n, S, v, out);
    out[n - 1] *= n == wrong_side ? fault : 1.0;
}
static void wrong_update(size_t n, const double a[], const double b[], double S[]) {
    bound.symmetric_update(n, a, b, S);
    S[n * n - 1] *= n == wrong_side ? fault : 1.0;
}
static gradus_factor_result wrong_cholesky(size_t n, double S[]) {
    gradus_factor_result result = bound.cholesky(n, S);
    S[n * n - 1] *= n == wrong_side ? fault : 1.0;
    return result;
}
static void wrong_cholesky_solve(size_t n, const double L[], double b[]) {
    bound.cholesky_solve(n, L, b);
    b[n - 1] *= n == wrong_side ? fault : 1.0;
}
static gradus_factor_result wrong_invert(size_t n, double S[]) {
    gradus_factor_result result = bound.cholesky_invert(n, S);
    S[n * n - 1] *= n == wrong_side ? fault : 1.0;
    return result;
}
static gradus_factor_result wrong_solve(size_t n, double S[], double b[], void *space) {
    gradus_factor_result result = bound.symmetric_solve(n, S, b, space);
    for (size_t i = 0; i < n && n == wrong_side; i++)
        b[i] *= fault;
    return result;
}
static gradus_eigen_result wrong_eigen(size_t n, double S[], double values[], void *space) {
    gradus_eigen_result result = bound.eigen(n, S, values, space);
    for (size_t i = 0; i < n && n == wrong_side; i++)
        S[i] *= fault;
    return result;
}
static gradus_eigen_result wrong_values(size_t n, double S[], double values[],
                                        void *space) {
    gradus_eigen_result result = bound.eigenvalues(n, S, values, space);
    values[n - 1] *= n == wrong_side ? fault : 1.0;
    return result;
}
static bool wrong_tridiagonal(size_t n, double diagonal[], double beside[]) {
    bool ok = bound.tridiagonal(n, diagonal, beside);
    diagonal[n - 1] *= n == wrong_side ? fault : 1.0;
    return ok;
}

/* Those of the bound libraries, but for FUNCTION.  */
static gradus_blas_callers with_wrong(gradus_blas_function function) {
    gradus_blas_callers c = bound = gradus_blas_bound();
    switch (function) {
    case GRADUS_BLAS_DGEMM:
        c.product = wrong_product;
        break;
    case GRADUS_BLAS_DDOT:
        c.dot = wrong_dot;
        break;
    case GRADUS_BLAS_DSYMV:
        c.symmetric_product = wrong_symmetric_product;
        break;
    case GRADUS_BLAS_DSYR2:
        c.symmetric_update = wrong_update;
        break;
    case GRADUS_BLAS_DPOTRF:
        c.cholesky = wrong_cholesky;
        break;
    case GRADUS_BLAS_DPOTRS:
        c.cholesky_solve = wrong_cholesky_solve;
        break;
    case GRADUS_BLAS_DPOTRI:
        c.cholesky_invert = wrong_invert;
        break;
    case GRADUS_BLAS_DSYTRF:
        c.symmetric_solve = wrong_solve;
        break;
    case GRADUS_BLAS_DSYEVD:
        c.eigen = wrong_eigen;
        break;
    case GRADUS_BLAS_DSYEVD_VALUES:
        c.eigenvalues = wrong_values;
        break;
    case GRADUS_BLAS_DSTERF:
        c.tridiagonal = wrong_tridiagonal;
        break;
    default:
        ck_abort_msg("no such function");
    }
    return c;
}

static void expect_found(gradus_blas_function function, bool quick) {
    gradus_blas_report report;
    gradus_error why;
    char size[32];
    gradus_blas_callers callers = with_wrong(function);
    assert_ok(gradus_blas_examine(&report, &callers, quick, &why));
    const gradus_blas_row *row = &report.rows[function];
    printf("%s: %g at %s\n", row->name, row->worst, row->shape);
    ck_assert_msg(!gradus_blas_right(row), "the fault in %s is not found", row->name);
    ck_assert_int_eq(gradus_blas_judge(&report, &why), GRADUS_EIO);
    assert_sentence(why.text);
    snprintf(size, sizeof size, "%zu", wrong_side);
    if (function != GRADUS_BLAS_DPOTRF) /* whose fault is also seen in what follows it */
        assert_contains(row->shape, size);
    assert_contains(why.text, row->name);
    assert_contains(why.text, "OPENBLAS_CORETYPE");
}

static void seed_everywhere(double factor, bool quick) {
    static const size_t sides[] = {1, 8, 17, 33};
    fault = factor;
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
        for (int function = 0; function < GRADUS_BLAS_FUNCTIONS; function++) {
            wrong_side = sides[i];
            expect_found((gradus_blas_function)function, quick);
        }
}

START_TEST(seeded_faults_are_found) {
    seed_everywhere(1.0 + 1e-9, true);
    seed_everywhere(NAN, true);
}
END_TEST

/* The long form at a size that the quick one lacks.  */
START_TEST(the_long_form_finds_them_too) {
    fault = 1.0 + 1e-9;
    wrong_side = 129;
    for (int function = 0; function < GRADUS_BLAS_FUNCTIONS; function++)
        if (function == GRADUS_BLAS_DSYMV || function == GRADUS_BLAS_DSYEVD)
            expect_found((gradus_blas_function)function, false);
}
END_TEST

START_TEST(the_bound_libraries_are_right) {
    const gradus_blas_callers callers = gradus_blas_bound();
    for (int quick = 0; quick < 2; quick++) {
        gradus_blas_report report;
        gradus_error why;
        assert_ok(gradus_blas_examine(&report, &callers, quick, &why));
        ck_assert_msg(gradus_blas_judge(&report, &why) == GRADUS_OK, "%s", why.text);
        for (int i = 0; i < GRADUS_BLAS_FUNCTIONS; i++)
            ck_assert_uint_gt(report.rows[i].cases, 0);
        json_t *record = gradus_blas_record(&report);
        ck_assert(json_number_value(json_object_get(record, "worst")) <= 1.0);
        json_decref(record);
    }
}
END_TEST

TEST_MAIN("blas_check", seeded_faults_are_found, the_long_form_finds_them_too,
          the_bound_libraries_are_right)
