/* Data files and gnuplot scripts.  */

#include "harness/figures/figures.h"

#include "base/memory.h"
#include "harness/analysis/curves.h"
#include "harness/figures/scale.h"
#include "harness/io/folder.h"
#include "harness/io/html.h"
#include "harness/io/output.h"

#include <math.h>
#include <string.h>

const gradus_figure gradus_figures[GRADUS_FIGURES] = {
    {"value-updates", "Training value by update", GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_VALUE,
     "updates", "training value"},
    {"value-passes", "Training value by pass over the data", GRADUS_COLUMN_PASSES,
     GRADUS_COLUMN_VALUE, "passes over the data", "training value"},
    {"value-cpu", "Training value by CPU time", GRADUS_COLUMN_CPU, GRADUS_COLUMN_VALUE,
     "CPU-seconds", "training value"},
    {"gradient-passes", "Gradient norm by pass over the data", GRADUS_COLUMN_PASSES,
     GRADUS_COLUMN_GRADIENT, "passes over the data", "Euclidean norm of the gradient"},
    {"accuracy-cpu", "Test accuracy by CPU time", GRADUS_COLUMN_CPU, GRADUS_COLUMN_ACCURACY,
     "CPU-seconds", "test accuracy (%)"},
    {"condition-updates", "Condition of the Fisher matrix by update", GRADUS_COLUMN_UPDATE,
     GRADUS_COLUMN_CONDITION, "updates", "condition number"},
    {"whitened-condition-updates", "Condition in whitened coordinates by update",
     GRADUS_COLUMN_UPDATE, GRADUS_COLUMN_WHITENED_CONDITION, "updates",
     "condition number, whitened"},
    {"value-varied", "Training value at the end by varied value", GRADUS_COLUMNS,
     GRADUS_COLUMN_VALUE, "varied value", "training value at the end"},
    {"updates-varied", "Updates to the last target by varied value", GRADUS_COLUMNS,
     GRADUS_COLUMN_UPDATE, "varied value", "updates to the target"},
};

/* Okabe and Ito's palette, which colour-blind readers can tell apart, without black (the
   axes) and yellow (too pale for a line on white), and with a grey.  */
static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                      "#E69F00", "#56B4E9", "#7F7F7F"};
enum { COLOURS = sizeof colours / sizeof *colours };

const char *gradus_method_colour(size_t method) { return colours[method % COLOURS]; }
size_t gradus_method_dashes(size_t method) { return 1 + method / COLOURS; }

/* Layout, in the units of the drawing (y from the bottom) or of its characters.  */
enum {
    LEFT = 92,
    BOTTOM = 64,
    TOP = GRADUS_FIGURE_HEIGHT - 12,
    RIGHT_GAP = 14,
    AXIS_LABEL = 12
};
enum { TARGET_DIGITS = 6, GAP_DIGITS = 4 };
enum { LINE_HEIGHT = GRADUS_FIGURE_FONT + 3, SMALL_FONT = 12, LONGEST_LABEL = 20 };
static const double character_width = 0.58 * GRADUS_FIGURE_FONT;

/* Everything about one figure while it is made.  */
typedef struct {
    const gradus_figure *figure;
    const gradus_results *results;
    gradus_drawing *drawing;
    gradus_curve *curve; /* of every method */
    double *place;       /* of every label, from 0 to 1 along the y axis */
    size_t *order;       /* methods by their ends, the lowest first */
    gradus_scale x, y;
} sketch_t;

static bool of_values(const sketch_t *s) { return s->figure->x == GRADUS_COLUMNS; }

/* The last part of the key that varies; a file's letters only.  */
static const char *variable_of(const gradus_results *results) {
    const char *dot = strrchr(results->varied, '.');
    return dot ? dot + 1 : results->varied;
}

/* ---- Labels at the ends of lines ---- */

static bool shown(const sketch_t *s, size_t method) {
    return gradus_curve_end(&s->curve[method]) != NULL;
}

static void place_labels(sketch_t *s) {
    for (size_t m = 0; m < s->results->methods; m++) {
        const gradus_point *end = gradus_curve_end(&s->curve[m]);
        s->place[m] =
            end ? gradus_scale_place(&s->y, gradus_scale_drawn(&s->y, end->middle)) : NAN;
    }
    gradus_scale_labels(s->place, s->order, s->results->methods,
                        (double)LINE_HEIGHT / (TOP - BOTTOM));
}

