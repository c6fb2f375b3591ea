/* The preconditioner of linear models: blocks of the Hessian, and what a sample leaves of
   them.  */

#include "core/problem.h"

#include "../../support.h"

#include <float.h>
#include <unistd.h>

/* A block has D rows, and 2 D examples are plenty.  */
enum { FEATURES = 5, D = FEATURES + 1, CLASSES = 3, PLENTY = 2 * D, EXAMPLES = 3 * PLENTY };
enum { MOST = CLASSES * D };

static char path[] = "blocks-XXXXXX";

static void write_data(size_t classes) {
    strcpy(path, "blocks-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    for (uint64_t i = 0; i < EXAMPLES; i++) {
        fprintf(file, "%d", (int)(scrambled(i) % classes));
        for (uint64_t j = 0; j < FEATURES; j++)
            fprintf(file, " %d:%.17g", (int)j + 1, noise(i * FEATURES + j) + 0.3);
        fprintf(file, "\n");
    }
    ck_assert(fclose(file) == 0);
}

static gradus_problem *open_spec(const char *name, const char *options, size_t threads) {
    gradus_problem *problem;
    gradus_error why = {0};
    char spec[256];
    snprintf(spec, sizeof spec, "%s:data=%s%s%s", name, path, *options ? "," : "", options);
    gradus_err err = gradus_problem_create(&problem, spec, threads, &why);
    ck_assert_msg(!err, "%s", why.text);
    return problem;
}

/* M^-1 V.  */
static void precondition(gradus_problem *p, const gradus_batch *batch, const double x[],
                         double damping, const double v[], double result[]) {
    size_t size = p->type->preconditioner_size(p->self);
    ck_assert(size > 0 && gradus_problem_abilities(p) & GRADUS_CAN_PRECONDITION);
    double *memory = calloc(size, sizeof *memory);
    ck_assert_ptr_nonnull(memory);
    assert_ok(p->type->prepare(p->self, batch, x, damping, memory));
    assert_ok(p->type->precondition(p->self, memory, v, result));
    free(memory);
}

/* B <- A^-1 B by elimination; A is positive definite.  */
static void solve(double a[D][D], double b[D]) {
    for (size_t k = 0; k < D; k++)
        for (size_t i = k + 1; i < D; i++) {
            double factor = a[i][k] / a[k][k];
            for (size_t j = k; j < D; j++)
                a[i][j] -= factor * a[k][j];
            b[i] -= factor * b[k];
        }
    for (size_t k = D; k-- > 0;) {
        for (size_t j = k + 1; j < D; j++)
            b[k] -= a[k][j] * b[j];
        b[k] /= a[k][k];
    }
}

/* Parameter J of output K.  */
static size_t place(size_t outputs, size_t k, size_t j) {
    return j < FEATURES ? k * FEATURES + j : outputs * FEATURES + k;
}

/* Takes the mean over the outputs off and returns it in MEAN.  */
static void split(size_t outputs, double v[][D], double mean[D]) {
    for (size_t j = 0; j < D; j++) {
        mean[j] = 0.0;
        for (size_t k = 0; k < outputs; k++)
            mean[j] += v[k][j] / (double)outputs;
        for (size_t k = 0; k < outputs; k++)
            v[k][j] -= mean[j];
    }
}

/* Block K of the dense Hessian of BATCH, with what is added to its diagonal: the damping, and
   one more example spread over all directions.  */
static void block(gradus_problem *p, const gradus_batch *batch, const double x[],
                  double damping, double l2, size_t outputs, size_t k, double a[D][D]) {
    static double H[MOST * MOST];
    double trace = 0.0;
    assert_ok(p->type->hessian(p->self, batch, x, H));
    for (size_t i = 0; i < D; i++) {
        for (size_t j = 0; j < D; j++)
            a[i][j] = H[place(outputs, k, i) * outputs * D + place(outputs, k, j)];
        trace += a[i][i] - (i < FEATURES ? l2 : 0.0);
    }
    for (size_t i = 0; i < D; i++)
        a[i][i] += damping + trace / (double)D / (double)batch->count;
}

/* The definition, by dense arithmetic.  */
static void expected(gradus_problem *p, const gradus_batch *batch, const double x[],
                     double damping, double l2, size_t outputs, const double v[],
                     double result[]) {
    double w[CLASSES][D], mean[D] = {0}, lost[D], a[D][D];
    for (size_t k = 0; k < outputs; k++)
        for (size_t j = 0; j < D; j++)
            w[k][j] = v[place(outputs, k, j)];
    if (outputs > 1)
        split(outputs, w, mean);
    for (size_t k = 0; k < outputs; k++) {
        block(p, batch, x, damping, l2, outputs, k, a);
        solve(a, w[k]);
    }
    if (outputs > 1)
        split(outputs, w, lost);
    for (size_t k = 0; k < outputs; k++)
        for (size_t j = 0; j < D; j++)
            result[place(outputs, k, j)] =
                w[k][j] + mean[j] / (damping + (j < FEATURES ? l2 : 0.0));
}

