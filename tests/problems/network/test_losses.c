/* Losses: targets drawn as the outputs say, and values where they are easy.  */

#include "problems/network/losses.h"

#include "../../support.h"

#include "base/stream.h"

enum { K = 4, DRAWS = 40000 };

/* The mean of K one-hot, binary or real targets is y, and so is softmax's frequency: six
   standard deviations, at most 1/sqrt(DRAWS) each, at a fixed seed.  */
START_TEST(draws) {
    static const double ys[][K] = {
        {0.1, 0.95, 0.5, 0.0}, {-2.0, 0.0, 0.3, 5.0}, {0.1, 0.0, 0.65, 0.25}};
    const gradus_loss *losses[] = {&gradus_loss_bernoulli, &gradus_loss_squared,
                                   &gradus_loss_softmax};
    for (size_t l = 0; l < 3; l++) {
        gradus_stream *stream = gradus_stream_open(3, GRADUS_FOR_SAMPLES);
        double mean[K] = {0.0}, square = 0.0, space[K];
        for (int draw = 0; draw < DRAWS; draw++) {
            gradus_target t = losses[l]->draw(K, ys[l], stream, space);
            for (size_t i = 0; i < K; i++) {
                double value = t.values ? t.values[i] : i == t.label;
                mean[i] += value / DRAWS;
                square += pow(value - ys[l][i], 2) / DRAWS;
            }
        }
        double variance = 0.0;
        for (size_t i = 0; i < K; i++) {
            assert_at_most("mean", fabs(mean[i] - ys[l][i]), 6.0 / sqrt(DRAWS));
            variance += l == 1 ? 1.0 : ys[l][i] * (1.0 - ys[l][i]);
        }
        /* squares of normal numbers have the variance 2, the others at most 1 */
        assert_at_most("variance", fabs(square - variance), 6.0 * sqrt(2.0 * K / DRAWS));
        gradus_stream_close(stream);
    }
}
END_TEST

/* log 2 a unit at 0; no loss where the outputs are right and certain; the margin where they
   are wrong and certain.  */
START_TEST(values) {
    const double ones[] = {1.0, 0.0};
    const gradus_target first = {.values = ones}, label = {.label = 0};
    double z[2] = {0.0, 0.0};
    assert_close(gradus_loss_bernoulli.respond(2, first, z), 2.0 * log(2.0), 1e-15);
    ck_assert(z[0] == 0.5 && z[1] == 0.5);
    z[0] = 1e4, z[1] = -1e4;
    ck_assert(gradus_loss_bernoulli.respond(2, first, z) < 1e-300);
    z[0] = -1e4, z[1] = 1e4;
    assert_close(gradus_loss_bernoulli.respond(2, first, z), 2e4, 1e-15);
    z[0] = z[1] = 7.0;
    assert_close(gradus_loss_softmax.respond(2, label, z), log(2.0), 1e-15);
    z[0] = 1e4, z[1] = 0.0;
    ck_assert(gradus_loss_softmax.respond(2, label, z) == 0.0);
    z[0] = 0.0, z[1] = 1e4;
    assert_close(gradus_loss_softmax.respond(2, label, z), 1e4, 1e-15);
    z[0] = 3.0, z[1] = 1.0;
    ck_assert(gradus_loss_squared.respond(2, first, z) == 2.5);
}
END_TEST

TEST_MAIN("losses", draws, values)
