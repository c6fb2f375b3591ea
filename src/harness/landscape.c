/* Data file and gnuplot script of a landscape.

   The background is the contours' loops, painted one upon the other; loops of one colour
   that follow each other are one block of the data.  Over it come the minima, then of every
   run a pale casing, its line, its updates where they can be told apart, and its ends.  */

#include "harness/landscape.h"

#include "core/memory.h"
#include "harness/folder.h"
#include "harness/html.h"
#include "harness/output.h"
#include "harness/view.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char gradus_landscape_stem[] = "landscape";
const char gradus_landscape_title[] = "Paths over the landscape";

enum { AXES = GRADUS_PLANE };

/* Layout, in the units of the drawing, y from the bottom.  */
enum {
    LEFT = 62,
    RIGHT = GRADUS_FIGURE_WIDTH - 16,
    TOP = GRADUS_FIGURE_HEIGHT - 10,
    TICKS = 46,  /* below the frame: numbers, and the name of the axis */
    ROW = 20,    /* of the legend */
    SWATCH = 22, /* length of a line in the legend */
    GAP = 8,     /* between it and its label */
    SPACE = 18,  /* between entries */
    FOOT = 6,    /* below the legend */
    LONGEST_LABEL = 24,
    GRID_STEP = 3 /* of the contours */
};
static const double character_width = 0.56 * GRADUS_FIGURE_FONT;
static const double thinnest = 0.4, /* steps that are shorter are not drawn */
    apart = 6,                      /* so long must a step be to have dots at its ends */
    label_width_apart = 120,        /* ends that have a label to themselves */
    label_height_apart = 24,
                    far_outside = 50; /* spans: beyond it only the direction is kept */

/* From low ground to high: pale, so that the lines stand out.  */
static const double palette[][3] = {
    {252, 252, 250}, {226, 232, 236}, {190, 203, 214}, {150, 168, 186}, {112, 132, 155}};
enum { COLOURS = sizeof palette / sizeof *palette };

typedef struct {
    const gradus_results *results;
    gradus_drawing *drawing;
    const char *folder, *figures;
    gradus_problem *problem;
    gradus_trajectory *trajectory; /* of every run */
    gradus_path *path;
    gradus_view view;
    gradus_contours contours;
    gradus_grid grid;
    size_t groups;  /* of loops, the ground included */
    size_t *colour; /* the band of every group */
    size_t blocks;  /* of the data that were written */
    size_t rows;    /* of the legend */
} sketch_t;

/* ---- Places ---- */

static double bottom(const sketch_t *s) { return FOOT + (double)(s->rows * ROW) + TICKS; }

static double span(const sketch_t *s, size_t axis) {
    return s->view.high[axis] - s->view.low[axis];
}

/* In units of the drawing, from the corner of the frame.  */
static double place(const sketch_t *s, const double x[], size_t axis) {
    double length = axis == 0 ? RIGHT - LEFT : TOP - bottom(s);
    return (x[axis] - s->view.low[axis]) / span(s, axis) * length;
}

static double distance(const sketch_t *s, const double a[], const double b[]) {
    return hypot(place(s, a, 0) - place(s, b, 0), place(s, a, 1) - place(s, b, 1));
}

/* gnuplot draws to the frame what leads out of it, but not from infinity.  */
static void bring_near(const sketch_t *s, const double x[], double out[]) {
    double most = 0;
    for (size_t a = 0; a < AXES; a++) {
        double middle = (s->view.low[a] + s->view.high[a]) / 2;
        most = fmax(most, fabs((x[a] - middle) / span(s, a)));
    }
    for (size_t a = 0; a < AXES; a++) {
        double middle = (s->view.low[a] + s->view.high[a]) / 2;
        out[a] = most <= far_outside ? x[a] : middle + (x[a] - middle) / most * far_outside;
    }
}

/* So many points of a trajectory come before the first that is not finite.  */
static size_t finite_points(const gradus_trajectory *t) {
    size_t count = 0;
    while (count < t->count && isfinite(t->point[count].x[0]) &&
           isfinite(t->point[count].x[1]))
        count++;
    return count;
}

/* ---- Data ---- */

static void end_block(FILE *file, sketch_t *s) {
    fputs("\n\n", file);
    s->blocks++;
}

static void print_point(FILE *file, const double x[]) {
    fprintf(file, "%.6g %.6g\n", x[0], x[1]);
}

