/* The gnuplot script of a landscape.

   Over the filled contours come, of every run, a pale casing, its line, its updates where
   they can be told apart, and its end; then starts and minima.  Below the frame is a legend;
   an end that has room around it has its label beside it too.  */

#include "harness/figures/sketch.h"

#include <math.h>
#include <string.h>

enum {
    TICKS = 46,  /* below the frame: numbers, and the name of the axis */
    ROW = 20,    /* of the legend */
    SWATCH = 22, /* length of a line in the legend */
    GAP = 8,     /* between it and its label */
    SPACE = 20,  /* between entries */
    FOOT = 6,    /* below the legend */
    LONGEST_LABEL = 24,
    LABEL_SIZE = LONGEST_LABEL + 8, /* room for an ellipsis, a cross and the end */
    LABEL_HEIGHT = GRADUS_FIGURE_FONT + 3,
    BESIDE = 11,        /* from an end to its label */
    ALONE_ACROSS = 110, /* so far from other ends has one a label beside it; */
    ALONE_UP = 40,
    MOST_HIDDEN = 6, /* pieces of lines that it may lie upon */
    DOT = 5,         /* radius of an end */
    RING = 6         /* and of a start */
};
static const double narrow = 0.3 * GRADUS_FIGURE_FONT, /* widths of letters */
    normal = 0.57 * GRADUS_FIGURE_FONT, wide = 0.86 * GRADUS_FIGURE_FONT,
                    sampled = 4; /* length of the pieces of a line that are looked at */

/* From low ground to high: pale, so that the lines stand out.  */
static const double palette[][3] = {
    {254, 254, 252}, {235, 240, 243}, {211, 221, 229}, {186, 200, 212}, {160, 177, 193}};
enum { COLOURS = sizeof palette / sizeof *palette };

/* ---- Labels ---- */

static bool all_failed(const gradus_sketch *s, size_t method) {
    for (size_t r = 0; r < s->results->runs; r++)
        if (s->results->run[r].method == method && !s->results->run[r].failed)
            return false;
    return true;
}

/* Shortened, and with nothing in it that gnuplot could take for more than a letter: a label
   is safe as a file name, unless somebody has edited the manifest.  */
static const char *label_of(const gradus_sketch *s, size_t method,
                            char buffer[LABEL_SIZE]) {
    const char *label = s->results->labels[method];
    size_t length = strlen(label), end = 0;
    for (; end < length && end < LONGEST_LABEL; end++)
        buffer[end] = strchr("\\'\"`@", label[end]) || (unsigned char)label[end] < ' ' ||
                              (unsigned char)label[end] > '~'
                          ? '?'
                          : label[end];
    buffer[end] = '\0';
    if (length > LONGEST_LABEL)
        strcat(buffer, "…");
    if (all_failed(s, method))
        strcat(buffer, " ✕");
    return buffer;
}

static double width_of(const char *label) {
    double width = 0;
    for (const char *c = label; *c; c++) {
        if (((unsigned char)*c & 0xC0) == 0x80)
            continue; /* within a character of several bytes */
        width += strchr("fijlrt.-1 ", *c) ? narrow : strchr("mwMW", *c) ? wide : normal;
    }
    return width;
}

/* ---- Legend ---- */

static void write_entry(FILE *file, size_t method, const char *label, double x, double y) {
    double width = GRADUS_FIGURE_WIDTH, height = GRADUS_FIGURE_HEIGHT;
    fprintf(file,
            "set arrow from screen %.4f,%.4f to screen %.4f,%.4f nohead linewidth 3 "
            "dashtype %zu linecolor rgb '%s'\n"
            "set label '%s' at screen %.4f,%.4f left\n",
            x / width, y / height, (x + SWATCH) / width, y / height,
            gradus_method_dashes(method), gradus_method_colour(method), label,
            (x + SWATCH + GAP) / width, y / height);
}

