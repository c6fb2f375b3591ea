/* PRONG against stochastic gradient descent in whitened coordinates, written out.  */

#include "linalg/eigen.h"
#include "layered.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Trajectories of 20 updates with steps of size 0.1 and matrices whose condition is at most
   1000: rounding errors of 1e-16 grow by no more than that and the number of updates, while
   a mistake is of size 0.01 and more.  */
static const double TOLERANCE = 1e-10;
static const double DIFFERENT = 1e-4;

enum { EXAMPLES = 300, LARGEST = 200 }; /* more than a block of the statistics */

static double data[EXAMPLES * LARGEST], targets[EXAMPLES * LARGEST];

static void make_data(size_t inputs, size_t outputs) {
    unsigned seed = 5;
    for (size_t i = 0; i < EXAMPLES * LARGEST; i++) {
        seed = seed * 1664525u + 1013904223u;
        data[i] = (double)seed / 2147483648.0 - 1.0;
        targets[i] = data[i / 2];
    }
    for (size_t i = 0; i < EXAMPLES * inputs; i++) { /* correlated, off the origin */
        size_t j = i % inputs;
        data[i] += j > 0 ? 0.7 * data[i - 1] + 0.3 : 0.4;
        if (j == 2)
            data[i] = 0.625; /* a pixel that never changes */
    }
    for (size_t i = 0; i < EXAMPLES * outputs; i++)
        targets[i] += 0.5;
}

static layered_t make_problem(size_t layers, size_t first, size_t middle, size_t last) {
    make_data(first, last);
    layered_t p = {.layers = layers,
                   .biases = true,
                   .examples = EXAMPLES,
                   .data = data,
                   .targets = targets,
                   .widths = {first, last}};
    if (layers == 2)
        p.widths[1] = middle, p.widths[2] = last;
    return p;
}

/* ---- Runs ---- */

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} bench_t;

static void open_bench(bench_t *b, layered_t *p, size_t threads, const char *method,
                       const char *options) {
    gradus_error why = {.text = ""};
    gradus_err err = gradus_problem_wrap(&b->problem, &layered_type, p, threads, &why);
    if (!err)
        err = gradus_method_create(&b->method, method, &why);
    if (!err)
        err = gradus_run_open(&b->run, b->problem, b->method, NULL, options, &why);
    ck_assert_msg(!err, "%s", why.text);
}

static void close_bench(bench_t *b) {
    gradus_run_close(b->run);
    gradus_method_close(b->method);
    gradus_problem_close(b->problem);
}

static void step(bench_t *b) {
    gradus_error why;
    ck_assert_int_eq(gradus_run_step(b->run, &why), GRADUS_OK);
}

/* The parameters after COUNT updates; the caller frees them.  */
static double *run(layered_t *p, size_t threads, const char *method, const char *options,
                   size_t count) {
    bench_t b;
    open_bench(&b, p, threads, method, options);
    for (size_t i = 0; i < count; i++) {
        step(&b);
        ck_assert_int_eq(gradus_run_stop(b.run), GRADUS_RUNNING);
    }
    size_t bytes = layered_dimension(p) * sizeof(double);
    double *x = memcpy(malloc(bytes), gradus_run_parameters(b.run), bytes);
    close_bench(&b);
    return x;
}

static double *start_of(layered_t *p) { return run(p, 1, "prong", NULL, 0); }

static double difference(size_t count, const double a[], const double b[]) {
    double largest = 0.0;
    for (size_t i = 0; i < count; i++) {
        double error = fabs(a[i] - b[i]);
        if (!(error <= largest))
            largest = error;
    }
    return largest;
}

static void check_same(const char *what, size_t count, const double a[], const double b[]) {
    double error = difference(count, a, b);
    printf("%s: %.3g <= %.3g\n", what, error, TOLERANCE);
    ck_assert_msg(error <= TOLERANCE, "%s: %.3g", what, error);
}

static void check_different(const char *what, size_t count, const double a[],
                            const double b[]) {
    double error = difference(count, a, b);
    printf("%s: %.3g >= %.3g\n", what, error, DIFFERENT);
    ck_assert_msg(error >= DIFFERENT, "%s: %.3g", what, error);
}

/* ---- Gradient descent in whitened coordinates, as published ---- */

enum { ZCA, PCA, DIAGONAL };
enum { TRANSPORT, RESET, KEEP };

