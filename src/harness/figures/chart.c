/* Data file and gnuplot script of a plain figure.  Point types would need definitions in the
   SVG, which a page leaves out: rings and dots are circles, crosses are text.  */

#include "harness/figures/chart.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"

#include <math.h>
#include <string.h>

/* Layout, in the units of the drawing.  */
enum {
    LEFT = 92,
    BOTTOM = 64,
    TOP = GRADUS_FIGURE_HEIGHT - 14,
    AXIS_LABEL = 12,
    NAMES_GAP = 12,
    LINE_HEIGHT = GRADUS_FIGURE_FONT + 4,
    LONGEST_NAME = 20,
    RADIUS = 5
};
static const double character_width = 0.6 * GRADUS_FIGURE_FONT;

gradus_series *gradus_chart_add(gradus_chart *chart, size_t method, gradus_mark mark,
                                size_t count) {
    if (chart->count == chart->room) {
        size_t room = 2 * chart->room + 4;
        gradus_series *series = GRADUS_NEW(room, gradus_series);
        if (!series)
            return NULL;
        if (chart->count > 0)
            memcpy(series, chart->series, chart->count * sizeof *series);
        gradus_free(chart->series);
        chart->series = series;
        chart->room = room;
    }
    gradus_series *one = &chart->series[chart->count++];
    *one = (gradus_series){.method = method, .mark = mark};
    one->x = GRADUS_NEW(count, double);
    one->y = GRADUS_NEW(count, double);
    return one->x && one->y ? one : NULL;
}

void gradus_chart_close(gradus_chart *chart) {
    for (size_t i = 0; i < chart->count; i++) {
        gradus_free(chart->series[i].x);
        gradus_free(chart->series[i].y);
    }
    gradus_free(chart->series);
    chart->series = NULL;
    chart->count = chart->room = 0;
}

typedef struct {
    const gradus_chart *chart;
    const gradus_results *results;
    gradus_drawing *drawing;
    double *place; /* of every label, from 0 to 1 along the y axis */
    size_t *order; /* methods by their ends */
} sketch_t;

/* Shortened, with nothing that gnuplot's quotes could end at.  */
static void print_name(FILE *file, const char *name) {
    for (size_t i = 0; name[i] && i < LONGEST_NAME; i++)
        fputc(name[i] == '\'' || (unsigned char)name[i] < ' ' ? ' ' : name[i], file);
    if (strlen(name) > LONGEST_NAME)
        fputs("…", file);
}

static void write_data(FILE *file, const sketch_t *s) {
    fprintf(file, "# %s: %s, %s.\n", s->chart->title, s->chart->x_label, s->chart->y_label);
    for (size_t i = 0; i < s->chart->count; i++) {
        const gradus_series *one = &s->chart->series[i];
        if (one->count == 0)
            continue; /* gnuplot would not count the block */
        fputs("# ", file);
        print_name(file, s->results->labels[one->method]);
        fputc('\n', file);
        for (size_t k = 0; k < one->count; k++)
            fprintf(file, "%.17g %.17g\n", one->x[k], one->y[k]);
        fputs("\n\n", file);
    }
}

static bool is_shown(const gradus_chart *chart, size_t method) {
    for (size_t i = 0; i < chart->count; i++)
        if (chart->series[i].method == method && chart->series[i].count > 0)
            return true;
    return false;
}

static double right_margin(const sketch_t *s) {
    size_t longest = 0;
    for (size_t m = 0; m < s->results->methods; m++) {
        size_t length = strlen(s->results->labels[m]);
        length = length > LONGEST_NAME ? LONGEST_NAME + 1 : length;
        if (is_shown(s->chart, m) && length > longest)
            longest = length;
    }
    return GRADUS_FIGURE_WIDTH - NAMES_GAP - character_width * (double)longest;
}

static double across(double units) { return units / GRADUS_FIGURE_WIDTH; }
static double up(double units) { return units / GRADUS_FIGURE_HEIGHT; }

static void write_axes(FILE *file, const sketch_t *s) {
    const gradus_chart *chart = s->chart;
    fprintf(file,
            "# Redraw with: gnuplot %s.gp\n"
            "if (!exists(\"output_file\")) output_file = '%s.svg'\n"
            "set terminal svg noenhanced dynamic size %d,%d font 'sans-serif,%d'\n"
            "set encoding utf8\n"
            "set output output_file\n"
            "data = '%s.dat'\n"
            "unset key\n"
            "set border 3\n"
            "set grid xtics ytics back linecolor rgb '#d0d0d0' linewidth 0.6\n"
            "set style circle radius screen %.4f\n",
            chart->stem, chart->stem, GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT,
            GRADUS_FIGURE_FONT, chart->stem, across(RADIUS));
    fprintf(file,
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
            "set bmargin at screen %.4f\nset tmargin at screen %.4f\n",
            across(LEFT), across(right_margin(s)), up(BOTTOM), up(TOP));
    fprintf(file, "set label '%s%s' at graph 0.5, screen %.4f center\n", chart->x_label,
            chart->x.log ? ", logarithmic" : "", up(AXIS_LABEL));
    fprintf(file, "set label '%s' at screen %.4f, graph 0.5 center rotate by 90\n",
            chart->y_label, across(AXIS_LABEL));
    gradus_scale_print(file, 'x', &chart->x);
    gradus_scale_print(file, 'y', &chart->y);
}

