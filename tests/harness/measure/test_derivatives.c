/* The check of derivatives passes what is right and catches what is a little wrong.

   The faulty problems are the Rosenbrock function with one thing changed: the library's own
   entries are called, and then one number is scaled.  */

#include "harness/measure/derivatives.h"

#include "../../support.h"
#include "core/problem.h"

/* One part in ten thousand, in one coordinate.  */
static const double SLIGHTLY = 1.0001;
enum { FAULTY_COORDINATE = 3 };

typedef struct {
    gradus_problem *right;
    double gradient, product, hessian; /* factors of the faulty coordinate */
    double shift;                      /* added to the value: shows the floor is relative */
    bool not_a_number;                 /* the product is */
} faulty_t;

static size_t faulty_dimension(const void *self) {
    return ((const faulty_t *)self)->right->dimension;
}
static void faulty_start(const void *self, gradus_stream *stream, double x[]) {
    const gradus_problem *right = ((const faulty_t *)self)->right;
    right->type->start(right->self, stream, x);
}
static gradus_err faulty_evaluate(void *self, const gradus_batch *batch, const double x[],
                                  double *value, double gradient[]) {
    faulty_t *f = self;
    gradus_err err = f->right->type->evaluate(f->right->self, batch, x, value, gradient);
    if (value)
        *value += f->shift;
    if (gradient)
        gradient[FAULTY_COORDINATE] *= f->gradient;
    return err;
}
static gradus_err faulty_product(void *self, const gradus_batch *batch, const double x[],
                                 const double v[], double result[]) {
    faulty_t *f = self;
    gradus_err err = f->right->type->product(f->right->self, batch, x, v, result);
    result[FAULTY_COORDINATE] *= f->product;
    if (f->not_a_number)
        result[0] = NAN;
    return err;
}
static gradus_err faulty_hessian(void *self, const gradus_batch *batch, const double x[],
                                 double matrix[]) {
    faulty_t *f = self;
    gradus_err err = f->right->type->hessian(f->right->self, batch, x, matrix);
    size_t n = f->right->dimension;
    matrix[FAULTY_COORDINATE * n + FAULTY_COORDINATE] *= f->hessian;
    return err;
}

static const gradus_problem_type everything = {.name = "faulty",
                                               .dimension = faulty_dimension,
                                               .start = faulty_start,
                                               .evaluate = faulty_evaluate,
                                               .product = faulty_product,
                                               .hessian = faulty_hessian};

static gradus_derivatives check_near_start(gradus_problem *problem) {
    gradus_derivatives result;
    gradus_error why;
    double *x = calloc(problem->dimension, sizeof *x);
    gradus_stream *none = NULL; /* these problems start at a fixed point */
    problem->type->start(problem->self, none, x);
    ck_assert_msg(!gradus_derivatives_check(&result, problem, x, 1, &why), "%s", why.text);
    free(x);
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        if (result.taylor[i].made)
            printf("%s, %s: order %g, expected %d\n", problem->type->name,
                   result.taylor[i].name, result.taylor[i].order,
                   result.taylor[i].expected);
    printf("%s: symmetry %g, dense %g, bound %g\n", problem->type->name, result.symmetry,
           result.dense, result.tolerance);
    return result;
}

static gradus_derivatives check_faulty(const gradus_problem_type *type, const char *spec,
                                       faulty_t faulty) {
    gradus_problem *problem;
    gradus_error why;
    ck_assert_msg(!gradus_problem_create(&faulty.right, spec, 1, &why), "%s", why.text);
    ck_assert_msg(!gradus_problem_wrap(&problem, type, &faulty, 1, &why), "%s", why.text);
    gradus_derivatives result = check_near_start(problem);
    gradus_problem_close(problem);
    gradus_problem_close(faulty.right);
    return result;
}

static const faulty_t RIGHT = {.gradient = 1, .product = 1, .hessian = 1};
static const char ROSENBROCK[] = "rosenbrock:dimension=10";
static const char QUADRATIC[] = "quadratic:dimension=10";

START_TEST(right_passes) {
    static const char *const specs[] = {
        "rosenbrock", ROSENBROCK, "rosenbrock:dimension=2000",
        "quadratic",  QUADRATIC,  "quadratic:dimension=300,condition=1e8"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        gradus_problem *problem;
        gradus_error why;
        ck_assert_msg(!gradus_problem_create(&problem, specs[i], 1, &why), "%s", why.text);
        gradus_derivatives result = check_near_start(problem);
        ck_assert_msg(result.ok, "%s", specs[i]);
        gradus_problem_close(problem);
    }
}
END_TEST

/* The orders themselves: two-sided remainders of a polynomial of degree 4 are exactly of
   order 3 up to a term of relative size h^2.  */
START_TEST(orders_are_seen) {
    gradus_derivatives result = check_faulty(&everything, ROSENBROCK, RIGHT);
    ck_assert(result.ok);
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        if (result.taylor[i].made)
            ck_assert_double_eq_tol(result.taylor[i].order, result.taylor[i].expected, 0.1);
}
END_TEST

