/* The frame of an update by line search.  */

#include "line_search/update.h"

#include "linalg/vector.h"

#include <float.h>
#include <math.h>

gradus_err gradus_update_begin(gradus_oracle *oracle, size_t threads, const double x[],
                               double *value, double g[], double *norm,
                               gradus_report *report) {
    gradus_err err = gradus_oracle_gradient(oracle, x, value, g);
    if (err)
        return err;
    *norm = gradus_norm(gradus_oracle_dimension(oracle), g, threads);
    if (!(isfinite(*value) && isfinite(*norm)))
        report->stop = GRADUS_FAIL_DIVERGED;
    else if (*norm == 0.0)
        report->stop = GRADUS_FAIL_ROUNDING;
    return GRADUS_OK;
}

double gradus_update_first_step(double norm) { return fmin(1.0, 1.0 / norm); }

gradus_err gradus_update_search(gradus_search *search, gradus_oracle *oracle,
                                const double x[], double value, const double g[],
                                double norm, double direction[], double step, bool steepest,
                                bool *fell_back, gradus_report *report) {
    gradus_search_end end;
    gradus_err err =
        gradus_search_along(search, oracle, x, value, g, direction, step, &end);
    *fell_back = !err && end != GRADUS_SEARCH_FOUND && !steepest;
    if (*fell_back) {
        for (size_t i = 0; i < search->n; i++)
            direction[i] = -g[i];
        step = gradus_update_first_step(norm);
        err = gradus_search_along(search, oracle, x, value, g, direction, step, &end);
    }
    if (err)
        return err;
    if (end == GRADUS_SEARCH_FOUND)
        report->learning_rate = search->step;
    else
        report->stop =
            end == GRADUS_SEARCH_ROUNDING ? GRADUS_FAIL_ROUNDING : GRADUS_FAIL_LINE_SEARCH;
    return GRADUS_OK;
}

bool gradus_update_safe_products(double ss, double sy, double yy) {
    double product = sqrt(ss) * sqrt(yy);
    return sy > DBL_EPSILON * product && isfinite(1.0 / sy) && isfinite(sy / yy);
}

bool gradus_update_safe_pair(size_t n, const double s[], const double y[], size_t threads,
                             double *sy, double *yy) {
    *sy = gradus_dot(n, s, y, threads);
    *yy = gradus_dot(n, y, y, threads);
    return gradus_update_safe_products(gradus_dot(n, s, s, threads), *sy, *yy);
}