/* Writes the legend, unless FILE is NULL, in rows from below the frame; their number.  */
static size_t write_legend(FILE *file, const gradus_sketch *s) {
    size_t row = 0;
    double x = 0, width = GRADUS_FIGURE_WIDTH - 2 * SPACE;
    for (size_t m = 0; m < s->results->methods; m++) {
        char label[LABEL_SIZE];
        double needed = SWATCH + GAP + width_of(label_of(s, m, label));
        if (x > 0 && x + needed > width) {
            x = 0;
            row++;
        }
        if (file)
            write_entry(file, m, label, SPACE + x,
                        s->bottom - TICKS - ROW * ((double)row + 0.5));
        x += needed + SPACE;
    }
    return row + 1;
}

void gradus_sketch_lay_out(gradus_sketch *s) {
    s->bottom = FOOT + (double)(ROW * write_legend(NULL, s)) + TICKS;
}

/* ---- Places of labels ---- */

/* In the frame, from its lower left corner.  */
typedef struct {
    double left, bottom, right, top;
} box_t;

static bool has(const box_t *box, double x, double y) {
    return x >= box->left && x <= box->right && y >= box->bottom && y <= box->top;
}

/* So much of the line between A and B is in the box.  */
static size_t covered(const gradus_sketch *s, const box_t *box, const double a[],
                      const double b[]) {
    double ax = gradus_sketch_place(s, a, 0), ay = gradus_sketch_place(s, a, 1);
    double bx = gradus_sketch_place(s, b, 0), by = gradus_sketch_place(s, b, 1);
    double pieces = fmin(ceil(hypot(bx - ax, by - ay) / sampled) + 1, GRADUS_FIGURE_WIDTH);
    size_t count = 0;
    for (double k = 0; k < pieces; k++) {
        double share = k / pieces;
        count += has(box, ax + share * (bx - ax), ay + share * (by - ay));
    }
    return count;
}

/* How much a label there would hide of all paths; more than anything when it does not fit
   into the frame.  */
static size_t hidden(const gradus_sketch *s, const box_t *box) {
    if (!(box->left >= 0 && box->right <= GRADUS_MAP_RIGHT - GRADUS_MAP_LEFT &&
          box->bottom >= 0 && box->top <= GRADUS_MAP_TOP - s->bottom))
        return (size_t)-1;
    size_t count = 0;
    for (size_t r = 0; r < s->results->runs; r++) {
        const gradus_waypoint *p = s->trajectory[r].point;
        size_t finite = gradus_sketch_finite(s, r);
        for (size_t i = 1; i < finite; i++)
            count += covered(s, box, p[i - 1].x, p[i].x);
    }
    return count;
}

/* Right of the point, left, above or below it.  */
enum { PLACES = 4 };

static box_t box_at(const gradus_sketch *s, const double x[], double width, int place) {
    double across = gradus_sketch_place(s, x, 0), up = gradus_sketch_place(s, x, 1);
    double aside = BESIDE + width / 2, above = BESIDE + LABEL_HEIGHT / 2.0;
    across += place == 0 ? aside : place == 1 ? -aside : 0;
    up += place == 2 ? above : place == 3 ? -above : 0;
    return (box_t){across - width / 2, up - LABEL_HEIGHT / 2.0, across + width / 2,
                   up + LABEL_HEIGHT / 2.0};
}

/* Whether a label beside the end of RUN is surely its own: no other ends near it.  */
static bool is_alone(const gradus_sketch *s, size_t run) {
    const double *end = gradus_sketch_end(s, run);
    if (!end)
        return false;
    for (size_t r = 0; r < s->results->runs; r++) {
        const double *other = gradus_sketch_end(s, r);
        if (r == run || !other)
            continue;
        double across = gradus_sketch_place(s, other, 0) - gradus_sketch_place(s, end, 0),
               up = gradus_sketch_place(s, other, 1) - gradus_sketch_place(s, end, 1);
        if (fabs(across) <= ALONE_ACROSS && fabs(up) <= ALONE_UP)
            return false;
    }
    return true;
}

