/* Backtracking: what it proposes, and that it ends.  */

#include "line_search/backtracking.h"

#include "../support.h"

static const gradus_search_algorithm *const search = &gradus_search_backtracking;

/* phi = (t - m)^2 / m: slope -2 at 0, minimum at m.  */
static gradus_trial parabola(double t, double m) {
    return (gradus_trial){t, (t - m) * (t - m) / m, 2.0 * (t - m) / m};
}

static gradus_backtracking begin(double decrease, double m) {
    gradus_backtracking s;
    gradus_search_rules rules = {decrease, 0.9, 1e10, m};
    search->begin(&s, &rules, parabola(0.0, m), 1.0);
    return s;
}

START_TEST(goes_to_the_minimum_of_a_parabola) {
    gradus_backtracking s = begin(1e-4, 0.385);
    double step = 1.0;
    ck_assert_int_eq(search->advance(&s, parabola(1.0, 0.385), &step),
                     GRADUS_SEARCH_GOES_ON);
    assert_close(step, 0.385, 1e-15);
    ck_assert_int_eq(search->advance(&s, parabola(step, 0.385), &step),
                     GRADUS_SEARCH_ACCEPTED);
}
END_TEST

/* The condition is exact: at t = 2 m (1 - c) the parabola meets the line of decrease c.  */
START_TEST(sufficient_decrease) {
    double m = 0.717, c = 0.25, meets = 2.0 * m * (1.0 - c), step = 0.0;
    gradus_backtracking s = begin(c, m);
    ck_assert_int_eq(search->advance(&s, parabola(meets * (1.0 - 1e-12), m), &step),
                     GRADUS_SEARCH_ACCEPTED);
    ck_assert_int_eq(search->advance(&s, parabola(meets * (1.0 + 1e-12), m), &step),
                     GRADUS_SEARCH_GOES_ON);
}
END_TEST

START_TEST(limits) {
    double step = 0.0;
    gradus_backtracking s = begin(0.5, 0.01);
    search->advance(&s, parabola(1.0, 0.01), &step);
    assert_close(step, 0.1, 1e-15); /* not 0.01 */
    s = begin(0.499, 0.717);
    search->advance(&s, parabola(0.9, 0.717), &step);
    assert_close(step, 0.45, 1e-15); /* not 0.717 */
    search->advance(&s, (gradus_trial){1.0, 1e308, 1e308}, &step);
    assert_close(step, 0.1, 1e-15);
    search->contract(&s, &step);
    assert_close(step, 0.01, 1e-15);
}
END_TEST

START_TEST(ends_when_there_is_no_shorter_step) {
    gradus_backtracking s = begin(1e-4, 1.0);
    gradus_search_state state = GRADUS_SEARCH_GOES_ON;
    double step = 1.0;
    int trials = 0;
    while (state == GRADUS_SEARCH_GOES_ON && ++trials < 2000)
        state = search->advance(&s, (gradus_trial){step, 1e9, 1.0}, &step);
    ck_assert_int_eq(state, GRADUS_SEARCH_SHRUNK);
}
END_TEST

TEST_MAIN("backtracking", goes_to_the_minimum_of_a_parabola, sufficient_decrease, limits,
          ends_when_there_is_no_shorter_step)
