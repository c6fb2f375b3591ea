/* A race in which the k-th allocation fails, for every k: it says so, leaks nothing, leaves
   no partial file, and can be resumed.  */

#include "harness/race/race.h"

#include "harness/scratch.h"

#include "scarce.h"

static const char STUDY[] = "study: small\n"
                            "question: Does it leak?\n"
                            "problem: {name: quadratic, dimension: 3}\n"
                            "vary: {problem.condition: [2, 3]}\n"
                            "record: [parameters, effective_rates]\n"
                            "seeds: [1]\n"
                            "budget: {updates: 4}\n"
                            "target: [\"= condition / 5\", best of b]\n"
                            "claims:\n"
                            "  - {id: a, that: it is so, check: \"trend(last(b, x1, "
                            "value)) < 1 or all(sgd, x1 < 1, 2)\"}\n"
                            "methods:\n"
                            "  - {name: sgd, learning_rate: [0.01]}\n"
                            "  - {name: sgd, label: b, momentum: 0.5}\n";

/* Small, for the time that the test takes grows with the square of its allocations.  */
static const char TUNED[] = "study: tuned\n"
                            "problem: {name: quadratic, dimension: 1}\n"
                            "budget: {updates: 1}\n"
                            "tuning: {untuned: no, budget: {updates: 1}}\n"
                            "methods:\n"
                            "  - {name: sgd, tune: {search: quasi-random, trials: 2}}\n";

static int is_partial(const char *path, const struct stat *info, int flag,
                      struct FTW *where) {
    (void)info;
    (void)flag;
    (void)where;
    return strstr(path, ".part") != NULL;
}

static void fail_every_allocation_of(const char *text) {
    gradus_err err = GRADUS_ENOMEM;
    long k;
    make_scratch();
    char study[600], folder[600];
    snprintf(study, sizeof study, "%s", write_scratch("s.yaml", text, strlen(text)));
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    for (k = 0; err; k++) {
        gradus_race_options options = {
            .folder = folder, .quiet = true, .checkpoint_every = 1e-9};
        gradus_error why = {.text = ""};
        budget = k;
        live = 0;
        err = gradus_race(study, &options, &why);
        ck_assert_msg(live == 0, "%ld blocks leak when allocation %ld fails", live, k);
        if (!err)
            break;
        ck_assert_msg(err == GRADUS_ENOMEM, "allocation %ld: error %d: %s", k, err,
                      why.text);
        assert_sentence(why.text);
        ck_assert_msg(nftw(folder, is_partial, 16, FTW_PHYS) <= 0,
                      "a partial file is left when allocation %ld fails", k);
        if (k % 16 == 0) { /* each takes as long as a race */
            budget = LONG_MAX;
            options.resume = true;
            ck_assert_int_eq(gradus_race(study, &options, &why), GRADUS_OK);
        }
        remove_folder(folder);
    }
    printf("%ld allocations, each failed once\n", k);
    ck_assert_int_gt(k, 50);
    clear_scratch();
}

START_TEST(every_failing_allocation_is_met) { fail_every_allocation_of(STUDY); }
END_TEST

START_TEST(and_of_a_race_that_tunes) {
    setenv("GNUPLOT", "/nonexistent", 1); /* drawing is slow, and tested above */
    fail_every_allocation_of(TUNED);
}
END_TEST

TEST_MAIN("race_oom", every_failing_allocation_is_met, and_of_a_race_that_tunes)
