/* Statistics and whitened coordinates of one layer against their definitions.  */

#include "linalg/eigen.h"
#include "prong/whiten.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 9, OUTPUTS = 4, EXAMPLES = 61, WEIGHTS = INPUTS * OUTPUTS };
enum { SQUARE = INPUTS * INPUTS };

static const double EPSILON = 0.1;

/* The inputs are of size 1 and epsilon is 0.1, so U and U^-1 are at most 1/sqrt(0.1) and
   sqrt(9 + 0.1), and sums have at most a few hundred terms of size 10: 1e-12 is some 100
   times the rounding errors that can come of it, and 1e12 times less than an error.  */
static const double TOLERANCE = 1e-12;

static unsigned seed;

static double next(void) {
    seed = seed * 1664525u + 1013904223u;
    return (double)seed / 2147483648.0 - 1.0;
}

static void fill(size_t count, double a[]) {
    for (size_t i = 0; i < count; i++)
        a[i] = next();
}

static void check_small(const char *what, double error, double bound) {
    printf("%s: %.3g <= %.3g\n", what, error, bound);
    ck_assert_msg(error <= bound, "%s: %.3g > %.3g", what, error, bound);
}

static double difference(size_t count, const double a[], const double b[]) {
    double largest = 0.0;
    for (size_t i = 0; i < count; i++) {
        double error = fabs(a[i] - b[i]);
        if (!(error <= largest))
            largest = error;
    }
    return largest;
}

/* ---- A layer and its whitening ---- */

typedef struct {
    double mean[INPUTS], deviation[INPUTS], matrix[SQUARE], scale[INPUTS];
    double center[INPUTS], whitening_scale[INPUTS], basis[SQUARE], inverse[SQUARE];
    gradus_moments moments;
    gradus_whitening whitening;
    char *workspace;
} layer_t;

static void open_layer(layer_t *l, bool pca, bool diagonal) {
    *l = (layer_t){.workspace = malloc(gradus_eigen_workspace(INPUTS))};
    l->moments = (gradus_moments){.inputs = INPUTS,
                                  .diagonal = diagonal,
                                  .mean = l->mean,
                                  .deviation = l->deviation,
                                  .matrix = l->matrix,
                                  .scale = l->scale};
    l->whitening = (gradus_whitening){.inputs = INPUTS,
                                      .diagonal = diagonal,
                                      .pca = pca,
                                      .center = l->center,
                                      .scale = l->whitening_scale,
                                      .basis = diagonal ? NULL : l->basis,
                                      .inverse = diagonal ? NULL : l->inverse};
}

static void add(gradus_moments *moments, size_t count, const double inputs[]) {
    double *copy = malloc(count * moments->inputs * sizeof *copy);
    memcpy(copy, inputs, count * moments->inputs * sizeof *copy);
    gradus_moments_add(moments, count, copy, 1);
    free(copy);
}

/* The sample in blocks of unequal size.  */
static void add_all(gradus_moments *moments, const double inputs[]) {
    moments->count = 0;
    add(moments, 20, inputs);
    add(moments, EXAMPLES - 21, inputs + 20 * INPUTS);
    add(moments, 1, inputs + (EXAMPLES - 1) * INPUTS);
}

static void whiten_layer(layer_t *l, const double inputs[], bool centred) {
    add_all(&l->moments, inputs);
    gradus_moments_finish(&l->moments, centred);
    ck_assert(gradus_moments_decompose(&l->moments, EPSILON, l->workspace));
    gradus_whitening_set(&l->whitening, &l->moments, 1);
}

/* Correlated inputs off the origin; the fourth never changes and the last repeats the
   first, so that the covariance has two zero eigenvalues.  */
static void make_inputs(double inputs[EXAMPLES * INPUTS]) {
    fill(EXAMPLES * INPUTS, inputs);
    for (size_t i = 0; i < EXAMPLES; i++) {
        double *h = inputs + i * INPUTS;
        for (size_t j = 1; j < INPUTS; j++)
            h[j] += 0.7 * h[j - 1] + 0.3;
        h[3] = 0.875;
        h[INPUTS - 1] = h[0];
    }
}

