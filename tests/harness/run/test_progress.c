/* The part of a budget that is spent.  */

#include "harness/run/progress.h"

#include "../../support.h"
#include "../toys.h"

static double fraction(const char *options, gradus_row row) {
    toys_t t = toys_open(NULL, options);
    gradus_progress progress = gradus_progress_open(false, 1);
    gradus_progress_begin(&progress, 1, "walk", t.run);
    gradus_progress_row(&progress, &row);
    double spent = gradus_progress_fraction(&progress, row.update);
    toys_close(&t);
    return spent;
}

static const gradus_row ROW = {.update = 3,
                               .passes = 4.5,
                               .value_evaluations = 1,
                               .gradient_evaluations = 5,
                               .cpu_seconds = 0.5,
                               .wall_seconds = 0.25};

START_TEST(nearest_limit_counts) {
    assert_close(fraction("updates=12", ROW), 0.25, 0.0);
    assert_close(fraction("updates=12,passes=6", ROW), 0.75, 0.0);
    assert_close(fraction("evaluations=8,wall_seconds=1", ROW), 0.75, 0.0);
    assert_close(fraction("updates=12,cpu_seconds=0.25", ROW), 1.0, 0.0);
    assert_close(fraction("passes=0", ROW), 1.0, 0.0);
}
END_TEST

START_TEST(without_limits_there_is_no_part) {
    ck_assert(isnan(fraction(NULL, ROW)));
    ck_assert(isnan(fraction("target=1,gradient_tolerance=0", ROW)));
}
END_TEST

TEST_MAIN("progress", nearest_limit_counts, without_limits_there_is_no_part)
