/* A search along a direction through the oracle, whichever the algorithm.  */

#ifndef GRADUS_LINE_SEARCH_SEARCH_H
#define GRADUS_LINE_SEARCH_SEARCH_H

#include "gradus.h"

typedef enum gradus_search_end {
    GRADUS_SEARCH_FOUND, /* a point of lower value; with hager-zhang, of a lower one or one
                            that differs by rounding */
    GRADUS_SEARCH_NOT_DESCENT, /* the slope at the start is not negative, or lost to an
                                  overflow or underflow of products */
    GRADUS_SEARCH_ROUNDING,    /* a decrease cannot be resolved in double precision */
    GRADUS_SEARCH_FAILED       /* no lower value, and not for rounding */
} gradus_search_end;

/* The member `search` of the parameter struct of a method with a line search.  */
typedef struct gradus_search_params {
    long line_search;
    double wolfe_decrease, wolfe_curvature; /* NaN: what suits the algorithm */
    long maximum_evaluations;
} gradus_search_params;

enum { GRADUS_MORE_THUENTE, GRADUS_HAGER_ZHANG, GRADUS_BACKTRACKING };

/* Its rows in the table of a method's struct T; CURVATURE is the default of
   wolfe_curvature, which the method also tells gradus_search_open.  */
/* clang-format off */
#define GRADUS_SEARCH_ROW(T, f) GRADUS_FIELD_OF(T, search, gradus_search_params, f)
#define GRADUS_SEARCH_TEXT(x) #x
#define GRADUS_SEARCH_ROWS(T, ALGORITHM, CURVATURE)                                        \
    {GRADUS_SEARCH_ROW(T, line_search), .initial = ALGORITHM,                              \
     .choices = "more-thuente|hager-zhang|backtracking",                                   \
     .help = "Strong Wolfe conditions; Wolfe or approximate Wolfe conditions, which look " \
             "at slopes where values are lost in rounding; or sufficient decrease alone."},\
    {GRADUS_SEARCH_ROW(T, wolfe_decrease), .minimum = 0, .maximum = 0.5,                   \
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM | GRADUS_LOG, .unset = "auto",     \
     .help = "Part of the decrease promised by the slope that a step must bring; `auto` "  \
             "is 1e-4, with hager-zhang 0.1."},                                            \
    {GRADUS_SEARCH_ROW(T, wolfe_curvature), .minimum = 0, .maximum = 1,                    \
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_OPEN_MAXIMUM, .unset = "auto",                  \
     .help = "Part of the slope that a step may leave, above wolfe_decrease; not for "     \
             "backtracking; `auto` is " GRADUS_SEARCH_TEXT(CURVATURE)                      \
             ", with hager-zhang 0.9."},                                                   \
    {GRADUS_SEARCH_ROW(T, maximum_evaluations), .initial = 40, .minimum = 1,               \
     .maximum = 1000, .help = "Most evaluations in one line search."}
/* clang-format on */

/* More and Thuente's, in units of the first step: what the units of x and f are does not
   matter then, and the next search may go as far again.  */
#define GRADUS_LONGEST_STEP 1e10

/* Settings, workspace and result of a search.  */
typedef struct gradus_search {
    const struct gradus_search_algorithm *algorithm;
    double decrease, curvature; /* constants of the Wolfe conditions */
    size_t maximum_evaluations;
    size_t n, threads;
    double *x, *g; /* n each: after FOUND the point and its gradient */
    double value;  /* and its value */
    double step;   /* and the step that leads there */
    double longest; /* step of that search */
    size_t evaluations;
    size_t misses; /* searches that did not find their first trial, against those that did:
                      0 to 3 */
    /* Where values are lost in rounding, what came of the searches so far: value and
       gradient norm at the last progress, the least of each, and the searches since.  */
    double lowest, least;
    size_t idle;
} gradus_search;

/* The relations between the rows, for a method's `check`.  */
gradus_err gradus_search_check(const char *owner, const gradus_search_params *params,
                               double curvature, gradus_error *why);

/* Asks for the workspace.  */
void gradus_search_open(gradus_search *search, const gradus_search_params *params,
                        double curvature, const gradus_oracle *oracle, gradus_state *state);

/* Searches from X, where the value is VALUE and the gradient G, along DIRECTION; the first
   trial is X + STEP DIRECTION.  X and G are left alone.  Every trial is an evaluation of
   value and gradient, and the last one is at the point found, so that in full batch asking
   the oracle for it again is free.  Where the problem offers cheaper trials on a ray, those
   before the last one are such, but for the first one when the first trials of late were
   found; what they say is believed when the evaluation at the point found agrees.  */
gradus_err gradus_search_along(gradus_search *search, gradus_oracle *oracle,
                               const double x[], double value, const double g[],
                               const double direction[], double step,
                               gradus_search_end *end);

/* The sum of |x_i y_i|, of which the rounding of x'y is a part; for blocks, on this thread.  */
double gradus_search_size(size_t n, const double x[], const double y[]);
/* The step along DIRECTION below which every variable moves by no more than its rounding.  */
double gradus_search_finest(size_t n, const double x[], const double direction[]);

#endif
