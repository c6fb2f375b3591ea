/* Linear models: closed forms, identities, scaling, products.  */

#include "base/stream.h"
#include "core/problem.h"

#include "../../support.h"

#include <float.h>
#include <unistd.h>

enum { EXAMPLES = 300, FEATURES = 5, CLASSES = 3 };

static char path[] = "linear-XXXXXX";

/* EXAMPLES rows of noise, feature 3 constant, labels 2, 5, 7 (or 2 and 5) that depend on
   them.  */
static void write_data(int classes) {
    static const double labels[] = {2, 5, 7};
    strcpy(path, "linear-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    for (uint64_t i = 0; i < EXAMPLES; i++) {
        double x[FEATURES], score = 0.0;
        for (uint64_t j = 0; j < FEATURES; j++) {
            x[j] = j == 2 ? 0.625 : 3.1 * (double)(j + 1) * noise(i * FEATURES + j) + 0.3;
            score += noise(99991 + j) * x[j];
        }
        int label = score < 0.0 ? 0 : classes == 2 || score < 2.0 ? 1 : 2;
        fprintf(file, "%g", labels[label]);
        for (int j = 0; j < FEATURES; j++)
            fprintf(file, " %d:%.17g", j + 1, x[j]);
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

static double evaluate(gradus_problem *p, size_t count, const size_t *rows,
                       const double x[], double gradient[]) {
    double value = NAN;
    gradus_batch batch = {.count = count, .rows = rows};
    assert_ok(p->type->evaluate(p->self, &batch, x, &value, gradient));
    return value;
}

static void point(size_t n, double x[]) {
    for (size_t i = 0; i < n; i++)
        x[i] = 0.4 * noise(31 + i);
}

/* At zero every class has the same probability: ln K and ln 2.  */
START_TEST(value_at_zero) {
    double x[CLASSES * (FEATURES + 1)] = {0.0};
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "l2=0.37", 1);
    ck_assert_uint_eq(p->dimension, CLASSES * (FEATURES + 1));
    ck_assert_uint_eq(p->examples, EXAMPLES);
    /* the sum of 300 equal terms in a tree rounds at most a few times */
    assert_close(evaluate(p, EXAMPLES, NULL, x, NULL), log(3.0), 16 * DBL_EPSILON);
    gradus_problem_close(p);
    unlink(path);
    write_data(2);
    p = open_spec("logistic", "", 1);
    assert_close(evaluate(p, EXAMPLES, NULL, x, NULL), log(2.0), 16 * DBL_EPSILON);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Margins of +-1e4 and more: the loss is 0 or the margin itself, never infinite or NaN.  */
START_TEST(large_margins) {
    double x[2 * (FEATURES + 1)] = {0.0}, g[2 * (FEATURES + 1)];
    write_data(2);
    for (int sign = -1; sign <= 1; sign += 2) {
        gradus_problem *p = open_spec("logistic", "", 1);
        x[FEATURES] = 1e4 * sign; /* the bias alone */
        double value = evaluate(p, EXAMPLES, NULL, x, g), wrong = 0.0;
        ck_assert(isfinite(value) && isfinite(g[0]) && isfinite(g[FEATURES]));
        /* an example on the wrong side costs its margin: value = 1e4 share of them, and
           the gradient of the bias is sign times that share */
        wrong = value / 1e4;
        assert_close(g[FEATURES], sign * wrong, 1e-12);
        ck_assert(wrong > 0.1 && wrong < 0.9);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* With two classes softmax's value at (w, b) and (0, 0) is logistic's at -w, -b: class 1 wins
   by the score of the larger label.  */
START_TEST(softmax_of_two_is_logistic) {
    double x[2 * (FEATURES + 1)] = {0.0}, w[FEATURES + 1], g[FEATURES + 1];
    double gs[2 * (FEATURES + 1)];
    write_data(2);
    point(FEATURES + 1, w);
    for (size_t j = 0; j < FEATURES; j++)
        x[FEATURES + j] = w[j];
    x[2 * FEATURES + 1] = w[FEATURES];
    gradus_problem *s = open_spec("softmax", "", 1), *l = open_spec("logistic", "", 1);
    /* both are sums of 300 losses of size 1 */
    assert_close(evaluate(s, EXAMPLES, NULL, x, gs), evaluate(l, EXAMPLES, NULL, w, g),
                 1e-13);
    for (size_t j = 0; j < FEATURES; j++)
        assert_close(gs[FEATURES + j], g[j], 1e-13);
    gradus_problem_close(s);
    gradus_problem_close(l);
    unlink(path);
}
END_TEST

/* The full batch is the mean of disjoint batches of equal size, and an order of the examples
   changes rounding only.  */
START_TEST(batches_average) {
    enum { N = CLASSES * (FEATURES + 1), PARTS = 4, PART = EXAMPLES / PARTS };
    double x[N], whole[N], part[N], sum[N] = {0.0}, total = 0.0;
    size_t rows[EXAMPLES];
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "l2=0.03", 1);
    point(N, x);
    for (size_t i = 0; i < EXAMPLES; i++)
        rows[i] = (i * 77 + 13) % EXAMPLES;
    double value = evaluate(p, EXAMPLES, NULL, x, whole);
    assert_close(evaluate(p, EXAMPLES, rows, x, part), value, 1e-13);
    for (size_t i = 0; i < PARTS; i++) {
        total += evaluate(p, PART, rows + i * PART, x, part) / PARTS;
        for (size_t j = 0; j < N; j++)
            sum[j] += part[j] / PARTS;
    }
    assert_close(total, value, 1e-13);
    for (size_t j = 0; j < N; j++)
        assert_close(sum[j], whole[j], 1e-13);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* The regulariser adds l2/2 |W|^2 and l2 W; the biases count when asked.  */
START_TEST(regulariser) {
    enum { N = CLASSES * (FEATURES + 1), W = CLASSES * FEATURES };
    double x[N], plain[N], with[N], square_w = 0.0, square_b = 0.0;
    write_data(CLASSES);
    point(N, x);
    for (size_t i = 0; i < N; i++)
        *(i < W ? &square_w : &square_b) += x[i] * x[i];
    gradus_problem *none = open_spec("softmax", "", 1);
    double base = evaluate(none, EXAMPLES, NULL, x, plain);
    for (int biases = 0; biases < 2; biases++) {
        gradus_problem *p =
            open_spec("softmax", biases ? "l2=0.7,regularize_bias=yes" : "l2=0.7", 1);
        double penalty = 0.35 * (square_w + (biases ? square_b : 0.0));
        assert_close(evaluate(p, EXAMPLES, NULL, x, with), base + penalty, 1e-14);
        for (size_t i = 0; i < N; i++)
            assert_close(with[i], plain[i] + (i < W || biases ? 0.7 * x[i] : 0.0), 1e-14);
        gradus_problem_close(p);
    }
    gradus_problem_close(none);
    unlink(path);
}
END_TEST

/* The gradient is the mean of signal x input, and of targets drawn from the prediction the
   mean signal is zero.  */
START_TEST(signals) {
    enum { DRAWS = 400 };
    static const char *const names[] = {"logistic", "softmax"};
    for (int model = 0; model < 2; model++) {
        size_t outputs = model ? 3 : 1, n = outputs * (FEATURES + 1);
        double x[64], g[64], inputs[EXAMPLES * FEATURES], s[EXAMPLES * 3];
        double *const in[] = {inputs}, *const out[] = {s};
        write_data(model ? 3 : 2);
        gradus_problem *p = open_spec(names[model], "", 1);
        gradus_batch all = {.count = EXAMPLES};
        gradus_stream *stream = gradus_stream_open(5, GRADUS_FOR_SAMPLES);
        point(n, x);
        evaluate(p, EXAMPLES, NULL, x, g);
        assert_ok(p->type->signals(p->self, &all, NULL, x, in, out));
        for (size_t k = 0; k < outputs; k++)
            for (size_t j = 0; j <= FEATURES; j++) {
                double sum = 0.0;
                for (size_t i = 0; i < EXAMPLES; i++)
                    sum += s[i * outputs + k] *
                           (j < FEATURES ? inputs[i * FEATURES + j] : 1.0);
                size_t at = j < FEATURES ? k * FEATURES + j : outputs * FEATURES + k;
                assert_close(sum / EXAMPLES, g[at], 1e-13);
            }
        double mean = 0.0, square = 0.0; /* of output 0 */
        for (int draw = 0; draw < DRAWS; draw++) {
            assert_ok(p->type->signals(p->self, &all, stream, x, in, out));
            for (size_t i = 0; i < EXAMPLES; i++) {
                mean += s[i * outputs] / (DRAWS * EXAMPLES);
                square += s[i * outputs] * s[i * outputs] / (DRAWS * EXAMPLES);
            }
        }
        /* Six standard deviations of the mean; the seed is fixed.  */
        double bound = 6.0 * sqrt(square / (DRAWS * EXAMPLES));
        ck_assert_msg(fabs(mean) <= bound, "%s: mean %g, bound %g", names[model], mean,
                      bound);
        gradus_stream_close(stream);
        gradus_problem_close(p);
        unlink(path);
    }
}
END_TEST

/* Scaling is folded into the weights; here it is applied to the data, by way of the layer
   view, which gives the inputs as the model sees them.  */
START_TEST(scaling) {
    enum { N = FEATURES + 1 };
    static const char *const options[] = {"", "scaling=standard", "scaling=max"};
    double x[N], inputs[EXAMPLES * FEATURES];
    double *const buffers[] = {inputs};
    write_data(2);
    point(N, x);
    for (int o = 0; o < 3; o++) {
        gradus_problem *p = open_spec("logistic", options[o], 1);
        gradus_batch all = {.count = EXAMPLES};
        assert_ok(p->type->inputs(p->self, &all, x, buffers));
        for (size_t j = 0; o > 0 && j < FEATURES; j++) {
            double mean = 0.0, square = 0.0, most = 0.0;
            for (size_t i = 0; i < EXAMPLES; i++) {
                mean += inputs[i * FEATURES + j] / EXAMPLES;
                square += inputs[i * FEATURES + j] * inputs[i * FEATURES + j] / EXAMPLES;
                most = fmax(most, fabs(inputs[i * FEATURES + j]));
            }
            if (o == 1) /* feature 3 is constant: it becomes 0 */
                assert_close(mean, 0.0, 1e-13);
            if (o == 1)
                assert_close(square, j == 2 ? 0.0 : 1.0, 1e-12);
            else
                assert_close(most, 1.0, 4 * DBL_EPSILON);
        }
        /* value and gradient from these inputs, by hand */
        gradus_batch one = {.count = 1, .rows = (size_t[]){17}};
        double g[N], value = NAN, score = x[FEATURES];
        assert_ok(p->type->evaluate(p->self, &one, x, &value, g));
        for (size_t j = 0; j < FEATURES; j++)
            score += x[j] * inputs[17 * FEATURES + j];
        double probability = 1.0 / (1.0 + exp(-score)), residual = g[FEATURES];
        double target = residual > 0.0 ? 0.0 : 1.0;
        assert_close(residual, probability - target, 1e-12);
        assert_close(value, -log(target > 0.5 ? probability : 1.0 - probability), 1e-12);
        for (size_t j = 0; j < FEATURES; j++)
            assert_close(g[j], residual * inputs[17 * FEATURES + j], 1e-11);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* Products against central differences of the gradient, symmetric, and the dense Hessian's;
   with free biases the Hessian is singular along equal biases.  */
START_TEST(products) {
    enum { N = CLASSES * (FEATURES + 1), W = CLASSES * FEATURES };
    static const char *const options[] = {"", "l2=0.02,scaling=standard"};
    static const size_t rows[] = {4, 250, 9, 77, 78, 120, 11};
    double x[N], v[N], product[N], plus[N], minus[N], moved[N], hessian[N * N];
    write_data(CLASSES);
    point(N, x);
    for (size_t i = 0; i < N; i++)
        v[i] = noise(5000 + i);
    for (int o = 0; o < 4; o++) {
        gradus_problem *p = open_spec("softmax", options[o % 2], 1);
        gradus_batch batch = {.count = o < 2 ? EXAMPLES : 7, .rows = o < 2 ? NULL : rows};
        assert_ok(p->type->product(p->self, &batch, x, v, product));
        double h = 1e-5;
        for (int sign = -1; sign <= 1; sign += 2) {
            for (size_t i = 0; i < N; i++)
                moved[i] = x[i] + sign * h * v[i];
            evaluate(p, batch.count, batch.rows, moved, sign > 0 ? plus : minus);
        }
        /* h^2 of the third derivative, some tens of inputs cubed, beside eps/h */
        for (size_t i = 0; i < N; i++)
            assert_close(product[i], (plus[i] - minus[i]) / (2 * h), 3e-7);
        assert_ok(p->type->hessian(p->self, &batch, x, hessian));
        for (size_t i = 0; i < N; i++) {
            double sum = 0.0;
            for (size_t j = 0; j < N; j++) {
                sum += hessian[i * N + j] * v[j];
                ck_assert(hessian[i * N + j] == hessian[j * N + i]);
            }
            assert_close(sum, product[i], 1e-11);
        }
        for (size_t i = 0; i < N; i++)
            moved[i] = i < W ? 0.0 : 1.0;
        assert_ok(p->type->product(p->self, &batch, x, moved, product));
        for (size_t i = 0; i < N; i++)
            assert_close(product[i], 0.0, 1e-13);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* Scaled features do not know the unit they came in: with columns multiplied by powers of two
   that leave no room for squares, value, gradient and diagonal are the same to the bit.  */
START_TEST(scaling_knows_no_units) {
    static const int powers[] = {0, 660, -660, 1000, -1000};
    static const char *const options[] = {"scaling=standard,l2=0.1", "scaling=max,l2=0.1",
                                          "scaling=standard,storage=sparse"};
    enum { DIMENSION = FEATURES + 1 };
    for (size_t o = 0; o < sizeof options / sizeof *options; o++) {
        double first[2 * DIMENSION + 1];
        for (size_t k = 0; k < sizeof powers / sizeof *powers; k++) {
            double x[DIMENSION], got[2 * DIMENSION + 1];
            gradus_batch all = {.count = 40};
            strcpy(path, "linear-XXXXXX");
            FILE *file = fdopen(mkstemp(path), "w");
            ck_assert_ptr_nonnull(file);
            for (uint64_t i = 0; i < all.count; i++) {
                fprintf(file, "%d", (int)(i % 3 == 0));
                for (int j = 0; j < FEATURES; j++)
                    fprintf(file, " %d:%.17g", j + 1,
                            ldexp(noise(i * FEATURES + (uint64_t)j), j % 2 ? powers[k] : 0));
                fprintf(file, "\n");
            }
            ck_assert(fclose(file) == 0);
            gradus_problem *p = open_spec("logistic", options[o], 1);
            point(DIMENSION, x);
            got[0] = evaluate(p, all.count, NULL, x, got + 1);
            assert_ok(p->type->diagonal(p->self, &all, x, got + 1 + DIMENSION));
            for (size_t i = 0; i < 2 * DIMENSION + 1; i++) {
                ck_assert(isfinite(got[i]));
                ck_assert_msg(k == 0 || same_bits(got[i], first[i]), "%s 2^%d: %.17g, %.17g",
                              options[o], powers[k], got[i], first[i]);
            }
            if (k == 0)
                memcpy(first, got, sizeof first);
            gradus_problem_close(p);
            unlink(path);
        }
    }
}
END_TEST

/* The diagonal is that of the dense Hessian: for every kind of scaling and regulariser, whole
   and part of the data, with the same bits for any number of threads.  */
START_TEST(diagonal) {
    enum { N = CLASSES * (FEATURES + 1) };
    static const char *const options[] = {"", "l2=0.02,scaling=standard", "bias=no,l2=0.3",
                                          "scaling=max,l2=0.7,regularize_bias=yes"};
    static const size_t rows[] = {4, 250, 9, 77, 78, 120, 11, 12, 13};
    double x[N], got[N], again[N], hessian[N * N];
    point(N, x);
    for (int k = 0; k < 16; k++) {
        bool softmax = k & 1, part = k & 2;
        write_data(softmax ? CLASSES : 2);
        const char *name = softmax ? "softmax" : "logistic";
        gradus_problem *p = open_spec(name, options[k / 4], 1),
                       *three = open_spec(name, options[k / 4], 3);
        gradus_batch batch = {.count = part ? 9 : EXAMPLES, .rows = part ? rows : NULL};
        assert_ok(p->type->diagonal(p->self, &batch, x, got));
        assert_ok(three->type->diagonal(three->self, &batch, x, again));
        assert_ok(p->type->hessian(p->self, &batch, x, hessian));
        /* Both are means of 300 terms of up to 250, the squares of the inputs; the
           Hessian's are unfolded from sums that cancel a digit.  */
        for (size_t i = 0; i < p->dimension; i++)
            assert_close(got[i], hessian[i * p->dimension + i], 1e-11);
        ck_assert_mem_eq(got, again, p->dimension * sizeof *got);
        gradus_problem_close(p);
        gradus_problem_close(three);
        unlink(path);
    }
}
END_TEST

/* A batch's rows may change in place between two updates; what is remembered of the last
   point must not outlive them.  */
START_TEST(products_follow_the_batch) {
    enum { N = CLASSES * (FEATURES + 1) };
    double x[N], v[N], first[N], second[N], fresh[N];
    size_t rows[] = {1, 2, 3};
    write_data(CLASSES);
    point(N, x);
    point(N, v);
    gradus_problem *p = open_spec("softmax", "", 1), *q = open_spec("softmax", "", 1);
    gradus_batch batch = {.count = 3, .rows = rows};
    assert_ok(p->type->product(p->self, &batch, x, v, first));
    rows[1] = 200;
    assert_ok(p->type->product(p->self, &batch, x, v, second));
    assert_ok(q->type->product(q->self, &batch, x, v, fresh));
    ck_assert(memcmp(second, fresh, sizeof fresh) == 0);
    ck_assert(memcmp(first, fresh, sizeof fresh) != 0);
    gradus_problem_close(p);
    gradus_problem_close(q);
    unlink(path);
}
END_TEST

START_TEST(validation_is_held_out) {
    double x[CLASSES * (FEATURES + 1)] = {0.0};
    gradus_metrics metrics;
    write_data(CLASSES);
    gradus_problem *p = open_spec("softmax", "validation=0.25", 1);
    ck_assert_uint_eq(p->examples, EXAMPLES - EXAMPLES / 4);
    ck_assert_uint_eq(p->type->subset_examples(p->self, GRADUS_VALIDATION), EXAMPLES / 4);
    ck_assert_uint_eq(p->type->subset_examples(p->self, GRADUS_TEST), 0);
    assert_ok(p->type->measure(p->self, GRADUS_VALIDATION, EXAMPLES / 4, x, &metrics));
    assert_close(metrics.value, log(3.0), 1e-14);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* The data are their own test set here: value without the regulariser, and the accuracy
   counted from scores.  */
START_TEST(test_set) {
    enum { N = FEATURES + 1 };
    char options[128];
    double x[N], inputs[EXAMPLES * FEATURES];
    double *const buffers[] = {inputs};
    gradus_metrics metrics;
    write_data(2);
    snprintf(options, sizeof options, "l2=5,test=%s", path);
    gradus_problem *p = open_spec("logistic", options, 1),
                   *plain = open_spec("logistic", "", 1);
    gradus_batch all = {.count = EXAMPLES};
    point(N, x);
    assert_ok(p->type->measure(p->self, GRADUS_TEST, EXAMPLES - 2, x, &metrics));
    assert_close(metrics.value, evaluate(plain, EXAMPLES - 2, NULL, x, NULL), 1e-14);
    assert_ok(p->type->measure(p->self, GRADUS_TEST, EXAMPLES, x, &metrics));
    assert_close(metrics.value, evaluate(plain, EXAMPLES, NULL, x, NULL), 1e-14);
    assert_ok(p->type->inputs(p->self, &all, x, buffers));
    double right = 0.0;
    for (size_t i = 0; i < EXAMPLES; i++) {
        double score = x[FEATURES], g[N], value;
        for (size_t j = 0; j < FEATURES; j++)
            score += x[j] * inputs[i * FEATURES + j];
        gradus_batch one = {.count = 1, .rows = &i};
        assert_ok(plain->type->evaluate(plain->self, &one, x, &value, g));
        right +=
            (score > 0.0) == (g[FEATURES] < 0.0); /* residual p - 1 of the larger label */
    }
    assert_close(metrics.accuracy, right / EXAMPLES, 1e-15);
    gradus_problem_close(p);
    gradus_problem_close(plain);
    unlink(path);
}
END_TEST

START_TEST(same_bits_for_any_threads) {
    enum { N = CLASSES * (FEATURES + 1) };
    double x[N], v[N], g1[N], g3[N], p1[N], p3[N];
    write_data(CLASSES);
    point(N, x);
    point(N, v);
    gradus_problem *one = open_spec("softmax", "l2=0.1", 1);
    gradus_problem *three = open_spec("softmax", "l2=0.1", 3);
    gradus_batch all = {.count = EXAMPLES};
    double f1 = evaluate(one, EXAMPLES, NULL, x, g1),
           f3 = evaluate(three, EXAMPLES, NULL, x, g3);
    assert_ok(one->type->product(one->self, &all, x, v, p1));
    assert_ok(three->type->product(three->self, &all, x, v, p3));
    ck_assert(same_bits(f1, f3));
    ck_assert(memcmp(g1, g3, sizeof g1) == 0 && memcmp(p1, p3, sizeof p1) == 0);
    gradus_problem_close(one);
    gradus_problem_close(three);
    unlink(path);
}
END_TEST

START_TEST(refusals) {
    gradus_problem *p;
    gradus_error why;
    char spec[128];
    write_data(CLASSES);
    snprintf(spec, sizeof spec, "logistic:data=%s", path);
    ck_assert_int_eq(gradus_problem_create(&p, spec, 1, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "two classes");
    snprintf(spec, sizeof spec, "softmax:data=%s,validation=1.5", path);
    ck_assert_int_eq(gradus_problem_create(&p, spec, 1, &why), GRADUS_EINPUT);
    assert_contains(why.text, "validation=1.5");
    snprintf(spec, sizeof spec, "softmax:data=%s,features=3", path);
    ck_assert_int_eq(gradus_problem_create(&p, spec, 1, &why), GRADUS_EINPUT);
    assert_contains(why.text, path);
    unlink(path);
}
END_TEST

TEST_MAIN("linear", value_at_zero, large_margins, softmax_of_two_is_logistic,
          batches_average, regulariser, scaling, scaling_knows_no_units, signals, products, diagonal,
          products_follow_the_batch, validation_is_held_out, test_set,
          same_bits_for_any_threads, refusals)
