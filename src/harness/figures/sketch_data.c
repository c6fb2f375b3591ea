/* The data file of a landscape, and the geometry of its figure.

   The background is the contours' loops, painted one upon the other; loops of one colour
   that follow each other are one block of the data.  */

#include "harness/figures/sketch.h"

#include <math.h>
#include <string.h>

enum { AXES = GRADUS_PLANE };
static const double thinnest = 0.4, /* steps that are shorter are not drawn; */
    finest_turn = 2.5,              /* the same of contours */
    apart = 6,                      /* so long must a step be to have dots at its ends */
    far_outside = 50;               /* spans: what is farther away is out of sight */

/* ---- Geometry ---- */

static double span(const gradus_sketch *s, size_t axis) {
    return s->view.high[axis] - s->view.low[axis];
}

static double frame(const gradus_sketch *s, size_t axis) {
    return axis == 0 ? GRADUS_MAP_RIGHT - GRADUS_MAP_LEFT : GRADUS_MAP_TOP - s->bottom;
}

double gradus_sketch_place(const gradus_sketch *s, const double x[], size_t axis) {
    return (x[axis] - s->view.low[axis]) / span(s, axis) * frame(s, axis);
}

double gradus_sketch_length(const gradus_sketch *s, double units, size_t axis) {
    return units * span(s, axis) / frame(s, axis);
}

double gradus_sketch_distance(const gradus_sketch *s, const double a[], const double b[]) {
    double across = gradus_sketch_place(s, a, 0) - gradus_sketch_place(s, b, 0),
           up = gradus_sketch_place(s, a, 1) - gradus_sketch_place(s, b, 1);
    return hypot(across, up);
}

/* How far outside of the frame's middle, in spans.  */
static double far_out(const gradus_sketch *s, const double x[]) {
    double most = 0;
    for (size_t a = 0; a < AXES; a++)
        most = fmax(most, fabs(x[a] - (s->view.low[a] + s->view.high[a]) / 2) / span(s, a));
    return most;
}

size_t gradus_sketch_finite(const gradus_sketch *s, size_t run) {
    const gradus_trajectory *t = &s->trajectory[run];
    size_t count = 0;
    while (count < t->count && isfinite(t->point[count].x[0]) &&
           isfinite(t->point[count].x[1]))
        count++;
    return count;
}

const double *gradus_sketch_end(const gradus_sketch *s, size_t run) {
    const gradus_trajectory *t = &s->trajectory[run];
    size_t count = gradus_sketch_finite(s, run);
    bool inside = count == t->count && gradus_view_has(&s->view, t->point[count - 1].x);
    return inside ? t->point[count - 1].x : NULL;
}

/* ---- Blocks ---- */

size_t gradus_sketch_minima_block(const gradus_sketch *s) { return s->groups; }

size_t gradus_sketch_line_block(const gradus_sketch *s, size_t run) {
    return s->groups + 1 + 2 * run;
}

size_t gradus_sketch_starts_block(const gradus_sketch *s) {
    return gradus_sketch_line_block(s, s->results->runs);
}

size_t gradus_sketch_end_block(const gradus_sketch *s, size_t run) {
    return gradus_sketch_starts_block(s) + 1 + run;
}

static void end_block(FILE *file) { fputs("\n\n", file); }

static void print_point(FILE *file, const double x[]) {
    fprintf(file, "%.6g %.6g\n", x[0], x[1]);
}

static void write_ground(FILE *file, gradus_sketch *s) {
    const double *low = s->view.low, *high = s->view.high;
    fprintf(file, "# The ground, then loops of contours, painted in this order.\n");
    for (int corner = 0; corner < 4; corner++) {
        bool right = corner == 1 || corner == 2, top = corner >= 2;
        print_point(file, (double[]){right ? high[0] : low[0], top ? high[1] : low[1]});
    }
    s->colour[0] = s->view.levels;
    s->groups = 1;
    end_block(file);
}

/* Its points closer together than the eye can follow are left out.  */
static void write_loop(FILE *file, const gradus_sketch *s, const gradus_loop *loop) {
    double before[AXES], x[AXES];
    for (size_t k = 0; k <= loop->count; k++) {
        const double *p = s->contours.point[loop->first + k % loop->count];
        x[0] = s->view.low[0] + span(s, 0) * p[0] / (double)(s->grid.columns - 1);
        x[1] = s->view.low[1] + span(s, 1) * p[1] / (double)(s->grid.rows - 1);
        if (k > 0 && k < loop->count &&
            !(gradus_sketch_distance(s, x, before) >= finest_turn))
            continue;
        print_point(file, x);
        memcpy(before, x, sizeof x);
    }
}

