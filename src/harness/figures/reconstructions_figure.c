/* Rows of images, in one gnuplot plot whose coordinates are the units of the drawing.  */

#include "harness/figures/reconstructions_figure.h"

#include "base/memory.h"
#include "harness/io/folder.h"
#include "harness/io/output.h"
#include "harness/measure/reconstructions.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char gradus_reconstructions_stem[] = "reconstructions";
const char gradus_reconstructions_title[] = "Reconstructions of test images";

enum {
    GAP = 6,     /* between rows, and at the drawing's edge */
    LEFT = 132,  /* of the images, where the labels end */
    LONGEST = 16 /* characters of a label */
};

typedef struct {
    const gradus_results *results;
    gradus_drawing *drawing;
    gradus_reconstructions *of; /* of every method */
    size_t side, count;         /* pixels of an image, images of a row */
    double pixel;               /* its size */
    FILE *script, *data;
} sketch_t;

static gradus_err no_memory(gradus_error *why) {
    return gradus_fail(why, GRADUS_ENOMEM, "out of memory for a figure");
}

/* ---- Layout ---- */

/* Pixels of a row of images, with one between two of them.  */
static size_t across(const sketch_t *s) { return s->count * (s->side + 1) - 1; }

static double row_height(const sketch_t *s) { return s->pixel * (double)s->side + GAP; }

static void lay_out(sketch_t *s) {
    double rows = (double)s->results->methods + 1.0;
    double width = (GRADUS_FIGURE_WIDTH - LEFT - GAP) / (double)across(s);
    double height = ((GRADUS_FIGURE_HEIGHT - GAP) / rows - GAP) / (double)s->side;
    s->pixel = fmin(width, height);
}

/* ---- Data and script ---- */

/* Row ROW of the figure.  What is between images is no number, which is drawn as nothing.  */
static void print_row(const sketch_t *s, size_t row, const double images[]) {
    double top = GRADUS_FIGURE_HEIGHT - GAP - (double)row * row_height(s);
    for (size_t y = 0; y < s->side; y++)
        for (size_t x = 0; x < across(s); x++) {
            size_t image = x / (s->side + 1), column = x % (s->side + 1);
            fprintf(s->data, "%.3f %.3f ", LEFT + s->pixel * ((double)x + 0.5),
                    top - s->pixel * ((double)y + 0.5));
            if (column < s->side)
                fprintf(s->data, "%.4g\n",
                        images[(image * s->side + y) * s->side + column]);
            else
                fputs("NaN\n", s->data);
        }
    fputs("\n\n", s->data);
}

