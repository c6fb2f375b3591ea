/* Truncated conjugate gradients on small systems.  */

#include "conjugate/linear_cg.h"

#include "../support.h"

enum { N = 3, LONG = 40 };

typedef struct {
    size_t n, calls;
    const double *a; /* n x n */
} matrix_t;

static gradus_err multiply(void *context, const double v[], double result[]) {
    matrix_t *m = context;
    m->calls++;
    for (size_t i = 0; i < m->n; i++) {
        result[i] = 0.0;
        for (size_t j = 0; j < m->n; j++)
            result[i] += m->a[i * m->n + j] * v[j];
    }
    return GRADUS_OK;
}

static double r[LONG], p[LONG], ap[LONG];
static double root[LONG], largest[LONG], lost[LONG]; /* of its curvature */

static gradus_linear_cg workspace(size_t n) {
    return (gradus_linear_cg){.n = n,
                              .threads = 1,
                              .r = r,
                              .p = p,
                              .ap = ap,
                              .curvature = {.n = n,
                                            .threads = 1,
                                            .root = root,
                                            .largest = largest,
                                            .lost = lost}};
}

static double residual(const matrix_t *m, const double b[], const double x[]) {
    double total = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        double e = b[i];
        for (size_t j = 0; j < m->n; j++)
            e -= m->a[i * m->n + j] * x[j];
        total += e * e;
    }
    return sqrt(total);
}

static double dot(const double a[], const double b[], size_t n) {
    double total = 0.0;
    for (size_t i = 0; i < n; i++)
        total += a[i] * b[i];
    return total;
}

/* Positive definite; the solution is (1.385, -0.717, 0.265), b = A x exactly in decimals.
 */
static const double definite[N * N] = {3.7, 0.81, -1.2, 0.81, 2.45, 0.6, -1.2, 0.6, 4.9};
static const double solution[N] = {1.385, -0.717, 0.265};
static const double rhs[N] = {4.22573, -0.4758, -0.7937};

/* Three steps reach the solution of three equations but for rounding: the condition number
   is below 5 and the numbers near 1.  */
START_TEST(solves_in_as_many_steps_as_there_are_equations) {
    matrix_t m = {.n = N, .a = definite};
    gradus_linear_cg cg = workspace(N);
    double x[N];
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, rhs, 1e-13, N, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_CONVERGED);
    ck_assert_uint_eq(cg.iterations, N);
    ck_assert_uint_eq(m.calls, N);
    for (size_t i = 0; i < N; i++)
        assert_close(x[i], solution[i], 1e-13);
}
END_TEST

/* A matrix with spread eigenvalues: the tolerance is met and not by far too much, and the
   residual reported is the true one.  */
START_TEST(stops_at_the_tolerance) {
    static double a[LONG * LONG], b[LONG], x[LONG];
    for (size_t i = 0; i < LONG; i++) {
        b[i] = noise(i);
        for (size_t j = 0; j < LONG; j++)
            a[i * LONG + j] = (i == j ? 1.0 + (double)(i * i) : 0.0) + 0.37;
    }
    matrix_t m = {.n = LONG, .a = a};
    size_t last = 0;
    for (double tolerance = 0.5; tolerance > 1e-8; tolerance *= 0.1) {
        gradus_linear_cg cg = workspace(LONG);
        assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, b, tolerance, 1000, x));
        ck_assert_int_eq(cg.end, GRADUS_CG_CONVERGED);
        printf("tolerance %.0e: %zu iterations\n", tolerance, cg.iterations);
        ck_assert_uint_ge(cg.iterations, last);
        ck_assert(residual(&m, b, x) <= tolerance * (1.0 + 1e-6));
        ck_assert(fabs(residual(&m, b, x) - cg.residual) <= 1e-6 * tolerance);
        last = cg.iterations;
        assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, b, tolerance, last - 1, x));
        ck_assert_int_eq(cg.end, GRADUS_CG_ITERATIONS);
        ck_assert(cg.residual > tolerance);
        ck_assert(dot(x, b, LONG) > 0.0);
    }
}
END_TEST

START_TEST(zero_right_hand_side_takes_no_product) {
    static const double zero[N];
    matrix_t m = {.n = N, .a = definite};
    gradus_linear_cg cg = workspace(N);
    double x[N] = {1.0, 1.0, 1.0};
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, zero, 0.0, N, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_CONVERGED);
    ck_assert_uint_eq(m.calls, 0);
    ck_assert(memcmp(x, zero, sizeof zero) == 0);
}
END_TEST

