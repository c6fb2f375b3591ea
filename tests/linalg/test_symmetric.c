/* Dense symmetric matrices: the lower triangle counts, the upper is left alone.  */

#include "linalg/symmetric.h"

#include "../support.h"

enum { N = 7 };

static double S[N * N], a[N], b[N];

static void fill(void) {
    for (size_t i = 0; i < N * N; i++)
        S[i] = i / N >= i % N ? noise(i) : NAN; /* above the diagonal nothing is read */
    for (size_t i = 0; i < N; i++) {
        a[i] = noise(100 + i);
        b[i] = noise(200 + i);
    }
}

static double entry(size_t i, size_t j) { return i >= j ? S[i * N + j] : S[j * N + i]; }

START_TEST(product) {
    double got[N];
    fill();
    gradus_symmetric_product(N, S, a, got);
    for (size_t i = 0; i < N; i++) {
        double want = 0.0;
        for (size_t j = 0; j < N; j++)
            want += entry(i, j) * a[j];
        assert_close(got[i], want, 1e-15);
    }
}
END_TEST

START_TEST(update) {
    double before[N * N];
    fill();
    memcpy(before, S, sizeof before);
    gradus_symmetric_update(N, a, b, S);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (i >= j)
                assert_close(S[i * N + j], before[i * N + j] + a[i] * b[j] + b[i] * a[j],
                             1e-15);
            else
                ck_assert(same_bits(S[i * N + j], before[i * N + j]));
}
END_TEST

START_TEST(refuses_what_is_too_large) {
    gradus_error why = {0};
    assert_ok(gradus_dense_check("somebody", 70, 70, &why));
    ck_assert_int_eq(gradus_dense_check("somebody", 20000, 19999, &why), GRADUS_EINPUT);
    assert_sentence(why.text);
    assert_contains(why.text, "somebody");
    assert_contains(why.text, "3.2 GB");
    assert_contains(why.text, "maximum_dimension=19999");
}
END_TEST

TEST_MAIN("symmetric", product, update, refuses_what_is_too_large)
