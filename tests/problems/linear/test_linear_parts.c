/* Linear models on compressed rows: the same function as on dense ones, the same bits for any
   number of threads, and memory that runs out.  */

#include "core/problem.h"

#include "../../scarce.h"
#include "../../support.h"

#include <float.h>
#include <unistd.h>

enum { EXAMPLES = 1500, FEATURES = 90, CLASSES = 5, LARGEST = CLASSES * (FEATURES + 1) };

static char path[] = "sparse-XXXXXX";

/* Rows of 0 to 11 entries, the first columns in more rows than the last, label 0 to
   CLASSES - 1; column 7 is never there and column 0 always 0.625.  */
static void write_data(void) {
    strcpy(path, "sparse-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    for (uint64_t i = 0; i < EXAMPLES; i++) {
        fprintf(file, "%d", (int)(scrambled(i) % CLASSES));
        uint64_t wanted = scrambled(7777 + i) % 12;
        if (wanted > 0)
            fprintf(file, " 1:0.625");
        for (uint64_t j = 1; j < FEATURES; j++)
            if (j != 7 && scrambled(i * FEATURES + j) % (10 * j) < wanted)
                fprintf(file, " %d:%.17g", (int)j + 1, 3.1 * noise(i * FEATURES + j));
        fprintf(file, "\n");
    }
    ck_assert(fclose(file) == 0);
}

static gradus_problem *open_spec(const char *options, const char *storage, size_t threads) {
    gradus_problem *problem;
    gradus_error why = {0};
    char spec[256];
    snprintf(spec, sizeof spec, "softmax:data=%s,features=%d,storage=%s%s", path, FEATURES,
             storage, options);
    gradus_err err = gradus_problem_create(&problem, spec, threads, &why);
    ck_assert_msg(!err, "%s", why.text);
    ck_assert_uint_eq(problem->dimension, LARGEST);
    return problem;
}

static const char *const variants[] = {"", ",l2=0.01", ",l2=0.01,scaling=standard",
                                       ",scaling=max,validation=0.3",
                                       ",scaling=standard,validation=0.3"};
enum { VARIANTS = sizeof variants / sizeof *variants, BATCHES = 3 };

/* All; some, in an order of their own and some twice; one piece with empty rows.  */
static gradus_batch make_batch(const gradus_problem *p, int which, size_t rows[]) {
    if (which == 0)
        return (gradus_batch){.count = p->examples};
    size_t count = which == 1 ? 700 : 33;
    for (size_t i = 0; i < count; i++)
        rows[i] = scrambled(i) % p->examples;
    return (gradus_batch){.count = count, .rows = rows};
}

typedef struct {
    double value, gradient[LARGEST], product[LARGEST];
    gradus_metrics metrics;
} answer_t;

static void ask(gradus_problem *p, int which, answer_t *out) {
    static size_t rows[EXAMPLES];
    double x[LARGEST], v[LARGEST], alone;
    gradus_batch batch = make_batch(p, which, rows);
    memset(out, 0, sizeof *out);
    for (size_t j = 0; j < LARGEST; j++) {
        x[j] = 0.4 * noise(31 + j);
        v[j] = noise(4001 + j);
    }
    assert_ok(p->type->evaluate(p->self, &batch, x, &out->value, out->gradient));
    assert_ok(p->type->evaluate(p->self, &batch, x, &alone, NULL));
    ck_assert(same_bits(alone, out->value));
    assert_ok(p->type->product(p->self, &batch, x, v, out->product));
    size_t count = p->type->subset_examples(p->self, GRADUS_VALIDATION);
    if (count)
        assert_ok(p->type->measure(p->self, GRADUS_VALIDATION, count, x, &out->metrics));
}

/* A score is a sum of at most 13 terms, and with `standard` one of FEATURES more in the
   offset, of sizes to 30; values and gradients are means of 1500 numbers below 10, added in
   different orders: 1500 * 10 * eps is 3e-12, and rounding's signs are not all the same.  */
START_TEST(sparse_is_dense) {
    static answer_t dense, sparse;
    write_data();
    double worst = 0.0;
    for (size_t i = 0; i < VARIANTS; i++) {
        gradus_problem *d = open_spec(variants[i], "dense", 1);
        gradus_problem *s = open_spec(variants[i], "sparse", 1);
        for (int which = 0; which < BATCHES; which++) {
            ask(d, which, &dense);
            ask(s, which, &sparse);
            worst = fmax(worst, fabs(dense.value - sparse.value));
            worst = fmax(worst, fabs(dense.metrics.value - sparse.metrics.value));
            ck_assert(dense.metrics.accuracy == sparse.metrics.accuracy);
            for (size_t j = 0; j < LARGEST; j++) {
                worst = fmax(worst, fabs(dense.gradient[j] - sparse.gradient[j]));
                worst = fmax(worst, fabs(dense.product[j] - sparse.product[j]));
            }
            ck_assert(isfinite(sparse.value) && sparse.value > 0.1);
        }
        gradus_problem_close(d);
        gradus_problem_close(s);
    }
    unlink(path);
    assert_at_most("largest difference", worst, 3e-12);
}
END_TEST

