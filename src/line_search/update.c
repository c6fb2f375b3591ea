/* The frame of an update by line search.  */

#include "line_search/update.h"

#include "line_search/postmortem.h"
#include "linalg/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* Change of x and of the value that three digits of can be told from rounding.  */
static const double VISIBLE = 1e4 * DBL_EPSILON;

/* Of a sum, relative to the sum of its terms' sizes: more than blocks of some thousand terms,
   in as many parts as vectors have, lose on average.  */
static const double ROUNDING = 10 * DBL_EPSILON;

enum {
    ENOUGH = 32, /* evaluations: two on each rung of the post-mortem */
    MARGIN = 60  /* powers of two from an overflow or underflow to where none is near */
};

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

/* The length of the first step along -g.  */
static double first_length(const gradus_search *search, const double x[], double value,
                           double norm) {
    double length = fmin(norm, 1.0), size = fabs(value) / norm;
    if (size > 0.0 && length * sqrt(DBL_EPSILON) > size)
        length = size;
    size = fmax(size, gradus_norm(search->n, x, search->threads));
    return fmax(length, VISIBLE * size);
}

double gradus_update_first_step(const gradus_search *search, const double x[], double value,
                                double norm) {
    return first_length(search, x, value, norm) / norm;
}

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

static void scale(size_t n, int power, double v[]) {
    for (size_t i = 0; i < n; i++)
        v[i] = ldexp(v[i], power);
}

/* From the lower value that was seen while looking for a reason, unless it has another with
   its gradient: a reason that what was evaluated contradicts is none.  A search that was
   allowed fewer evaluations than looking for the reason takes is told so instead.  */
static gradus_err go_on(gradus_search *search, gradus_oracle *oracle,
                        const gradus_failure *failure, gradus_report *report) {
    bool short_of = report->stop == GRADUS_FAIL_SEARCH_EVALUATIONS &&
                    search->maximum_evaluations < ENOUGH;
    if (report->stop == GRADUS_FAIL_GRADIENT || report->stop == GRADUS_FAIL_SIGN ||
        report->stop == GRADUS_FAIL_KINK || report->stop == GRADUS_FAIL_NOT_FINITE ||
        report->stop == GRADUS_FAIL_UNBOUNDED || short_of)
        return GRADUS_OK;
    double value;
    gradus_move(search->n, failure->x, failure->lower, failure->direction, search->x,
                search->threads);
    gradus_err err = gradus_oracle_gradient(oracle, search->x, &value, search->g);
    if (err || !(value < failure->value) ||
        !isfinite(gradus_norm(search->n, search->g, search->threads)))
        return err;
    search->value = value;
    search->step = failure->lower;
    report->learning_rate = fabs(failure->lower);
    report->stop = GRADUS_RUNNING;
    report->detail[0] = '\0';
    return GRADUS_OK;
}

/* The product of g and -g scaled to a length of 1/2 at least is negative, unless it has lost
   its digits: below the least double of full precision.  */
static void report_slope(const gradus_search *search, const double g[],
                         gradus_report *report) {
    double norm = gradus_norm(search->n, g, search->threads);
    report->stop = 0.5 * norm <= DBL_MIN ? GRADUS_FAIL_ROUNDING : GRADUS_FAIL_NOT_DESCENT;
    if (0.5 * norm <= DBL_MIN)
        snprintf(report->detail, sizeof report->detail,
                 "slopes are at most %.3g, and have lost their digits", norm);
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
        return search->step >= search->longest ? look_far(search, oracle, &failure, report)
                                               : GRADUS_OK;
    }
    if (end == GRADUS_SEARCH_NOT_DESCENT) {
        report_slope(search, g, report);
        return GRADUS_OK;
    }
    gradus_err err = gradus_postmortem(oracle, &failure, report);
    return err || failure.lower == 0.0 ? err : go_on(search, oracle, &failure, report);
}

/* Scales DIRECTION by a power of two to a length between 1/2 and 1; *POWER is what brings the
   former length back.  */
static void normalise(const gradus_search *search, double direction[], int *power) {
    int more;
    double length = gradus_norm(search->n, direction, search->threads);
    if (!(length > 0.0 && isfinite(length)))
        return;
    frexp(length, &more);
    scale(search->n, -more, direction);
    *power += more;
}

/* Along DIRECTION, which is scaled by a power of two where its product with G would not be a
   double, or one that has lost digits; *POWER is that power.  Then STEP may be none either; it
   is that of a first step.  */