/* U as a matrix: what maps V = I to W.  */
static void matrix_of(const gradus_whitening *w, double U[SQUARE]) {
    double scratch[SQUARE];
    memset(U, 0, SQUARE * sizeof *U);
    for (size_t i = 0; i < INPUTS; i++)
        U[i * INPUTS + i] = 1.0;
    gradus_unwhiten(w, INPUTS, U, NULL, scratch, 1);
}

/* Mean and covariance by definition; about zero when not CENTRED.  The mean is that of the
   first example plus that of the differences from it, which are small and exact.  */
static void define_moments(const double inputs[], bool centred, double mean[INPUTS],
                           double covariance[SQUARE]) {
    for (size_t j = 0; j < INPUTS; j++) {
        double sum = 0.0;
        for (size_t i = 0; i < EXAMPLES; i++)
            sum += inputs[i * INPUTS + j] - inputs[j];
        mean[j] = centred ? inputs[j] + sum / EXAMPLES : 0.0;
    }
    for (size_t j = 0; j < SQUARE; j++) {
        double sum = 0.0;
        for (size_t i = 0; i < EXAMPLES; i++)
            sum += (inputs[i * INPUTS + j / INPUTS] - mean[j / INPUTS]) *
                   (inputs[i * INPUTS + j % INPUTS] - mean[j % INPUTS]);
        covariance[j] = sum / EXAMPLES;
    }
}

/* ---- Statistics ---- */

/* A mean of 1e6 costs a sum of squares 12 of its 16 digits; the provisional mean saves
   them.  What is left is the rounding of sums of EXAMPLES numbers of size 10, and of the
   means themselves.  */
START_TEST(statistics) {
    bool diagonal = _i == 1;
    static double inputs[EXAMPLES * INPUTS];
    double mean[INPUTS], covariance[SQUARE], error = 0.0;
    layer_t l;
    open_layer(&l, false, diagonal);
    make_inputs(inputs);
    for (size_t i = 0; i < EXAMPLES * INPUTS; i++)
        inputs[i] += 1e6;
    define_moments(inputs, true, mean, covariance);
    add_all(&l.moments, inputs);
    gradus_moments_finish(&l.moments, true);
    for (size_t j = 0; j < INPUTS; j++)
        for (size_t k = 0; k <= j; k++)
            if (!diagonal || k == j)
                error = fmax(error, fabs(l.matrix[diagonal ? j : j * INPUTS + k] -
                                         covariance[j * INPUTS + k]));
    check_small("covariance", error, 100.0 * EXAMPLES * DBL_EPSILON);
    check_small("mean", difference(INPUTS, l.mean, mean), 4.0 * 1e6 * DBL_EPSILON);
    free(l.workspace);
}
END_TEST

START_TEST(statistics_without_biases) {
    static double inputs[EXAMPLES * INPUTS];
    double mean[INPUTS], moment[SQUARE], error = 0.0;
    layer_t l;
    open_layer(&l, false, false);
    make_inputs(inputs);
    define_moments(inputs, false, mean, moment);
    add_all(&l.moments, inputs);
    gradus_moments_finish(&l.moments, false);
    for (size_t j = 0; j < INPUTS; j++) {
        ck_assert(l.mean[j] == 0.0);
        for (size_t k = 0; k <= j; k++)
            error = fmax(error, fabs(l.matrix[j * INPUTS + k] - moment[j * INPUTS + k]));
    }
    check_small("second moment", error, 100.0 * EXAMPLES * DBL_EPSILON);
    free(l.workspace);
}
END_TEST

