/* The line search of More and Thuente on the six functions of their paper.  */

#include "line_search/more_thuente.h"

#include "../support.h"

typedef gradus_trial (*function)(double t);

/* Function 1: phi = -t / (t^2 + 2).  */
static gradus_trial function_1(double t) {
    double q = t * t + 2.0;
    return (gradus_trial){t, -t / q, (t * t - 2.0) / (q * q)};
}

/* Function 2: phi = (t + 0.004)^5 - 2 (t + 0.004)^4.  */
static gradus_trial function_2(double t) {
    double u = t + 0.004, u3 = u * u * u;
    return (gradus_trial){t, u3 * u * (u - 2.0), u3 * (5.0 * u - 8.0)};
}

/* Function 3: a parabola between two lines, and a wave on it; b = 0.01, l = 39.  */
static gradus_trial function_3(double t) {
    const double b = 0.01, l = 39.0, pi = 3.14159265358979323846;
    double wave = 2.0 * (1.0 - b) / (l * pi) * sin(0.5 * l * pi * t);
    double wave_slope = (1.0 - b) * cos(0.5 * l * pi * t);
    if (t <= 1.0 - b)
        return (gradus_trial){t, 1.0 - t + wave, -1.0 + wave_slope};
    if (t >= 1.0 + b)
        return (gradus_trial){t, t - 1.0 + wave, 1.0 + wave_slope};
    double u = t - 1.0;
    return (gradus_trial){t, 0.5 * (u * u / b + b) + wave, u / b + wave_slope};
}

/* Functions 4 to 6: Yanai, Ozawa and Kaneko's, with parameters b1 and b2.  */
static gradus_trial yanai(double t, double b1, double b2) {
    double g1 = sqrt(1.0 + b1 * b1) - b1, g2 = sqrt(1.0 + b2 * b2) - b2;
    double r1 = sqrt((1.0 - t) * (1.0 - t) + b2 * b2), r2 = sqrt(t * t + b1 * b1);
    return (gradus_trial){t, g1 * r1 + g2 * r2, g1 * (t - 1.0) / r1 + g2 * t / r2};
}

static gradus_trial function_4(double t) { return yanai(t, 0.001, 0.001); }
static gradus_trial function_5(double t) { return yanai(t, 0.01, 0.001); }
static gradus_trial function_6(double t) { return yanai(t, 0.001, 0.01); }

/* Tables 1 to 6: evaluations, step and slope as printed.  */
typedef struct {
    function phi;
    double decrease, curvature;
    struct {
        int evaluations;
        const char *step, *slope;
    } cell[4]; /* first step 1e-3, 1e-1, 1e1, 1e3 */
} row_t;

static const row_t rows[] = {
    {function_1,
     0.001,
     0.1,
     {{6, "1.3650", "-9.2e-3"},
      {3, "1.4414", "4.7e-3"},
      {1, "10", "9.4e-3"},
      {4, "36.888", "7.3e-4"}}},
    {function_2,
     0.1,
     0.1,
     {{12, "1.5960", "3.8e-9"},
      {8, "1.5960", "1.0e-10"},
      {8, "1.5960", "-5.0e-9"},
      {11, "1.5960", "-2.3e-8"}}},
    {function_3,
     0.1,
     0.1,
     {{12, "1.0", "-5.1e-5"},
      {12, "1.0", "-1.9e-4"},
      {10, "1.0", "-2.0e-6"},
      {13, "1.0", "-1.6e-5"}}},
    {function_4,
     0.001,
     0.001,
     {{4, ".085", "-6.9e-5"},
      {1, ".10", "-4.9e-5"},
      {3, ".34910", "-2.9e-6"},
      {4, ".8294", "1.6e-5"}}},
    {function_5,
     0.001,
     0.001,
     {{6, ".075011", "1.9e-4"},
      {3, ".07751", "7.4e-4"},
      {7, ".073142", "-2.6e-4"},
      {8, ".076159", "4.5e-4"}}},
    {function_6,
     0.001,
     0.001,
     {{13, ".9279", "5.2e-4"},
      {11, ".92615", "8.4e-5"},
      {8, ".92478", "-2.4e-4"},
      {11, ".92440", "-3.2e-4"}}},
};

/* Whether VALUE rounds to what is printed: it is within half a unit, or a little more for a
   tie, of the last digit.  */
static bool rounds_to(double value, const char *printed) {
    const char *point = strchr(printed, '.'), *exponent = strchr(printed, 'e');
    const char *end = exponent ? exponent : printed + strlen(printed);
    double unit = point ? pow(10.0, -(double)(end - point - 1)) : 1.0;
    if (exponent)
        unit *= pow(10.0, atof(exponent + 1));
    return fabs(value - atof(printed)) <= 0.5001 * unit;
}

