/* The bill: what is counted, when, and what a remembered point costs.  */

#include "../counting.h"
#include "base/stream.h"
#include "core/oracle.h"

enum { N = 3, EXAMPLES = 10 };

static const double A[N] = {0.25, -1.5, 3.0}, B[N] = {1.0, 2.0, -0.125};
static counting_t self;
static gradus_problem *problem;
static gradus_oracle oracle;

static void set_up(bool full, double work) {
    self = (counting_t){.dimension = N, .examples = EXAMPLES, .work = work};
    problem = wrap(&self);
    assert_ok(gradus_oracle_open(&oracle, problem, full, 1));
}

static void tear_down(void) {
    gradus_oracle_close(&oracle);
    gradus_problem_close(problem);
}

static void expect(size_t values, size_t gradients, size_t products) {
    const gradus_counts *c = &oracle.counts;
    ck_assert_uint_eq(c->value_evaluations, values);
    ck_assert_uint_eq(c->gradient_evaluations, gradients);
    ck_assert_uint_eq(c->products, products);
}

/* Asks for a gradient and checks it and the value against the problem itself.  */
static void ask_gradient(const double x[]) {
    double value, gradient[N], want, slope[N];
    assert_ok(gradus_oracle_gradient(&oracle, x, &value, gradient));
    assert_ok(counting_evaluate(&self, &oracle.batch, x, &want, slope));
    self.gradients--;
    ck_assert(same_bits(value, want));
    ck_assert_mem_eq(gradient, slope, sizeof slope);
}

static void ask_value(const double x[]) {
    double value, want;
    assert_ok(gradus_oracle_value(&oracle, x, &value));
    assert_ok(counting_evaluate(&self, &oracle.batch, x, &want, NULL));
    self.values--;
    ck_assert(same_bits(value, want));
}

/* passes = (gradient + product examples + half of the value-only examples) / examples.  */
START_TEST(counts_and_passes) {
    double result[N];
    set_up(false, 0.0);
    size_t rows[] = {4, 1, 7, 9};
    oracle.batch = (gradus_batch){.count = 4, .rows = rows};
    ask_gradient(A);
    expect(0, 1, 0);
    assert_close(gradus_oracle_passes(&oracle), 0.4, 0.0);
    ask_value(B);
    ask_value(B); /* mini-batches are not remembered */
    expect(2, 1, 0);
    assert_close(gradus_oracle_passes(&oracle), 0.8, 1e-15);
    oracle.batch = (gradus_batch){.count = 2, .rows = rows};
    assert_ok(gradus_oracle_product(&oracle, A, B, result));
    ck_assert_mem_eq(result, B, sizeof B);
    expect(2, 1, 1);
    ck_assert_uint_eq(oracle.counts.value_examples, 8);
    ck_assert_uint_eq(oracle.counts.gradient_examples, 4);
    ck_assert_uint_eq(oracle.counts.product_examples, 2);
    assert_close(gradus_oracle_passes(&oracle), 1.0, 1e-15);
    tear_down();
}
END_TEST

START_TEST(mini_batches_are_not_remembered) {
    set_up(false, 0.0);
    size_t rows[] = {0, 1};
    oracle.batch = (gradus_batch){.count = 2, .rows = rows};
    ask_gradient(A);
    rows[1] = 5; /* another batch behind the same pointers */
    ask_gradient(A);
    ask_gradient(A);
    expect(0, 3, 0);
    ck_assert_uint_eq(self.gradients, 3);
    tear_down();
}
END_TEST

START_TEST(full_batch_pays_once_at_a_point) {
    set_up(true, 0.0);
    ask_gradient(A);
    ask_gradient(A);
    ask_value(A); /* came with the gradient */
    expect(0, 1, 0);
    ask_value(B);
    ask_value(B);
    expect(1, 1, 0);
    ask_gradient(B); /* the value alone did not pay for it */
    expect(1, 2, 0);
    ask_gradient(A); /* only the last point is remembered */
    expect(1, 3, 0);
    ck_assert_uint_eq(self.gradients, 3);
    ck_assert_uint_eq(self.values, 1);
    tear_down();
}
END_TEST

