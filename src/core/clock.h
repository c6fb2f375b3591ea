/* CPU and wall time, split by phase.  Only set-up and steps run on the clock.  */

#ifndef GRADUS_CORE_CLOCK_H
#define GRADUS_CORE_CLOCK_H

#include "base/inventory.h"
#include "gradus.h"

typedef struct gradus_times {
    double cpu, wall; /* seconds */
} gradus_times;

typedef struct gradus_clock {
    gradus_times total; /* of the finished intervals */
    double phase_seconds[GRADUS_PHASES];
    gradus_phase stack[8]; /* the innermost phase is at `depth` */
    int depth;
    bool running;
    gradus_times begun; /* reading at start */
    double mark;        /* CPU reading when the innermost phase last took over */
} gradus_clock;

gradus_times gradus_times_now(void);

void gradus_clock_start(gradus_clock *clock);
void gradus_clock_stop(gradus_clock *clock);
/* A clock that is not running ignores both.  */
void gradus_clock_enter(gradus_clock *clock, gradus_phase phase);
void gradus_clock_leave(gradus_clock *clock);
/* Bills time that passed while the clock stood still.  */
void gradus_clock_charge(gradus_clock *clock, gradus_phase phase, gradus_times times);
/* Of a clock that is not running.  */
void gradus_clock_list(gradus_clock *clock, gradus_inventory *inventory);
/* Total so far, the running interval included.  */
gradus_times gradus_clock_read(const gradus_clock *clock);

#endif
