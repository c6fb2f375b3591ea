/* Any method in whitened coordinates: the laws of the maps through the oracle, the bill,
   and runs against what they must equal.  */

#include "../function.h"
#include "../specs.h"
#include "core/oracle.h"
#include "core/registry.h"
#include "layered.h"

#include <float.h>

/* Sums of a few hundred terms of size 10 through matrices whose condition is at most 100:
   some 1e4 times the rounding of a number, and 1e9 times less than a mistake.  */
static const double TOLERANCE = 1e-11;

enum { EXAMPLES = 300, FIRST = 6, MIDDLE = 5, LAST = 3, LARGEST = 128 };

static double data[EXAMPLES * FIRST], targets[EXAMPLES * LAST];

/* Correlated inputs off the origin; more examples than a block of the statistics.  */
static layered_t make_network(size_t layers, bool biases) {
    for (size_t i = 0; i < EXAMPLES * FIRST; i++)
        data[i] = noise(i) + (i % FIRST ? 0.7 * data[i - 1] + 0.3 : 0.4);
    for (size_t i = 0; i < EXAMPLES * LAST; i++)
        targets[i] = noise(i + 7777) + 0.5;
    layered_t p = {.layers = layers,
                   .biases = biases,
                   .examples = EXAMPLES,
                   .data = data,
                   .targets = targets,
                   .widths = {FIRST, LAST}};
    if (layers == 2)
        p.widths[1] = MIDDLE, p.widths[2] = LAST;
    return p;
}

static double difference(size_t count, const double a[], const double b[]) {
    double largest = 0.0;
    for (size_t i = 0; i < count; i++)
        if (!(fabs(a[i] - b[i]) <= largest))
            largest = fabs(a[i] - b[i]);
    return largest;
}

/* ---- The maps, through the oracle ---- */

typedef struct {
    gradus_problem *problem;
    gradus_oracle oracle;
    gradus_state state;
    gradus_coordinates coordinates;
    gradus_run_values values;
    size_t n;
    double start[LARGEST], z[LARGEST]; /* the start, and a point some way off */
} bench_t;

/* Takes PROBLEM over.  */
static void open_bench(bench_t *b, gradus_problem *problem) {
    gradus_error why = {.text = ""};
    gradus_report report = {0};
    *b = (bench_t){.problem = problem, .n = gradus_problem_dimension(problem)};
    b->values = (gradus_run_values){.whitening_samples = 1000, .whitening_epsilon = 0.1};
    ck_assert_uint_le(b->n, LARGEST);
    for (size_t i = 0; i < b->n; i++)
        b->start[i] = 0.5 * noise(i + 99);
    assert_ok(gradus_oracle_open(&b->oracle, problem, true, 1));
    gradus_err err = gradus_coordinates_open(&b->coordinates, gradus_coordinates_types[1],
                                             b->n, &b->values, &b->oracle, &b->state, &why);
    ck_assert_msg(!err && !b->state.failed, "%s", why.text);
    assert_ok(gradus_coordinates_begin(&b->coordinates, &b->oracle, b->start, &report));
    ck_assert_int_eq(report.stop, GRADUS_RUNNING);
    b->oracle.coordinates = &b->coordinates;
    for (size_t i = 0; i < b->n; i++)
        b->z[i] = b->coordinates.z[i] + 0.3 * noise(i + 555);
}

static void close_bench(bench_t *b) {
    gradus_state_release(&b->state);
    gradus_oracle_close(&b->oracle);
    gradus_problem_close(b->problem);
}

/* One layer, two, two without biases.  */
static void open_network(bench_t *b, layered_t *p, int which) {
    gradus_problem *problem;
    *p = make_network(which == 0 ? 1 : 2, which != 2);
    assert_ok(gradus_problem_wrap(&problem, &layered_type, p, 1, NULL));
    open_bench(b, problem);
}

