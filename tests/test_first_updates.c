/* First updates in closed form, and identities between rules.  */

#include "gradus.h"
#include "support.h"

#include <float.h>

enum { LARGEST = 8 };

/* The parameters after UPDATES updates of METHOD on PROBLEM.  */
static void run(const char *problem_spec, const char *method_spec, const double start[],
                int updates, double x[]) {
    gradus_problem *problem = NULL;
    gradus_method *method = NULL;
    gradus_run *run = NULL;
    gradus_error why = {0};
    ck_assert_msg(
        !gradus_problem_create(&problem, problem_spec, 1, &why) &&
            !gradus_method_create(&method, method_spec, &why) &&
            !gradus_run_open(&run, problem, method, start, "gradient_tolerance=0", &why),
        "%s", why.text);
    size_t n = gradus_problem_dimension(problem);
    ck_assert_uint_le(n, LARGEST);
    for (int i = 0; i < updates; i++) {
        assert_ok(gradus_run_step(run, &why));
        ck_assert_msg(gradus_run_stop(run) == GRADUS_RUNNING, "%s: %s", method_spec,
                      gradus_stop_word(gradus_run_stop(run)));
    }
    memcpy(x, gradus_run_parameters(run), n * sizeof *x);
    gradus_run_close(run);
    gradus_method_close(method);
    gradus_problem_close(problem);
}

/* One line of slope g, from 0.  Every step is a few roundings of numbers of its own size.  */
START_TEST(first_steps) {
    static const double slopes[] = {2.385, -0.0173};
    for (size_t i = 0; i < 2; i++) {
        double g = slopes[i], sign = g > 0 ? 1.0 : -1.0, x;
        char problem[64];
        snprintf(problem, sizeof problem, "slopes:slopes=%.17g", g);
        run(problem, "adam:learning_rate=0.37,epsilon=0", NULL, 1, &x);
        assert_close(x / 0.37, -sign, 8 * DBL_EPSILON);
        run(problem, "adam:learning_rate=0.37,epsilon=0.2", NULL, 1, &x);
        assert_close(x / 0.37, -g / (fabs(g) + 0.2), 8 * DBL_EPSILON);
        run(problem, "adam:learning_rate=0.37,epsilon=0.2,epsilon_placement=inside", NULL,
            1, &x);
        assert_close(x / 0.37, -g / sqrt(g * g + 0.2), 8 * DBL_EPSILON);
        run(problem, "adamax:learning_rate=0.37", NULL, 1, &x);
        assert_close(x / 0.37, -sign, 8 * DBL_EPSILON);
        run(problem, "nadam:learning_rate=0.37,beta1=0.9,epsilon=0,momentum_decay=0", NULL, 1, &x);
        /* mu is beta1 / 2 = 0.45 throughout: 1 + 0.45 (1 - 0.45) / (1 - 0.45^2) */
        assert_close(x / 0.37, -sign * (1.0 + 0.45 * 0.55 / (1.0 - 0.2025)),
                     16 * DBL_EPSILON);
        run(problem, "rmsprop:learning_rate=0.37,epsilon=0", NULL, 1, &x);
        assert_close(x / 0.37, -sign / sqrt(0.1), 8 * DBL_EPSILON);
        run(problem, "adagrad:learning_rate=0.37,epsilon=0", NULL, 1, &x);
        assert_close(x / 0.37, -sign, 8 * DBL_EPSILON);
        run(problem, "adadelta:epsilon=1e-3", NULL, 1, &x);
        assert_close(x, -g * sqrt(1e-3 / (0.05 * g * g + 1e-3)), 8 * DBL_EPSILON);
        run(problem, "adamw:learning_rate=0.37,epsilon=0,weight_decay=0.5", NULL, 1, &x);
        assert_close(x / 0.37, -sign, 8 * DBL_EPSILON); /* there is nothing to decay at 0 */
        run(problem, "nesterov:learning_rate=0.37", NULL, 1, &x);
        assert_close(x, -0.37 * g, 8 * DBL_EPSILON);
    }
}
END_TEST

