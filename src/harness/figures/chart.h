/* A plain figure: lines, steps and dots of several methods over two axes, each method named
   at the right in its colour.  */

#ifndef GRADUS_HARNESS_FIGURES_CHART_H
#define GRADUS_HARNESS_FIGURES_CHART_H

#include "harness/figures/figures.h"
#include "harness/figures/scale.h"

typedef enum gradus_mark {
    GRADUS_MARK_STEPS, /* a line that rises at the points */
    GRADUS_MARK_RING,
    GRADUS_MARK_DOT,
    GRADUS_MARK_CROSS
} gradus_mark;

typedef struct gradus_series {
    size_t method;
    gradus_mark mark;
    size_t count;
    double *x, *y; /* finite */
} gradus_series;

typedef struct gradus_chart {
    const char *stem, *title, *x_label, *y_label;
    gradus_scale x, y; /* with a factor of 1, from 0 */
    gradus_series *series;
    size_t count, room;
} gradus_chart;

/* A new series of at most COUNT points; NULL: no memory.  */
gradus_series *gradus_chart_add(gradus_chart *chart, size_t method, gradus_mark mark,
                                size_t count);
/* Writes FOLDER/STEM.dat and .gp and draws .svg, as gradus_figure_draw does.  */
gradus_err gradus_chart_draw(gradus_drawing *drawing, const gradus_chart *chart,
                             const gradus_results *results, const char *folder,
                             gradus_error *why);
void gradus_chart_close(gradus_chart *chart);

#endif
