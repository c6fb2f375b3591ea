/* The bound on the distance to the minimum: no gap is larger, some are as large, and there is
   none where the problem is not strongly convex.  */

#include "core/problem.h"
#include "specs.h"

#include <float.h>

enum { LARGEST = 64, POINTS = 20 };

static gradus_problem *open_problem(const char *form) {
    char spec[SPEC_SIZE];
    gradus_problem *problem;
    snprintf(spec, sizeof spec, form, spec_folder);
    assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
    ck_assert_uint_le(problem->dimension, LARGEST);
    return problem;
}

/* The value at X, and what the bound says there.  */
static double value_at(gradus_problem *problem, const double x[], double *bound) {
    const gradus_batch whole = {.count = problem->examples};
    double value, g[LARGEST], square = 0;
    assert_ok(problem->type->evaluate(problem->self, &whole, x, &value, g));
    for (size_t i = 0; i < problem->dimension; i++)
        square += g[i] * g[i];
    *bound = gradus_problem_gap_bound(problem, sqrt(square));
    return value;
}

/* By Newton's method, down to rounding.  */
static double least_value(gradus_problem *problem) {
    gradus_method *method;
    gradus_run *run;
    double bound;
    assert_ok(gradus_method_create(&method, "newton", NULL));
    assert_ok(gradus_run_open(&run, problem, method, NULL,
                              "gradient_tolerance=1e-14,updates=100", NULL));
    while (gradus_run_test(run) == GRADUS_RUNNING)
        assert_ok(gradus_run_step(run, NULL));
    double least = value_at(problem, gradus_run_parameters(run), &bound);
    /* A search ends where the decrease in sight, g'H^-1 g / 2, is below ten roundings of a
       value of size 1, and the bound is at most the condition of H times that, 50 here.  The
       gaps that are looked at are 1e-10 and more.  */
    assert_at_most("bound at the minimum", bound, 50 * 10 * DBL_EPSILON);
    gradus_run_close(run);
    gradus_method_close(method);
    return least;
}

static void no_gap_is_larger(const char *form) {
    gradus_problem *problem = open_problem(form);
    double least = least_value(problem), x[LARGEST], bound, closest = 0;
    for (size_t k = 0; k < POINTS; k++) {
        /* near the minimum and far from it, where values are of size 1 and more */
        for (size_t i = 0; i < problem->dimension; i++)
            x[i] = pow(10, 1 - 0.2 * (double)k) * noise(LARGEST * k + i);
        double gap = value_at(problem, x, &bound) - least;
        ck_assert(gap > 1e-10);
        ck_assert_msg(gap <= bound * (1 + 1e-12), "%s: %g above the minimum, bound %g",
                      form, gap, bound);
        closest = fmax(closest, gap / bound);
    }
    printf("%s: largest gap %.3g of its bound\n", form, closest);
    gradus_problem_close(problem);
}

START_TEST(no_gap_is_larger_than_its_bound) {
    make_specs();
    no_gap_is_larger("quadratic:dimension=11,condition=50");
    no_gap_is_larger("quadratic:dimension=1,condition=7");
    no_gap_is_larger("logistic:data=%s/two.svm,l2=0.03,bias=no");
    no_gap_is_larger("logistic:data=%s/two.svm,l2=0.03,regularize_bias=yes");
    no_gap_is_larger("softmax:data=%s/three.svm,l2=0.05,bias=no");
    no_gap_is_larger(
        "softmax:data=%s/three.svm,l2=0.05,regularize_bias=yes,scaling=standard");
    remove_specs();
}
END_TEST

/* Off by 2.5 in the coordinate of the least curvature, 1: both are 2.5^2 / 2.  */
START_TEST(the_bound_is_reached) {
    gradus_problem *problem = open_problem("quadratic:dimension=4,condition=50");
    double x[] = {3.5, 1, 1, 1}, bound, value = value_at(problem, x, &bound);
    assert_close(value, 3.125, DBL_EPSILON);
    assert_close(bound, 3.125, DBL_EPSILON);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(none_without_strong_convexity) {
    static const char *const forms[] = {
        "rosenbrock:dimension=2",
        "slopes",
        "logistic:data=%s/two.svm,l2=0.03", /* the bias is free */
        "softmax:data=%s/three.svm,l2=0.05",
        "softmax:data=%s/three.svm,bias=no",
    };
    make_specs();
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        gradus_problem *problem = open_problem(forms[i]);
        ck_assert_msg(isnan(gradus_problem_gap_bound(problem, 1e-3)), "%s", forms[i]);
        gradus_problem_close(problem);
    }
    remove_specs();
}
END_TEST

TEST_MAIN("gap_bound", no_gap_is_larger_than_its_bound, the_bound_is_reached,
          none_without_strong_convexity)