START_TEST(there_and_back) {
    for (int which = 0; which < 3; which++) {
        layered_t p;
        bench_t b;
        open_network(&b, &p, which);
        double v[LARGEST], *z0 = memcpy(v, b.coordinates.z, sizeof *v * b.n);
        const gradus_coordinates_type *type = b.coordinates.type;
        ck_assert(difference(b.n, z0, b.start) > 0.1); /* it does something */
        /* The start is what was given, to the bit; J of it is so to rounding.  */
        ck_assert_mem_eq(gradus_coordinates_point(&b.coordinates, z0), b.start,
                         b.n * sizeof *z0);
        type->to_canonical(b.coordinates.self, v);
        assert_at_most("J z - x", difference(b.n, v, b.start), TOLERANCE);
        memcpy(v, b.z, b.n * sizeof *v);
        type->to_canonical(b.coordinates.self, v);
        ck_assert_mem_eq(gradus_coordinates_point(&b.coordinates, b.z), v, b.n * sizeof *v);
        type->from_canonical(b.coordinates.self, v);
        assert_at_most("z - J^-1 J z", difference(b.n, v, b.z), TOLERANCE);
        close_bench(&b);
    }
}
END_TEST

/* Central differences of the value in z: the truncation error is STEP^2 times a third
   derivative of size 10, the rounding 1e-15 / STEP, both below 1e-9.  */
START_TEST(gradient_is_that_of_z) {
    const double step = 1e-5, bound = 1e-8;
    for (int which = 0; which < 3; which++) {
        layered_t p;
        bench_t b;
        double value, before, after, g[LARGEST], slopes[LARGEST], largest = 0.0;
        open_network(&b, &p, which);
        assert_ok(gradus_oracle_gradient(&b.oracle, b.z, &value, g));
        for (size_t i = 0; i < b.n; i++) {
            double z = b.z[i];
            b.z[i] = z + step;
            assert_ok(gradus_oracle_value(&b.oracle, b.z, &after));
            b.z[i] = z - step;
            assert_ok(gradus_oracle_value(&b.oracle, b.z, &before));
            b.z[i] = z;
            slopes[i] = (after - before) / (2.0 * step);
            largest = fmax(largest, fabs(slopes[i]));
        }
        ck_assert(largest > 0.1);
        assert_at_most("gradient", difference(b.n, g, slopes), bound);
        close_bench(&b);
    }
}
END_TEST

/* M <- J' M J with J column by column.  */
static void congruence(bench_t *b, double M[]) {
    size_t n = b->n;
    double J[LARGEST * LARGEST / 4], MJ[LARGEST * LARGEST / 4], e[LARGEST];
    ck_assert_uint_le(n * n, sizeof J / sizeof *J);
    for (size_t k = 0; k < n; k++) {
        memset(e, 0, sizeof e);
        e[k] = 1.0;
        b->coordinates.type->to_canonical(b->coordinates.self, e);
        for (size_t i = 0; i < n; i++)
            J[i * n + k] = e[i];
    }
    for (size_t i = 0; i < n * n; i++) {
        MJ[i] = 0.0;
        for (size_t k = 0; k < n; k++)
            MJ[i] += M[i / n * n + k] * J[k * n + i % n];
    }
    for (size_t i = 0; i < n * n; i++) {
        M[i] = 0.0;
        for (size_t k = 0; k < n; k++)
            M[i] += J[k * n + i / n] * MJ[k * n + i % n];
    }
}

static gradus_problem *open_softmax(size_t threads) {
    char spec[SPEC_SIZE];
    gradus_problem *problem;
    assert_ok(gradus_problem_create(&problem, small_spec("softmax", spec), threads, NULL));
    return problem;
}

