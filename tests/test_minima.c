/* The known minimisers of every problem that names some: the gradient vanishes there, the
   Hessian is positive definite, the value is finite, and no two are the same.  */

#include "core/problem.h"
#include "specs.h"

#include <float.h>

enum { LARGEST = 64 };

/* Cholesky's factorisation in place; false when MATRIX is not positive definite.  */
static bool is_definite(size_t n, double matrix[]) {
    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            for (size_t k = 0; k < j; k++)
                matrix[i * n + j] -= matrix[i * n + k] * matrix[j * n + k];
            if (i == j && !(matrix[j * n + j] > 0))
                return false;
            matrix[i * n + j] /= i == j ? sqrt(matrix[j * n + j]) : matrix[j * n + j];
        }
    }
    return true;
}

static double norm(size_t n, const double v[]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sqrt(sum);
}

static void check_minimum(gradus_problem *problem, const double x[]) {
    const gradus_problem_type *type = problem->type;
    const gradus_batch whole = {.count = problem->examples};
    size_t n = problem->dimension;
    double value, g[LARGEST], h[LARGEST * LARGEST];
    assert_ok(type->evaluate(problem->self, &whole, x, &value, g));
    assert_ok(type->hessian(problem->self, &whole, x, h));
    ck_assert(isfinite(value));
    /* Half a unit in the last place of x moves the gradient by that times the curvature;
       terms of the size of the curvature cancel in it.  */
    double scale = norm(n * n, h) * (1 + norm(n, x));
    ck_assert_msg(norm(n, g) <= 8 * DBL_EPSILON * scale, "%s: gradient %g of %g",
                  type->name, norm(n, g), scale);
    ck_assert_msg(is_definite(n, h), "%s: not a minimum", type->name);
}

START_TEST(every_known_minimum) {
    size_t problems = 0, minima = 0;
    make_specs();
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        const gradus_problem_type *type = gradus_problem_types[i];
        char spec[SPEC_SIZE];
        gradus_problem *problem;
        double x[LARGEST], before[LARGEST];
        if (!type->minimum)
            continue;
        assert_ok(gradus_problem_create(&problem, small_spec(type->name, spec), 1, NULL));
        ck_assert_uint_le(problem->dimension, LARGEST);
        size_t found = 0;
        for (; type->minimum(problem->self, found, x); found++) {
            check_minimum(problem, x);
            ck_assert(found == 0 || memcmp(x, before, problem->dimension * sizeof *x) != 0);
            memcpy(before, x, sizeof x);
        }
        printf("%s: %zu\n", type->name, found);
        ck_assert_uint_gt(found, 0);
        minima += found;
        problems++;
        gradus_problem_close(problem);
    }
    remove_specs();
    ck_assert_uint_ge(problems, 12);
    ck_assert_uint_ge(minima, problems);
}
END_TEST

TEST_MAIN("minima", every_known_minimum)