/* -0 and 0 are the same number but need not be the same point (1/x).  */
START_TEST(points_are_told_apart_by_bits) {
    set_up(true, 0.0);
    double zero[N] = {0.0, 1.0, 2.0}, minus[N] = {-0.0, 1.0, 2.0};
    ask_gradient(zero);
    ask_gradient(minus);
    expect(0, 2, 0);
    tear_down();
}
END_TEST

START_TEST(learning_is_billed_when_taken_up) {
    set_up(true, 0.0);
    assert_ok(gradus_oracle_learn(&oracle, A));
    assert_ok(gradus_oracle_learn(&oracle, A));
    expect(0, 0, 0);
    ck_assert_uint_eq(self.gradients, 1); /* evaluated once */
    ask_gradient(A);
    expect(0, 1, 0);
    ask_gradient(A); /* never twice */
    ask_value(A);
    assert_ok(gradus_oracle_learn(&oracle, A));
    ask_gradient(A);
    expect(0, 1, 0);
    ck_assert_uint_eq(self.gradients, 1);
    assert_ok(gradus_oracle_learn(&oracle, B)); /* never taken up: never billed */
    assert_ok(gradus_oracle_learn(&oracle, A));
    expect(0, 1, 0);
    tear_down();
}
END_TEST

/* Whatever was learned in between, the bill is what it would have been without.  */
START_TEST(learning_changes_no_bill) {
    for (int learns = 0; learns < 2; learns++) {
        set_up(true, 0.0);
#define LEARN(x)                                                                           \
    if (learns)                                                                            \
    assert_ok(gradus_oracle_learn(&oracle, x))
        LEARN(A);
        ask_value(A);
        expect(1, 0, 0);
        LEARN(A);
        ask_value(A);
        expect(1, 0, 0);
        ask_gradient(A);
        expect(1, 1, 0);
        LEARN(A);
        ask_gradient(A);
        ask_value(A);
        expect(1, 1, 0);
        ask_value(B);
        LEARN(B);
        ask_value(B);
        ask_gradient(B);
        expect(2, 2, 0);
        tear_down();
    }
}
END_TEST

/* The time of what is taken up is billed with it, as an evaluation.  */
START_TEST(learning_costs_its_time) {
    const double work = 0.01;
    double value, gradient[N];
    set_up(true, work);
    assert_ok(gradus_oracle_learn(&oracle, A));
    gradus_times before = gradus_clock_read(&oracle.clock);
    ck_assert(before.cpu == 0.0 && before.wall == 0.0);
    gradus_clock_start(&oracle.clock);
    assert_ok(gradus_oracle_gradient(&oracle, A, &value, gradient));
    gradus_clock_stop(&oracle.clock);
    gradus_times after = gradus_clock_read(&oracle.clock);
    ck_assert_uint_eq(self.gradients, 1);
    printf("billed %.3g s for %.3g s of work\n", after.cpu, work);
    ck_assert(after.cpu >= work && after.wall >= work);
    double phase = oracle.clock.phase_seconds[GRADUS_PHASE_EVALUATION];
    ck_assert(phase >= work && phase <= after.cpu);
    gradus_clock_start(&oracle.clock);
    assert_ok(gradus_oracle_gradient(&oracle, A, &value, gradient));
    gradus_clock_stop(&oracle.clock);
    ck_assert(gradus_clock_read(&oracle.clock).cpu - after.cpu < work);
    tear_down();
}
END_TEST

START_TEST(a_failed_evaluation_is_not_remembered) {
    set_up(true, 0.0);
    double value, gradient[N];
    self.fails_from = 1;
    ck_assert_int_eq(gradus_oracle_learn(&oracle, A), GRADUS_ENOMEM);
    ck_assert_int_eq(gradus_oracle_gradient(&oracle, A, &value, gradient), GRADUS_ENOMEM);
    ck_assert_int_eq(gradus_oracle_value(&oracle, A, &value), GRADUS_ENOMEM);
    self.fails_from = 0;
    ask_gradient(A);
    tear_down();
}
END_TEST

