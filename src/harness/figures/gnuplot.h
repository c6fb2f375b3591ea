/* gnuplot, the program that draws, and its SVG made fit for a page.  */

#ifndef GRADUS_HARNESS_FIGURES_GNUPLOT_H
#define GRADUS_HARNESS_FIGURES_GNUPLOT_H

#include "gradus.h"

#include <stdio.h>

/* Size of every figure, in the units of its text.  */
enum { GRADUS_FIGURE_WIDTH = 560, GRADUS_FIGURE_HEIGHT = 420, GRADUS_FIGURE_FONT = 15 };

/* The program: the environment's GNUPLOT, else the one that configure found.  */
const char *gradus_gnuplot(void);
/* Runs STEM.gp in FOLDER, which writes STEM.svg there, complete or not at all.  */
gradus_err gradus_gnuplot_run(const char *folder, const char *stem, gradus_error *why);

/* One plotted thing: the k-th `plot` clause of the script.  Without a label it belongs to no
   method.  */
typedef struct gradus_element {
    size_t method;
    const char *label;
} gradus_element;

/* Copies the drawing at PATH to FILE as an <svg> element without ids, titled TITLE; what
   belongs to method M gets the class mM and its label as a tooltip.  */
gradus_err gradus_svg_inline(FILE *file, const char *path, const char *title,
                             const gradus_element elements[], size_t count,
                             gradus_error *why);

#endif
