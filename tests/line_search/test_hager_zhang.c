/* The line search of Hager and Zhang: its conditions hold, and where it looks.  */

#include "line_search/hager_zhang.h"

#include "../support.h"

static const gradus_search_algorithm *const search = &gradus_search_hager_zhang;
static const double DECREASE = 0.1, CURVATURE = 0.9;

typedef gradus_trial (*function)(double t);

static double raised; /* a constant added to the value */

/* A quartic with its minimum at 1.385, steep on both sides.  */
static gradus_trial quartic(double t) {
    double r = t - 1.385;
    return (gradus_trial){t, raised + r * r * r * r + 0.3 * r * r,
                          4.0 * r * r * r + 0.6 * r};
}

/* More and Thuente's function 1: phi = -t / (t^2 + 2), minimum at sqrt 2.  */
static gradus_trial far_flat(double t) {
    double q = t * t + 2.0;
    return (gradus_trial){t, raised - t / q, (t * t - 2.0) / (q * q)};
}

/* Goes down, over a hump that ends above the start, and down again: U3.  */
static gradus_trial hump(double t) {
    return (gradus_trial){t, raised + 2.0 * sin(2.0 * t - 3.3) + 0.9 * t,
                          4.0 * cos(2.0 * t - 3.3) + 0.9};
}

/* Has no value from 1 on.  */
static gradus_trial barrier(double t) {
    return (gradus_trial){t, raised - log(1.0 - t) - 50.0 * t, 1.0 / (1.0 - t) - 50.0};
}

/* The evaluations used; the state in *END and the point in *FOUND.  */
static int go(function phi, double slack, double curvature, double step,
              gradus_search_state *end, gradus_trial *found) {
    gradus_hager_zhang s;
    gradus_trial zero = phi(0.0);
    gradus_search_rules rules = {DECREASE, curvature, 1e10,
                                 zero.value + slack * fabs(zero.value)};
    int evaluations = 0;
    *end = GRADUS_SEARCH_GOES_ON;
    search->begin(&s, &rules, zero, step);
    while (*end == GRADUS_SEARCH_GOES_ON && ++evaluations < 100) {
        ck_assert(step > 0.0 && step <= 1e10);
        *found = phi(step);
        if (isfinite(found->value) && isfinite(found->slope))
            *end = search->advance(&s, *found, &step);
        else
            search->contract(&s, &step);
    }
    return evaluations;
}

static bool is_wolfe(gradus_trial zero, gradus_trial t, double curvature) {
    return t.value - zero.value <= DECREASE * zero.slope * t.step &&
           t.slope >= curvature * zero.slope;
}

static bool is_approximate(gradus_trial zero, gradus_trial t, double slack,
                           double curvature) {
    return (2.0 * DECREASE - 1.0) * zero.slope >= t.slope &&
           t.slope >= curvature * zero.slope &&
           t.value <= zero.value + slack * fabs(zero.value);
}

START_TEST(conditions_hold) {
    static const function functions[] = {quartic, far_flat, hump, barrier};
    raised = 0.0;
    for (size_t k = 0; k < 4; k++)
        for (double first = 1e-6; first < 1e7; first *= 10.0)
            for (double curvature = 0.9; curvature > 0.1; curvature -= 0.7) {
                gradus_search_state end;
                gradus_trial found, zero = functions[k](0.0);
                int evaluations = go(functions[k], 1e-6, curvature, first, &end, &found);
                printf("function %zu from %g: %d evaluations, step %g\n", k, first,
                       evaluations, found.step);
                ck_assert(end == GRADUS_SEARCH_ACCEPTED ||
                          end == GRADUS_SEARCH_APPROXIMATE);
                ck_assert(end == GRADUS_SEARCH_ACCEPTED
                              ? is_wolfe(zero, found, curvature)
                              : is_approximate(zero, found, 1e-6, curvature));
                ck_assert_int_le(evaluations, 25);
            }
}
END_TEST

/* With 1e17 added the values are all the same; the slopes lead to the minimum.  */
START_TEST(slopes_lead_where_values_are_lost) {
    static const function functions[] = {quartic, far_flat};
    raised = 1e17;
    for (size_t k = 0; k < 2; k++)
        for (double first = 1e-3; first < 1e2; first *= 10.0) {
            gradus_search_state end;
            gradus_trial found;
            go(functions[k], 1e-6, 0.2, first, &end, &found);
            ck_assert_int_eq(end, GRADUS_SEARCH_APPROXIMATE);
            ck_assert(fabs(found.slope) <= 0.8 * fabs(functions[k](0.0).slope));
        }
}
END_TEST

/* The approximate conditions end where (2 decrease - 1) phi'(0) and curvature phi'(0) say,
   and at the ceiling.  */
