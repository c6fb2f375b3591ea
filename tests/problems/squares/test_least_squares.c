/* Sums of squares: the frame on linear residuals; the functions of More, Garbow and
   Hillstrom against independent numbers, and their published minima reached from their
   standard starts.  Derivatives and named minimisers are covered by the generic tests
   too.  */

#include "core/problem.h"
#include "problems/squares/least_squares.h"

#include "../../function.h"
#include "mgh_values.h"

#include <float.h>

enum { LARGEST = 12 };

static const gradus_batch whole = {.count = 1};

static gradus_problem *open_spec(const char *spec) {
    gradus_problem *problem;
    gradus_error why = {0};
    ck_assert_msg(!gradus_problem_create(&problem, spec, 1, &why), "%s", why.text);
    ck_assert_uint_le(problem->dimension, LARGEST);
    return problem;
}

/* ---- The frame ---- */

/* r = A x - b with whole numbers, so that everything is exact.  */
static const double matrix[4][3] = {{1, 2, 3}, {0, -1, 4}, {5, 0, 0}, {-2, 7, 1}};
static const double shift[4] = {3, -1, 2, 0};

static void linear_evaluate(size_t n, const double x[], double r[], double J[]) {
    for (size_t i = 0; i < 4; i++) {
        r[i] = -shift[i];
        for (size_t j = 0; j < n; j++)
            r[i] += matrix[i][j] * x[j];
        for (size_t j = 0; J && j < n; j++) {
            ck_assert_msg(J[i * n + j] == 0, "J is not zeroed");
            J[i * n + j] = matrix[i][j];
        }
    }
}

static void linear_start(size_t n, double x[]) {
    for (size_t j = 0; j < n; j++)
        x[j] = (double)j - 1;
}

static const gradus_residuals linear = {
    .name = "linear", .evaluate = linear_evaluate, .start = linear_start};

/* Without curvature the Hessian is 2 A'A wherever one is, and f a parabola.  */
START_TEST(linear_residuals) {
    gradus_least_squares self;
    const gradus_least_squares_params params = {.start_scale = 3};
    double x[3], v[3] = {2, -1, 3}, value, alone, g[3], again[3], hessian[9], product[3];
    double gauss_newton[3], diagonal[3];
    assert_ok(gradus_least_squares_open(&self, &linear, 3, 4, &params, NULL));
    gradus_least_squares_start(&self, NULL, x);
    ck_assert(x[0] == -3 && x[1] == 0 && x[2] == 3);
    for (int twice = 0; twice < 2; twice++) { /* nothing is left of the first time */
        assert_ok(gradus_least_squares_evaluate(&self, &whole, x, &value, g));
        assert_ok(gradus_least_squares_evaluate(&self, &whole, x, &alone, NULL));
        assert_ok(gradus_least_squares_evaluate(&self, &whole, x, NULL, again));
        assert_ok(gradus_least_squares_hessian(&self, &whole, x, hessian));
        assert_ok(gradus_least_squares_product(&self, &whole, x, v, product));
        assert_ok(gradus_least_squares_gauss_newton(&self, &whole, x, v, gauss_newton));
        assert_ok(gradus_least_squares_diagonal(&self, &whole, x, diagonal));
        ck_assert(value == 9 + 169 + 289 + 81 && alone == value); /* r = 3, 13, -17, 9 */
        for (size_t j = 0; j < 3; j++) {
            double slope = 0, want = 0;
            for (size_t i = 0; i < 4; i++)
                slope += 2 * matrix[i][j] * (double[]){3, 13, -17, 9}[i];
            ck_assert(g[j] == slope && again[j] == slope);
            for (size_t k = 0; k < 3; k++) {
                double square = 0;
                for (size_t i = 0; i < 4; i++)
                    square += 2 * matrix[i][j] * matrix[i][k];
                ck_assert_msg(hessian[3 * j + k] == square, "%zu, %zu", j, k);
                want += square * v[k];
            }
            ck_assert(product[j] == want && gauss_newton[j] == want);
            ck_assert(diagonal[j] == hessian[3 * j + j]);
        }
    }
    gradus_least_squares_close(&self);
}
END_TEST