static void write_ground(FILE *file, sketch_t *s) {
    const double *low = s->view.low, *high = s->view.high;
    fprintf(file, "# The ground, then loops of contours, painted in this order.\n");
    for (int corner = 0; corner < 4; corner++) {
        bool right = corner == 1 || corner == 2, top = corner >= 2;
        print_point(file, (double[]){right ? high[0] : low[0], top ? high[1] : low[1]});
    }
    s->colour[0] = s->view.levels;
    s->groups = 1;
    end_block(file, s);
}

static void write_loop(FILE *file, const sketch_t *s, const gradus_loop *loop) {
    for (size_t k = 0; k <= loop->count; k++) {
        const double *p = s->contours.point[loop->first + k % loop->count];
        print_point(
            file,
            (double[]){s->view.low[0] + span(s, 0) * p[0] / (double)(s->grid.columns - 1),
                       s->view.low[1] + span(s, 1) * p[1] / (double)(s->grid.rows - 1)});
    }
}

static void write_loops(FILE *file, sketch_t *s) {
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
        end_block(file, s);
    }
}

/* A cross is two lines.  */
static void write_minima(FILE *file, sketch_t *s) {
    const gradus_problem_type *type = s->problem->type;
    const double arm = 5;
    double x[AXES];
    fputs("# Minima, as crosses.\nNaN NaN\n", file);
    for (size_t i = 0; type->minimum && type->minimum(s->problem->self, i, x); i++) {
        if (!gradus_view_has(&s->view, x))
            continue;
        double w = arm * span(s, 0) / (RIGHT - LEFT),
               h = arm * span(s, 1) / (TOP - bottom(s));
        fprintf(file, "\n%.9g %.9g\n%.9g %.9g\n\n%.9g %.9g\n%.9g %.9g\n", x[0] - w,
                x[1] - h, x[0] + w, x[1] + h, x[0] - w, x[1] + h, x[0] + w, x[1] - h);
    }
    end_block(file, s);
}

/* Points closer together than the figure can show are left out.  */
static void write_line_data(FILE *file, const sketch_t *s, const gradus_trajectory *t) {
    size_t count = finite_points(t);
    double before[AXES], x[AXES];
    for (size_t i = 0; i < count; i++) {
        bring_near(s, t->point[i].x, x);
        if (i > 0 && i + 1 < count && !(distance(s, x, before) >= thinnest))
            continue;
        fprintf(file, "%.9g %.9g\n", x[0], x[1]);
        memcpy(before, x, sizeof x);
    }
}

/* Whether the step to point I is one update and can be seen as such.  */
static bool is_apart(const sketch_t *s, const gradus_trajectory *t, size_t i) {
    return t->point[i].update == t->point[i - 1].update + 1 &&
           distance(s, t->point[i].x, t->point[i - 1].x) >= apart;
}

static void write_dots_data(FILE *file, const sketch_t *s, const gradus_trajectory *t) {
    size_t count = finite_points(t);
    fputs("NaN NaN\n", file); /* keeps the place of the block */
    for (size_t i = 1; i + 1 < count; i++)
        if (is_apart(s, t, i) && is_apart(s, t, i + 1) &&
            gradus_view_has(&s->view, t->point[i].x))
            fprintf(file, "%.9g %.9g\n", t->point[i].x[0], t->point[i].x[1]);
}

static const char *label_of(const sketch_t *s, size_t run) {
    return s->results->labels[s->results->run[run].method];
}

/* Where the path of a run ends, if inside.  */
static const double *end_of(const sketch_t *s, size_t run) {
    const gradus_trajectory *t = &s->trajectory[run];
    size_t count = finite_points(t);
    bool inside = count == t->count && gradus_view_has(&s->view, t->point[count - 1].x);
    return inside ? t->point[count - 1].x : NULL;
}

static void write_ends(FILE *file, sketch_t *s) {
    const double *before = NULL;
    fputs("# Starts, then the end of every run.\n", file);
    for (size_t r = 0; r < s->results->runs; r++) {
        const double *start = s->trajectory[r].point[0].x;
        if (!before || memcmp(start, before, AXES * sizeof *start) != 0)
            fprintf(file, "%.9g %.9g\n", start[0], start[1]);
        before = start;
    }
    end_block(file, s);
    for (size_t r = 0; r < s->results->runs; r++) {
        const double *end = end_of(s, r);
        fprintf(file, "%.9g %.9g\n", end ? end[0] : NAN, end ? end[1] : NAN);
        end_block(file, s);
    }
}

