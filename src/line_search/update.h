/* What the methods with a line search share: how an update begins, and what is tried when
   the search fails.  */

#ifndef GRADUS_LINE_SEARCH_UPDATE_H
#define GRADUS_LINE_SEARCH_UPDATE_H

#include "line_search/search.h"

/* Value, gradient and gradient norm at X.  Sets report->stop when they are not finite, and
   when the gradient is zero: then there is nothing to resolve.  */
gradus_err gradus_update_begin(gradus_oracle *oracle, size_t threads, const double x[],
                               double *value, double g[], double *norm,
                               gradus_report *report);

/* The first step along -g, whose length nothing tells: one of length 1 at most, but neither
   one that is lost in the rounding of x, or whose promise is in that of the value, nor one
   that promises so much that the value itself would be lost in it.  */
double gradus_update_first_step(const gradus_search *search, const double x[], double value,
                                double norm);

/* The power of two by which gradients are to be scaled so that their squares neither overflow
   nor underflow, given the present norm and SCALE: SCALE itself as long as it serves.  What a
   method keeps of gradients belongs to one scale.  */
double gradus_update_scale(double norm, double scale);

/* Searches along DIRECTION from STEP; when that fails and DIRECTION is not STEEPEST
   already, along -g, which DIRECTION then holds.  Reports the step, or why there is none.
   *FELL_BACK says whether the first search failed.  */
gradus_err gradus_update_search(gradus_search *search, gradus_oracle *oracle,
                                const double x[], double value, const double g[],
                                double norm, double direction[], double step, bool steepest,
                                bool *fell_back, gradus_report *report);

/* Whether a pair of changes S of the point and Y of the gradient may update an inverse
   Hessian: its curvature s'y is positive beyond the rounding of its terms, however the sizes
   of single variables differ; without that the matrix would not stay positive definite.  *SY
   and *YY are s'y and y'y.  */
bool gradus_update_safe_pair(size_t n, const double s[], const double y[], size_t threads,
                             double *sy, double *yy);
/* The same from s'y, y'y and SIZE, the sum of |s_i y_i|.  */
bool gradus_update_safe_products(double size, double sy, double yy);

#endif