static const double RATE = 0.05, MOMENTUM = 0.9, EPSILON = 0.1;
enum { INTERVAL = 7, UPDATES = 20 };

/* One layer: U, its inverse and c, as matrices.  The form's own U comes out of an
   eigendecomposition of the covariance by definition.  */
typedef struct {
    double U[LARGEST * LARGEST], inverse[LARGEST * LARGEST], c[LARGEST];
} coordinates_t;

static void identity(coordinates_t *k, size_t n) {
    memset(k, 0, sizeof *k);
    for (size_t i = 0; i < n; i++)
        k->U[i * n + i] = k->inverse[i * n + i] = 1.0;
}

static void covariance_of(const layered_t *p, const double x[], size_t l, double S[],
                          double c[]) {
    size_t n = p->widths[l];
    memset(S, 0, n * n * sizeof *S);
    memset(c, 0, n * sizeof *c);
    layered_values h;
    for (size_t e = 0; e < EXAMPLES; e++) {
        layered_forward(p, x, e, h);
        for (size_t j = 0; j < n; j++)
            c[j] += h[l][j] / EXAMPLES;
    }
    for (size_t e = 0; e < EXAMPLES; e++) {
        layered_forward(p, x, e, h);
        for (size_t j = 0; j < n * n; j++)
            S[j] += (h[l][j / n] - c[j / n]) * (h[l][j % n] - c[j % n]) / EXAMPLES;
    }
}

static void whiten(coordinates_t *k, const layered_t *p, const double x[], size_t l,
                   int form) {
    size_t n = p->widths[l];
    double *S = malloc(n * n * sizeof *S), *values = malloc(n * sizeof *values);
    void *workspace = malloc(gradus_eigen_workspace(n));
    covariance_of(p, x, l, S, k->c);
    for (size_t i = 0; form == DIAGONAL && i < n * n; i++)
        S[i] = i / n == i % n ? S[i] : 0.0;
    ck_assert_int_eq(gradus_eigen(n, S, values, workspace), GRADUS_EIGEN_OK);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double U = 0.0, inverse = 0.0;
            for (size_t q = 0; q < n; q++) { /* row q of S is an eigenvector */
                double root = sqrt(values[q] + EPSILON), e = S[q * n + i] * S[q * n + j];
                U += e / root;
                inverse += e * root;
            }
            double root_i = sqrt(values[i] + EPSILON), root_j = sqrt(values[j] + EPSILON);
            k->U[i * n + j] = form == PCA ? S[i * n + j] / root_i : U;
            k->inverse[i * n + j] = form == PCA ? S[j * n + i] * root_j : inverse;
        }
    free(workspace), free(values), free(S);
}

/* m x n times n x n.  */
static void times(size_t m, size_t n, const double A[], const double B[], double C[]) {
    for (size_t i = 0; i < m * n; i++) {
        C[i] = 0.0;
        for (size_t q = 0; q < n; q++)
            C[i] += A[i / n * n + q] * B[q * n + i % n];
    }
}

/* [W b] to [V d], or a displacement likewise.  */
static void to_whitened(const coordinates_t *k, const gradus_layer *s, const double x[],
                        double y[]) {
    times(s->outputs, s->inputs, x + s->weights, k->inverse, y + s->weights);
    for (size_t i = 0; i < s->outputs; i++) {
        y[s->biases + i] = x[s->biases + i];
        for (size_t j = 0; j < s->inputs; j++)
            y[s->biases + i] += x[s->weights + i * s->inputs + j] * k->c[j];
    }
}

static void to_canonical(const coordinates_t *k, const gradus_layer *s, const double y[],
                         double x[]) {
    times(s->outputs, s->inputs, y + s->weights, k->U, x + s->weights);
    for (size_t i = 0; i < s->outputs; i++) {
        x[s->biases + i] = y[s->biases + i];
        for (size_t j = 0; j < s->inputs; j++)
            x[s->biases + i] -= x[s->weights + i * s->inputs + j] * k->c[j];
    }
}

/* gV = (gW - gb c') U', gd = gb.  */
static void whiten_gradient(const coordinates_t *k, const gradus_layer *s, const double g[],
                            double out[]) {
    size_t n = s->inputs;
    for (size_t i = 0; i < s->outputs; i++) {
        out[s->biases + i] = g[s->biases + i];
        for (size_t j = 0; j < n; j++) {
            double sum = 0.0;
            for (size_t q = 0; q < n; q++)
                sum += (g[s->weights + i * n + q] - g[s->biases + i] * k->c[q]) *
                       k->U[j * n + q];
            out[s->weights + i * n + j] = sum;
        }
    }
}

