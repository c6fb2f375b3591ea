/* adamax: updates by hand (expected.py), its first step in closed form, and what must not
   move.  */

#include "cubic.h"

static const double adamax[UPDATES][2] = {{2.2480000000000002, -0.85399999999999998},
                                          {2.1045954168639804, -0.99846635896867086},
                                          {1.9534304118195465, -1.1525398495716901}};

START_TEST(first_updates) {
    check_updates("adamax:learning_rate=0.137,beta1=0.83,beta2=0.571", adamax);
}
END_TEST

/* From m = u = 0 it is -a sign(g).  */
START_TEST(first_step_in_closed_form) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    double g[2];
    cubic(cubic_start, g);
    trial_t trial = trial_of_function(&function, "adamax", NULL);
    const double *x = trial_step(&trial);
    for (size_t i = 0; i < 2; i++) /* the step is 2e-3 of x: the rounding of x */
        assert_close(x[i], cubic_start[i] - copysign(2e-3, g[i]), 1e-15);
    trial_close(&trial);
}
END_TEST

START_TEST(zero_gradient_moves_nothing) { check_still("adamax"); }
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("adamax"); }
END_TEST

TEST_MAIN("adamax", first_updates, first_step_in_closed_form, zero_gradient_moves_nothing,
          same_bits_with_any_threads)
