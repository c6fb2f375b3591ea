/* Contours of a function on a grid, as loops to be filled one upon the other.  */

#ifndef GRADUS_HARNESS_FIGURES_CONTOURS_H
#define GRADUS_HARNESS_FIGURES_CONTOURS_H

#include "gradus.h"

/* COLUMNS x ROWS heights, row by row from the bottom; what is not finite is higher than
   anything.  */
typedef struct gradus_grid {
    size_t columns, rows; /* at least 2 */
    double *height;
} gradus_grid;

/* A closed line in units of the grid's steps, without its first point again at the end.
   What is inside of it and in no loop that comes later lies in band `band`: above `band` of
   the levels.  */
typedef struct gradus_loop {
    size_t first, count; /* of the points */
    size_t band, level;
    double area;
} gradus_loop;

typedef struct gradus_contours {
    size_t loops, points;
    gradus_loop *loop; /* in the order of painting: loops come before what they contain */
    double (*point)[2];
} gradus_contours;

/* LEVELS rise.  The border of the grid closes loops.  */
gradus_err gradus_contours_open(gradus_contours *contours, const gradus_grid *grid,
                                const double levels[], size_t count, gradus_error *why);
void gradus_contours_close(gradus_contours *contours);

#endif
