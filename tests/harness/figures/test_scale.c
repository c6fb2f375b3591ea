/* The choice of axes.  */

#include "harness/figures/scale.h"

#include "../../support.h"

enum { POINTS = 3 };

/* Two methods with one run each, from START to their ends over XS.  */
typedef struct {
    gradus_point point[2][POINTS];
    double value[2][POINTS];
    gradus_curve curve[2];
    gradus_result run[2];
    gradus_results results;
} race_t;

static void set_up(race_t *race, double start, const double end[2], const double x[2]) {
    *race = (race_t){0};
    for (int m = 0; m < 2; m++) {
        double values[POINTS] = {start, 0.5 * (start + end[m]), end[m]};
        for (int i = 0; i < POINTS; i++) {
            double v = race->value[m][i] = values[i];
            race->point[m][i] = (gradus_point){x[m] * i / (POINTS - 1), v, v, v};
        }
        race->curve[m] =
            (gradus_curve){.runs = 1, .count = POINTS, .point = race->point[m]};
        race->run[m].trace.rows = POINTS;
        race->run[m].trace.column[GRADUS_COLUMN_VALUE] = race->value[m];
        race->run[m].trace.column[GRADUS_COLUMN_ACCURACY] = race->value[m];
    }
    race->results = (gradus_results){.runs = 2, .run = race->run, .minimum = NAN};
}

static gradus_scale scale_of(race_t *race, gradus_column column) {
    return gradus_scale_y(&race->results, race->curve, 2, column);
}

static const double same_length[2] = {10, 10};

START_TEST(shows_the_excess_when_ends_are_close) {
    race_t race;
    set_up(&race, 2.3, (double[]){0.39, 0.3901}, same_length);
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert(scale.log);
    ck_assert_double_eq(scale.lowest, 0.39);
    assert_close(scale.floor, 1e-4, 1e-12);
    /* The lowest value itself has no logarithm, and stands at the floor.  */
    ck_assert_double_eq(gradus_scale_drawn(&scale, 0.39), scale.floor);
    ck_assert(gradus_scale_place(&scale, scale.floor) > 0);
    ck_assert(gradus_scale_place(&scale, 2.3 - 0.39) < 1);
}
END_TEST

/* Of values alone, and also where their own logarithms would tell the ends apart.  */
START_TEST(shows_the_excess_over_a_named_minimum) {
    race_t race;
    set_up(&race, 500, (double[]){100, 150}, same_length);
    race.results.minimum = 60;
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert(scale.log);
    ck_assert_double_eq(scale.lowest, 60);
    assert_close(scale.floor, 40, 1e-12);
    ck_assert(gradus_scale_place(&scale, 90) > gradus_scale_place(&scale, 40));
}
END_TEST

START_TEST(shows_the_value_when_ends_are_apart) {
    race_t race;
    set_up(&race, 500, (double[]){100, 150}, same_length);
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert(scale.log);
    ck_assert_double_eq(scale.lowest, 0);
    set_up(&race, 24, (double[]){1e-18, 1.01e-18}, same_length);
    ck_assert_double_eq(scale_of(&race, GRADUS_COLUMN_VALUE).lowest, 0);
}
END_TEST

START_TEST(follows_no_curve_far_above_the_start) {
    race_t race;
    set_up(&race, 500, (double[]){100, 1e200}, same_length);
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert(scale.high > 500 && scale.high < 1000);
}
END_TEST

START_TEST(copes_with_negative_constant_and_equal_values) {
    race_t race;
    set_up(&race, 1, (double[]){-5, -4}, same_length);
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert_double_eq(scale.lowest, -5);
    ck_assert(scale.log && scale.high > scale.low && scale.low > 0);
    set_up(&race, 3, (double[]){3, 3}, same_length);
    scale = scale_of(&race, GRADUS_COLUMN_VALUE);
    ck_assert(!scale.log && scale.high > scale.low);
}
END_TEST

START_TEST(shows_accuracy_in_percent) {
    race_t race;
    set_up(&race, 0.1, (double[]){0.84, 0.83}, same_length);
    gradus_scale scale = scale_of(&race, GRADUS_COLUMN_ACCURACY);
    ck_assert(!scale.log);
    ck_assert_double_eq(gradus_scale_drawn(&scale, 0.84), 84);
    ck_assert(scale.low > 70 && scale.low < 83 && scale.high > 84);
}
END_TEST

