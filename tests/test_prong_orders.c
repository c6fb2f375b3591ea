/* PRONG's two orders: the inputs of a batch whitened, or the gradient.  They are the same to
   rounding; clipping to a length that no gradient has shuts the first one out.  */

#include "function.h"
#include "specs.h"
#include "core/oracle.h"
#include "prong/whiten.h"

/* 12 updates with steps of size 0.1 and epsilon = 0.1: matrices up to 10 and conditions up to
   1e3 at 1e-16, some ten times.  A mistake is of size 1e-3.  */
static const double TOLERANCE = 1e-11;

enum { LARGEST = 2000 };

static const char *const networks[] = {
    "autoencoder:layers=20-3,loss=squared,activation=tanh",
    "autoencoder:layers=9-2,loss=squared,activation=sigmoid",
    "network:layers=30-12,activation=tanh",
};

static gradus_problem *open_problem(const char *form, size_t threads) {
    char spec[SPEC_SIZE];
    gradus_problem *problem;
    snprintf(spec, sizeof spec, "%s%s%s%s", form, strstr(form, "data=") ? "" : ",data=",
             strstr(form, "data=") ? "" : spec_folder,
             strstr(form, "data=") ? "" : "/three.svm");
    assert_ok(gradus_problem_create(&problem, spec, threads, NULL));
    return problem;
}

static size_t walk(const char *form, size_t threads, const char *method,
                   const char *options, double x[]) {
    trial_t t = trial_open(open_problem(form, threads), method, options);
    size_t n = gradus_problem_dimension(t.problem);
    ck_assert_uint_le(n, LARGEST);
    for (int i = 0; i < 12; i++)
        trial_step(&t);
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_RUNNING);
    memcpy(x, gradus_run_parameters(t.run), n * sizeof *x);
    trial_close(&t);
    return n;
}

static double difference(size_t count, const double a[], const double b[]) {
    double largest = 0.0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= largest))
            largest = fabs(a[i] - b[i]);
    return largest;
}

static const char *const keys[] = {"", ",whiten_input=no", ",plus=yes",
                                   ",momentum_at_refresh=keep", ",whitened_start=no"};

START_TEST(same_to_rounding) {
    double mapped[LARGEST], again[LARGEST], plain[LARGEST];
    make_specs();
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            char one[128], two[256];
            snprintf(one, sizeof one,
                     "prong:learning_rate=0.01,momentum=0.9,interval=5,samples=30%s",
                     keys[k]);
            snprintf(two, sizeof two, "%s,clip_norm=1e300", one);
            size_t n = walk(networks[i], 1, one, "batch=7,seed=3", mapped);
            walk(networks[i], 3, one, "batch=7,seed=3", again);
            walk(networks[i], 1, two, "batch=7,seed=3", plain);
            assert_at_most(one, difference(n, mapped, plain), TOLERANCE);
            ck_assert(difference(n, mapped, plain) > 0.0); /* there are two */
            ck_assert_mem_eq(mapped, again, n * sizeof *mapped);
        }
    remove_specs();
}
END_TEST

/* No layer has as many outputs as the batch has examples, or the regulariser is in the way: the
   same order, to the bit.  */
START_TEST(one_order_where_it_does_not_pay) {
    double a[LARGEST], b[LARGEST];
    static const char small[] = "network:layers=6";
    char regular[SPEC_SIZE]; /* six units too, and l2 */
    const char *one = "prong:interval=5", *two = "prong:interval=5,clip_norm=1e300";
    make_specs();
    size_t n = walk(small, 1, one, "batch=8", a);
    walk(small, 1, two, "batch=8", b);
    ck_assert_mem_eq(a, b, n * sizeof *a);
    small_spec("network", regular);
    n = walk(regular, 1, one, "batch=5", a);
    walk(regular, 1, two, "batch=5", b);
    ck_assert_mem_eq(a, b, n * sizeof *a);
    n = walk(networks[2], 1, one, "", a);
    walk(networks[2], 1, two, "", b);
    ck_assert_mem_eq(a, b, n * sizeof *a);
    remove_specs();
}
END_TEST

/* What the entry promises, of any symmetric M and any c: dW = (gW - gb c') M and db = gb - dW c,
   with g the plain gradient.  */
START_TEST(the_law) {
    make_specs();
    gradus_problem *problem = open_problem(networks[2], 2);
    const gradus_problem_type *type = problem->type;
    double M[5 * 5], c[5], x[LARGEST], g[LARGEST], got[LARGEST], value, same;
    size_t rows[] = {3, 1, 4, 15, 9, 2, 6}, n = problem->dimension;
    const gradus_batch batch = {.count = 7, .rows = rows};
    gradus_layer s;
    for (size_t i = 0; i < 25; i++)
        M[i] = noise(i / 5 < i % 5 ? i : i % 5 * 5 + i / 5);
    for (size_t i = 0; i < 5; i++)
        c[i] = noise(300 + i);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.5 * noise(1000 + i);
    const gradus_input_map maps[3] = {{c, M}};
    type->layer(problem->self, 0, &s);
    ck_assert_uint_eq(s.inputs, 5);
    assert_ok(type->evaluate(problem->self, &batch, x, &value, g));
    assert_ok(type->mapped_gradient(problem->self, &batch, x, maps, &same, got));
    ck_assert(same_bits(value, same));
    for (size_t i = 0; i < s.outputs; i++) {
        double want[5] = {0}, *gW = g + s.weights + i * 5, gb = g[s.biases + i];
        for (size_t j = 0; j < 25; j++)
            want[j % 5] += (gW[j / 5] - gb * c[j / 5]) * M[j];
        for (size_t j = 0; j < 5; j++) {
            gW[j] = want[j];
            g[s.biases + i] -= want[j] * c[j];
        }
    }
    /* Sums of 7 x 5 terms of size 1.  */
    assert_at_most("gradient", difference(n, got, g), 1e-14);
    gradus_problem_close(problem);
    remove_specs();
}
END_TEST

/* It is billed as a gradient.  */
START_TEST(bill) {
    make_specs();
    trial_t t = trial_open(open_problem(networks[0], 1), "prong:samples=10", "batch=8");
    for (int i = 0; i < 3; i++)
        trial_step(&t);
    gradus_row row = trial_row(&t);
    ck_assert_uint_eq(row.gradient_evaluations, 3 + 1);
    ck_assert(row.passes == (3.0 * 8.0 + 10.0) / SPEC_EXAMPLES);
    trial_close(&t);
    remove_specs();
}
END_TEST

TEST_MAIN("orders", same_to_rounding, one_order_where_it_does_not_pay, the_law, bill)
