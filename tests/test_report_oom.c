/* The k-th allocation of a report fails, for every k: the error says so, and everything is
   given back.  */

#include "harness/report/report.h"

#include "harness/sample.h"

#include "scarce.h"

START_TEST(every_allocation_may_fail) {
    gradus_error why = {0};
    gradus_err err = GRADUS_ENOMEM;
    long allowed = 0;
    setenv("GNUPLOT", "/nonexistent", 1); /* drawing is not what is tested, and slow */
    make_scratch();
    write_sample(&plain_sample);
    for (; err != GRADUS_OK; allowed++) {
        budget = allowed;
        err = gradus_report_folder(scratch, &why);
        ck_assert_msg(err == GRADUS_ENOMEM || err == GRADUS_OK, "allocation %ld: %s",
                      allowed, why.text);
        ck_assert_msg(live == 0, "allocation %ld: %ld blocks are left", allowed, live);
        ck_assert_int_eq(access(in_scratch("report.html"), F_OK) == 0, err == GRADUS_OK);
    }
    printf("allocations: %ld\n", allowed - 1);
    ck_assert_int_gt(allowed, 100);
    clear_scratch();
}
END_TEST

TEST_MAIN("report_oom", every_allocation_may_fail)