static int search(function phi, double decrease, double curvature, double step,
                  gradus_trial *found) {
    gradus_more_thuente s;
    gradus_trial zero = phi(0.0);
    gradus_search_rules rules = {decrease, curvature, 1e10, zero.value};
    gradus_search_more_thuente.begin(&s, &rules, zero, step);
    for (int evaluations = 1; evaluations < 100; evaluations++) {
        *found = phi(step);
        gradus_search_state state = gradus_search_more_thuente.advance(&s, *found, &step);
        if (state == GRADUS_SEARCH_ACCEPTED)
            return evaluations;
        if (state != GRADUS_SEARCH_GOES_ON)
            return -state;
    }
    return 0;
}

START_TEST(tables_of_the_paper) {
    static const double first[] = {1e-3, 1e-1, 1e1, 1e3};
    int wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t j = 0; j < 4; j++) {
            gradus_trial found;
            int evaluations =
                search(rows[i].phi, rows[i].decrease, rows[i].curvature, first[j], &found);
            bool right = evaluations == rows[i].cell[j].evaluations &&
                         rounds_to(found.step, rows[i].cell[j].step) &&
                         rounds_to(found.slope, rows[i].cell[j].slope);
            printf("table %zu from %g: %d, %.6g, %.3g; printed %d, %s, %s%s\n", i + 1,
                   first[j], evaluations, found.step, found.slope,
                   rows[i].cell[j].evaluations, rows[i].cell[j].step, rows[i].cell[j].slope,
                   right ? "" : " <- differs");
            wrong += !right;
        }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

/* A wall so high that interpolation over it overflows.  */
static gradus_trial wall(double t) {
    return (gradus_trial){t, t < 0.5 ? t * (t - 0.02) : 1.7e308, 2.0 * t - 0.02};
}

START_TEST(survives_overflow) {
    gradus_trial found;
    int evaluations = search(wall, 1e-4, 0.1, 1.0, &found);
    printf("wall: %d evaluations, slope %.3g\n", evaluations, found.slope);
    ck_assert_int_gt(evaluations, 0);
    ck_assert(fabs(found.slope) <= 0.1 * 0.02);
}
END_TEST

/* Defined below 1 only; the minimum is at 0.98.  */
static gradus_trial barrier(double t) {
    return (gradus_trial){t, -log(1.0 - t) - 50.0 * t, 1.0 / (1.0 - t) - 50.0};
}

START_TEST(comes_back_from_where_there_is_no_value) {
    for (double first = 1e-3; first < 1e9; first *= 10.0) {
        gradus_more_thuente s;
        double step = first, refused = INFINITY;
        int evaluations = 0;
        gradus_trial trial, zero = barrier(0.0);
        gradus_search_state state = GRADUS_SEARCH_GOES_ON;
        gradus_search_rules rules = {1e-4, 0.01, 1e10, zero.value};
        gradus_search_more_thuente.begin(&s, &rules, zero, step);
        while (state == GRADUS_SEARCH_GOES_ON && ++evaluations < 100) {
            trial = barrier(step);
            ck_assert(step > 0.0 && step < refused);
            if (isfinite(trial.value) && isfinite(trial.slope))
                state = gradus_search_more_thuente.advance(&s, trial, &step);
            else {
                refused = step;
                gradus_search_more_thuente.contract(&s, &step);
            }
        }
        printf("barrier from %g: %d evaluations, step %.6g\n", first, evaluations,
               trial.step);
        ck_assert_int_eq(state, GRADUS_SEARCH_ACCEPTED);
        ck_assert(fabs(trial.slope) <= 0.01 * 49.0);
    }
}
END_TEST

/* A line that goes down for ever ends at the longest step, a kink at an interval of
   rounding around it; where the derivative is wrong the step goes to zero and the caller's
   patience ends it.  */
static gradus_trial line(double t) { return (gradus_trial){t, -t, -1.0}; }
static gradus_trial kink(double t) {
    return (gradus_trial){t, fabs(t - 0.3), t < 0.3 ? -1.0 : 1.0};
}
static gradus_trial liar(double t) { return (gradus_trial){t, t, -1.0}; }

START_TEST(ends_without_a_wolfe_point) {
    gradus_trial found;
    ck_assert_int_eq(search(line, 1e-4, 0.9, 1.0, &found), -GRADUS_SEARCH_LONGEST);
    ck_assert(found.step == 1e10);
    ck_assert_int_eq(search(kink, 1e-4, 0.9, 1.0, &found), -GRADUS_SEARCH_SHRUNK);
    assert_close(found.step, 0.3, 1e-14);
    ck_assert_int_eq(search(liar, 1e-4, 0.9, 1.0, &found), 0);
    assert_at_most("step where the derivative is wrong", found.step, 1e-14);
}
END_TEST

TEST_MAIN("more_thuente", tables_of_the_paper, survives_overflow,
          comes_back_from_where_there_is_no_value, ends_without_a_wolfe_point)
