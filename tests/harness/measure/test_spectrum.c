/* Spectra in closed form: of a quadratic, and of logistic regression at zero, where the
   Hessian and the Fisher matrix are a quarter of the second moments of [x; 1].  */

#include "harness/measure/spectrum.h"

#include "core/problem.h"

#include "../../specs.h"
#include "../../support.h"

static gradus_problem *problem;
static gradus_spectrum *spectrum;
static double x[SPEC_SIZE];
static gradus_error why;

static gradus_spectrum_request request(void) {
    return (gradus_spectrum_request){.matrix = GRADUS_HESSIAN,
                                     .whitening_samples = 1000,
                                     .whitening_epsilon = 0.1,
                                     .steps = 30,
                                     .largest_dense = 100,
                                     .seed = 1};
}

static void open_problem(const char *spec) {
    assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
    memset(x, 0, sizeof x);
}

static gradus_spectrum_part look(const gradus_spectrum_request *r, long layer) {
    gradus_spectrum_part part;
    gradus_err err = gradus_spectrum_open(&spectrum, problem, r, x, &why);
    ck_assert_msg(!err, "%s", why.text);
    assert_ok(gradus_spectrum_of(spectrum, r->whitened, layer, &part, &why));
    return part;
}

static void tear_down(void) {
    gradus_spectrum_close(spectrum);
    gradus_problem_close(problem);
}

START_TEST(quadratic) {
    gradus_spectrum_request r = request();
    open_problem("quadratic:dimension=40,condition=1e5");
    gradus_spectrum_part part = look(&r, GRADUS_SPECTRUM_WHOLE);
    ck_assert(part.all && part.count == 40 && part.rank == 40 && part.dimension == 40);
    assert_close(part.condition, 1e5, 1e-9);
    assert_close(part.values[39] / part.values[0], 1e5, 1e-9);
    gradus_spectrum_close(spectrum);
    r.largest_dense = 39, r.steps = 40; /* as many as there are: the same values */
    part = look(&r, GRADUS_SPECTRUM_WHOLE);
    ck_assert(!part.all && part.count == 40);
    assert_close(part.condition, 1e5,
                 1e-6); /* 40 roundings of the largest, over the least */
    tear_down();
}
END_TEST

/* In whitened coordinates the second moments of the inputs are lambda / (lambda + epsilon),
   and 1 of the bias; a vanishing epsilon makes every eigenvalue a quarter.  The largest is
   the bias's in any case.  */
START_TEST(whitening_conditions) {
    char spec[SPEC_SIZE];
    make_specs();
    small_spec("logistic", spec);
    *strstr(spec, ",l2") = '\0';
    gradus_spectrum_request r = request();
    for (int matrix = GRADUS_FISHER; matrix <= GRADUS_HESSIAN; matrix++)
        for (long layer = GRADUS_SPECTRUM_WHOLE; layer <= 0; layer++) {
            r = request();
            r.matrix = (gradus_curvature)matrix;
            open_problem(spec);
            gradus_spectrum_part part = look(&r, layer);
            ck_assert_uint_eq(part.rank, SPEC_FEATURES + 1);
            double before = part.condition, trace = 0.0;
            for (size_t i = 0; i < part.count; i++)
                trace += part.values[i];
            ck_assert(trace > 0.25); /* the bias's quarter, and the inputs' */
            gradus_spectrum_close(spectrum);
            r.whitened = true;
            part = look(&r, layer);
            assert_close(part.values[SPEC_FEATURES], 0.25, 1e-12);
            ck_assert(part.condition < before);
            gradus_spectrum_close(spectrum);
            r.whitening_epsilon = 1e-12;
            part = look(&r, layer);
            for (size_t i = 0; i < part.count; i++)
                assert_close(part.values[i], 0.25, 1e-9);
            tear_down();
        }
    remove_specs();
}
END_TEST

/* The first examples only: fewer than there are inputs leave directions flat.  */
START_TEST(examples_and_rank) {
    char spec[SPEC_SIZE];
    make_specs();
    small_spec("logistic", spec);
    *strstr(spec, ",l2") = '\0';
    gradus_spectrum_request r = request();
    r.examples = 3;
    open_problem(spec);
    gradus_spectrum_part part = look(&r, GRADUS_SPECTRUM_WHOLE);
    ck_assert_uint_eq(part.rank, 3);
    ck_assert(part.condition > 1.0 && part.condition < 1e10);
    gradus_spectrum_close(spectrum);
    r.examples = SPEC_EXAMPLES + 1;
    ck_assert_int_eq(gradus_spectrum_open(&spectrum, problem, &r, x, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    tear_down();
    remove_specs();
}
END_TEST

/* A layer of a network as a block of the whole, and from products of its own, as where the
   whole is too large.  Eigenvalues hang on rounding of the largest.  */
START_TEST(blocks_of_the_whole) {
    char spec[2 * SPEC_SIZE];
    double values[SPEC_SIZE];
    make_specs();
    snprintf(spec, sizeof spec, "network:data=%s/three.svm,layers=6,activation=tanh",
             spec_folder);
    gradus_spectrum_request r = request();
    r.matrix = GRADUS_FISHER;
    for (int whitened = false; whitened <= true; whitened++)
        for (long layer = 0; layer < 2; layer++) {
            assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
            for (size_t i = 0; i < problem->dimension; i++)
                x[i] = sin((double)(i + 1));
            r.whitened = whitened;
            r.largest_dense = problem->dimension;
            gradus_spectrum_part part = look(&r, layer);
            ck_assert(part.all && part.count < problem->dimension);
            memcpy(values, part.values, part.count * sizeof *values);
            gradus_spectrum_close(spectrum);
            r.largest_dense = problem->dimension - 1;
            part = look(&r, layer);
            ck_assert(part.all);
            for (size_t i = 0; i < part.count; i++)
                assert_at_most("difference of eigenvalues",
                               fabs(part.values[i] - values[i]),
                               1e-12 * part.values[part.count - 1]);
            tear_down();
        }
    remove_specs();
}
END_TEST

START_TEST(refusals) {
    gradus_spectrum_request r = request();
    open_problem("rosenbrock");
    r.whitened = true;
    ck_assert_int_eq(gradus_spectrum_open(&spectrum, problem, &r, x, &why),
                     GRADUS_EUNSUPPORTED);
    assert_contains(why.text, "layer view");
    r = request();
    r.matrix = GRADUS_FISHER;
    ck_assert_int_eq(gradus_spectrum_open(&spectrum, problem, &r, x, &why),
                     GRADUS_EUNSUPPORTED);
    assert_contains(why.text, "Gauss-Newton");
    tear_down();
    open_problem("rosenbrock");
    r = request();
    x[0] = NAN;
    gradus_spectrum_part part;
    assert_ok(gradus_spectrum_open(&spectrum, problem, &r, x, &why));
    ck_assert_int_eq(
        gradus_spectrum_of(spectrum, false, GRADUS_SPECTRUM_WHOLE, &part, &why),
        GRADUS_EINPUT);
    assert_sentence(why.text);
    tear_down();
}
END_TEST

TEST_MAIN("spectrum", quadratic, whitening_conditions, examples_and_rank,
          blocks_of_the_whole, refusals)