/* A label is safe as a file name, unless somebody has edited the manifest.  */
static void write_label(const sketch_t *s, size_t row, const char *label,
                        const char *colour) {
    char text[LONGEST + 1];
    snprintf(text, sizeof text, "%s", label);
    for (char *c = text; *c; c++)
        if (strchr("\\'\"`@", *c) || (unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '?';
    fprintf(s->script, "set label '%s' at %d,%.2f right textcolor rgb '%s'\n", text,
            LEFT - GAP, GRADUS_FIGURE_HEIGHT - ((double)row + 0.5) * row_height(s) - GAP,
            colour);
}

static void write_head(const sketch_t *s) {
    const gradus_reconstructions *first = &s->of[0];
    double most = -INFINITY, least = INFINITY;
    for (size_t i = 0; i < first->examples * first->features; i++) {
        least = fmin(least, first->inputs[i]);
        most = fmax(most, first->inputs[i]);
    }
    fprintf(s->script,
            "# Redraw with: gnuplot reconstructions.gp\n"
            "if (!exists(\"output_file\")) output_file = 'reconstructions.svg'\n"
            "set terminal svg noenhanced dynamic rounded size %d,%d font 'sans-serif,%d'\n"
            "set encoding utf8\n"
            "set output output_file\n"
            "data = 'reconstructions.dat'\n"
            "unset key\nunset border\nunset tics\nunset colorbox\n"
            "set lmargin 0\nset rmargin 0\nset bmargin 0\nset tmargin 0\n"
            "set palette gray negative\nset cbrange [%g:%g]\n"
            "set xrange [0:%d]\nset yrange [0:%d]\n",
            GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT, GRADUS_FIGURE_FONT, least,
            most > least ? most : least + 1.0, GRADUS_FIGURE_WIDTH, GRADUS_FIGURE_HEIGHT);
}

static void write_all(const sketch_t *s) {
    const gradus_results *results = s->results;
    gradus_drawing *drawing = s->drawing;
    write_head(s);
    write_label(s, 0, "input", "#1c1e21");
    print_row(s, 0, s->of[0].inputs);
    drawing->element[drawing->elements++] = (gradus_element){0};
    for (size_t m = 0; m < results->methods; m++) {
        write_label(s, m + 1, results->labels[m], gradus_method_colour(m));
        print_row(s, m + 1, s->of[m].outputs);
        drawing->element[drawing->elements++] = (gradus_element){m, results->labels[m]};
    }
    for (size_t row = 0; row <= results->methods; row++)
        fprintf(s->script, "%sdata index %zu using 1:2:3 with image",
                row == 0 ? "plot " : ", \\\n     ", row);
    fputc('\n', s->script);
}

/* ---- The whole ---- */

/* Both files at once; complete or not at all.  */
static gradus_err write_files(sketch_t *s, const char *figures, gradus_error *why) {
    gradus_output script = {0}, data = {0};
    char *gp = gradus_folder_path(figures, "%s.gp", gradus_reconstructions_stem);
    char *dat = gradus_folder_path(figures, "%s.dat", gradus_reconstructions_stem);
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

/* Those of a method in the first variant; NULL: no memory.  */
static char *path_of(const gradus_results *results, const char *folder, size_t method) {
    return gradus_folder_path(folder, "reconstructions/%s%s%s.csv", results->labels[method],
                              results->varied ? "-" : "",
                              results->varied ? results->value[0] : "");
}

static bool exist(const gradus_results *results, const char *folder) {
    bool all = results->methods > 0;
    for (size_t m = 0; all && m < results->methods; m++) {
        char *path = path_of(results, folder, m);
        all = path && access(path, R_OK) == 0;
        gradus_free(path);
    }
    return all;
}

/* GRADUS_OK and `trouble`: a file is broken.  */
static gradus_err read_all(sketch_t *s, const char *folder, gradus_error *why) {
    gradus_error *trouble = &s->drawing->trouble;
    for (size_t m = 0; m < s->results->methods && !trouble->code; m++) {
        gradus_error reason;
        char *path = path_of(s->results, folder, m);
        gradus_err err =
            path ? gradus_reconstructions_read(&s->of[m], path, &reason) : GRADUS_ENOMEM;
        if (!err && (s->of[m].examples != s->of[0].examples ||
                     s->of[m].features != s->of[0].features))
            err = gradus_fail(&reason, GRADUS_EINPUT,
                              "%s: expected as many examples and features as %s has", path,
                              s->results->labels[0]);
        gradus_free(path);
        if (err == GRADUS_ENOMEM)
            return no_memory(why);
        if (err)
            *trouble = reason;
    }
    return GRADUS_OK;
}

static gradus_err open_sketch(sketch_t *s, const char *folder, gradus_error *why) {
    size_t count = s->results->methods;
    s->of = GRADUS_NEW(count, gradus_reconstructions);
    s->drawing->element = GRADUS_NEW(count + 1, gradus_element);
    if (!s->of || !s->drawing->element)
        return no_memory(why);
    gradus_err err = read_all(s, folder, why);
    s->count = s->of[0].examples;
    s->side = (size_t)lround(sqrt((double)s->of[0].features));
    s->drawing->exists =
        s->drawing->trouble.code || (s->side > 0 && s->side * s->side == s->of[0].features);
    return err;
}

static gradus_err draw(sketch_t *s, const char *figures, gradus_error *why) {
    gradus_drawing *drawing = s->drawing;
    lay_out(s);
    snprintf(drawing->note, sizeof drawing->note,
             "The first %zu test images, and what every method's last point makes of them, "
             "with the first seed%s%.100s.",
             s->count, s->results->varied ? ", at " : "",
             s->results->varied ? s->results->value[0] : "");
    gradus_err err = write_files(s, figures, why);
    if (!err && gradus_gnuplot_run(figures, gradus_reconstructions_stem,
                                   &drawing->trouble) == GRADUS_ENOMEM)
        err = no_memory(why);
    return err;
}

gradus_err gradus_reconstructions_draw(gradus_drawing *drawing,
                                       const gradus_results *results, const char *folder,
                                       const char *figures, gradus_error *why) {
    *drawing = (gradus_drawing){0};
    if (!exist(results, folder))
        return GRADUS_OK;
    char *old = gradus_folder_path(figures, "%s.svg", gradus_reconstructions_stem);
    if (!old)
        return no_memory(why);
    unlink(old);
    gradus_free(old);
    sketch_t s = {.results = results, .drawing = drawing};
    gradus_err err = open_sketch(&s, folder, why);
    if (!err && drawing->exists && !drawing->trouble.code)
        err = draw(&s, figures, why);
    for (size_t m = 0; s.of && m < results->methods; m++)
        gradus_reconstructions_close(&s.of[m]);
    gradus_free(s.of);
    if (err)
        gradus_drawing_close(drawing);
    return err;
}