START_TEST(not_finite_is_refused) {
    static double inputs[EXAMPLES * INPUTS];
    for (int diagonal = 0; diagonal < 2; diagonal++) {
        layer_t l;
        open_layer(&l, false, diagonal);
        make_inputs(inputs);
        inputs[30 * INPUTS + 5] = _i ? INFINITY : NAN;
        add_all(&l.moments, inputs);
        gradus_moments_finish(&l.moments, true);
        ck_assert(!gradus_moments_decompose(&l.moments, EPSILON, l.workspace));
        free(l.workspace);
    }
}
END_TEST

/* ---- The whitening ---- */

/* U Sigma U' is diag(lam / (lam + epsilon)), in the basis of the form.  */
START_TEST(whitened_covariance) {
    bool pca = _i == 1;
    static double inputs[EXAMPLES * INPUTS];
    double mean[INPUTS], covariance[SQUARE], U[SQUARE], error = 0.0;
    layer_t l;
    open_layer(&l, pca, false);
    make_inputs(inputs);
    define_moments(inputs, true, mean, covariance);
    whiten_layer(&l, inputs, true);
    matrix_of(&l.whitening, U);
    check_small("center", difference(INPUTS, l.center, mean), TOLERANCE);
    double E[SQUARE], lam[INPUTS];
    memcpy(E, covariance, sizeof E);
    ck_assert_int_eq(gradus_eigen(INPUTS, E, lam, l.workspace), GRADUS_EIGEN_OK);
    for (size_t i = 0; i < INPUTS; i++)
        for (size_t j = 0; j < INPUTS; j++) {
            double got = 0.0, want = 0.0;
            for (size_t k = 0; k < INPUTS; k++) {
                for (size_t q = 0; q < INPUTS; q++)
                    got +=
                        U[i * INPUTS + k] * covariance[k * INPUTS + q] * U[j * INPUTS + q];
                want += lam[k] / (lam[k] + EPSILON) *
                        (pca ? k == i && k == j : E[k * INPUTS + i] * E[k * INPUTS + j]);
            }
            error = fmax(error, fabs(got - want));
        }
    check_small("whitened covariance", error, TOLERANCE);
    ck_assert(fabs(lam[0]) < TOLERANCE && fabs(lam[1]) < TOLERANCE); /* as announced */
    free(l.workspace);
}
END_TEST

/* The examples themselves: U (h - c) has mean 0 and, along the eigenvectors, the variances
   lam / (lam + epsilon).  */
START_TEST(whitened_examples) {
    static double inputs[EXAMPLES * INPUTS], white[EXAMPLES * INPUTS];
    double mean[INPUTS], covariance[SQUARE], U[SQUARE], lam[INPUTS], error = 0.0;
    layer_t l;
    open_layer(&l, true, false);
    make_inputs(inputs);
    define_moments(inputs, true, mean, covariance);
    ck_assert_int_eq(gradus_eigen(INPUTS, covariance, lam, l.workspace), GRADUS_EIGEN_OK);
    whiten_layer(&l, inputs, true);
    matrix_of(&l.whitening, U);
    for (size_t e = 0; e < EXAMPLES; e++)
        for (size_t i = 0; i < INPUTS; i++) {
            white[e * INPUTS + i] = 0.0;
            for (size_t j = 0; j < INPUTS; j++)
                white[e * INPUTS + i] +=
                    U[i * INPUTS + j] * (inputs[e * INPUTS + j] - l.center[j]);
        }
    define_moments(white, true, mean, covariance);
    for (size_t i = 0; i < SQUARE; i++) {
        size_t row = i / INPUTS;
        double want = row == i % INPUTS ? lam[row] / (lam[row] + EPSILON) : 0.0;
        error = fmax(error, fabs(covariance[i] - want));
    }
    for (size_t i = 0; i < INPUTS; i++)
        check_small("mean", fabs(mean[i]), TOLERANCE);
    check_small("covariance", error, TOLERANCE);
    free(l.workspace);
}
END_TEST

/* Cholesky's inverse is that of the eigenvectors; of a covariance that is singular to working
   precision it is the eigenvectors' itself.  */