START_TEST(products_and_hessian) {
    bench_t b;
    make_specs();
    open_bench(&b, open_softmax(1));
    size_t n = b.n;
    double want[LARGEST * LARGEST / 4], got[LARGEST * LARGEST / 4], v[LARGEST], Hv[LARGEST];
    ck_assert_uint_le(n * n, sizeof want / sizeof *want);
    const double *x = gradus_coordinates_point(&b.coordinates, b.z);
    assert_ok(b.problem->type->hessian(b.problem->self, &b.oracle.batch, x, want));
    assert_ok(gradus_oracle_hessian(&b.oracle, b.z, got));
    ck_assert(difference(n * n, got, want) > 0.01);
    congruence(&b, want);
    assert_at_most("J'H J", difference(n * n, got, want), TOLERANCE);
    for (size_t i = 0; i < n * n; i++)
        ck_assert(same_bits(got[i], got[i % n * n + i / n]));
    for (size_t i = 0; i < n; i++)
        v[i] = noise(i + 31);
    assert_ok(gradus_oracle_product(&b.oracle, b.z, v, Hv));
    for (size_t i = 0; i < n; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < n; k++)
            sum += want[i * n + k] * v[k];
        assert_close(Hv[i], sum, TOLERANCE);
    }
    ck_assert_uint_eq(b.oracle.counts.products, n + 1); /* billed as in canonical ones */
    close_bench(&b);
    remove_specs();
}
END_TEST

/* A ray in the coordinates of the method is one in the problem's: value and slope are those
   of a gradient at the point.  */
START_TEST(rays) {
    bench_t b;
    double d[LARGEST], at[LARGEST], g[LARGEST], value, slope, want, along = 0.0;
    make_specs();
    open_bench(&b, open_softmax(1));
    for (size_t i = 0; i < b.n; i++)
        d[i] = noise(i + 77);
    assert_ok(gradus_oracle_ray(&b.oracle, b.z, d));
    assert_ok(gradus_oracle_along(&b.oracle, 0.7, &value, &slope));
    for (size_t i = 0; i < b.n; i++)
        at[i] = b.z[i] + 0.7 * d[i];
    assert_ok(gradus_oracle_gradient(&b.oracle, at, &want, g));
    for (size_t i = 0; i < b.n; i++)
        along += g[i] * d[i];
    ck_assert(fabs(along) > 0.01);
    assert_close(value, want, TOLERANCE);
    assert_close(slope, along, TOLERANCE);
    close_bench(&b);
    remove_specs();
}
END_TEST

START_TEST(validation_is_at_the_canonical_point) {
    bench_t b;
    double value;
    gradus_metrics want, elsewhere;
    make_specs();
    open_bench(&b, open_softmax(1));
    assert_ok(gradus_oracle_validation(&b.oracle, b.z, &value));
    const gradus_problem_type *type = b.problem->type;
    const double *x = gradus_coordinates_point(&b.coordinates, b.z);
    size_t count = type->subset_examples(b.problem->self, GRADUS_VALIDATION);
    assert_ok(type->measure(b.problem->self, GRADUS_VALIDATION, count, x, &want));
    assert_ok(type->measure(b.problem->self, GRADUS_VALIDATION, count, b.z, &elsewhere));
    ck_assert(fabs(want.value - elsewhere.value) > 0.01);
    ck_assert(same_bits(value, want.value));
    close_bench(&b);
    remove_specs();
}
END_TEST

/* ---- Runs ---- */

static trial_t open_layered(layered_t *p, const char *method, const char *options) {
    gradus_problem *problem;
    assert_ok(gradus_problem_wrap(&problem, &layered_type, p, 1, NULL));
    return trial_open(problem, method, options);
}

static void check_same_path(trial_t *a, trial_t *b, int updates) {
    size_t n = gradus_problem_dimension(a->problem);
    double start[LARGEST], error = 0.0;
    memcpy(start, gradus_run_parameters(a->run), n * sizeof *start);
    for (int i = 0; i < updates; i++)
        error = fmax(error, difference(n, trial_step(a), trial_step(b)));
    assert_at_most("difference of the paths", error, TOLERANCE);
    ck_assert(difference(n, start, gradus_run_parameters(a->run)) > 0.1);
    gradus_row one = trial_row(a), two = trial_row(b);
    ck_assert(one.passes == two.passes);
    ck_assert_uint_eq(one.gradient_evaluations, two.gradient_evaluations);
    assert_close(one.train_value, two.train_value, TOLERANCE);
    assert_close(one.step_norm, two.step_norm, TOLERANCE);
}