/* Refreshes layer L at x; Y and V are the parameters and the velocity in the layer's
   coordinates, old and then new.  */
static void refresh(coordinates_t *k, const layered_t *p, size_t l, int form, int mode,
                    const double x[], double y[], double v[], double scratch[]) {
    gradus_layer s;
    layered_layer(p, l, &s);
    if (mode == TRANSPORT)
        to_canonical(k, &s, v, scratch);
    whiten(k, p, x, l, form);
    to_whitened(k, &s, x, y);
    if (mode == TRANSPORT)
        to_whitened(k, &s, scratch, v);
    for (size_t i = 0; mode == RESET && i < (s.inputs + 1) * s.outputs; i++)
        v[s.weights + i] = 0.0;
}

/* Shortens the whitened gradient to MOST; says whether it was longer.  */
static bool bound_length(size_t n, double most, double g[]) {
    double square = 0.0;
    for (size_t i = 0; i < n; i++)
        square += g[i] * g[i];
    if (square <= most * most)
        return false;
    for (size_t i = 0; i < n; i++)
        g[i] *= most / sqrt(square);
    return true;
}

/* The canonical parameters after UPDATES full-batch updates from X, in place.  LATE: not
   whitened at the start.  No gradient is longer than MOST; says how many were.  */
static size_t reference(layered_t *p, int form, int mode, bool late, double most,
                        double x[]) {
    size_t n = layered_dimension(p), bytes = n * sizeof(double), shortened = 0;
    coordinates_t *k = malloc(p->layers * sizeof *k);
    double *y = memcpy(malloc(bytes), x, bytes), *v = calloc(n, sizeof *v);
    double *g = malloc(bytes), *gy = malloc(bytes), *scratch = malloc(bytes);
    gradus_layer s;
    for (size_t l = 0; l < p->layers; l++)
        identity(&k[l], p->widths[l]);
    for (size_t update = 0; update < UPDATES; update++) {
        bool due = update % INTERVAL == 0 && (update > 0 || !late);
        for (size_t l = 0; due && l < p->layers; l++)
            refresh(&k[l], p, l, form, mode, x, y, v, scratch);
        layered_evaluate(p, &(gradus_batch){.count = EXAMPLES}, x, NULL, g);
        for (size_t l = 0; l < p->layers; l++) {
            layered_layer(p, l, &s);
            whiten_gradient(&k[l], &s, g, gy);
        }
        shortened += bound_length(n, most, gy);
        for (size_t i = 0; i < n; i++)
            y[i] += v[i] = MOMENTUM * v[i] - RATE * gy[i];
        for (size_t l = 0; l < p->layers; l++) {
            layered_layer(p, l, &s);
            to_canonical(&k[l], &s, y, x);
        }
    }
    free(scratch), free(gy), free(g), free(v), free(y), free(k);
    return shortened;
}

/* MOST: clip_whitened, where it is finite.  */
static double *run_prong(layered_t *p, int form, int mode, bool late, double most) {
    static const char *const forms[] = {"form=zca", "form=pca", "diagonal=yes"};
    static const char *const modes[] = {"transport", "reset", "keep"};
    char method[256], bound[64] = "";
    if (isfinite(most))
        snprintf(bound, sizeof bound, ",clip_whitened=%.17g", most);
    snprintf(method, sizeof method,
             "prong:learning_rate=0.05,momentum=0.9,epsilon=0.1,interval=7,%s,"
             "momentum_at_refresh=%s,whitened_start=%s%s",
             forms[form], modes[mode], late ? "no" : "yes", bound);
    return run(p, 1, method, NULL, UPDATES);
}

/* Every form with every way to treat the velocity, whitened at the start or later, on one
   layer and on two.  */
START_TEST(equals_descent_in_whitened_coordinates) {
    layered_t p = make_problem(1 + (size_t)_i / 18, 6, 5, 3);
    int form = _i % 3, mode = _i / 3 % 3;
    bool late = _i / 9 % 2;
    size_t n = layered_dimension(&p);
    double *want = start_of(&p), *start = start_of(&p),
           *got = run_prong(&p, form, mode, late, INFINITY);
    reference(&p, form, mode, late, INFINITY, want);
    check_same("trajectory", n, got, want);
    check_different("from the start", n, got, start);
    free(got), free(start), free(want);
}
END_TEST