START_TEST(inverses_agree) {
    static double inputs[EXAMPLES * INPUTS];
    const double epsilons[] = {EPSILON, 1e-18};
    make_inputs(inputs);
    for (int singular = 0; singular < 2; singular++) {
        double want[SQUARE];
        layer_t l;
        open_layer(&l, false, false);
        for (int way = 0; way < 2; way++) {
            add_all(&l.moments, inputs);
            gradus_moments_finish(&l.moments, true);
            ck_assert((way ? gradus_moments_invert : gradus_moments_decompose)(
                &l.moments, epsilons[singular], l.workspace));
            ck_assert(l.moments.inverted == (way && !singular));
            gradus_whitening_set(&l.whitening, &l.moments, 1);
            if (!way)
                memcpy(want, l.inverse, sizeof want);
        }
        check_small("inverse", difference(SQUARE, l.inverse, want),
                    singular ? 0.0 : TOLERANCE);
        free(l.workspace);
    }
}
END_TEST

/* The diagonal form divides by the standard deviations alone.  */
START_TEST(diagonal_form) {
    static double inputs[EXAMPLES * INPUTS];
    double mean[INPUTS], covariance[SQUARE], U[SQUARE], want[SQUARE] = {0.0};
    layer_t l;
    open_layer(&l, _i == 1, true);
    make_inputs(inputs);
    define_moments(inputs, true, mean, covariance);
    whiten_layer(&l, inputs, true);
    matrix_of(&l.whitening, U);
    for (size_t j = 0; j < INPUTS; j++)
        want[j * INPUTS + j] = 1.0 / sqrt(covariance[j * INPUTS + j] + EPSILON);
    check_small("diagonal U", difference(SQUARE, U, want), TOLERANCE);
    free(l.workspace);
}
END_TEST

/* ---- The maps ---- */

typedef struct {
    double W[WEIGHTS], b[OUTPUTS];
} point_t;

static void make_point(point_t *p) {
    fill(WEIGHTS, p->W);
    fill(OUTPUTS, p->b);
}

static double distance(const point_t *p, const point_t *q) {
    return fmax(difference(WEIGHTS, p->W, q->W), difference(OUTPUTS, p->b, q->b));
}

static double pairing(const point_t *gradient, const point_t *p) {
    double sum = 0.0;
    for (size_t i = 0; i < WEIGHTS; i++)
        sum += gradient->W[i] * p->W[i];
    for (size_t i = 0; i < OUTPUTS; i++)
        sum += gradient->b[i] * p->b[i];
    return sum;
}

/* The largest difference of V U (h - c) + d, computed as it stands, from W h + b.  */
static double function_change(const gradus_whitening *w, const point_t *whitened,
                              const point_t *canonical, const double inputs[]) {
    double U[SQUARE], largest = 0.0;
    matrix_of(w, U);
    for (size_t e = 0; e < EXAMPLES; e++) {
        const double *h = inputs + e * INPUTS;
        double white[INPUTS] = {0.0};
        for (size_t j = 0; j < SQUARE; j++)
            white[j / INPUTS] += U[j] * (h[j % INPUTS] - w->center[j % INPUTS]);
        for (size_t i = 0; i < OUTPUTS; i++) {
            double got = whitened->b[i], want = canonical->b[i];
            for (size_t j = 0; j < INPUTS; j++) {
                got += whitened->W[i * INPUTS + j] * white[j];
                want += canonical->W[i * INPUTS + j] * h[j];
            }
            largest = fmax(largest, fabs(got - want));
        }
    }
    return largest;
}

enum { FORMS = 3, MAPS = 4 }; /* zca, pca, diagonal; zca by U itself */

static void open_form(layer_t *l, int form) {
    open_layer(l, form == 1, form == 2);
    if (form == 3) {
        l->whitening.map = l->whitening.inverse;
        l->whitening.inverse = NULL;
    }
}