static void write_data(FILE *file, sketch_t *s) {
    s->blocks = 0;
    write_loops(file, s);
    write_minima(file, s);
    for (size_t r = 0; r < s->results->runs; r++) {
        fprintf(file, "# %s, seed %lld: its path; its updates, where they are apart.\n",
                label_of(s, r), (long long)s->results->run[r].seed);
        write_line_data(file, s, &s->trajectory[r]);
        end_block(file, s);
        write_dots_data(file, s, &s->trajectory[r]);
        end_block(file, s);
    }
    write_ends(file, s);
}

/* ---- Legend ---- */

static size_t label_bytes(const char *label, size_t *characters) {
    size_t bytes = 0;
    for (*characters = 0; label[bytes]; bytes++)
        if (((unsigned char)label[bytes] & 0xC0) != 0x80 && ++*characters > LONGEST_LABEL)
            break;
    if (*characters > LONGEST_LABEL)
        *characters = LONGEST_LABEL;
    return bytes;
}

/* Labels are safe as file names: there is nothing in them to be quoted.  */
static double entry_width(const sketch_t *s, size_t method) {
    size_t characters;
    label_bytes(s->results->labels[method], &characters);
    return SWATCH + GAP + character_width * (double)characters;
}

typedef void (*entry_writer)(FILE *file, const sketch_t *s, size_t method, double x,
                             double y);

/* Lays the legend out in rows, from the top; the number of rows.  */
static size_t lay_out(FILE *file, const sketch_t *s, entry_writer write) {
    size_t row = 0;
    double x = 0, width = GRADUS_FIGURE_WIDTH - 2 * SPACE;
    for (size_t m = 0; m < s->results->methods; m++) {
        double needed = entry_width(s, m);
        if (x > 0 && x + needed > width) {
            x = 0;
            row++;
        }
        if (write)
            write(file, s, m, SPACE + x, FOOT + ROW * ((double)(s->rows - row) - 0.5));
        x += needed + SPACE;
    }
    return row + 1;
}

static void write_entry(FILE *file, const sketch_t *s, size_t method, double x, double y) {
    const char *label = s->results->labels[method];
    size_t characters, bytes = label_bytes(label, &characters);
    double width = GRADUS_FIGURE_WIDTH, height = GRADUS_FIGURE_HEIGHT;
    fprintf(file,
            "set arrow from screen %.4f,%.4f to screen %.4f,%.4f nohead linewidth 3 "
            "dashtype %zu linecolor rgb '%s'\n"
            "set label '%.*s%s' at screen %.4f,%.4f left\n",
            x / width, y / height, (x + SWATCH) / width, y / height,
            gradus_method_dashes(method), gradus_method_colour(method), (int)bytes, label,
            label[bytes] ? "…" : "", (x + SWATCH + GAP) / width, y / height);
}

/* ---- Script ---- */

static void write_axes(FILE *file, const sketch_t *s) {
    const double *low = s->view.low, *high = s->view.high;
    double width = GRADUS_FIGURE_WIDTH, height = GRADUS_FIGURE_HEIGHT;
    fprintf(file,
            "# Redraw with: gnuplot landscape.gp\n"
            "if (!exists(\"output_file\")) output_file = 'landscape.svg'\n"
            "set terminal svg noenhanced dynamic size %d,%d font 'sans-serif,%d'\n"
            "set encoding utf8\n"
            "set output output_file\n"
            "data = 'landscape.dat'\n"
            "unset key\n"
            "set clip two\n"
            "set border 15 front linewidth 0.8\n"
            "set xtics nomirror out\n"
            "set ytics nomirror out\n"
            "set lmargin at screen %.4f\n"
            "set rmargin at screen %.4f\n"
            "set bmargin at screen %.4f\n"
            "set tmargin at screen %.4f\n"
            "set xrange [%.17g:%.17g]\n"
            "set yrange [%.17g:%.17g]\n",
            GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT, GRADUS_FIGURE_FONT, LEFT / width,
            RIGHT / width, bottom(s) / height, TOP / height, low[0], high[0], low[1],
            high[1]);
    fprintf(file,
            "set label 'x' at graph 0.5, screen %.4f center\n"
            "set label 'y' at screen %.4f, graph 0.5 center\n",
            (bottom(s) - TICKS + 8) / height, 14 / width);
    lay_out(file, s, write_entry);
}