/* ---- The layer view and the dense Hessian, of a type that only answers ---- */

static size_t one_layer(const void *me) {
    (void)me;
    return 1;
}

static void the_layer(const void *me, size_t index, gradus_layer *out) {
    (void)me;
    *out = (gradus_layer){.inputs = 2, .outputs = 1, .weights = index, .biases = 2};
}

static gradus_err the_inputs(void *me, const gradus_batch *batch, const double x[],
                             double *const inputs[]) {
    (void)me, (void)x;
    for (size_t i = 0; i < batch->count; i++)
        inputs[0][2 * i] = inputs[0][2 * i + 1] = (double)batch->rows[i];
    return GRADUS_OK;
}

static gradus_err the_hessian(void *me, const gradus_batch *batch, const double x[],
                              double matrix[]) {
    (void)me, (void)batch, (void)x;
    for (size_t i = 0; i < (size_t)N * N; i++)
        matrix[i] = 7.25;
    return GRADUS_OK;
}

static gradus_err the_diagonal(void *me, const gradus_batch *batch, const double x[],
                               double diagonal[]) {
    (void)me, (void)batch;
    for (size_t i = 0; i < N; i++)
        diagonal[i] = 2.0 * x[i];
    return GRADUS_OK;
}

static gradus_err the_product(void *me, const gradus_batch *batch, const double x[],
                              const double v[], double result[]) {
    (void)me, (void)batch;
    for (size_t i = 0; i < N; i++)
        result[i] = x[i] + 3.0 * v[1];
    return GRADUS_OK;
}

/* Tells whether targets were drawn.  */
static gradus_err the_signals(void *me, const gradus_batch *batch, gradus_stream *targets,
                              const double x[], double *const inputs[],
                              double *const signals[]) {
    (void)me, (void)x;
    for (size_t i = 0; i < batch->count; i++) {
        inputs[0][2 * i] = inputs[0][2 * i + 1] = 1.5;
        signals[0][i] = targets ? 2.5 : 3.5;
    }
    return GRADUS_OK;
}

START_TEST(further_abilities) {
    gradus_problem_type type = counting_type;
    type.layers = one_layer, type.layer = the_layer, type.inputs = the_inputs;
    type.signals = the_signals, type.diagonal = the_diagonal;
    type.gauss_newton = the_product;
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    unsigned all = GRADUS_CAN_LAYERS | GRADUS_CAN_SIGNALS | GRADUS_CAN_DIAGONAL |
                   GRADUS_CAN_GAUSS_NEWTON;
    ck_assert_uint_eq(gradus_oracle_abilities(&oracle) &
                          ~(GRADUS_CAN_PRODUCT | GRADUS_CAN_CURVATURE),
                      all);
    double out[N], inputs[3 * 2], signals[3];
    assert_ok(gradus_oracle_diagonal(&oracle, A, out));
    ck_assert(out[0] == 2.0 * A[0]);
    expect(0, 1, 0);
    ck_assert_uint_eq(oracle.counts.gradient_examples, EXAMPLES);
    assert_ok(gradus_oracle_gauss_newton(&oracle, A, A, out));
    ck_assert(out[0] == A[0] + 3.0 * A[1]);
    expect(0, 1, 1);
    ck_assert_uint_eq(oracle.counts.product_examples, EXAMPLES);
    for (int drawn = 0; drawn < 2; drawn++) {
        assert_ok(gradus_oracle_signals(&oracle, &(gradus_batch){3, NULL}, drawn, A,
                                        (double *[]){inputs}, (double *[]){signals}));
        ck_assert(inputs[5] == 1.5 && signals[2] == (drawn ? 2.5 : 3.5));
        expect(0, 1, 1); /* nothing was drawn; the first look at a sample counts */
    }
    ck_assert_uint_eq(oracle.counts.gradient_examples, EXAMPLES + 6);
    tear_down();
}
END_TEST