/* A refresh must not change any output, and the way back must be the way there.  */
START_TEST(refresh_keeps_the_function) {
    static double inputs[EXAMPLES * INPUTS], others[EXAMPLES * INPUTS];
    double scratch[WEIGHTS];
    layer_t old, new;
    point_t canonical, p;
    make_inputs(inputs);
    make_inputs(others);
    open_form(&old, _i);
    open_form(&new, _i);
    whiten_layer(&old, inputs, true);
    whiten_layer(&new, others, true);
    make_point(&canonical);
    p = canonical;
    gradus_whiten(&old.whitening, OUTPUTS, p.W, p.b, scratch, 1);
    ck_assert(distance(&p, &canonical) > 0.1);
    check_small("function in whitened coordinates",
                function_change(&old.whitening, &p, &canonical, inputs), TOLERANCE);
    gradus_unwhiten(&old.whitening, OUTPUTS, p.W, p.b, scratch, 1);
    check_small("there and back", distance(&p, &canonical), TOLERANCE);
    gradus_whiten(&new.whitening, OUTPUTS, p.W, p.b, scratch, 1);
    check_small("function after a refresh",
                function_change(&new.whitening, &p, &canonical, inputs), TOLERANCE);
    free(old.workspace);
    free(new.workspace);
}
END_TEST

/* With the signs swapped, d = b - W c, the function changes by as much as 2 W c.  */
START_TEST(swapped_signs_do_not) {
    static double inputs[EXAMPLES * INPUTS];
    double scratch[WEIGHTS];
    layer_t l;
    point_t canonical, p;
    make_inputs(inputs);
    open_form(&l, _i);
    whiten_layer(&l, inputs, true);
    make_point(&canonical);
    p = canonical;
    gradus_whiten(&l.whitening, OUTPUTS, p.W, p.b, scratch, 1);
    for (size_t i = 0; i < OUTPUTS; i++)
        p.b[i] = 2.0 * canonical.b[i] - p.b[i];
    double change = function_change(&l.whitening, &p, &canonical, inputs);
    printf("function with swapped signs: %.3g >= 0.1\n", change);
    ck_assert(change >= 0.1);
    free(l.workspace);
}
END_TEST

/* A linear function has the same value in both coordinates: <g, (W, b)> =
   <(gV, gd), (V, d)> for all points fixes (gV, gd).  */
START_TEST(gradient_law) {
    static double inputs[EXAMPLES * INPUTS];
    double scratch[WEIGHTS], error = 0.0;
    layer_t l;
    point_t g, gV, canonical, p;
    make_inputs(inputs);
    open_form(&l, _i);
    whiten_layer(&l, inputs, true);
    make_point(&g);
    gV = g;
    gradus_whiten_gradient(&l.whitening, OUTPUTS, gV.W, gV.b, scratch, 1);
    ck_assert(difference(OUTPUTS, gV.b, g.b) == 0.0);
    for (int i = 0; i < WEIGHTS + OUTPUTS + 1; i++) {
        make_point(&canonical);
        p = canonical;
        gradus_whiten(&l.whitening, OUTPUTS, p.W, p.b, scratch, 1);
        error = fmax(error, fabs(pairing(&gV, &p) - pairing(&g, &canonical)));
    }
    check_small("gradient law", error, TOLERANCE);
    free(l.workspace);
}
END_TEST

/* ---- The natural step ---- */

/* The entry of A = [Sigma + epsilon I + c c', c; c', 1] (K-FAC's, with the damping on the
   centred part); SIGMA is the diagonal alone in the diagonal form.  */
static double factor_entry(const double sigma[SQUARE], const double c[INPUTS],
                           bool diagonal, size_t i, size_t j) {
    double left = i < INPUTS ? c[i] : 1.0, right = j < INPUTS ? c[j] : 1.0;
    double entry = left * right;
    if (i < INPUTS && j < INPUTS && (i == j || !diagonal))
        entry += sigma[i * INPUTS + j] + (i == j ? EPSILON : 0.0);
    return entry;
}

