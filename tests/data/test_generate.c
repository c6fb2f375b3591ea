/* Generated data: the same again for the same name, shaped as asked, with labels that can be
   learned; and names that are refused.  */

#include "data/dataset.h"
#include "files.h"

#include <math.h>

static void make(gradus_dataset *data, const char *name, size_t features,
                 gradus_storing storing) {
    gradus_error why = {0};
    gradus_err err =
        gradus_dataset_open_stored(data, name, GRADUS_TRAINING, features, storing, &why);
    ck_assert_msg(err == GRADUS_OK, "%s: %s", name, why.text);
}

static size_t count_entries(const gradus_dataset *data) {
    size_t count = 0;
    for (size_t i = 0; i < data->examples; i++)
        count += data->rows[i].count;
    return count;
}

static void check_rows(const gradus_dataset *data) {
    for (size_t i = 0; i < data->examples; i++)
        for (size_t e = 0; e < data->rows[i].count; e++) {
            const uint32_t *columns = data->rows[i].columns;
            ck_assert_uint_lt(columns[e], data->features);
            ck_assert(e == 0 || columns[e] > columns[e - 1]);
            ck_assert(isfinite(data->rows[i].values[e]));
        }
}

/* The same name gives the same bits, another seed others.  */
START_TEST(a_name_stands_for_its_data) {
    static const char *const names[] = {"random:examples=300:density=0.03",
                                        "words:examples=300:features=500:classes=5"};
    for (size_t i = 0; i < 2; i++) {
        gradus_dataset a, b, other;
        char name[128];
        make(&a, names[i], 0, GRADUS_STORE_SPARSE);
        make(&b, names[i], 0, GRADUS_STORE_SPARSE);
        snprintf(name, sizeof name, "%s:seed=2", names[i]);
        make(&other, name, 0, GRADUS_STORE_SPARSE);
        size_t entries = count_entries(&a);
        ck_assert_uint_eq(entries, count_entries(&b));
        ck_assert_mem_eq(a.doubles, b.doubles, entries * sizeof *a.doubles);
        ck_assert_mem_eq(a.columns, b.columns, entries * sizeof *a.columns);
        ck_assert_mem_eq(a.labels, b.labels, a.examples * sizeof *a.labels);
        ck_assert_str_eq(a.sources[0].path, names[i]);
        ck_assert_str_eq(a.sources[0].checksum, b.sources[0].checksum);
        ck_assert_str_ne(a.sources[0].checksum, other.sources[0].checksum);
        check_rows(&a);
        gradus_dataset_close(&a);
        gradus_dataset_close(&b);
        gradus_dataset_close(&other);
    }
}
END_TEST

/* A share of entries p of n is off by more than 5 sqrt(p (1 - p) / n) once in two million; the
   mean and mean square of n normal numbers by more than 5 / sqrt(n) and 5 sqrt(2 / n) as
   rarely.  */
START_TEST(random_entries_are_as_many_and_normal) {
    gradus_dataset data;
    make(&data, "random:examples=2000:features=1000:density=0.02", 0, GRADUS_STORE_AUTO);
    ck_assert_int_eq(data.storage, GRADUS_SPARSE);
    check_rows(&data);
    double n = 2e6, entries = (double)count_entries(&data), mean = 0.0, square = 0.0;
    printf("share %g\n", entries / n);
    ck_assert(fabs(entries / n - 0.02) <= 5.0 * sqrt(0.02 * 0.98 / n));
    for (size_t e = 0; e < (size_t)entries; e++) {
        mean += data.doubles[e] / entries;
        square += data.doubles[e] * data.doubles[e] / entries;
    }
    printf("mean %g, mean square %g\n", mean, square);
    ck_assert(fabs(mean) <= 5.0 / sqrt(entries));
    ck_assert(fabs(square - 1.0) <= 5.0 * sqrt(2.0 / entries));
    gradus_dataset_close(&data);
    make(&data, "random:examples=7", 11, GRADUS_STORE_AUTO);
    ck_assert_int_eq(data.storage, GRADUS_DOUBLES);
    ck_assert_uint_eq(data.features, 11);
    for (size_t e = 0; e < 77; e++)
        ck_assert(data.doubles[e] != 0.0);
    gradus_dataset_close(&data);
}
END_TEST

/* Word r has probability 1/(r H): counts of the first words lie within five standard
   deviations.  A document's entries have norm 1, to a few roundings.  */
START_TEST(words_follow_zipf) {
    enum { EXAMPLES = 20000, FEATURES = 50 };
    gradus_dataset data;
    double counts[FEATURES] = {0.0}, harmonic = 0.0;
    double words = 0.0;
    make(&data, "words:examples=20000:features=50:length=40", 0, GRADUS_STORE_SPARSE);
    for (size_t j = 1; j <= FEATURES; j++)
        harmonic += 1.0 / (double)j;
    for (size_t i = 0; i < EXAMPLES; i++) {
        const gradus_sparse_row *row = &data.rows[i];
        double squares = 0.0, least = 1.0;
        for (size_t e = 0; e < row->count; e++) {
            squares += row->values[e] * row->values[e];
            least = fmin(least, row->values[e]);
        }
        ck_assert(fabs(squares - 1.0) <= 1e-14);
        for (size_t e = 0; e < row->count; e++) {
            /* the rarest word of 20 and more is there once, but for very few documents */
            double count = round(row->values[e] / least);
            counts[row->columns[e]] += count;
            words += count;
        }
    }
    printf("%g words in %d documents\n", words, EXAMPLES);
    ck_assert(words / EXAMPLES > 38.0 && words / EXAMPLES < 42.0);
    for (size_t j = 0; j < 10; j++) {
        double p = 1.0 / ((double)(j + 1) * harmonic);
        double deviation = fabs(counts[j] / words - p) / sqrt(p * (1.0 - p) / words);
        printf("word %zu: %g of its words, %g expected, %g deviations\n", j + 1,
               counts[j] / words, p, deviation);
        ck_assert(deviation <= 5.0);
    }
    gradus_dataset_close(&data);
}
END_TEST

START_TEST(mistakes_are_refused) {
    static const struct {
        const char *name, *says;
    } broken[] = {
        {"random:densty=0.1", "random has no parameter 'densty'|did you mean 'density'"},
        {"random:density=0", "random: density=0: expected a number in (0, 1]"},
        {"random:density=nan", "random: density=nan: expected"},
        {"random:examples=1", "random: examples=1: expected an integer"},
        {"random:examples", "random: 'examples': expected key=value"},
        {"random:features=5000000000", "random: features=5000000000: expected"},
        {"words:density=0.1", "words has no parameter 'density'"},
        {"words:classes=1", "words: classes=1: expected"},
        {"words:seed=1:seed=2", "words: seed is given twice"},
        {"random:features=11", "random:features=11: has 11 features, expected 12"},
        {"wrods", "'wrods' is neither a file nor|random, words"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        gradus_dataset data;
        gradus_error why = {0};
        size_t features = strcmp(broken[i].name, "random:features=11") == 0 ? 12 : 0;
        gradus_err err = gradus_dataset_open_stored(&data, broken[i].name, GRADUS_TRAINING,
                                                    features, GRADUS_STORE_AUTO, &why);
        check_sentence(broken[i].name, err, GRADUS_EINPUT, &why, broken[i].says);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_name_stands_for_its_data,
                                  random_entries_are_as_many_and_normal, words_follow_zipf,
                                  mistakes_are_refused};
    return run_tests("generate", tests, sizeof tests / sizeof *tests);
}