/* Begins the next `plot` clause, of a method or, without a label, of none.  */
static void begin_element(FILE *file, sketch_t *s, size_t method, const char *label) {
    gradus_drawing *drawing = s->drawing;
    fputs(drawing->elements == 0 ? "plot " : ", \\\n     ", file);
    drawing->element[drawing->elements++] = (gradus_element){method, label};
}

static void begin_run(FILE *file, sketch_t *s, size_t run) {
    begin_element(file, s, s->results->run[run].method, label_of(s, run));
}

static const char *colour_of(const sketch_t *s, size_t run) {
    return gradus_method_colour(s->results->run[run].method);
}

static void print_shade(FILE *file, const sketch_t *s, size_t band) {
    double most = s->view.levels > 0 ? (double)s->view.levels : 1;
    double at = (COLOURS - 1) * (double)band / most;
    size_t low = at < COLOURS - 1 ? (size_t)at : COLOURS - 2;
    fputc('#', file);
    for (size_t c = 0; c < 3; c++)
        fprintf(
            file, "%02x",
            (unsigned)lround(palette[low][c] +
                             (at - (double)low) * (palette[low + 1][c] - palette[low][c])));
}

static void write_bands(FILE *file, sketch_t *s) {
    for (size_t g = 0; g < s->groups; g++) {
        begin_element(file, s, 0, NULL);
        fprintf(file, "data index %zu with filledcurves closed fillcolor rgb '", g);
        print_shade(file, s, s->colour[g]);
        fputc('\'', file);
    }
    begin_element(file, s, 0, NULL);
    fprintf(file, "data index 1:%zu with lines linewidth 0.5 linecolor rgb '#5f7388'",
            s->groups - 1);
    begin_element(file, s, 0, NULL);
    fprintf(file, "data index %zu with lines linewidth 2 linecolor rgb '#1c1e21'",
            s->groups);
}

static size_t block_of(const sketch_t *s, size_t run) { return s->groups + 1 + 2 * run; }

static void write_casing(FILE *file, sketch_t *s, size_t run) {
    begin_run(file, s, run);
    fprintf(file, "data index %zu with lines linewidth 4 linecolor rgb '#fcfcfa'",
            block_of(s, run));
}

static void write_line(FILE *file, sketch_t *s, size_t run) {
    begin_run(file, s, run);
    fprintf(file, "data index %zu with lines linewidth 2 dashtype %zu linecolor rgb '%s'",
            block_of(s, run), gradus_method_dashes(s->results->run[run].method),
            colour_of(s, run));
}

static void write_dots(FILE *file, sketch_t *s, size_t run) {
    begin_run(file, s, run);
    fprintf(file,
            "data index %zu using 1:2:(%.9g) with circles fillcolor rgb '%s' fillstyle "
            "solid noborder",
            block_of(s, run) + 1, 2.6 * span(s, 0) / (RIGHT - LEFT), colour_of(s, run));
}

/* Blocks of the starts, and of the end of RUN after it.  */
static size_t block_of_ends(const sketch_t *s) { return block_of(s, s->results->runs); }

static void write_end(FILE *file, sketch_t *s, size_t run) {
    if (!end_of(s, run))
        return;
    begin_run(file, s, run);
    fprintf(file,
            "data index %zu using 1:2:(%.9g) with circles fillcolor rgb '%s' fillstyle "
            "solid border linecolor rgb '#fcfcfa'",
            block_of_ends(s) + 1 + run, 5 * span(s, 0) / (RIGHT - LEFT), colour_of(s, run));
}

/* Whether no other method ends near the end of RUN.  */
static bool is_alone(const sketch_t *s, size_t run) {
    const double *x = end_of(s, run);
    for (size_t r = 0; x && r < s->results->runs; r++) {
        const double *other = end_of(s, r);
        if (r != run && other &&
            fabs(place(s, x, 0) - place(s, other, 0)) < label_width_apart &&
            fabs(place(s, x, 1) - place(s, other, 1)) < label_height_apart)
            return false;
    }
    return x != NULL;
}

static void write_label(FILE *file, sketch_t *s, size_t run) {
    if (!is_alone(s, run))
        return;
    size_t characters, bytes = label_bytes(label_of(s, run), &characters);
    double width = GAP + character_width * (double)characters;
    bool left = place(s, end_of(s, run), 0) + width < RIGHT - LEFT;
    begin_run(file, s, run);
    fprintf(file,
            "data index %zu using 1:2:('%.*s') with labels %s offset %s,0.1 textcolor rgb "
            "'%s'",
            block_of_ends(s) + 1 + run, (int)bytes, label_of(s, run),
            left ? "left" : "right", left ? "1" : "-1", colour_of(s, run));
}

