/* EKFAC against its definition, example by example.  */

#include "linalg/eigen.h"
#include "two_layers.h"

enum { WIDE = IN + 1 };

/* E, an eigenvector a row, and the eigenvalues of the mean of a a' over the rows of ROWS.  */
static void basis_of(size_t n, size_t count, const double rows[], double E[],
                     double values[]) {
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

/* A layer at x0 over all examples: a = [h; 1], the signals of the data's own targets, and the
   bases of K-FAC's factors.  */
typedef struct {
    gradus_layer shape;
    size_t c, o; /* of [W b]: columns and rows */
    double a[EXAMPLES * WIDE], s[EXAMPLES * MIDDLE];
    double EA[WIDE * WIDE], EG[MIDDLE * MIDDLE], A[WIDE], G[MIDDLE]; /* eigenvalues */
} axes_t;

static void find_axes(layered_t *p, size_t l, axes_t *x) {
    double h0[EXAMPLES * IN], h1[EXAMPLES * MIDDLE], s0[EXAMPLES * MIDDLE];
    double s1[EXAMPLES * OUT], *const inputs[] = {h0, h1}, *const signals[] = {s0, s1};
    gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_signals(p, &all, NULL, x0, inputs, signals));
    layered_layer(p, l, &x->shape);
    size_t n = x->shape.inputs, c = x->c = n + 1, o = x->o = x->shape.outputs;
    for (size_t i = 0; i < EXAMPLES * c; i++)
        x->a[i] = i % c < n ? inputs[l][i / c * n + i % c] : 1.0;
    memcpy(x->s, signals[l], EXAMPLES * o * sizeof *x->s);
    basis_of(c, EXAMPLES, x->a, x->EA, x->A);
    basis_of(o, EXAMPLES, x->s, x->EG, x->G);
}

/* Where entry K of [W b] is among the parameters.  */
static size_t place(const axes_t *x, size_t k) {
    size_t i = k / x->c, j = k % x->c, n = x->shape.inputs;
    return j < n ? x->shape.weights + i * n + j : x->shape.biases + i;
}

static void gather(const axes_t *x, const double vector[], double M[]) {
    for (size_t k = 0; k < x->o * x->c; k++)
        M[k] = vector[place(x, k)];
}

/* Of the axis e_i f_j' the part of example E's own gradient.  */
static double own_part(const axes_t *x, size_t e, size_t i, size_t j) {
    double own[MIDDLE * WIDE];
    for (size_t k = 0; k < x->o * x->c; k++)
        own[k] = x->s[e * x->o + k / x->c] * x->a[e * x->c + k % x->c];
    return along(x->o, x->c, x->EG + i * x->o, own, x->EA + j * x->c);
}

/* What a step of rate 1 takes from x0: along every axis e_i f_j' of a layer the gradient's
   part, over the mean square of the same part of every example's own gradient.  */
static void definition(layered_t *p, double lambda, double step[]) {
    static axes_t x;
    double gradient[N], M[MIDDLE * WIDE], value;
    gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_evaluate(p, &all, x0, &value, gradient));
    memset(step, 0, N * sizeof *step);
    for (size_t l = 0; l < 2; l++) {
        find_axes(p, l, &x);
        gather(&x, gradient, M);
        for (size_t i = 0; i < x.o; i++)
            for (size_t j = 0; j < x.c; j++) {
                const double *e = x.EG + i * x.o, *f = x.EA + j * x.c;
                double moment = 0.0;
                for (size_t k = 0; k < EXAMPLES; k++)
                    moment += pow(own_part(&x, k, i, j), 2) / EXAMPLES;
                double size = along(x.o, x.c, e, M, f) / (moment + lambda);
                for (size_t k = 0; k < x.o * x.c; k++)
                    step[place(&x, k)] += size * e[k / x.c] * f[k % x.c];
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

/* ---- The closest diagonal ---- */

enum { BLOCK = MIDDLE * WIDE };

/* The layer's block of the Fisher matrix in the basis of all e_i f_j'.  */
static void fisher_block(const axes_t *x, double F[]) {
    size_t n = x->o * x->c;
    double part[BLOCK];
    memset(F, 0, n * n * sizeof *F);
    for (size_t e = 0; e < EXAMPLES; e++) {
        for (size_t k = 0; k < n; k++)
            part[k] = own_part(x, e, k / x->c, k % x->c);
        for (size_t k = 0; k < n * n; k++)
            F[k] += part[k / n] * part[k % n] / EXAMPLES;
    }
}

/* ||F - diag(d)||, the same in any basis.  */
static double distance_to_diagonal(size_t n, const double F[], const double d[]) {
    double squares = 0.0;
    for (size_t k = 0; k < n * n; k++)
        squares += pow(F[k] - (k / n == k % n ? d[k % n] : 0.0), 2);
    return sqrt(squares);
}

/* methods.md 9.2.  What the method divides by, read off its step, is the diagonal of the Fisher
   matrix in its basis, to which no other diagonal is nearer in the Frobenius norm: K-FAC's products
   of eigenvalues are farther off.  Parts of a step are 1e-3 and larger, known to 1e-15.  */
START_TEST(closest_in_the_frobenius_norm) {
    static const double lambda = 0.01;
    static axes_t axes;
    layered_t p = make_problem();
    double x[N], gradient[N], value, F[BLOCK * BLOCK], M[BLOCK], taken[BLOCK];
    double s[BLOCK], product[BLOCK];
    run(&p, "ekfac:kl_clip=0,momentum=0,learning_rate=1,damping=0.01,fisher=empirical", x0,
        1, x);
    gradus_batch all = {.count = EXAMPLES};
    assert_ok(layered_evaluate(&p, &all, x0, &value, gradient));
    for (size_t i = 0; i < N; i++)
        x[i] = x0[i] - x[i];
    for (size_t l = 0; l < 2; l++) {
        find_axes(&p, l, &axes);
        size_t c = axes.c, n = axes.o * c;
        fisher_block(&axes, F);
        gather(&axes, gradient, M);
        gather(&axes, x, taken);
        for (size_t k = 0; k < n; k++) {
            const double *e = axes.EG + k / c * axes.o, *f = axes.EA + k % c * c;
            s[k] = along(axes.o, c, e, M, f) / along(axes.o, c, e, taken, f) - lambda;
            product[k] = axes.G[k / c] * axes.A[k % c];
            assert_close(s[k], F[k * n + k], 1e-10);
        }
        double least = distance_to_diagonal(n, F, s);
        double kronecker = distance_to_diagonal(n, F, product);
        printf("layer %zu: distance %.6g, of the product %.6g\n", l, least, kronecker);
        ck_assert(least < 0.99 * kronecker);
    }
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

TEST_MAIN("ekfac", one_step_is_the_definition, closest_in_the_frobenius_norm, intervals)
