/* A landscape's figure while it is made: shared by the files that make it.  Lengths are in the
   units of the drawing.  */

#ifndef GRADUS_HARNESS_FIGURES_SKETCH_H
#define GRADUS_HARNESS_FIGURES_SKETCH_H

#include "harness/figures/landscape.h"
#include "harness/figures/view.h"

#include <stdio.h>

/* Layout, y from the bottom.  */
enum {
    GRADUS_MAP_LEFT = 68,
    GRADUS_MAP_RIGHT = GRADUS_FIGURE_WIDTH - 16,
    GRADUS_MAP_TOP = GRADUS_FIGURE_HEIGHT - 10
};

typedef struct gradus_sketch {
    const gradus_results *results;
    gradus_drawing *drawing;
    const char *folder, *figures;
    gradus_problem *problem;
    gradus_trajectory *trajectory; /* of every run */
    gradus_path *path;
    gradus_view view;
    gradus_contours contours;
    gradus_grid grid;
    size_t groups;  /* of loops, the ground included: the first blocks of the data */
    size_t *colour; /* the band of every group */
    double bottom;  /* of the frame */
} gradus_sketch;

/* Where X is in the frame, from its lower left corner.  */
double gradus_sketch_place(const gradus_sketch *s, const double x[], size_t axis);
double gradus_sketch_distance(const gradus_sketch *s, const double a[], const double b[]);
/* The length of UNITS of the drawing along AXIS.  */
double gradus_sketch_length(const gradus_sketch *s, double units, size_t axis);

/* So many points of a run's trajectory come before the first that is not finite.  */
size_t gradus_sketch_finite(const gradus_sketch *s, size_t run);
/* Where the path of a run ends; NULL when that is outside.  */
const double *gradus_sketch_end(const gradus_sketch *s, size_t run);

/* The data: groups of loops, minima, of every run its line and its dots, the starts, of
   every run its end.  */
void gradus_sketch_data(FILE *file, gradus_sketch *s);
size_t gradus_sketch_minima_block(const gradus_sketch *s);
size_t gradus_sketch_line_block(const gradus_sketch *s, size_t run); /* dots: the next */
size_t gradus_sketch_starts_block(const gradus_sketch *s);
size_t gradus_sketch_end_block(const gradus_sketch *s, size_t run);

/* The script.  Fills the drawing's list of elements, of which there are at most
   gradus_sketch_elements.  */
void gradus_sketch_script(FILE *file, gradus_sketch *s);
size_t gradus_sketch_elements(const gradus_sketch *s);
/* What the legend needs below the frame decides where that begins.  */
void gradus_sketch_lay_out(gradus_sketch *s);

#endif