/* The characters of a label that are shown, counted in UTF-8.  */
static size_t label_bytes(const char *label, size_t *characters) {
    size_t bytes = 0;
    for (*characters = 0; label[bytes]; bytes++)
        if (((unsigned char)label[bytes] & 0xC0) != 0x80 && ++*characters > LONGEST_LABEL)
            break;
    if (*characters > LONGEST_LABEL)
        *characters = LONGEST_LABEL;
    return bytes;
}

/* In gnuplot's single quotes, where only the quote itself is special.  */
static void print_quoted(FILE *file, const char *text, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '\'')
            fputc('\'', file);
        fputc((unsigned char)text[i] < ' ' ? ' ' : text[i], file);
    }
}

static void print_label(FILE *file, const sketch_t *s, size_t method) {
    const char *label = s->results->labels[method];
    size_t characters, bytes = label_bytes(label, &characters);
    fputc('\'', file);
    print_quoted(file, label, bytes);
    fprintf(file, "%s%s'", label[bytes] ? "…" : "", s->curve[method].failed ? " ✕" : "");
}

static int right_margin(const sketch_t *s) {
    size_t longest = 0;
    for (size_t m = 0; m < s->results->methods; m++) {
        size_t characters, bytes = label_bytes(s->results->labels[m], &characters);
        characters += (s->results->labels[m][bytes] != 0) + 2 * s->curve[m].failed;
        if (shown(s, m) && characters > longest)
            longest = characters;
    }
    return GRADUS_FIGURE_WIDTH - RIGHT_GAP - (int)(character_width * (double)longest);
}

/* ---- Data ---- */

/* A drawing cannot show more points than it has columns of half a unit.  */
static double finest(const sketch_t *s) { return 0.5 / (right_margin(s) - LEFT); }

static void write_curve(FILE *file, const sketch_t *s, const gradus_curve *curve) {
    const gradus_point *last = gradus_curve_end(curve);
    double before = -INFINITY;
    for (size_t i = 0; i < curve->count; i++) {
        const gradus_point *p = &curve->point[i];
        if (s->x.log && !(p->x >= s->x.low))
            continue;
        double place = gradus_scale_place(&s->x, p->x);
        if (isfinite(p->middle) && p != last && !(place - before >= finest(s)))
            continue;
        before = place;
        fprintf(file, "%.17g %.17g %.17g %.17g\n", p->x, p->middle,
                isfinite(p->low) ? p->low : p->middle,
                isfinite(p->high) ? p->high : p->middle);
    }
}

static void write_data(FILE *file, sketch_t *s) {
    fprintf(file,
            "# %s: %s, then median, lower and upper end of the band of %s, over seeds.\n"
            "# Points closer together than the figure can show are left out.\n",
            s->figure->title, s->figure->x_label, s->figure->y_label);
    for (size_t m = 0; m < s->results->methods; m++) {
        fputs("# ", file);
        print_quoted(file, s->results->labels[m], strlen(s->results->labels[m]));
        fputc('\n', file);
        if (shown(s, m))
            write_curve(file, s, &s->curve[m]);
        else
            fputs("NaN NaN NaN NaN\n", file); /* keeps the place of the block */
        fputs("\n\n", file);
    }
}

/* ---- Script ---- */

