/* The frame of an update by line search.  */

#include "line_search/update.h"

#include "line_search/postmortem.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* A norm of zero: of zeros, or because squares underflow.  */
static void report_zero(size_t n, const double g[], gradus_report *report) {
    double most = 0.0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(g[i]));
    report->stop = most > 0.0 ? GRADUS_FAIL_ROUNDING : GRADUS_FAIL_STATIONARY;
    if (most > 0.0)
        snprintf(report->detail, sizeof report->detail,
                 "slopes are at most %.3g, and their squares are zero", most);
}

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
        report_zero(gradus_oracle_dimension(oracle), g, report);
    return GRADUS_OK;
}

double gradus_update_first_step(double norm) { return fmin(1.0, 1.0 / norm); }

/* At the longest step the function may go on falling for ever.  Otherwise the point found is
   evaluated once more, because looking far away took its gradient's place.  */
static gradus_err look_far(gradus_search *search, gradus_oracle *oracle,
                           gradus_failure *failure, gradus_report *report) {
    failure->point = search->g;
    gradus_err err = gradus_postmortem_far(oracle, failure, report);
    return err || report->stop
               ? err
               : gradus_oracle_gradient(oracle, search->x, &search->value, search->g);
}

/* Reports the step, or why there is none.  */
static gradus_err conclude(gradus_search *search, gradus_oracle *oracle, const double x[],
                           double value, const double g[], const double direction[],
                           gradus_search_end end, gradus_report *report) {
    gradus_failure failure = {.x = x,
                              .g = g,
                              .direction = direction,
                              .value = value,
                              .rounding = end == GRADUS_SEARCH_ROUNDING,
                              .capped = search->evaluations >= search->maximum_evaluations,
                              .point = search->x,
                              .move = search->g};
    if (end == GRADUS_SEARCH_FOUND) {
        report->learning_rate = search->step;
        return search->step >= GRADUS_LONGEST_STEP
                   ? look_far(search, oracle, &failure, report)
                   : GRADUS_OK;
    }
    if (end != GRADUS_SEARCH_NOT_DESCENT)
        return gradus_postmortem(oracle, &failure, report);
    report->stop = GRADUS_FAIL_NOT_DESCENT;
    return GRADUS_OK;
}

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
    return err ? err : conclude(search, oracle, x, value, g, direction, end, report);
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
