/* K-FAC's own rate, momentum and damping, on linear least squares: there the Fisher matrix is
   the Hessian, A (x) I with A the inputs' moments, and the model of a step is the value.  */

#include "../elimination.h"
#include "../prong/layered.h"
#include "../support.h"

enum { EXAMPLES = 40, IN = 5, OUT = 3, WIDE = IN + 1, N = WIDE * OUT };

static double data[EXAMPLES * IN], targets[EXAMPLES * OUT], x0[N];
static double spoiled = 1.0; /* what products are too large by */

/* With one layer J v is V a in every example, and J'J v its product with a'.  */
static gradus_err multiply(void *self, const gradus_batch *batch, const double x[],
                           const double v[], double result[]) {
    const layered_t *p = self;
    (void)x;
    memset(result, 0, N * sizeof *result);
    for (size_t e = 0; e < batch->count; e++) {
        const double *h = p->data + (batch->rows ? batch->rows[e] : e) * IN;
        for (size_t i = 0; i < OUT; i++) {
            double t = v[OUT * IN + i];
            for (size_t j = 0; j < IN; j++)
                t += v[i * IN + j] * h[j];
            t *= spoiled / (double)batch->count;
            for (size_t j = 0; j < IN; j++)
                result[i * IN + j] += t * h[j];
            result[OUT * IN + i] += t;
        }
    }
    return GRADUS_OK;
}

static layered_t make_problem(void) {
    for (uint64_t i = 0; i < EXAMPLES * IN; i++)
        data[i] = noise(i) + 0.3;
    for (uint64_t i = 0; i < EXAMPLES * OUT; i++)
        targets[i] = noise(77777 + i);
    for (uint64_t i = 0; i < N; i++)
        x0[i] = 0.4 * noise(99999 + i);
    return (layered_t){.layers = 1,
                       .widths = {IN, OUT},
                       .biases = true,
                       .examples = EXAMPLES,
                       .data = data,
                       .targets = targets};
}

/* ---- A run ---- */

typedef struct {
    layered_t self;
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} trial_t;

static void open_trial(trial_t *t, const char *method, const char *options) {
    static gradus_problem_type type;
    gradus_error why = {.text = ""};
    type = layered_type;
    type.gauss_newton = multiply;
    t->self = make_problem();
    gradus_err err = gradus_problem_wrap(&t->problem, &type, &t->self, 1, &why);
    if (!err)
        err = gradus_method_create(&t->method, method, &why);
    if (!err)
        err = gradus_run_open(&t->run, t->problem, t->method, x0, options, &why);
    ck_assert_msg(!err, "%s", why.text);
}

static const double *go(trial_t *t, size_t updates) {
    for (size_t i = 0; i < updates; i++) {
        assert_ok(gradus_run_step(t->run, NULL));
        ck_assert_int_eq(gradus_run_stop(t->run), GRADUS_RUNNING);
    }
    return gradus_run_parameters(t->run);
}

static gradus_row measure(trial_t *t) {
    gradus_row row;
    assert_ok(gradus_run_measure(t->run, true, &row, NULL));
    return row;
}

static void close_trial(trial_t *t) {
    gradus_run_close(t->run);
    gradus_method_close(t->method);
    gradus_problem_close(t->problem);
}

/* ---- The same by hand ---- */

static void gradient_at(const double x[], double g[]) {
    layered_t p = make_problem();
    assert_ok(layered_evaluate(&p, &(gradus_batch){.count = EXAMPLES}, x, NULL, g));
}

static void hessian_times(const double v[], double result[]) {
    layered_t p = make_problem();
    assert_ok(multiply(&p, &(gradus_batch){.count = EXAMPLES}, NULL, v, result));
}

static double dot(const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t i = 0; i < N; i++)
        sum += a[i] * b[i];
    return sum;
}

/* z = ((A + gamma I) (x) I)^-1 r.  */
static void precondition(double gamma, const double r[], double z[]) {
    for (size_t i = 0; i < OUT; i++) {
        double A[WIDE * WIDE] = {0.0}, b[WIDE];
        for (size_t e = 0; e < EXAMPLES; e++)
            for (size_t j = 0; j < WIDE * WIDE; j++) {
                size_t row = j / WIDE, column = j % WIDE;
                A[j] += (row < IN ? data[e * IN + row] : 1.0) *
                        (column < IN ? data[e * IN + column] : 1.0) / EXAMPLES;
            }
        for (size_t j = 0; j < WIDE; j++) {
            A[j * WIDE + j] += gamma;
            b[j] = r[j < IN ? i * IN + j : OUT * IN + i];
        }
        solve(WIDE, A, b);
        for (size_t j = 0; j < WIDE; j++)
            z[j < IN ? i * IN + j : OUT * IN + i] = b[j];
    }
}

