/* K-FAC against the Kronecker product written out, against PRONG, and under a change of the
   inputs' coordinates.  */

#include "../elimination.h"
#include "two_layers.h"

/* ---- The formula, dense ---- */

enum { WIDE = IN + 1, MOST = WIDE * MIDDLE };

/* What K-FAC takes from x0 in a step of rate 1: every layer's damped Kronecker product, as a
   matrix of all its weights, from moments over all examples and the data's own targets.  */
static void dense_step(layered_t *p, double gamma, bool with_pi, double step[]) {
    double inputs0[EXAMPLES * IN], inputs1[EXAMPLES * MIDDLE];
    double signals0[EXAMPLES * MIDDLE], signals1[EXAMPLES * OUT], gradient[N], value;
    double *const inputs[] = {inputs0, inputs1}, *const signals[] = {signals0, signals1};
    gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_signals(p, &all, NULL, x0, inputs, signals));
    assert_ok(layered_evaluate(p, &all, x0, &value, gradient));
    for (size_t l = 0; l < 2; l++) {
        gradus_layer s;
        layered_layer(p, l, &s);
        size_t c = s.inputs + 1, o = s.outputs;
        double A[WIDE * WIDE] = {0}, G[MIDDLE * MIDDLE] = {0};
        double trace_A = 0.0, trace_G = 0.0;
        for (size_t e = 0; e < EXAMPLES; e++) {
            double a[WIDE];
            memcpy(a, inputs[l] + e * s.inputs, s.inputs * sizeof *a);
            a[s.inputs] = 1.0;
            for (size_t i = 0; i < c * c; i++)
                A[i] += a[i / c] * a[i % c] / EXAMPLES;
            const double *g = signals[l] + e * o;
            for (size_t i = 0; i < o * o; i++)
                G[i] += g[i / o] * g[i % o] / EXAMPLES;
        }
        for (size_t i = 0; i < c; i++)
            trace_A += A[i * c + i];
        for (size_t i = 0; i < o; i++)
            trace_G += G[i * o + i];
        double pi = with_pi ? sqrt(trace_A / (double)c / (trace_G / (double)o)) : 1.0;
        for (size_t i = 0; i < c; i++)
            A[i * c + i] += pi * gamma;
        for (size_t i = 0; i < o; i++)
            G[i * o + i] += gamma / pi;
        double M[MOST * MOST], b[MOST];
        for (size_t i = 0; i < o * c; i++) {
            b[i] = i % c < s.inputs ? gradient[s.weights + i / c * s.inputs + i % c]
                                    : gradient[s.biases + i / c];
            for (size_t j = 0; j < o * c; j++)
                M[i * o * c + j] = G[i / c * o + j / c] * A[i % c * c + j % c];
        }
        solve(o * c, M, b);
        for (size_t i = 0; i < o * c; i++)
            step[i % c < s.inputs ? s.weights + i / c * s.inputs + i % c
                                  : s.biases + i / c] = b[i];
    }
}

/* Conditions are below 1e4 with this damping: 1e-11 is 1e4 roundings of 1e-16 and ten to
   spare, while a wrong pi changes the first digit.  */
START_TEST(one_step_is_the_kronecker_inverse) {
    layered_t p = make_problem();
    for (int with_pi = 0; with_pi < 2; with_pi++) {
        double want[N], x[N];
        char method[128];
        snprintf(method, sizeof method,
                 "kfac:kl_clip=0,momentum=0,learning_rate=1,damping=0.05,fisher="
                 "empirical,pi=%s",
                 with_pi ? "yes" : "no");
        dense_step(&p, 0.05, with_pi, want);
        for (size_t i = 0; i < N; i++)
            want[i] = x0[i] - want[i];
        run(&p, method, x0, 1, x);
        assert_at_most("distance to the dense step", distance(x, want), 1e-11);
    }
}
END_TEST

/* methods.md 1.3: with G = I and the damping on the centred covariance alone, momentum and
   refreshes included.  Rounding as above, over ten updates.  */
START_TEST(with_unit_signals_it_is_prong) {
    layered_t p = make_problem();
    double a[N], b[N], c[N];
    run(&p, "prong:learning_rate=0.05,momentum=0.9,epsilon=0.1,interval=4", x0, 10, a);
    run(&p,
        "kfac:kl_clip=0,learning_rate=0.05,momentum=0.9,damping=0.1,interval=4,decay=0,"
        "fisher=inputs,damp_biases=no",
        x0, 10, b);
    run(&p,
        "kfac:kl_clip=0,learning_rate=0.05,momentum=0.9,damping=0.1,interval=4,decay=0,"
        "fisher=inputs",
        x0, 10, c);
    assert_at_most("distance to prong", distance(a, b), 1e-11);
    ck_assert(distance(a, c) > 1e-4); /* damped biases are another method */
}
END_TEST

/* The inputs h become T h + m, T bidiagonal, and the first layer's weights follow, W' T = W
   and b' = b - W' m: without damping the network is the same after every update.  The moment
   matrices have conditions up to 1e5 here, and rounding grows with each.  */
