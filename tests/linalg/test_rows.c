/* The row kernels against sums written out, for every tail of the tiles.  */

#include "linalg/rows.h"

#include "../support.h"

#include <float.h>

enum { COUNT = GRADUS_PIECE, COLUMNS = 45, OUTPUTS = 23 };

typedef struct {
    unsigned char bytes[COUNT][COLUMNS];
    double doubles[COUNT][COLUMNS];
    const void *rows[COUNT];
    double weights[OUTPUTS * COLUMNS], residuals[COUNT * OUTPUTS];
    double scores[COUNT * OUTPUTS + 1], sums[OUTPUTS * COLUMNS + 1];
} fixture_t;

static double entry(const fixture_t *f, int bytes, size_t i, size_t j) {
    return bytes ? (double)f->bytes[i][j] : f->doubles[i][j];
}

static void fill(fixture_t *f, int bytes) {
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < COLUMNS; j++) {
            f->bytes[i][j] = (unsigned char)scrambled(i * COLUMNS + j);
            f->doubles[i][j] = 2.385 * noise(i * COLUMNS + j);
        }
        /* in an order of its own, as in a mini-batch */
        size_t row = (i * 37 + 5) % COUNT;
        f->rows[i] = bytes ? (void *)f->bytes[row] : (void *)f->doubles[row];
    }
    for (size_t i = 0; i < OUTPUTS * COLUMNS; i++)
        f->weights[i] = noise(7919 + i);
    for (size_t i = 0; i < COUNT * OUTPUTS; i++)
        f->residuals[i] = noise(104729 + i);
}

/* A sum of n terms is off by at most n eps times the sum of their sizes (Higham, Accuracy and
   Stability of Numerical Algorithms, 2002, section 4.2), in any order, for both sides.  */
static double bound(size_t n, double sizes) { return 2.0 * (double)n * DBL_EPSILON * sizes; }

static void check_forward(fixture_t *f, const gradus_row_kernels *kernels, int bytes,
                          size_t count, size_t columns, size_t k) {
    f->scores[count * k] = 31.25; /* a guard */
    kernels->forward(count, columns, k, f->rows, f->weights, f->scores);
    ck_assert(f->scores[count * k] == 31.25);
    for (size_t i = 0; i < count; i++)
        for (size_t t = 0; t < k; t++) {
            double sum = 0.0, sizes = 0.0;
            for (size_t j = 0; j < columns; j++) {
                double term = entry(f, bytes, (i * 37 + 5) % COUNT, j) *
                              f->weights[t * columns + j];
                sum += term;
                sizes += fabs(term);
            }
            double error = fabs(f->scores[i * k + t] - sum);
            ck_assert_msg(error <= bound(columns, sizes),
                          "%s, %zu x %zu, %zu outputs: score %zu,%zu is off by %g",
                          kernels->name, count, columns, k, i, t, error);
        }
}

static void check_backward(fixture_t *f, const gradus_row_kernels *kernels, int bytes,
                           size_t count, size_t columns, size_t k) {
    for (size_t i = 0; i < k * columns + 1; i++)
        f->sums[i] = noise(i);
    kernels->backward(count, columns, k, f->rows, f->residuals, f->sums);
    ck_assert(f->sums[k * columns] == noise(k * columns));
    for (size_t t = 0; t < k; t++)
        for (size_t j = 0; j < columns; j++) {
            double sum = noise(t * columns + j), sizes = fabs(sum);
            for (size_t i = 0; i < count; i++) {
                double term =
                    entry(f, bytes, (i * 37 + 5) % COUNT, j) * f->residuals[i * k + t];
                sum += term;
                sizes += fabs(term);
            }
            double error = fabs(f->sums[t * columns + j] - sum);
            ck_assert_msg(error <= bound(count + 1, sizes),
                          "%s, %zu x %zu, %zu outputs: sum %zu,%zu is off by %g",
                          kernels->name, count, columns, k, t, j, error);
        }
}

static void check_shapes(const gradus_row_kernels *kernels, int bytes) {
    static fixture_t f;
    static const size_t counts[] = {1, 2, 3, 4, 5, 7, COUNT};
    static const size_t columns[] = {1, 3, 7, 8, 15, 16, 17, 24, 31, COLUMNS};
    fill(&f, bytes);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t n = 0; n < sizeof columns / sizeof *columns; n++)
            for (size_t k = 1; k <= OUTPUTS; k++) {
                check_forward(&f, kernels, bytes, counts[c], columns[n], k);
                check_backward(&f, kernels, bytes, counts[c], columns[n], k);
            }
}

/* Every level that this processor has, not only the one in use.  */
static void check_levels(gradus_entry entry) {
    const gradus_row_kernels *kernels;
    size_t rank = 0;
    for (; (kernels = gradus_row_kernels_for(entry, rank)); rank++) {
        printf("%s\n", kernels->name);
        check_shapes(kernels, entry == GRADUS_ENTRY_BYTE);
    }
    ck_assert_uint_ge(rank, 1);
}

START_TEST(bytes) { check_levels(GRADUS_ENTRY_BYTE); }
END_TEST

START_TEST(doubles) { check_levels(GRADUS_ENTRY_DOUBLE); }
END_TEST

TEST_MAIN("rows", bytes, doubles)
