/* The axes of a figure: what is drawn for a number, and where the ticks are.  */

#ifndef GRADUS_HARNESS_FIGURES_SCALE_H
#define GRADUS_HARNESS_FIGURES_SCALE_H

#include "harness/analysis/curves.h"

#include <stdio.h>

/* Drawn is factor * (value - lowest); on a logarithmic axis at least `floor`.  */
typedef struct gradus_scale {
    bool log;
    double factor, lowest, floor;
    double low, high; /* the range of what is drawn */
} gradus_scale;

double gradus_scale_drawn(const gradus_scale *scale, double value);
/* From 0 to 1 along the axis.  */
double gradus_scale_place(const gradus_scale *scale, double drawn);
/* The inverse of gradus_scale_place.  */
double gradus_scale_at(const gradus_scale *scale, double place);

gradus_scale gradus_scale_x(const gradus_curve curves[], size_t count);

/* From LOW to HIGH and a little further, logarithmic where both are positive.  */
gradus_scale gradus_scale_over(double low, double high);

/* For COLUMN of RESULTS, drawn as CURVES.  A training value is drawn as it is when a
   logarithmic axis tells the two lowest ends apart, and otherwise as its excess over the
   lowest value that any run has seen (`lowest` is then not 0).  Where the study names its
   minimum, it is drawn as the excess over that.  */
gradus_scale gradus_scale_y(const gradus_results *results, const gradus_curve curves[],
                            size_t count, gradus_column column);

/* gnuplot's commands for range and ticks of AXIS, 'x' or 'y'.  */
void gradus_scale_print(FILE *file, char axis, const gradus_scale *scale);

/* Labels of COUNT lines: PLACE, where a line ends along the axis, or NaN for none, becomes that
   of its label, all between 0 and 1 and, if there is room, HEIGHT apart.  Of lines that end
   together the first is uppermost.  ORDER is scratch, COUNT numbers.  */
void gradus_scale_labels(double place[], size_t order[], size_t count, double height);

#endif
