/* nadam: updates by hand (expected.py), its first step in closed form, and what must not
   move.  */

#include "cubic.h"

static const double nadam_outside[UPDATES][2] = {{2.2037224227283754, -0.89452437590693001},
                                                 {2.0605189612132917, -1.0333472402008912},
                                                 {1.9298333391901747, -1.1585808278470995}};
static const double nadam_inside[UPDATES][2] = {{2.2028933524400012, -0.89769825311330587},
                                                {2.0590484176159403, -1.0390037911003205},
                                                {1.9277910777967726, -1.1664575578593988}};

#define SETTINGS                                                                           \
    "nadam:learning_rate=0.137,beta1=0.83,beta2=0.971,momentum_decay=1.7,epsilon=0.042"

START_TEST(first_updates) {
    check_updates(SETTINGS, nadam_outside);
    check_updates(SETTINGS ",epsilon_placement=inside", nadam_inside);
}
END_TEST

/* From m = v = 0, with mu and mu' of the first two updates, the gradient is counted once and
   the average, (1 - mu) g, mu' / (1 - mu mu') times more: -a sign(g) (1 + mu' (1 - mu) / (1 -
   mu mu')).  */
START_TEST(first_step_in_closed_form) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    double g[2], mu[2];
    cubic(cubic_start, g);
    for (int t = 1; t <= 2; t++)
        mu[t - 1] = 0.99 * (1.0 - 0.5 * pow(0.96, t / 250.0));
    trial_t trial = trial_of_function(&function, "nadam:epsilon=0", NULL);
    const double *x = trial_step(&trial);
    double step = 2e-3 * (1.0 + mu[1] * (1.0 - mu[0]) / (1.0 - mu[0] * mu[1]));
    for (size_t i = 0; i < 2; i++) /* the step is 3e-3 of x: the rounding of x */
        assert_close(x[i], cubic_start[i] - copysign(step, g[i]), 1e-15);
    trial_close(&trial);
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("nadam");
    check_still("nadam:epsilon=0");
    check_still("nadam:epsilon=0,epsilon_placement=inside");
}
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("nadam"); }
END_TEST

TEST_MAIN("nadam", first_updates, first_step_in_closed_form, zero_gradient_moves_nothing,
          same_bits_with_any_threads)