START_TEST(stretches_x_when_lengths_are_far_apart) {
    race_t race;
    set_up(&race, 2, (double[]){1, 1}, same_length);
    ck_assert(!gradus_scale_x(race.curve, 2).log);
    set_up(&race, 2, (double[]){1, 1}, (double[]){10, 1000});
    gradus_scale scale = gradus_scale_x(race.curve, 2);
    ck_assert(scale.log && scale.low <= 5 && scale.low > 0);
    race.curve[0].failed = true; /* one that fails soon says nothing about lengths */
    ck_assert(!gradus_scale_x(race.curve, 2).log);
}
END_TEST

/* Numbers with many digits would run into the axis' name.  */
START_TEST(ticks_are_short) {
    static const struct {
        double low, high;
        const char *ticks;
    } cases[] = {
        {0.3, 7, "('0.5' 0.5, '1' 1, '2' 2, '5' 5)"},
        {4e5, 3e6, "('500000' 500000, '10⁶' 1000000, '2·10⁶' 2000000)"},
        {4e-7, 3e-6, "('5·10⁻⁷' 5e-07, '10⁻⁶' 1e-06, '2·10⁻⁶' 2e-06)"},
        {2e6, 4.5e6, "('2·10⁶' 2000000, '3·10⁶' 3000000, '4·10⁶' 4000000)"},
        {0.5, 2e3, "('1' 1e0, '10' 1e1, '100' 1e2, '1000' 1e3)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256] = "";
        FILE *file = fmemopen(text, sizeof text, "w");
        ck_assert_ptr_nonnull(file);
        gradus_scale_print(
            file, 'y',
            &(gradus_scale){.log = true, .low = cases[i].low, .high = cases[i].high});
        ck_assert_int_eq(fclose(file), 0);
        printf("%s", text);
        assert_contains(text, cases[i].ticks);
    }
}
END_TEST

/* Those of an x axis stand side by side: nine numbers like 0.002 would touch.  */
START_TEST(ticks_across_are_few) {
    static const struct {
        double high;
        const char *step;
    } cases[] = {{0.0171, "out 0.005\n"},
                 {6.42, "out 2\n"},
                 {107, "out 20\n"},
                 {0.6, "out 0.1\n"},
                 {3e7, "out 5000000\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256] = "";
        FILE *file = fmemopen(text, sizeof text, "w");
        ck_assert_ptr_nonnull(file);
        gradus_scale_print(file, 'x', &(gradus_scale){.high = cases[i].high});
        ck_assert_int_eq(fclose(file), 0);
        printf("%s", text);
        assert_contains(text, cases[i].step);
    }
}
END_TEST

/* Three lines end at the top, one in the middle, one a little below the top, one not at all.  */
START_TEST(labels_are_at_the_ends_of_lines) {
    double place[] = {1, 0.5, 1.2, NAN, 1, 0.97};
    static const double wanted[] = {1, 0.5, 0.9, NAN, 0.8, 0.7};
    enum { LINES = sizeof place / sizeof *place, MANY = 5 };
    size_t order[LINES];
    gradus_scale_labels(place, order, LINES, 0.1);
    for (size_t i = 0; i < LINES; i++) {
        printf("%g\n", place[i]);
        if (isnan(wanted[i]))
            ck_assert(isnan(place[i]));
        else
            assert_close(place[i], wanted[i], 1e-12);
    }
    /* More than there is room for share it.  */
    double many[MANY] = {0};
    gradus_scale_labels(many, order, MANY, 0.5);
    for (size_t i = 0; i < MANY; i++)
        assert_close(many[i], 1 - 0.25 * (double)i, 1e-12);
}
END_TEST

TEST_MAIN("scale", shows_the_excess_when_ends_are_close,
          shows_the_excess_over_a_named_minimum, shows_the_value_when_ends_are_apart,
          follows_no_curve_far_above_the_start,
          copes_with_negative_constant_and_equal_values, shows_accuracy_in_percent,
          stretches_x_when_lengths_are_far_apart, ticks_are_short, ticks_across_are_few,
          labels_are_at_the_ends_of_lines)
