/* amsgrad: updates by hand (expected.py), its divisor, and what must not move.  */

#include "cubic.h"

static const double amsgrad_outside[UPDATES][2] = {
    {2.2513706301011243, -0.84766860316056802},
    {2.0189732265155245, -1.0732282830063267},
    {1.7253034639143452, -1.354020082316453}};
static const double amsgrad_inside[UPDATES][2] = {
    {2.2507183311593475, -0.85009012517736671},
    {2.0172680929154212, -1.079696005922312},
    {1.7224438449759161, -1.3652253625621642}};
static const double amsgrad_corrected_outside[UPDATES][2] = {
    {1.6515611247903652, -1.4352536337209303},
    {1.0781351637917678, -1.9600961952730147},
    {0.67753822408937892, -2.2772124686115198}};
static const double amsgrad_corrected_inside[UPDATES][2] = {
    {1.6482067530642712, -1.4480949622698536},
    {1.0732968118825255, -1.9803832391145799},
    {0.67288826876796315, -2.2994951879950194}};

/* With so small a beta2 the average of squares falls within three updates.  */
#define SETTINGS "amsgrad:learning_rate=0.737,beta1=0.83,beta2=0.13,epsilon=0.042"

START_TEST(first_updates) {
    check_updates(SETTINGS, amsgrad_outside);
    check_updates(SETTINGS ",epsilon_placement=inside", amsgrad_inside);
    check_updates(SETTINGS ",bias_correction=yes", amsgrad_corrected_outside);
    check_updates(SETTINGS ",bias_correction=yes,epsilon_placement=inside",
                  amsgrad_corrected_inside);
}
END_TEST

/* Steep on the left of 1, flat on its right, to which the start at 0 slides.  */
static double scarp(const double x[], double g[]) {
    double slope = x[0] < 1.0 ? -1.0 : -1e-3;
    if (g)
        g[0] = slope;
    return slope * (x[0] - 1.0);
}

/* Without averages Adam's step is a wherever it is; AMSGrad's falls with the slope.  The
   steps are read off x, near 1.  */
START_TEST(divisor_never_shrinks) {
    static const double start[1] = {0.0};
    static const char *const methods[] = {
        "adam:learning_rate=0.3,beta1=0,beta2=0,epsilon=0",
        "amsgrad:learning_rate=0.3,beta1=0,beta2=0,epsilon=0"};
    for (size_t k = 0; k < 2; k++) {
        function_t function = {.n = 1, .start = start, .evaluate = scarp};
        trial_t trial = trial_of_function(&function, methods[k], NULL);
        for (int t = 1; t <= 4; t++)
            assert_close(*trial_step(&trial), 0.3 * t, 1e-15);
        assert_close(*trial_step(&trial), k == 0 ? 1.5 : 1.2003, 1e-15);
        trial_close(&trial);
    }
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("amsgrad");
    check_still("amsgrad:epsilon=0");
    check_still("amsgrad:epsilon=0,epsilon_placement=inside");
    check_still("amsgrad:epsilon=0,bias_correction=yes");
}
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("amsgrad"); }
END_TEST

TEST_MAIN("amsgrad", first_updates, divisor_never_shrinks, zero_gradient_moves_nothing,
          same_bits_with_any_threads)
