/* Profiles: costs and ratios of a folder whose numbers are known (sample.h), their table, and
   a study over problems.  */

#include "harness/analysis/profiles.h"
#include "harness/race/race.h"
#include "harness/study/study.h"

#include "../sample.h"

enum { QUICK, SLOW, WILD };
enum { BY_UPDATES, BY_PASSES, BY_CPU };

/* From f_0 = 8 + s, quick falls to f_0 / 2^20, the lowest.  To a tenth of the way quick needs
   2^-k <= 0.1, so k = 4, and slow 1 / (1 + k) <= 0.1 + 0.9 / 2^20, so k = 9; to a hundredth
   quick needs 7, and slow, which ends at 1/21, never gets there.  Wild gets nowhere.  */
START_TEST(costs_are_those_of_the_traces) {
    gradus_results results;
    gradus_profiles p;
    gradus_error why = {.text = ""};
    make_scratch();
    write_sample(&plain_sample);
    ck_assert_msg(!gradus_results_open(&results, scratch, &why), "%s", why.text);
    json_object_set_new(results.manifest, "profiles", json_pack("[f, f]", 0.1, 0.01));
    assert_ok(gradus_profiles_open(&p, &results, &why));
    ck_assert_uint_eq(p.instances, SAMPLE_SEEDS);
    ck_assert_uint_eq(p.left_out, 0);
    for (size_t i = 0; i < p.instances; i++) {
        ck_assert(p.instance[i].start == 9.0 + (double)i);
        ck_assert(p.instance[i].reference == ldexp(9.0 + (double)i, -20));
        /* Quotients of small whole numbers and binary fractions: the same rounding.  */
        ck_assert(gradus_profiles_cost(&p, 0, i, BY_UPDATES, QUICK) == 4);
        ck_assert(gradus_profiles_cost(&p, 0, i, BY_UPDATES, SLOW) == 9);
        ck_assert(gradus_profiles_ratio(&p, 0, i, BY_PASSES, QUICK) == 1);
        ck_assert(gradus_profiles_ratio(&p, 0, i, BY_PASSES, SLOW) == 9.0 / 8);
        ck_assert(gradus_profiles_ratio(&p, 0, i, BY_CPU, QUICK) == 2 / 1.125);
        ck_assert(gradus_profiles_ratio(&p, 0, i, BY_CPU, SLOW) == 1);
        ck_assert(gradus_profiles_cost(&p, 1, i, BY_UPDATES, QUICK) == 7);
        ck_assert(isinf(gradus_profiles_cost(&p, 1, i, BY_UPDATES, SLOW)));
        ck_assert(isinf(gradus_profiles_ratio(&p, 1, i, BY_UPDATES, WILD)));
    }
    assert_ok(gradus_profiles_write(&p, scratch, &why));
    FILE *file = fopen(in_scratch("profiles.csv"), "r");
    char line[512];
    int lines = 0;
    while (fgets(line, sizeof line, file))
        lines++;
    fclose(file);
    ck_assert_int_eq(lines, 1 + 2 * SAMPLE_SEEDS * SAMPLE_METHODS);
    gradus_profiles_close(&p);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

/* With the minimum named at 0, quick needs 2^-k <= 0.1, as before, and slow k = 9, but a
   tolerance of 2^-20 is met by quick's last value, and none of less.  A minimum of 1 is met
   sooner, 1 + 0.1 (f_0 - 1) being larger, and undercut by both.  */
START_TEST(a_named_minimum_is_the_reference) {
    static const char *const named[] = {"0", "1"};
    for (int k = 0; k < 2; k++) {
        gradus_results results;
        gradus_profiles p;
        gradus_error why = {.text = ""};
        sample_t sample = plain_sample;
        sample.minimum = named[k];
        make_scratch();
        write_sample(&sample);
        ck_assert_msg(!gradus_results_open(&results, scratch, &why), "%s", why.text);
        json_object_set_new(results.manifest, "profiles",
                            json_pack("[f, f, f]", 0.1, ldexp(1, -20), ldexp(1, -21)));
        assert_ok(gradus_profiles_open(&p, &results, &why));
        ck_assert_uint_eq(p.instances, SAMPLE_SEEDS);
        for (size_t i = 0; i < p.instances; i++) {
            /* f_0 is 9, 10 or 11; 1.8, 1.9 and 2 are the targets of minimum 1.  */
            double slow = k ? ceil((9.0 + (double)i) / (1.8 + 0.1 * (double)i)) - 1 : 9;
            ck_assert(p.instance[i].reference == k);
            ck_assert(p.instance[i].below == k);
            printf("minimum %d, start %g: quick %g, slow %g\n", k, p.instance[i].start,
                   gradus_profiles_cost(&p, 0, i, BY_UPDATES, QUICK),
                   gradus_profiles_cost(&p, 0, i, BY_UPDATES, SLOW));
            ck_assert(gradus_profiles_cost(&p, 0, i, BY_UPDATES, SLOW) == slow);
            ck_assert(gradus_profiles_cost(&p, 0, i, BY_UPDATES, QUICK) == (k ? 3 : 4));
            if (k)
                continue;
            ck_assert(gradus_profiles_cost(&p, 1, i, BY_UPDATES, QUICK) == 20);
            ck_assert(isinf(gradus_profiles_cost(&p, 2, i, BY_UPDATES, QUICK)));
        }
        gradus_profiles_close(&p);
        gradus_results_close(&results);
        clear_scratch();
    }
}
END_TEST

START_TEST(problems_with_missing_runs_are_left_out) {
    gradus_results results;
    gradus_profiles p;
    gradus_error why = {.text = ""};
    sample_t sample = plain_sample;
    sample.missing = 1;
    make_scratch();
    write_sample(&sample);
    ck_assert_msg(!gradus_results_open(&results, scratch, &why), "%s", why.text);
    json_object_set_new(results.manifest, "profiles", json_pack("[f]", 0.1));
    assert_ok(gradus_profiles_open(&p, &results, &why));
    ck_assert_uint_eq(p.instances, SAMPLE_SEEDS - 1);
    ck_assert_uint_eq(p.left_out, 1);
    gradus_profiles_close(&p);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

static const char STUDY[] = "study: set\n"
                            "vary: {problem: [\"quadratic:dimension=3,condition=4\", "
                            "rosenbrock]}\n"
                            "budget: {updates: 8}\n"
                            "minimum: -1\n"
                            "profiles: [0.1]\n"
                            "methods:\n  - {name: lbfgs}\n  - {name: sgd}\n";

/* The first problem has three parameters and the second one two, which has trajectories.  */
START_TEST(a_study_runs_over_problems) {
    gradus_results results;
    gradus_profiles p;
    gradus_error why = {.text = ""};
    make_scratch();
    char folder[600];
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    gradus_race_options options = {.folder = folder, .quiet = true};
    gradus_err err =
        gradus_race(write_scratch("s.yaml", STUDY, strlen(STUDY)), &options, &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_int_eq(access(in_scratch("results/profiles.csv"), F_OK), 0);
    ck_assert_msg(!gradus_results_open(&results, folder, &why), "%s", why.text);
    assert_ok(gradus_profiles_open(&p, &results, &why));
    ck_assert_uint_eq(p.instances, 2);
    /* Rosenbrock's function at its standard start: 100 * 0.44^2 + 2.2^2 = 24.2, to the
       roundings of five operations.  */
    assert_close(p.instance[1].start, 24.2, 1e-14);
    ck_assert(p.instance[0].reference == -1 && p.instance[1].reference == -1);
    gradus_profiles_close(&p);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

#define TAIL "budget: {updates: 1}\nmethods:\n  - {name: sgd}\n"
#define SET  "study: s\nvary: {problem: [quadratic, wood]}\n"
START_TEST(mistakes_are_refused) {
    static const struct {
        const char *text, *part;
    } mistakes[] = {
        {"study: s\nproblem: {name: wood}\nprofiles: [0.1]\n" TAIL,
         "yaml:3: profiles: they are over the problems of a `vary:`"},
        {SET "profiles: 0.1\n" TAIL, "yaml:3: profiles: expected a list"},
        {SET "profiles: [1]\n" TAIL, "yaml:3: profiles: expected tolerances in (0, 1)"},
        {SET "profiles: [0.1, nan]\n" TAIL, "not 'nan'"},
        {SET "profiles: [0.1x]\n" TAIL, "not '0.1x'"},
        {SET "problem: {name: wood}\n" TAIL, "yaml:3: problem is what the study varies"},
        {"study: s\nvary: {problem: [wodo]}\n" TAIL, "yaml:2: "},
        {"study: s\nvary: {problem: [\"wood:speed=1\"]}\n" TAIL, "yaml:2: "},
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

TEST_MAIN("profiles", costs_are_those_of_the_traces, a_named_minimum_is_the_reference,
          problems_with_missing_runs_are_left_out, a_study_runs_over_problems,
          mistakes_are_refused)
