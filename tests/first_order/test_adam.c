/* adam: updates by hand (expected.py), closed forms, and what must not move.  */

#include "cubic.h"

static const double outside[UPDATES][2] = {{2.2486619729935957, -0.85051526162790703},
                                           {2.1130345297122388, -0.98305224165462202},
                                           {1.9786557937771652, -1.1139283347364355}};
static const double inside[UPDATES][2] = {{2.2480384330662213, -0.85290231998774757},
                                          {2.1117684142842053, -0.98786495495988036},
                                          {1.9767346274066018, -1.1211794169662219}};
static const double uncorrected[UPDATES][2] = {{2.2520276876395782, -0.83558827159528182},
                                               {2.0782960186974471, -0.9946132714643563},
                                               {1.8833407825429764, -1.1744373118380562}};

#define SETTINGS "adam:learning_rate=0.137,beta1=0.83,beta2=0.971,epsilon=0.042"

START_TEST(first_updates) {
    check_updates(SETTINGS, outside);
    check_updates(SETTINGS ",epsilon_placement=inside", inside);
    check_updates(SETTINGS ",bias_correction=no", uncorrected);
}
END_TEST

/* From m = v = 0 the first step is -a g / (|g| + epsilon): a sign(g) when epsilon is
   small.  */
START_TEST(first_step_in_closed_form) {
    static const char *const methods[] = {"adam:epsilon=0.042",
                                          "adam:epsilon=0.042,epsilon_placement=inside",
                                          "adam:epsilon=0"};
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    double g[2];
    cubic(cubic_start, g);
    for (size_t k = 0; k < 3; k++) {
        trial_t trial = trial_of_function(&function, methods[k], NULL);
        const double *x = trial_step(&trial);
        for (size_t i = 0; i < 2; i++) {
            double divisor = k == 0   ? fabs(g[i]) + 0.042
                             : k == 1 ? sqrt(g[i] * g[i] + 0.042)
                                      : fabs(g[i]);
            /* 1 - 0.999 has a relative error of 1e-13 of its own, which cancels, and the
               step is 1e-3 of x: rounding of x is what remains.  */
            assert_close(x[i], cubic_start[i] - 1e-3 * g[i] / divisor, 1e-15);
        }
        trial_close(&trial);
    }
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("adam");
    check_still("adam:epsilon=0");
    check_still("adam:epsilon=0,epsilon_placement=inside");
    check_still("adam:epsilon=0,bias_correction=no");
    check_still("adam:epsilon_placement=inside");
}
END_TEST

/* ---- Identities ---- */

/* With beta1 = 0 the numerator is g, and only the scale has a correction: RMSProp's rate
   times sqrt(1 - decay^t), given here by hand.  */
START_TEST(without_the_first_average_it_is_rmsprop_corrected) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t trial = trial_of_function(
        &function, "adam:learning_rate=0.137,beta1=0,beta2=0.83,epsilon=0", NULL);
    double x[2] = {cubic_start[0], cubic_start[1]}, s[2] = {0.0, 0.0}, g[2];
    for (int t = 1; t <= 30; t++) {
        const double *got = trial_step(&trial);
        cubic(x, g);
        for (size_t i = 0; i < 2; i++) {
            s[i] = 0.83 * s[i] + (1.0 - 0.83) * g[i] * g[i];
            x[i] -= 0.137 * sqrt(1.0 - pow(0.83, t)) * g[i] / sqrt(s[i]);
            /* Steps of 0.14 with a few roundings each; near the minimum, where the sign of g
               decides, an error of x is magnified by curvature over |g|.  */
            assert_close(got[i], x[i], 1e-12);
        }
    }
    trial_close(&trial);
}
END_TEST

/* The order at the end of section 2 of the paper, with its epsilon the other one times
   sqrt(1 - beta2^t): the same x to rounding.  With a fixed one it is not.  */
START_TEST(efficient_order_has_another_epsilon) {
    const double a = 0.137, beta1 = 0.83, beta2 = 0.971, epsilon = 0.042;
    for (int fixed = 0; fixed < 2; fixed++) {
        function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
        trial_t trial = trial_of_function(&function, SETTINGS, NULL);
        double x[2] = {cubic_start[0], cubic_start[1]}, m[2] = {0}, v[2] = {0}, g[2];
        double worst = 0.0;
        for (int t = 1; t <= 30; t++) {
            const double *got = trial_step(&trial);
            double root = sqrt(1.0 - pow(beta2, t));
            double step = a * root / (1.0 - pow(beta1, t));
            cubic(x, g);
            for (size_t i = 0; i < 2; i++) {
                m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
                x[i] -= step * m[i] / (sqrt(v[i]) + (fixed ? epsilon : epsilon * root));
                worst = fmax(worst, fabs(got[i] - x[i]));
            }
        }
        if (fixed)
            ck_assert(worst > 1e-3);
        else /* 30 updates of ten roundings, on a function that contracts errors */
            assert_at_most("efficient order", worst, 30 * 10 * 1.2e-16);
        trial_close(&trial);
    }
}
END_TEST

static double nowhere(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = 1.0, g[1] = NAN;
    return 0.5;
}

START_TEST(not_finite_stops_and_leaves_x) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = nowhere};
    trial_t trial = trial_of_function(&function, "adam", NULL);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
    ck_assert(memcmp(x, cubic_start, sizeof cubic_start) == 0);
    trial_close(&trial);
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("adam");
    check_threads("adam:epsilon_placement=inside");
}
END_TEST

TEST_MAIN("adam", first_updates, first_step_in_closed_form, zero_gradient_moves_nothing,
          without_the_first_average_it_is_rmsprop_corrected,
          efficient_order_has_another_epsilon, not_finite_stops_and_leaves_x,
          same_bits_with_any_threads)
