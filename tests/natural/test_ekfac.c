/* EKFAC against its definition, example by example.  */

#include "linalg/eigen.h"
#include "two_layers.h"

enum { WIDE = IN + 1 };

/* E, an eigenvector a row, of the mean of a a' over the rows of ROWS.  */
static void basis_of(size_t n, size_t count, const double rows[], double E[]) {
    double values[WIDE];
    void *workspace = malloc(gradus_eigen_workspace(n));
    for (size_t i = 0; i < n * n; i++) {
        E[i] = 0.0;
        for (size_t e = 0; e < count; e++)
            E[i] += rows[e * n + i / n] * rows[e * n + i % n] / (double)count;
    }
    ck_assert_int_eq(gradus_eigen(n, E, values, workspace), GRADUS_EIGEN_OK);
    free(workspace);
}

/* e_i' M f_j, with vectors from the rows of E and F.  */
static double along(size_t m, size_t n, const double e[], const double M[],
                    const double f[]) {
    double sum = 0.0;
    for (size_t i = 0; i < m * n; i++)
        sum += e[i / n] * M[i] * f[i % n];
    return sum;
}

/* What a step of rate 1 takes from x0: along every axis e_i f_j' of a layer the gradient's
   part, over the mean square of the same part of every example's own gradient.  */
static void definition(layered_t *p, double lambda, double step[]) {
    double h0[EXAMPLES * IN], h1[EXAMPLES * MIDDLE], s0[EXAMPLES * MIDDLE];
    double s1[EXAMPLES * OUT], gradient[N], value;
    double *const inputs[] = {h0, h1}, *const signals[] = {s0, s1};
    gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_signals(p, &all, NULL, x0, inputs, signals));
    assert_ok(layered_evaluate(p, &all, x0, &value, gradient));
    memset(step, 0, N * sizeof *step);
    for (size_t l = 0; l < 2; l++) {
        gradus_layer shape;
        layered_layer(p, l, &shape);
        size_t c = shape.inputs + 1, o = shape.outputs;
        static double a[EXAMPLES * WIDE];
        double EA[WIDE * WIDE], EG[MIDDLE * MIDDLE], M[MIDDLE * WIDE];
        for (size_t e = 0; e < EXAMPLES; e++)
            for (size_t j = 0; j < c; j++)
                a[e * c + j] = j < shape.inputs ? inputs[l][e * shape.inputs + j] : 1.0;
        basis_of(c, EXAMPLES, a, EA);
        basis_of(o, EXAMPLES, signals[l], EG);
        for (size_t i = 0; i < o * c; i++)
            M[i] = i % c < shape.inputs
                       ? gradient[shape.weights + i / c * shape.inputs + i % c]
                       : gradient[shape.biases + i / c];
        for (size_t i = 0; i < o; i++)
            for (size_t j = 0; j < c; j++) {
                double moment = 0.0;
                for (size_t e = 0; e < EXAMPLES; e++) {
                    double own[MIDDLE * WIDE];
                    for (size_t k = 0; k < o * c; k++)
                        own[k] = signals[l][e * o + k / c] * a[e * c + k % c];
                    double part = along(o, c, EG + i * o, own, EA + j * c);
                    moment += part * part / EXAMPLES;
                }
                double size = along(o, c, EG + i * o, M, EA + j * c) / (moment + lambda);
                for (size_t k = 0; k < o * c; k++)
                    step[k % c < shape.inputs ? shape.weights + k / c * shape.inputs + k % c
                                              : shape.biases + k / c] +=
                        size * EG[i * o + k / c] * EA[j * c + k % c];
            }
    }
}

/* Eigenvectors are good to 1e-16 over the gaps between eigenvalues, 1e-2 and more here, and
   the division by moment + lambda >= 1e-2 adds two digits.  */
START_TEST(one_step_is_the_definition) {
    layered_t p = make_problem();
    double want[N], x[N];
    definition(&p, 0.01, want);
    for (size_t i = 0; i < N; i++)
        want[i] = x0[i] - want[i];
    run(&p, "ekfac:kl_clip=0,momentum=0,learning_rate=1,damping=0.01,fisher=empirical", x0,
        1, x);
    assert_at_most("distance to the definition", distance(x, want), 1e-11);
    ck_assert(distance(x, x0) > 0.1);
}
END_TEST

/* Bases of the first update serve until the interval is over, moments until theirs is: a
   fresh sample of all the data changes nothing in the same basis at the same point only.  */
START_TEST(intervals) {
    layered_t p = make_problem();
    double a[N], b[N], c[N];
    static const char start[] =
        "ekfac:kl_clip=0,momentum=0,fisher=empirical,learning_rate=0.1,";
    char spec[3][128];
    snprintf(spec[0], 128, "%sinterval=2,scaling_interval=50", start);
    snprintf(spec[1], 128, "%sinterval=3,scaling_interval=50", start);
    snprintf(spec[2], 128, "%sinterval=3,scaling_interval=1", start);
    run(&p, spec[0], x0, 2, a);
    run(&p, spec[1], x0, 2, b);
    run(&p, spec[2], x0, 2, c);
    ck_assert(distance(a, b) == 0.0);
    ck_assert(distance(b, c) > 1e-8);
    run(&p, spec[0], x0, 3, a);
    run(&p, spec[1], x0, 3, b);
    ck_assert(distance(a, b) > 1e-8);
}
END_TEST

TEST_MAIN("ekfac", one_step_is_the_definition, intervals)