/* Blocks of 6 rows whose condition is below 1e3: 1e-12 is some thousand times what their
   factors round.  */
START_TEST(blocks_of_the_hessian) {
    static const size_t rows[PLENTY] = {1, 2, 5, 7, 8, 11, 13, 20, 22, 27, 31, 35};
    static const struct {
        const char *name;
        size_t classes, outputs;
    } cases[] = {{"softmax", CLASSES, CLASSES}, {"logistic", 2, 1}};
    for (size_t c = 0; c < 2; c++) {
        double x[MOST], v[MOST], got[MOST], want[MOST], worst = 0.0, size = 0.0;
        write_data(cases[c].classes);
        gradus_problem *p = open_spec(cases[c].name, "l2=0.03", 1);
        for (size_t i = 0; i < MOST; i++)
            x[i] = 0.4 * noise(31 + i), v[i] = noise(77 + i);
        gradus_batch batch = {.count = PLENTY, .rows = rows};
        precondition(p, &batch, x, 0.02, v, got);
        expected(p, &batch, x, 0.02, 0.03, cases[c].outputs, v, want);
        for (size_t i = 0; i < cases[c].outputs * D; i++) {
            worst = fmax(worst, fabs(got[i] - want[i]));
            size = fmax(size, fabs(want[i]));
        }
        assert_at_most(cases[c].name, worst / size, 1e-12);
        gradus_problem_close(p);
        unlink(path);
    }
}
END_TEST

/* At 0 all weights are equal, so that from three times as many examples as are plenty every
   third is drawn: the ones in the middle, for the sum of the weights begins at a half.  */
START_TEST(plenty_is_drawn_by_weight) {
    double x[MOST] = {0.0}, v[MOST], got[MOST], want[MOST];
    size_t rows[PLENTY];
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "l2=0.03", 1);
    for (size_t i = 0; i < MOST; i++)
        v[i] = noise(77 + i);
    for (size_t i = 0; i < PLENTY; i++)
        rows[i] = 3 * i + 1;
    precondition(p, &(gradus_batch){.count = EXAMPLES}, x, 0.0, v, got);
    precondition(p, &(gradus_batch){.count = PLENTY, .rows = rows}, x, 0.0, v, want);
    for (size_t i = 0; i < MOST; i++)
        assert_close(got[i], want[i], 1e-12);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Where every probability is 0 or 1 nothing is left but the regulariser.  */
START_TEST(no_weight_leaves_the_regulariser) {
    double x[D] = {0.0}, v[D], got[D], want[D];
    write_data(2);
    gradus_problem *p = open_spec("logistic", "l2=0.03,regularize_bias=yes", 1);
    for (size_t j = 0; j < D; j++)
        v[j] = noise(77 + j);
    x[FEATURES] = 745; /* 1 - p is below 1e-300, that is 0 */
    precondition(p, &(gradus_batch){.count = EXAMPLES}, x, 0.0, v, got);
    for (size_t j = 0; j < D; j++)
        want[j] = v[j] / 0.03;
    for (size_t j = 0; j < D; j++)
        assert_close(got[j], want[j], 1e-12);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* No numbers to go by: finite all the same.  */
START_TEST(survives_what_is_not_finite) {
    double x[MOST] = {0.0}, v[MOST], got[MOST];
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "", 1);
    x[3] = NAN;
    for (size_t i = 0; i < MOST; i++)
        v[i] = noise(77 + i);
    precondition(p, &(gradus_batch){.count = EXAMPLES}, x, 0.0, v, got);
    for (size_t i = 0; i < MOST; i++)
        ck_assert(isfinite(got[i]));
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

START_TEST(threads_do_not_matter) {
    double x[MOST], v[MOST], results[2][MOST];
    write_data(CLASSES);
    for (size_t i = 0; i < MOST; i++)
        x[i] = 0.4 * noise(31 + i), v[i] = noise(77 + i);
    for (size_t t = 0; t < 2; t++) {
        gradus_problem *p = open_spec("softmax", "l2=0.01", t + 1);
        precondition(p, &(gradus_batch){.count = EXAMPLES}, x, 0.0, v, results[t]);
        gradus_problem_close(p);
    }
    unlink(path);
    ck_assert_mem_eq(results[0], results[1], sizeof results[0]);
}
END_TEST

/* 3 x 6001 x 6001 numbers are too many, and that is said.  */
START_TEST(too_large_to_have_one) {
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "features=6000", 1);
    ck_assert_uint_eq(p->type->preconditioner_size(p->self), 0);
    ck_assert(!(gradus_problem_abilities(p) & GRADUS_CAN_PRECONDITION));
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

TEST_MAIN("linear_blocks", blocks_of_the_hessian, plenty_is_drawn_by_weight,
          no_weight_leaves_the_regulariser, survives_what_is_not_finite,
          threads_do_not_matter, too_large_to_have_one)
