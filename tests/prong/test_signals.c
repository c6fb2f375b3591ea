/* prong with plus=yes: K-FAC with a diagonal G, by its formula.  */

#include "core/oracle.h"
#include "../elimination.h"
#include "../natural/two_layers.h"

enum { BLOCK = 256 }; /* in which prong looks at a sample */

static const double EPSILON = 0.1, SHARE = 0.1, RATE = 0.5;

/* ---- The formula ---- */

enum { WIDE = IN + 1 };

/* E[a a'] of a = [h; 1], with epsilon on the inputs' entries.  */
static void second_moment(const layered_t *p, size_t l, const double x[], double A[]) {
    double first[EXAMPLES * IN], second[EXAMPLES * MIDDLE];
    double *const inputs[] = {first, second};
    size_t n = p->widths[l], c = n + 1;
    memset(A, 0, c * c * sizeof *A);
    assert_ok(layered_inputs((void *)p, &(gradus_batch){.count = EXAMPLES}, x, inputs));
    for (size_t e = 0; e < EXAMPLES; e++)
        for (size_t i = 0; i < c * c; i++) {
            double left = i / c < n ? inputs[l][e * n + i / c] : 1.0;
            double right = i % c < n ? inputs[l][e * n + i % c] : 1.0;
            A[i] += left * right / EXAMPLES;
        }
    for (size_t i = 0; i < n; i++)
        A[i * c + i] += EPSILON;
}

/* E[s^2] of every unit over the targets that the oracle's stream draws next.  */
static void drawn_moments(gradus_oracle *oracle, const double x[], double middle[],
                          double last[]) {
    static double signals0[BLOCK * MIDDLE], signals1[BLOCK * OUT];
    double *const signals[] = {signals0, signals1}, *const none[] = {NULL, NULL};
    size_t rows[EXAMPLES];
    memset(middle, 0, MIDDLE * sizeof *middle);
    memset(last, 0, OUT * sizeof *last);
    gradus_oracle_sample(oracle, EXAMPLES, rows);
    for (size_t begin = 0; begin < EXAMPLES; begin += BLOCK) {
        size_t count = EXAMPLES - begin < BLOCK ? EXAMPLES - begin : BLOCK;
        gradus_batch batch = {.count = count, .rows = rows + begin};
        assert_ok(gradus_oracle_signals(oracle, &batch, true, x, none, signals));
        for (size_t i = 0; i < count * MIDDLE; i++)
            middle[i % MIDDLE] += signals0[i] * signals0[i] / EXAMPLES;
        for (size_t i = 0; i < count * OUT; i++)
            last[i % OUT] += signals1[i] * signals1[i] / EXAMPLES;
    }
}

static double mean(size_t n, const double values[]) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] / (double)n;
    return sum;
}

/* X <- X - RATE (G + share mean(G))^-1 [gW gb] A^-1, row by row.  A is that of X0.  */
static void update(layered_t *p, const double *const G[2], double x[]) {
    double g[N], A[WIDE * WIDE], value;
    assert_ok(layered_evaluate(p, &(gradus_batch){.count = EXAMPLES}, x, &value, g));
    for (size_t l = 0; l < 2; l++) {
        gradus_layer s;
        layered_layer(p, l, &s);
        for (size_t i = 0; i < s.outputs; i++) {
            double row[WIDE], factor = G[l][i] + SHARE * mean(s.outputs, G[l]);
            memcpy(row, g + s.weights + i * s.inputs, s.inputs * sizeof *row);
            row[s.inputs] = g[s.biases + i];
            second_moment(p, l, x0, A);
            solve(s.inputs + 1, A, row);
            for (size_t j = 0; j < s.inputs; j++)
                x[s.weights + i * s.inputs + j] -= RATE * row[j] / factor;
            x[s.biases + i] -= RATE * row[s.inputs] / factor;
        }
    }
}

/* Two updates whose moments are averaged: the second's enter with a half.  Conditions of A are
   below 1e3 and moments are of size 1: 1e-11 is 1e5 roundings, while what a forgotten mean or
   average changes is of size 0.01.  */