/* The box that hides least; false when that is still too much.  */
static bool choose_box(const gradus_sketch *s, size_t run, double width, box_t *box) {
    size_t least = MOST_HIDDEN + 1;
    for (int place = 0; place < PLACES && is_alone(s, run); place++) {
        box_t here = box_at(s, gradus_sketch_end(s, run), width, place);
        size_t cost = hidden(s, &here);
        if (cost < least) {
            least = cost;
            *box = here;
        }
    }
    return least <= MOST_HIDDEN;
}

/* ---- Clauses ---- */

/* Begins the next `plot` clause, of a method or, without a label, of none.  */
static void begin_element(FILE *file, gradus_sketch *s, size_t method, const char *label) {
    gradus_drawing *drawing = s->drawing;
    fputs(drawing->elements == 0 ? "plot " : ", \\\n     ", file);
    drawing->element[drawing->elements++] = (gradus_element){method, label};
}

/* Of a run; and of none, but for the groups of loops.  */
enum { ELEMENTS_PER_RUN = 5, OTHER_ELEMENTS = 3 };

size_t gradus_sketch_elements(const gradus_sketch *s) {
    return s->contours.loops + 1 + OTHER_ELEMENTS + ELEMENTS_PER_RUN * s->results->runs;
}

static size_t begin_run(FILE *file, gradus_sketch *s, size_t run) {
    size_t method = s->results->run[run].method;
    begin_element(file, s, method, s->results->labels[method]);
    return method;
}

static void print_shade(FILE *file, const gradus_sketch *s, size_t band) {
    double most = s->view.levels > 0 ? (double)s->view.levels : 1;
    double at = (COLOURS - 1) * (double)band / most;
    size_t low = at < COLOURS - 1 ? (size_t)at : COLOURS - 2;
    fputc('#', file);
    for (size_t c = 0; c < 3; c++) {
        double from = palette[low][c], to = palette[low + 1][c];
        fprintf(file, "%02x", (unsigned)lround(from + (at - (double)low) * (to - from)));
    }
}

static void write_bands(FILE *file, gradus_sketch *s) {
    for (size_t g = 0; g < s->groups; g++) {
        begin_element(file, s, 0, NULL);
        fprintf(file, "data index %zu with filledcurves closed fillcolor rgb '", g);
        print_shade(file, s, s->colour[g]);
        fputc('\'', file);
    }
    begin_element(file, s, 0, NULL);
    fprintf(file, "data index 0:%zu with lines linewidth 0.5 linecolor rgb '#8094a8'",
            s->groups - 1);
}

static void write_casing(FILE *file, gradus_sketch *s, size_t run) {
    begin_run(file, s, run);
    fprintf(file, "data index %zu with lines linewidth 4 linecolor rgb '#fefefc'",
            gradus_sketch_line_block(s, run));
}

static void write_line(FILE *file, gradus_sketch *s, size_t run) {
    size_t method = begin_run(file, s, run);
    fprintf(file, "data index %zu with lines linewidth 2 dashtype %zu linecolor rgb '%s'",
            gradus_sketch_line_block(s, run), gradus_method_dashes(method),
            gradus_method_colour(method));
}

static void write_dots(FILE *file, gradus_sketch *s, size_t run) {
    size_t method = begin_run(file, s, run);
    fprintf(file, "data index %zu with lines linewidth 5.5 linecolor rgb '%s'",
            gradus_sketch_line_block(s, run) + 1, gradus_method_colour(method));
}

static void write_end(FILE *file, gradus_sketch *s, size_t run) {
    if (!gradus_sketch_end(s, run))
        return;
    size_t method = begin_run(file, s, run);
    fprintf(file,
            "data index %zu using 1:2:(%.9g) with circles fillcolor rgb '%s' fillstyle "
            "solid border linecolor rgb '#fefefc'",
            gradus_sketch_end_block(s, run), gradus_sketch_length(s, DOT, 0),
            gradus_method_colour(method));
}

