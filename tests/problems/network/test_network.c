/* Networks: values and gradients against PyTorch, paths against each other, the layer view,
   metrics, refusals.  */

#include "problems/network/network.h"

#include "network_data.h"
#include "network_values.h"

#include "base/stream.h"
#include "problems/network/network_pass.h"

#include <float.h>

enum { FEW = 11, MANY = 1500, CASES = sizeof network_values / sizeof *network_values };

/* Values of size 1 to 10 and sums of at most 70 terms of size 1, rounded in another order than
   PyTorch's: 1e-12 is some thousand roundings.  */
static const double TORCH = 1e-12;

START_TEST(against_pytorch) {
    double x[128], g[128], value;
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++) {
        gradus_problem *p = open_spec(network_values[c].spec, 1);
        const gradus_batch all = {.count = FEW};
        ck_assert_uint_eq(p->dimension, network_values[c].dimension);
        fill_point(p->dimension, x);
        assert_ok(p->type->evaluate(p->self, &all, x, &value, g));
        assert_close(value, network_values[c].value, TORCH);
        double worst = 0.0;
        for (size_t i = 0; i < p->dimension; i++)
            worst = fmax(worst, fabs(g[i] - network_values[c].gradient[i]));
        assert_at_most(network_values[c].spec, worst, TORCH);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* Differences of the value at four points along every parameter: their error is h^4 / 30 times a
   fifth derivative, below 1e9 where the variances that a batch is normalised by are 1e-4, and 1e-16 / h
   times a value below 10; ten times these 1e-10 is allowed.  */
static void check_gradient(const char *spec) {
    static const double weights[] = {1.0, -8.0, 0.0, 8.0, -1.0}, h = 1e-5;
    double x[256], g[256], value, worst = 0.0;
    gradus_problem *p = open_spec(spec, 1);
    const gradus_batch all = {.count = FEW};
    fill_point(p->dimension, x);
    assert_ok(p->type->evaluate(p->self, &all, x, NULL, g));
    for (size_t i = 0; i < p->dimension; i++) {
        double at = x[i], slope = 0.0;
        for (int k = 0; k < 5; k++) {
            x[i] = at + (k - 2) * h;
            assert_ok(p->type->evaluate(p->self, &all, x, &value, NULL));
            slope += weights[k] * value / (12.0 * h);
        }
        x[i] = at;
        worst = fmax(worst, fabs(slope - g[i]));
    }
    assert_at_most(spec, worst, 1e-9);
    gradus_problem_close(p);
}

START_TEST(against_differences) {
    static const char *const normalised[] = {
        "autoencoder:layers=4-2,batch_norm=yes",
        "autoencoder:layers=4-2,activation=tanh,loss=squared,batch_norm=yes,l2=0.01",
        "network:layers=4-3,batch_norm=yes"};
    write_data(FEW, CLASSES, 1.0);
    for (size_t c = 0; c < CASES; c++)
        check_gradient(network_values[c].spec);
    for (size_t c = 0; c < sizeof normalised / sizeof *normalised; c++)
        check_gradient(normalised[c]);
    unlink(path);
}
END_TEST

/* The mean over disjoint batches of equal size is the full batch's, whichever of the three
   ways each of them is evaluated: one pass, passes in a row (the second network has too many
   parameters for blocks), or blocks of examples.  Two ways of adding up 1500 terms differ by
   at most 1500 roundings of their mean size, which is below 10; 1e-12 allows a few times
   that.  */
START_TEST(paths_agree) {
    static const char *const specs[] = {"autoencoder:layers=40-3,l2=0.01",
                                        "network:layers=900-600,activation=tanh,l2=0.01"};
    enum { PARTS = 6, PART = MANY / PARTS };
    static size_t rows[MANY];
    write_data(MANY, CLASSES, 1.0);
    for (size_t i = 0; i < MANY; i++)
        rows[i] = (i * 77 + 13) % MANY;
    for (size_t s = 0; s < 2; s++) {
        gradus_problem *p = open_spec(specs[s], 1);
        const gradus_network *net = p->self;
        ck_assert((net->blocks != NULL) == (s == 0));
        ck_assert_uint_lt(net->chunk, MANY);
        ck_assert_uint_ge(net->chunk, PART);
        size_t n = p->dimension;
        double *x = numbers(n), *whole = numbers(n), *part = numbers(n), *sum = numbers(n);
        double value, alone, total = 0.0, other, worst = 0.0;
        fill_point(n, x);
        const gradus_batch all = {.count = MANY};
        assert_ok(p->type->evaluate(p->self, &all, x, &value, whole));
        assert_ok(p->type->evaluate(p->self, &all, x, &alone, NULL));
        ck_assert(same_bits(value, alone));
        for (size_t i = 0; i < PARTS; i++) {
            const gradus_batch some = {.count = PART, .rows = rows + i * PART};
            assert_ok(p->type->evaluate(p->self, &some, x, &other, part));
            total += other / PARTS;
            for (size_t j = 0; j < n; j++)
                sum[j] += part[j] / PARTS;
        }
        assert_close(total, value, 1e-12);
        for (size_t j = 0; j < n; j++)
            worst = fmax(worst, fabs(sum[j] - whole[j]));
        assert_at_most(specs[s], worst, 1e-12);
        free(x), free(whole), free(part), free(sum);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* Activations are kept for a chunk of examples, however many there are.  */
START_TEST(memory_is_bounded) {
    size_t doubles[2];
    for (size_t i = 0; i < 2; i++) {
        write_data(i ? 6000 : 2000, CLASSES, 1.0);
        gradus_problem *p = open_spec("autoencoder:layers=300-3", 1);
        const gradus_network *net = p->self;
        doubles[i] = gradus_pass_size(net, net->chunk);
        gradus_problem_close(p);
        unlink(path);
    }
    ck_assert_uint_eq(doubles[0], doubles[1]);
}
END_TEST

/* Wide enough for tiles and threads, in one pass, in passes in a row and in blocks.  */
START_TEST(same_bits_for_any_threads) {
    static const char *const specs[] = {"autoencoder:layers=300-150,l2=0.01",
                                        "network:layers=900-600,activation=relu"};
    write_data(MANY, CLASSES, 1.0);
    for (size_t s = 0; s < 2; s++) {
        gradus_problem *p[3];
        double *g[3], *Hv[3], *Gv[3], value[3];
        for (size_t t = 0; t < 3; t++)
            p[t] = open_spec(specs[s], t + 1);
        size_t n = p[0]->dimension;
        double *x = numbers(n), *v = numbers(n);
        fill_point(n, x), fill_direction(n, v);
        for (size_t t = 0; t < 3; t++)
            g[t] = numbers(n), Hv[t] = numbers(n), Gv[t] = numbers(n);
        for (size_t count = 200; count <= MANY; count += MANY - 200) {
            const gradus_batch some = {.count = count};
            for (size_t t = 0; t < 3; t++) {
                const gradus_problem_type *type = p[t]->type;
                assert_ok(type->evaluate(p[t]->self, &some, x, &value[t], g[t]));
                assert_ok(type->product(p[t]->self, &some, x, v, Hv[t]));
                assert_ok(type->gauss_newton(p[t]->self, &some, x, v, Gv[t]));
                ck_assert(same_bits(value[t], value[0]));
                ck_assert(memcmp(g[t], g[0], n * sizeof **g) == 0);
                ck_assert(memcmp(Hv[t], Hv[0], n * sizeof **g) == 0);
                ck_assert(memcmp(Gv[t], Gv[0], n * sizeof **g) == 0);
            }
        }
        for (size_t t = 0; t < 3; t++) {
            free(g[t]), free(Hv[t]), free(Gv[t]);
            gradus_problem_close(p[t]);
        }
        free(x), free(v);
    }
    unlink(path);
}
END_TEST

/* ---- The layer view ---- */

typedef struct {
    double *inputs[8], *signals[8];
    gradus_layer layers[8];
    size_t count;
} view_t;

static void open_view(view_t *view, const gradus_problem *p, size_t examples) {
    view->count = p->type->layers(p->self);
    ck_assert_uint_le(view->count, 8);
    for (size_t l = 0; l < view->count; l++) {
        p->type->layer(p->self, l, &view->layers[l]);
        view->inputs[l] = numbers(examples * view->layers[l].inputs);
        view->signals[l] = numbers(examples * view->layers[l].outputs);
    }
}

static void close_view(view_t *view) {
    for (size_t l = 0; l < view->count; l++)
        free(view->inputs[l]), free(view->signals[l]);
}

/* The largest difference between the mean of signal x input and a gradient.  */
static double compare_view(const view_t *view, size_t examples, const double g[]) {
    double worst = 0.0;
    for (size_t l = 0; l < view->count; l++) {
        const gradus_layer *s = &view->layers[l];
        for (size_t k = 0; k < s->outputs; k++)
            for (size_t j = 0; j <= s->inputs; j++) {
                double sum = 0.0;
                for (size_t i = 0; i < examples; i++)
                    sum += view->signals[l][i * s->outputs + k] *
                           (j < s->inputs ? view->inputs[l][i * s->inputs + j] : 1.0);
                size_t at = j < s->inputs ? s->weights + k * s->inputs + j : s->biases + k;
                worst = fmax(worst, fabs(sum / (double)examples - g[at]));
            }
    }
    return worst;
}

/* The gradient is the mean of signal x input; entries that are NULL are skipped; of targets
   drawn from the outputs, the mean signal of the last layer is 0.  */
START_TEST(signals) {
    static const char *const specs[] = {"autoencoder:layers=7-3",
                                        "autoencoder:layers=7-3,loss=squared",
                                        "network:layers=7-4,activation=tanh"};
    enum { EXAMPLES = 700, DRAWS = 30 };
    write_data(EXAMPLES, CLASSES, 1.0);
    for (size_t s = 0; s < 3; s++) {
        gradus_problem *p = open_spec(specs[s], 2);
        view_t view;
        double x[256], g[256], value, mean = 0.0, square = 0.0;
        const gradus_batch all = {.count = EXAMPLES};
        open_view(&view, p, EXAMPLES);
        fill_point(p->dimension, x);
        assert_ok(p->type->evaluate(p->self, &all, x, &value, g));
        assert_ok(p->type->signals(p->self, &all, NULL, x, view.inputs, view.signals));
        /* sums of 700 terms of size 1 or less */
        assert_at_most(specs[s], compare_view(&view, EXAMPLES, g), 1e-13);

        double *again = numbers(EXAMPLES * view.layers[1].inputs), *only[8] = {NULL, again};
        assert_ok(p->type->inputs(p->self, &all, x, only));
        ck_assert(memcmp(again, view.inputs[1],
                         EXAMPLES * view.layers[1].inputs * sizeof *again) == 0);
        free(again);

        gradus_stream *stream = gradus_stream_open(5, GRADUS_FOR_SAMPLES);
        size_t last = view.count - 1, k = view.layers[last].outputs;
        double *none[8] = {NULL}, *wanted[8] = {NULL};
        wanted[last] = view.signals[last];
        for (int draw = 0; draw < DRAWS; draw++) {
            assert_ok(p->type->signals(p->self, &all, stream, x, none, wanted));
            for (size_t i = 0; i < EXAMPLES; i++)
                mean += wanted[last][i * k], square += pow(wanted[last][i * k], 2);
        }
        /* six standard deviations; the seed is fixed */
        double count = DRAWS * EXAMPLES;
        assert_at_most("mean of drawn signals", fabs(mean / count),
                       6.0 * sqrt(square) / count);
        ck_assert(square > 0.0);
        gradus_stream_close(stream);
        close_view(&view);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* ---- Metrics ---- */

/* The data are their own test set.  A classifier's value is that without the regulariser, and
   its accuracy is counted from the signals of the last layer, y - t: the largest output is
   the label's exactly when none of the others is above it.  An autoencoder's is the squared
   error: twice the value of the squared loss.  */
START_TEST(metrics) {
    double x[256], value;
    gradus_metrics m;
    char spec[128];
    write_data(FEW, CLASSES, 1.0);
    const gradus_batch all = {.count = FEW};
    snprintf(spec, sizeof spec, "network:layers=6,l2=3,test=%s", path);
    gradus_problem *p = open_spec(spec, 1), *plain = open_spec("network:layers=6", 1);
    fill_point(p->dimension, x);
    for (size_t count = FEW - 2; count <= FEW; count++) {
        const gradus_batch some = {.count = count};
        assert_ok(plain->type->evaluate(plain->self, &some, x, &value, NULL));
        assert_ok(p->type->measure(p->self, GRADUS_TEST, count, x, &m));
        assert_close(m.value, value, 1e-14);
    }
    view_t view;
    open_view(&view, p, FEW);
    assert_ok(p->type->signals(p->self, &all, NULL, x, view.inputs, view.signals));
    double right = 0.0;
    for (size_t i = 0; i < FEW; i++) {
        const double *d = view.signals[1] + i * CLASSES;
        size_t label = i % CLASSES;
        bool best = true;
        for (size_t k = 0; k < CLASSES; k++)
            best = best && (k == label || d[k] < d[label] + 1.0);
        right += best;
    }
    assert_close(m.accuracy, right / FEW, 1e-15);
    ck_assert(right > 0.0 && right < FEW);
    close_view(&view);
    gradus_problem_close(p);
    gradus_problem_close(plain);

    snprintf(spec, sizeof spec, "autoencoder:layers=4,loss=squared,l2=3,test=%s", path);
    p = open_spec(spec, 1), plain = open_spec("autoencoder:layers=4,loss=squared", 1);
    assert_ok(plain->type->evaluate(plain->self, &all, x, &value, NULL));
    assert_ok(p->type->measure(p->self, GRADUS_TEST, FEW, x, &m));
    assert_close(m.value, 2.0 * value, 1e-14);
    ck_assert(isnan(m.accuracy));
    double inputs[FEW * FEATURES], outputs[FEW * FEATURES], error = 0.0;
    assert_ok(p->type->reconstruct(p->self, FEW, x, inputs, outputs));
    for (size_t i = 0; i < FEW * FEATURES; i++) {
        ck_assert(inputs[i] == entry(i / FEATURES, i % FEATURES));
        error += pow(outputs[i] - inputs[i], 2) / FEW;
    }
    assert_close(m.value, error, 1e-14);
    gradus_problem_close(p);
    gradus_problem_close(plain);
    unlink(path);
}
END_TEST

/* A validation part is held out of what is trained on, without labels too.  */
START_TEST(validation_is_held_out) {
    double x[256];
    gradus_metrics m;
    write_data(100, CLASSES, 1.0);
    gradus_problem *p = open_spec("autoencoder:layers=4,validation=0.25", 1);
    ck_assert_uint_eq(p->examples, 75);
    ck_assert_uint_eq(p->type->subset_examples(p->self, GRADUS_VALIDATION), 25);
    fill_point(p->dimension, x);
    assert_ok(p->type->measure(p->self, GRADUS_VALIDATION, 25, x, &m));
    ck_assert(m.value > 0.0 && m.value < 10.0);
    gradus_problem_close(p);
    unlink(path);
}
END_TEST

/* Sums of +-1e5 saturate every unit: nothing overflows, and NaN comes out as NaN.  */
START_TEST(large_and_not_finite) {
    static const char *const specs[] = {"autoencoder:layers=4-2",
                                        "autoencoder:layers=4-2,activation=tanh",
                                        "network:layers=4,activation=relu"};
    double x[256], g[256], value;
    write_data(FEW, CLASSES, 1.0);
    const gradus_batch all = {.count = FEW};
    for (size_t s = 0; s < 3; s++) {
        gradus_problem *p = open_spec(specs[s], 1);
        fill_point(p->dimension, x);
        for (size_t i = 0; i < p->dimension; i++)
            x[i] *= 1e5;
        assert_ok(p->type->evaluate(p->self, &all, x, &value, g));
        bool finite = isfinite(value);
        for (size_t i = 0; i < p->dimension; i++)
            finite = finite && isfinite(g[i]);
        ck_assert_msg(finite, "%s: %g", specs[s], value);
        x[3] = NAN;
        assert_ok(p->type->evaluate(p->self, &all, x, &value, g));
        ck_assert_msg(isnan(value), "%s: %g", specs[s], value);
        gradus_problem_close(p);
    }
    unlink(path);
}
END_TEST

/* ---- Mistakes ---- */

START_TEST(refusals) {
    static const struct {
        const char *spec, *part;
    } cases[] = {
        {"autoencoder:layers=10-0-5", "layers=10-0-5: layer 2: expected a number of units"},
        {"autoencoder:layers=", "layer 1: expected a number of units"},
        {"network:layers=10-", "layer 2: expected a number of units"},
        {"network:layers=10--5", "layer 2: expected a number of units"},
        {"network:layers=10x5", "layer 1: expected a number of units"},
        {"network:layers=5000000", "from 1 to 1000000"},
        {"network:layers=99999999999999999999", "from 1 to 1000000"},
        {"network:layers=1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
         "at most 31 layers"},
        {"network:layers=5,features=3", "expected an index of at most 3"},
        {"autoencoder:scale=0", "scale=0: expected a number in (0, inf)"},
        {"autoencoder:loss=softmax", "loss=softmax: expected bernoulli|squared"},
    };
    gradus_problem *p;
    gradus_error why;
    write_data(FEW, CLASSES, 1.0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(try_spec(&p, cases[i].spec, 1, &why) == GRADUS_EINPUT, "%s",
                      cases[i].spec);
        printf("%s\n", why.text);
        assert_sentence(why.text);
        assert_contains(why.text, cases[i].part);
    }
    unlink(path);
    write_data(FEW, 1, 1.5);
    ck_assert_int_eq(try_spec(&p, "network:layers=5", 1, &why), GRADUS_EINPUT);
    assert_contains(why.text, "expected two classes or more, found 1");
    ck_assert_int_eq(try_spec(&p, "autoencoder:layers=5", 1, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "loss=bernoulli expects entries in [0, 1], but feature");
    gradus_problem_close(open_spec("autoencoder:layers=5,loss=squared", 1));
    unlink(path);
}
END_TEST

TEST_MAIN("network", against_pytorch, against_differences, paths_agree, memory_is_bounded,
          same_bits_for_any_threads, signals, metrics, validation_is_held_out,
          large_and_not_finite, refusals)