START_TEST(approximate_conditions) {
    static const struct {
        double value, slope;
        gradus_search_state state;
    } cases[] = {{1e-6, 0.799, GRADUS_SEARCH_APPROXIMATE},
                 {1e-6, -0.899, GRADUS_SEARCH_APPROXIMATE},
                 {1e-6, 0.801, GRADUS_SEARCH_GOES_ON},
                 {1e-6, -0.901, GRADUS_SEARCH_GOES_ON},
                 {1.001e-6, 0.5, GRADUS_SEARCH_GOES_ON}};
    for (size_t k = 0; k < 5; k++) {
        gradus_hager_zhang s;
        gradus_search_rules rules = {DECREASE, CURVATURE, 1e10, 1e-6};
        double step = 1.0;
        search->begin(&s, &rules, (gradus_trial){0.0, 0.0, -1.0}, step);
        gradus_trial trial = {1.0, cases[k].value, cases[k].slope};
        ck_assert_int_eq(search->advance(&s, trial, &step), cases[k].state);
    }
}
END_TEST

/* What is proposed first, worked out by hand: expansion by five; then the secant of the
   slopes of the ends.  */
START_TEST(proposals) {
    gradus_hager_zhang s;
    gradus_search_rules rules = {DECREASE, CURVATURE, 1e10, 1e-6};
    double step = 0.2;
    search->begin(&s, &rules, (gradus_trial){0.0, 0.0, -1.0}, step);
    search->advance(&s, (gradus_trial){0.2, -0.4, -3.0}, &step);
    assert_close(step, 1.0, 1e-15);
    search->advance(&s, (gradus_trial){1.0, 0.5, 2.0}, &step); /* too high */
    assert_close(step, (0.2 * 2.0 + 1.0 * 3.0) / 5.0, 1e-15);
    /* The point 0.68 is the new upper end: a secant with the old one, to the left of it.  */
    search->advance(&s, (gradus_trial){0.68, 0.3, 1.0}, &step);
    assert_close(step, (1.0 * 1.0 - 0.68 * 2.0) / (1.0 - 2.0), 1e-15);
    /* That moved the lower end to 0.36; 0.32 of 0.8 is little enough: no middle.  */
    search->advance(&s, (gradus_trial){0.36, -0.2, -2.0}, &step);
    assert_close(step, (0.36 * 1.0 + 0.68 * 2.0) / 3.0, 1e-15);
}
END_TEST

/* A step of slope below 0 above the ceiling: the hump is looked for in the middle.  */
START_TEST(bisects_towards_a_hump) {
    gradus_hager_zhang s;
    gradus_search_rules rules = {DECREASE, CURVATURE, 1e10, 1e-6};
    double step = 1.0;
    search->begin(&s, &rules, (gradus_trial){0.0, 0.0, -1.0}, step);
    search->advance(&s, (gradus_trial){1.0, 5.0, -3.0}, &step);
    assert_close(step, 0.5, 1e-15);
    search->advance(&s, (gradus_trial){0.5, 4.0, -2.0}, &step);
    assert_close(step, 0.25, 1e-15);
    search->advance(&s, (gradus_trial){0.25, -0.02, -2.0}, &step);
    assert_close(step, 0.375, 1e-15);
    search->advance(&s, (gradus_trial){0.375, 3.0, 2.0}, &step);
    assert_close(step, 0.5 * (0.25 + 0.375), 1e-15); /* the secant of -2 and 2 */
}
END_TEST

START_TEST(ends_without_an_acceptable_step) {
    gradus_hager_zhang s;
    gradus_search_rules rules = {DECREASE, CURVATURE, 1e10, 1e-6};
    gradus_search_state state = GRADUS_SEARCH_GOES_ON;
    double step = 1.0;
    int trials = 0;
    search->begin(&s, &rules, (gradus_trial){0.0, 0.0, -1.0}, step);
    while (state == GRADUS_SEARCH_GOES_ON && ++trials < 3000)
        state = search->advance(&s, (gradus_trial){step, 5.0, 2.0}, &step);
    ck_assert_int_eq(state, GRADUS_SEARCH_SHRUNK);
    search->begin(&s, &rules, (gradus_trial){0.0, 0.0, -1.0}, step = 1.0);
    for (trials = 0; trials < 100 && state != GRADUS_SEARCH_LONGEST; trials++)
        state = search->advance(&s, (gradus_trial){step, -step, -1.0}, &step);
    ck_assert_int_eq(state, GRADUS_SEARCH_LONGEST);
    ck_assert(step == 1e10);
}
END_TEST

TEST_MAIN("hager_zhang", conditions_hold, slopes_lead_where_values_are_lost,
          approximate_conditions, proposals, bisects_towards_a_hump,
          ends_without_an_acceptable_step)
