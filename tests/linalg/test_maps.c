/* The maps against the mathematical library in long double, for every level that this
   processor has.  */

#include "linalg/maps.h"

#include "../support.h"

#include <float.h>

enum { N = 1003 }; /* no multiple of a vector length */

/* Both series are cut off below half a unit of the last digit and their sums, the scaling and
   the division round some four times: 8 units.  */
static const double ULPS = 8 * DBL_EPSILON;

/* Of all sizes from 1e-9 to 1e3, both signs, and 0.  */
static void fill(double z[]) {
    for (size_t i = 0; i < N; i++)
        z[i] = i ? (i % 2 ? 1.0 : -1.0) * pow(10.0, 6.0 * noise(i) - 3.0) : 0.0;
}

/* Relative; near the smallest normal number exponentials end.  */
static double error_of(double got, long double want) {
    if (want == 0.0L)
        return fabs(got);
    return (double)(fabsl((long double)got - want) / fmaxl(fabsl(want), 1e-290L));
}

static void check_values(const gradus_maps *maps) {
    double z[N], y[N], shift[N], sigmoid = 0.0, tangent = 0.0, bernoulli = 0.0;
    fill(z);
    for (size_t i = 0; i < N; i++)
        shift[i] = 0.0;
    memcpy(y, z, sizeof y);
    maps->sigmoid(N, shift, y);
    for (size_t i = 0; i < N; i++)
        sigmoid = fmax(sigmoid, error_of(y[i], 1.0L / (1.0L + expl(-(long double)z[i]))));
    memcpy(y, z, sizeof y);
    maps->tanh(N, shift, y);
    for (size_t i = 0; i < N; i++)
        tangent = fmax(tangent, error_of(y[i], tanhl(z[i])));
    for (size_t i = 0; i < N; i++) {
        double t = i % 3 ? 0.25 : 1.0, p = z[i], got = maps->bernoulli(1, &t, &p);
        long double size = fabsl((long double)z[i]), rest = log1pl(expl(-size));
        long double want =
            (z[i] < 0 ? 0.0L : (1.0L - t) * size) + (z[i] < 0 ? t * size : 0.0L);
        /* z and t z round before they are subtracted */
        bernoulli = fmax(bernoulli, (double)(fabsl(got - want - rest) / (size + rest)));
        sigmoid = fmax(sigmoid, error_of(p, 1.0L / (1.0L + expl(-(long double)z[i]))));
    }
    printf("%s: ", maps->name);
    assert_at_most("sigmoid", sigmoid, ULPS);
    assert_at_most("tanh", tangent, ULPS);
    assert_at_most("bernoulli", bernoulli, ULPS);
}

/* Shifts, slopes, and sums over a row.  */
static void check_rows(const gradus_maps *maps) {
    double z[N], shift[N], y[N], d[N], want = 0.0, t[N];
    void (*const apply[])(size_t, const double *, double *) = {maps->sigmoid, maps->tanh,
                                                               maps->relu};
    void (*const slope[])(size_t, const double *, double *) = {
        maps->sigmoid_slope, maps->tanh_slope, maps->relu_slope};
    for (int f = 0; f < 3; f++) {
        for (size_t i = 0; i < N; i++)
            z[i] = y[i] = 3.0 * noise(i), shift[i] = noise(i + N), d[i] = noise(i + 2 * N);
        apply[f](N, shift, y);
        slope[f](N, y, d);
        for (size_t i = 0; i < N; i++) {
            double s = z[i] + shift[i], plain = f == 0   ? 1.0 / (1.0 + exp(-s))
                                                : f == 1 ? tanh(s)
                                                         : fmax(s, 0.0);
            double factor = f == 0   ? plain * (1.0 - plain)
                            : f == 1 ? 1.0 - plain * plain
                                     : (double)(s > 0.0);
            assert_close(y[i], plain, ULPS);
            assert_close(d[i], factor * noise(i + 2 * N), ULPS);
        }
    }
    for (size_t i = 0; i < N; i++) {
        t[i] = fabs(noise(i)), y[i] = z[i];
        double p = z[i];
        want += maps->bernoulli(1, &t[i], &p);
    }
    assert_close(maps->bernoulli(N, t, y), want, N * DBL_EPSILON);
}

static void check_not_finite(const gradus_maps *maps) {
    const double zero[4] = {0.0}, inputs[4] = {NAN, INFINITY, -INFINITY, 0.0};
    double y[4];
    memcpy(y, inputs, sizeof y);
    maps->sigmoid(4, zero, y);
    ck_assert(isnan(y[0]) && y[1] == 1.0 && y[2] >= 0.0 && y[2] < 1e-300 && y[3] == 0.5);
    memcpy(y, inputs, sizeof y);
    maps->tanh(4, zero, y);
    ck_assert(isnan(y[0]) && y[1] == 1.0 && y[2] == -1.0 && y[3] == 0.0);
    memcpy(y, inputs, sizeof y);
    maps->relu(4, zero, y);
    ck_assert(isnan(y[0]) && y[1] == INFINITY && y[2] == 0.0 && y[3] == 0.0);
    memcpy(y, inputs, sizeof y);
    ck_assert(isnan(maps->bernoulli(1, zero, y)) && isnan(y[0]));
}

START_TEST(every_level) {
    const gradus_maps *maps;
    size_t rank = 0;
    for (; (maps = gradus_maps_for(rank)); rank++) {
        check_values(maps);
        check_rows(maps);
        check_not_finite(maps);
    }
    ck_assert_uint_ge(rank, 1);
}
END_TEST

TEST_MAIN("maps", every_level)
