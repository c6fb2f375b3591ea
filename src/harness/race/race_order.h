/* Which run of a race begins next, where several are at work.  */

#ifndef GRADUS_HARNESS_RACE_RACE_ORDER_H
#define GRADUS_HARNESS_RACE_RACE_ORDER_H

#include <stdbool.h>
#include <stddef.h>

/* How far a run is.  */
typedef struct gradus_turn {
    bool begun, over;
    double seconds; /* that it took, when it is over */
} gradus_turn;

/* The run to begin, of COUNT in the study's order, METHODS to a seed; COUNT when all have
   begun.  */
size_t gradus_race_next(const gradus_turn turn[], size_t count, size_t methods);

#endif