/* A bound on the length in whitened coordinates that binds in some updates; one that never does
   changes no bit.  */
START_TEST(bounds_the_length_in_whitened_coordinates) {
    layered_t p = make_problem(1 + (size_t)_i / 6, 6, 5, 3);
    int form = _i % 3;
    bool late = _i / 3 % 2;
    size_t n = layered_dimension(&p);
    const double most = 0.8;
    double *want = start_of(&p), *got = run_prong(&p, form, TRANSPORT, late, most);
    double *loose = run_prong(&p, form, TRANSPORT, late, 1e9),
           *none = run_prong(&p, form, TRANSPORT, late, INFINITY);
    size_t shortened = reference(&p, form, TRANSPORT, late, most, want);
    printf("%zu of %d updates are shortened\n", shortened, UPDATES);
    ck_assert_uint_gt(shortened, 1);
    ck_assert_uint_lt(shortened, UPDATES);
    check_same("trajectory", n, got, want);
    check_different("without the bound", n, got, none);
    ck_assert_mem_eq(loose, none, n * sizeof *none);
    free(none), free(loose), free(got), free(want);
}
END_TEST

/* The axes do not matter but for a velocity whose numbers are kept.  */
START_TEST(forms_agree) {
    layered_t p = make_problem(2, 6, 5, 3);
    size_t n = layered_dimension(&p);
    double *zca = run_prong(&p, ZCA, TRANSPORT, false, INFINITY);
    double *pca = run_prong(&p, PCA, TRANSPORT, false, INFINITY);
    double *kept = run_prong(&p, ZCA, KEEP, false, INFINITY);
    double *pca_kept = run_prong(&p, PCA, KEEP, false, INFINITY);
    double *reset = run_prong(&p, ZCA, RESET, false, INFINITY);
    ck_assert_mem_eq(zca, pca, n * sizeof *zca);
    check_different("keep and transport", n, kept, zca);
    check_different("keep, zca and pca", n, kept, pca_kept);
    check_different("reset and transport", n, reset, zca);
    free(zca), free(pca), free(kept), free(pca_kept), free(reset);
}
END_TEST

/* ---- Where it is plain descent ---- */

static void descend(layered_t *p, double rate, double momentum, size_t updates,
                    double x[]) {
    size_t n = layered_dimension(p);
    double *v = calloc(n, sizeof *v), *g = malloc(n * sizeof *g), value;
    for (size_t update = 0; update < updates; update++) {
        layered_evaluate(p, &(gradus_batch){.count = EXAMPLES}, x, &value, g);
        for (size_t i = 0; i < n; i++) {
            v[i] = momentum * v[i] - rate * g[i];
            x[i] += v[i];
        }
    }
    free(g), free(v);
}

START_TEST(one_layer_left_alone_is_descent) {
    layered_t p = make_problem(1, 6, 0, 3);
    double *want = run(&p, 1, "sgd:learning_rate=0.05,momentum=0.9", NULL, UPDATES);
    double *got =
        run(&p, 1, "prong:learning_rate=0.05,momentum=0.9,whiten_input=no", NULL, UPDATES);
    ck_assert_mem_eq(got, want, layered_dimension(&p) * sizeof *got);
    ck_assert_uint_eq(p.inputs_calls, 0);
    free(got), free(want);
}
END_TEST

/* Of two layers the first takes plain steps; the first step shows it to the bit.  */
START_TEST(first_layer_left_alone) {
    layered_t p = make_problem(2, 6, 5, 3);
    size_t first = (6 + 1) * 5, n = layered_dimension(&p);
    double *want = start_of(&p);
    double *got = run(&p, 1, "prong:learning_rate=0.05,whiten_input=no", NULL, 1);
    descend(&p, 0.05, 0.0, 1, want);
    ck_assert_mem_eq(got, want, first * sizeof *got);
    check_different("second layer", n - first, got + first, want + first);
    free(got), free(want);
}
END_TEST

