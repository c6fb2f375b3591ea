/* rprop: updates by hand (expected.py), the Manhattan rule, and what must not move.  */

#include "cubic.h"

static const double irprop_minus[UPDATES][2] = {{0.68500000000000005, -2.4169999999999998},
                                                {0.68500000000000005, -2.4169999999999998},
                                                {1.484, -1.6180000000000001}};
static const double irprop_plus[UPDATES][2] = {{0.68500000000000005, -2.4169999999999998},
                                               {0.68500000000000005, -2.4169999999999998},
                                               {1.484, -1.6180000000000001}};
static const double rprop_minus[UPDATES][2] = {{0.68500000000000005, -2.4169999999999998},
                                               {1.484, -1.6180000000000001},
                                               {1.1084700000000001, -1.99353}};
static const double rprop_plus[UPDATES][2] = {{0.68500000000000005, -2.4169999999999998},
                                              {2.3849999999999998, -0.71699999999999997},
                                              {1.5860000000000001, -1.516}};
static const double risen[UPDATES][2] = {{-2.3149999999999999, -5.4169999999999998},
                                         {2.3849999999999998, -0.71699999999999997},
                                         {0.17599999999999999, -2.9260000000000002}};
static const double longest[UPDATES][2] = {
    {2.085, -1.0169999999999999}, {1.716, -1.3859999999999999}, {1.306, -1.796}};
static const double shortest[UPDATES][2] = {{0.68500000000000005, -2.4169999999999998},
                                            {1.7849999999999999, -1.3169999999999999},
                                            {0.68500000000000005, -2.4169999999999998}};
static const double scheduled[UPDATES][2] = {{0.97399999999999998, -2.1280000000000001},
                                             {-0.18301999999999999, -0.71699999999999997},
                                             {0.97399999999999998, -0.38541500000000001}};

#define FACTORS "increase=1.23,decrease=0.47"
#define FIRST   "rprop:initial_step=1.7," FACTORS

/* Both signs change at the second update; with a first step of 4.7 the value rises too.  */
START_TEST(first_updates) {
    check_updates(FIRST, irprop_minus);
    check_updates(FIRST ",variant=irprop+", irprop_plus);
    check_updates(FIRST ",variant=rprop-", rprop_minus);
    check_updates(FIRST ",variant=rprop+", rprop_plus);
    check_updates("rprop:variant=irprop+,initial_step=4.7," FACTORS, risen);
}
END_TEST

START_TEST(lengths_keep_to_their_bounds) {
    check_updates("rprop:initial_step=0.3,maximum_step=0.41," FACTORS, longest);
    check_updates(FIRST ",variant=rprop-,minimum_step=1.1", shortest);
}
END_TEST

/* What is taken back is the last step, at the last rate.  */
START_TEST(takes_back_a_scheduled_step) {
    check_updates(FIRST ",variant=rprop+,learning_rate=0.83,schedule=inverse,"
                        "schedule_decay=0.5",
                  scheduled);
}
END_TEST

/* Every step is 0.385 in every parameter, by the sign alone.  */
START_TEST(manhattan_rule) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t trial = trial_of_function(
        &function, "rprop:variant=rprop-,increase=1,decrease=1,initial_step=0.385", NULL);
    double want[2] = {cubic_start[0], cubic_start[1]}, g[2];
    for (int k = 0; k < 30; k++) {
        cubic(gradus_run_parameters(trial.run), g);
        const double *x = trial_step(&trial);
        for (int i = 0; i < 2; i++) {
            want[i] -= g[i] > 0.0 ? 0.385 : -0.385;
            ck_assert(same_bits(x[i], want[i]));
        }
    }
    trial_close(&trial);
}
END_TEST

/* The product of these gradients is 0 in double precision, their signs are not.  */
static double faint(const double x[], double g[]) {
    if (g)
        g[0] = 1e-300 * x[0], g[1] = -1e-300;
    return 0.5e-300 * x[0] * x[0] - 1e-300 * x[1];
}

START_TEST(tiny_gradients_have_signs) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = faint};
    trial_t trial = trial_of_function(&function, "rprop:initial_step=0.5,increase=2",
                                      "gradient_tolerance=0");
    trial_step(&trial);
    const double *x = trial_step(&trial);
    assert_close(x[0], 2.385 - 1.5, 1e-15);
    assert_close(x[1], -0.717 + 1.5, 1e-15);
    trial_close(&trial);
}
END_TEST

static double flat(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = 0.0, g[1] = -0.0;
    return 0.5;
}

START_TEST(zero_gradient_moves_nothing) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = flat};
    trial_t trial = trial_of_function(&function, "rprop", NULL);
    trial_step(&trial);
    ck_assert(memcmp(trial_step(&trial), cubic_start, sizeof cubic_start) == 0);
    trial_close(&trial);
}
END_TEST

static double nowhere(const double x[], double g[]) {
    if (g)
        g[0] = 1.0, g[1] = x[0] < 2.0 ? NAN : 1.0;
    return 0.5;
}

START_TEST(not_finite_stops_and_leaves_x) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = nowhere};
    trial_t trial = trial_of_function(&function, "rprop:initial_step=0.5", NULL);
    double after[2];
    memcpy(after, trial_step(&trial), sizeof after);
    const double *x = trial_step(&trial);
    ck_assert_int_eq(gradus_run_stop(trial.run), GRADUS_FAIL_DIVERGED);
    ck_assert(memcmp(x, after, sizeof after) == 0);
    trial_close(&trial);
}
END_TEST

START_TEST(refuses_lengths_out_of_order) {
    static const struct {
        const char *spec, *key;
    } cases[] = {{"rprop:minimum_step=0.1,initial_step=0.05", "minimum_step=0.1"},
                 {"rprop:initial_step=60", "maximum_step=50"},
                 {"rprop:increase=0.9", "increase=0.9"},
                 {"rprop:decrease=1.1", "decrease=1.1"},
                 {"rprop:maximum_step=inf", "maximum_step=inf"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gradus_method *method;
        gradus_error why;
        ck_assert_int_eq(gradus_method_create(&method, cases[i].spec, &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, cases[i].key);
    }
}
END_TEST

START_TEST(same_bits_with_any_threads) {
    check_threads("rprop");
    check_threads("rprop:variant=rprop+");
}
END_TEST

TEST_MAIN("rprop", first_updates, lengths_keep_to_their_bounds, takes_back_a_scheduled_step,
          manhattan_rule, tiny_gradients_have_signs, zero_gradient_moves_nothing,
          not_finite_stops_and_leaves_x, refuses_lengths_out_of_order,
          same_bits_with_any_threads)