/* PRONG never leaves canonical coordinates but does there what sgd does here, clipped by length
   or not.  60 updates, whose rounding errors do not grow where descent contracts.  The bound binds:
   the path is another one with it.  */
static const char *const bounds[][2] = {{"", ""}, {",clip_norm=0.2", ",clip_whitened=0.2"}};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

START_TEST(sgd_is_prong_without_refreshes) {
    char spec[SPEC_SIZE], sgd[128], prong[128];
    double ends[BOUNDS][LARGEST];
    size_t n = 0;
    make_specs();
    for (size_t i = 0; i < BOUNDS; i++) {
        snprintf(sgd, sizeof sgd, "sgd:learning_rate=0.1,momentum=0.9%s", bounds[i][0]);
        snprintf(prong, sizeof prong,
                 "prong:learning_rate=0.1,momentum=0.9,interval=1000,samples=30,"
                 "epsilon=0.05%s",
                 bounds[i][1]);
        trial_t one = trial_of_problem(small_spec("softmax", spec), sgd,
                                       "batch=7,seed=5,coordinates=whitened,"
                                       "whitening_samples=30,whitening_epsilon=0.05");
        trial_t two = trial_of_problem(spec, prong, "batch=7,seed=5");
        check_same_path(&one, &two, 60);
        n = gradus_problem_dimension(two.problem);
        memcpy(ends[i], gradus_run_parameters(two.run), n * sizeof *ends[i]);
        trial_close(&one);
        trial_close(&two);
    }
    ck_assert(difference(n, ends[0], ends[1]) > 1e-3);
    remove_specs();
}
END_TEST

START_TEST(two_layers_too) {
    char sgd[128], prong[128];
    for (int biases = 0; biases < 2; biases++) {
        layered_t p = make_network(2, biases);
        double ends[BOUNDS][LARGEST];
        for (size_t i = 0; i < BOUNDS; i++) {
            snprintf(sgd, sizeof sgd, "sgd:learning_rate=0.05,momentum=0.9%s",
                     bounds[i][0]);
            snprintf(prong, sizeof prong,
                     "prong:learning_rate=0.05,momentum=0.9,interval=1000%s", bounds[i][1]);
            trial_t one = open_layered(&p, sgd, "coordinates=whitened");
            trial_t two = open_layered(&p, prong, NULL);
            check_same_path(&one, &two, 60);
            memcpy(ends[i], gradus_run_parameters(two.run),
                   layered_dimension(&p) * sizeof *ends[i]);
            trial_close(&one);
            trial_close(&two);
        }
        ck_assert(difference(layered_dimension(&p), ends[0], ends[1]) > 1e-3);
    }
}
END_TEST

/* What a row says is canonical: to the bit what the problem itself says of the
   parameters.  */
static void check_row(trial_t *t, const double before[]) {
    const gradus_problem *problem = t->problem;
    const double *x = gradus_run_parameters(t->run);
    double value, g[LARGEST], squares = 0.0, norm = 0.0;
    gradus_batch all = {.count = problem->examples};
    assert_ok(problem->type->evaluate(problem->self, &all, x, &value, g));
    for (size_t i = 0; i < problem->dimension; i++) {
        squares += (x[i] - before[i]) * (x[i] - before[i]);
        norm += g[i] * g[i];
    }
    gradus_row row = trial_row(t);
    ck_assert(same_bits(row.train_value, value));
    assert_close(row.gradient_norm, sqrt(norm), 10 * DBL_EPSILON);
    assert_close(row.step_norm, sqrt(squares), 10 * DBL_EPSILON);
}

/* Where the gradient is at most 1e-8 and the curvature at least l2 = 1e-2, the weights are
   within 1e-6 of the minimum.  The biases' curvature is larger; along the direction in
   which they do not matter both runs stay where they began.  */