static void write_label(FILE *file, gradus_sketch *s, size_t run) {
    char label[LABEL_SIZE];
    box_t box;
    label_of(s, s->results->run[run].method, label);
    if (!choose_box(s, run, width_of(label) + GAP, &box))
        return;
    size_t method = begin_run(file, s, run);
    const double *end = gradus_sketch_end(s, run);
    double across = (box.left + box.right) / 2 - gradus_sketch_place(s, end, 0),
           up = (box.bottom + box.top) / 2 - gradus_sketch_place(s, end, 1);
    fprintf(file,
            "data index %zu using ($1+(%.9g)):($2+(%.9g)):('%s') with labels center boxed "
            "textcolor rgb '%s'",
            gradus_sketch_end_block(s, run), gradus_sketch_length(s, across, 0),
            gradus_sketch_length(s, up, 1), label, gradus_method_colour(method));
}

static void write_starts_and_minima(FILE *file, gradus_sketch *s) {
    begin_element(file, s, 0, NULL);
    fprintf(file, "data index %zu with lines linewidth 2 linecolor rgb '#1c1e21'",
            gradus_sketch_minima_block(s));
    begin_element(file, s, 0, NULL);
    fprintf(file,
            "data index %zu using 1:2:(%.9g) with circles fillcolor rgb '#1c1e21' "
            "fillstyle empty border linecolor rgb '#1c1e21' linewidth 2\n",
            gradus_sketch_starts_block(s), gradus_sketch_length(s, RING, 0));
}

/* ---- The whole ---- */

static void write_axes(FILE *file, const gradus_sketch *s) {
    const double *low = s->view.low, *high = s->view.high;
    double width = GRADUS_FIGURE_WIDTH, height = GRADUS_FIGURE_HEIGHT;
    fprintf(file,
            "# Redraw with: gnuplot landscape.gp\n"
            "if (!exists(\"output_file\")) output_file = 'landscape.svg'\n"
            "set terminal svg noenhanced dynamic rounded size %d,%d font 'sans-serif,%d'\n"
            "set encoding utf8\n"
            "set output output_file\n"
            "data = 'landscape.dat'\n"
            "unset key\n"
            "set clip two\n"
            "set border 15 front linewidth 0.8\n"
            "set minussign\n"
            "set style textbox opaque noborder fillcolor rgb '#fefefc' margins 0.5,0.3\n"
            "set xtics nomirror out scale 0.5 offset 0,0.4\n"
            "set ytics nomirror out scale 0.5 offset 0.4,0\n"
            "set lmargin at screen %.4f\n"
            "set rmargin at screen %.4f\n"
            "set bmargin at screen %.4f\n"
            "set tmargin at screen %.4f\n"
            "set xrange [%.17g:%.17g]\n"
            "set yrange [%.17g:%.17g]\n",
            GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT, GRADUS_FIGURE_FONT,
            GRADUS_MAP_LEFT / width, GRADUS_MAP_RIGHT / width, s->bottom / height,
            GRADUS_MAP_TOP / height, low[0], high[0], low[1], high[1]);
    /* Labels, because gnuplot 5.4 loses the axes' own beyond margins set like these.  */
    fprintf(file,
            "set label 'x' at graph 0.5, screen %.4f center\n"
            "set label 'y' at screen %.4f, graph 0.5 center\n",
            (s->bottom - TICKS + 8) / height, 10 / width);
}

void gradus_sketch_script(FILE *file, gradus_sketch *s) {
    static void (*const clauses[])(FILE *, gradus_sketch *, size_t) = {
        write_casing, write_line, write_dots, write_end, write_label};
    write_axes(file, s);
    write_legend(file, s);
    write_bands(file, s);
    for (size_t c = 0; c < sizeof clauses / sizeof *clauses; c++)
        for (size_t r = 0; r < s->results->runs; r++)
            clauses[c](file, s, r);
    write_starts_and_minima(file, s);
}
