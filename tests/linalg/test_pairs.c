/* Two vectors at a time: the sums of their products, and of their multiples.  */

#include "linalg/pairs.h"
#include "../support.h"

#include <float.h>

enum { LONGEST = 77 };

static double a[LONGEST], b[LONGEST], x[LONGEST], y[LONGEST];

static void fill(void) {
    for (size_t i = 0; i < LONGEST; i++) {
        a[i] = noise(i);
        b[i] = 2.385 * noise(i + 100);
        x[i] = noise(i + 200);
        y[i] = noise(i + 300) - 0.717;
    }
}

/* At most 77 terms below 5, and as many roundings.  */
START_TEST(dots) {
    fill();
    for (size_t n = 0; n <= LONGEST; n++)
        for (int two = 0; two < 2; two++) {
            double want[4] = {1.5, -2.5, 3.5, 4.5}, got[4] = {1.5, -2.5, 3.5, 4.5};
            for (size_t i = 0; i < n; i++) {
                want[0] += a[i] * x[i];
                want[1] += b[i] * x[i];
                want[2] += two ? a[i] * y[i] : 0.0;
                want[3] += two ? b[i] * y[i] : 0.0;
            }
            gradus_pair_dots(n, a, b, x, two ? y : NULL, got);
            for (int k = 0; k < 4; k++)
                assert_close(got[k], want[k], 77 * 5 * DBL_EPSILON);
        }
}
END_TEST

/* Three roundings of numbers below 10.  */
START_TEST(sums) {
    fill();
    for (size_t n = 0; n <= LONGEST; n++) {
        double out[LONGEST];
        memcpy(out, y, sizeof out);
        gradus_pair_add(n, 1.717, a, -0.831, b, out);
        for (size_t i = 0; i < LONGEST; i++)
            assert_close(out[i], i < n ? y[i] + 1.717 * a[i] - 0.831 * b[i] : y[i],
                         30 * DBL_EPSILON);
    }
}
END_TEST

TEST_MAIN("pairs", dots, sums)
