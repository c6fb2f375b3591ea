/* Seed by seed, so that a machine that slows down slows all methods alike, and in each the
   longest run first: what is left for the end of the race is short, and no place stands
   empty for long.

   How long a run will take is judged by the method's last one that is over.  A method none of
   whose runs is over counts as the longest: the others are done before it.  So the first seed
   goes in the study's order.  */

#include "harness/race/race_order.h"

#include <math.h>

static double expected(const gradus_turn turn[], size_t run, size_t methods) {
    while (run >= methods) {
        run -= methods;
        if (turn[run].over)
            return turn[run].seconds;
    }
    return INFINITY;
}

size_t gradus_race_next(const gradus_turn turn[], size_t count, size_t methods) {
    size_t next = 0;
    while (next < count && turn[next].begun)
        next++;
    size_t seed = next / methods;
    for (size_t i = next; i < count && i / methods == seed; i++)
        if (!turn[i].begun && expected(turn, i, methods) > expected(turn, next, methods))
            next = i;
    return next;
}
