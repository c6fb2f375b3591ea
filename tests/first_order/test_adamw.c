/* adamw: updates by hand (expected.py), its decay, and what must not move.  */

#include "cubic.h"

static const double adamw_outside[UPDATES][2] = {
    {2.0793269729935955, -0.79960826162790699},
    {1.7972197680495026, -0.87440224820205725},
    {1.5384525717271966, -0.94052883620461625}};
static const double adamw_inside[UPDATES][2] = {{2.0787034330662215, -0.80199531998774753},
                                                {1.7959777748134906, -0.87906614495185009},
                                                {1.5366123718495062, -0.94730887873955816}};
static const double adamw_scheduled[UPDATES][2] = {
    {2.0793269729935955, -0.79960826162790699},
    {1.8912555030308669, -0.8494709193440072},
    {1.757953626451886, -0.88399314852461097}};

#define SETTINGS                                                                           \
    "adamw:learning_rate=0.137,beta1=0.83,beta2=0.971,epsilon=0.042,weight_decay=0.071"

START_TEST(first_updates) {
    check_updates(SETTINGS, adamw_outside);
    check_updates(SETTINGS ",epsilon_placement=inside", adamw_inside);
    check_updates(SETTINGS ",schedule=inverse,schedule_decay=0.5", adamw_scheduled);
}
END_TEST

static double flat(const double x[], double g[]) {
    (void)x;
    if (g)
        g[0] = g[1] = 0.0;
    return 0.5;
}

/* Without a gradient every update takes the same share, whatever the learning rate.  */
START_TEST(decay_alone) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = flat};
    static const char *const methods[] = {
        "adamw:weight_decay=0.071", "adamw:weight_decay=0.071,learning_rate=1.7,epsilon=0"};
    for (size_t k = 0; k < 2; k++) {
        trial_t trial = trial_of_function(&function, methods[k], "gradient_tolerance=0");
        for (int t = 1; t <= 5; t++) {
            const double *x = trial_step(&trial);
            for (size_t i = 0; i < 2; i++) /* two roundings an update */
                assert_close(x[i], cubic_start[i] * pow(1.0 - 0.071, t), 1e-14);
        }
        trial_close(&trial);
    }
}
END_TEST

START_TEST(without_decay_it_is_adam) {
    function_t function = {.n = 2, .start = cubic_start, .evaluate = cubic};
    trial_t one = trial_of_function(&function, "adamw:weight_decay=0", NULL);
    trial_t other = trial_of_function(&function, "adam", NULL);
    for (int k = 0; k < 20; k++) {
        const double *x = trial_step(&one), *y = trial_step(&other);
        ck_assert(memcmp(x, y, sizeof cubic_start) == 0);
    }
    trial_close(&one);
    trial_close(&other);
}
END_TEST

START_TEST(zero_gradient_moves_nothing) {
    check_still("adamw:weight_decay=0");
    check_still("adamw:weight_decay=0,epsilon=0");
    check_still("adamw:weight_decay=0,epsilon=0,epsilon_placement=inside");
}
END_TEST

START_TEST(same_bits_with_any_threads) { check_threads("adamw"); }
END_TEST

TEST_MAIN("adamw", first_updates, decay_alone, without_decay_it_is_adam,
          zero_gradient_moves_nothing, same_bits_with_any_threads)
