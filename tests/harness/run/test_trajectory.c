/* Trajectories: what is kept of long ones, and that they are read back bit for bit.  */

#include "harness/run/trajectory.h"

#include "../scratch.h"

static gradus_trajectory open_one(void) {
    gradus_trajectory t;
    assert_ok(gradus_trajectory_open(&t, NULL));
    return t;
}

static void walk(gradus_trajectory *t, size_t updates) {
    for (size_t k = 0; k <= updates; k++) {
        const double x[2] = {(double)k / 3, -(double)k};
        gradus_trajectory_add(t, k, x);
    }
}

/* Evenly spaced, the first and the last among them, and never more than the bound.  */
START_TEST(keeps_every_kth) {
    static const struct {
        size_t updates, stride;
    } cases[] = {{0, 1},
                 {7, 1},
                 {GRADUS_MOST_WAYPOINTS - 1, 1},
                 {GRADUS_MOST_WAYPOINTS + 5, 2},
                 {2 * GRADUS_MOST_WAYPOINTS + 7, 4},
                 {100001, 8}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        gradus_trajectory t = open_one();
        walk(&t, cases[c].updates);
        printf("%zu updates: every %zu, %zu points\n", cases[c].updates, t.stride, t.count);
        ck_assert_uint_eq(t.stride, cases[c].stride);
        ck_assert_uint_le(t.count, GRADUS_MOST_WAYPOINTS + 1);
        for (size_t i = 0; i + 1 < t.count; i++) {
            ck_assert_uint_eq(t.point[i].update, i * t.stride);
            ck_assert(t.point[i].x[1] == -(double)t.point[i].update);
        }
        ck_assert_uint_eq(t.point[t.count - 1].update, cases[c].updates);
        gradus_trajectory_close(&t);
    }
}
END_TEST

START_TEST(keeps_one_point_an_update) {
    gradus_trajectory t = open_one();
    gradus_trajectory_add(&t, 0, (double[]){1, 2});
    gradus_trajectory_add(&t, 0, (double[]){3, 4});
    ck_assert(t.count == 1 && t.point[0].x[0] == 3 && t.point[0].x[1] == 4);
    gradus_trajectory_close(&t);
}
END_TEST

START_TEST(comes_back) {
    static const double xs[][2] = {{0.1, -0.0}, {1e308, 5e-324}, {INFINITY, NAN}};
    gradus_trajectory t = open_one(), again;
    make_scratch();
    for (size_t k = 0; k < 3; k++)
        gradus_trajectory_add(&t, k, xs[k]);
    FILE *file = fopen(in_scratch("t.csv"), "w");
    gradus_trajectory_print(file, &t);
    ck_assert_int_eq(fclose(file), 0);
    assert_ok(gradus_trajectory_read(&again, in_scratch("t.csv"), NULL));
    ck_assert_uint_eq(again.count, 3);
    for (size_t k = 0; k < 3; k++)
        for (int i = 0; i < 2; i++)
            ck_assert(same_bits(again.point[k].x[i], xs[k][i]) ||
                      (isnan(again.point[k].x[i]) && isnan(xs[k][i])));
    gradus_trajectory_close(&again);
    gradus_trajectory_close(&t);
    clear_scratch();
}
END_TEST

START_TEST(refuses_what_is_broken) {
    static const struct {
        const char *text, *says;
    } cases[] = {{"", "t.csv:1:"},
                 {"update,x,y\n", "t.csv:1:"},
                 {"update,y,x\n0,1,2\n", "t.csv:1:"},
                 {"update,x,y\n0,1\n", "t.csv:2:"},
                 {"update,x,y\n0,1,2\n1,x,2\n", "t.csv:3:"},
                 {"update,x,y\n0,1,2\n1,1,2,3\n", "t.csv:3:"},
                 {"update,x,y\n0,1,2\n1,1,2", "t.csv:3:"}};
    make_scratch();
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        gradus_trajectory t;
        gradus_error why = {0};
        const char *path = write_scratch("t.csv", cases[c].text, strlen(cases[c].text));
        ck_assert_int_eq(gradus_trajectory_read(&t, path, &why), GRADUS_EINPUT);
        assert_contains(why.text, cases[c].says);
        assert_sentence(why.text);
    }
    gradus_trajectory t;
    ck_assert_int_eq(gradus_trajectory_read(&t, in_scratch("absent"), NULL), GRADUS_EINPUT);
    clear_scratch();
}
END_TEST

TEST_MAIN("trajectory", keeps_every_kth, keeps_one_point_an_update, comes_back,
          refuses_what_is_broken)
