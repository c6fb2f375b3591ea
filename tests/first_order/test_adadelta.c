/* adadelta: updates by hand (expected.py), its first step in closed form, its units, and
   what must not move.  */

#include "cubic.h"

static const double adadelta[UPDATES][2] = {{1.9142443945762455, -1.1618366343462279},
                                            {1.5197119430044068, -1.511495754577683},
                                            {1.2360831089277355, -1.7230209317532987}};

START_TEST(first_updates) {
    check_updates("adadelta:learning_rate=0.83,decay=0.87,epsilon=0.042", adadelta);
}
END_TEST

/* From s = r = 0 it is -sqrt(epsilon / ((1 - decay) g^2 + epsilon)) g.  */
START_TEST(first_step_in_closed_form) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    double g[2];
    cubic(cubic_start, g);
    trial_t trial = trial_of_function(&function, "adadelta:epsilon=0.042", NULL);
    const double *x = trial_step(&trial);
    for (size_t i = 0; i < 2; i++)
        assert_close(x[i],
                     cubic_start[i] -
                         sqrt(0.042 / ((1.0 - 0.95) * g[i] * g[i] + 0.042)) * g[i],
                     1e-15); /* a handful of roundings of numbers near 1 */
    trial_close(&trial);
}
END_TEST

static double loud(const double x[], double g[]) {
    double value = cubic(x, g);
    for (size_t i = 0; g && i < 2; i++)
        g[i] *= 1e9;
    return 1e9 * value;
}

/* Steps have the units of the parameters: once gradients are far above the root of epsilon
   (1e-3 here), the scale of the function does not matter: by epsilon / s, 1e-7, at most in a
   step, and steps are below 1e-2.  SGD's path is another one 1e9 times over.  */
START_TEST(scale_of_the_function_does_not_matter) {
    function_t soft = {.n = 2, .start = cubic_start, .evaluate = cubic};
    function_t hard = {.n = 2, .start = cubic_start, .evaluate = loud};
    trial_t one = trial_of_function(&soft, "adadelta", NULL);
    trial_t other = trial_of_function(&hard, "adadelta", NULL);
    double worst = 0.0;
    for (int k = 0; k < 10; k++) {
        const double *x = trial_step(&one), *y = trial_step(&other);
        worst = fmax(worst, fmax(fabs(x[0] - y[0]), fabs(x[1] - y[1])));
    }
    assert_at_most("a function and 1e9 of it", worst, 10 * 1e-7);
    ck_assert(worst > 0.0);
    trial_close(&one);
    trial_close(&other);
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("adadelta");
    check_still("adadelta:epsilon=0");
}
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("adadelta"); }
END_TEST

TEST_MAIN("adadelta", first_updates, first_step_in_closed_form,
          scale_of_the_function_does_not_matter, zero_gradient_moves_nothing,
          same_bits_with_any_threads)
