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
        gradus_copy(n, y, first, 1);
        if (n)
            ck_assert_mem_eq(first, y, n * sizeof *y);
        gradus_add(n, 2.385, x, first, 1);
        for (size_t i = 0; i < n; i++)
            assert_close(first[i], y[i] + 2.385 * x[i], 1e-15);
        for (size_t t = 2; t <= MOST_THREADS; t += t < 3 ? 1 : 5) { /* 2, 3, 8 */
            ck_assert(same_bits(gradus_dot(n, x, y, t), gradus_dot(n, x, y, 1)));
            ck_assert(same_bits(gradus_norm(n, x, t), gradus_norm(n, x, 1)));
            ck_assert(same_bits(gradus_distance(n, x, y, t), gradus_distance(n, x, y, 1)));
            gradus_copy(n, y, z, t);
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
    double a[3] = {1.0, NAN, 2.0}, b[3] = {1.0, INFINITY, 2.0}, c[2] = {1.7e308, 1.7e308};
    double d[3] = {1e200, NAN, INFINITY};
    ck_assert(isnan(gradus_norm(3, a, 1)) && isinf(gradus_norm(3, b, 1)));
    ck_assert(isinf(gradus_norm(2, c, 1))); /* the norm itself is 2.4e308 */
    ck_assert(isnan(gradus_norm(3, d, 1)) && isnan(gradus_distance(3, d, a, 1)));
    ck_assert(isnan(gradus_distance(3, b, b, 1)));
    ck_assert(gradus_norm(0, NULL, 1) == 0.0);
}
END_TEST

/* The norm of 2^k x is 2^k times the norm of x, bit for bit where only the exponents differ:
   also where the squares leave the range.  From 2^-1022 on entries lose bits, half the last
   one at most each.  */
START_TEST(norms_keep_to_scale) {
    static const int powers[] = {-1074, -1060, -900, -540, -512, 0, 500, 511, 700, 980};
    fill();
    double *big = malloc(LONGEST * sizeof *big), *zero = calloc(LONGEST, sizeof *zero);
    ck_assert(big && zero);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
        for (size_t p = 0; p < sizeof powers / sizeof *powers; p++) {
            size_t n = lengths[k];
            for (size_t i = 0; i < n; i++)
                big[i] = ldexp(x[i], powers[p]);
            double want = ldexp(gradus_norm(n, x, 1), powers[p]);
            double got = gradus_norm(n, big, 1), apart = gradus_distance(n, zero, big, 1);
            /* 4096 roundings as above, and what the entries lost  */
            double bound = 4096 * 1.2e-16 * want + sqrt((double)n) * 0x1p-1074;
            ck_assert_msg(fabs(got - want) <= bound && fabs(apart - want) <= bound,
                          "n=%zu 2^%d: %g and %g, want %g", n, powers[p], got, apart, want);
            ck_assert(same_bits(got, gradus_norm(n, big, 3)));
            ck_assert(same_bits(apart, gradus_distance(n, zero, big, 3)));
        }
    free(big);
    free(zero);
    release();
}
END_TEST

/* Closed forms: 3, 4, 5 at the ends of the range, and small beside large.  */
START_TEST(norms_at_the_ends) {
    static const double sizes[] = {0x1p-1074, 0x1p-1070, 1e-300, 1e-200, 1e-160, 1e150,
                                   1e160,     1e200,     1e304,  0x1p1021};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double s = sizes[i], v[4] = {3 * s, 0, 4 * s, -0.0}, w[4] = {0};
        double got = gradus_norm(4, v, 1), apart = gradus_distance(4, w, v, 1);
        ck_assert_msg(fabs(got / s - 5) <= 1e-15 && fabs(apart / s - 5) <= 1e-15,
                      "%g: %g and %g", s, got, apart);
    }
    double mixed[3] = {1e-170, 1e170, -1e-300};
    ck_assert_double_eq(gradus_norm(3, mixed, 1), 1e170);
    ck_assert_double_eq(gradus_norm(3, (double[]){0, 0, 0}, 1), 0);
}
END_TEST

/* Sums of the block's x'y and of its length, and z <- 2 x + y.  */
static void multiply_block(const void *context, size_t begin, size_t count, double sums[]) {
    double *z = *(double *const *)context;
    sums[0] += gradus_block_dot(count, x + begin, y + begin);
    sums[1] += (double)count;
    for (size_t i = begin; i < begin + count; i++)
        z[i] = 2.0 * x[i] + y[i];
}

/* A pass sees every entry once and is the same for any number of threads.  */
START_TEST(passes) {
    fill();
    double *z = malloc(LONGEST * sizeof *z), *moved = malloc(LONGEST * sizeof *moved);
    ck_assert(z && moved);
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        size_t n = lengths[k];
        double first[2], sums[2];
        gradus_sweep(n, 2, multiply_block, &z, 1, first);
        ck_assert(first[1] == (double)n);
        ck_assert(same_bits(first[0], gradus_dot(n, x, y, 1)));
        for (size_t t = 1; t <= MOST_THREADS; t *= 2) {
            gradus_sweep(n, 2, multiply_block, &z, t, sums);
            ck_assert(same_bits(sums[0], first[0]) && same_bits(sums[1], first[1]));
            gradus_move(n, y, 2.0, x, moved, t);
            for (size_t i = 0; i < n; i++) /* fused or not, one rounding apart */
                assert_close(moved[i], z[i], 2.3e-16);
        }
    }
    free(z);
    free(moved);
    release();
}
END_TEST

TEST_MAIN("vector", passes, agrees_with_long_double, same_bits_for_any_threads,
          what_is_not_finite_shows, norms_keep_to_scale, norms_at_the_ends)