/* A constant gradient: AdaGrad's steps fall like 1/sqrt(k), momentum's rise to 1/(1 - mu).  */
START_TEST(constant_gradient) {
    double before, after;
    for (int k = 1; k < 50; k += 7) {
        run("slopes", "adagrad:learning_rate=0.37,epsilon=0", NULL, k - 1, &before);
        run("slopes", "adagrad:learning_rate=0.37,epsilon=0", NULL, k, &after);
        assert_close((after - before) / 0.37, -1.0 / sqrt(k), 64 * DBL_EPSILON);
        run("slopes", "sgd:learning_rate=0.37,momentum=0.9", NULL, k - 1, &before);
        run("slopes", "sgd:learning_rate=0.37,momentum=0.9", NULL, k, &after);
        assert_close((after - before) / 0.37, -(1.0 - pow(0.9, k)) / 0.1, 1e-12);
    }
}
END_TEST

/* A parameter whose gradient is zero stays, with an epsilon of 0 too; the other moves.  */
START_TEST(zero_gradient_and_no_epsilon) {
    static const char *const methods[] = {"adagrad:epsilon=0",
                                          "rmsprop:epsilon=0",
                                          "rmsprop:epsilon=0,momentum=0.5",
                                          "rmsprop:epsilon=0,epsilon_placement=inside",
                                          "adam:epsilon=0",
                                          "adam:epsilon=0,epsilon_placement=inside",
                                          "adam:epsilon=0,bias_correction=no",
                                          "adamax",
                                          "nadam:epsilon=0",
                                          "amsgrad:epsilon=0",
                                          "adamw:epsilon=0,weight_decay=0"};
    static const double start[] = {1.0, 2.5}; /* the first coordinate is at its minimum */
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        double x[2];
        run("quadratic:dimension=2,condition=3", methods[i], start, 5, x);
        ck_assert_msg(x[0] == 1.0, "%s: %g", methods[i], x[0]);
        ck_assert_msg(x[1] < 2.5, "%s: %g", methods[i], x[1]);
    }
}
END_TEST

/* With beta1 = 0 Adam is RMSProp with a corrected average: on a constant gradient both averages
   are the squared gradient itself, so every step is the rate.  On a quadratic, the
   correction 1/(1 - beta2^t) written out here.  */
START_TEST(adam_without_first_moment) {
    double d = 3.0, x = 2.5, v = 0.0, got[1];
    for (int t = 1; t <= 20; t++) {
        double g = d * (x - 1.0);
        v = 0.9 * v + 0.1 * g * g;
        x -= 0.05 * g / (sqrt(v / (1.0 - pow(0.9, t))) + 1e-8);
    }
    run("quadratic:dimension=1,condition=3", "adam:learning_rate=0.05,beta1=0,beta2=0.9",
        (const double[]){2.5}, 20, got);
    /* 20 steps, each a handful of roundings */
    assert_close(got[0], x, 1e-14);
}
END_TEST

/* Kingma and Ba's other order of computation is the same with epsilon sqrt(1 - beta2^t).  */
START_TEST(adam_in_the_other_order) {
    double d = 3.0, x = 2.5, m = 0.0, v = 0.0, got[1];
    for (int t = 1; t <= 20; t++) {
        double g = d * (x - 1.0), left = sqrt(1.0 - pow(0.999, t));
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        x -= 0.05 * left / (1.0 - pow(0.9, t)) * m / (sqrt(v) + 0.3 * left);
    }
    run("quadratic:dimension=1,condition=3", "adam:learning_rate=0.05,epsilon=0.3",
        (const double[]){2.5}, 20, got);
    assert_close(got[0], x, 1e-14);
}
END_TEST

TEST_MAIN("first_updates", first_steps, constant_gradient, zero_gradient_and_no_epsilon,
          adam_without_first_moment, adam_in_the_other_order)
