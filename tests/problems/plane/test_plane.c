/* Landscapes: values against independent arithmetic (mpmath with 30 digits, or by hand), the
   signature of saddles, how many minima there are, starts, refusals.  Derivatives and
   minimisers are covered by the generic tests.  */

#include "core/problem.h"

#include "../../function.h"
#include "harness/measure/derivatives.h"

#include <float.h>

static gradus_problem *open_spec(const char *spec) {
    gradus_problem *problem;
    gradus_error why = {0};
    ck_assert_msg(!gradus_problem_create(&problem, spec, 1, &why), "%s", why.text);
    ck_assert_uint_eq(gradus_problem_dimension(problem), 2);
    return problem;
}

static const gradus_batch whole = {.count = 1};

static double value_at(const char *spec, double x, double y) {
    gradus_problem *problem = open_spec(spec);
    double value, at[2] = {x, y};
    assert_ok(problem->type->evaluate(problem->self, &whole, at, &value, NULL));
    gradus_problem_close(problem);
    return value;
}

/* A few roundings of the largest term, which is a few times the value at most.  */
static const double FEW_ROUNDINGS = 16 * DBL_EPSILON;

START_TEST(values) {
    static const struct {
        const char *spec;
        double x, y, value;
    } cases[] = {
        {"valley:condition=50,angle=30", 0.7, -1.3, 54.453036377374059629597},
        {"valley:condition=50", 3, -2, 104.5}, /* (9 + 50 4) / 2 */
        {"saddle", 0.7, -1.3, 0.22805},
        {"monkey_saddle", 0.7, -1.3, 0.3583},
        {"cliff", 0.7, -1.3, 7.78028720717795209787},
        {"cliff:height=0,steepness=4", 3, -0.75, 1.42201988}, /* see below */
        {"plateau", 0.7, -1.3, 0.85557573117645802087},
        {"minima", 0.7, -1.3, 2.1316826262303431707},
        {"minima:number=3", 1, -2, 2.5}, /* the crate's term is 0 at whole numbers */
        {"beale", 0.7, -1.3, 7.63123541},
        {"beale", 1, 1, 14.203125}, /* 2.25 + 5.0625 + 6.890625 */
        {"himmelblau", 0.7, -1.3, 160.7282},
        {"himmelblau", -0.270845, -0.923039, 181.616521525}, /* its maximum */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double tolerance = FEW_ROUNDINGS, want = cases[i].value;
        if (strstr(cases[i].spec, "height=0")) /* (sqrt(9.0625) + sqrt(0.625) - 1/2) / 2 */
            want = (sqrt(9.0625) + sqrt(0.625) - 0.5) / 2;
        if (cases[i].x == -0.270845) /* published with 9 decimals */
            tolerance = 1e-9;
        double got = value_at(cases[i].spec, cases[i].x, cases[i].y);
        printf("%s at (%g, %g): %.17g\n", cases[i].spec, cases[i].x, cases[i].y, got);
        assert_close(got, want, tolerance);
    }
}
END_TEST