static size_t preconditioner_numbers;

static size_t the_size(const void *me) {
    (void)me;
    return preconditioner_numbers;
}

static gradus_err the_preparation(void *me, const gradus_batch *batch, const double x[],
                                  double damping, double memory[]) {
    (void)me;
    memory[0] = (double)batch->count + damping * x[0];
    return GRADUS_OK;
}

static gradus_err the_preconditioner(void *me, double memory[], const double v[],
                                     double result[]) {
    (void)me;
    for (size_t i = 0; i < N; i++)
        result[i] = memory[0] * v[i];
    return GRADUS_OK;
}

/* Its examples are billed as those of a gradient, its use is not.  */
START_TEST(preconditioner) {
    gradus_problem_type type = counting_type;
    type.preconditioner_size = the_size, type.prepare = the_preparation;
    type.precondition = the_preconditioner;
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    preconditioner_numbers = 0;
    ck_assert(!(gradus_problem_abilities(problem) & GRADUS_CAN_PRECONDITION));
    preconditioner_numbers = 1;
    ck_assert(gradus_problem_abilities(problem) & GRADUS_CAN_PRECONDITION);
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    ck_assert_uint_eq(gradus_oracle_preconditioner_size(&oracle), 1);
    double memory[1], out[N];
    assert_ok(gradus_oracle_prepare(&oracle, &(gradus_batch){3, NULL}, A, 0.5, memory));
    expect(0, 1, 0);
    ck_assert_uint_eq(oracle.counts.gradient_examples, 3);
    assert_ok(gradus_oracle_precondition(&oracle, memory, A, out));
    ck_assert(out[0] == (3.0 + 0.5 * A[0]) * A[0]);
    expect(0, 1, 0);
    gradus_coordinates other = {0};
    oracle.coordinates = &other;
    ck_assert(!(gradus_oracle_abilities(&oracle) & GRADUS_CAN_PRECONDITION));
    oracle.coordinates = NULL;
    tear_down();
}
END_TEST

static size_t product_batch;

static gradus_err counted_product(void *me, const gradus_batch *batch, const double x[],
                                  const double v[], double result[]) {
    product_batch = batch->count;
    return the_product(me, batch, x, v, result);
}

/* Products over a part of the data are billed as that; gradients are not concerned.  */
START_TEST(curvature_of_a_part) {
    gradus_problem_type type = counting_type;
    type.product = type.gauss_newton = counted_product, type.diagonal = the_diagonal;
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    gradus_batch part = {3, NULL};
    double out[N];
    gradus_oracle_set_curvature(&oracle, &part);
    assert_ok(gradus_oracle_product(&oracle, A, A, out));
    assert_ok(gradus_oracle_gauss_newton(&oracle, A, A, out));
    ck_assert_uint_eq(product_batch, 3);
    ck_assert_uint_eq(oracle.counts.product_examples, 6);
    assert_ok(gradus_oracle_diagonal(&oracle, A, out));
    ck_assert_uint_eq(oracle.counts.gradient_examples, 3);
    assert_ok(gradus_oracle_gradient(&oracle, A, NULL, out));
    ck_assert_uint_eq(oracle.counts.gradient_examples, 3 + EXAMPLES);
    gradus_oracle_set_curvature(&oracle, NULL);
    assert_ok(gradus_oracle_product(&oracle, A, A, out));
    ck_assert_uint_eq(product_batch, EXAMPLES);
    ck_assert_uint_eq(oracle.counts.product_examples, 6 + EXAMPLES);
    tear_down();
}
END_TEST

static unsigned lacks_products(const void *me) {
    (void)me;
    return GRADUS_CAN_PRODUCT | GRADUS_CAN_GAUSS_NEWTON;
}

