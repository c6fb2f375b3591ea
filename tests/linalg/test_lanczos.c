/* Lanczos on diagonal matrices, whose eigenvalues are known.  */

#include "base/stream.h"
#include "linalg/lanczos.h"

#include "../support.h"

enum { N = 60 };

typedef struct {
    double diagonal[N];
    int products, fails_at;
} matrix_t;

static gradus_err multiply(void *context, const double v[], double result[]) {
    matrix_t *m = context;
    if (++m->products == m->fails_at)
        return GRADUS_ENOMEM;
    for (int i = 0; i < N; i++)
        result[i] = m->diagonal[i] * v[i];
    return GRADUS_OK;
}

static gradus_err find(matrix_t *m, size_t steps, double values[], size_t *found) {
    gradus_stream *stream = gradus_stream_open(3, GRADUS_FOR_CHECKS);
    gradus_err err = gradus_lanczos(N, steps, multiply, m, stream, values, found);
    gradus_stream_close(stream);
    return err;
}

/* With n steps T is the matrix in another basis: its eigenvalues are the same but for
   rounding, n times 1e-16 of the largest.  */
START_TEST(all_steps_find_all) {
    matrix_t m = {.fails_at = -1};
    double values[N];
    size_t found;
    for (int i = 0; i < N; i++)
        m.diagonal[i] = i * i - 100.0;
    assert_ok(find(&m, N, values, &found));
    ck_assert_uint_eq(found, N);
    ck_assert_int_eq(m.products, N);
    for (int i = 0; i < N; i++)
        assert_close(values[i], i * i - 100.0, 3381.0 * N * 2.3e-16);
}
END_TEST

/* Ritz values lie between the extreme eigenvalues and close in on the outermost.  The top
   one stands apart by its own size, so that twenty steps find it to the last digits (Golub
   and Van Loan, theorem 10.1.2: the Chebyshev polynomial of degree 19 at 3 is 1e14).  */
START_TEST(few_steps_find_the_outermost) {
    matrix_t m = {.fails_at = -1};
    double values[N];
    size_t found;
    for (int i = 0; i < N; i++)
        m.diagonal[i] = i == N - 1 ? 120.0 : 1.0 + i;
    assert_ok(find(&m, 20, values, &found));
    ck_assert_uint_eq(found, 20);
    assert_close(values[19], 120.0, 1e-12);
    ck_assert(values[0] >= 1.0 - 1e-12 && values[0] < 2.0);
    for (int i = 0; i < 19; i++)
        ck_assert(values[i] < values[i + 1]);
}
END_TEST

/* Two distinct eigenvalues: two steps exhaust every start, and are enough.  */
START_TEST(an_exhausted_start_ends) {
    matrix_t m = {.fails_at = -1};
    double values[N];
    size_t found;
    for (int i = 0; i < N; i++)
        m.diagonal[i] = i % 3 ? 2.0 : 7.0;
    assert_ok(find(&m, 30, values, &found));
    ck_assert_uint_eq(found, 2);
    assert_close(values[0], 2.0, 1e-13);
    assert_close(values[1], 7.0, 1e-13);
}
END_TEST

START_TEST(failures_are_passed_on) {
    matrix_t m = {.fails_at = 3};
    double values[N];
    size_t found;
    for (int i = 0; i < N; i++)
        m.diagonal[i] = i;
    ck_assert_int_eq(find(&m, 10, values, &found), GRADUS_ENOMEM);
    m = (matrix_t){.diagonal = {[5] = NAN}, .fails_at = -1};
    assert_ok(find(&m, 10, values, &found));
    ck_assert(isnan(values[0]));
}
END_TEST

TEST_MAIN("lanczos", all_steps_find_all, few_steps_find_the_outermost,
          an_exhausted_start_ends, failures_are_passed_on)