START_TEST(plain_until_the_first_refresh) {
    layered_t p = make_problem(2, 6, 5, 3);
    size_t n = layered_dimension(&p);
    const char *method =
        "prong:learning_rate=0.05,momentum=0.9,whitened_start=no,interval=4";
    double *want = start_of(&p), *got = run(&p, 1, method, NULL, 4);
    descend(&p, 0.05, 0.9, 4, want);
    ck_assert_mem_eq(got, want, n * sizeof *got);
    free(got), free(want);
    got = run(&p, 1, method, NULL, 5), want = start_of(&p);
    descend(&p, 0.05, 0.9, 5, want);
    check_different("after the refresh", n, got, want);
    free(got), free(want);
}
END_TEST

/* Inputs of mean zero and covariance (1 - epsilon) I need no whitening: U = I, c = 0.  Six
   inputs: every example has one of them, at +r or -r, as often as any other.  */
START_TEST(white_inputs_are_descent) {
    layered_t p = make_problem(1, 6, 0, 3);
    size_t n = layered_dimension(&p);
    for (size_t e = 0; e < EXAMPLES; e++)
        for (size_t j = 0; j < 6; j++)
            data[e * 6 + j] =
                e % 6 != j ? 0.0 : (e / 6 % 2 ? 1.0 : -1.0) * sqrt(6.0 * (1.0 - 0.1));
    double *want = start_of(&p);
    double *got =
        run(&p, 1, "prong:learning_rate=0.05,momentum=0.9,interval=7", NULL, UPDATES);
    descend(&p, 0.05, 0.9, UPDATES, want);
    check_same("white inputs", n, got, want);
    free(got), free(want);
}
END_TEST

/* ---- Refreshes, their bill and their failures ---- */

/* 300 examples are a block of 256 and one of 44.  */
START_TEST(refreshes_when_due) {
    bool whitened_start = _i == 0;
    layered_t p = make_problem(2, 6, 5, 3);
    bench_t b;
    open_bench(&b, &p, 1,
               whitened_start ? "prong:interval=3" : "prong:interval=3,whitened_start=no",
               NULL);
    for (size_t update = 0, refreshes = 0; update < 8; update++) {
        refreshes += update % 3 == 0 && (update > 0 || whitened_start);
        step(&b);
        ck_assert_uint_eq(p.inputs_calls, 2 * refreshes);
        ck_assert_uint_eq(p.inputs_examples, EXAMPLES * refreshes);
    }
    close_bench(&b);
}
END_TEST

/* Three updates of a batch of 30 and a refresh over 50 examples.  */
START_TEST(bills_the_sample) {
    layered_t p = make_problem(2, 6, 5, 3);
    gradus_row row;
    bench_t b;
    open_bench(&b, &p, 1, "prong:samples=50", "batch=30");
    for (size_t update = 0; update < 3; update++)
        step(&b);
    ck_assert_int_eq(gradus_run_measure(b.run, true, &row, NULL), GRADUS_OK);
    ck_assert_uint_eq(row.gradient_evaluations, 3 + 1);
    ck_assert(row.passes == (3.0 * 30.0 + 50.0) / EXAMPLES);
    ck_assert(row.learning_rate == 0.01);
    ck_assert(row.phase_seconds[GRADUS_PHASE_EIGENDECOMPOSITION] > 0.0);
    close_bench(&b);
}
END_TEST

/* Stops for REASON at the update after FINE good ones, with x untouched.  */
static void check_failure(double spoil_inputs, double spoil_gradient, size_t fine,
                          gradus_stop reason) {
    layered_t p = make_problem(2, 6, 5, 3);
    size_t n = layered_dimension(&p);
    double *before = malloc(n * sizeof *before);
    bench_t b;
    open_bench(&b, &p, 1, "prong:interval=2", NULL);
    for (size_t update = 0; update < fine; update++)
        step(&b);
    memcpy(before, gradus_run_parameters(b.run), n * sizeof *before);
    p.spoil_inputs = spoil_inputs;
    p.spoil_gradient = spoil_gradient;
    step(&b);
    ck_assert_int_eq(gradus_run_stop(b.run), reason);
    ck_assert_mem_eq(gradus_run_parameters(b.run), before, n * sizeof *before);
    ck_assert_uint_eq(gradus_run_updates(b.run), fine);
    close_bench(&b);
    free(before);
}

