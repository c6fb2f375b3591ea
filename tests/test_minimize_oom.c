/* The one call when the k-th allocation fails, for every k, and when the caller's function
   ends it: nothing is left, the start is untouched or improved, and no update allocates.  */

#include "gradus.h"
#include "support.h"

#include "scarce.h"

enum { N = 3 };
static const double START[N] = {2.385, -1.707, 0.577};

typedef struct {
    size_t calls, fails_at;
    long asked; /* allocations at the first call */
} caller_t;

/* sum_i (i + 1) x_i^4 / 4 + x_i^2 / 2 */
static int evaluate(void *context, size_t n, const double x[], double *value,
                    double gradient[]) {
    caller_t *caller = context;
    *value = 0.0;
    for (size_t i = 0; i < n; i++) {
        double c = (double)(i + 1);
        *value += c * pow(x[i], 4) / 4 + x[i] * x[i] / 2;
        gradient[i] = c * pow(x[i], 3) + x[i];
    }
    if (caller->calls == 0)
        caller->asked = asked;
    return ++caller->calls == caller->fails_at ? 9 : 0;
}

static gradus_minimum minimize(caller_t *caller, const char *method) {
    const gradus_function function = {
        .dimension = N, .evaluate = evaluate, .context = caller};
    double x[N];
    gradus_minimum result;
    memcpy(x, START, sizeof x);
    gradus_minimize(&function, x, method, "updates=3", &result);
    ck_assert_msg(live == 0, "%s leaks %ld blocks: %s", method, live, result.text);
    assert_sentence(result.text);
    if (isnan(result.value))
        ck_assert_mem_eq(x, START, sizeof x);
    return result;
}

static bool is_for_gradients(const gradus_method_type *type) { return type->needs == 0; }

START_TEST(every_failing_allocation_is_met) {
    for (size_t i = 0; gradus_method_types[i]; i++) {
        const char *method = gradus_method_types[i]->name;
        gradus_err err = GRADUS_ENOMEM;
        if (!is_for_gradients(gradus_method_types[i]))
            continue;
        for (long k = 0; err; k++) {
            caller_t caller = {0};
            budget = k;
            asked = 0;
            err = minimize(&caller, method).error;
            budget = LONG_MAX;
            ck_assert_msg(!err || err == GRADUS_ENOMEM, "%s, allocation %ld: error %d",
                          method, k, err);
            ck_assert_msg(err || caller.asked == asked, "%s allocates in updates", method);
        }
    }
}
END_TEST

START_TEST(code_of_the_function_leaves_nothing) {
    for (size_t i = 0; gradus_method_types[i]; i++)
        for (size_t k = 1; k <= 3 && is_for_gradients(gradus_method_types[i]); k++) {
            caller_t caller = {.fails_at = k};
            ck_assert_int_eq(minimize(&caller, gradus_method_types[i]->name).user_code, 9);
        }
}
END_TEST

TEST_MAIN("minimize, out of memory", every_failing_allocation_is_met,
          code_of_the_function_leaves_nothing)