static void write_axes(FILE *file, const sketch_t *s) {
    const char *stem = s->figure->stem;
    char number[GRADUS_NUMBER_SIZE];
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
            "set lmargin at screen %.4f\n"
            "set rmargin at screen %.4f\n"
            "set bmargin at screen %.4f\n"
            "set tmargin at screen %.4f\n",
            stem, stem, GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT, GRADUS_FIGURE_FONT, stem,
            (double)LEFT / GRADUS_FIGURE_WIDTH,
            (double)right_margin(s) / GRADUS_FIGURE_WIDTH,
            (double)BOTTOM / GRADUS_FIGURE_HEIGHT, (double)TOP / GRADUS_FIGURE_HEIGHT);
    /* Labels, because gnuplot 5.4 loses the axes' own beyond margins set like these.  */
    fprintf(file, "set label '%s%s' at graph 0.5, screen %.4f center\n",
            of_values(s) ? variable_of(s->results) : s->figure->x_label,
            s->x.log ? ", logarithmic" : "", (double)AXIS_LABEL / GRADUS_FIGURE_HEIGHT);
    fprintf(file, "set label '%s", s->figure->y_label);
    if (s->y.lowest != 0)
        fprintf(file, " − %s (%s)", isnan(s->results->minimum) ? "lowest seen" : "minimum",
                gradus_number(number, s->y.lowest, 6));
    fprintf(file, "' at screen %.4f, graph 0.5 center rotate by 90\n",
            (double)AXIS_LABEL / GRADUS_FIGURE_WIDTH);
    gradus_scale_print(file, 'x', &s->x);
    gradus_scale_print(file, 'y', &s->y);
    fprintf(file,
            "factor = %.17g\nlowest = %.17g\n"
            "drawn(v) = factor * (v - lowest)\n",
            s->y.factor, s->y.lowest);
    if (s->y.log)
        fprintf(file,
                "floor_value = %.17g # the least that is drawn\n"
                "shown(v) = v == v ? (drawn(v) > floor_value ? drawn(v) : floor_value) : "
                "NaN\n",
                s->y.floor);
    else
        fputs("shown(v) = drawn(v)\n", file);
    fprintf(file, "inside(v) = shown(v) < %.17g ? shown(v) : %.17g # for bands\n",
            s->y.high, s->y.high);
}

/* Targets as thin lines; those that would write over each other share the first label.  */
static void write_targets(FILE *file, const sketch_t *s) {
    double labelled = -INFINITY;
    char number[GRADUS_NUMBER_SIZE];
    if (s->figure->y != GRADUS_COLUMN_VALUE || of_values(s))
        return;
    bool named = !isnan(s->results->minimum);
    for (size_t t = 0; t < s->results->targets; t++) {
        double drawn = s->y.factor * (s->results->target[t] - s->y.lowest);
        double place = gradus_scale_place(&s->y, drawn);
        if (!(place > 0 && place < 1))
            continue;
        fprintf(file,
                "set arrow from graph 0, first %.17g to graph 1, first %.17g nohead back "
                "linecolor rgb '#808080' linewidth 0.8 dashtype 3\n",
                drawn, drawn);
        if (!(fabs(place - labelled) * (TOP - BOTTOM) >= SMALL_FONT))
            continue;
        labelled = place;
        fprintf(file,
                "set label '%s %s' at graph 0.01, first %.17g offset 0,0.45 left front "
                "font "
                "',%d' textcolor rgb '#808080'\n",
                named ? "gap" : "target",
                gradus_short(number, gradus_results_gap(s->results, s->results->target[t]),
                             named ? GAP_DIGITS : TARGET_DIGITS),
                drawn, SMALL_FONT);
    }
}

/* Begins the next `plot` clause.  */
static void begin_element(FILE *file, sketch_t *s, size_t method) {
    gradus_drawing *drawing = s->drawing;
    fputs(drawing->elements == 0 ? "plot " : ", \\\n     ", file);
    drawing->element[drawing->elements++] =
        (gradus_element){method, s->results->labels[method]};
}

/* Four clauses at most: band, line, leader and label.  */
enum { ELEMENTS_PER_METHOD = 4 };

static void write_band(FILE *file, sketch_t *s, size_t m) {
    begin_element(file, s, m);
    fprintf(file,
            "data index %zu using 1:(inside($3)):(inside($4)) with filledcurves "
            "fillcolor rgb '#D0%s'",
            m, gradus_method_colour(m) + 1);
}

static void write_line(FILE *file, sketch_t *s, size_t m) {
    begin_element(file, s, m);
    fprintf(file,
            "data index %zu using 1:(shown($2)) with lines linewidth 2 dashtype %zu "
            "linecolor rgb '%s'",
            m, gradus_method_dashes(m), gradus_method_colour(m));
}

static void write_leader(FILE *file, sketch_t *s, size_t m) {
    begin_element(file, s, m);
    fprintf(file,
            "$leader%zu using 1:2 with lines linewidth 0.8 dashtype 3 linecolor rgb '%s'",
            m, gradus_method_colour(m));
}

