/* Linear models along a ray: what is said there is what a full evaluation says.  */

#include "core/problem.h"

#include "../../specs.h"
#include "../../support.h"

#include <float.h>
#include <string.h>

enum { MOST = 200 };

static const char *const models[] = {"softmax", "logistic"};
static const char *const options[] = {"", ",l2=0.37", ",l2=0.37,regularize_bias=yes",
                                      ",l2=0.02,scaling=standard", ",bias=no,scaling=max"};
static const size_t rows[] = {4, 25, 9, 17, 28, 12, 11};

static gradus_problem *open_model(int model, int option, size_t threads) {
    gradus_problem *problem;
    char spec[SPEC_SIZE];
    gradus_error why = {0};
    snprintf(spec, sizeof spec, "%s:data=%s/%s.svm%s", models[model], spec_folder,
             model ? "two" : "three", options[option]);
    ck_assert_msg(gradus_problem_create(&problem, spec, threads, &why) == GRADUS_OK, "%s",
                  why.text);
    ck_assert_uint_le(problem->dimension, MOST);
    return problem;
}

static void draw(size_t n, double x[], double d[]) {
    for (size_t i = 0; i < n; i++) {
        x[i] = 0.4 * noise(31 + i);
        d[i] = 0.7 * noise(5000 + i);
    }
}

/* Value and slope at STEP by value and gradient there.  */
static void evaluate(gradus_problem *p, const gradus_batch *batch, const double x[],
                     const double d[], double step, double *value, double *slope) {
    double moved[MOST], gradient[MOST];
    for (size_t i = 0; i < p->dimension; i++)
        moved[i] = x[i] + step * d[i];
    assert_ok(p->type->evaluate(p->self, batch, moved, value, gradient));
    *slope = 0.0;
    for (size_t i = 0; i < p->dimension; i++)
        *slope += gradient[i] * d[i];
}

/* Scores are sums of some ten terms, off by some eps of their size, which the loss passes on
   with a factor of 1 at most and the mean averages; the slope is a sum of products of the
   like.  Relative to the largest of score and step, 16 eps is plenty.  Every model, batch
   and option, from a point that was just evaluated, where the scores are known, and from one
   that was not.  */
START_TEST(agrees_with_evaluations) {
    static const double steps[] = {0.0, 1.0, -0.37, 2.4, 31.7};
    double x[MOST], d[MOST], value, slope, want, gradient[MOST], worst = 0.0;
    make_specs();
    for (int m = 0; m < 2; m++)
        for (size_t o = 0; o < sizeof options / sizeof *options; o++)
            for (int part = 0; part < 2; part++)
                for (int known = 0; known < 2; known++) {
                    gradus_problem *p = open_model(m, (int)o, 1);
                    gradus_batch batch = {.count = part ? 7 : p->examples,
                                          .rows = part ? rows : NULL};
                    draw(p->dimension, x, d);
                    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                        double there;
                        if (known)
                            assert_ok(
                                p->type->evaluate(p->self, &batch, x, &want, gradient));
                        assert_ok(p->type->ray(p->self, &batch, x, d));
                        assert_ok(p->type->along(p->self, steps[s], &value, &slope));
                        evaluate(p, &batch, x, d, steps[s], &want, &there);
                        double size = fmax(1.0, fmax(fabs(want), fabs(there)));
                        worst = fmax(worst, fabs(value - want) / size);
                        worst = fmax(worst, fabs(slope - there) / size);
                        ck_assert(isfinite(value) && isfinite(slope));
                    }
                    gradus_problem_close(p);
                }
    assert_at_most("value and slope, relative", worst, 16 * DBL_EPSILON);
    remove_specs();
}
END_TEST

/* The slope is the derivative of the value: central differences with h^2 = eps^(2/3).  */
START_TEST(slope_is_the_derivative) {
    double x[MOST], d[MOST], low, high, slope, other, h = cbrt(DBL_EPSILON);
    make_specs();
    for (int m = 0; m < 2; m++) {
        gradus_problem *p = open_model(m, 1, 1);
        gradus_batch all = {.count = p->examples};
        draw(p->dimension, x, d);
        assert_ok(p->type->ray(p->self, &all, x, d));
        assert_ok(p->type->along(p->self, 0.8 - h, &low, &other));
        assert_ok(p->type->along(p->self, 0.8 + h, &high, &other));
        assert_ok(p->type->along(p->self, 0.8, &other, &slope));
        assert_close((high - low) / (2 * h), slope, 1e-9);
        gradus_problem_close(p);
    }
    remove_specs();
}
END_TEST

/* Any number of threads, and whatever was evaluated before.  */
START_TEST(same_bits_always) {
    double x[MOST], d[MOST], value[3], slope[3], product[MOST], want[MOST];
    make_specs();
    for (int m = 0; m < 2; m++) {
        for (size_t threads = 1; threads <= 3; threads++) {
            gradus_problem *p = open_model(m, 3, threads);
            gradus_batch all = {.count = p->examples};
            draw(p->dimension, x, d);
            if (threads == 2) /* the scores at x are known */
                assert_ok(p->type->product(p->self, &all, x, d, product));
            assert_ok(p->type->ray(p->self, &all, x, d));
            assert_ok(
                p->type->along(p->self, 0.6, &value[threads - 1], &slope[threads - 1]));
            /* a product after a ray knows that its probabilities are gone */
            assert_ok(p->type->product(p->self, &all, x, d, threads == 1 ? want : product));
            ck_assert_mem_eq(threads == 1 ? want : product, want,
                             p->dimension * sizeof *want);
            gradus_problem_close(p);
        }
        for (int i = 1; i < 3; i++)
            ck_assert(same_bits(value[i], value[0]) && same_bits(slope[i], slope[0]));
    }
    remove_specs();
}
END_TEST

/* Scores of 1e4 and more are no overflow, and a step that is not finite is no crash.  */
START_TEST(far_away) {
    double x[MOST], d[MOST], value, slope;
    make_specs();
    for (int m = 0; m < 2; m++) {
        gradus_problem *p = open_model(m, 1, 1);
        gradus_batch all = {.count = p->examples};
        draw(p->dimension, x, d);
        assert_ok(p->type->ray(p->self, &all, x, d));
        assert_ok(p->type->along(p->self, 1e6, &value, &slope));
        ck_assert(isfinite(value) && isfinite(slope) && slope > 0.0);
        assert_ok(p->type->along(p->self, INFINITY, &value, &slope));
        ck_assert(!isfinite(value) || !isfinite(slope));
        gradus_problem_close(p);
    }
    remove_specs();
}
END_TEST

TEST_MAIN("linear_ray", agrees_with_evaluations, slope_is_the_derivative, same_bits_always,
          far_away)
