/* rmsprop: updates by hand (expected.py), its first step in closed form, and what must not
   move.  */

#include "cubic.h"

static const double rmsprop_outside[UPDATES][2] = {
    {2.056593517427459, -1.0294925241363133},
    {1.8426477921809439, -1.2294796686019069},
    {1.6761385183177406, -1.3803824210059628}};
static const double rmsprop_inside[UPDATES][2] = {
    {2.0532733867823341, -1.0344741338410681},
    {1.8378526054329554, -1.2377952860076473},
    {1.6704815935895174, -1.3908748606542318}};
static const double rmsprop_momentum_outside[UPDATES][2] = {
    {2.056593517427459, -1.0294925241363133},
    {1.6012690274901262, -1.4591616738420972},
    {1.1326530216285624, -1.884414490965129}};
static const double rmsprop_momentum_inside[UPDATES][2] = {
    {2.0532733867823341, -1.0344741338410681},
    {1.5940335447179708, -1.4711387743808326},
    {1.1223987785229386, -1.9020031143483631}};

#define SETTINGS "rmsprop:learning_rate=0.137,decay=0.83,epsilon=0.042"

START_TEST(first_updates) {
    check_updates(SETTINGS, rmsprop_outside);
    check_updates(SETTINGS ",epsilon_placement=inside", rmsprop_inside);
    check_updates(SETTINGS ",momentum=0.735", rmsprop_momentum_outside);
    check_updates(SETTINGS ",momentum=0.735,epsilon_placement=inside",
                  rmsprop_momentum_inside);
}
END_TEST

/* From s = 0 it is -a sign(g) / sqrt(1 - decay).  */
START_TEST(first_step_in_closed_form) {
    static const char *const methods[] = {"rmsprop:epsilon=0",
                                          "rmsprop:epsilon=0,epsilon_placement=inside",
                                          "rmsprop:epsilon=0,momentum=0.735"};
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    double g[2];
    cubic(cubic_start, g);
    for (size_t k = 0; k < 3; k++) {
        trial_t trial = trial_of_function(&function, methods[k], NULL);
        const double *x = trial_step(&trial);
        for (size_t i = 0; i < 2; i++) /* the step is 3e-3 of x: the rounding of x */
            assert_close(x[i], cubic_start[i] - copysign(1e-3 / sqrt(1.0 - 0.9), g[i]),
                         1e-15);
        trial_close(&trial);
    }
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("rmsprop");
    check_still("rmsprop:epsilon=0");
    check_still("rmsprop:epsilon=0,epsilon_placement=inside");
    check_still("rmsprop:epsilon=0,momentum=0.735");
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("rmsprop");
    check_threads("rmsprop:momentum=0.735");
}
END_TEST

TEST_MAIN("rmsprop", first_updates, first_step_in_closed_form, zero_gradient_moves_nothing,
          same_bits_with_any_threads)