static void write_label(FILE *file, sketch_t *s, size_t m) {
    begin_element(file, s, m);
    fprintf(file, "$leader%zu every ::1 using 1:2:(", m);
    print_label(file, s, m);
    fprintf(file, ") with labels left offset 0.4,0 textcolor rgb '%s'",
            gradus_method_colour(m));
}

/* Where the line is seen last: its end, or where it leaves the figure.  */
static const gradus_point *last_seen(const sketch_t *s, size_t m) {
    const gradus_point *seen = gradus_curve_end(&s->curve[m]);
    for (const gradus_point *p = seen; p >= s->curve[m].point; p--) {
        double drawn = gradus_scale_drawn(&s->y, p->middle);
        if (isfinite(drawn) && drawn >= s->y.low && drawn <= s->y.high)
            break;
        if (isfinite(p->middle))
            seen = p;
    }
    return seen;
}

static double within(double value, double low, double high) {
    return fmin(fmax(value, low), high);
}

/* Leads from the end of the line to the label at the right.  */
static void write_leader_data(FILE *file, const sketch_t *s, size_t m) {
    const gradus_scale *x = &s->x, *y = &s->y;
    const gradus_point *end = last_seen(s, m);
    fprintf(file, "$leader%zu << EOD\n%.17g %.17g\n%.17g %.17g\nEOD\n", m,
            within(end->x, x->low, x->high),
            within(gradus_scale_drawn(y, end->middle), y->low, y->high), x->high,
            within(gradus_scale_at(y, s->place[m]), y->low, y->high));
}

static void write_script(FILE *file, sketch_t *s) {
    static void (*const clauses[])(FILE *, sketch_t *, size_t) = {
        write_band, write_line, write_leader, write_label};
    write_axes(file, s);
    write_targets(file, s);
    for (size_t m = 0; m < s->results->methods; m++)
        if (shown(s, m))
            write_leader_data(file, s, m);
    for (size_t c = 0; c < sizeof clauses / sizeof *clauses; c++)
        for (size_t m = 0; m < s->results->methods; m++)
            if (shown(s, m) && (clauses[c] != write_band || s->curve[m].runs > 1))
                clauses[c](file, s, m);
    fputs("\n", file);
}

/* ---- The whole ---- */

/* A study that varies something is drawn against that, if it is a number.  What was spent is
   that to a target, of which there must be one.  */
static bool applies(const sketch_t *s) {
    const gradus_results *results = s->results;
    if (!of_values(s) || !results->varied)
        return !of_values(s) && !results->varied;
    for (size_t v = 0; v < results->variants; v++)
        if (isnan(results->number[v]))
            return false;
    return results->targets > 0 || s->figure->y == GRADUS_COLUMN_VALUE;
}

static void scale_values(sketch_t *s) {
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    for (size_t m = 0; m < s->results->methods; m++)
        for (size_t i = 0; i < s->curve[m].count; i++) {
            const gradus_point *point = &s->curve[m].point[i];
            left = fmin(left, point->x);
            right = fmax(right, point->x);
            low = fmin(low, point->low);
            high = fmax(high, isfinite(point->high) ? point->high : point->middle);
        }
    s->x = gradus_scale_over(left, right);
    s->y = gradus_scale_over(low, high);
}

static gradus_err open_sketch(sketch_t *s, gradus_error *why) {
    size_t methods = s->results->methods;
    s->curve = GRADUS_NEW(methods, gradus_curve);
    s->place = GRADUS_NEW(methods, double);
    s->order = GRADUS_NEW(methods, size_t);
    s->drawing->element = GRADUS_NEW(ELEMENTS_PER_METHOD * methods, gradus_element);
    if (!s->curve || !s->place || !s->order || !s->drawing->element)
        return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
    gradus_err err = GRADUS_OK;
    for (size_t m = 0; m < methods && err == GRADUS_OK; m++) {
        err = of_values(s)
                  ? gradus_curve_of_values(&s->curve[m], s->results, m, s->figure->y, why)
                  : gradus_curve_open(&s->curve[m], s->results, m, s->figure->x,
                                      s->figure->y, why);
        if (err == GRADUS_OK && shown(s, m))
            s->drawing->exists = true;
    }
    if (err != GRADUS_OK || !s->drawing->exists)
        return err;
    if (of_values(s)) {
        scale_values(s);
    } else {
        s->x = gradus_scale_x(s->curve, methods);
        s->y = gradus_scale_y(s->results, s->curve, methods, s->figure->y);
    }
    place_labels(s);
    return GRADUS_OK;
}