START_TEST(inputs_are_rows_made_dense) {
    static size_t rows[EXAMPLES];
    static double dense[700 * FEATURES], sparse[700 * FEATURES];
    double worst = 0.0, x[LARGEST] = {0.0}, *const to_dense[] = {dense};
    double *const to_sparse[] = {sparse};
    write_data();
    for (size_t i = 0; i < VARIANTS; i++) {
        gradus_problem *d = open_spec(variants[i], "dense", 1);
        gradus_problem *s = open_spec(variants[i], "sparse", 1);
        gradus_batch batch = make_batch(d, 1, rows);
        assert_ok(d->type->inputs(d->self, &batch, x, to_dense));
        assert_ok(s->type->inputs(s->self, &batch, x, to_sparse));
        for (size_t j = 0; j < batch.count * FEATURES; j++)
            worst = fmax(worst, fabs(dense[j] - sparse[j]));
        gradus_problem_close(d);
        gradus_problem_close(s);
    }
    unlink(path);
    /* means and deviations of 1500 numbers, in two ways; entries to 40 */
    assert_at_most("largest difference", worst, 1e-12);
}
END_TEST

START_TEST(any_number_of_threads_gives_the_same_bits) {
    static answer_t one, more;
    write_data();
    for (size_t i = 0; i < VARIANTS; i++)
        for (size_t threads = 2; threads <= 7; threads += i + 1) {
            gradus_problem *p = open_spec(variants[i], "sparse", 1);
            gradus_problem *q = open_spec(variants[i], "sparse", threads);
            for (int which = 0; which < BATCHES; which++) {
                ask(p, which, &one);
                ask(q, which, &more);
                ck_assert_mem_eq(&one, &more, sizeof one);
            }
            gradus_problem_close(p);
            gradus_problem_close(q);
        }
    unlink(path);
}
END_TEST

/* What is listed is at most one entry in four here.  */
START_TEST(auto_takes_the_sparse_path) {
    static answer_t automatic, sparse;
    write_data();
    gradus_problem *p = open_spec("", "auto", 1), *q = open_spec("", "sparse", 1);
    ask(p, 0, &automatic);
    ask(q, 0, &sparse);
    ck_assert_mem_eq(&automatic, &sparse, sizeof sparse);
    gradus_problem_close(p);
    gradus_problem_close(q);
    unlink(path);
}
END_TEST

START_TEST(memory_runs_out) {
    write_data();
    const char *const specs[] = {
        "softmax:data=%s,storage=sparse,scaling=standard,validation=0.3",
        "logistic:data=words:examples=30:features=40:length=9",
        "softmax:data=random:examples=30:features=40:density=0.1:classes=3,scaling=max"};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        char spec[256];
        snprintf(spec, sizeof spec, "%.*s%s%s", (int)strcspn(specs[i], "%"), specs[i],
                 strchr(specs[i], '%') ? path : "",
                 strchr(specs[i], '%') ? strchr(specs[i], '%') + 2 : "");
        for (long k = 0;; k++) {
            gradus_problem *problem = NULL;
            gradus_error why = {0};
            budget = k;
            gradus_err err = gradus_problem_create(&problem, spec, 2, &why);
            bool through = budget >= 0;
            budget = LONG_MAX;
            gradus_problem_close(problem);
            ck_assert_msg(live == 0, "%s: %ld blocks leak at %ld", spec, live, k);
            ck_assert_msg(err == (through ? GRADUS_OK : GRADUS_ENOMEM), "%s, %ld: %s", spec,
                          k, why.text);
            if (through)
                break;
            assert_sentence(why.text);
        }
    }
    unlink(path);
}
END_TEST

START_TEST(storage_that_cannot_be_is_refused) {
    static const struct {
        const char *spec, *says;
    } broken[] = {
        {"logistic:data=words,storage=spares", "expected dense|auto|sparse"},
        {"softmax:data=idx:here-,storage=sparse",
         "storage=sparse: expected LIBSVM text, random or words"},
        {"logistic:data=words:features=400000:length=2,storage=dense",
         "words:features=400000:length=2: 10000 examples of 400000 features would take"}};
    static const unsigned char image[] = {0, 0, 8, 3, 0, 0, 0, 2, 0,
                                          0, 0, 1, 0, 0, 0, 1, 1, 2};
    static const unsigned char label[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    FILE *file = fopen("here-train-images-idx3-ubyte", "wb");
    ck_assert(file && fwrite(image, sizeof image, 1, file) == 1 && fclose(file) == 0);
    file = fopen("here-train-labels-idx1-ubyte", "wb");
    ck_assert(file && fwrite(label, sizeof label, 1, file) == 1 && fclose(file) == 0);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        gradus_problem *problem = NULL;
        gradus_error why = {0};
        ck_assert_int_eq(gradus_problem_create(&problem, broken[i].spec, 1, &why),
                         GRADUS_EINPUT);
        puts(why.text);
        assert_sentence(why.text);
        assert_contains(why.text, broken[i].says);
    }
    unlink("here-train-images-idx3-ubyte");
    unlink("here-train-labels-idx1-ubyte");
}
END_TEST

TEST_MAIN("sparse linear models", sparse_is_dense, inputs_are_rows_made_dense,
          any_number_of_threads_gives_the_same_bits, auto_takes_the_sparse_path,
          memory_runs_out, storage_that_cannot_be_is_refused)
