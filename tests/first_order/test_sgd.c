/* sgd: updates by hand (expected.py), its two forms, and what must not move.  */

#include "cubic.h"

static const double plain[UPDATES][2] = {{1.1999229425, -0.93746039999999997},
                                         {0.81463558424250404, -1.012821415269225},
                                         {0.66491435938921406, -1.040781085801268}};
static const double classical[UPDATES][2] = {{1.1999229425, -0.93746039999999997},
                                             {-0.056396053019995979, -1.1748598092692251},
                                             {-0.64285988157487639, -1.2706599978370288}};
static const double averaged[UPDATES][2] = {{2.0709545797625002, -0.775422006},
                                            {1.5852303062725719, -0.86659458211728135},
                                            {1.0605919955351621, -0.96606560010486042}};

START_TEST(first_updates) {
    check_updates("sgd:learning_rate=0.137", plain);
    check_updates("sgd:learning_rate=0.137,form=averaged", plain);
    check_updates("sgd:learning_rate=0.137,momentum=0.735", classical);
    check_updates("sgd:learning_rate=0.137,momentum=0.735,form=averaged", averaged);
}
END_TEST

/* The second rate is 0.1 / (1 - 0.735).  Both contract errors, so that 40 updates leave a
   few roundings of numbers near 1.  */
START_TEST(averaged_is_classical_at_another_rate) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t one =
        trial_of_function(&function, "sgd:learning_rate=0.1,momentum=0.735", NULL);
    trial_t other = trial_of_function(
        &function, "sgd:learning_rate=0.37735849056603774,momentum=0.735,form=averaged",
        NULL);
    double worst = 0.0;
    for (int k = 0; k < 40; k++) {
        const double *x = trial_step(&one), *y = trial_step(&other);
        worst = fmax(worst, fmax(fabs(x[0] - y[0]), fabs(x[1] - y[1])));
    }
    assert_at_most("averaged against classical", worst, 1e-14);
    trial_close(&one);
    trial_close(&other);
}
END_TEST

/* A slope of 1 that ends at 1.  */
static double ramp(const double x[], double g[]) {
    if (g)
        g[0] = x[0] > 1.0 ? 1.0 : 0.0;
    return fmax(x[0] - 1.0, 0.0);
}

START_TEST(zero_gradient_moves_nothing_but_momentum) {
    static const double above[1] = {1.385}, below[1] = {0.717};
    function_t function = {.n = 1, .start = above, .evaluate = ramp};
    trial_t trial =
        trial_of_function(&function, "sgd:learning_rate=0.5,momentum=0.735", NULL);
    assert_close(*trial_step(&trial), 0.885, 1e-15);
    assert_close(*trial_step(&trial), 0.885 - 0.735 * 0.5, 1e-15);
    assert_close(*trial_step(&trial), 0.885 - 0.735 * (1.735 * 0.5), 1e-15);
    trial_close(&trial);
    function.start = below;
    trial = trial_of_function(&function, "sgd:learning_rate=0.5,momentum=0.735", NULL);
    ck_assert(same_bits(*trial_step(&trial), below[0]));
    trial_close(&trial);
}
END_TEST

/* Long enough for threads, the bad entry in the last, short block.  */
enum { LONG = 70001 };

static double bad_entry(const double x[], double g[]) {
    for (size_t i = 0; g && i < LONG; i++)
        g[i] = x[i];
    if (g)
        g[LONG - 1] = -INFINITY;
    return 1.25;
}

static double bad_value(const double x[], double g[]) {
    for (size_t i = 0; g && i < LONG; i++)
        g[i] = x[i];
    return NAN;
}

START_TEST(not_finite_stops_and_leaves_x) {
    static double start[LONG];
    double (*const bad[])(const double[], double[]) = {bad_entry, bad_value};
    for (size_t i = 0; i < LONG; i++)
        start[i] = noise(i);
    for (size_t i = 0; i < 2; i++) {
        function_t function = {.n = LONG, .start = start, .evaluate = bad[i]};
        trial_t trial = trial_of_function(&function, "sgd", NULL);
        const double *x = trial_step(&trial);
        ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
        ck_assert_uint_eq(gradus_run_updates(trial.run), 0);
        ck_assert(memcmp(x, start, sizeof start) == 0);
        trial_close(&trial);
    }
}
END_TEST

START_TEST(reports_its_rate) {
    trial_t trial = trial_of_problem("quadratic", "sgd:learning_rate=0.0137", NULL);
    trial_step(&trial);
    ck_assert(trial_row(&trial).learning_rate == 0.0137);
    trial_close(&trial);
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("sgd:learning_rate=0.0137");
    check_threads("sgd:learning_rate=0.0137,momentum=0.735");
    check_threads("sgd:learning_rate=0.0137,momentum=0.735,form=averaged");
}
END_TEST

TEST_MAIN("sgd", first_updates, averaged_is_classical_at_another_rate,
          zero_gradient_moves_nothing_but_momentum, not_finite_stops_and_leaves_x,
          reports_its_rate, same_bits_with_any_threads)