static double distance(const double a[], const double b[]) {
    double sum = 0.0;
    for (size_t i = 0; i < N; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum);
}

/* ---- Tests ---- */

/* G = I, statistics of all examples; then no damping but gamma in the factors.  */
#define STATISTICS "kfac_adaptive:fisher=inputs,samples=1000,decay=0,gamma=0.5"
#define EXACT      STATISTICS ",damping=0,damping_factor=1,gamma_factor=1"

/* Along the preconditioned gradient and the last step the least value of a quadratic is where
   conjugate gradients go (Hestenes and Stiefel, 1952).  Its condition here is below 100: four
   updates round by less than 1e-12.  */
START_TEST(they_are_conjugate_gradients) {
    double x[N], r[N], z[N], d[N], Hd[N];
    trial_t t;
    open_trial(&t, EXACT, NULL);
    memcpy(x, x0, sizeof x);
    gradient_at(x, r);
    precondition(0.5, r, z);
    double old = dot(r, z);
    for (size_t i = 0; i < N; i++)
        d[i] = -z[i];
    for (int k = 0; k < 4; k++) {
        hessian_times(d, Hd);
        double step = old / dot(d, Hd);
        for (size_t i = 0; i < N; i++) {
            x[i] += step * d[i];
            r[i] += step * Hd[i];
        }
        assert_at_most("distance to conjugate gradients", distance(go(&t, 1), x), 1e-12);
        assert_close(measure(&t).learning_rate, step, 1e-11);
        precondition(0.5, r, z);
        double now = dot(r, z);
        for (size_t i = 0; i < N; i++)
            d[i] = now / old * d[i] - z[i];
        old = now;
    }
    close_trial(&t);
}
END_TEST

/* (A + gamma I)^-1 A has as many eigenvalues as A columns; without the last step, or without
   the damping being the same in both, six updates are not enough.  */
START_TEST(they_end_as_soon) {
    trial_t t;
    open_trial(&t, EXACT, NULL);
    go(&t, WIDE);
    assert_at_most("gradient after 6 updates", measure(&t).gradient_norm, 1e-12);
    close_trial(&t);
    open_trial(&t, EXACT ",momentum=no", NULL);
    go(&t, WIDE);
    ck_assert(measure(&t).gradient_norm > 1e-5);
    close_trial(&t);
}
END_TEST

/* With lambda the first step is what the value along D says: a = -g'D / (D'HD + lambda D'D).  */
START_TEST(lambda_shortens_the_step) {
    double g[N], D[N], HD[N];
    trial_t t;
    open_trial(&t, STATISTICS ",damping=2", NULL);
    gradient_at(x0, g);
    precondition(0.5, g, D);
    hessian_times(D, HD);
    go(&t, 1);
    gradus_row row = measure(&t);
    assert_close(row.learning_rate, dot(g, D) / (dot(D, HD) + 2.0 * dot(D, D)), 1e-13);
    assert_close(row.damping, 2.0, 0.0);
    close_trial(&t);
}
END_TEST

/* Where the model is least in a plane its gradient, g + (H + lambda I) d, is orthogonal to both
   directions; and what the value changes by, over what the model says, is the reduction.
   Steps are differences of points a hundred times as long, and 1e-16 of these is multiplied
   by curvatures below 100.  */
