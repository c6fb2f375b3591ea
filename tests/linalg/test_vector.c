/* Sums over long vectors: right, and the same bits for any number of threads.  */

#include "linalg/vector.h"
#include "../support.h"

static const size_t lengths[] = {0,    1,     2,     3,      4095,   4096,  4097,
                                 8191, 65535, 65536, 262143, 262145, 300007};
enum { LONGEST = 300007, MOST_THREADS = 8 };

static double *x, *y;

static void fill(void) {
    x = malloc(LONGEST * sizeof *x);
    y = malloc(LONGEST * sizeof *y);
    ck_assert(x && y);
    for (size_t i = 0; i < LONGEST; i++) {
        x[i] = noise(i) * ldexp(1.0, (int)(scrambled(i) % 20));
        y[i] = noise(i + LONGEST);
    }
}

static void release(void) {
    free(x);
    free(y);
}

START_TEST(agrees_with_long_double) {
    fill();
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        size_t n = lengths[k];
        long double dot = 0, square = 0, distance = 0, size = 0;
        for (size_t i = 0; i < n; i++) {
            dot += (long double)x[i] * y[i];
            size += fabsl((long double)x[i] * y[i]);
            square += (long double)x[i] * x[i];
            distance += ((long double)x[i] - y[i]) * ((long double)x[i] - y[i]);
        }
        /* Blocks of 4096 added one by one: the error is far below 4096 roundings.  */
        double bound = 4096 * 1.2e-16;
        ck_assert(fabsl(gradus_dot(n, x, y, 1) - dot) <= bound * size);
        assert_close(gradus_norm(n, x, 1), (double)sqrtl(square), bound);
        ck_assert(fabsl(gradus_distance(n, x, y, 1) - sqrtl(distance)) <=
                  bound * sqrtl(distance));
    }
    release();
}
END_TEST

START_TEST(same_bits_for_any_threads) {
    fill();
    double *z = malloc(LONGEST * sizeof *z), *first = malloc(LONGEST * sizeof *first);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        size_t n = lengths[k];
        memcpy(first, y, n * sizeof *y);
        gradus_add(n, 2.385, x, first, 1);
        for (size_t i = 0; i < n; i++)
            assert_close(first[i], y[i] + 2.385 * x[i], 1e-15);
        for (size_t t = 2; t <= MOST_THREADS; t += t < 3 ? 1 : 5) { /* 2, 3, 8 */
            ck_assert(same_bits(gradus_dot(n, x, y, t), gradus_dot(n, x, y, 1)));
            ck_assert(same_bits(gradus_norm(n, x, t), gradus_norm(n, x, 1)));
            ck_assert(same_bits(gradus_distance(n, x, y, t), gradus_distance(n, x, y, 1)));
            memcpy(z, y, n * sizeof *y);
            gradus_add(n, 2.385, x, z, t);
            if (n)
                ck_assert_mem_eq(z, first, n * sizeof *z);
        }
    }
    free(z);
    free(first);
    release();
}
END_TEST

START_TEST(what_is_not_finite_shows) {
    double a[3] = {1.0, NAN, 2.0}, b[3] = {1.0, INFINITY, 2.0}, c[3] = {1e200, 0.0, 0.0};
    ck_assert(isnan(gradus_norm(3, a, 1)) && isinf(gradus_norm(3, b, 1)));
    ck_assert(isinf(gradus_norm(3, c, 1)));
    ck_assert(isnan(gradus_distance(3, b, b, 1)));
    ck_assert(gradus_norm(0, NULL, 1) == 0.0);
}
END_TEST

TEST_MAIN("vector", agrees_with_long_double, same_bits_for_any_threads,
          what_is_not_finite_shows)