/* Where METHOD's line ends along the y axis; marks have no end, and are named from the top.  */
static double end_of(const gradus_chart *chart, size_t method) {
    for (size_t i = 0; i < chart->count; i++) {
        const gradus_series *one = &chart->series[i];
        if (one->method == method && one->count > 0 && one->mark == GRADUS_MARK_STEPS)
            return gradus_scale_place(&chart->y, one->y[one->count - 1]);
    }
    return is_shown(chart, method) ? 1 : NAN;
}

static void write_names(FILE *file, const sketch_t *s) {
    size_t methods = s->results->methods;
    for (size_t m = 0; m < methods; m++)
        s->place[m] = end_of(s->chart, m);
    gradus_scale_labels(s->place, s->order, methods, (double)LINE_HEIGHT / (TOP - BOTTOM));
    for (size_t m = 0; m < methods; m++) {
        if (isnan(s->place[m]))
            continue;
        fputs("set label '", file);
        print_name(file, s->results->labels[m]);
        fprintf(file, "' at screen %.4f, screen %.4f left textcolor rgb '%s'\n",
                across(right_margin(s) + NAMES_GAP / 2),
                up(BOTTOM + s->place[m] * (TOP - BOTTOM)), gradus_method_colour(m));
    }
}

static void write_clause(FILE *file, const gradus_series *one) {
    const char *colour = gradus_method_colour(one->method);
    switch (one->mark) {
    case GRADUS_MARK_STEPS:
        fprintf(file, "with steps linewidth 2 dashtype %zu linecolor rgb '%s'",
                gradus_method_dashes(one->method), colour);
        break;
    case GRADUS_MARK_RING:
        fprintf(file,
                "with circles fillstyle empty border linewidth 1.6 linecolor rgb '%s'",
                colour);
        break;
    case GRADUS_MARK_DOT:
        fprintf(file, "with circles fillstyle solid linecolor rgb '%s'", colour);
        break;
    case GRADUS_MARK_CROSS:
        fprintf(file, "with labels textcolor rgb '%s'", colour);
    }
}

static void write_script(FILE *file, const sketch_t *s) {
    write_axes(file, s);
    write_names(file, s);
    gradus_drawing *drawing = s->drawing;
    for (size_t i = 0; i < s->chart->count; i++) {
        const gradus_series *one = &s->chart->series[i];
        if (one->count == 0)
            continue;
        fprintf(file, "%sdata index %zu using %s ",
                drawing->elements == 0 ? "plot " : ", \\\n     ", drawing->elements,
                one->mark == GRADUS_MARK_CROSS ? "1:2:('✕')" : "1:2");
        write_clause(file, one);
        drawing->element[drawing->elements++] =
            (gradus_element){one->method, s->results->labels[one->method]};
    }
    fputc('\n', file);
}

static gradus_err write_file(const sketch_t *s, const char *folder, const char *ending,
                             void (*write)(FILE *, const sketch_t *), gradus_error *why) {
    char *path = gradus_folder_path(folder, "%s%s", s->chart->stem, ending);
    if (!path)
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    gradus_output output;
    gradus_err err = gradus_output_open(&output, path, why);
    if (err == GRADUS_OK) {
        write(output.file, s);
        err = gradus_output_commit(&output, why);
    }
    gradus_free(path);
    return err;
}

gradus_err gradus_chart_draw(gradus_drawing *drawing, const gradus_chart *chart,
                             const gradus_results *results, const char *folder,
                             gradus_error *why) {
    sketch_t s = {.chart = chart, .results = results, .drawing = drawing};
    *drawing = (gradus_drawing){0};
    for (size_t i = 0; i < chart->count; i++)
        drawing->exists = drawing->exists || chart->series[i].count > 0;
    if (!drawing->exists)
        return GRADUS_OK;
    drawing->element = GRADUS_NEW(chart->count, gradus_element);
    s.place = GRADUS_NEW(results->methods, double);
    s.order = GRADUS_NEW(results->methods, size_t);
    gradus_err err = drawing->element && s.place && s.order
                         ? write_file(&s, folder, ".dat", write_data, why)
                         : gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    if (!err)
        err = write_file(&s, folder, ".gp", write_script, why);
    gradus_free(s.place);
    gradus_free(s.order);
    gradus_error *trouble = &drawing->trouble;
    if (!err && gradus_gnuplot_run(folder, chart->stem, trouble) == GRADUS_ENOMEM)
        err = gradus_fail(why, GRADUS_ENOMEM, "%s", trouble->text);
    if (err)
        gradus_drawing_close(drawing);
    return err;
}
