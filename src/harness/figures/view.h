/* What part of a landscape is looked at, and where its contours are.  */

#ifndef GRADUS_HARNESS_FIGURES_VIEW_H
#define GRADUS_HARNESS_FIGURES_VIEW_H

#include "core/problem.h"
#include "harness/figures/contours.h"
#include "harness/run/trajectory.h"

enum { GRADUS_VIEW_LEVELS = 14 };

typedef struct gradus_view {
    double low[GRADUS_PLANE], high[GRADUS_PLANE]; /* the corners */
    double lowest;                                /* value seen inside */
    bool log; /* the levels are geometric above the lowest value */
    size_t levels;
    double level[GRADUS_VIEW_LEVELS]; /* values, rising */
} gradus_view;

typedef struct gradus_path {
    const gradus_trajectory *trajectory;
    bool improved; /* its last value is lower than its first */
} gradus_path;

/* Holds the ends of all paths that improved and the minima about as near, and of every path
   what is not several times as far from its start (several first updates, when no path
   improved).  ASPECT is width over height of the frame; both axes have the same scale unless
   that would waste most of it.  */
void gradus_view_choose(gradus_view *view, const gradus_path paths[], size_t count,
                        const gradus_problem *problem, double aspect);
/* Whether some of PATH is outside, or nowhere.  */
bool gradus_view_cuts(const gradus_view *view, const gradus_path *path);
bool gradus_view_has(const gradus_view *view, const double x[]);

/* Fills GRID with PROBLEM's values in VIEW, chooses the levels, and makes heights of the
   values (logarithms when the levels are geometric); HEIGHTS are the levels' own.  */
gradus_err gradus_view_measure(gradus_view *view, gradus_problem *problem,
                               gradus_grid *grid, double heights[GRADUS_VIEW_LEVELS],
                               gradus_error *why);

#endif