/* All critical points listed have gradient 0 and the curvatures given.  */
START_TEST(saddles) {
    static const struct {
        const char *spec;
        double x, y, xx, xy, yy;
    } cases[] = {
        {"saddle", 0, 0, 2, 0, -2},
        {"saddle", 0, 1, 2, 0, 4},
        {"monkey_saddle", 0, 0, 0, 0, 0},
        {"monkey_saddle", -1, 0, 3, 0, 9},
        {"valley:condition=9", 0, 0, 1, 0, 9},
        {"plateau", 0, 0, 1, 0, 2},
        {"cliff", 0, 0, 2, 0, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_problem *problem = open_spec(cases[i].spec);
        double value, g[2], h[4], at[2] = {cases[i].x, cases[i].y};
        assert_ok(problem->type->evaluate(problem->self, &whole, at, &value, g));
        assert_ok(problem->type->hessian(problem->self, &whole, at, h));
        ck_assert_msg(g[0] == 0 && g[1] == 0, "%s: %g %g", cases[i].spec, g[0], g[1]);
        assert_close(h[0], cases[i].xx, 0);
        assert_close(h[1], cases[i].xy, 0);
        assert_close(h[2], cases[i].xy, 0);
        assert_close(h[3], cases[i].yy, 0);
        gradus_problem_close(problem);
    }
}
END_TEST

/* On the ridge the gradient points along it, so that descent ends in the saddle.  */
START_TEST(ridges) {
    static const char *const specs[] = {"saddle:offset=0", "monkey_saddle:offset=0"};
    for (size_t i = 0; i < 2; i++) {
        trial_t trial = trial_of_problem(specs[i], "sgd:learning_rate=0.05",
                                         "updates=300,gradient_tolerance=0");
        trial_finish(&trial);
        const double *x = gradus_run_parameters(trial.run);
        ck_assert(x[1] == 0);
        /* r' = -3 r^2 - 3 r^3 gives r < 1 / (3 t) at the time t = 300 * 0.05; linear
           descent in the saddle is far below that.  */
        assert_at_most(specs[i], fabs(x[0]), 1 / (3 * 300 * 0.05));
        trial_close(&trial);
    }
}
END_TEST

/* The wall is as high and as steep as its keys say, and nothing left of its foot.  */
START_TEST(the_cliff) {
    const char *spec = "cliff:slope=1e-6,height=20,steepness=8";
    gradus_problem *problem = open_spec(spec);
    double g[2], at[2] = {1.0 / 16, 0}; /* t = 1/2 */
    assert_ok(problem->type->evaluate(problem->self, &whole, at, NULL, g));
    assert_close(g[0], 4 * exp(-2) * 20 * 8, 1e-7); /* the slope adds at most 1e-6 */
    at[0] = 1e6;
    ck_assert(value_at(spec, 1e6, 0) > 20 && value_at(spec, 1e6, 0) < 21.1);
    static const double near[] = {-1e-3, -1e-300, 0, 1e-300, 1e-5};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        at[0] = near[i];
        assert_ok(problem->type->evaluate(problem->self, &whole, at, NULL, g));
        ck_assert_msg(fabs(g[0]) <= 1e-6, "%g: %g", near[i], g[0]);
    }
    gradus_problem_close(problem);
}
END_TEST

/* Derivatives on the wall and behind it; the points of the generic test may miss it.  */
START_TEST(derivatives_on_the_cliff) {
    static const double points[][2] = {{0.4, 0.3}, {0.9, -1.1}, {2.5, 0.2}};
    gradus_problem *problem = open_spec("cliff:height=3,steepness=2");
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        gradus_derivatives d;
        assert_ok(gradus_derivatives_check(&d, problem, points[i], 1, NULL));
        for (int k = 0; k < GRADUS_TAYLOR_TESTS; k++) {
            printf("%s: order %.3f, expected %d\n", d.taylor[k].name, d.taylor[k].order,
                   d.taylor[k].expected);
            ck_assert(d.taylor[k].made && d.taylor[k].ok);
        }
        ck_assert(d.ok);
    }
    gradus_problem_close(problem);
}
END_TEST

/* NUMBER minima in a row and no more: h' changes sign upwards that often on a fine grid.  */
START_TEST(counts_minima) {
    static const int numbers[] = {1, 3, 5, 21};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char spec[64];
        snprintf(spec, sizeof spec, "minima:number=%d", numbers[i]);
        gradus_problem *problem = open_spec(spec);
        double x[2], g[2], before = -1;
        int found = 0, listed = 0;
        for (int k = -40001; k <= 40001; k += 2) { /* odd, so that 0 is between two */
            const double at[2] = {k * 1e-3, 0};
            assert_ok(problem->type->evaluate(problem->self, &whole, at, NULL, g));
            found += before < 0 && g[0] > 0;
            before = g[0];
        }
        while (problem->type->minimum(problem->self, (size_t)listed, x))
            listed++;
        printf("number=%d: %d in a row, %d listed\n", numbers[i], found, listed);
        ck_assert_int_eq(found, numbers[i]);
        ck_assert_int_eq(listed, numbers[i] * numbers[i]);
        gradus_problem_close(problem);
    }
}
END_TEST