START_TEST(the_model_is_least_in_the_plane) {
    double g[N], D[N], d[N] = {0.0}, Hd[N], residual[N], x[N];
    trial_t t;
    open_trial(&t, STATISTICS ",damping=0.3,damping_interval=1", NULL);
    memcpy(x, x0, sizeof x);
    for (size_t k = 0; k < 4; k++) {
        double last[N];
        memcpy(last, d, sizeof last);
        double before = measure(&t).train_value;
        const double *now = go(&t, 1);
        gradus_row row = measure(&t);
        gradient_at(x, g);
        precondition(0.5, g, D);
        for (size_t i = 0; i < N; i++)
            d[i] = now[i] - x[i];
        memcpy(x, now, sizeof x);
        hessian_times(d, Hd);
        for (size_t i = 0; i < N; i++)
            residual[i] = g[i] + Hd[i] + row.damping * d[i];
        double size = sqrt(dot(g, g));
        assert_at_most("along D", fabs(dot(residual, D)) / (size * sqrt(dot(D, D))), 1e-12);
        if (k > 0) {
            assert_at_most("along the last step",
                           fabs(dot(residual, last)) / (size * sqrt(dot(last, last))),
                           1e-12);
            ck_assert(fabs(dot(g, last)) > 0.01 * size * sqrt(dot(last, last)));
        }
        double model = dot(g, d) + 0.5 * (dot(d, Hd) + row.damping * dot(d, d));
        assert_close(row.reduction, (row.train_value - before) / model, 1e-11);
    }
    close_trial(&t);
}
END_TEST

/* Along D alone, and next to no lambda, products that are s times what they should be make the
   ratio of the changes 2 - 1/s.  Above 3/4 lambda falls, below 1/4 it rises.  */
START_TEST(lambda_follows_the_model) {
    static const struct {
        double ratio, factor;
    } cases[] = {{1.0, 0.95}, {0.8, 0.95},       {0.7, 1.0},
                 {0.3, 1.0},  {0.2, 1.0 / 0.95}, {-90.0, 1.0 / 0.95}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        trial_t t;
        spoiled = 1.0 / (2.0 - cases[i].ratio);
        open_trial(&t,
                   STATISTICS ",momentum=no,damping=1e-9,damping_interval=3,gamma_factor=1",
                   NULL);
        for (size_t k = 1; k <= 7; k++) {
            go(&t, 1);
            gradus_row row = measure(&t);
            double looks = (double)((k - 1) / 3);
            assert_close(row.damping, 1e-9 * pow(cases[i].factor, 3.0 * looks), 1e-23);
            if (k == 3)
                assert_close(row.reduction, cases[i].ratio, 1e-5);
            ck_assert(isnan(row.reduction) == (k % 3 != 0));
        }
        close_trial(&t);
        spoiled = 1.0;
    }
}
END_TEST

/* A + gamma I is nearest to the curvature, A + lambda I, with the gamma nearest to lambda: by
   gamma_factor^2 every two updates it falls, or rises as far as it may, and D follows it.  */
START_TEST(gamma_is_where_the_model_is_least) {
    static const struct {
        double lambda, factor, most;
        size_t products; /* one an update, and two more in a choice, or one at the bound */
    } cases[] = {{0.0, 0.64, 1.0, 7 + 6},
                 {20.0, 1.0 / 0.64, 100.0, 7 + 6},
                 {20.0, 1.0 / 0.64, 1.0, 7 + 5}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        double g[N], D[N], HD[N], x[N], gamma = 0.5;
        char method[256];
        trial_t t;
        snprintf(method, sizeof method,
                 STATISTICS ",momentum=no,damping_factor=1,gamma_factor=0.8,"
                            "gamma_interval=2,damping=%g,gamma_maximum=%g",
                 cases[c].lambda, cases[c].most);
        open_trial(&t, method, NULL);
        memcpy(x, x0, sizeof x);
        for (size_t k = 0; k < 7; k++) {
            if (k > 0 && k % 2 == 0)
                gamma = fmin(gamma * cases[c].factor, cases[c].most);
            gradient_at(x, g);
            precondition(gamma, g, D);
            hessian_times(D, HD);
            double step = dot(g, D) / (dot(D, HD) + cases[c].lambda * dot(D, D));
            for (size_t i = 0; i < N; i++)
                x[i] -= step * D[i];
            assert_at_most("distance as gamma moves", distance(go(&t, 1), x), 1e-12);
        }
        ck_assert_uint_eq(measure(&t).products, cases[c].products);
        close_trial(&t);
    }
}
END_TEST

/* The direction is that of kfac, which has a dense test, with G and pi; gamma is the root of
   lambda where it is not given.  */
