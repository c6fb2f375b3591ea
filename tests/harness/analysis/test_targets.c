/* Time to target on a folder whose numbers are known (sample.h), the speed-up and its
   interval, and targets that are the best of a method.  */

#include "harness/analysis/targets.h"
#include "harness/race/race.h"
#include "harness/study/study.h"

#include "../sample.h"

/* Quick reaches 1 when (8 + s) <= 2^k: k = 4 with every seed; slow when 1 + k >= 8 + s:
   k = 8, 9, 10; wild never.  */
START_TEST(costs_and_speed_ups_are_those_of_the_traces) {
    gradus_results results;
    gradus_targets targets;
    gradus_error why = {.text = ""};
    make_scratch();
    write_sample(&plain_sample);
    ck_assert_msg(!gradus_results_open(&results, scratch, &why), "%s", why.text);
    assert_ok(gradus_targets_open(&targets, &results, &why));
    static const double quick[GRADUS_COSTS] = {4, 8, 2, 2},
                        slow[GRADUS_COSTS] = {9, 9, 1.125, 1.125};
    for (size_t c = 0; c < GRADUS_COSTS; c++) {
        const gradus_reach *first = gradus_targets_at(&targets, 0, 0, 0, c),
                           *second = gradus_targets_at(&targets, 0, 0, 1, c),
                           *third = gradus_targets_at(&targets, 0, 0, 2, c);
        /* Binary fractions: exact.  */
        ck_assert(first->spread.median == quick[c] && second->spread.median == slow[c]);
        ck_assert(second->spread.low == slow[c] / 9 * 8 &&
                  second->spread.high == slow[c] / 9 * 10);
        ck_assert(isinf(third->spread.median) && third->spread.finite == 0);
        ck_assert(first->speedup == 1 && first->low == 1 && first->high == 1);
        ck_assert(second->speedup == quick[c] / slow[c]);
        ck_assert(second->low >= quick[c] / (slow[c] / 9 * 10) &&
                  second->high <= quick[c] / (slow[c] / 9 * 8));
        ck_assert(third->speedup == 0 && third->low == 0 && third->high == 0);
    }
    assert_ok(gradus_targets_write(&targets, scratch, &why));
    FILE *file = fopen(in_scratch("targets.csv"), "r");
    char line[512];
    int lines = 0, misses = 0;
    while (fgets(line, sizeof line, file)) {
        lines++;
        misses += strstr(line, ",0,inf,inf,inf,quick,") != NULL;
    }
    fclose(file);
    ck_assert_int_eq(lines, 1 + 2 * SAMPLE_METHODS * GRADUS_COSTS);
    ck_assert_int_eq(misses, 3 * GRADUS_COSTS); /* slow misses the second one too */
    gradus_targets_close(&targets);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

enum { MANY = 9 };
static gradus_reach speedup_of(const double base[], const double other[], size_t count) {
    double room[2 * MANY + GRADUS_RESAMPLES];
    gradus_reach reach;
    assert_ok(gradus_speedup(&reach, base, other, count, room));
    return reach;
}

/* The bootstrap's distribution of the median of nine numbers 1..9 is known: it is at most k
   when at least five draws of nine are, so with probability P(Bin(9, k/9) >= 5), which is
   0.0014 for k = 1, 0.030 for 2 and 0.145 for 3.  In 2000 draws the share of 0.025 lies
   between the first and the last of these by more than nine standard deviations of either,
   so that the lower end is 2 or 3, and the upper one 7 or 8.  */
START_TEST(the_interval_is_that_of_the_bootstrap) {
    double base[MANY], other[MANY];
    for (size_t i = 0; i < MANY; i++) {
        base[i] = (double)i + 1;
        other[i] = 1;
    }
    gradus_reach reach = speedup_of(base, other, MANY),
                 again = speedup_of(base, other, MANY);
    printf("speed-up %g in [%g, %g]\n", reach.speedup, reach.low, reach.high);
    ck_assert(reach.speedup == 5);
    ck_assert(reach.low >= 2 && reach.low <= 3 && reach.high >= 7 && reach.high <= 8);
    ck_assert(reach.low == again.low && reach.high == again.high); /* the seed is fixed */
    /* Draws keep the pairs: twice as slow with every seed is twice as slow in any draw.  */
    for (size_t i = 0; i < MANY; i++)
        other[i] = 2 * base[i];
    reach = speedup_of(base, other, MANY);
    ck_assert(reach.speedup == 0.5 && reach.low == 0.5 && reach.high == 0.5);
}
END_TEST

START_TEST(misses_are_infinite_and_two_of_them_decide_nothing) {
    double never[MANY] = {INFINITY, INFINITY, INFINITY}, once[MANY] = {1, 1, 1},
           often[MANY] = {1, 1, INFINITY};
    gradus_reach reach = speedup_of(never, once, 3);
    ck_assert(isinf(reach.speedup) && isinf(reach.low) && isinf(reach.high));
    reach = speedup_of(once, never, 3);
    ck_assert(reach.speedup == 0 && reach.high == 0);
    reach = speedup_of(never, never, 3);
    ck_assert(isnan(reach.speedup) && reach.low == 0 && isinf(reach.high));
    reach = speedup_of(often, often, 3);
    ck_assert(reach.speedup == 1 && reach.low == 0 && isinf(reach.high));
    reach = speedup_of(once, once, 2);
    ck_assert(reach.speedup == 1 && isnan(reach.low)); /* too few for an interval */
    reach = speedup_of(once, once, 0);
    ck_assert(isnan(reach.speedup));
}
END_TEST

static const char STUDY[] = "study: small\n"
                            "problem: {name: quadratic, dimension: 3}\n"
                            "vary: {problem.condition: [2, 5]}\n"
                            "seeds: [1, 2]\n"
                            "budget: {updates: 10}\n"
                            "target: [best of slow, 0.5]\n"
                            "baseline: slow\n"
                            "methods:\n"
                            "  - {name: sgd, label: quick, learning_rate: 0.3}\n"
                            "  - {name: sgd, label: slow, learning_rate: 0.05}\n";

/* 1/2 sum d_i (1 - rate d_i)^2k with d = 1, sqrt(c), c.  */
static double descent(double condition, double rate, int k) {
    double total = 0, d = 1;
    for (int i = 0; i < 3; i++, d *= sqrt(condition))
        total += 0.5 * d * pow(1 - rate * d, 2 * k);
    return total;
}

START_TEST(the_best_of_a_method_is_a_target) {
    gradus_results results;
    gradus_targets targets;
    gradus_error why = {.text = ""};
    make_scratch();
    char folder[600];
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    gradus_race_options options = {.folder = folder, .quiet = true};
    gradus_err err =
        gradus_race(write_scratch("s.yaml", STUDY, strlen(STUDY)), &options, &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_msg(!gradus_results_open(&results, folder, &why), "%s", why.text);
    assert_ok(gradus_targets_open(&targets, &results, &why));
    ck_assert_uint_eq(targets.baseline, 1);
    ck_assert_str_eq(gradus_target_reference(&results, 0), "slow");
    ck_assert_ptr_null(gradus_target_reference(&results, 1));
    for (size_t v = 0; v < 2; v++) {
        double condition = v ? 5 : 2, best = descent(condition, 0.05, 10);
        int k = 0;
        while (!(descent(condition, 0.3, k) <= best))
            k++;
        /* Ten updates of a few roundings each.  */
        assert_close(results.target[v * 2], best, 1e-13);
        ck_assert(gradus_targets_at(&targets, v, 0, 0, 0)->spread.median == k);
        ck_assert(gradus_targets_at(&targets, v, 0, 1, 0)->spread.median == 10);
        ck_assert(gradus_targets_at(&targets, v, 0, 0, 0)->speedup == 10.0 / k);
    }
    const json_t *run = json_array_get(json_object_get(results.manifest, "runs"), 0);
    ck_assert(json_is_object(json_array_get(json_object_get(run, "targets"), 0)));
    gradus_targets_close(&targets);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

/* By at least half of its runs, whatever the number of seeds.  */
START_TEST(a_method_reaches_its_own_best) {
    static const char *const seeds[] = {"[1, 2]", "[1, 2, 3]", "[1, 2, 3, 4]"};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        char text[400];
        gradus_results results;
        gradus_targets targets;
        gradus_error why = {.text = ""};
        make_scratch();
        snprintf(text, sizeof text,
                 "study: noisy\n"
                 "problem: {name: logistic, data: 'random:examples=50:features=3'}\n"
                 "batch: 10\nseeds: %s\nbudget: {updates: 20}\n"
                 "target: best of sgd\nmethods:\n  - {name: sgd}\n",
                 seeds[i]);
        gradus_race_options options = {.folder = in_scratch("results"), .quiet = true};
        char folder[600];
        snprintf(folder, sizeof folder, "%s", options.folder);
        options.folder = folder;
        gradus_err err =
            gradus_race(write_scratch("s.yaml", text, strlen(text)), &options, &why);
        ck_assert_msg(!err, "%s", why.text);
        ck_assert_msg(!gradus_results_open(&results, folder, &why), "%s", why.text);
        assert_ok(gradus_targets_open(&targets, &results, &why));
        const gradus_spread *spread = &gradus_targets_at(&targets, 0, 0, 0, 0)->spread;
        printf("seeds %s: %zu of %zu, median %g\n", seeds[i], spread->finite, spread->count,
               spread->median);
        ck_assert(isfinite(spread->median));
        gradus_targets_close(&targets);
        gradus_results_close(&results);
        clear_scratch();
    }
}
END_TEST

#define HEAD "study: s\nproblem: {name: quadratic}\nbudget: {updates: 1}\n"
#define TAIL "methods:\n  - {name: sgd}\n"
START_TEST(mistakes_are_refused) {
    static const struct {
        const char *text, *part;
    } mistakes[] = {
        {HEAD "target: best of sdg\n" TAIL, "yaml:4: target: no method of the study is "
                                            "called 'sdg'; did you mean 'sgd'"},
        {HEAD "target: [1, best of ]\n" TAIL, "yaml:4: the study: target=best of"},
        {HEAD "target: best\n" TAIL, "yaml:4: "},
        {HEAD "target: none\n" TAIL, "yaml:4: the study: target=none: expected a number"},
        {HEAD "baseline: adam\n" TAIL, "yaml:4: baseline: no method of the study"},
        {HEAD "baseline: [sgd]\n" TAIL, "yaml:4: baseline"},
    };
    make_scratch();
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        gradus_study study;
        gradus_error why = {.text = ""};
        const char *path =
            write_scratch("s.yaml", mistakes[i].text, strlen(mistakes[i].text));
        ck_assert_msg(gradus_study_open(&study, path, &why) == GRADUS_EINPUT,
                      "accepted: %s", mistakes[i].text);
        printf("%s\n", why.text);
        assert_contains(why.text, mistakes[i].part);
        assert_sentence(why.text);
        gradus_study_close(&study);
    }
    clear_scratch();
}
END_TEST

TEST_MAIN("targets", costs_and_speed_ups_are_those_of_the_traces,
          the_interval_is_that_of_the_bootstrap,
          misses_are_infinite_and_two_of_them_decide_nothing,
          the_best_of_a_method_is_a_target, a_method_reaches_its_own_best,
          mistakes_are_refused)
