/* The page of a collection when memory runs out: it says so, leaks nothing and leaves no
   partial page.  What the page says is for cli/test-verdicts.sh.  */

#include "harness/report/reproduction.h"

#include "../../scarce.h"
#include "../scratch.h"

#include <sys/stat.h>

static void write_in(const char *folder, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_scratch(path, text, strlen(text));
}

static void make_race(void) {
    static const char *const folders[] = {"all", "all/a", "all/a/figures"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        ck_assert_int_eq(mkdir(in_scratch("%s", folders[i]), 0700), 0);
    write_in("all/a", "manifest.json",
             "{\"study\": \"a\", \"complete\": true, \"claims\": [{\"id\": \"Z1\"}]}");
    write_in("all/a", "claims.json",
             "[{\"id\": \"Z1\", \"that\": \"it is so\", \"holds\": true}]");
    write_in("all/a/figures", "value-updates.svg", "<svg/>");
    write_in(".", "wanted.json", "[{\"id\": \"Z1\", \"that\": \"so\"}]");
}

static gradus_err collect(gradus_error *why) {
    char folder[600], wanted[600], page[600];
    snprintf(folder, sizeof folder, "%s", in_scratch("all"));
    snprintf(wanted, sizeof wanted, "%s", in_scratch("wanted.json"));
    snprintf(page, sizeof page, "%s", in_scratch("page.md"));
    gradus_collection collection;
    gradus_err err = gradus_collection_open(&collection, folder, wanted, why);
    if (!err)
        err = gradus_reproduction_write(&collection, page, why);
    gradus_collection_close(&collection);
    return err;
}

START_TEST(every_failing_allocation_is_met) {
    gradus_err err = GRADUS_ENOMEM;
    long k;
    make_scratch();
    make_race();
    for (k = 0; err; k++) {
        gradus_error why = {.text = ""};
        budget = k;
        live = 0;
        err = collect(&why);
        ck_assert_msg(live == 0, "%ld blocks leak when allocation %ld fails", live, k);
        if (!err)
            break;
        ck_assert_msg(err == GRADUS_ENOMEM, "allocation %ld: error %d: %s", k, err,
                      why.text);
        assert_sentence(why.text);
        ck_assert_int_ne(access(in_scratch("page.md"), F_OK), 0);
        ck_assert_int_ne(access(in_scratch("page.md.part"), F_OK), 0);
    }
    printf("%ld allocations, each failed once\n", k);
    ck_assert_int_gt(k, 10);
    ck_assert_int_eq(access(in_scratch("page.md"), F_OK), 0);
    ck_assert_int_eq(access(in_scratch("page/a.svg"), F_OK), 0);
    clear_scratch();
}
END_TEST

TEST_MAIN("reproduction", every_failing_allocation_is_met)
