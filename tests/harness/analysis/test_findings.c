/* Medians and ranks against numbers worked out by hand.  */

#include "harness/analysis/findings.h"

#include "../sample.h"

START_TEST(takes_quantiles) {
    double odd[] = {5, 1, 3}, even[] = {4, 1, 3, 2}, one[] = {7};
    double half[] = {INFINITY, 2}, most[] = {INFINITY, 2, INFINITY};
    double few[] = {INFINITY, 2, 1}, quarter[] = {5, 4, 3, 2, 1};
    ck_assert_double_eq(gradus_quantile(odd, 3, 0.5), 3);
    ck_assert_double_eq(gradus_quantile(even, 4, 0.5), 2.5);
    ck_assert_double_eq(gradus_quantile(one, 1, 0.5), 7);
    ck_assert_double_eq(gradus_quantile(few, 3, 0.5), 2); /* though inf is its neighbour */
    ck_assert(isinf(gradus_quantile(half, 2, 0.5)));
    ck_assert(isinf(gradus_quantile(most, 3, 0.5)));
    ck_assert(isinf(gradus_quantile(NULL, 0, 0.5)));
    ck_assert_double_eq(gradus_quantile(quarter, 5, 0.25), 2);
    ck_assert_double_eq(gradus_quantile(quarter, 5, 1), 5);
}
END_TEST

typedef struct {
    double median, low, high;
} want_t;

static void check(const gradus_standing *standing, size_t method, want_t want) {
    ck_assert_uint_eq(standing->method, method);
    ck_assert_double_eq(standing->spread.median, want.median);
    ck_assert_double_eq(standing->spread.low, want.low);
    ck_assert_double_eq(standing->spread.high, want.high);
}

/* 9, 10 and 11 fall to 1 after 8, 9 and 10 updates of `slow`, after 4 of `quick`.  */
START_TEST(ranks_the_sample) {
    gradus_results results;
    gradus_findings findings;
    make_scratch();
    write_sample(&plain_sample);
    assert_ok(gradus_results_open(&results, scratch, NULL));
    assert_ok(gradus_findings_open(&findings, &results, 0, NULL));
    check(&findings.final[0], 0, (want_t){ldexp(10, -20), ldexp(9, -20), ldexp(11, -20)});
    check(&findings.final[1], 1, (want_t){10.0 / 21, 9.0 / 21, 11.0 / 21});
    check(&findings.final[2], 2, (want_t){INFINITY, INFINITY, INFINITY});
    const gradus_standing *updates = gradus_findings_reached(&findings, 0, 0);
    check(&updates[0], 0, (want_t){4, 4, 4});
    check(&updates[1], 1, (want_t){9, 8, 10});
    check(&updates[2], 2, (want_t){INFINITY, INFINITY, INFINITY});
    const gradus_standing *passes = gradus_findings_reached(&findings, 0, 1);
    check(&passes[0], 0, (want_t){8, 8, 8});
    check(&passes[1], 1, (want_t){9, 8, 10});
    const gradus_standing *seconds = gradus_findings_reached(&findings, 0, 2);
    check(&seconds[0], 1, (want_t){1.125, 1, 1.25});
    check(&seconds[1], 0, (want_t){2, 2, 2});
    const gradus_standing *second = gradus_findings_reached(&findings, 1, 0);
    check(&second[0], 0, (want_t){6, 6, 6});
    ck_assert_uint_eq(second[1].spread.finite, 0);
    gradus_findings_close(&findings);
    gradus_results_close(&results);
    clear_scratch();
}
END_TEST

TEST_MAIN("findings", takes_quantiles, ranks_the_sample)