START_TEST(undamped_it_ignores_the_inputs_coordinates) {
    layered_t p = make_problem(), q = p;
    static double moved[EXAMPLES * IN];
    double start[N], x[N], y[N], back[N];
    for (size_t i = 0; i < EXAMPLES * IN; i++) {
        size_t j = i % IN;
        moved[i] = (1.0 + (double)j) * data[i] + (j > 0 ? 0.7 * data[i - 1] : 0.0) + 0.5;
    }
    q.data = moved;
    static const char method[] =
        "kfac:kl_clip=0,learning_rate=0.3,momentum=0.5,damping=0,interval=3";
    memcpy(start, x0, sizeof start); /* of the moved problem; x0 is made to fit */
    for (int pass = 0; pass < 2; pass++) {
        double *to = pass ? back : x;
        const double *from = pass ? y : start;
        memcpy(to, from, sizeof back);
        for (size_t i = 0; i < MIDDLE; i++) {
            const double *W = from + i * IN;
            for (size_t j = 0; j < IN; j++)
                to[i * IN + j] =
                    W[j] * (1.0 + (double)j) + (j + 1 < IN ? 0.7 * W[j + 1] : 0.0);
            for (size_t j = 0; j < IN; j++)
                to[MIDDLE * IN + i] += 0.5 * W[j];
        }
        if (pass == 0) {
            run(&q, method, start, 8, y);
            run(&p, method, x, 8, x);
        }
    }
    assert_at_most("distance after 8 updates", distance(x, back), 1e-10);
    ck_assert(distance(x, x0) > 0.1);
}
END_TEST

/* The k-th statistics enter with the weight max(1/k, 1 - decay).  */
START_TEST(averages_run) {
    layered_t p = make_problem();
    double a[N], b[N], c[N];
    run(&p,
        "kfac:kl_clip=0,momentum=0,interval=1,fisher=empirical,decay=0.6,learning_rate=0."
        "2",
        x0, 2, a);
    run(&p,
        "kfac:kl_clip=0,momentum=0,interval=1,fisher=empirical,decay=0.5,learning_rate=0."
        "2",
        x0, 2, b);
    run(&p,
        "kfac:kl_clip=0,momentum=0,interval=1,fisher=empirical,decay=0.3,learning_rate=0."
        "2",
        x0, 2, c);
    ck_assert(distance(a, b) == 0.0); /* 1/2 of the second either way */
    ck_assert(distance(a, c) > 1e-6);
}
END_TEST

/* Undamped factors of fewer examples than inputs are singular: a reason, and no step.  */
START_TEST(singular_factors_stop) {
    layered_t p = make_problem();
    p.examples = 3;
    gradus_problem *problem;
    gradus_method *m;
    gradus_run *r;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    assert_ok(gradus_method_create(&m, "kfac:kl_clip=0,momentum=0,damping=0", NULL));
    assert_ok(gradus_run_open(&r, problem, m, x0, NULL, NULL));
    assert_ok(gradus_run_step(r, NULL));
    ck_assert_int_eq(gradus_run_stop(r), GRADUS_FAIL_SINGULAR);
    ck_assert_mem_eq(gradus_run_parameters(r), x0, sizeof x0);
    gradus_run_close(r);
    gradus_method_close(m);
    gradus_problem_close(problem);
}
END_TEST

/* The step u is shortened so that a^2 g'u is at most kl_clip, and not otherwise.  */
START_TEST(a_long_step_is_shortened) {
    layered_t p = make_problem();
    double u[N], g[N], want[N], x[N], value, product = 0.0;
    dense_step(&p, 0.05, true, u);
    assert_ok(layered_evaluate(&p, &(gradus_batch){.count = EXAMPLES}, x0, &value, g));
    for (size_t i = 0; i < N; i++)
        product += g[i] * u[i];
    static const char method[] =
        "kfac:momentum=0,learning_rate=0.5,damping=0.05,fisher=empirical";
    char clipped[128], loose[128];
    snprintf(clipped, sizeof clipped, "%s,kl_clip=1e-3", method);
    snprintf(loose, sizeof loose, "%s,kl_clip=%.17g", method, 0.25 * product * 1.001);
    double factor = sqrt(1e-3 / (0.25 * product));
    ck_assert(factor < 0.9);
    for (size_t i = 0; i < N; i++)
        want[i] = x0[i] - 0.5 * factor * u[i];
    run(&p, clipped, x0, 1, x);
    assert_at_most("distance to the shortened step", distance(x, want), 1e-11);
    char plain[128];
    snprintf(plain, sizeof plain, "%s,kl_clip=0", method);
    run(&p, plain, x0, 1, want);
    run(&p, loose, x0, 1, x);
    ck_assert(distance(x, want) == 0.0);
}
END_TEST

TEST_MAIN("kfac", a_long_step_is_shortened, one_step_is_the_kronecker_inverse,
          with_unit_signals_it_is_prong, undamped_it_ignores_the_inputs_coordinates,
          averages_run, singular_factors_stop)