START_TEST(kfac_with_a_diagonal_G) {
    layered_t p = make_problem();
    double want[N], x[N], middle[2][MIDDLE], last[2][OUT];
    size_t rows[EXAMPLES];
    gradus_problem *problem;
    gradus_oracle oracle;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    gradus_oracle_sample(&oracle, EXAMPLES, rows); /* the refresh's */
    memcpy(want, x0, sizeof want);
    drawn_moments(&oracle, want, middle[0], last[0]);
    update(&p, (const double *const[]){middle[0], last[0]}, want);
    drawn_moments(&oracle, want, middle[1], last[1]);
    for (size_t i = 0; i < MIDDLE; i++)
        middle[1][i] = 0.5 * (middle[0][i] + middle[1][i]);
    for (size_t i = 0; i < OUT; i++)
        last[1][i] = 0.5 * (last[0][i] + last[1][i]);
    update(&p, (const double *const[]){middle[1], last[1]}, want);
    run(&p, "prong:plus=yes,plus_interval=1,plus_samples=300,learning_rate=0.5", x0, 2, x);
    assert_at_most("distance to the formula", distance(x, want), 1e-11);
    run(&p, "prong:learning_rate=0.5", x0, 2, x);
    ck_assert(distance(x, want) > 1e-2);
    gradus_oracle_close(&oracle);
    gradus_problem_close(problem);
}
END_TEST

/* Units of one layer whose targets' noise passes through weights of sizes 1, 10, 100: what they
   learn in a step does not show it.  Signals of the first layer are those weights times noise.  */
START_TEST(scales_of_units_are_equalised) {
    layered_t p = make_problem();
    double scaled[N], x[N], step[2][MIDDLE] = {{0}};
    gradus_layer first, second;
    layered_layer(&p, 0, &first);
    layered_layer(&p, 1, &second);
    memcpy(scaled, x0, sizeof scaled);
    for (size_t i = 0; i < OUT * MIDDLE; i++)
        scaled[second.weights + i] *= i % MIDDLE == 1 ? 10.0 : 1.0;
    for (int plus = 0; plus < 2; plus++) {
        run(&p,
            plus ? "prong:learning_rate=1e-3,plus=yes,plus_epsilon=1e-6"
                 : "prong:learning_rate=1e-3",
            scaled, 1, x);
        for (size_t i = 0; i < MIDDLE; i++)
            for (size_t j = 0; j < IN; j++)
                step[plus][i] =
                    fmax(step[plus][i], fabs(x[i * IN + j] - scaled[i * IN + j]));
    }
    printf("steps of the large unit over another: %.3g, with plus %.3g\n",
           step[0][1] / step[0][0], step[1][1] / step[1][0]);
    ck_assert(step[1][1] / step[1][0] < 0.1 * step[0][1] / step[0][0]);
}
END_TEST

/* ---- The bill and the refusals ---- */

/* Samples of 20 at updates 0, 2 and 4 beside the refresh's 50, each a call.  */
START_TEST(bill) {
    layered_t p = make_problem();
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *r;
    gradus_row row;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    assert_ok(gradus_method_create(
        &method, "prong:samples=50,plus=yes,plus_interval=2,plus_samples=20", NULL));
    assert_ok(gradus_run_open(&r, problem, method, x0, "batch=30", NULL));
    for (int i = 0; i < 5; i++)
        assert_ok(gradus_run_step(r, NULL));
    assert_ok(gradus_run_measure(r, true, &row, NULL));
    ck_assert_uint_eq(row.gradient_evaluations, 5 + 1 + 3);
    assert_close(row.passes, (5.0 * 30.0 + 50.0 + 3.0 * 20.0) / EXAMPLES, 1e-15);
    gradus_run_close(r);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(refusals) {
    static const char *const ignored[] = {"prong:plus_epsilon=1", "prong:plus_decay=0.5",
                                          "prong:plus_interval=3", "prong:plus_samples=3"};
    layered_t p = make_problem();
    gradus_problem_type type = layered_type;
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *r;
    gradus_error why;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        ck_assert_int_eq(gradus_method_create(&method, ignored[i], &why), GRADUS_EINPUT);
        assert_sentence(why.text);
        assert_contains(why.text, "plus=yes");
    }
    type.signals = NULL;
    assert_ok(gradus_problem_wrap(&problem, &type, &p, 1, NULL));
    assert_ok(gradus_method_create(&method, "prong:plus=yes", NULL));
    ck_assert_int_eq(gradus_run_open(&r, problem, method, x0, NULL, &why),
                     GRADUS_EUNSUPPORTED);
    assert_contains(why.text, "back-propagated signals");
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("signals", kfac_with_a_diagonal_G, scales_of_units_are_equalised, bill, refusals)