static gradus_err search_scaled(gradus_search *search, gradus_oracle *oracle,
                                const double x[], double value, const double g[],
                                double direction[], double step, int *power,
                                gradus_search_end *end) {
    int of_g, of_direction;
    *power = 0;
    gradus_err err = gradus_search_along(search, oracle, x, value, g, direction, step, end);
    if (err || *end != GRADUS_SEARCH_NOT_DESCENT)
        return err;
    double norm = gradus_norm(search->n, g, search->threads);
    frexp(norm, &of_g);
    frexp(gradus_norm(search->n, direction, search->threads), &of_direction);
    if (of_g + of_direction < DBL_MAX_EXP - MARGIN &&
        of_g + of_direction > DBL_MIN_EXP + MARGIN)
        return GRADUS_OK;
    normalise(search, direction, power);
    step = step >= DBL_MIN && step <= DBL_MAX
               ? ldexp(step, *power)
               : first_length(search, x, value, norm) /
                     gradus_norm(search->n, direction, search->threads);
    return gradus_search_along(search, oracle, x, value, g, direction, step, end);
}

/* Leaves in DIRECTION those entries of -g whose part of the slope, g_i^2, is lost in the
   rounding of the whole; and gives their norm, 0 when there are none.  */
static double take_lost(const gradus_search *search, const double g[], double norm,
                        double direction[]) {
    double least = sqrt(DBL_EPSILON) * norm;
    for (size_t i = 0; i < search->n; i++)
        direction[i] = fabs(g[i]) <= least ? -g[i] : 0.0;
    return gradus_norm(search->n, direction, search->threads);
}

/* Where nothing can be told from rounding along -g, variables whose slopes are worlds smaller
   have not been heard: a search along these alone goes on, or leaves the report as it is.  */
static gradus_err look_aside(gradus_search *search, gradus_oracle *oracle, const double x[],
                             double value, const double g[], double norm,
                             double direction[], gradus_report *report) {
    double lost = take_lost(search, g, norm, direction);
    int power = 0;
    gradus_search_end end;
    if (!(lost > 0.0))
        return GRADUS_OK;
    double step = gradus_update_first_step(search, x, value, lost);
    gradus_err err =
        search_scaled(search, oracle, x, value, g, direction, step, &power, &end);
    if (err || end != GRADUS_SEARCH_FOUND || !(search->value < value))
        return err;
    scale(search->n, power, direction);
    search->step = ldexp(search->step, -power);
    report->learning_rate = search->step;
    report->stop = GRADUS_RUNNING;
    report->detail[0] = '\0';
    return GRADUS_OK;
}

gradus_err gradus_update_search(gradus_search *search, gradus_oracle *oracle,
                                const double x[], double value, const double g[],
                                double norm, double direction[], double step, bool steepest,
                                bool *fell_back, gradus_report *report) {
    gradus_search_end end;
    int power;
    gradus_err err =
        search_scaled(search, oracle, x, value, g, direction, step, &power, &end);
    *fell_back = !err && end != GRADUS_SEARCH_FOUND && !steepest;
    if (*fell_back) {
        for (size_t i = 0; i < search->n; i++)
            direction[i] = -g[i];
        step = gradus_update_first_step(search, x, value, norm);
        err = search_scaled(search, oracle, x, value, g, direction, step, &power, &end);
    }
    if (!err && end != GRADUS_SEARCH_FOUND)
        normalise(search, direction, &power);
    if (!err)
        err = conclude(search, oracle, x, value, g, direction, end, report);
    if (!err && report->stop == GRADUS_FAIL_ROUNDING) {
        *fell_back = true;
        return look_aside(search, oracle, x, value, g, norm, direction, report);
    }
    if (power == 0)
        return err;
    scale(search->n, power, direction);
    search->step = ldexp(search->step, -power);
    report->learning_rate = ldexp(report->learning_rate, -power);
    return err;
}

double gradus_update_scale(double norm, double scale) {
    static const int RANGE = 300; /* squares, and their products with numbers of size 1 */
    int power;
    frexp(norm * scale, &power);
    if (power > -RANGE && power < RANGE)
        return scale;
    frexp(norm, &power);
    return ldexp(1.0, -power < DBL_MAX_EXP ? -power : DBL_MAX_EXP - 1);
}

bool gradus_update_safe_products(double size, double sy, double yy) {
    return sy > ROUNDING * size && isfinite(1.0 / sy) && isfinite(sy / yy) &&
           isfinite(yy / sy);
}

bool gradus_update_safe_pair(size_t n, const double s[], const double y[], size_t threads,
                             double *sy, double *yy) {
    *sy = gradus_dot(n, s, y, threads);
    *yy = gradus_dot(n, y, y, threads);
    return gradus_update_safe_products(gradus_search_size(n, s, y), *sy, *yy);
}
