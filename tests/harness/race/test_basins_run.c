/* Basins: from a grid of starts, every method to the minimum that it reaches, once.  */

#include "harness/race/basins_run.h"
#include "harness/results/basins.h"

#include "../scratch.h"
#include "harness/race/race.h"

#include <sys/stat.h>

/* Three by three minima near the whole numbers; small steps go to the nearest, large ones
   nowhere.  */
static const char STUDY[] = "study: small\n"
                            "problem: {name: minima, number: 3}\n"
                            "budget: {updates: 800}\n"
                            "starts: {points: 3, x: [-0.9, 0.9], y: [-0.7, 0.8]}\n"
                            "methods:\n"
                            "  - {name: sgd, learning_rate: 0.01}\n"
                            "  - {name: sgd, label: wild, learning_rate: 2.5}\n";

static gradus_err race(const char *text, bool resume, gradus_error *why) {
    char study[512], folder[512];
    snprintf(study, sizeof study, "%s", write_scratch("s.yaml", text, strlen(text)));
    snprintf(folder, sizeof folder, "%s", in_scratch("results"));
    return gradus_race(
        study, &(gradus_race_options){.folder = folder, .resume = resume, .quiet = true},
        why);
}

START_TEST(every_start_has_its_minimum) {
    gradus_error why = {0};
    gradus_basins b;
    make_scratch();
    ck_assert_msg(!race(STUDY, false, &why), "%s", why.text);
    ck_assert_msg(!gradus_basins_read(&b, in_scratch("results"), "sgd", &why), "%s",
                  why.text);
    ck_assert(b.columns == 3 && b.rows == 3);
    ck_assert(b.low[0] == -0.9 && b.high[0] == 0.9 && b.low[1] == -0.7 && b.high[1] == 0.8);
    for (int k = 0; k < 9; k++) /* the second row begins at 0.05: in the middle basin */
        ck_assert_int_eq(b.minimum[k], k);
    gradus_basins_close(&b);
    assert_ok(gradus_basins_read(&b, in_scratch("results"), "wild", NULL));
    int found = 0; /* steps of 2.5 settle nowhere */
    for (int k = 0; k < 9; k++)
        found += b.minimum[k] >= 0;
    ck_assert_int_eq(found, 0);
    gradus_basins_close(&b);
    clear_scratch();
}
END_TEST

START_TEST(what_is_there_is_not_made_again) {
    struct stat before, after;
    gradus_error why = {0};
    make_scratch();
    ck_assert_msg(!race(STUDY, false, &why), "%s", why.text);
    ck_assert_int_eq(stat(in_scratch("results/basins/sgd.csv"), &before), 0);
    ck_assert_int_eq(unlink(in_scratch("results/basins/wild.csv")), 0);
    ck_assert_int_eq(unlink(in_scratch("results/report.html")), 0);
    ck_assert_msg(!race(STUDY, true, &why), "%s", why.text);
    ck_assert_int_eq(stat(in_scratch("results/basins/sgd.csv"), &after), 0);
    ck_assert(before.st_ino == after.st_ino);
    ck_assert(gradus_basins_exist(in_scratch("results"), "wild"));
    ck_assert_int_eq(access(in_scratch("results/figures/basins.gp"), R_OK), 0);
    clear_scratch();
}
END_TEST

START_TEST(needs_known_minima_in_the_plane) {
    static const char *const problems[] = {"{name: minima, number: 3}",
                                           "{name: powell_badly_scaled}",
                                           "{name: quadratic, dimension: 3}"};
    for (int i = 1; i < 3; i++) {
        char text[sizeof STUDY + 64];
        gradus_error why = {0};
        const char *at = strstr(STUDY, problems[0]);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - STUDY), STUDY, problems[i],
                 at + strlen(problems[0]));
        make_scratch();
        ck_assert_int_eq(race(text, false, &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, "s.yaml:4: starts: expected");
        clear_scratch();
    }
}
END_TEST

START_TEST(damaged_files_are_refused) {
#define HEADER "x,y,end_x,end_y,updates,minimum\n"
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", ":1: expected basins"},
        {HEADER, ":1: expected basins"},
        {HEADER "0,0,0,0,1,0\n", ":3: expected six numbers"}, /* no area */
        {HEADER "0,0,0,0,1,0\n1,0,0,0,1,x\n", ":3: expected six numbers"},
        {HEADER "0,0,0,0,1,0\n1,0,0,0,1,-2\n", ":3: expected six numbers"},
        {HEADER "0,0,0,0,1,0\n1,0,0,0,1,0\n0,1,0,0,1,0\n", ":5: expected six numbers"},
        {HEADER "0,0,0,0,1,0\n1,0,0,0,1,0\n0,1,0,0,1,0\n1,1,0,0", /* cut off */
         ":5: expected six numbers"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gradus_basins b;
        gradus_error why;
        make_scratch();
        mkdir(in_scratch("basins"), 0777);
        write_scratch("basins/a.csv", bad[i].text, strlen(bad[i].text));
        ck_assert_int_eq(gradus_basins_read(&b, scratch, "a", &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, bad[i].says);
        ck_assert_ptr_null(b.minimum);
        clear_scratch();
    }
}
END_TEST

TEST_MAIN("basins", every_start_has_its_minimum, what_is_there_is_not_made_again,
          needs_known_minima_in_the_plane, damaged_files_are_refused)