START_TEST(starts) {
    static const struct {
        const char *spec;
        double x, y;
    } cases[] = {
        {"beale", 1, 1},
        {"himmelblau", 0, 0},
        {"valley", -8, 3},
        {"saddle:offset=0.25", -1.5, 0.25},
        {"monkey_saddle:offset=1e-9", 1, 1e-9},
        {"plateau:distance=5", -5, 1},
        {"minima", -1.6, 2.4},
        {"cliff:start_y=7", -3, 7},
        {"saddle:offset=0.25,start_x=2", 2, 0.25},
        {"saddle:start_x=0,start_y=-0.5", 0, -0.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trial_t trial = trial_of_problem(cases[i].spec, "sgd", "updates=1");
        const double *x = gradus_run_parameters(trial.run);
        ck_assert_msg(x[0] == cases[i].x && x[1] == cases[i].y, "%s: %g %g", cases[i].spec,
                      x[0], x[1]);
        trial_close(&trial);
    }
    /* Turning the valley turns its start: the value there stays.  */
    trial_t turned = trial_of_problem("valley:angle=-50,condition=7", "sgd", "updates=1");
    assert_close(trial_row(&turned).train_value, (64 + 7 * 9) / 2.0, FEW_ROUNDINGS);
    trial_close(&turned);
}
END_TEST

START_TEST(refusals) {
    gradus_problem *problem;
    gradus_error why = {0};
    ck_assert_int_eq(gradus_problem_create(&problem, "minima:number=4", 1, &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "odd");
    ck_assert_int_eq(gradus_problem_create(&problem, "cliff:steepness=0", 1, &why),
                     GRADUS_EINPUT);
    ck_assert_int_eq(gradus_problem_create(&problem, "beale:start_x=nan", 1, &why),
                     GRADUS_EINPUT);
}
END_TEST

/* Powers of two, so that nothing is rounded that was not before.  */
START_TEST(units) {
    static const char *const names[] = {"beale", "minima", "saddle", "valley"};
    const double unit = 8, value_unit = 1024;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char spec[64];
        double x[2], y[2], f, g[2], h[4], scaled_f, scaled_g[2], scaled_h[4];
        snprintf(spec, sizeof spec, "%s:parameter_unit=8,value_unit=1024", names[i]);
        gradus_problem *plain = open_spec(names[i]), *scaled = open_spec(spec);
        plain->type->start(plain->self, NULL, x);
        scaled->type->start(scaled->self, NULL, y);
        ck_assert(y[0] == unit * x[0] && y[1] == unit * x[1]);
        assert_ok(plain->type->evaluate(plain->self, &whole, x, &f, g));
        assert_ok(scaled->type->evaluate(scaled->self, &whole, y, &scaled_f, scaled_g));
        assert_ok(plain->type->hessian(plain->self, &whole, x, h));
        assert_ok(scaled->type->hessian(scaled->self, &whole, y, scaled_h));
        ck_assert(scaled_f == value_unit * f);
        for (size_t k = 0; k < 2; k++)
            ck_assert(scaled_g[k] == value_unit / unit * g[k]);
        for (size_t k = 0; k < 4; k++)
            ck_assert(scaled_h[k] == value_unit / (unit * unit) * h[k]);
        ck_assert(plain->type->minimum(plain->self, 0, x) &&
                  scaled->type->minimum(scaled->self, 0, y));
        ck_assert(y[0] == unit * x[0] && y[1] == unit * x[1]);
        gradus_problem_close(plain);
        gradus_problem_close(scaled);
    }
}
END_TEST

TEST_MAIN("plane", units, values, saddles, ridges, the_cliff, derivatives_on_the_cliff,
          counts_minima, starts, refusals)
