/* Random streams.  Seeds are fixed, so a statistical bound is met for ever or never.  */

#include "../support.h"
#include "base/stream.h"

enum { DRAWS = 100000 };

START_TEST(same_seed_same_numbers) {
    gradus_stream *a = gradus_stream_open(42, GRADUS_FOR_START);
    gradus_stream *b = gradus_stream_open(42, GRADUS_FOR_START);
    for (int i = 0; i < 1000; i++) {
        ck_assert(same_bits(gradus_stream_uniform(a), gradus_stream_uniform(b)));
        ck_assert(same_bits(gradus_stream_normal(a), gradus_stream_normal(b)));
        ck_assert_uint_eq(gradus_stream_below(a, 1000003), gradus_stream_below(b, 1000003));
    }
    gradus_stream_close(a);
    gradus_stream_close(b);
    gradus_stream_close(NULL);
}
END_TEST

/* Neighbouring seeds and purposes: correlation and coincidence as of independent draws.  */
START_TEST(streams_are_independent) {
    for (uint64_t seed = 0; seed < 4; seed++)
        for (int p = GRADUS_FOR_START; p <= GRADUS_FOR_DATA; p++)
            for (int other = 0; other < 2; other++) {
                gradus_stream *a = gradus_stream_open(seed, (gradus_purpose)p);
                gradus_stream *b =
                    other ? gradus_stream_open(seed + 1, (gradus_purpose)p)
                          : gradus_stream_open(seed, (gradus_purpose)(p % GRADUS_FOR_DATA +
                                                                      GRADUS_FOR_START));
                double sum = 0.0;
                for (int i = 0; i < 10000; i++)
                    sum += (gradus_stream_uniform(a) - 0.5) *
                           (gradus_stream_uniform(b) - 0.5) * 12.0;
                /* The mean of 10^4 products of unit variance: five deviations.  */
                ck_assert_msg(fabs(sum) / 1e4 <= 0.05, "seed %d purpose %d: %g", (int)seed,
                              p, sum / 1e4);
                gradus_stream_close(a);
                gradus_stream_close(b);
            }
}
END_TEST

START_TEST(moments) {
    gradus_stream *s = gradus_stream_open(7, GRADUS_FOR_DATA);
    double u1 = 0, u2 = 0, n1 = 0, n2 = 0, n3 = 0, n4 = 0;
    size_t beyond = 0;
    for (int i = 0; i < DRAWS; i++) {
        double u = gradus_stream_uniform(s), n = gradus_stream_normal(s);
        ck_assert(u >= 0.0 && u < 1.0);
        u1 += u, u2 += u * u;
        n1 += n, n2 += n * n, n3 += n * n * n, n4 += n * n * n * n;
        beyond += fabs(n) > 1.959964;
    }
    /* Five deviations of each mean: variances 1/12, 4/45, 1, 2, 15, 96, .05 x .95.  */
    double five = 5.0 / sqrt(DRAWS);
    assert_close(u1 / DRAWS, 1.0 / 2.0, five * sqrt(1.0 / 12.0));
    assert_close(u2 / DRAWS, 1.0 / 3.0, five * sqrt(4.0 / 45.0));
    assert_close(n1 / DRAWS, 0.0, five);
    assert_close(n2 / DRAWS, 1.0, five * sqrt(2.0));
    assert_close(n3 / DRAWS, 0.0, five * sqrt(15.0));
    assert_close(n4 / DRAWS / 3.0, 1.0, five * sqrt(96.0) / 3.0);
    assert_close((double)beyond / DRAWS, 0.05, five * sqrt(0.05 * 0.95));
    gradus_stream_close(s);
}
END_TEST

/* A bound just above 2^63 shows a modulo bias that small bounds hide: without rejection the
   values below 2^64 - bound come twice as often.  */
START_TEST(below_is_unbiased) {
    gradus_stream *s = gradus_stream_open(11, GRADUS_FOR_BATCHES);
    size_t bound = (SIZE_MAX / 4) * 3, low = 0;
    for (int i = 0; i < DRAWS; i++) {
        size_t draw = gradus_stream_below(s, bound);
        ck_assert_uint_lt(draw, bound);
        low += draw < SIZE_MAX / 4;
    }
    assert_close((double)low / DRAWS, 1.0 / 3.0, 5.0 * sqrt(2.0 / 9.0 / DRAWS));
    size_t counts[7] = {0};
    for (int i = 0; i < 70000; i++)
        counts[gradus_stream_below(s, 7)]++;
    for (int i = 0; i < 7; i++) /* 10^4 each, deviation sqrt(10^4 6/7) = 93; five of them */
        ck_assert_msg(fabs((double)counts[i] - 1e4) <= 465.0, "%d: %zu", i, counts[i]);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(gradus_stream_below(s, 1), 0);
    gradus_stream_close(s);
}
END_TEST

START_TEST(shuffle_is_uniform) {
    gradus_stream *s = gradus_stream_open(3, GRADUS_FOR_BATCHES);
    size_t seen[24] = {0};
    for (int i = 0; i < 24000; i++) {
        size_t rows[4] = {0, 1, 2, 3}, once = 0;
        gradus_stream_shuffle(s, rows, 4);
        for (int j = 0; j < 4; j++)
            once |= (size_t)1 << rows[j];
        ck_assert_uint_eq(once, 15); /* a permutation */
        size_t rank = 0;
        for (int j = 0; j < 4; j++) {
            size_t less = 0;
            for (int k = j + 1; k < 4; k++)
                less += rows[k] < rows[j];
            rank = rank * (size_t)(4 - j) + less;
        }
        seen[rank]++;
    }
    for (int i = 0; i < 24; i++) /* 1000 each, deviation 31; five of them */
        ck_assert_msg(fabs((double)seen[i] - 1000.0) <= 155.0, "%d: %zu", i, seen[i]);
    gradus_stream_close(s);
}
END_TEST

TEST_MAIN("stream", same_seed_same_numbers, streams_are_independent, moments,
          below_is_unbiased, shuffle_is_uniform)
