/* The k-th allocation of gradus draw fails, for every k: the error says so, everything is
   given back, no partial file is left, and it can be drawn afterwards.  */

#include "harness/race/draw.h"

#include "harness/scratch.h"

#include "scarce.h"

static const char STUDY[] = "study: small\n"
                            "problem: {name: minima, number: 3}\n"
                            "starts: {points: 2, x: [-1, 1], y: [-1, 1]}\n"
                            "budget: {updates: 3}\n"
                            "methods:\n"
                            "  - {name: sgd}\n";

static int is_partial(const char *path, const struct stat *info, int flag,
                      struct FTW *where) {
    (void)info, (void)flag, (void)where;
    return strstr(path, ".part") != NULL;
}

START_TEST(every_failing_allocation_is_met) {
    gradus_err err = GRADUS_ENOMEM;
    char study[512], folder[512];
    long k;
    setenv("GNUPLOT", "/nonexistent", 1); /* drawing is not what is tested, and slow */
    make_scratch();
    snprintf(study, sizeof study, "%s", write_scratch("s.yaml", STUDY, strlen(STUDY)));
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    const gradus_draw_options options = {.folder = folder, .quiet = true};
    for (k = 0; err; k++) { /* on what the call before has left */
        gradus_error why = {.text = ""};
        budget = k;
        live = 0;
        err = gradus_draw(study, &options, &why);
        ck_assert_msg(live == 0, "%ld blocks leak when allocation %ld fails", live, k);
        ck_assert_msg(!err || err == GRADUS_ENOMEM, "allocation %ld: error %d: %s", k, err,
                      why.text);
        ck_assert(!err || nftw(folder, is_partial, 16, FTW_PHYS) <= 0);
        if (err)
            assert_sentence(why.text);
    }
    printf("%ld allocations, each failed once\n", k);
    ck_assert_int_gt(k, 100);
    ck_assert_int_eq(access(in_scratch("results/figures/landscape.gp"), R_OK), 0);
    ck_assert_int_eq(access(in_scratch("results/figures/basins.gp"), R_OK), 0);
    clear_scratch();
}
END_TEST

TEST_MAIN("draw_oom", every_failing_allocation_is_met)