/* [D e] A = [gW gb] says that [D e] = [gW gb] A^-1, and nothing is inverted.  A is at most
   100 and so is its condition, which is all there is above rounding.  */
START_TEST(preconditioning_is_kfac) {
    static double inputs[EXAMPLES * INPUTS];
    double scratch[WEIGHTS], mean[INPUTS], sigma[SQUARE], error = 0.0;
    layer_t l;
    point_t g, step, two;
    make_inputs(inputs);
    open_form(&l, _i);
    whiten_layer(&l, inputs, true);
    define_moments(inputs, true, mean, sigma);
    make_point(&g);
    step = two = g;
    gradus_precondition(&l.whitening, OUTPUTS, step.W, step.b, scratch, 1);
    for (size_t i = 0; i < OUTPUTS; i++)
        for (size_t j = 0; j <= INPUTS; j++) {
            double got = step.b[i] * factor_entry(sigma, mean, _i == 2, INPUTS, j);
            for (size_t k = 0; k < INPUTS; k++)
                got += step.W[i * INPUTS + k] * factor_entry(sigma, mean, _i == 2, k, j);
            error = fmax(error, fabs(got - (j < INPUTS ? g.W[i * INPUTS + j] : g.b[i])));
        }
    check_small("[D e] A - [gW gb]", error, 10.0 * TOLERANCE);
    gradus_whiten_gradient(&l.whitening, OUTPUTS, two.W, two.b, scratch, 1);
    gradus_unwhiten(&l.whitening, OUTPUTS, two.W, two.b, scratch, 1);
    check_small("one product or two", distance(&step, &two), TOLERANCE);
    free(l.workspace);
}
END_TEST

/* Without biases: W = V U, and the step is gW (E[h h'] + epsilon I)^-1.  */
START_TEST(layer_without_biases) {
    static double inputs[EXAMPLES * INPUTS];
    double scratch[WEIGHTS], mean[INPUTS], moment[SQUARE], error = 0.0;
    layer_t l;
    point_t g, step;
    make_inputs(inputs);
    open_form(&l, _i);
    whiten_layer(&l, inputs, false);
    define_moments(inputs, false, mean, moment);
    make_point(&g);
    step = g;
    gradus_precondition(&l.whitening, OUTPUTS, step.W, NULL, scratch, 1);
    for (size_t i = 0; i < OUTPUTS; i++)
        for (size_t j = 0; j < INPUTS; j++) {
            double got = 0.0;
            for (size_t k = 0; k < INPUTS; k++)
                got += step.W[i * INPUTS + k] * factor_entry(moment, mean, _i == 2, k, j);
            error = fmax(error, fabs(got - g.W[i * INPUTS + j]));
        }
    check_small("D (E[h h'] + epsilon I) - gW", error, 10.0 * TOLERANCE);
    free(l.workspace);
}
END_TEST

static void set_up(void) { seed = 1; }

int main(void) {
    Suite *suite = suite_create("whiten");
    TCase *cases = tcase_create("whiten");
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_loop_test(cases, statistics, 0, 2);
    tcase_add_test(cases, statistics_without_biases);
    tcase_add_loop_test(cases, not_finite_is_refused, 0, 2);
    tcase_add_loop_test(cases, whitened_covariance, 0, 2);
    tcase_add_test(cases, whitened_examples);
    tcase_add_test(cases, inverses_agree);
    tcase_add_loop_test(cases, diagonal_form, 0, 2);
    tcase_add_loop_test(cases, refresh_keeps_the_function, 0, MAPS);
    tcase_add_loop_test(cases, swapped_signs_do_not, 0, MAPS);
    tcase_add_loop_test(cases, gradient_law, 0, MAPS);
    tcase_add_loop_test(cases, preconditioning_is_kfac, 0, FORMS);
    tcase_add_loop_test(cases, layer_without_biases, 0, FORMS);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
