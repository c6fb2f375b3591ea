/* Panels of basins, in one gnuplot plot whose coordinates are the units of the drawing.  */

#include "harness/figures/basins_figure.h"

#include "base/memory.h"
#include "core/problem.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"
#include "harness/results/basins.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char gradus_basins_stem[] = "basins";
const char gradus_basins_title[] = "Minima reached from a grid of starts";

enum {
    GAP = 14,                       /* between panels, and at the drawing's edge */
    TITLE = GRADUS_FIGURE_FONT + 7, /* above a panel */
    LONGEST_LABEL = 24,
    ARM = 3 /* of a cross */
};
static const double overlap = 0.4; /* of cells, against hairlines between them */

/* Tol's light scheme, in which a colour-blind reader can tell neighbours apart, comes round
   again; the lowest minimum has a colour of its own, and so have starts from which no known
   one is reached.  */
static const char *const colours[] = {"#77AADD", "#EE8866", "#EEDD88", "#FFAABB",
                                      "#99DDFF", "#44BB99", "#BBCC33", "#DDDDDD",
                                      "#FFFFFF", "#3A4048"};
enum {
    COLOURS = sizeof colours / sizeof *colours,
    OTHERS = COLOURS - 2,
    LOWEST = OTHERS,
    NOWHERE
};

typedef struct {
    double left, bottom, width, height;
} panel_t;

typedef struct {
    const gradus_results *results;
    gradus_drawing *drawing;
    gradus_basins *basins; /* of every method */
    panel_t *panel;        /* likewise */
    gradus_problem *problem;
    size_t lowest; /* minimum */
    size_t blocks; /* of the data so far */
    FILE *script, *data;
} sketch_t;

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
}

/* ---- Layout ---- */

static void lay_out(sketch_t *s) {
    size_t count = s->results->methods, columns = 1;
    while (columns * columns < count)
        columns++;
    size_t rows = (count + columns - 1) / columns;
    double width = (GRADUS_FIGURE_WIDTH - GAP) / (double)columns - GAP;
    double height = (GRADUS_FIGURE_HEIGHT - GAP) / (double)rows - TITLE;
    for (size_t m = 0; m < count; m++) {
        const gradus_basins *b = &s->basins[m];
        double scale =
            fmin(width / (b->high[0] - b->low[0]), height / (b->high[1] - b->low[1]));
        panel_t *p = &s->panel[m];
        p->width = scale * (b->high[0] - b->low[0]);
        p->height = scale * (b->high[1] - b->low[1]);
        p->left = GAP + (double)(m % columns) * (width + GAP) + (width - p->width) / 2;
        p->bottom = GRADUS_FIGURE_HEIGHT - (double)(m / columns + 1) * (height + TITLE);
    }
}

/* ---- Data ---- */

static size_t colour_of(const sketch_t *s, int minimum) {
    if (minimum < 0)
        return NOWHERE;
    return (size_t)minimum == s->lowest ? LOWEST : (size_t)minimum % OTHERS;
}

/* The starts FIRST .. END-1 of a row, as one rectangle.  */
static void print_cells(const sketch_t *s, size_t method, size_t row, size_t first,
                        size_t end) {
    const gradus_basins *b = &s->basins[method];
    const panel_t *p = &s->panel[method];
    double width = p->width / (double)b->columns, height = p->height / (double)b->rows;
    double left = p->left + width * (double)first, right = p->left + width * (double)end;
    double low = p->bottom + height * (double)row, high = low + height;
    right = fmin(right + overlap, p->left + p->width);
    high = fmin(high + overlap, p->bottom + p->height);
    fprintf(s->data, "%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n\n", left, low,
            right, low, right, high, left, high, left, low);
}

/* Whether there were any of COLOUR.  */
static bool print_colour(const sketch_t *s, size_t method, size_t colour) {
    const gradus_basins *b = &s->basins[method];
    bool any = false;
    for (size_t row = 0; row < b->rows; row++) {
        const int *minimum = b->minimum + row * b->columns;
        for (size_t first = 0, end; first < b->columns; first = end) {
            for (end = first + 1; end < b->columns; end++)
                if (colour_of(s, minimum[end]) != colour_of(s, minimum[first]))
                    break;
            if (colour_of(s, minimum[first]) != colour)
                continue;
            print_cells(s, method, row, first, end);
            any = true;
        }
    }
    return any;
}

