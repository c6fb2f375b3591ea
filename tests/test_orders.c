/* The two orders of PRONG and K-FAC: inputs and signals of a batch mapped, or the gradient
   multiplied.  They are the same to rounding; cutting entries to a size that none has shuts the
   first one out.  */

#include "function.h"
#include "specs.h"
#include "core/oracle.h"
#include "prong/whiten.h"

/* 12 updates with steps of size 0.1 and epsilon = 0.1: matrices up to 10 and conditions up to
   1e3 at 1e-16, some ten times.  A mistake is of size 1e-3.  */
static const double TOLERANCE = 1e-11;

enum { LARGEST = 2100 };

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
            snprintf(two, sizeof two, "%s,clip_value=1e300", one);
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

/* Clipping and the bounds on the whitened length and on the divergence need lengths of the plain
   gradient, or its product with the preconditioned one, which are then found from Gram
   matrices.  Where they bind, a mistake in them is of size 1e-3.  */
static const char *const bounded[] = {
    "prong:learning_rate=0.01,momentum=0.9,interval=5,samples=30,clip_norm=0.1",
    "prong:learning_rate=0.01,interval=5,samples=30,whiten_input=no,clip_norm=0.1",
    "prong:learning_rate=0.1,interval=5,samples=30,clip_whitened=0.1",
    "prong:learning_rate=0.1,interval=5,samples=30,whiten_input=no,clip_whitened=0.1",
    "prong:learning_rate=0.1,interval=5,samples=30,clip_norm=0.1,clip_whitened=0.02",
    "prong:learning_rate=0.1,interval=5,samples=30,plus=yes,clip_whitened=0.1",
    "kfac:learning_rate=0.1,interval=5,samples=30,kl_clip=0",
    "kfac:learning_rate=0.1,interval=5,samples=30,kl_clip=1e-3",
    "kfac:learning_rate=0.1,interval=5,samples=30,kl_clip=1e-3,clip_norm=0.1",
    "kfac:learning_rate=0.1,interval=5,samples=30,kl_clip=1e-3,damp_biases=no",
    "kfac:learning_rate=0.1,interval=5,samples=30,kl_clip=1e-3,fisher=inputs,pi=no",
};

static void compare(const char *network, const char *method) {
    double mapped[LARGEST], again[LARGEST], plain[LARGEST];
    char other[256];
    snprintf(other, sizeof other, "%s,clip_value=1e300", method);
    size_t n = walk(network, 1, method, "batch=7,seed=3", mapped);
    walk(network, 3, method, "batch=7,seed=3", again);
    walk(network, 1, other, "batch=7,seed=3", plain);
    assert_at_most(method, difference(n, mapped, plain), TOLERANCE);
    ck_assert(difference(n, mapped, plain) > 0.0);
    ck_assert_mem_eq(mapped, again, n * sizeof *mapped);
}

/* With batch normalisation, of which K-FAC has no signals, there are parameters that belong to no
   layer.  */
START_TEST(same_when_bounded) {
    make_specs();
    for (size_t k = 0; k < sizeof bounded / sizeof *bounded; k++)
        compare("network:layers=30-40-12,activation=tanh", bounded[k]);
    for (size_t k = 0; k < 3; k++)
        compare("network:layers=30-40-12,activation=tanh,batch_norm=yes", bounded[k]);
    remove_specs();
}
END_TEST

/* No layer has as many outputs as the batch has examples, or the regulariser is in the way: the
   same order, to the bit.  */
START_TEST(one_order_where_it_does_not_pay) {
    double a[LARGEST], b[LARGEST];
    static const char small[] = "network:layers=6";
    char regular[SPEC_SIZE]; /* six units too, and l2 */
    const char *one = "prong:interval=5", *two = "prong:interval=5,clip_value=1e300";
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

/* Entries of a symmetric matrix, the same whichever way round.  */
static void symmetric(size_t n, size_t salt, double S[]) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            S[i * n + j] = noise(salt + (i < j ? i * n + j : j * n + i));
}

/* N [gW gb] P of a layer in place, with P from M, c and u as gradus_layer_map says, and the
   scalar product of what was there with what is.  */
