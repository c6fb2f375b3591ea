/* Derivatives of every problem in the library, by the orders of Taylor remainders.  */

#include "core/problem.h"
#include "harness/measure/derivatives.h"
#include "specs.h"

enum { LARGEST = 256, POINTS = 3 };

static void check(gradus_problem *problem, const double x[], uint64_t seed) {
    const char *name = gradus_problem_get_type(problem)->name;
    gradus_derivatives d;
    gradus_error why;
    ck_assert_msg(!gradus_derivatives_check(&d, problem, x, seed, &why), "%s", why.text);
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        if (d.taylor[i].made) {
            printf("%s, %s: order %.3f, expected %d\n", name, d.taylor[i].name,
                   d.taylor[i].order, d.taylor[i].expected);
            ck_assert_msg(d.taylor[i].ok, "%s: %s", name, d.taylor[i].name);
        }
    ck_assert_msg(d.ok, "%s: symmetry %g, dense %g, tolerance %g", name, d.symmetry,
                  d.dense, d.tolerance);
    unsigned can = gradus_problem_abilities(problem);
    ck_assert(d.taylor[GRADUS_TAYLOR_FORWARD].made && d.taylor[GRADUS_TAYLOR_CENTRAL].made);
    ck_assert(d.taylor[GRADUS_TAYLOR_PRODUCT].made == !!(can & GRADUS_CAN_PRODUCT));
    ck_assert(d.taylor[GRADUS_TAYLOR_DIAGONAL].made == !!(can & GRADUS_CAN_DIAGONAL));
}

/* The diagonal is that of the dense Hessian, where there are both: other sums of the same
   numbers, but for rounding, in units of the largest.  */
static void check_diagonal(gradus_problem *problem, const double x[]) {
    static double matrix[LARGEST * LARGEST], diagonal[LARGEST];
    const gradus_problem_type *type = gradus_problem_get_type(problem);
    if (!type->diagonal || !type->hessian)
        return;
    size_t n = gradus_problem_dimension(problem);
    double largest = 0.0, worst = 0.0;
    gradus_batch all = {.count = gradus_problem_examples(problem)};
    assert_ok(type->hessian(problem->self, &all, x, matrix));
    assert_ok(type->diagonal(problem->self, &all, x, diagonal));
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(matrix[i * n + i]));
        worst = fmax(worst, fabs(matrix[i * n + i] - diagonal[i]));
    }
    ck_assert_msg(worst <= 1e-13 * largest, "%s: diagonal off by %g of %g", type->name,
                  worst, largest);
}

START_TEST(every_problem) {
    make_specs();
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        char spec[SPEC_SIZE];
        gradus_problem *problem;
        gradus_error why;
        small_spec(gradus_problem_types[i]->name, spec);
        ck_assert_msg(!gradus_problem_create(&problem, spec, 1, &why), "%s", why.text);
        size_t n = gradus_problem_dimension(problem);
        double x[LARGEST];
        ck_assert_uint_le(n, LARGEST);
        for (uint64_t point = 0; point < POINTS; point++) {
            for (size_t j = 0; j < n; j++)
                x[j] = 1.5 * noise(point * LARGEST + j);
            check(problem, x, point + 1);
            check_diagonal(problem, x);
        }
        gradus_problem_close(problem);
    }
    remove_specs();
}
END_TEST

/* The check itself must be able to fail: a gradient, a product, then a diagonal 1 % too
   large.  */

static const gradus_problem_type *honest;
static double gradient_factor, product_factor, diagonal_factor;

static gradus_err wrong_evaluate(void *self, const gradus_batch *batch, const double x[],
                                 double *value, double gradient[]) {
    gradus_err err = honest->evaluate(self, batch, x, value, gradient);
    for (size_t i = 0; gradient && i < honest->dimension(self); i++)
        gradient[i] *= gradient_factor;
    return err;
}

static gradus_err wrong_product(void *self, const gradus_batch *batch, const double x[],
                                const double v[], double result[]) {
    gradus_err err = honest->product(self, batch, x, v, result);
    for (size_t i = 0; i < honest->dimension(self); i++)
        result[i] *= product_factor;
    return err;
}

/* Of Rosenbrock's function in two variables.  */
static gradus_err maybe_wrong_diagonal(void *self, const gradus_batch *batch,
                                       const double x[], double diagonal[]) {
    (void)self, (void)batch;
    diagonal[0] = diagonal_factor * (1200 * x[0] * x[0] - 400 * x[1] + 2);
    diagonal[1] = diagonal_factor * 200;
    return GRADUS_OK;
}

START_TEST(wrong_derivatives_are_noticed) {
    static const double factors[][3] = {{1, 1, 1},  {1.01, 1, 1}, {-1, 1, 1}, {1, 1.01, 1},
                                        {1, -1, 1}, {1, 1, 1.01}, {1, 1, -1}};
    for (size_t i = 0; gradus_problem_types[i]; i++) {
        honest = gradus_problem_types[i];
        if (strcmp(honest->name, "rosenbrock") == 0)
            break;
    }
    gradus_problem_type type = *honest;
    type.evaluate = wrong_evaluate, type.product = wrong_product, type.hessian = NULL;
    type.diagonal = maybe_wrong_diagonal;
    for (int i = 0; i < 7; i++) {
        gradient_factor = factors[i][0], product_factor = factors[i][1];
        diagonal_factor = factors[i][2];
        gradus_problem *problem;
        gradus_derivatives d;
        const double x[2] = {0.7, -0.4};
        assert_ok(gradus_problem_open(&problem, &type, NULL, 1, NULL));
        assert_ok(gradus_derivatives_check(&d, problem, x, 1, NULL));
        ck_assert_msg(d.ok == (i == 0), "case %d", i);
        gradus_problem_close(problem);
    }
}
END_TEST

TEST_MAIN("derivatives", every_problem, wrong_derivatives_are_noticed)
