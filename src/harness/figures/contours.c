/* Marching squares, joined to loops.

   Around the grid lies a frame of infinite height, so that every line closes.  A line is
   followed with what is below the level on its left, so a loop around low ground turns left
   and has a positive area.  Loops of all levels never cross: painted from the largest to the
   smallest, each in the colour of its own inside, they give the filled contours, holes and
   islands included.  */

#include "harness/figures/contours.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* An edge between two neighbours: from node (i, j) to (i+1, j), or up to (i, j+1).  Nodes
   are counted from -1, the frame.  */
typedef struct {
    long i, j;
    bool upright;
} edge_t;

enum side { BOTTOM, RIGHT, TOP, LEFT, SIDES };

typedef struct {
    const gradus_grid *grid;
    double level;
    bool *seen; /* of every edge */
    gradus_contours *out;
} walk_t;

static long columns(const walk_t *w) { return (long)w->grid->columns; }
static long rows(const walk_t *w) { return (long)w->grid->rows; }

static double height(const walk_t *w, long i, long j) {
    if (i < 0 || j < 0 || i >= columns(w) || j >= rows(w))
        return INFINITY;
    double z = w->grid->height[(size_t)j * w->grid->columns + (size_t)i];
    return isnan(z) ? INFINITY : z;
}

static bool is_low(const walk_t *w, long i, long j) { return height(w, i, j) < w->level; }

/* The ends of an edge that is crossed differ.  */
static bool is_crossed(const walk_t *w, edge_t e) {
    return is_low(w, e.i, e.j) != is_low(w, e.i + !e.upright, e.j + e.upright);
}

static bool *seen(const walk_t *w, edge_t e) {
    size_t across = w->grid->columns + 2;
    size_t node = (size_t)(e.j + 1) * across + (size_t)(e.i + 1);
    return &w->seen[2 * node + e.upright];
}

/* Where the level is between the ends; at the low one when the other is infinite.  */
static void add_point(walk_t *w, edge_t e) {
    double from = height(w, e.i, e.j), to = height(w, e.i + !e.upright, e.j + e.upright);
    double share = isinf(to) ? 0 : isinf(from) ? 1 : (w->level - from) / (to - from);
    double *point = w->out->point[w->out->points++];
    point[0] = (double)e.i + (e.upright ? 0 : share);
    point[1] = (double)e.j + (e.upright ? share : 0);
}

static edge_t side_of(long i, long j, enum side side) {
    switch (side) {
    case BOTTOM:
        return (edge_t){i, j, false};
    case RIGHT:
        return (edge_t){i + 1, j, true};
    case TOP:
        return (edge_t){i, j + 1, false};
    default:
        return (edge_t){i, j, true};
    }
}

static bool centre_is_low(const walk_t *w, long i, long j) {
    return (height(w, i, j) + height(w, i + 1, j) + height(w, i, j + 1) +
            height(w, i + 1, j + 1)) /
               4 <
           w->level;
}

/* The next edge of the line that crosses E with the low end on its left.  */
static edge_t next_edge(const walk_t *w, edge_t e) {
    bool first_low = is_low(w, e.i, e.j);
    /* The square that the line goes into, and from which side.  */
    enum side from = e.upright ? (first_low ? RIGHT : LEFT) : (first_low ? BOTTOM : TOP);
    long i = e.i - (from == RIGHT), j = e.j - (from == TOP);
    size_t crossed = 0;
    enum side other = from;
    for (enum side s = BOTTOM; s < SIDES; s++)
        if (s != from && is_crossed(w, side_of(i, j, s))) {
            other = s;
            crossed++;
        }
    if (crossed > 1) /* a saddle: turn right around high ground, or left around low */
        other = (from + (centre_is_low(w, i, j) ? 1 : SIDES - 1)) % SIDES;
    return side_of(i, j, other);
}

static double area_of(const gradus_contours *c, const gradus_loop *loop) {
    const double(*p)[2] = (const double(*)[2])c->point + loop->first;
    double twice = 0;
    for (size_t k = 0; k < loop->count; k++) {
        const double *a = p[k], *b = p[(k + 1) % loop->count];
        twice += a[0] * b[1] - a[1] * b[0];
    }
    return twice / 2;
}

static void follow(walk_t *w, edge_t e, size_t level) {
    gradus_loop *loop = &w->out->loop[w->out->loops++];
    *loop = (gradus_loop){.first = w->out->points, .level = level};
    for (; !*seen(w, e); e = next_edge(w, e)) {
        *seen(w, e) = true;
        add_point(w, e);
    }
    loop->count = w->out->points - loop->first;
    double area = area_of(w->out, loop);
    loop->band = area > 0 ? level : level + 1;
    loop->area = fabs(area);
}

/* Calls ACT for every edge that the level crosses.  */
static void for_crossed(walk_t *w, size_t level, void (*act)(walk_t *, edge_t, size_t)) {
    for (long j = -1; j < rows(w); j++)
        for (long i = -1; i < columns(w); i++)
            for (int upright = 0; upright < 2; upright++) {
                edge_t e = {i, j, upright};
                if (is_crossed(w, e))
                    act(w, e, level);
            }
}

static void count_point(walk_t *w, edge_t e, size_t level) {
    (void)e, (void)level;
    w->out->points++;
}

static void follow_unseen(walk_t *w, edge_t e, size_t level) {
    if (!*seen(w, e))
        follow(w, e, level);
}

/* The larger first; of equals (both are the whole border) the higher level first.  */
static int compare(const void *a, const void *b) {
    const gradus_loop *p = a, *q = b;
    if (p->area != q->area)
        return p->area > q->area ? -1 : 1;
    if (p->level != q->level)
        return p->level > q->level ? -1 : 1;
    return p->first < q->first ? -1 : 1;
}

gradus_err gradus_contours_open(gradus_contours *contours, const gradus_grid *grid,
                                const double levels[], size_t count, gradus_error *why) {
    enum { FEWEST = 4 }; /* points of a loop */
    walk_t w = {.grid = grid, .out = contours};
    size_t edges = 2 * (grid->columns + 2) * (grid->rows + 2);
    *contours = (gradus_contours){0};
    for (size_t k = 0; k < count; k++) {
        w.level = levels[k];
        for_crossed(&w, k, count_point);
    }
    contours->point = gradus_allocate(contours->points, sizeof *contours->point);
    contours->loop = GRADUS_NEW(contours->points / FEWEST, gradus_loop);
    contours->points = 0;
    bool memory = contours->point && contours->loop;
    for (size_t k = 0; memory && k < count; k++) {
        w.level = levels[k];
        w.seen = GRADUS_NEW(edges, bool);
        memory = w.seen != NULL;
        if (memory)
            for_crossed(&w, k, follow_unseen);
        gradus_free(w.seen);
    }
    if (!memory) {
        gradus_contours_close(contours);
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for contours");
    }
    qsort(contours->loop, contours->loops, sizeof *contours->loop, compare);
    return GRADUS_OK;
}

void gradus_contours_close(gradus_contours *contours) {
    gradus_free(contours->loop);
    gradus_free(contours->point);
    *contours = (gradus_contours){0};
}