START_TEST(methods_find_the_same_minimum) {
    static const char *const methods[] = {"lbfgs", "newton_cg"};
    const char *options = "gradient_tolerance=1e-8,coordinates=canonical";
    const char *whitened = "gradient_tolerance=1e-8,coordinates=whitened";
    char spec[SPEC_SIZE];
    make_specs();
    for (size_t i = 0; i < 2; i++) {
        trial_t one = trial_of_problem(small_spec("softmax", spec), methods[i], options);
        trial_t two = trial_of_problem(spec, methods[i], whitened);
        size_t n = gradus_problem_dimension(one.problem);
        double before[LARGEST];
        ck_assert_int_eq(trial_finish(&one), GRADUS_STOP_GRADIENT);
        while (gradus_run_test(two.run) == GRADUS_RUNNING) {
            memcpy(before, gradus_run_parameters(two.run), n * sizeof *before);
            trial_step(&two);
            check_row(&two, before);
        }
        ck_assert_int_eq(gradus_run_stop(two.run), GRADUS_STOP_GRADIENT);
        gradus_row a = trial_row(&one), b = trial_row(&two);
        printf("%s: %zu updates, whitened %zu\n", methods[i], a.update, b.update);
        assert_close(b.train_value, a.train_value, 1e-13);
        assert_at_most(
            "minimum",
            difference(n, gradus_run_parameters(one.run), gradus_run_parameters(two.run)),
            2e-6);
        trial_close(&one);
        trial_close(&two);
    }
    remove_specs();
}
END_TEST

/* Every method that may; in mini-batch and in full; the sums of threads are the same.  */
START_TEST(same_bits_for_any_number_of_threads) {
    static const char *const options[] = {"coordinates=whitened",
                                          "coordinates=whitened,batch=7"};
    make_specs();
    for (size_t i = 0; gradus_method_types[i]; i++)
        for (size_t k = 0; k < 2; k++) {
            double first[LARGEST];
            const char *name = gradus_method_types[i]->name;
            if (gradus_method_types[i]->needs & GRADUS_CAN_LAYERS)
                continue;
            for (size_t threads = 1; threads <= 3; threads++) {
                trial_t t = trial_open(open_softmax(threads), name, options[k]);
                size_t bytes = gradus_problem_dimension(t.problem) * sizeof *first;
                for (int step = 0; step < 5; step++)
                    trial_step(&t);
                const double *x = gradus_run_parameters(t.run);
                ck_assert_msg(threads == 1 || memcmp(first, x, bytes) == 0,
                              "%s, %s, %zu threads", name, options[k], threads);
                memcpy(first, x, bytes);
                trial_close(&t);
            }
        }
    remove_specs();
}
END_TEST

/* ---- The bill ---- */

static size_t evaluations;

static gradus_err counted_evaluate(void *self, const gradus_batch *batch, const double x[],
                                   double *value, double gradient[]) {
    evaluations++;
    return layered_evaluate(self, batch, x, value, gradient);
}

/* 300 examples are two blocks of statistics, one call and one pass.  After that, a point that the run
   has tested is one that the method need not evaluate again.  */
START_TEST(bill) {
    layered_t p = make_network(2, true);
    gradus_problem_type type = layered_type;
    gradus_problem *problem;
    type.evaluate = counted_evaluate;
    evaluations = 0;
    assert_ok(gradus_problem_wrap(&problem, &type, &p, 1, NULL));
    trial_t t = trial_open(problem, "sgd:learning_rate=0.05",
                           "coordinates=whitened,updates=6,measure_every=1");
    gradus_row row = trial_row(&t);
    ck_assert_uint_eq(row.gradient_evaluations, 1);
    ck_assert(row.passes == 1.0);
    ck_assert(row.phase_seconds[GRADUS_PHASE_EIGENDECOMPOSITION] > 0.0);
    ck_assert_int_eq(trial_finish(&t), GRADUS_STOP_UPDATES);
    row = trial_row(&t);
    ck_assert_uint_eq(evaluations, 7);
    ck_assert_uint_eq(row.gradient_evaluations, 1 + 6);
    ck_assert(row.passes == 7.0);
    ck_assert(row.phase_seconds[GRADUS_PHASE_REST] > 0.0);
    double sum = 0.0;
    for (int i = 0; i < GRADUS_PHASES; i++)
        sum += row.phase_seconds[i];
    assert_close(sum, row.cpu_seconds, 1e-9); /* sums of clock readings in nanoseconds */
    trial_close(&t);
}
END_TEST

