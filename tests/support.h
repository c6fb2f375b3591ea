/* What every test program needs beyond Check.  */

#ifndef GRADUS_TESTS_SUPPORT_H
#define GRADUS_TESTS_SUPPORT_H

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* |got - want| <= tol * max(1, |want|); written so that NaN fails.  */
#define assert_close(got, want, tol)                                                       \
    do {                                                                                   \
        double g_ = (got), w_ = (want), t_ = (tol);                                        \
        double e_ = fabs(g_ - w_) / fmax(1.0, fabs(w_));                                   \
        ck_assert_msg(e_ <= t_, "%s = %.17g, want %.17g: error %.3g, bound %.3g", #got,    \
                      g_, w_, e_, t_);                                                     \
    } while (0)

/* Prints QUANTITY and BOUND to the log and insists on QUANTITY <= BOUND.  */
#define assert_at_most(what, quantity, bound)                                              \
    do {                                                                                   \
        double q_ = (quantity), b_ = (bound);                                              \
        printf("%s: %.3g, bound %.3g\n", (what), q_, b_);                                  \
        ck_assert_msg(q_ <= b_, "%s: %.3g, bound %.3g", (what), q_, b_);                   \
    } while (0)

#define assert_ok(call)                                                                    \
    do {                                                                                   \
        int err_ = (int)(call);                                                            \
        ck_assert_msg(err_ == 0, "%s: error %d", #call, err_);                             \
    } while (0)

/* The same bits, so that -0 is not 0 and a NaN is itself.  */
static inline int same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* SplitMix64: numbers that depend on nothing but I.  */
static inline uint64_t scrambled(uint64_t i) {
    uint64_t z = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* In [-1, 1).  */
static inline double noise(uint64_t i) {
    return (double)(int64_t)scrambled(i) / 9223372036854775808.0;
}

/* One clear sentence: it begins in earnest, ends without a full stop and is one line.  */
#define assert_sentence(text)                                                              \
    do {                                                                                   \
        const char *s_ = (text);                                                           \
        size_t l_ = strlen(s_);                                                            \
        ck_assert_msg(l_ > 10 && s_[l_ - 1] != '.' && !strchr(s_, '\n'),                   \
                      "not a sentence: '%s'", s_);                                         \
    } while (0)

#define assert_contains(text, part)                                                        \
    ck_assert_msg(strstr((text), (part)) != NULL, "'%.1000s' lacks '%s'", (text), (part))

static inline int run_tests(const char *name, const TTest *const tests[], size_t count) {
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < count; i++) {
        TCase *one = tcase_create(tests[i]->name);
        tcase_set_timeout(one, 600); /* for valgrind; nothing here is timed */
        tcase_add_test(one, tests[i]);
        suite_add_tcase(suite, one);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The whole main program.  Check's tests are pointers, so the array is automatic.  */
#define TEST_MAIN(name, ...)                                                               \
    int main(void) {                                                                       \
        const TTest *tests[] = {__VA_ARGS__};                                              \
        return run_tests(name, tests, sizeof tests / sizeof *tests);                       \
    }

#endif