/* An instance can have less than its type.  */
START_TEST(an_instance_lacks) {
    gradus_problem_type type = counting_type;
    type.product = type.gauss_newton = the_product, type.diagonal = the_diagonal;
    type.lacks = lacks_products;
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    ck_assert_uint_eq(gradus_problem_abilities(problem), GRADUS_CAN_DIAGONAL);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(samples_and_layers) {
    gradus_problem_type type = counting_type;
    type.layers = one_layer, type.layer = the_layer, type.inputs = the_inputs;
    type.hessian = the_hessian;
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, false, 1));
    size_t rows[2 * EXAMPLES], seen[EXAMPLES] = {0};
    for (int round = 0; round < 1000; round++) {
        ck_assert_uint_eq(gradus_oracle_sample(&oracle, 4, rows), 4);
        for (int i = 0; i < 4; i++) {
            ck_assert(i == 0 || rows[i] > rows[i - 1]); /* sorted and distinct */
            ck_assert_uint_lt(rows[i], EXAMPLES);
            seen[rows[i]]++;
        }
    }
    /* Each row is drawn 400 times on average, with a deviation of sqrt(1000 .4 .6) = 15.5;
       six of these.  The seed is fixed, so this passes or fails for ever.  */
    for (int i = 0; i < EXAMPLES; i++)
        ck_assert_msg(fabs((double)seen[i] - 400.0) <= 93.0, "row %d: %zu", i, seen[i]);
    ck_assert_uint_eq(gradus_oracle_sample(&oracle, 2 * EXAMPLES, rows), EXAMPLES);
    ck_assert_uint_eq(rows[EXAMPLES - 1], EXAMPLES - 1);
    gradus_layer layer;
    gradus_oracle_layer(&oracle, 0, &layer);
    ck_assert_uint_eq(gradus_oracle_layers(&oracle), 1);
    ck_assert_uint_eq(layer.biases, 2);
    double out[3 * 2], matrix[N * N];
    double *inputs[] = {out};
    rows[0] = 3, rows[1] = 5, rows[2] = 8;
    assert_ok(gradus_oracle_inputs(&oracle, &(gradus_batch){3, rows}, A, inputs));
    ck_assert(out[0] == 3.0 && out[2] == 5.0 && out[4] == 8.0);
    expect(0, 1, 0); /* a gradient evaluation of its examples */
    assert_ok(gradus_oracle_inputs(&oracle, &(gradus_batch){2, rows}, A, inputs));
    expect(0, 1, 0); /* the next part of the same sample */
    ck_assert_uint_eq(oracle.counts.gradient_examples, 5);
    assert_ok(gradus_oracle_hessian(&oracle, A, matrix));
    expect(0, 1, N); /* as many products as columns */
    ck_assert_uint_eq(oracle.counts.product_examples, N * EXAMPLES);
    ck_assert(matrix[0] == 7.25);
    tear_down();
}
END_TEST

/* ---- Validation data ---- */

static size_t four_validate(const void *me, gradus_subset subset) {
    (void)me;
    return subset == GRADUS_VALIDATION ? 4 : 0;
}

static gradus_err validate(void *me, gradus_subset subset, size_t count, const double x[],
                           gradus_metrics *out) {
    (void)me;
    ck_assert_int_eq(subset, GRADUS_VALIDATION);
    ck_assert_uint_eq(count, 4);
    *out = (gradus_metrics){.value = 2.0 * x[0], .accuracy = 0.5};
    return GRADUS_OK;
}

/* What a method learns from, it pays for: a value on as many examples as there are.  */
START_TEST(validation_is_billed) {
    gradus_problem_type type = counting_type;
    double value;
    set_up(true, 0.0);
    ck_assert_uint_eq(gradus_oracle_validation_examples(&oracle), 0);
    tear_down();
    type.subset_examples = four_validate, type.measure = validate;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, true, 1));
    ck_assert_uint_eq(gradus_oracle_validation_examples(&oracle), 4);
    assert_ok(gradus_oracle_validation(&oracle, A, &value));
    assert_close(value, 2.0 * A[0], 0.0);
    assert_ok(gradus_oracle_validation(&oracle, A, &value));
    expect(2, 0, 0);
    assert_close(gradus_oracle_passes(&oracle), 0.5 * 8.0 / EXAMPLES, 1e-15);
    ask_gradient(B); /* and the remembered point is another matter */
    assert_ok(gradus_oracle_validation(&oracle, A, &value));
    ask_gradient(B);
    expect(3, 1, 0);
    tear_down();
}
END_TEST

