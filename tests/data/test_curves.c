/* The generated images: size, repeatable, and statistics.  */

#include "data/dataset.h"

#include "../support.h"

#include "linalg/eigen.h"
#include "linalg/product.h"

enum { PIXELS = 784, COMPONENTS = 18, BLOCK = 500 };

/* Covariance of the first COUNT images, and what every pixel is on average.  */
static void covariance(const gradus_dataset *data, size_t count, double *S, double mean[]) {
    double *rows = calloc(BLOCK * PIXELS, sizeof *rows);
    ck_assert_ptr_nonnull(rows);
    for (size_t i = 0; i < count * PIXELS; i++)
        mean[i % PIXELS] += data->scale * data->bytes[i] / (double)count;
    for (size_t first = 0; first < count; first += BLOCK) {
        for (size_t i = 0; i < BLOCK * PIXELS; i++)
            rows[i] = data->scale * data->bytes[first * PIXELS + i] - mean[i % PIXELS];
        gradus_add_gram(PIXELS, BLOCK, rows, S, 1);
    }
    for (size_t i = 0; i < (size_t)PIXELS * PIXELS; i++)
        S[i] /= (double)count;
    free(rows);
}

/* 18 principal components leave 5.9 +- 0.3, which the parameters of the generator were fitted
   to; total variance near 27 and a mean pixel near 0.074 belong to it.  */
START_TEST(statistics) {
    enum { COUNT = 3000 };
    gradus_dataset data;
    static double mean[PIXELS], values[PIXELS];
    double *S = calloc((size_t)PIXELS * PIXELS, sizeof *S);
    void *workspace = malloc(gradus_eigen_workspace(PIXELS));
    ck_assert(S && workspace);
    assert_ok(gradus_dataset_open(&data, "curves", GRADUS_TESTING, 0, NULL));
    covariance(&data, COUNT, S, mean);
    ck_assert_int_eq(gradus_eigen(PIXELS, S, values, workspace), GRADUS_EIGEN_OK);
    double level = 0.0, total = 0.0, left = 0.0;
    for (size_t i = 0; i < PIXELS; i++) {
        level += mean[i] / PIXELS, total += values[i];
        left += i < PIXELS - COMPONENTS ? values[i] : 0.0;
    }
    assert_at_most("error of 18 principal components - 5.9", fabs(left - 5.9), 0.3);
    assert_at_most("total variance - 27", fabs(total - 27.0), 1.0);
    assert_at_most("mean pixel - 0.074", fabs(level - 0.074), 0.003);
    gradus_dataset_close(&data);
    free(S), free(workspace);
}
END_TEST

START_TEST(sets) {
    gradus_dataset training, again, testing;
    ck_assert(gradus_dataset_has_test("curves"));
    assert_ok(gradus_dataset_open(&training, "curves", GRADUS_TRAINING, 0, NULL));
    assert_ok(gradus_dataset_open(&again, "curves", GRADUS_TRAINING, 784, NULL));
    assert_ok(gradus_dataset_open(&testing, "curves", GRADUS_TESTING, 0, NULL));
    ck_assert(training.examples == 20000 && testing.examples == 10000);
    ck_assert(training.features == PIXELS && !training.labels && !training.source_count);
    ck_assert(memcmp(training.bytes, again.bytes, training.examples * PIXELS) == 0);
    ck_assert(memcmp(training.bytes, testing.bytes, PIXELS) != 0);
    gradus_dataset_close(&training);
    gradus_dataset_close(&again);
    gradus_dataset_close(&testing);
    gradus_error why;
    ck_assert_int_eq(gradus_dataset_open(&again, "curves", GRADUS_TRAINING, 5, &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "curves: has 784 features, expected 5");
    ck_assert_int_eq(gradus_dataset_open(&again, "curve", GRADUS_TRAINING, 0, &why),
                     GRADUS_EINPUT);
    assert_contains(why.text, "did you mean 'curves'?");
}
END_TEST

TEST_MAIN("curves", statistics, sets)