/* Fewer samples, fewer examples on the bill.  */
START_TEST(samples) {
    layered_t p = make_network(1, true);
    trial_t t = open_layered(&p, "sgd", "coordinates=whitened,whitening_samples=60");
    ck_assert(trial_row(&t).passes == 0.2);
    ck_assert_uint_eq(p.inputs_examples, 60);
    trial_close(&t);
}
END_TEST

/* ---- Endings and refusals ---- */

START_TEST(statistics_that_are_not_finite) {
    layered_t p = make_network(2, true);
    p.spoil_inputs = NAN;
    double start[LARGEST];
    trial_t t = open_layered(&p, "lbfgs", "coordinates=whitened");
    size_t bytes = gradus_problem_dimension(t.problem) * sizeof *start;
    memcpy(start, gradus_run_parameters(t.run), bytes);
    ck_assert_int_eq(gradus_run_test(t.run), GRADUS_FAIL_EIGENDECOMPOSITION);
    ck_assert_str_eq(gradus_run_detail(t.run), "the inputs of layer 0 are not finite");
    assert_ok(gradus_run_step(t.run, NULL));
    ck_assert_uint_eq(gradus_run_updates(t.run), 0);
    ck_assert_mem_eq(gradus_run_parameters(t.run), start, bytes);
    ck_assert(isfinite(trial_row(&t).train_value));
    trial_close(&t);
}
END_TEST

static void refused(gradus_problem *problem, const char *method_spec, const char *options,
                    gradus_err want, const char *part) {
    gradus_method *method;
    gradus_run *run;
    gradus_error why;
    assert_ok(gradus_method_create(&method, method_spec, NULL));
    gradus_err err = gradus_run_open(&run, problem, method, NULL, options, &why);
    ck_assert_msg(err == want, "%s, %s: %d", method_spec, options, err);
    ck_assert_ptr_null(run);
    assert_sentence(why.text);
    assert_contains(why.text, part);
    gradus_method_close(method);
}

START_TEST(refusals) {
    gradus_problem *problem;
    layered_t p = make_network(2, true);
    assert_ok(gradus_problem_create(&problem, "rosenbrock", 1, NULL));
    refused(problem, "lbfgs", "coordinates=whitened", GRADUS_EUNSUPPORTED,
            "whitened coordinates need a layer view, which rosenbrock does not have");
    gradus_problem_close(problem);
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    refused(problem, "prong", "coordinates=whitened", GRADUS_EUNSUPPORTED,
            "prong works on the layers themselves");
    refused(problem, "sgd", "whitening_samples=1000", GRADUS_EINPUT,
            "whitening_samples is given, which needs coordinates=whitened");
    refused(problem, "sgd", "coordinates=canonical,whitening_epsilon=0.5", GRADUS_EINPUT,
            "whitening_epsilon is given");
    refused(problem, "sgd", "coordinates=polar", GRADUS_EINPUT,
            "expected canonical|whitened");
    refused(problem, "sgd", "coordinates=whitened,whitening_epsilon=-1", GRADUS_EINPUT,
            "whitening_epsilon=-1: expected");
    gradus_problem_close(problem);
    p.layers = 1, p.widths[0] = 32767, p.widths[1] = 1; /* LAPACK cannot count further */
    assert_ok(gradus_problem_wrap(&problem, &layered_type, &p, 1, NULL));
    refused(problem, "sgd", "coordinates=whitened", GRADUS_EINPUT,
            "layer 0 has 32767 inputs, expected at most 32766");
    gradus_problem_close(problem);
}
END_TEST

TEST_MAIN("whitened", there_and_back, gradient_is_that_of_z, products_and_hessian, rays,
          validation_is_at_the_canonical_point, sgd_is_prong_without_refreshes,
          two_layers_too, methods_find_the_same_minimum,
          same_bits_for_any_number_of_threads, bill, samples,
          statistics_that_are_not_finite, refusals)