static void print_crosses(const sketch_t *s, size_t method) {
    const gradus_basins *b = &s->basins[method];
    const panel_t *p = &s->panel[method];
    const gradus_problem *problem = s->problem;
    double x[2];
    for (size_t i = 0; problem->type->minimum(problem->self, i, x); i++) {
        double u = (x[0] - b->low[0]) / (b->high[0] - b->low[0]) * (double)(b->columns - 1);
        double v = (x[1] - b->low[1]) / (b->high[1] - b->low[1]) * (double)(b->rows - 1);
        double across = p->left + p->width * (u + 0.5) / (double)b->columns;
        double up = p->bottom + p->height * (v + 0.5) / (double)b->rows;
        if (across < p->left || across > p->left + p->width || up < p->bottom ||
            up > p->bottom + p->height)
            continue;
        for (int side = -1; side <= 1; side += 2)
            fprintf(s->data, "%.2f %.2f\n%.2f %.2f\n\n", across - ARM, up - side * ARM,
                    across + ARM, up + side * ARM);
    }
}

/* ---- Script ---- */

static void begin_element(sketch_t *s, size_t method) {
    gradus_drawing *drawing = s->drawing;
    fputs(drawing->elements == 0 ? "plot " : ", \\\n     ", s->script);
    drawing->element[drawing->elements++] =
        (gradus_element){method, s->results->labels[method]};
    fprintf(s->script, "data index %zu ", s->blocks++);
    fputs("\n", s->data);
}

static double share_of_lowest(const sketch_t *s, size_t method) {
    const gradus_basins *b = &s->basins[method];
    size_t count = b->columns * b->rows, reached = 0;
    for (size_t k = 0; k < count; k++)
        reached += b->minimum[k] >= 0 && (size_t)b->minimum[k] == s->lowest;
    return (double)reached / (double)count;
}