/* Indefinite: the solution so far is kept, and it goes along b.  */
START_TEST(ends_at_negative_curvature) {
    static const double a[N * N] = {5.3, 0, 0, 0, 1.7, 0, 0, 0, -0.9};
    static const double b[N] = {1.385, 0.717, 0.265}, bad[N] = {0.1, 0.1, 2.385};
    static const double zero[N];
    matrix_t m = {.n = N, .a = a};
    gradus_linear_cg cg = workspace(N);
    double x[N];
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, b, 1e-12, 10, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_NOT_POSITIVE);
    ck_assert_uint_gt(cg.iterations, 0);
    ck_assert(dot(x, b, N) > 0.0);
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, bad, 1e-12, 10, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_NOT_POSITIVE);
    ck_assert_uint_eq(cg.iterations, 0);
    ck_assert(memcmp(x, zero, sizeof zero) == 0);
}
END_TEST

/* The matrix of softmax probabilities diag(q) - q q' has the null vector of ones.  With B
   in its range it is solved, to the tolerance that rounding allows.  With a part of 1e-9
   outside the range, which no x can remove, the null vector must not be taken for a
   direction: its curvature is 1e-17, and a step along it 1e8.  */
START_TEST(copes_with_a_singular_matrix) {
    static const double q[N] = {0.2, 0.3, 0.5};
    double a[N * N], x[N], b[N] = {1.385, -0.717, -0.668};
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            a[i * N + j] = (i == j ? q[i] : 0.0) - q[i] * q[j];
    matrix_t m = {.n = N, .a = a};
    gradus_linear_cg cg = workspace(N);
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, b, 0.0, 1000, x));
    printf("singular: %zu iterations\n", cg.iterations);
    ck_assert_int_eq(cg.end, GRADUS_CG_CONVERGED);
    /* The nonzero eigenvalues are above 0.2, so a residual of rounding is one of x too.  */
    assert_at_most("residual", residual(&m, b, x), 1e-14);
    assert_at_most("part along the null vector", fabs(x[0] + x[1] + x[2]), 1e-13);
    for (size_t i = 0; i < N; i++)
        b[i] += 1e-9;
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, b, 0.0, 1000, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_NOT_POSITIVE);
    assert_at_most("part along the null vector", fabs(x[0] + x[1] + x[2]), 1e-6);
}
END_TEST

START_TEST(not_finite_products_end_it) {
    static const double bad[2] = {NAN, INFINITY};
    for (size_t k = 0; k < 2; k++) {
        double a[N * N], x[N];
        memcpy(a, definite, sizeof a);
        a[4] = bad[k];
        matrix_t m = {.n = N, .a = a};
        gradus_linear_cg cg = workspace(N);
        assert_ok(gradus_linear_cg_solve(&cg, multiply, &m, rhs, 1e-12, 10, x));
        ck_assert_int_eq(cg.end, GRADUS_CG_NOT_POSITIVE);
        for (size_t i = 0; i < N; i++)
            ck_assert(x[i] == 0.0);
    }
}
END_TEST

static gradus_err refuse(void *context, const double v[], double result[]) {
    (void)context;
    (void)v;
    memset(result, 0, N * sizeof *result);
    return GRADUS_ENOMEM;
}

START_TEST(passes_an_error_on) {
    gradus_linear_cg cg = workspace(N);
    double x[N];
    ck_assert_int_eq(gradus_linear_cg_solve(&cg, refuse, NULL, rhs, 1e-12, 10, x),
                     GRADUS_ENOMEM);
}
END_TEST

/* A preconditioner for the matrix of the same context.  */
typedef struct {
    matrix_t matrix; /* first: the context of `multiply` too */
    const double *inverse;
} pair_t;

static gradus_err apply_inverse(void *context, const double v[], double result[]) {
    const pair_t *pair = context;
    matrix_t inverse = {.n = pair->matrix.n, .a = pair->inverse};
    return multiply(&inverse, v, result);
}

/* The solution does not depend on the preconditioner: both residuals are below 1e-12 and the
   smallest eigenvalue above 1.  A better one needs fewer steps.  */
