/* The loop of a run: which rows there are, and what the last one says.  */

#include "harness/run/drive.h"

#include "../../support.h"
#include "../toys.h"

enum { MOST = 64 };

typedef struct {
    gradus_row rows[MOST];
    size_t count, ticks;
    size_t refuse_at;    /* this row is answered with an error; SIZE_MAX: none */
    size_t interrupt_at; /* after this update; SIZE_MAX: never */
    gradus_run *run;
} log_t;

static gradus_err observe(void *context, const gradus_row *row, gradus_error *why) {
    log_t *log = context;
    ck_assert_uint_lt(log->count, MOST);
    if (log->count == log->refuse_at)
        return gradus_fail(why, GRADUS_EIO, "no room");
    log->rows[log->count++] = *row;
    return GRADUS_OK;
}

static void tick(void *context, const gradus_run *run) {
    log_t *log = context;
    log->ticks++;
    ck_assert_uint_eq(gradus_run_updates(run), log->ticks);
    if (log->ticks == log->interrupt_at)
        gradus_run_interrupt(log->run);
}

static const log_t EMPTY = {.refuse_at = SIZE_MAX, .interrupt_at = SIZE_MAX};

/* Drives the toys and compares the updates of the rows with WANT (ends with -1).  */
static gradus_row drive(toys_t *t, log_t *log, const int want[]) {
    gradus_row last;
    gradus_error why;
    log->run = t->run;
    ck_assert_int_eq(gradus_drive(t->run, NULL, observe, tick, log, &last, &why), GRADUS_OK);
    size_t count = 0;
    for (; want[count] >= 0; count++) {
        ck_assert_uint_lt(count, log->count);
        ck_assert_uint_eq(log->rows[count].update, (size_t)want[count]);
    }
    ck_assert_uint_eq(log->count, count);
    ck_assert_mem_eq(&last, &log->rows[count - 1], sizeof last);
    return last;
}

START_TEST(rows_at_multiples_and_at_the_end) {
    toys_t t = toys_open(NULL, "updates=7,measure_every=3");
    log_t log = EMPTY;
    drive(&t, &log, (int[]){0, 3, 6, 7, -1});
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_STOP_UPDATES);
    ck_assert_uint_eq(log.ticks, 7);
    toys_close(&t);
}
END_TEST

START_TEST(last_row_only_once_when_it_is_due) {
    toys_t t = toys_open(NULL, "updates=6,measure_every=3");
    log_t log = EMPTY;
    drive(&t, &log, (int[]){0, 3, 6, -1});
    toys_close(&t);
}
END_TEST

START_TEST(no_updates_is_one_row) {
    toys_t t = toys_open(NULL, "updates=0");
    log_t log = EMPTY;
    gradus_row last = drive(&t, &log, (int[]){0, -1});
    ck_assert(isnan(last.step_norm) && isnan(last.learning_rate));
    ck_assert_uint_eq(last.gradient_evaluations, 0);
    toys_close(&t);
}
END_TEST

/* Over the first 2 examples the gradient is x - 1/2, over all 5 it is x - 2: exact.  */
START_TEST(last_row_is_over_all_data) {
    toys_t t = toys_open("rate=0", "updates=4,measure_every=2,measure_examples=2,batch=2");
    log_t log = EMPTY;
    gradus_row last = drive(&t, &log, (int[]){0, 2, 4, -1});
    ck_assert_double_eq(log.rows[0].gradient_norm, 9.5);
    ck_assert_double_eq(log.rows[1].gradient_norm, 9.5);
    ck_assert_double_eq(last.gradient_norm, 8.0);
    toys_close(&t);
}
END_TEST

/* The update after update 4 fails: one row at 4, over all data, with the failed attempt's
   evaluation in it.  */
START_TEST(failed_step_leaves_one_row_with_its_cost) {
    toys_t t = toys_open("rate=0,fail_at=4", "measure_every=2,measure_examples=2,batch=2");
    log_t log = EMPTY;
    gradus_row last = drive(&t, &log, (int[]){0, 2, 4, -1});
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_LINE_SEARCH);
    ck_assert_double_eq(last.gradient_norm, 8.0);
    ck_assert_uint_eq(last.value_evaluations, 1);
    ck_assert_uint_eq(last.gradient_evaluations, 5);
    ck_assert_uint_eq(log.ticks, 4);
    toys_close(&t);
}
END_TEST

START_TEST(interrupt_ends_after_the_update) {
    toys_t t = toys_open(NULL, "updates=50,gradient_tolerance=0");
    log_t log = EMPTY;
    log.interrupt_at = 2;
    drive(&t, &log, (int[]){0, 1, 2, -1});
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_STOP_INTERRUPTED);
    toys_close(&t);
}
END_TEST

START_TEST(observer_can_end_it) {
    toys_t t = toys_open(NULL, "updates=50,gradient_tolerance=0");
    log_t log = EMPTY;
    gradus_row last;
    gradus_error why;
    log.refuse_at = 2;
    ck_assert_int_eq(gradus_drive(t.run, NULL, observe, NULL, &log, &last, &why), GRADUS_EIO);
    ck_assert_str_eq(why.text, "no room");
    ck_assert_uint_eq(log.count, 2);
    toys_close(&t);
}
END_TEST

START_TEST(divergence_is_a_result) {
    toys_t t = toys_open("jump_at=2", "updates=50");
    log_t log = EMPTY;
    gradus_row last = drive(&t, &log, (int[]){0, 1, 2, 3, -1});
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_DIVERGED);
    ck_assert(!isfinite(last.train_value));
    toys_close(&t);
}
END_TEST

/* In mini-batch nothing looks at the point before the budget ends the run.  */
START_TEST(budget_does_not_hide_divergence) {
    toys_t t = toys_open("jump_at=1", "updates=2,batch=2,measure_every=10");
    log_t log = EMPTY;
    drive(&t, &log, (int[]){0, 2, -1});
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_DIVERGED);
    toys_close(&t);
}
END_TEST

TEST_MAIN("drive", rows_at_multiples_and_at_the_end, last_row_only_once_when_it_is_due,
          no_updates_is_one_row, last_row_is_over_all_data,
          failed_step_leaves_one_row_with_its_cost, interrupt_ends_after_the_update,
          observer_can_end_it, divergence_is_a_result, budget_does_not_hide_divergence)
