/* The figures of a report: data and a gnuplot script for each, kept so that anybody can
   redraw them, and the drawing when gnuplot is there.  */

#ifndef GRADUS_HARNESS_FIGURES_FIGURES_H
#define GRADUS_HARNESS_FIGURES_FIGURES_H

#include "harness/figures/gnuplot.h"
#include "harness/results/results.h"

typedef struct gradus_figure {
    const char *stem, *title; /* file name without its ending; a heading */
    gradus_column x, y;       /* x: GRADUS_COLUMNS for the varied value */
    const char *x_label, *y_label;
} gradus_figure;

enum { GRADUS_FIGURE_UPDATES = 0, GRADUS_FIGURE_CPU = 2, GRADUS_FIGURES = 9 };
extern const gradus_figure gradus_figures[GRADUS_FIGURES];

/* Where a figure's drawing went.  */
typedef struct gradus_drawing {
    bool exists;             /* the results have such data */
    gradus_error trouble;    /* why there is no drawing; GRADUS_OK when there is one */
    char note[512];          /* what lines and bands are: a sentence or more */
    gradus_element *element; /* for gradus_svg_inline */
    size_t elements;
} gradus_drawing;

/* The colour of a method, the same in every figure: "#rrggbb".  */
const char *gradus_method_colour(size_t method);
/* gnuplot's dash type: 1, solid, until the colours come round again.  */
size_t gradus_method_dashes(size_t method);

/* Writes FOLDER/STEM.dat and .gp, and draws .svg.  Without gnuplot, or when it fails, the
   result is GRADUS_OK with `trouble`.  */
gradus_err gradus_figure_draw(gradus_drawing *drawing, const gradus_figure *figure,
                              const gradus_results *results, const char *folder,
                              gradus_error *why);
void gradus_drawing_close(gradus_drawing *drawing);

/* Figures whose number depends on the results.  */
typedef struct gradus_extra_figure {
    char stem[128], title[320];
    gradus_drawing drawing;
} gradus_extra_figure;

typedef struct gradus_extra_figures {
    gradus_extra_figure *figure;
    size_t count;
} gradus_extra_figures;

void gradus_extra_figures_close(gradus_extra_figures *figures);

#endif
