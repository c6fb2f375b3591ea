/* Slopes: the list that is read, means over batches, refusals.  */

#include "core/problem.h"

#include "../../support.h"

static gradus_problem *open_slopes(const char *list) {
    gradus_problem *problem;
    gradus_error why;
    char spec[128];
    snprintf(spec, sizeof spec, "slopes:slopes=%s", list);
    ck_assert_msg(!gradus_problem_create(&problem, spec, 1, &why), "%s", why.text);
    return problem;
}

START_TEST(means) {
    gradus_problem *p = open_slopes("0.1x9 -0.9");
    const double x[] = {2.385};
    double value, slope;
    ck_assert_uint_eq(p->examples, 10);
    ck_assert_uint_eq(p->dimension, 1);
    gradus_batch all = {.count = 10}, last = {.count = 1, .rows = (size_t[]){9}};
    gradus_batch pair = {.count = 2, .rows = (size_t[]){9, 3}};
    /* ten numbers of size 0.1 to 0.9 add up to rounding */
    assert_ok(p->type->evaluate(p->self, &all, x, &value, &slope));
    assert_close(slope, 0.0, 1e-16);
    assert_ok(p->type->evaluate(p->self, &last, x, &value, &slope));
    ck_assert(slope == -0.9 && value == -0.9 * 2.385);
    assert_ok(p->type->evaluate(p->self, &pair, x, NULL, &slope));
    assert_close(slope, -0.4, 1e-16);
    assert_ok(p->type->evaluate(p->self, &pair, x, &value, NULL));
    assert_close(value, -0.4 * 2.385, 1e-15);
    gradus_problem_close(p);
}
END_TEST

START_TEST(lists) {
    static const struct {
        const char *list;
        size_t count;
    } good[] = {{"1", 1}, {"  2.5  ", 1}, {"1 2 3", 3}, {"-1e-3x2 4x3", 5}, {"0x1", 1}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        gradus_problem *p = open_slopes(good[i].list);
        ck_assert_msg(p->examples == good[i].count, "'%s': %zu", good[i].list, p->examples);
        gradus_problem_close(p);
    }
}
END_TEST

START_TEST(refusals) {
    static const char *const bad[] = {"",     " ",     "one",   "1;2", "1x", "1x0",
                                      "1x-2", "1x 2",  "nan",   "inf", "1x2x3", "1x1000001",
                                      "1x999999 2x2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gradus_problem *p;
        gradus_error why;
        char spec[64];
        snprintf(spec, sizeof spec, "slopes:slopes=%s", bad[i]);
        ck_assert_msg(gradus_problem_create(&p, spec, 1, &why) == GRADUS_EINPUT, "'%s'",
                      bad[i]);
        assert_sentence(why.text);
        assert_contains(why.text, "slopes=");
    }
}
END_TEST

TEST_MAIN("slopes", means, lists, refusals)
