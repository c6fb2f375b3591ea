/* The bound on how far a natural gradient moves the model, as runs of kfac and ekfac show it: the
   step without a bound gives g'u, and the steps with one follow.  */

#include "two_layers.h"

static const double RATE = 2.0;

static const char *const methods[] = {
    "kfac:momentum=0,learning_rate=2,damping=0.05,fisher=empirical",
    "ekfac:momentum=0,learning_rate=2,damping=0.05,fisher=empirical",
};
enum { METHODS = sizeof methods / sizeof *methods };

/* One step from x0, s = -a u, and -a g's: without a bound that is a^2 g'u, twice the divergence by
   the model, s'F s with u = F^-1 g.  */
static double take(layered_t *p, const char *method, double kl_clip, double step[]) {
    double g[N], value, sum = 0.0;
    char spec[128];
    snprintf(spec, sizeof spec, "%s,kl_clip=%.17g", method, kl_clip);
    run(p, spec, x0, 1, step);
    assert_ok(layered_evaluate(p, &(gradus_batch){.count = EXAMPLES}, x0, &value, g));
    for (size_t i = 0; i < N; i++) {
        step[i] -= x0[i];
        sum -= RATE * g[i] * step[i];
    }
    return sum;
}

/* From far below what the step alone makes to far above it: the bound itself where it binds, in the
   direction f of the step without one, so that s'F s is (s'F f)^2 / f'F f; to the bit f where it does
   not.  A step is a difference of numbers of size 1, and at least 1e-3 here: its
   rounding is 1e-13 of it.  */
START_TEST(bounds_the_divergence) {
    static const double shares[] = {1e-4, 0.01, 0.5, 0.999, 1.001, 2.0, 1e6};
    for (size_t m = 0; m < METHODS; m++) {
        layered_t p = make_problem();
        double free_step[N], step[N];
        double most = take(&p, methods[m], 0.0, free_step);
        ck_assert(most > 0.1);
        for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
            double bound = shares[i] * most, along = take(&p, methods[m], bound, step);
            double divergence = along * along / most;
            printf("%s: bound %.6g, divergence %.6g\n", methods[m], bound, divergence);
            if (shares[i] > 1.0) {
                ck_assert_mem_eq(step, free_step, sizeof step);
                continue;
            }
            ck_assert(divergence <= bound * (1.0 + 1e-12));
            assert_at_most("below the bound", 1.0 - divergence / bound, 1e-12);
            for (size_t j = 0; j < N; j++)
                assert_close(step[j], sqrt(shares[i]) * free_step[j], 1e-14);
        }
    }
}
END_TEST

/* 0 is no bound, and not the bound 0; without the key there is the default's.  */
START_TEST(zero_is_no_bound) {
    for (size_t m = 0; m < METHODS; m++) {
        layered_t p = make_problem();
        double none[N], large[N], usual[N], given[N];
        take(&p, methods[m], 0.0, none);
        take(&p, methods[m], 1e300, large);
        take(&p, methods[m], 0.1, given);
        run(&p, methods[m], x0, 1, usual);
        for (size_t i = 0; i < N; i++)
            usual[i] -= x0[i];
        ck_assert_mem_eq(none, large, sizeof none);
        ck_assert_mem_eq(usual, given, sizeof usual);
        ck_assert(distance(none, usual) > 0.01);
    }
}
END_TEST

/* It bounds every step before momentum is added to it: with the momentum m the second step is the
   shortened one plus m times the first.  */
START_TEST(momentum_comes_after) {
    layered_t p = make_problem();
    static const char plain[] = "kfac:learning_rate=0.5,damping=0.05,fisher=empirical,"
                                "interval=2,kl_clip=0.01,momentum=";
    char spec[2][128];
    double one[N], fast[N], slow[N], want[N];
    snprintf(spec[0], sizeof spec[0], "%s0.9", plain);
    snprintf(spec[1], sizeof spec[1], "%s0", plain);
    run(&p, spec[0], x0, 1, one);
    run(&p, spec[0], x0, 2, fast);
    run(&p, spec[1], x0, 2, slow);
    for (size_t i = 0; i < N; i++)
        want[i] = slow[i] + 0.9 * (one[i] - x0[i]);
    /* three additions of numbers of size 1 */
    assert_at_most("distance", distance(fast, want), 1e-14);
}
END_TEST

START_TEST(refusals) {
    static const char *const names[] = {"kfac", "ekfac"};
    for (size_t m = 0; m < METHODS; m++) {
        gradus_method *method;
        gradus_error why;
        char spec[64], part[64];
        snprintf(spec, sizeof spec, "%s:kl_clip=-1", names[m]);
        snprintf(part, sizeof part, "%s: kl_clip=-1: expected a number in [0, inf)",
                 names[m]);
        ck_assert_int_eq(gradus_method_create(&method, spec, &why), GRADUS_EINPUT);
        ck_assert_str_eq(why.text, part);
    }
}
END_TEST

TEST_MAIN("kl_clip", bounds_the_divergence, zero_is_no_bound, momentum_comes_after,
          refusals)