static void write_starts(FILE *file, sketch_t *s) {
    begin_element(file, s, 0, NULL);
    fprintf(file,
            "data index %zu using 1:2:(%.9g) with circles fillcolor rgb '#1c1e21' "
            "fillstyle empty border linecolor rgb '#1c1e21' linewidth 2\n",
            block_of_ends(s), 6 * span(s, 0) / (RIGHT - LEFT));
}

static void write_script(FILE *file, sketch_t *s) {
    static void (*const clauses[])(FILE *, sketch_t *, size_t) = {
        write_casing, write_line, write_dots, write_end, write_label};
    write_axes(file, s);
    write_bands(file, s);
    for (size_t c = 0; c < sizeof clauses / sizeof *clauses; c++)
        for (size_t r = 0; r < s->results->runs; r++)
            clauses[c](file, s, r);
    write_starts(file, s);
}

/* ---- The whole ---- */

/* Of a run; so many clauses are of none, the groups of loops apart.  */
enum { ELEMENTS_PER_RUN = 5, OTHER_ELEMENTS = 3 };

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
}

bool gradus_landscape_fits(const gradus_results *results) {
    const json_t *problem = json_object_get(results->manifest, "problem");
    return json_integer_value(json_object_get(problem, "dimension")) == GRADUS_PLANE;
}

/* What a failure to read or open means: there is no figure, but there is a report.  */
static gradus_err as_trouble(sketch_t *s, gradus_err err, const gradus_error *reason,
                             gradus_error *why) {
    if (err == GRADUS_ENOMEM)
        return no_memory(why);
    s->drawing->trouble = *reason;
    return GRADUS_OK;
}

static gradus_err read_paths(sketch_t *s, gradus_error *why) {
    for (size_t r = 0; r < s->results->runs; r++) {
        const gradus_result *run = &s->results->run[r];
        char *path = gradus_folder_path(s->folder, "trajectories/%s-%lld.csv",
                                        label_of(s, r), (long long)run->seed);
        gradus_err err =
            path ? gradus_trajectory_read(&s->trajectory[r], path, why) : no_memory(why);
        gradus_free(path);
        if (err)
            return err;
        s->path[r] = (gradus_path){&s->trajectory[r], run->failed};
        if (finite_points(&s->trajectory[r]) == 0)
            return gradus_fail(why, GRADUS_EINPUT, "%s, seed %lld: the start is not finite",
                               label_of(s, r), (long long)run->seed);
    }
    return GRADUS_OK;
}

static gradus_err open_problem(sketch_t *s, gradus_error *why) {
    const json_t *problem = json_object_get(s->results->manifest, "problem");
    const char *spec = json_string_value(json_object_get(problem, "spec"));
    gradus_err err = gradus_problem_create(&s->problem, spec ? spec : "", 1, why);
    if (!err && gradus_problem_dimension(s->problem) != GRADUS_PLANE)
        err = gradus_fail(why, GRADUS_EINPUT, "%s has not two parameters any more", spec);
    return err;
}

static gradus_err look(sketch_t *s, gradus_error *why) {
    double heights[GRADUS_VIEW_LEVELS];
    s->rows = lay_out(NULL, s, NULL);
    gradus_view_choose(&s->view, s->path, s->results->runs, s->problem,
                       (RIGHT - LEFT) / (TOP - bottom(s)));
    s->grid.columns = (RIGHT - LEFT) / GRID_STEP + 1;
    s->grid.rows = (size_t)(TOP - bottom(s)) / GRID_STEP + 1;
    s->grid.height = GRADUS_NEW(s->grid.columns * s->grid.rows, double);
    if (!s->grid.height)
        return no_memory(why);
    gradus_err err = gradus_view_measure(&s->view, s->problem, &s->grid, heights, why);
    if (!err)
        err = gradus_contours_open(&s->contours, &s->grid, heights, s->view.levels, why);
    return err;
}