START_TEST(the_direction_is_that_of_kfac) {
    double D[N], step[N];
    trial_t t;
    open_trial(&t,
               "kfac:learning_rate=1,momentum=0,kl_clip=0,damping=3,samples=1000,fisher="
               "empirical",
               NULL);
    const double *x = go(&t, 1);
    for (size_t i = 0; i < N; i++)
        D[i] = x[i] - x0[i];
    close_trial(&t);
    open_trial(&t, "kfac_adaptive:damping=9,gamma_maximum=10,samples=1000,fisher=empirical",
               NULL);
    x = go(&t, 1);
    double rate = measure(&t).learning_rate;
    for (size_t i = 0; i < N; i++)
        step[i] = (x[i] - x0[i]) / rate;
    assert_at_most("distance of directions", distance(step, D) / sqrt(dot(D, D)), 1e-12);
    close_trial(&t);
}
END_TEST

/* Where targets are met nothing is promised, which is no reason to raise lambda.  */
START_TEST(nothing_happens_at_the_minimum) {
    trial_t t;
    open_trial(&t, "kfac_adaptive:damping_interval=1", NULL);
    for (size_t e = 0; e < EXAMPLES; e++)
        for (size_t i = 0; i < OUT; i++)
            targets[e * OUT + i] = 0.0;
    memset(x0, 0, sizeof x0);
    gradus_run_close(t.run);
    assert_ok(gradus_run_open(&t.run, t.problem, t.method, x0, NULL, NULL));
    const double *x = go(&t, 5);
    assert_close(measure(&t).damping, 150.0, 0.0);
    ck_assert_mem_eq(x, x0, sizeof x0);
    close_trial(&t);
}
END_TEST

/* A gamma that is only tried, 0 here with factors of fewer examples than inputs, may be no use.  */
START_TEST(a_useless_gamma_is_passed_over) {
    trial_t t;
    open_trial(&t,
               "kfac_adaptive:fisher=inputs,samples=3,decay=0,gamma=0.5,damping=1e-3,"
               "gamma_factor=1e-200,gamma_interval=2",
               NULL);
    double before = measure(&t).train_value;
    go(&t, 4);
    ck_assert(measure(&t).train_value < before);
    close_trial(&t);
}
END_TEST

/* A batch of 10: its gradient, 7 examples of statistics in each of the first three updates, and
   a product over the batch, or 3 examples, in the first, where there is no last step, and two
   in every other.  */
START_TEST(products_are_over_the_batch_or_a_sample) {
    static const struct {
        const char *method;
        double examples;
    } cases[] = {{"kfac_adaptive:samples=7", 10},
                 {"kfac_adaptive:samples=7,curvature_samples=3", 3}};
    for (size_t i = 0; i < 2; i++) {
        trial_t t;
        open_trial(&t, cases[i].method, "batch=10");
        for (size_t k = 1; k <= 4; k++) {
            go(&t, 1);
            gradus_row row = measure(&t);
            double early = k < 3 ? (double)k : 3.0, products = 2.0 * (double)k - 1.0;
            assert_close(row.passes * EXAMPLES,
                         10.0 * (double)k + 7.0 * early + products * cases[i].examples,
                         1e-12);
            ck_assert_uint_eq(row.products, 2 * k - 1);
        }
        close_trial(&t);
    }
}
END_TEST

/* Undamped factors of fewer examples than inputs are singular: a reason, and no step.  */
START_TEST(singular_factors_stop) {
    trial_t t;
    open_trial(&t, "kfac_adaptive:samples=3,gamma=0", NULL);
    assert_ok(gradus_run_step(t.run, NULL));
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_SINGULAR);
    ck_assert_mem_eq(gradus_run_parameters(t.run), x0, sizeof x0);
    close_trial(&t);
}
END_TEST

/* So does a curvature that is not finite.  */
START_TEST(curvature_must_be_finite) {
    trial_t t;
    spoiled = NAN;
    open_trial(&t, "kfac_adaptive", NULL);
    assert_ok(gradus_run_step(t.run, NULL));
    spoiled = 1.0;
    ck_assert_int_eq(gradus_run_stop(t.run), GRADUS_FAIL_HESSIAN);
    ck_assert_mem_eq(gradus_run_parameters(t.run), x0, sizeof x0);
    close_trial(&t);
}
END_TEST

TEST_MAIN("kfac_adaptive", they_are_conjugate_gradients, they_end_as_soon,
          lambda_shortens_the_step, the_model_is_least_in_the_plane,
          lambda_follows_the_model, gamma_is_where_the_model_is_least,
          the_direction_is_that_of_kfac, nothing_happens_at_the_minimum,
          a_useless_gamma_is_passed_over, products_are_over_the_batch_or_a_sample,
          singular_factors_stop, curvature_must_be_finite)
