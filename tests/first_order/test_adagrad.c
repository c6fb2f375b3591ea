/* adagrad: updates by hand (expected.py), its first steps in closed form, and what must not
   move.  */

#include "cubic.h"

static const double adagrad_outside[UPDATES][2] = {
    {2.2486619729935957, -0.85051526162790703},
    {2.156936767353109, -0.94008367457291164},
    {2.0844404894588617, -1.0105491705185665}};
static const double adagrad_inside[UPDATES][2] = {
    {2.2480384330662213, -0.85290231998774757},
    {2.1560302685744257, -0.94374883256997377},
    {2.083359372023069, -1.0150810402284776}};

#define SETTINGS "adagrad:learning_rate=0.137,epsilon=0.042"

START_TEST(first_updates) {
    check_updates(SETTINGS, adagrad_outside);
    check_updates(SETTINGS ",epsilon_placement=inside", adagrad_inside);
}
END_TEST

static double slope(const double x[], double g[]) {
    if (g)
        g[0] = 3.7, g[1] = -0.0081;
    return 3.7 * x[0] - 0.0081 * x[1];
}

/* A constant gradient g has s = t g^2 after t updates, so that step t is a sign(g) / sqrt(t),
   whatever the size of g.  */
START_TEST(steps_of_a_constant_gradient) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = slope};
    trial_t trial =
        trial_of_function(&function, "adagrad:learning_rate=0.137,epsilon=0", NULL);
    double total = 0.0;
    for (int t = 1; t <= 20; t++) {
        const double *x = trial_step(&trial);
        total += 0.137 / sqrt(t);
        assert_close(x[0], cubic_start[0] - total, 1e-14); /* 20 roundings near 1 */
        assert_close(x[1], cubic_start[1] + total, 1e-14);
    }
    trial_close(&trial);
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("adagrad");
    check_still("adagrad:epsilon=0");
    check_still("adagrad:epsilon=0,epsilon_placement=inside");
}
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("adagrad"); }
END_TEST

TEST_MAIN("adagrad", first_updates, steps_of_a_constant_gradient,
          zero_gradient_moves_nothing, same_bits_with_any_threads)