/* GRADUS_OK and `trouble`: there is nothing to be drawn from.  */
static gradus_err open_sketch(sketch_t *s, gradus_error *why) {
    size_t runs = s->results->runs;
    gradus_error reason;
    s->trajectory = GRADUS_NEW(runs, gradus_trajectory);
    s->path = GRADUS_NEW(runs, gradus_path);
    if (!s->trajectory || !s->path)
        return no_memory(why);
    gradus_err err = read_paths(s, &reason);
    if (!err)
        err = open_problem(s, &reason);
    if (err)
        return as_trouble(s, err, &reason, why);
    err = look(s, why);
    if (err)
        return err;
    s->colour = GRADUS_NEW(s->contours.loops + 1, size_t);
    s->drawing->element = GRADUS_NEW(
        s->contours.loops + 1 + OTHER_ELEMENTS + ELEMENTS_PER_RUN * runs, gradus_element);
    return s->colour && s->drawing->element ? GRADUS_OK : no_memory(why);
}

static void close_sketch(sketch_t *s) {
    for (size_t r = 0; s->trajectory && r < s->results->runs; r++)
        gradus_trajectory_close(&s->trajectory[r]);
    gradus_free(s->trajectory);
    gradus_free(s->path);
    gradus_free(s->grid.height);
    gradus_contours_close(&s->contours);
    gradus_free(s->colour);
    gradus_problem_close(s->problem);
}

static void write_note(const sketch_t *s) {
    char low[GRADUS_NUMBER_SIZE], high[GRADUS_NUMBER_SIZE], base[GRADUS_NUMBER_SIZE];
    gradus_drawing *d = s->drawing;
    enum { DIGITS = 3 };
    size_t cut = 0, length = 0, size = sizeof d->note;
    for (size_t r = 0; r < s->results->runs; r++)
        cut += gradus_view_cuts(&s->view, &s->path[r]);
    length += (size_t)snprintf(d->note, size,
                               "Ring: start; dots: ends, and updates where they are apart; "
                               "crosses: minima.");
    if (s->view.levels > 0)
        length += (size_t)snprintf(
            d->note + length, size - length,
            " Contours: %s to %s above %s, %s; dark is high.",
            gradus_short(low, s->view.level[0] - s->view.lowest, DIGITS),
            gradus_short(high, s->view.level[s->view.levels - 1] - s->view.lowest, DIGITS),
            gradus_short(base, s->view.lowest, DIGITS),
            s->view.log ? "each the same multiple of the one before" : "equally far apart");
    if (cut > 0)
        snprintf(d->note + length, size - length,
                 " %zu of %zu paths leave%s the figure and %s cut off.", cut,
                 s->results->runs, cut == 1 ? "s" : "", cut == 1 ? "is" : "are");
}

/* Writes landscape and ENDING by WRITE.  */
static gradus_err write_file(sketch_t *s, const char *ending,
                             void (*write)(FILE *, sketch_t *), gradus_error *why) {
    char *path = gradus_folder_path(s->figures, "%s%s", gradus_landscape_stem, ending);
    gradus_output output;
    gradus_err err = path ? gradus_output_open(&output, path, why) : no_memory(why);
    if (!err) {
        write(output.file, s);
        err = gradus_output_commit(&output, why);
    }
    gradus_free(path);
    return err;
}

static gradus_err draw(sketch_t *s, gradus_error *why) {
    gradus_drawing *drawing = s->drawing;
    write_note(s);
    gradus_err err = write_file(s, ".dat", write_data, why);
    if (!err)
        err = write_file(s, ".gp", write_script, why);
    if (!err && gradus_gnuplot_run(s->figures, gradus_landscape_stem, &drawing->trouble) ==
                    GRADUS_ENOMEM)
        err = no_memory(why);
    return err;
}

static gradus_err remove_old(const char *figures, gradus_error *why) {
    char *path = gradus_folder_path(figures, "%s.svg", gradus_landscape_stem);
    if (!path)
        return no_memory(why);
    unlink(path);
    gradus_free(path);
    return GRADUS_OK;
}

gradus_err gradus_landscape_draw(gradus_drawing *drawing, const gradus_results *results,
                                 const char *folder, const char *figures,
                                 gradus_error *why) {
    *drawing = (gradus_drawing){0};
    if (!gradus_landscape_fits(results) || results->runs == 0)
        return GRADUS_OK;
    drawing->exists = true;
    sketch_t s = {
        .results = results, .drawing = drawing, .folder = folder, .figures = figures};
    gradus_err err = remove_old(figures, why);
    if (!err)
        err = open_sketch(&s, why);
    if (!err && !drawing->trouble.code)
        err = draw(&s, why);
    close_sketch(&s);
    if (err)
        gradus_drawing_close(drawing);
    return err;
}