START_TEST(a_preconditioner_changes_the_way_not_the_end) {
    static double a[LONG * LONG], inverse[LONG * LONG], b[LONG], x[LONG], y[LONG], z[LONG];
    for (size_t i = 0; i < LONG; i++) {
        b[i] = noise(i);
        for (size_t j = 0; j < LONG; j++)
            a[i * LONG + j] = (i == j ? 1.0 + (double)(i * i) : 0.0) + 0.37;
        inverse[i * LONG + i] = 1.0 / a[i * LONG + i];
    }
    pair_t pair = {.matrix = {.n = LONG, .a = a}, .inverse = inverse};
    gradus_linear_cg plain = workspace(LONG), cg = workspace(LONG);
    assert_ok(gradus_linear_cg_solve(&plain, multiply, &pair, b, 1e-12, 10 * LONG, x));
    cg.precondition = apply_inverse, cg.z = z;
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &pair, b, 1e-12, 10 * LONG, y));
    ck_assert_int_eq(cg.end, GRADUS_CG_CONVERGED);
    for (size_t i = 0; i < LONG; i++)
        assert_close(y[i], x[i], 1e-11);
    printf("%zu steps, preconditioned %zu\n", plain.iterations, cg.iterations);
    ck_assert_uint_lt(2 * cg.iterations, plain.iterations);
}
END_TEST

/* The inverse itself: one step.  */
START_TEST(the_inverse_needs_one_step) {
    static const double a[N * N] = {2, 0, 0, 0, 0.5, 0, 0, 0, 40};
    static const double inverse[N * N] = {0.5, 0, 0, 0, 2, 0, 0, 0, 0.025};
    pair_t pair = {.matrix = {.n = N, .a = a}, .inverse = inverse};
    gradus_linear_cg cg = workspace(N);
    double x[N], z[N];
    cg.precondition = apply_inverse, cg.z = z;
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &pair, rhs, 1e-14, N, x));
    ck_assert_uint_eq(cg.iterations, 1);
    for (size_t i = 0; i < N; i++)
        assert_close(x[i], rhs[i] * inverse[i * N + i], 1e-15);
}
END_TEST

START_TEST(a_preconditioner_must_be_positive) {
    static const double inverse[N * N] = {-1, 0, 0, 0, -1, 0, 0, 0, -1};
    pair_t pair = {.matrix = {.n = N, .a = definite}, .inverse = inverse};
    gradus_linear_cg cg = workspace(N);
    double x[N], z[N];
    cg.precondition = apply_inverse, cg.z = z;
    assert_ok(gradus_linear_cg_solve(&cg, multiply, &pair, rhs, 1e-12, N, x));
    ck_assert_int_eq(cg.end, GRADUS_CG_NOT_POSITIVE);
    for (size_t i = 0; i < N; i++)
        ck_assert(x[i] == 0.0);
}
END_TEST

/* From a start that is not 0, and the model follows: it is a sum of a few numbers near 1.  */
START_TEST(steps_lower_the_model) {
    matrix_t m = {.n = N, .a = definite};
    gradus_linear_cg cg = workspace(N);
    double x[N] = {0.385, 2.71, -0.6}, ax[N], model = INFINITY;
    assert_ok(gradus_linear_cg_begin(&cg, multiply, &m, rhs, x));
    for (size_t k = 0; k < N; k++) {
        assert_ok(gradus_linear_cg_advance(&cg, multiply, &m, x));
        ck_assert_uint_eq(cg.iterations, k + 1);
        multiply(&m, x, ax);
        assert_close(cg.model, 0.5 * dot(x, ax, N) - dot(x, rhs, N), 1e-13);
        ck_assert(cg.model < model);
        model = cg.model;
    }
    for (size_t i = 0; i < N; i++)
        assert_close(x[i], solution[i], 1e-13);
}
END_TEST

TEST_MAIN("linear_cg", solves_in_as_many_steps_as_there_are_equations,
          stops_at_the_tolerance, zero_right_hand_side_takes_no_product,
          ends_at_negative_curvature, copes_with_a_singular_matrix,
          not_finite_products_end_it, passes_an_error_on,
          a_preconditioner_changes_the_way_not_the_end, the_inverse_needs_one_step,
          a_preconditioner_must_be_positive, steps_lower_the_model)
