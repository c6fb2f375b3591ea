/* CPU and wall time, split by phase.  The total is read at start and stop only, the phases
   at every change, so that their agreement is a test and not a definition.  */

#include "core/clock.h"

#include <assert.h>
#include <time.h>

static double seconds(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

gradus_times gradus_times_now(void) {
    return (gradus_times){.cpu = seconds(CLOCK_PROCESS_CPUTIME_ID),
                          .wall = seconds(CLOCK_MONOTONIC)};
}

/* Charges what has passed since the mark to the innermost phase.  */
static void settle(gradus_clock *clock, double cpu) {
    clock->phase_seconds[clock->stack[clock->depth]] += cpu - clock->mark;
    clock->mark = cpu;
}

void gradus_clock_start(gradus_clock *clock) {
    assert(!clock->running);
    clock->running = true;
    clock->depth = 0;
    clock->stack[0] = GRADUS_PHASE_REST;
    clock->begun = gradus_times_now();
    clock->mark = clock->begun.cpu;
}

void gradus_clock_stop(gradus_clock *clock) {
    assert(clock->running && clock->depth == 0);
    gradus_times now = gradus_times_now();
    settle(clock, now.cpu);
    clock->total.cpu += now.cpu - clock->begun.cpu;
    clock->total.wall += now.wall - clock->begun.wall;
    clock->running = false;
}

void gradus_clock_enter(gradus_clock *clock, gradus_phase phase) {
    if (!clock->running)
        return;
    assert(clock->depth + 1 < (int)(sizeof clock->stack / sizeof *clock->stack));
    settle(clock, seconds(CLOCK_PROCESS_CPUTIME_ID));
    clock->stack[++clock->depth] = phase;
}

void gradus_clock_leave(gradus_clock *clock) {
    if (!clock->running)
        return;
    assert(clock->depth > 0);
    settle(clock, seconds(CLOCK_PROCESS_CPUTIME_ID));
    clock->depth--;
}

void gradus_clock_charge(gradus_clock *clock, gradus_phase phase, gradus_times times) {
    clock->phase_seconds[phase] += times.cpu;
    clock->total.cpu += times.cpu;
    clock->total.wall += times.wall;
}

gradus_times gradus_clock_read(const gradus_clock *clock) {
    gradus_times total = clock->total;
    if (clock->running) {
        gradus_times now = gradus_times_now();
        total.cpu += now.cpu - clock->begun.cpu;
        total.wall += now.wall - clock->begun.wall;
    }
    return total;
}

void gradus_clock_list(gradus_clock *clock, gradus_inventory *inventory) {
    static const char group[] = "clock";
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "cpu", &clock->total.cpu, 1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "wall", &clock->total.wall,
                         1);
    gradus_inventory_add(inventory, GRADUS_KEPT_REALS, group, "phases",
                         clock->phase_seconds, GRADUS_PHASES);
}