/* A label is safe as a file name, unless somebody has edited the manifest.  */
static void write_title(sketch_t *s, size_t method) {
    const panel_t *p = &s->panel[method];
    char label[LONGEST_LABEL + 1];
    snprintf(label, sizeof label, "%s", s->results->labels[method]);
    for (char *c = label; *c; c++)
        if (strchr("\\'\"`@", *c) || (unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '?';
    fprintf(s->script,
            "set label '%s' at %.2f,%.2f left textcolor rgb '%s'\n"
            "set label '%.0f%%' at %.2f,%.2f right\n",
            label, p->left, p->bottom + p->height + TITLE / 2.0 - 2,
            gradus_method_colour(method), 100 * share_of_lowest(s, method),
            p->left + p->width, p->bottom + p->height + TITLE / 2.0 - 2);
}

static void write_panel(sketch_t *s, size_t method) {
    const panel_t *p = &s->panel[method];
    for (size_t c = 0; c < COLOURS; c++)
        if (print_colour(s, method, c)) {
            begin_element(s, method);
            fprintf(s->script, "with filledcurves closed fillcolor rgb '%s'", colours[c]);
        }
    print_crosses(s, method);
    double right = p->left + p->width, top = p->bottom + p->height;
    fprintf(s->data, "%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n%.2f %.2f\n\n", p->left,
            p->bottom, right, p->bottom, right, top, p->left, top, p->left, p->bottom);
    begin_element(s, method);
    fputs("with lines linewidth 1 linecolor rgb '#1c1e21'", s->script);
}

static void write_all(sketch_t *s) {
    fprintf(s->script,
            "# Redraw with: gnuplot basins.gp\n"
            "if (!exists(\"output_file\")) output_file = 'basins.svg'\n"
            "set terminal svg noenhanced dynamic rounded size %d,%d font 'sans-serif,%d'\n"
            "set encoding utf8\n"
            "set output output_file\n"
            "data = 'basins.dat'\n"
            "unset key\nunset border\nunset tics\n"
            "set lmargin 0\nset rmargin 0\nset bmargin 0\nset tmargin 0\n"
            "set xrange [0:%d]\nset yrange [0:%d]\n",
            GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT, GRADUS_FIGURE_FONT,
            GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT);
    for (size_t m = 0; m < s->results->methods; m++)
        write_title(s, m);
    for (size_t m = 0; m < s->results->methods; m++)
        write_panel(s, m);
    fputc('\n', s->script);
}

/* ---- The whole ---- */

/* Both files at once; complete or not at all.  */
static gradus_err write_files(sketch_t *s, const char *figures, gradus_error *why) {
    gradus_output script = {0}, data = {0};
    char *gp = gradus_folder_path(figures, "%s.gp", gradus_basins_stem);
    char *dat = gradus_folder_path(figures, "%s.dat", gradus_basins_stem);
    gradus_err err = gp && dat ? gradus_output_open(&script, gp, why) : no_memory(why);
    if (!err)
        err = gradus_output_open(&data, dat, why);
    if (!err) {
        s->script = script.file;
        s->data = data.file;
        write_all(s);
        err = gradus_output_commit(&data, why);
    }
    if (!err)
        err = gradus_output_commit(&script, why);
    gradus_output_abandon(&script);
    gradus_output_abandon(&data);
    gradus_free(gp);
    gradus_free(dat);
    return err;
}

static gradus_err open_problem(sketch_t *s, gradus_error *why) {
    const json_t *problem = json_object_get(s->results->manifest, "problem");
    const char *spec = json_string_value(json_object_get(problem, "spec"));
    double x[2], value, least = INFINITY;
    gradus_err err = gradus_problem_create(&s->problem, spec ? spec : "", 1, why);
    if (err)
        return err;
    const gradus_problem_type *type = s->problem->type;
    if (s->problem->dimension != 2 || !type->minimum)
        return gradus_fail(why, GRADUS_EINPUT, "%s has no minima in the plane", spec);
    gradus_batch all = {.count = s->problem->examples};
    for (size_t i = 0; !err && type->minimum(s->problem->self, i, x); i++) {
        err = type->evaluate(s->problem->self, &all, x, &value, NULL);
        if (!err && value < least) {
            least = value;
            s->lowest = i;
        }
    }
    return err;
}

/* GRADUS_OK and `trouble`: there is nothing to be drawn from.  */
static gradus_err open_sketch(sketch_t *s, const char *folder, gradus_error *why) {
    enum { MOST_ELEMENTS = COLOURS + 1 }; /* of a panel */
    size_t count = s->results->methods;
    gradus_error reason;
    s->basins = GRADUS_NEW(count, gradus_basins);
    s->panel = GRADUS_NEW(count, panel_t);
    s->drawing->element = GRADUS_NEW(MOST_ELEMENTS * count, gradus_element);
    if (!s->basins || !s->panel || !s->drawing->element)
        return no_memory(why);
    gradus_err err = open_problem(s, &reason);
    for (size_t m = 0; m < count && !err; m++)
        err = gradus_basins_read(&s->basins[m], folder, s->results->labels[m], &reason);
    if (err == GRADUS_ENOMEM)
        return no_memory(why);
    if (err)
        s->drawing->trouble = reason;
    return GRADUS_OK;
}

static void write_note(const sketch_t *s) {
    const gradus_basins *b = s->basins;
    snprintf(s->drawing->note, sizeof s->drawing->note,
             "Every point of a panel is a start, x from %g to %g and y from %g to %g, in "
             "the colour of the minimum (cross) that the method ends at from there: white "
             "the lowest one, which the percentage is of, darkest none.",
             b->low[0], b->high[0], b->low[1], b->high[1]);
}

static gradus_err draw(sketch_t *s, const char *figures, gradus_error *why) {
    gradus_drawing *drawing = s->drawing;
    lay_out(s);
    write_note(s);
    gradus_err err = write_files(s, figures, why);
    if (!err &&
        gradus_gnuplot_run(figures, gradus_basins_stem, &drawing->trouble) == GRADUS_ENOMEM)
        err = no_memory(why);
    return err;
}

static bool exist(const gradus_results *results, const char *folder) {
    for (size_t m = 0; m < results->methods; m++)
        if (!gradus_basins_exist(folder, results->labels[m]))
            return false;
    return true;
}

gradus_err gradus_basins_draw(gradus_drawing *drawing, const gradus_results *results,
                              const char *folder, const char *figures, gradus_error *why) {
    *drawing = (gradus_drawing){0};
    if (!exist(results, folder))
        return GRADUS_OK;
    char *old = gradus_folder_path(figures, "%s.svg", gradus_basins_stem);
    if (!old)
        return no_memory(why);
    unlink(old);
    gradus_free(old);
    drawing->exists = true;
    sketch_t s = {.results = results, .drawing = drawing};
    gradus_err err = open_sketch(&s, folder, why);
    if (!err && !drawing->trouble.code)
        err = draw(&s, figures, why);
    for (size_t m = 0; s.basins && m < results->methods; m++)
        gradus_basins_close(&s.basins[m]);
    gradus_free(s.basins);
    gradus_free(s.panel);
    gradus_problem_close(s.problem);
    if (err)
        gradus_drawing_close(drawing);
    return err;
}
