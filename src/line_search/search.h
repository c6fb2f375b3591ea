/* A search along a direction through the oracle, whichever the algorithm.  */

#ifndef GRADUS_LINE_SEARCH_SEARCH_H
#define GRADUS_LINE_SEARCH_SEARCH_H

#include "gradus.h"

typedef enum gradus_search_end {
    GRADUS_SEARCH_FOUND,       /* a point of lower value */
    GRADUS_SEARCH_NOT_DESCENT, /* the slope at the start is not negative */
    GRADUS_SEARCH_ROUNDING,    /* a decrease cannot be resolved in double precision */
    GRADUS_SEARCH_FAILED       /* no lower value, and not for rounding */
} gradus_search_end;

/* Settings, workspace and result of a search.  */
typedef struct gradus_search {
    double decrease, curvature; /* constants of the strong Wolfe conditions */
    size_t maximum_evaluations;
    size_t n, threads;
    double *x, *g; /* n each: after FOUND the point and its gradient */
    double value;  /* and its value */
    double step;   /* and the step that leads there */
    size_t evaluations;
} gradus_search;

/* The rows of a parameter table that belong to a search, for struct T with the members
   wolfe_decrease, wolfe_curvature (double) and maximum_evaluations (long).  */
/* clang-format off */
#define GRADUS_SEARCH_ROWS(T)                                                              \
    {GRADUS_FIELD(T, wolfe_decrease), .initial = 1e-4, .minimum = 0, .maximum = 0.5,       \
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG,                      \
     .help = "Part of the decrease promised by the slope that a step must bring."},        \
    {GRADUS_FIELD(T, wolfe_curvature), .initial = 0.9, .minimum = 0, .maximum = 1,         \
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM,                                   \
     .help = "Part of the slope that a step may leave; above wolfe_decrease."},            \
    {GRADUS_FIELD(T, maximum_evaluations), .initial = 40, .minimum = 1, .maximum = 1000,   \
     .help = "Most evaluations in one line search."}
/* clang-format on */

/* The relation between the rows, for a method's `check`.  */
gradus_err gradus_search_check(const char *owner, double wolfe_decrease,
                               double wolfe_curvature, gradus_error *why);

/* Asks for the workspace.  */
void gradus_search_open(gradus_search *search, double wolfe_decrease,
                        double wolfe_curvature, long maximum_evaluations,
                        const gradus_oracle *oracle, gradus_state *state);

/* Searches from X, where the value is VALUE and the gradient G, along DIRECTION; the first
   trial is X + STEP DIRECTION.  X and G are left alone.  Every trial is an evaluation of
   value and gradient, and the last one is at the point found, so that in full batch asking
   the oracle for it again is free.  */
gradus_err gradus_search_along(gradus_search *search, gradus_oracle *oracle,
                               const double x[], double value, const double g[],
                               const double direction[], double step,
                               gradus_search_end *end);

#endif
