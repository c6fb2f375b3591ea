/* Contours: areas against geometry, nesting, borders, holes.  */

#include "harness/figures/contours.h"

#include "../../support.h"

enum { SIZE = 101 };
static double heights[SIZE * SIZE];
static const gradus_grid grid = {.columns = SIZE, .rows = SIZE, .height = heights};

static void fill(double (*f)(double x, double y)) {
    for (int j = 0; j < SIZE; j++)
        for (int i = 0; i < SIZE; i++)
            heights[j * SIZE + i] = f(i - 50, j - 50);
}

static gradus_contours trace(const double levels[], size_t count) {
    gradus_contours c;
    gradus_error why = {0};
    ck_assert_msg(!gradus_contours_open(&c, &grid, levels, count, &why), "%s", why.text);
    return c;
}

static double bowl(double x, double y) { return hypot(x, y); }
static double hill(double x, double y) { return -hypot(x, y); }
/* Two wells, and a peak within one of them.  */
static double wells(double x, double y) {
    double left = hypot(x + 25, y), right = hypot(x - 25, y);
    return right < 5 ? 100 : fmin(left, right);
}
static double saddle(double x, double y) { return x * y; }
static double nothing(double x, double y) { return (void)x, (void)y, NAN; }

/* A circle of radius r on a grid of step 1: a chord of length c errs by c^3 / (12 r) in
   area, so 2 pi r chords of about 1 by some 0.5, and linear interpolation of the distance by
   less than 1/(8r) a point, so pi/4 in area.  */
static const double AREA = 1.5;

START_TEST(circles) {
    const double levels[] = {10, 20, 40};
    fill(bowl);
    gradus_contours c = trace(levels, 3);
    ck_assert_uint_eq(c.loops, 3);
    for (size_t l = 0; l < 3; l++) {
        double r = levels[2 - l];
        assert_close(c.loop[l].area / AREA, M_PI * r * r / AREA, 1 / (M_PI * r * r / AREA));
        ck_assert_uint_eq(c.loop[l].band, 2 - l); /* inside is below the level */
        for (size_t k = 0; k < c.loop[l].count; k++) {
            const double *p = c.point[c.loop[l].first + k];
            ck_assert(fabs(hypot(p[0] - 50, p[1] - 50) - r) <= 0.02);
        }
    }
    gradus_contours_close(&c);
}
END_TEST

/* High ground inside: the border and what is above the level in it.  */
START_TEST(hills) {
    const double levels[] = {-20};
    fill(hill);
    gradus_contours c = trace(levels, 1);
    ck_assert_uint_eq(c.loops, 2);
    assert_close(c.loop[0].area, 100.0 * 100.0, 1e-14); /* sums of whole numbers */
    ck_assert_uint_eq(c.loop[0].band, 0);
    ck_assert_uint_eq(c.loop[1].band, 1);
    ck_assert(fabs(c.loop[1].area - M_PI * 400) <= AREA);
    gradus_contours_close(&c);
}
END_TEST

START_TEST(islands_come_after_what_contains_them) {
    const double levels[] = {8, 15};
    fill(wells);
    gradus_contours c = trace(levels, 2);
    /* Two circles a level, and the peak crossed by both levels.  */
    static const size_t bands[] = {1, 1, 0, 0, 2, 1};
    ck_assert_uint_eq(c.loops, 6);
    size_t above = 0, ones = 0;
    for (size_t l = 0; l < 6; l++) {
        ck_assert(l == 0 || c.loop[l].area <= c.loop[l - 1].area);
        above += c.loop[l].band == 2;
        ones += c.loop[l].band == 1;
        if (l < 4)
            ck_assert_uint_eq(c.loop[l].band, bands[l]);
    }
    ck_assert_uint_eq(above, 1);
    ck_assert_uint_eq(ones, 3);
    /* The innermost is the higher level's: it is painted last and hides the lower one's.  */
    ck_assert_uint_eq(c.loop[5].band, 2);
    gradus_contours_close(&c);
}
END_TEST

/* xy < 0 in two squares that touch in one point, and are not joined into one or lost.  */
START_TEST(saddles) {
    const double levels[] = {-1e-9};
    fill(saddle);
    gradus_contours c = trace(levels, 1);
    double total = 0;
    for (size_t l = 0; l < c.loops; l++) {
        ck_assert_uint_eq(c.loop[l].band, 0);
        total += c.loop[l].area;
    }
    printf("%zu loops, area %.6f\n", c.loops, total);
    ck_assert_uint_eq(c.loops, 2);
    /* A straight line cuts half a square off where they touch.  */
    ck_assert(fabs(total - (5000 - 2 * 0.5)) <= 1e-3);
    gradus_contours_close(&c);
}
END_TEST

START_TEST(nothing_to_draw) {
    const double levels[] = {0, 1};
    fill(nothing);
    gradus_contours c = trace(levels, 2);
    ck_assert_uint_eq(c.loops, 0);
    gradus_contours_close(&c);
    fill(bowl);
    c = trace(levels, 0);
    ck_assert_uint_eq(c.loops, 0);
    gradus_contours_close(&c);
    const double all[] = {1e9}; /* everything is below: the border itself */
    c = trace(all, 1);
    ck_assert(c.loops == 1 && c.loop[0].area == 1e4 && c.loop[0].band == 0);
    gradus_contours_close(&c);
}
END_TEST

TEST_MAIN("contours", circles, hills, islands_come_after_what_contains_them, saddles,
          nothing_to_draw)
