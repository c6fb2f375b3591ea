/* What is collected comes back, dense or in compressed rows; the rule between the two; and
   sizes that are refused.  */

#include "data/collect.h"

#include "files.h"

enum { EXAMPLES = 900, FEATURES = 300 };

/* Entry (i, j), mostly absent.  Rows of every length; row 0, the last and some between are
   empty.  */
static bool entry(size_t i, size_t j, double *value) {
    *value = (double)(i * FEATURES + j) + 0.5;
    return i % 10 != 0 && i != EXAMPLES - 1 && (i * 31 + j * 17) % 10 < i % 4;
}

static void collect(gradus_collector *c) {
    double value;
    *c = (gradus_collector){0};
    for (size_t i = 0; i < EXAMPLES; i++) {
        for (size_t j = 0; j < FEATURES; j++)
            if (entry(i, j, &value))
                ck_assert(gradus_collect_entry(c, (uint32_t)j, value));
        ck_assert(gradus_collect_row(c, (double)i));
    }
}

static void finish(gradus_collector *c, gradus_dataset *out, gradus_storing storing) {
    *out = (gradus_dataset){0};
    ck_assert_int_eq(gradus_collector_finish(c, out, "name", FEATURES, storing, NULL),
                     GRADUS_OK);
    ck_assert_ptr_null(c->first);
    ck_assert_uint_eq(out->examples, EXAMPLES);
    ck_assert_uint_eq(out->features, FEATURES);
    for (size_t i = 0; i < EXAMPLES; i++)
        ck_assert_double_eq(out->labels[i], (double)i);
}

START_TEST(everything_comes_back) {
    gradus_collector c;
    gradus_dataset dense, sparse;
    double value;
    size_t entries = 0;
    collect(&c);
    ck_assert_uint_gt(c.entries, GRADUS_CHUNK); /* more than one chunk */
    finish(&c, &dense, GRADUS_STORE_DENSE);
    collect(&c);
    finish(&c, &sparse, GRADUS_STORE_SPARSE);
    for (size_t i = 0; i < EXAMPLES; i++) {
        const gradus_sparse_row *row = &sparse.rows[i];
        size_t e = 0;
        for (size_t j = 0; j < FEATURES; j++) {
            bool there = entry(i, j, &value);
            ck_assert(dense.doubles[i * FEATURES + j] == (there ? value : 0.0));
            if (!there)
                continue;
            ck_assert(e < row->count && row->columns[e] == j && row->values[e] == value);
            e++;
        }
        ck_assert_uint_eq(row->count, e);
        entries += e;
    }
    printf("%zu entries\n", entries);
    gradus_dataset_close(&dense);
    gradus_dataset_close(&sparse);
}
END_TEST

/* Four features: one entry in four is sparse, one more is not.  */
START_TEST(auto_goes_by_density) {
    for (int more = 0; more < 2; more++) {
        gradus_collector c = {0};
        gradus_dataset data = {0};
        for (uint32_t i = 0; i < 100; i++) {
            ck_assert(gradus_collect_entry(&c, i % 2, 1.0));
            if (more && i == 50)
                ck_assert(gradus_collect_entry(&c, 3, 1.0));
            ck_assert(gradus_collect_row(&c, 0.0));
        }
        ck_assert_int_eq(
            gradus_collector_finish(&c, &data, "name", 4, GRADUS_STORE_AUTO, NULL),
            GRADUS_OK);
        ck_assert_int_eq(data.storage, more ? GRADUS_DOUBLES : GRADUS_SPARSE);
        gradus_dataset_close(&data);
    }
}
END_TEST

/* Wide data would not fit in dense rows, and do as they are.  */
START_TEST(wide_data_stay_sparse) {
    const size_t features = (size_t)1 << 32;
    for (int sparse = 0; sparse < 2; sparse++) {
        gradus_collector c = {0};
        gradus_dataset data = {0};
        gradus_error why = {0};
        ck_assert(gradus_collect_entry(&c, UINT32_MAX, 2.385));
        ck_assert(gradus_collect_row(&c, 1.0));
        ck_assert_uint_eq(c.columns, features);
        gradus_err err =
            gradus_collector_finish(&c, &data, "wide", features,
                                    sparse ? GRADUS_STORE_AUTO : GRADUS_STORE_DENSE, &why);
        if (!sparse) {
            check_sentence("wide", err, GRADUS_EINPUT, &why,
                           "wide: 1 examples of 4294967296 features|32 GiB|storage=sparse");
        } else {
            ck_assert_int_eq(err, GRADUS_OK);
            ck_assert_uint_eq(data.rows[0].columns[0], UINT32_MAX);
            ck_assert_double_eq(data.rows[0].values[0], 2.385);
        }
        gradus_collector_close(&c);
        gradus_dataset_close(&data);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {everything_comes_back, auto_goes_by_density,
                                  wide_data_stay_sparse};
    return run_tests("collect", tests, sizeof tests / sizeof *tests);
}
