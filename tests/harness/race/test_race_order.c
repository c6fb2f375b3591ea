/* Runs side by side, by made-up times: how much of the places is used, and that a seed's runs
   stay together.  */

#include "harness/race/race_order.h"

#include "../../support.h"

enum { MOST_RUNS = 64, MOST_PLACES = 4 };

typedef struct {
    size_t methods, seeds, places;
    const double *seconds; /* of every method */
} race_t;

typedef struct {
    double busy; /* share of the places until the end */
    size_t order[MOST_RUNS];
} outcome_t;

typedef size_t choose_t(const gradus_turn turn[], size_t count, size_t methods);

/* What the race would do if it took the runs as the study has them.  */
static size_t in_study_order(const gradus_turn turn[], size_t count, size_t methods) {
    (void)methods;
    size_t next = 0;
    while (next < count && turn[next].begun)
        next++;
    return next;
}

/* Every place that is free takes the run that CHOOSE names; the place that is free first comes
   first.  A place is free when its run is over, which is when its seconds are known.  */
static outcome_t simulate(const race_t *race, choose_t *choose) {
    gradus_turn turn[MOST_RUNS] = {{.begun = false}};
    double free_at[MOST_PLACES] = {0}, work = 0.0, end = 0.0;
    size_t count = race->methods * race->seeds, at_work[MOST_PLACES];
    outcome_t outcome = {.busy = 0.0};
    for (size_t p = 0; p < race->places; p++)
        at_work[p] = count;
    for (size_t k = 0; k < count; k++) {
        size_t place = 0;
        for (size_t p = 1; p < race->places; p++)
            if (free_at[p] < free_at[place])
                place = p;
        if (at_work[place] < count)
            turn[at_work[place]].over = true;
        size_t run = choose(turn, count, race->methods);
        ck_assert_uint_lt(run, count);
        ck_assert(!turn[run].begun);
        double seconds = race->seconds[run % race->methods];
        turn[run] = (gradus_turn){.begun = true, .seconds = seconds};
        at_work[place] = outcome.order[k] = run;
        free_at[place] += seconds;
        work += seconds;
        end = fmax(end, free_at[place]);
    }
    ck_assert_uint_eq(choose(turn, count, race->methods), count);
    outcome.busy = work / (end * (double)race->places);
    return outcome;
}

/* The dearest method last in the study, as it usually is: in the study's order it ends alone.
   0.9 is what is asked of five methods with three seeds on two cores.  */
START_TEST(the_longest_does_not_end_alone) {
    static const double five[] = {2.3, 2.3, 2.5, 2.5, 12.0}, mixed[] = {1, 2, 3, 4, 5},
                        middle[] = {1, 1, 2, 1, 1};
    const race_t races[] = {{5, 3, 2, five},
                            {5, 2, 2, five},
                            {5, 3, 2, mixed},
                            {5, 3, 4, mixed},
                            {5, 3, 2, middle}};
    for (size_t i = 0; i < sizeof races / sizeof *races; i++) {
        outcome_t outcome = simulate(&races[i], gradus_race_next);
        double before = simulate(&races[i], in_study_order).busy;
        printf("race %zu: %.3f of the places in use, %.3f in the study's order\n", i,
               outcome.busy, before);
        ck_assert(outcome.busy >= 0.9);
        ck_assert(outcome.busy >= before);
    }
    ck_assert(simulate(&races[0], in_study_order).busy < 0.9);
}
END_TEST

/* Whatever the times, all runs of a seed begin before any of the next.  */
START_TEST(seeds_stay_together) {
    for (uint64_t trial = 0; trial < 200; trial++) {
        double seconds[7];
        for (size_t i = 0; i < 7; i++)
            seconds[i] = exp(3.0 * noise(10 * trial + i));
        race_t race = {.methods = 1 + trial % 7,
                       .seeds = 1 + trial % 5,
                       .places = 2 + trial % 3,
                       .seconds = seconds};
        outcome_t outcome = simulate(&race, gradus_race_next);
        for (size_t k = 0; k < race.methods * race.seeds; k++)
            ck_assert_uint_eq(outcome.order[k] / race.methods, k / race.methods);
        for (size_t k = 0; k < race.methods; k++) /* nothing is known of the first */
            ck_assert_uint_eq(outcome.order[k], k);
    }
}
END_TEST

/* By the nearest run that is over; the method that has not ended once comes first.  */
START_TEST(the_last_time_counts) {
    gradus_turn turn[9] = {{.begun = true, .over = true, .seconds = 5},
                           {.begun = true, .over = true, .seconds = 4},
                           {.begun = true},
                           {.begun = true, .over = true, .seconds = 1},
                           {.begun = true},
                           {.begun = true}};
    ck_assert_uint_eq(gradus_race_next(turn, 9, 3), 8);
    turn[8].begun = true;
    ck_assert_uint_eq(gradus_race_next(turn, 9, 3),
                      7); /* 4 of the first seed, 1 of the second */
    turn[7].begun = true;
    ck_assert_uint_eq(gradus_race_next(turn, 9, 3), 6);
    turn[6].begun = true;
    ck_assert_uint_eq(gradus_race_next(turn, 9, 3), 9);
}
END_TEST

TEST_MAIN("race_order", the_longest_does_not_end_alone, seeds_stay_together,
          the_last_time_counts)
