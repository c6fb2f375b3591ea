/* Initial weights: their moments, and which are zero.  */

#include "problems/network/initialization.h"

#include "../../support.h"

#include "base/stream.h"

enum { INPUTS = 400, OUTPUTS = 250, COUNT = INPUTS * OUTPUTS };

static double weights[COUNT];

static void draw(long kind, double scale, uint64_t seed) {
    gradus_stream *stream = gradus_stream_open(seed, GRADUS_FOR_START);
    ck_assert_ptr_nonnull(stream);
    for (size_t i = 0; i < COUNT; i++)
        weights[i] = NAN;
    gradus_initialize(kind, scale, INPUTS, OUTPUTS, stream, weights);
    gradus_stream_close(stream);
}

/* Mean 0 and the variance of the formula.  Of N normal numbers the mean has the standard
   deviation s/sqrt(N) and the variance s^2 sqrt(2/N): six of them at a fixed seed.  Kurtosis 3
   has sqrt(24/N), and tells normal from uniform, 1.8.  */
START_TEST(moments) {
    static const double deviations[] = {1.0 / 20.0, 0.070710678118654752,
                                        0.05547001962252291, 1.0};
    for (long kind = 0; kind < 4; kind++)
        for (int s = 0; s < 2; s++) {
            double scale = s ? 3.0 : 1.0, want = scale * deviations[kind];
            double mean = 0.0, square = 0.0, fourth = 0.0;
            draw(kind, scale, 7);
            for (size_t i = 0; i < COUNT; i++) {
                double z = weights[i] / want;
                mean += z / COUNT, square += z * z / COUNT, fourth += z * z * z * z / COUNT;
            }
            assert_at_most("mean", fabs(mean), 6.0 / sqrt(COUNT));
            assert_at_most("variance", fabs(square - 1.0), 6.0 * sqrt(2.0 / COUNT));
            assert_at_most("kurtosis", fabs(fourth / (square * square) - 3.0),
                           6.0 * sqrt(24.0 / COUNT));
        }
}
END_TEST

/* Exactly 15 inputs of each unit, every input about equally often: 250 * 15 / 400 = 9.4 times,
   a binomial number with the deviation 3.  */
START_TEST(sparse) {
    size_t used[INPUTS] = {0}, most = 0, unused = 0;
    double square = 0.0;
    draw(4, 2.0, 7);
    for (size_t k = 0; k < OUTPUTS; k++) {
        size_t count = 0;
        for (size_t j = 0; j < INPUTS; j++) {
            double w = weights[k * INPUTS + j];
            count += w != 0.0, used[j] += w != 0.0, square += w * w;
        }
        ck_assert_uint_eq(count, 15);
    }
    for (size_t j = 0; j < INPUTS; j++)
        most = used[j] > most ? used[j] : most, unused += used[j] == 0;
    printf("an input is used %zu times at most, %zu are never\n", most, unused);
    ck_assert(most <= 28 && unused <= 2);
    double count = 15.0 * OUTPUTS;
    assert_at_most("variance", fabs(square / count / 4.0 - 1.0), 6.0 * sqrt(2.0 / count));
    gradus_stream *stream = gradus_stream_open(1, GRADUS_FOR_START);
    gradus_initialize(4, 1.0, 3, 2, stream, weights); /* fewer inputs than connections */
    for (size_t i = 0; i < 6; i++)
        ck_assert(weights[i] != 0.0);
    gradus_stream_close(stream);
}
END_TEST

START_TEST(zero_and_seeds) {
    draw(5, 1.0, 7);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert(weights[i] == 0.0);
    draw(0, 1.0, 7);
    double first = weights[0], last = weights[COUNT - 1];
    draw(0, 1.0, 7);
    ck_assert(same_bits(first, weights[0]) && same_bits(last, weights[COUNT - 1]));
    draw(0, 1.0, 8);
    ck_assert(first != weights[0]);
}
END_TEST

TEST_MAIN("initialization", moments, sparse, zero_and_seeds)