START_TEST(stops_when_not_finite) {
    size_t fine = _i == 0 ? 0 : 2; /* at the first refresh or at the second */
    check_failure(NAN, 0.0, fine, GRADUS_FAIL_EIGENDECOMPOSITION);
    check_failure(-INFINITY, 0.0, fine, GRADUS_FAIL_EIGENDECOMPOSITION);
    check_failure(0.0, NAN, fine, GRADUS_FAIL_DIVERGED);
    check_failure(0.0, INFINITY, fine, GRADUS_FAIL_DIVERGED);
}
END_TEST

/* ---- Threads, batches, shapes ---- */

/* Wide enough for several panels, in mini-batches, on one thread and on three.  */
START_TEST(same_bits_for_any_threads) {
    layered_t p = make_problem(2, 200, 150, 11);
    size_t n = layered_dimension(&p);
    const char *method = _i == 0 ? "prong:interval=2,samples=150,momentum=0.9,form=pca,"
                                   "momentum_at_refresh=keep"
                                 : "prong:interval=2,samples=150,diagonal=yes";
    double *one = run(&p, 1, method, "batch=32,seed=4", 4);
    double *three = run(&p, 3, method, "batch=32,seed=4", 4);
    ck_assert_mem_eq(one, three, n * sizeof *one);
    free(one), free(three);
}
END_TEST

/* Fewer samples than inputs leave most of the spectrum zero; a constant input as well.  */
START_TEST(rank_deficient) {
    layered_t p = make_problem(1, 200, 0, 3);
    p.biases = _i == 0;
    double *x = run(&p, 1, "prong:samples=20,epsilon=1e-3,learning_rate=1e-4", NULL, 10);
    double before, after, *start = start_of(&p);
    gradus_batch all = {.count = EXAMPLES};
    layered_evaluate(&p, &all, start, &before, NULL);
    layered_evaluate(&p, &all, x, &after, NULL);
    printf("value %.6g, then %.6g\n", before, after);
    ck_assert(after < before);
    free(start), free(x);
}
END_TEST

/* On least squares with samples = all and epsilon = 0 a unit step is Newton's and reaches the
   minimum, with the constant input out of the way.  Conditions of 1e4 at most leave about
   1e-12 of the gradient.  */
START_TEST(unit_step_is_newton) {
    layered_t p = make_problem(1, 6, 0, 3);
    size_t n = layered_dimension(&p);
    for (size_t e = 0; e < EXAMPLES; e++)
        data[e * 6 + 2] = sin((double)e);
    double *x = run(&p, 1, "prong:learning_rate=1,epsilon=0", NULL, 1);
    double *g = malloc(n * sizeof *g), largest = 0.0;
    layered_evaluate(&p, &(gradus_batch){.count = EXAMPLES}, x, NULL, g);
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(g[i]));
    printf("gradient after a unit step: %.3g <= 1e-11\n", largest);
    ck_assert(largest <= 1e-11);
    free(g), free(x);
}
END_TEST

START_TEST(needs_layers) {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *unwanted;
    gradus_error why;
    ck_assert_int_eq(gradus_problem_create(&problem, "rosenbrock", 1, &why), GRADUS_OK);
    ck_assert_int_eq(gradus_method_create(&method, "prong", &why), GRADUS_OK);
    ck_assert_int_eq(gradus_run_open(&unwanted, problem, method, NULL, NULL, &why),
                     GRADUS_EUNSUPPORTED);
    gradus_method_close(method);
    gradus_problem_close(problem);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("prong");
    TCase *cases = tcase_create("prong");
    tcase_add_loop_test(cases, equals_descent_in_whitened_coordinates, 0, 36);
    tcase_add_loop_test(cases, bounds_the_length_in_whitened_coordinates, 0, 12);
    tcase_add_test(cases, forms_agree);
    tcase_add_test(cases, one_layer_left_alone_is_descent);
    tcase_add_test(cases, first_layer_left_alone);
    tcase_add_test(cases, plain_until_the_first_refresh);
    tcase_add_test(cases, white_inputs_are_descent);
    tcase_add_loop_test(cases, refreshes_when_due, 0, 2);
    tcase_add_test(cases, bills_the_sample);
    tcase_add_loop_test(cases, stops_when_not_finite, 0, 2);
    tcase_add_loop_test(cases, same_bits_for_any_threads, 0, 2);
    tcase_add_loop_test(cases, rank_deficient, 0, 2);
    tcase_add_test(cases, unit_step_is_newton);
    tcase_add_test(cases, needs_layers);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