START_TEST(remainder_of_a_quadratic_is_rounding) {
    gradus_derivatives result = check_faulty(&everything, QUADRATIC, RIGHT);
    ck_assert(result.ok);
    ck_assert_double_eq_tol(result.taylor[GRADUS_TAYLOR_FORWARD].order, 2, 0.1);
    ck_assert(isnan(result.taylor[GRADUS_TAYLOR_CENTRAL].order));
    ck_assert(isnan(result.taylor[GRADUS_TAYLOR_PRODUCT].order));
}
END_TEST

START_TEST(large_value_raises_the_floor_only) {
    faulty_t f = RIGHT;
    f.shift = 1e10;
    ck_assert(check_faulty(&everything, ROSENBROCK, f).ok);
}
END_TEST

START_TEST(gradient_slightly_wrong) {
    static const char *const specs[] = {ROSENBROCK, QUADRATIC, "rosenbrock:dimension=1000",
                                        "quadratic:dimension=1000"};
    faulty_t f = RIGHT;
    f.gradient = SLIGHTLY;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        gradus_derivatives result = check_faulty(&everything, specs[i], f);
        ck_assert_msg(!result.taylor[GRADUS_TAYLOR_CENTRAL].ok, "%s", specs[i]);
        ck_assert(!result.ok);
    }
}
END_TEST

START_TEST(product_slightly_wrong) {
    static const char *const specs[] = {ROSENBROCK, QUADRATIC};
    faulty_t f = RIGHT;
    f.product = SLIGHTLY;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        gradus_derivatives result = check_faulty(&everything, specs[i], f);
        ck_assert(result.taylor[GRADUS_TAYLOR_FORWARD].ok);
        ck_assert(result.taylor[GRADUS_TAYLOR_CENTRAL].ok);
        ck_assert_msg(!result.taylor[GRADUS_TAYLOR_PRODUCT].ok, "%s", specs[i]);
        ck_assert(!result.ok);
    }
}
END_TEST

/* Row 3 is scaled and column 3 is not: only symmetric where row 3 is diagonal.  */
START_TEST(product_not_symmetric) {
    faulty_t f = RIGHT;
    f.product = SLIGHTLY;
    gradus_derivatives result = check_faulty(&everything, ROSENBROCK, f);
    ck_assert(result.symmetry > result.tolerance);
}
END_TEST

START_TEST(dense_hessian_slightly_wrong) {
    faulty_t f = RIGHT;
    f.hessian = SLIGHTLY;
    gradus_derivatives result = check_faulty(&everything, ROSENBROCK, f);
    for (int i = 0; i < GRADUS_TAYLOR_TESTS; i++)
        ck_assert(result.taylor[i].ok || !result.taylor[i].made);
    ck_assert(result.dense > result.tolerance);
    ck_assert(!result.ok);
}
END_TEST

/* Without products the dense Hessian is checked against gradients.  */
START_TEST(dense_hessian_alone) {
    gradus_problem_type type = everything;
    type.product = NULL;
    faulty_t f = RIGHT;
    gradus_derivatives right = check_faulty(&type, ROSENBROCK, f);
    ck_assert(right.ok && right.taylor[GRADUS_TAYLOR_PRODUCT].made && isnan(right.dense));
    f.hessian = SLIGHTLY;
    ck_assert(!check_faulty(&type, ROSENBROCK, f).taylor[GRADUS_TAYLOR_PRODUCT].ok);
}
END_TEST

START_TEST(gradient_alone) {
    gradus_problem_type type = everything;
    type.product = NULL;
    type.hessian = NULL;
    gradus_derivatives result = check_faulty(&type, ROSENBROCK, RIGHT);
    ck_assert(result.ok && !result.taylor[GRADUS_TAYLOR_PRODUCT].made);
    ck_assert(isnan(result.symmetry) && isnan(result.dense));
}
END_TEST

START_TEST(not_a_number_is_wrong) {
    faulty_t f = RIGHT;
    f.not_a_number = true;
    gradus_derivatives result = check_faulty(&everything, ROSENBROCK, f);
    ck_assert(!result.taylor[GRADUS_TAYLOR_PRODUCT].ok);
    ck_assert(!result.ok);
    f = RIGHT;
    f.gradient = NAN;
    result = check_faulty(&everything, ROSENBROCK, f);
    ck_assert(!result.taylor[GRADUS_TAYLOR_FORWARD].ok);
    ck_assert(!result.ok);
}
END_TEST

START_TEST(start_that_is_not_finite_is_refused) {
    gradus_problem *problem;
    gradus_derivatives result;
    gradus_error why;
    double x[10] = {NAN};
    ck_assert(!gradus_problem_create(&problem, ROSENBROCK, 1, &why));
    ck_assert_int_eq(gradus_derivatives_check(&result, problem, x, 1, &why), GRADUS_EINPUT);
    ck_assert_str_eq(why.text, "rosenbrock: the value near the start is not finite");
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("derivatives", right_passes, orders_are_seen,
          remainder_of_a_quadratic_is_rounding, large_value_raises_the_floor_only,
          gradient_slightly_wrong, product_slightly_wrong, product_not_symmetric,
          dense_hessian_slightly_wrong, dense_hessian_alone, gradient_alone,
          not_a_number_is_wrong, start_that_is_not_finite_is_refused)