static void close_sketch(sketch_t *s) {
    for (size_t m = 0; s->curve && m < s->results->methods; m++)
        gradus_curve_close(&s->curve[m]);
    gradus_free(s->curve);
    gradus_free(s->place);
    gradus_free(s->order);
}

static void say(gradus_drawing *drawing, const char *sentence) {
    size_t length = strlen(drawing->note);
    snprintf(drawing->note + length, sizeof drawing->note - length, "%s%s",
             length > 0 ? " " : "", sentence);
}

static bool is_sampled(const gradus_results *results) {
    bool sampled = false;
    for (size_t i = 0; i < results->runs; i++)
        sampled = sampled || results->run[i].sampled;
    return sampled;
}

static void write_note(const sketch_t *s) {
    size_t most = 0;
    bool failed = false;
    for (size_t m = 0; m < s->results->methods; m++) {
        most = s->curve[m].runs > most ? s->curve[m].runs : most;
        failed = failed || (s->curve[m].failed && shown(s, m));
    }
    if (of_values(s) && most > 1)
        say(s->drawing, "Line: median over seeds; band: lowest to highest.");
    else if (most >= GRADUS_QUARTILES_FROM)
        say(s->drawing, "Line: median over seeds; band: first to third quartile.");
    else if (most > 1)
        say(s->drawing, "Line: median over seeds; band: lowest to highest.");
    if (s->y.lowest != 0 && !isnan(s->results->minimum))
        say(s->drawing,
            "The axis shows how far above the minimum that the study names; what "
            "is not above it is drawn at the smallest difference.");
    else if (s->y.lowest != 0)
        say(s->drawing, "The axis shows how far above the lowest value seen in any run; "
                        "that point itself is drawn at the smallest difference.");
    if (!of_values(s) && is_sampled(s->results))
        say(s->drawing, "Measured on a part of the data; the ends over all of them are in "
                        "the table.");
    if (s->x.log && !of_values(s))
        say(s->drawing, "The start (0) has no place on this horizontal axis.");
    if (failed)
        say(s->drawing, "✕: every run failed.");
}

/* Writes FOLDER/STEM + ENDING by WRITE.  */
static gradus_err write_file(sketch_t *s, const char *folder, const char *ending,
                             void (*write)(FILE *, sketch_t *), gradus_error *why) {
    char *path = gradus_folder_path(folder, "%s%s", s->figure->stem, ending);
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

gradus_err gradus_figure_draw(gradus_drawing *drawing, const gradus_figure *figure,
                              const gradus_results *results, const char *folder,
                              gradus_error *why) {
    *drawing = (gradus_drawing){0};
    sketch_t s = {.figure = figure, .results = results, .drawing = drawing};
    if (!applies(&s))
        return GRADUS_OK;
    gradus_err err = open_sketch(&s, why);
    if (err == GRADUS_OK && drawing->exists) {
        write_note(&s);
        err = write_file(&s, folder, ".dat", write_data, why);
        if (err == GRADUS_OK)
            err = write_file(&s, folder, ".gp", write_script, why);
        gradus_error *trouble = &drawing->trouble;
        if (err == GRADUS_OK &&
            gradus_gnuplot_run(folder, figure->stem, trouble) == GRADUS_ENOMEM)
            err = gradus_fail(why, GRADUS_ENOMEM, "%s", trouble->text);
    }
    close_sketch(&s);
    if (err != GRADUS_OK)
        gradus_drawing_close(drawing);
    return err;
}

void gradus_drawing_close(gradus_drawing *drawing) {
    gradus_free(drawing->element);
    *drawing = (gradus_drawing){0};
}

void gradus_extra_figures_close(gradus_extra_figures *figures) {
    for (size_t i = 0; i < figures->count; i++)
        gradus_drawing_close(&figures->figure[i].drawing);
    gradus_free(figures->figure);
    *figures = (gradus_extra_figures){0};
}