/* The objective along a ray, and what it is asked for.  */
static struct {
    double x[N], direction[N];
    gradus_batch batch;
} taken;

static gradus_err take_ray(void *me, const gradus_batch *batch, const double x[],
                           const double direction[]) {
    (void)me;
    memcpy(taken.x, x, sizeof taken.x);
    memcpy(taken.direction, direction, sizeof taken.direction);
    taken.batch = *batch;
    return GRADUS_OK;
}

static gradus_err go_along(void *me, double step, double *value, double *slope) {
    double x[N], gradient[N];
    for (size_t j = 0; j < N; j++)
        x[j] = taken.x[j] + step * taken.direction[j];
    gradus_err err = counting_evaluate(me, &taken.batch, x, value, gradient);
    *slope = 0.0;
    for (size_t j = 0; j < N; j++)
        *slope += gradient[j] * taken.direction[j];
    return err;
}

static size_t seven_features(const void *me) {
    (void)me;
    return 7;
}

/* Taking in a ray is a value; a trial on it is a value of the examples divided by the
   features, counted apart.  A problem offers the three entries or none.  */
START_TEST(rays_are_billed) {
    gradus_problem_type type = counting_type;
    size_t rows[] = {4, 1, 7, 9};
    double value, slope, want, gradient[N];
    set_up(false, 0.0);
    ck_assert(!gradus_oracle_has_ray(&oracle));
    tear_down();
    self = (counting_t){.dimension = N, .examples = EXAMPLES};
    type.ray = take_ray, type.along = go_along;
    assert_ok(gradus_problem_wrap(&problem, &type, &self, 1, NULL));
    assert_ok(gradus_oracle_open(&oracle, problem, false, 1));
    ck_assert(!gradus_oracle_has_ray(&oracle));
    type.features = seven_features;
    ck_assert(gradus_oracle_has_ray(&oracle));
    oracle.batch = (gradus_batch){.count = 4, .rows = rows};
    assert_ok(gradus_oracle_ray(&oracle, A, B));
    expect(1, 0, 0);
    assert_close(gradus_oracle_passes(&oracle), 0.5 * 4.0 / EXAMPLES, 1e-15);
    for (int i = 0; i < 3; i++)
        assert_ok(gradus_oracle_along(&oracle, 0.25, &value, &slope));
    expect(1, 0, 0);
    ck_assert_uint_eq(oracle.counts.ray_evaluations, 3);
    ck_assert_uint_eq(oracle.counts.ray_examples, 12);
    assert_close(gradus_oracle_passes(&oracle), 0.5 * (4.0 + 12.0 / 7.0) / EXAMPLES, 1e-15);
    const double at[N] = {A[0] + 0.25 * B[0], A[1] + 0.25 * B[1], A[2] + 0.25 * B[2]};
    assert_ok(counting_evaluate(&self, &oracle.batch, at, &want, gradient));
    ck_assert(same_bits(value, want));
    assert_close(slope, gradient[0] * B[0] + gradient[1] * B[1] + gradient[2] * B[2],
                 1e-15);
    tear_down();
}
END_TEST

TEST_MAIN("oracle", counts_and_passes, mini_batches_are_not_remembered,
          full_batch_pays_once_at_a_point, points_are_told_apart_by_bits,
          learning_is_billed_when_taken_up, learning_changes_no_bill,
          learning_costs_its_time, a_failed_evaluation_is_not_remembered,
          samples_and_layers, further_abilities, an_instance_lacks, preconditioner,
          curvature_of_a_part, validation_is_billed, rays_are_billed)
