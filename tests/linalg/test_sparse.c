/* The kernels for compressed rows against sums written out, and the columns divided.  */

#include "linalg/sparse.h"

#include "../support.h"

#include <float.h>

enum { COUNT = GRADUS_PIECE, COLUMNS = 61, OUTPUTS = 11, ENTRIES = 40, MOST_PARTS = 11 };

typedef struct {
    uint32_t columns[COUNT][ENTRIES];
    double values[COUNT][ENTRIES];
    double dense[COUNT][COLUMNS];
    gradus_sparse_row described[COUNT];
    uint32_t cuts[COUNT][MOST_PARTS + 1];
    const void *rows[COUNT];
    double weights[COLUMNS * OUTPUTS], residuals[COUNT * OUTPUTS];
    double scores[COUNT * OUTPUTS], sums[COLUMNS * OUTPUTS], other[COLUMNS * OUTPUTS];
} fixture_t;

static fixture_t f;

/* Rows of 0, 1, 2, ... entries and more, so that every tail is met; the first few columns are
   in most rows, as in a text.  */
static void fill(void) {
    memset(&f, 0, sizeof f);
    for (size_t i = 0; i < COUNT; i++) {
        size_t count = 0, wanted = i < 20 ? i : ENTRIES;
        for (size_t j = 0; j < COLUMNS && count < wanted; j++) {
            if (j > 3 && scrambled(i * COLUMNS + j) % 3 != 0)
                continue;
            f.columns[i][count] = (uint32_t)j;
            f.dense[i][j] = f.values[i][count++] = 2.385 * noise(i * COLUMNS + j);
        }
        f.described[i] = (gradus_sparse_row){f.columns[i], f.values[i], count};
        f.rows[i] = &f.described[i];
    }
    for (size_t i = 0; i < COLUMNS * OUTPUTS; i++)
        f.weights[i] = noise(7919 + i);
    for (size_t i = 0; i < COUNT * OUTPUTS; i++)
        f.residuals[i] = noise(104729 + i);
}

/* A sum of n terms is off by at most n eps times the sum of their sizes (Higham, Accuracy and
   Stability of Numerical Algorithms, 2002, section 4.2), in any order, for both sides.  */
static double bound(size_t n, double sizes) {
    return 2.0 * (double)n * DBL_EPSILON * sizes;
}

START_TEST(forward_is_the_sum) {
    double worst = 0.0;
    fill();
    for (size_t k = 1; k <= OUTPUTS; k++) {
        gradus_sparse_kernels.forward(COUNT, COLUMNS, k, f.rows, f.weights, f.scores);
        for (size_t i = 0; i < COUNT; i++)
            for (size_t t = 0; t < k; t++) {
                double sum = 0.0, sizes = DBL_MIN;
                for (size_t j = 0; j < COLUMNS; j++) {
                    sum += f.dense[i][j] * f.weights[j * k + t];
                    sizes += fabs(f.dense[i][j] * f.weights[j * k + t]);
                }
                worst =
                    fmax(worst, fabs(f.scores[i * k + t] - sum) / bound(COLUMNS, sizes));
            }
    }
    assert_at_most("error over its bound", worst, 1.0);
}
END_TEST

START_TEST(backward_is_the_sum_added) {
    double worst = 0.0;
    fill();
    for (size_t k = 1; k <= OUTPUTS; k++) {
        for (size_t i = 0; i < COLUMNS * OUTPUTS; i++)
            f.sums[i] = 0.25;
        gradus_sparse_kernels.backward(COUNT, COLUMNS, k, f.rows, f.residuals, f.sums);
        for (size_t j = 0; j < COLUMNS; j++)
            for (size_t t = 0; t < k; t++) {
                double sum = 0.25, sizes = 0.25;
                for (size_t i = 0; i < COUNT; i++) {
                    sum += f.residuals[i * k + t] * f.dense[i][j];
                    sizes += fabs(f.residuals[i * k + t] * f.dense[i][j]);
                }
                worst = fmax(worst, fabs(f.sums[j * k + t] - sum) / bound(COUNT, sizes));
            }
        for (size_t i = COLUMNS * k; i < COLUMNS * OUTPUTS; i++)
            ck_assert(f.sums[i] == 0.25);
    }
    assert_at_most("error over its bound", worst, 1.0);
}
END_TEST

/* However the columns are divided, the bits are the same.  */
START_TEST(parts_make_the_whole) {
    size_t counts[COLUMNS] = {0}, bounds[MOST_PARTS + 1];
    fill();
    for (size_t i = 0; i < COUNT; i++)
        for (size_t e = 0; e < f.described[i].count; e++)
            counts[f.columns[i][e]]++;
    for (size_t k = 1; k <= OUTPUTS; k += 3)
        for (size_t parts = 1; parts <= MOST_PARTS; parts++) {
            gradus_sparse_divide(COLUMNS, counts, parts, bounds);
            memset(f.sums, 0, sizeof f.sums);
            memset(f.other, 0, sizeof f.other);
            gradus_sparse_kernels.backward(COUNT, COLUMNS, k, f.rows, f.residuals, f.sums);
            for (size_t i = 0; i < COUNT; i++)
                gradus_sparse_cut(&f.described[i], parts, bounds, f.cuts[i]);
            for (size_t p = parts; p-- > 0;) {
                const uint32_t *at[COUNT];
                for (size_t i = 0; i < COUNT; i++)
                    at[i] = f.cuts[i] + p;
                gradus_sparse_backward_part(COUNT, k, f.rows, at, f.residuals, f.other);
            }
            ck_assert_mem_eq(f.sums, f.other, sizeof f.sums);
        }
}
END_TEST

/* Every column is in one part; a part has its share, give or take one column; and no entries
   at all, or more parts than columns, are no trouble.  */
START_TEST(columns_are_divided_evenly) {
    size_t counts[COLUMNS], none[COLUMNS] = {0}, bounds[101], total = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        total += counts[j] = 1000 / (j + 1);
    for (size_t parts = 1; parts <= 100; parts++) {
        gradus_sparse_divide(COLUMNS, counts, parts, bounds);
        ck_assert_uint_eq(bounds[0], 0);
        ck_assert_uint_eq(bounds[parts], COLUMNS);
        for (size_t p = 0; p < parts; p++) {
            size_t own = 0;
            ck_assert_uint_le(bounds[p], bounds[p + 1]);
            for (size_t j = bounds[p]; j < bounds[p + 1]; j++)
                own += counts[j];
            ck_assert_msg(own <= total / parts + 1 + counts[0],
                          "part %zu of %zu has %zu of %zu entries", p, parts, own, total);
        }
        gradus_sparse_divide(COLUMNS, none, parts, bounds);
        ck_assert_uint_eq(bounds[parts], COLUMNS);
    }
}
END_TEST

TEST_MAIN("compressed rows", forward_is_the_sum, backward_is_the_sum_added,
          parts_make_the_whole, columns_are_divided_evenly)
