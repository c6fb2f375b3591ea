/* Accounting: what is charged to which phase.  Work is burnt CPU time of a known amount, so
   no bound depends on how fast the machine is.  */

#include "core/clock.h"
#include "../counting.h"

static const double WORK = 0.003;

static double sum_of_phases(const gradus_clock *clock) {
    double sum = 0.0;
    for (int i = 0; i < GRADUS_PHASES; i++)
        sum += clock->phase_seconds[i];
    return sum;
}

/* The total is read at start and stop, the phases at every change.  The clock's ticks are
   far below the 1 % of 30 ms allowed.  */
START_TEST(phases_add_up) {
    gradus_clock clock = {0};
    double done[GRADUS_PHASES] = {0};
    for (int i = 0; i < 2; i++) {
        gradus_clock_start(&clock);
        done[GRADUS_PHASE_REST] += burn(WORK);
        gradus_clock_enter(&clock, GRADUS_PHASE_LINE_SEARCH);
        done[GRADUS_PHASE_LINE_SEARCH] += burn(WORK);
        gradus_clock_enter(&clock, GRADUS_PHASE_EVALUATION); /* nested: charged apart */
        done[GRADUS_PHASE_EVALUATION] += burn(2 * WORK);
        gradus_clock_leave(&clock);
        done[GRADUS_PHASE_LINE_SEARCH] += burn(WORK);
        gradus_clock_leave(&clock);
        gradus_clock_stop(&clock);
        burn(5 * WORK); /* between intervals nothing is charged */
    }
    gradus_times total = gradus_clock_read(&clock);
    assert_at_most("phases against total", fabs(sum_of_phases(&clock) - total.cpu),
                   0.01 * total.cpu);
    for (int i = 0; i < GRADUS_PHASES; i++) {
        printf("phase %d: %.4f s charged, %.4f s done\n", i, clock.phase_seconds[i],
               done[i]);
        ck_assert(clock.phase_seconds[i] >= done[i]);
    }
    assert_at_most("charged beyond what was done", total.cpu - 10 * WORK,
                   5 * WORK); /* less than one pause of 15 ms */
}
END_TEST

START_TEST(a_clock_at_rest_ignores_phases) {
    gradus_clock clock = {0};
    gradus_clock_enter(&clock, GRADUS_PHASE_PRODUCT);
    burn(WORK);
    gradus_clock_leave(&clock);
    ck_assert(gradus_clock_read(&clock).cpu == 0.0 && sum_of_phases(&clock) == 0.0);
}
END_TEST

START_TEST(reading_includes_the_running_interval) {
    gradus_clock clock = {0};
    gradus_clock_start(&clock);
    burn(WORK);
    gradus_times now = gradus_clock_read(&clock);
    ck_assert(now.cpu >= WORK && now.wall >= WORK);
    gradus_clock_stop(&clock);
    ck_assert(gradus_clock_read(&clock).cpu >= now.cpu);
    ck_assert(same_bits(gradus_clock_read(&clock).cpu, gradus_clock_read(&clock).cpu));
}
END_TEST

START_TEST(charges_count_in_phase_and_total) {
    gradus_clock clock = {0};
    gradus_clock_charge(&clock, GRADUS_PHASE_EVALUATION, (gradus_times){1.5, 2.5});
    gradus_clock_start(&clock);
    gradus_clock_charge(&clock, GRADUS_PHASE_EVALUATION, (gradus_times){0.5, 0.25});
    gradus_clock_stop(&clock);
    gradus_times total = gradus_clock_read(&clock);
    ck_assert(clock.phase_seconds[GRADUS_PHASE_EVALUATION] == 2.0);
    ck_assert(total.cpu >= 2.0 && total.wall >= 2.75);
    assert_at_most("phases against total", fabs(sum_of_phases(&clock) - total.cpu), 1e-3);
}
END_TEST

TEST_MAIN("clock", phases_add_up, a_clock_at_rest_ignores_phases,
          reading_includes_the_running_interval, charges_count_in_phase_and_total)