static double map_directly(const gradus_layer *s, const gradus_layer_map *map, double g[]) {
    enum { MOST = 40 };
    double G[MOST][MOST] = {{0}}, P[MOST][MOST] = {{0}}, half[MOST][MOST] = {{0}},
           dot = 0.0;
    size_t n = s->inputs, m = s->outputs;
    P[n][n] = map->unit;
    for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++) {
            double entry = map->matrix[j * map->stride + k];
            P[j][k] = entry;
            P[j][n] -= entry * map->center[k];
            P[n][k] -= map->center[j] * entry;
            P[n][n] += map->center[j] * entry * map->center[k];
        }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= n; j++)
            G[i][j] = j < n ? g[s->weights + i * n + j] : g[s->biases + i];
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= n; j++)
            for (size_t k = 0; k <= n; k++)
                half[i][j] += G[i][k] * P[k][j];
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= n; j++) {
            double sum = map->signals ? 0.0 : half[i][j];
            for (size_t k = 0; map->signals && k < m; k++)
                sum += map->signals[i * m + k] * half[k][j];
            dot += sum * G[i][j];
            g[j < n ? s->weights + i * n + j : s->biases + i] = sum;
        }
    return dot;
}

/* What the entry promises, of any symmetric M and N, any c and u, in the first layer and the
   last, with the one between left alone.  */
START_TEST(the_law) {
    make_specs();
    gradus_problem *problem = open_problem("network:layers=30-12,activation=tanh", 2);
    const gradus_problem_type *type = problem->type;
    double M[6 * 6], c[5], N[30 * 30], K[12 * 12], zero[12] = {0}, value, same;
    double x[LARGEST], g[LARGEST], got[LARGEST], square = 0.0, product = 0.0;
    size_t rows[] = {3, 1, 4, 15, 9, 2, 6}, n = problem->dimension;
    const gradus_batch batch = {.count = 7, .rows = rows};
    symmetric(6, 0, M);
    symmetric(30, 400, N);
    symmetric(12, 2000, K);
    for (size_t i = 0; i < 5; i++)
        c[i] = noise(300 + i);
    for (size_t i = 0; i < n; i++)
        x[i] = 0.5 * noise(1000 + i);
    const gradus_layer_map maps[3] = {
        {.center = c, .matrix = M, .stride = 6, .unit = 0.7, .signals = N},
        {0},
        {.center = zero, .matrix = K, .stride = 12, .unit = 1.0}};
    gradus_mapping mapping = {.layers = maps, .wants_square = true, .wants_product = true};
    assert_ok(type->evaluate(problem->self, &batch, x, &value, g));
    assert_ok(type->mapped_gradient(problem->self, &batch, x, &mapping, &same, got));
    ck_assert(same_bits(value, same));
    for (size_t i = 0; i < n; i++)
        square += g[i] * g[i];
    for (size_t l = 0; l < 3; l += 2) {
        gradus_layer s;
        type->layer(problem->self, l, &s);
        product += map_directly(&s, &maps[l], g);
    }
    /* Sums of up to 7 x 30 x 6 terms of size 1.  */
    assert_at_most("gradient", difference(n, got, g), 1e-13);
    assert_at_most("g'g", fabs(mapping.square - square), 1e-13 * square);
    assert_at_most("g'u", fabs(mapping.product - product), 1e-12 * square);
    gradus_problem_close(problem);
    remove_specs();
}
END_TEST

/* Without weights every example gives the same inputs to the last layer, and in a batch with as
   many of each class the gradient is 0: what rounding leaves of its square is not below that,
   for a length is made of it.  */
START_TEST(no_square_is_negative) {
    make_specs();
    gradus_problem *problem = open_problem("network:layers=30-12,activation=tanh", 1);
    double x[LARGEST] = {0}, g[LARGEST], M[12 * 12], zero[12] = {0}, value, largest = 0.0;
    const gradus_layer_map maps[3] = {
        [2] = {.center = zero, .matrix = M, .stride = 12, .unit = 1.0}};
    gradus_mapping mapping = {.layers = maps, .wants_square = true};
    gradus_layer s;
    symmetric(12, 0, M);
    problem->type->layer(problem->self, 1, &s);
    for (size_t count = 3; count <= SPEC_EXAMPLES; count += 3) {
        for (size_t i = 0; i < s.outputs; i++)
            x[s.biases + i] = noise(count * s.outputs + i);
        assert_ok(problem->type->mapped_gradient(
            problem->self, &(gradus_batch){.count = count}, x, &mapping, &value, g));
        ck_assert(mapping.square >= 0.0);
        largest = fmax(largest, mapping.square);
    }
    assert_at_most("g'g", largest, 1e-14);
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

TEST_MAIN("orders", same_to_rounding, same_when_bounded, one_order_where_it_does_not_pay,
          the_law, no_square_is_negative, bill)