/* Where all residuals are 0 so is the difference between the Hessian and 2 J'J; elsewhere it is
   not.  The numbers are below 1e3 at x.  */
START_TEST(gauss_newton_is_the_hessian_of_a_perfect_fit) {
    gradus_problem *p = open_spec("helical_valley");
    double x[3], start[3], v[3] = {0.717, -1.265, 2.385}, product[3], gauss_newton[3];
    p->type->start(p->self, NULL, start);
    ck_assert(p->type->minimum(p->self, 0, x));
    assert_ok(p->type->product(p->self, &whole, x, v, product));
    assert_ok(p->type->gauss_newton(p->self, &whole, x, v, gauss_newton));
    for (size_t j = 0; j < 3; j++)
        assert_close(gauss_newton[j], product[j], 1e-11);
    start[0] = 0.6;
    assert_ok(p->type->product(p->self, &whole, start, v, product));
    assert_ok(p->type->gauss_newton(p->self, &whole, start, v, gauss_newton));
    ck_assert(fabs(gauss_newton[1] - product[1]) > 1.0);
    ck_assert(gauss_newton[0] * v[0] + gauss_newton[1] * v[1] + gauss_newton[2] * v[2] > 0);
    gradus_problem_close(p);
}
END_TEST

START_TEST(starts) {
    double x[LARGEST];
    gradus_problem *problem = open_spec("wood:start_scale=10");
    problem->type->start(problem->self, NULL, x);
    ck_assert(x[0] == -30 && x[1] == -10 && x[2] == -30 && x[3] == -10);
    gradus_problem_close(problem);
    /* Algorithm 566's rule for a standard start at 0 */
    problem = open_spec("watson:start_scale=10");
    problem->type->start(problem->self, NULL, x);
    ck_assert(x[0] == 10 && x[5] == 10);
    gradus_problem_close(problem);
    problem = open_spec("watson");
    problem->type->start(problem->self, NULL, x);
    ck_assert(x[0] == 0 && x[5] == 0);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(refusals) {
    static const struct {
        const char *spec, *part;
    } bad[] = {{"extended_powell:dimension=6", "multiple of 4"},
               {"watson:dimension=32", "dimension"},
               {"watson:dimension=1", "dimension"},
               {"wood:dimension=4", "dimension"},
               {"wood:start_scale=-1", "start_scale"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gradus_problem *problem;
        gradus_error why = {0};
        ck_assert_msg(gradus_problem_create(&problem, bad[i].spec, 1, &why) ==
                          GRADUS_EINPUT,
                      "%s", bad[i].spec);
        assert_sentence(why.text);
        assert_contains(why.text, bad[i].part);
    }
}
END_TEST

/* ---- The functions ---- */

/* Value, slope and curvature along D.  */
static void along(gradus_problem *problem, const double x[], const double d[],
                  double out[3]) {
    const gradus_problem_type *type = problem->type;
    double g[LARGEST], Hd[LARGEST];
    assert_ok(type->evaluate(problem->self, &whole, x, &out[0], g));
    assert_ok(type->product(problem->self, &whole, x, d, Hd));
    out[1] = out[2] = 0;
    for (size_t j = 0; j < problem->dimension; j++) {
        out[1] += g[j] * d[j];
        out[2] += d[j] * Hd[j];
    }
}

/* The numbers, made in another way, are sums of at most some hundred terms that cancel in
   part, in residuals too: gaussian's are a hundredth of their terms.  Each term is good to
   a few units of 1e-16, so that 1e-13 is to be expected; a wrong formula is far off.  */
static void compare(const char *spec, const char *where, const double got[3],
                    const double want[3]) {
    static const char *const what[] = {"value", "slope", "curvature"};
    for (int k = 0; k < 3; k++) {
        double error = fabs(got[k] - want[k]) / fabs(want[k]);
        printf("%s, %s %s: %.3g\n", spec, what[k], where, error);
        ck_assert_msg(error <= 1e-11, "%s, %s %s: %.17g, want %.17g", spec, what[k], where,
                      got[k], want[k]);
    }
}

START_TEST(independent_values) {
    for (size_t i = 0; i < sizeof mgh_values / sizeof *mgh_values; i++) {
        const char *spec = mgh_values[i].spec;
        gradus_problem *problem = open_spec(spec);
        double x[LARGEST], d[LARGEST], got[3];
        for (size_t j = 0; j < problem->dimension; j++)
            d[j] = (j % 2 == 0 ? 1.0 : -1.0) / (double)(j + 2);
        problem->type->start(problem->self, NULL, x);
        along(problem, x, d, got);
        compare(spec, "at the start", got, mgh_values[i].start);
        for (size_t j = 0; j < problem->dimension; j++)
            x[j] = 0.75 * x[j] + 0.5 * d[j];
        along(problem, x, d, got);
        compare(spec, "beyond it", got, mgh_values[i].beyond);
        gradus_problem_close(problem);
    }
}
END_TEST

/* All around, past the jump of the angle, which is where x1 = 0 and x2 < 0: at x3 = 0 and
   radius 1 f is 10^4 theta^2, theta in turns.  */
START_TEST(the_angle) {
    static const double points[][3] = {/* x1, x2, turns */
                                       {1, 0, 0},
                                       {0, 1, 0.25},
                                       {-0.0, 1, 0.25},
                                       {-1, 0, 0.5},
                                       {-1, -0.0, 0.5},
                                       {0, -1, -0.25},
                                       {-0.0, -1, -0.25},
                                       {-0.6, -0.8, 0.5 + 0.147583617650433},
                                       {0.6, -0.8, -0.147583617650433}};
    gradus_problem *problem = open_spec("helical_valley");
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const double x[] = {points[i][0], points[i][1], 0};
        double value, turns = points[i][2];
        assert_ok(problem->type->evaluate(problem->self, &whole, x, &value, NULL));
        assert_close(value, 1e4 * turns * turns, 1e-13); /* 15 digits of turns */
    }
    gradus_problem_close(problem);
}
END_TEST

/* A minimiser printed with four digits: the value is what those digits leave, residuals of
   at most 10^4 (5e-9 9.106 + 1.098e-5 5e-4) and e^-9.1 5e-4.  */
START_TEST(printed_minimiser) {
    gradus_problem *problem = open_spec("powell_badly_scaled");
    const double x[] = {1.098e-5, 9.106};
    double value;
    assert_ok(problem->type->evaluate(problem->self, &whole, x, &value, NULL));
    assert_at_most("powell_badly_scaled near its minimiser", value, 5.2e-4 * 5.2e-4);
    gradus_problem_close(problem);
}
END_TEST

/* ---- The published minima ---- */

/* Zero: with the gradient at 1e-12 f is its square over a curvature, or, where the Hessian
   is singular (extended_powell), its power 4/3, 1e-16.  */
#define ZERO 0.0, 1e-14

#define STEIHAUG "trust_region:subproblem=steihaug"
#define EXACT    "trust_region:subproblem=exact"

/* Values of the paper to a unit of their last digit, since most are cut, not rounded.  All
   methods reach them from the standard start, but for these five, whose numbers are of
   what they do reach.

   trigonometric: all end in a local minimum.
   biggs_exp6: the exact trust region ends in a global minimum, the others in the local one
   that the paper gives too.
   chebyquad in 10 dimensions: the exact trust region ends below the minimum of the paper,
   in one of the value 4.77271e-3, as SciPy's trust-exact does.
   watson in 12 dimensions: curvatures at the minimum are from 2e-11 to 1e3; lbfgs stops
   on its way along the flattest direction, where values no longer tell points apart.
   powell_badly_scaled: curvatures of 1.7e10 and 2.4e-8 are further apart than what the
   inner solver of newton_cg resolves; it stops where it finds no decrease any more.  */
static const struct {
    const char *spec;
    double value, tolerance;
    const char *only; /* the methods, NULL for all */
} minima[] = {
    {"helical_valley", ZERO, NULL},
    {"biggs_exp6", 5.65565e-3, 1e-8, "lbfgs newton_cg " STEIHAUG}, /* the local one */
    {"biggs_exp6", ZERO, EXACT},
    {"gaussian", 1.12793e-8, 1e-13, NULL},
    {"powell_badly_scaled", ZERO, "lbfgs " STEIHAUG " " EXACT},
    {"powell_badly_scaled", 0, 1e-10, "newton_cg"},
    {"box_3d", ZERO, NULL},
    {"variably_dimensioned", ZERO, NULL},
    {"watson:dimension=6", 2.28767e-3, 1e-8, NULL},
    {"watson:dimension=9", 1.39976e-6, 1e-11, NULL},
    {"watson:dimension=12", 4.72238e-10, 1e-15, "newton_cg " STEIHAUG " " EXACT},
    {"watson:dimension=12", 4.72238e-10, 1e-8, "lbfgs"},
    {"penalty_1:dimension=4", 2.24997e-5, 1e-10, NULL},
    {"penalty_1:dimension=10", 7.08765e-5, 1e-10, NULL},
    {"penalty_2:dimension=4", 9.37629e-6, 1e-11, NULL},
    {"penalty_2:dimension=10", 2.93660e-4, 1e-9, NULL},
    {"brown_badly_scaled", ZERO, NULL},
    {"brown_dennis", 85822.2, 0.1, NULL},
    {"gulf", ZERO, NULL},
    {"rosenbrock", ZERO, NULL},
    {"beale", ZERO, NULL},
    {"trigonometric", 2.79506e-5, 1e-10, NULL},
    {"extended_powell", ZERO, NULL},
    {"wood", ZERO, NULL},
    {"chebyquad:dimension=7", ZERO, NULL},
    {"chebyquad:dimension=8", 3.51687e-3, 1e-8, NULL},
    {"chebyquad:dimension=9", ZERO, NULL},
    {"chebyquad:dimension=10", 6.50395e-3, 1e-8, "lbfgs newton_cg " STEIHAUG},
    {"chebyquad:dimension=10", 4.77271e-3, 1e-8, EXACT},
};

START_TEST(published_minima) {
    static const char *const methods[] = {"lbfgs", "newton_cg", STEIHAUG, EXACT};
    for (size_t i = 0; i < sizeof minima / sizeof *minima; i++)
        for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
            if (minima[i].only && !strstr(minima[i].only, methods[k]))
                continue;
            trial_t trial = trial_of_problem(minima[i].spec, methods[k],
                                             "updates=5000,gradient_tolerance=1e-12");
            gradus_stop stop = trial_finish(&trial);
            gradus_row row = trial_row(&trial);
            printf("%s, %s: %.9g after %zu updates, %s\n", minima[i].spec, methods[k],
                   row.train_value, row.update, gradus_stop_word(stop));
            ck_assert_msg(fabs(row.train_value - minima[i].value) <= minima[i].tolerance,
                          "%s, %s: %.9g, want %g", minima[i].spec, methods[k],
                          row.train_value, minima[i].value);
            trial_close(&trial);
        }
}
END_TEST

TEST_MAIN("least squares", linear_residuals, gauss_newton_is_the_hessian_of_a_perfect_fit,
          starts, refusals, independent_values, the_angle, printed_minimiser,
          published_minima)