static void write_loops(FILE *file, gradus_sketch *s) {
    write_ground(file, s);
    const gradus_contours *c = &s->contours;
    for (size_t l = 0; l < c->loops; l++) {
        bool last = l + 1 == c->loops;
        write_loop(file, s, &c->loop[l]);
        if (!last && c->loop[l + 1].band == c->loop[l].band) {
            fputc('\n', file); /* another line of the same block */
            continue;
        }
        s->colour[s->groups++] = c->loop[l].band;
        end_block(file);
    }
}

/* A cross is two lines.  */
static void write_minima(FILE *file, gradus_sketch *s) {
    const gradus_problem_type *type = s->problem->type;
    const double arm = 5;
    double x[AXES];
    fputs("# Minima, as crosses.\nNaN NaN\n", file);
    for (size_t i = 0; type->minimum && type->minimum(s->problem->self, i, x); i++) {
        if (!gradus_view_has(&s->view, x))
            continue;
        double w = gradus_sketch_length(s, arm, 0), h = gradus_sketch_length(s, arm, 1);
        fprintf(file, "\n%.9g %.9g\n%.9g %.9g\n\n%.9g %.9g\n%.9g %.9g\n", x[0] - w,
                x[1] - h, x[0] + w, x[1] + h, x[0] - w, x[1] + h, x[0] + w, x[1] - h);
    }
    end_block(file);
}

/* gnuplot draws to the frame what leads out of it, but not from near infinity: of a line
   from NEAR to a point far outside, the part that can be seen is kept.  */
static void print_shortened(FILE *file, const gradus_sketch *s, const double near[],
                            const double far[]) {
    double part = far_outside / far_out(s, far);
    fprintf(file, "%.9g %.9g\n", near[0] + part * (far[0] - near[0]),
            near[1] + part * (far[1] - near[1]));
}

/* Points closer together than the figure can show are left out, and so are lines between
   points that are both far outside.  */
static void write_line(FILE *file, const gradus_sketch *s, size_t run) {
    const gradus_trajectory *t = &s->trajectory[run];
    size_t count = gradus_sketch_finite(s, run);
    const double *before = NULL; /* the last point that was printed, unless it is far */
    for (size_t i = 0; i < count; i++) {
        const double *x = t->point[i].x;
        if (before && i + 1 < count && !(gradus_sketch_distance(s, x, before) >= thinnest))
            continue;
        bool far = !(far_out(s, x) <= far_outside);
        if (far && before)
            print_shortened(file, s, before, x);
        if (far) {
            before = NULL;
            continue;
        }
        if (!before && i > 0) { /* back from afar */
            fputc('\n', file);
            print_shortened(file, s, x, t->point[i - 1].x);
        }
        fprintf(file, "%.9g %.9g\n", x[0], x[1]);
        before = x;
    }
}

/* Whether the step to point I is one update and can be seen as such.  */
static bool is_apart(const gradus_sketch *s, const gradus_trajectory *t, size_t i) {
    return t->point[i].update == t->point[i - 1].update + 1 &&
           gradus_sketch_distance(s, t->point[i].x, t->point[i - 1].x) >= apart;
}

/* Lines of no length, which round ends make dots: circles would take kilobytes each.  */
static void write_dots(FILE *file, const gradus_sketch *s, size_t run) {
    const gradus_trajectory *t = &s->trajectory[run];
    const double hardly = gradus_sketch_length(s, 0.1, 0);
    size_t count = gradus_sketch_finite(s, run);
    fputs("NaN NaN\n", file); /* keeps the place of the block */
    for (size_t i = 1; i + 1 < count; i++) {
        const double *x = t->point[i].x;
        if (is_apart(s, t, i) && is_apart(s, t, i + 1) && gradus_view_has(&s->view, x))
            fprintf(file, "\n%.9g %.9g\n%.9g %.9g\n", x[0], x[1], x[0] + hardly, x[1]);
    }
}

static void write_ends(FILE *file, gradus_sketch *s) {
    const double *before = NULL;
    fputs("# Starts, then the end of every run.\n", file);
    for (size_t r = 0; r < s->results->runs; r++) {
        const double *start = s->trajectory[r].point[0].x;
        if (!before || memcmp(start, before, AXES * sizeof *start) != 0)
            fprintf(file, "%.9g %.9g\n", start[0], start[1]);
        before = start;
    }
    end_block(file);
    for (size_t r = 0; r < s->results->runs; r++) {
        const double *end = gradus_sketch_end(s, r);
        fprintf(file, "%.9g %.9g\n", end ? end[0] : NAN, end ? end[1] : NAN);
        end_block(file);
    }
}

void gradus_sketch_data(FILE *file, gradus_sketch *s) {
    write_loops(file, s);
    write_minima(file, s);
    for (size_t r = 0; r < s->results->runs; r++) {
        fprintf(file, "# %s, seed %lld: its path; its updates, where they are apart.\n",
                s->results->labels[s->results->run[r].method],
                (long long)s->results->run[r].seed);
        write_line(file, s, r);
        end_block(file);
        write_dots(file, s, r);
        end_block(file);
    }
    write_ends(file, s);
}
