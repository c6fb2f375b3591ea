/* Signals: the first interrupts the run, the second ends the program, and what was ignored
   stays ignored.  */

#include "harness/run/interrupt.h"

#include "../toys.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* Check forks for every test; what it does with these signals itself is undone.  */
static void set_up(void) {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
}

START_TEST(first_interrupts) {
    static const int signals[] = {SIGINT, SIGTERM};
    toys_t t = toys_open(NULL, NULL);
    gradus_interrupt_watch(t.run);
    ck_assert(!gradus_interrupted());
    raise(signals[_i]);
    ck_assert(gradus_interrupted());
    ck_assert_int_eq(gradus_run_test(t.run), GRADUS_STOP_INTERRUPTED);
    gradus_interrupt_watch(NULL);
    toys_close(&t);
}
END_TEST

/* A hand's time: what comes sooner is the first signal once more.  */
static void wait_a_little(void) { usleep(200000); }

START_TEST(second_ends_at_once) {
    gradus_interrupt_watch(NULL);
    raise(SIGINT);
    wait_a_little();
    raise(SIGINT);
}
END_TEST

START_TEST(double_is_one) {
    gradus_interrupt_watch(NULL);
    raise(SIGINT);
    raise(SIGINT);
    raise(SIGTERM);
    ck_assert(gradus_interrupted());
}
END_TEST

START_TEST(second_may_be_of_the_other_kind) {
    gradus_interrupt_watch(NULL);
    raise(SIGINT);
    gradus_interrupt_watch(NULL); /* a later run of the same program changes nothing */
    wait_a_little();
    raise(SIGTERM);
}
END_TEST

START_TEST(comes_between_two_runs) {
    gradus_interrupt_watch(NULL);
    raise(SIGINT);
    toys_t t = toys_open(NULL, NULL);
    gradus_interrupt_watch(t.run);
    ck_assert_int_eq(gradus_run_test(t.run), GRADUS_STOP_INTERRUPTED);
    toys_close(&t);
}
END_TEST

START_TEST(ignored_stays_ignored) {
    signal(SIGINT, SIG_IGN);
    gradus_interrupt_watch(NULL);
    raise(SIGINT);
    ck_assert(!gradus_interrupted());
}
END_TEST

int main(void) {
    Suite *suite = suite_create("interrupt");
    TCase *tests = tcase_create("signals");
    SRunner *runner = srunner_create(suite);
    bool forks = srunner_fork_status(runner) == CK_FORK;
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, NULL);
    if (forks) {
        tcase_add_loop_test(tests, first_interrupts, 0, 2);
        tcase_add_test_raise_signal(tests, second_ends_at_once, SIGINT);
        tcase_add_test_raise_signal(tests, second_may_be_of_the_other_kind, SIGTERM);
        tcase_add_test(tests, double_is_one);
        tcase_add_test(tests, comes_between_two_runs);
    }
    tcase_add_test(tests, ignored_stays_ignored);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
