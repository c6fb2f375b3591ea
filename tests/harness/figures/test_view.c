/* The box and the levels of a landscape.  */

#include "harness/figures/view.h"

#include "../../support.h"
#include "base/memory.h"

static const double ASPECT = 1.5;

typedef struct {
    gradus_trajectory trajectory;
    gradus_waypoint points[8];
} track_t;

static gradus_path path_of(track_t *t, bool improved, size_t count, const double xs[][2]) {
    *t = (track_t){.trajectory = {.count = count, .stride = 1, .point = t->points}};
    for (size_t i = 0; i < count; i++)
        t->points[i] = (gradus_waypoint){i, {xs[i][0], xs[i][1]}};
    return (gradus_path){&t->trajectory, improved};
}

static gradus_problem *open_spec(const char *spec) {
    gradus_problem *problem;
    assert_ok(gradus_problem_create(&problem, spec, 1, NULL));
    return problem;
}

static void check_box(const gradus_view *v) {
    double x = v->high[0] - v->low[0], y = v->high[1] - v->low[1];
    printf("[%g, %g] x [%g, %g]\n", v->low[0], v->high[0], v->low[1], v->high[1]);
    ck_assert(isfinite(x) && isfinite(y) && x > 0 && y > 0);
}

/* Everything inside, with a margin, on equal scales.  */
START_TEST(holds_the_paths) {
    track_t one, two;
    const gradus_path paths[] = {
        path_of(&one, true, 3, (const double[][2]){{-1, 0.5}, {1, 2}, {0.5, 1.5}}),
        path_of(&two, true, 2, (const double[][2]){{-1, 0.5}, {0, -1}})};
    gradus_problem *problem = open_spec("himmelblau");
    gradus_view view;
    gradus_view_choose(&view, paths, 2, problem, ASPECT);
    check_box(&view);
    ck_assert(view.low[0] < -1.05 && view.high[0] > 1.05 && view.low[1] < -1.05 &&
              view.high[1] > 2.05);
    assert_close((view.high[0] - view.low[0]) / (view.high[1] - view.low[1]), ASPECT,
                 1e-14);
    ck_assert(!gradus_view_cuts(&view, &paths[0]) && !gradus_view_cuts(&view, &paths[1]));
    gradus_problem_close(problem);
}
END_TEST

/* A path that diverges does not widen the box beyond four times the others' reach; one
   that is only faster than the others is whole.  */
START_TEST(cuts_what_diverges) {
    track_t one, two, three;
    const gradus_path paths[] = {
        path_of(&one, true, 2, (const double[][2]){{0, 0}, {1, 1}}),
        path_of(&two, false, 4,
                (const double[][2]){{0, 0}, {0.5, -2}, {1e200, 4}, {INFINITY, NAN}}),
        path_of(&three, true, 3, (const double[][2]){{0, 0}, {-1, 1}, {-40, 2}})};
    gradus_problem *problem = open_spec("plateau");
    gradus_view view;
    gradus_view_choose(&view, paths, 2, problem, ASPECT);
    check_box(&view);
    ck_assert(view.high[0] < 6 && view.low[1] < -2);
    ck_assert(!gradus_view_cuts(&view, &paths[0]) && gradus_view_cuts(&view, &paths[1]));
    gradus_view_choose(&view, paths, 3, problem, ASPECT);
    check_box(&view);
    ck_assert(gradus_view_cuts(&view, &paths[1]) && !gradus_view_cuts(&view, &paths[2]));
    /* When there is no other, its first update says what is looked at: four of its length,
       and no 1e200.  */
    gradus_view_choose(&view, &paths[1], 1, problem, ASPECT);
    check_box(&view);
    ck_assert(view.low[1] < -2 && view.low[1] > -12 && view.high[0] < 20);
    gradus_problem_close(problem);
}
END_TEST

START_TEST(holds_the_start_when_nobody_moves) {
    track_t one;
    const gradus_path path = path_of(&one, false, 1, (const double[][2]){{0, 0}});
    gradus_problem *problem = open_spec("saddle:start_x=0,start_y=0");
    gradus_view view;
    gradus_view_choose(&view, &path, 1, problem, ASPECT);
    check_box(&view);
    ck_assert(gradus_view_has(&view, (double[]){0, 0}));
    gradus_problem_close(problem);
}
END_TEST

/* Geometric levels for Rosenbrock's decades, equally spaced ones for a gentle saddle; in
   both cases rising, between the lowest and the highest value, and heights that keep the
   order.  */
START_TEST(chooses_levels) {
    static const struct {
        const char *spec;
        bool log;
    } cases[] = {{"rosenbrock", true}, {"plateau", false}};
    enum { SIDE = 40 };
    for (size_t c = 0; c < 2; c++) {
        gradus_problem *problem = open_spec(cases[c].spec);
        double height[SIDE * SIDE], levels[GRADUS_VIEW_LEVELS];
        gradus_grid grid = {.columns = SIDE, .rows = SIDE, .height = height};
        gradus_view view = {.low = {-1.5, -1}, .high = {1.5, 2}};
        assert_ok(gradus_view_measure(&view, problem, &grid, levels, NULL));
        ck_assert_msg(view.log == cases[c].log, "%s", cases[c].spec);
        ck_assert_uint_eq(view.levels, GRADUS_VIEW_LEVELS);
        ck_assert(view.lowest == 0); /* the known minimum, which is not on the grid */
        for (size_t k = 1; k < view.levels; k++)
            ck_assert(view.level[k] > view.level[k - 1] && levels[k] > levels[k - 1]);
        size_t below = 0;
        for (size_t i = 0; i < SIDE * SIDE; i++)
            below += height[i] < levels[0];
        printf("%s: %g to %g, %zu of %d below\n", cases[c].spec, view.level[0],
               view.level[view.levels - 1], below, SIDE * SIDE);
        ck_assert(below > 0 && below < SIDE * SIDE / 4);
        gradus_problem_close(problem);
    }
}
END_TEST

TEST_MAIN("view", holds_the_paths, cuts_what_diverges, holds_the_start_when_nobody_moves,
          chooses_levels)
