/* Nesterov's method: what theory says of it on quadratics.  */

#include "gradus.h"
#include "../support.h"

#include <float.h>

/* f(x) = 1/2 sum d_i (x_i - a_i)^2, an out-of-tree problem.  */
enum { N = 12 };
typedef struct {
    double d[N], a[N];
} bowl_t;

static size_t dimension(const void *self) {
    (void)self;
    return N;
}

static void start(const void *self, gradus_stream *stream, double x[]) {
    (void)self;
    (void)stream;
    memset(x, 0, N * sizeof *x);
}

static gradus_err evaluate(void *self, const gradus_batch *batch, const double x[],
                           double *value, double gradient[]) {
    const bowl_t *bowl = self;
    double total = 0.0;
    (void)batch;
    for (int i = 0; i < N; i++) {
        double slope = bowl->d[i] * (x[i] - bowl->a[i]);
        total += 0.5 * slope * (x[i] - bowl->a[i]);
        if (gradient)
            gradient[i] = slope;
    }
    if (value)
        *value = total;
    return GRADUS_OK;
}

static const gradus_problem_type bowl_type = {.name = "bowl",
                                              .brief = "quadratic",
                                              .size = sizeof(bowl_t),
                                              .dimension = dimension,
                                              .start = start,
                                              .evaluate = evaluate};

typedef struct {
    gradus_problem *problem;
    gradus_method *method;
    gradus_run *run;
} racer_t;

static racer_t open_racer(bowl_t *bowl, const char *spec) {
    racer_t r = {NULL, NULL, NULL};
    gradus_error why = {0};
    ck_assert_msg(!gradus_problem_wrap(&r.problem, &bowl_type, bowl, 1, &why) &&
                      !gradus_method_create(&r.method, spec, &why) &&
                      !gradus_run_open(&r.run, r.problem, r.method, NULL,
                                       "gradient_tolerance=0", &why),
                  "%s", why.text);
    return r;
}

static void close_racer(racer_t *r) {
    gradus_run_close(r->run);
    gradus_method_close(r->method);
    gradus_problem_close(r->problem);
}

/* Beck and Teboulle's theorem 4.4: f(x_k) - f* <= 2 L |x_0 - x*|^2 / (k + 1)^2, x* being the
   nearest minimum, for the convex schedule with rate 1/L; every third curvature may be zero.  */
START_TEST(convex_bound) {
    for (uint64_t trial = 0; trial < 20; trial++) {
        bowl_t bowl;
        double largest = 0.0, distance = 0.0, worst = 0.0;
        for (uint64_t i = 0; i < N; i++) {
            double size = pow(10.0, 3.0 * noise(trial * N + i));
            bowl.d[i] = trial % 2 && i % 3 == 0 ? 0.0 : size;
            bowl.a[i] = 5.0 * noise(7777 + trial * N + i);
            largest = fmax(largest, bowl.d[i]);
            distance += bowl.d[i] > 0.0 ? bowl.a[i] * bowl.a[i] : 0.0;
        }
        char spec[128];
        snprintf(spec, sizeof spec, "nesterov:momentum_schedule=convex,learning_rate=%.17g",
                 1.0 / largest);
        racer_t r = open_racer(&bowl, spec);
        for (int k = 1; k <= 300; k++) {
            gradus_row row;
            gradus_error why;
            assert_ok(gradus_run_step(r.run, &why));
            assert_ok(gradus_run_measure(r.run, true, &row, &why));
            double bound = 2.0 * largest * distance / ((k + 1.0) * (k + 1.0));
            ck_assert_msg(row.train_value <= bound, "trial %d, k = %d: %g above %g",
                          (int)trial, k, row.train_value, bound);
            worst = fmax(worst, row.train_value / bound);
        }
        printf("trial %d: value at most %.3f of the bound\n", (int)trial, worst);
        close_racer(&r);
    }
}
END_TEST

/* On a quadratic, Nesterov's method is momentum with coefficient mu (1 - lambda a) along an
   eigenvector of curvature lambda (Sutskever et al., theorem 2.1), in the look-ahead's own
   terms: v' = mu (1 - a lambda) v - a lambda (x - x*).  */
START_TEST(momentum_on_a_quadratic) {
    bowl_t bowl;
    double x[N] = {0.0}, v[N] = {0.0}, a = 0.03, mu = 0.85;
    for (uint64_t i = 0; i < N; i++) {
        bowl.d[i] = 0.3 + 3.0 * (double)i;
        bowl.a[i] = 2.0 * noise(i);
    }
    racer_t r = open_racer(&bowl, "nesterov:learning_rate=0.03,momentum=0.85");
    for (int k = 1; k <= 60; k++) {
        gradus_error why;
        assert_ok(gradus_run_step(r.run, &why));
        for (int i = 0; i < N; i++) {
            v[i] = mu * (1.0 - a * bowl.d[i]) * v[i] - a * bowl.d[i] * (x[i] - bowl.a[i]);
            x[i] += v[i];
            /* the method contracts, so that roundings of 1e-16 do not grow */
            assert_close(gradus_run_parameters(r.run)[i], x[i], 1e-13);
        }
    }
    close_racer(&r);
}
END_TEST

/* At a constant rate the averaged form is the classical one with rate a (1 - mu).  */
START_TEST(averaged_is_classical) {
    bowl_t bowl;
    for (uint64_t i = 0; i < N; i++) {
        bowl.d[i] = 0.3 + (double)i;
        bowl.a[i] = 2.0 * noise(i);
    }
    racer_t c = open_racer(&bowl, "nesterov:learning_rate=0.02,momentum=0.75");
    racer_t d =
        open_racer(&bowl, "nesterov:learning_rate=0.08,momentum=0.75,form=averaged");
    for (int k = 1; k <= 60; k++) {
        gradus_error why;
        assert_ok(gradus_run_step(c.run, &why));
        assert_ok(gradus_run_step(d.run, &why));
        for (int i = 0; i < N; i++)
            assert_close(gradus_run_parameters(d.run)[i], gradus_run_parameters(c.run)[i],
                         1e-13);
    }
    close_racer(&c);
    close_racer(&d);
}
END_TEST

START_TEST(refusals) {
    gradus_method *method;
    gradus_error why;
    ck_assert_int_eq(gradus_method_create(
                         &method, "nesterov:momentum_schedule=convex,momentum=0.5", &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "momentum_schedule=convex");
    ck_assert_int_eq(gradus_method_create(
                         &method, "nesterov:momentum_schedule=convex,form=averaged", &why),
                     GRADUS_EINPUT);
    assert_sentence(why.text);
}
END_TEST

TEST_MAIN("nesterov", convex_bound, momentum_on_a_quadratic, averaged_is_classical,
          refusals)
