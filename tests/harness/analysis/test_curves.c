/* Medians along the traces.  */

#include "harness/analysis/curves.h"

#include "../sample.h"

static gradus_results results;

static void set_up(void) {
    make_scratch();
    write_sample(&plain_sample);
    assert_ok(gradus_results_open(&results, scratch, NULL));
}

static void tear_down(void) {
    gradus_results_close(&results);
    clear_scratch();
}

START_TEST(takes_medians_at_every_update) {
    gradus_curve curve;
    set_up();
    assert_ok(gradus_curve_open(&curve, &results, 1, GRADUS_COLUMN_CPU, GRADUS_COLUMN_VALUE,
                                NULL));
    ck_assert_uint_eq(curve.count, SAMPLE_UPDATES + 1);
    ck_assert_uint_eq(curve.runs, SAMPLE_SEEDS);
    ck_assert(!curve.failed);
    for (int k = 0; k <= SAMPLE_UPDATES; k++) {
        ck_assert_double_eq(curve.point[k].x, sample_seconds(1, k));
        ck_assert_double_eq(curve.point[k].low, sample_value(1, 1, k));
        ck_assert_double_eq(curve.point[k].middle, sample_value(1, 2, k));
        ck_assert_double_eq(curve.point[k].high, sample_value(1, 3, k));
    }
    ck_assert_ptr_eq(gradus_curve_end(&curve), &curve.point[SAMPLE_UPDATES]);
    gradus_curve_close(&curve);
    tear_down();
}
END_TEST

START_TEST(ends_where_a_method_fails) {
    gradus_curve curve;
    set_up();
    assert_ok(gradus_curve_open(&curve, &results, 2, GRADUS_COLUMN_UPDATE,
                                GRADUS_COLUMN_VALUE, NULL));
    ck_assert(curve.failed);
    ck_assert_uint_eq(curve.count, SAMPLE_BREAKS + 1);
    ck_assert(isnan(curve.point[SAMPLE_BREAKS].middle));
    ck_assert_ptr_eq(gradus_curve_end(&curve), &curve.point[SAMPLE_BREAKS - 1]);
    gradus_curve_close(&curve);
    tear_down();
}
END_TEST

/* A run that stopped early stays where it is: seed 1 has rows 0 and 4 only.  */
START_TEST(keeps_a_run_that_has_stopped) {
    gradus_curve curve;
    set_up();
    gradus_trace *trace = &results.run[0].trace; /* quick, seed 1 */
    for (int c = 0; c < GRADUS_COLUMNS; c++)
        trace->column[c][1] = trace->column[c][4];
    trace->rows = 2;
    assert_ok(gradus_curve_open(&curve, &results, 0, GRADUS_COLUMN_PASSES,
                                GRADUS_COLUMN_VALUE, NULL));
    ck_assert_uint_eq(curve.count, SAMPLE_UPDATES + 1);
    ck_assert_double_eq(curve.point[2].high, sample_value(0, 1, 0));
    ck_assert_double_eq(curve.point[2].middle, sample_value(0, 3, 2));
    ck_assert_double_eq(curve.point[20].high, sample_value(0, 1, 4));
    ck_assert_double_eq(curve.point[20].middle, sample_value(0, 3, 20));
    ck_assert_double_eq(curve.point[20].x, 40);
    gradus_curve_close(&curve);
    tear_down();
}
END_TEST

TEST_MAIN("curves", takes_medians_at_every_update, ends_where_a_method_fails,
          keeps_a_run_that_has_stopped)
