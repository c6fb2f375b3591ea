/* Choosing the axes so that differences between methods can be seen.  */

#include "harness/figures/scale.h"

#include <float.h>
#include <math.h>

/* What the choices go by.  All are matters of looks, not of truth: the axis says what it
   shows.  */
static const double far_apart =
                        20, /* ends of curves this far apart need a logarithmic x axis */
    many_decades = 1e3,     /* a logarithmic axis this long shows whatever there is */
    few_decades = 4,        /* one that is shorter shows nothing a linear one does not */
    visible_share = 0.05,   /* of the axis: so far apart must the two lowest ends be */
    above_start = 0.15,     /* of the axis: so far above the start is anything followed */
    room_for_labels = 0.07, /* of the x axis, for the lines that lead to the labels */
    margin = 0.04;          /* of an axis, beyond the data */

double gradus_scale_drawn(const gradus_scale *scale, double value) {
    double drawn = scale->factor * (value - scale->lowest);
    return scale->log && drawn < scale->floor ? scale->floor : drawn;
}

static double stretch(const gradus_scale *scale, double drawn) {
    return scale->log ? log10(drawn) : drawn;
}

double gradus_scale_place(const gradus_scale *scale, double drawn) {
    double low = stretch(scale, scale->low), high = stretch(scale, scale->high);
    return (stretch(scale, drawn) - low) / (high - low);
}

double gradus_scale_at(const gradus_scale *scale, double place) {
    double low = stretch(scale, scale->low), high = stretch(scale, scale->high);
    double stretched = low + place * (high - low);
    return scale->log ? pow(10, stretched) : stretched;
}

/* Moves an end of the range outwards by SHARE of its length.  */
static void widen(gradus_scale *scale, double share_low, double share_high) {
    if (!(scale->high > scale->low)) { /* one number only */
        scale->low = scale->log ? scale->low / 2 : scale->low - 0.5;
        scale->high = scale->log ? scale->high * 2 : scale->high + 0.5;
    }
    double low = gradus_scale_at(scale, -share_low);
    /* Beyond the largest number there is no tick to stop at.  */
    scale->high = fmin(gradus_scale_at(scale, 1 + share_high), DBL_MAX);
    if (share_low > 0) /* else it stays, to the last bit */
        scale->low = low;
}

gradus_scale gradus_scale_x(const gradus_curve curves[], size_t count) {
    double longest = 0, shortest = INFINITY, first = INFINITY;
    for (size_t c = 0; c < count; c++) {
        double end = 0;
        for (size_t i = 0; i < curves[c].count; i++) {
            end = curves[c].point[i].x;
            if (end > 0)
                first = fmin(first, end);
        }
        longest = fmax(longest, end);
        if (end > 0 && !curves[c].failed)
            shortest = fmin(shortest, end);
    }
    gradus_scale scale = {.factor = 1, .high = longest};
    scale.log = isfinite(shortest) && longest > far_apart * shortest;
    if (scale.log)
        scale.low = scale.floor = first;
    widen(&scale, 0, room_for_labels);
    return scale;
}

gradus_scale gradus_scale_over(double low, double high) {
    gradus_scale scale = {.factor = 1, .low = low, .high = high};
    scale.log = low > 0 && high > low;
    if (scale.log)
        scale.floor = low;
    widen(&scale, margin, margin);
    return scale;
}

/* What the curves reach.  */
typedef struct {
    double start;                  /* the largest first value */
    double lowest_end, second_end; /* of the methods that did not fail, the two lowest */
    double least, most;
    double least_above; /* the smallest that is above `lowest` */
} extent_t;

static void extend(extent_t *e, const gradus_curve *curve, double lowest) {
    bool first = true;
    for (size_t i = 0; i < curve->count; i++) {
        const gradus_point *point = &curve->point[i];
        if (!isfinite(point->middle))
            continue;
        if (first)
            e->start = fmax(e->start, point->middle);
        first = false;
        e->least = fmin(e->least, point->middle);
        e->most = fmax(e->most, isfinite(point->high) ? point->high : point->middle);
        if (point->middle > lowest)
            e->least_above = fmin(e->least_above, point->middle);
    }
    const gradus_point *end = gradus_curve_end(curve);
    if (end && !curve->failed) {
        e->second_end = fmin(e->second_end, fmax(e->lowest_end, end->middle));
        e->lowest_end = fmin(e->lowest_end, end->middle);
    }
}

static extent_t extent_of(const gradus_curve curves[], size_t count, double lowest) {
    extent_t e = {.start = -INFINITY,
                  .lowest_end = INFINITY,
                  .second_end = INFINITY,
                  .least = INFINITY,
                  .most = -INFINITY,
                  .least_above = INFINITY};
    for (size_t c = 0; c < count; c++)
        extend(&e, &curves[c], lowest);
    return e;
}

/* Over all rows of all curves, not only over medians.  */
static double lowest_seen(const gradus_results *results, gradus_column column) {
    double lowest = INFINITY;
    for (size_t r = 0; r < results->runs; r++) {
        const gradus_trace *trace = &results->run[r].trace;
        size_t rows = gradus_result_curve_rows(&results->run[r]);
        for (size_t i = 0; i < rows; i++)
            if (isfinite(trace->column[column][i]))
                lowest = fmin(lowest, trace->column[column][i]);
    }
    return lowest;
}

static bool plain_log_shows(const extent_t *e, double lowest) {
    double range = e->start / lowest;
    return lowest > 0 && range >= few_decades &&
           (range >= many_decades ||
            log(e->second_end / lowest) >= visible_share * log(range));
}

static gradus_scale scale_accuracy(const extent_t *e) {
    const double percent = 100, spreads = 3, least_span = 0.02;
    gradus_scale scale = {.factor = percent};
    double worst = isfinite(e->lowest_end) ? e->lowest_end : e->least;
    double low = e->most - spreads * (e->most - worst) - least_span;
    scale.low = percent * fmax(e->least, low); /* the way up from guessing is cut off */
    scale.high = percent * e->most;
    widen(&scale, margin, margin);
    return scale;
}

gradus_scale gradus_scale_y(const gradus_results *results, const gradus_curve curves[],
                            size_t count, gradus_column column) {
    bool named = column == GRADUS_COLUMN_VALUE && !isnan(results->minimum);
    double lowest = named ? results->minimum : lowest_seen(results, column);
    extent_t e = extent_of(curves, count, lowest);
    if (column == GRADUS_COLUMN_ACCURACY)
        return scale_accuracy(&e);
    gradus_scale scale = {.factor = 1, .log = true};
    if (named || (column == GRADUS_COLUMN_VALUE && !plain_log_shows(&e, lowest)))
        scale.lowest = lowest;
    else
        e = extent_of(curves, count, 0);
    /* Differences below the rounding of the values themselves are noise.  */
    double noise = 4 * DBL_EPSILON * fabs(scale.lowest);
    scale.floor = fmax(e.least_above - scale.lowest, noise);
    scale.low = scale.floor;
    scale.high = e.most - scale.lowest;
    double start = e.start - scale.lowest;
    if (start > scale.floor)
        scale.high = fmin(scale.high, start * pow(start / scale.floor, above_start));
    if (!(scale.floor > 0 && isfinite(scale.floor) && scale.high > scale.low)) {
        scale = (gradus_scale){.factor = 1}; /* nothing has a logarithm, or all are one */
        scale.low = isfinite(e.least) ? e.least : 0;
        scale.high = isfinite(e.most) ? e.most : 1;
    }
    widen(&scale, margin, margin);
    return scale;
}

/* Labels start at their lines' ends and are pushed apart: up from the bottom, then down
   from the top.  */
void gradus_scale_labels(double place[], size_t order[], size_t count, double height) {
    size_t shown = 0;
    for (size_t m = 0; m < count; m++) {
        if (isnan(place[m]))
            continue;
        place[m] = fmin(fmax(place[m], 0), 1);
        size_t at = shown++;
        for (; at > 0 && place[m] <= place[order[at - 1]]; at--)
            order[at] = order[at - 1];
        order[at] = m;
    }
    if (shown > 1)
        height = fmin(height, 1.0 / (double)(shown - 1));
    double least = 0, most = 1;
    for (size_t i = 0; i < shown; i++) {
        place[order[i]] = fmax(place[order[i]], least);
        least = place[order[i]] + height;
    }
    for (size_t i = shown; i > 0; i--) {
        place[order[i - 1]] = fmin(place[order[i - 1]], most);
        most = place[order[i - 1]] - height;
    }
}

/* Powers of ten in a plain font.  */
static void print_power(FILE *file, int exponent) {
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    fputs("10", file);
    if (exponent < 0)
        fputs("⁻", file);
    int size = exponent < 0 ? -exponent : exponent, unit = 1;
    while (size / unit >= 10)
        unit *= 10;
    for (; unit > 0; unit /= 10)
        fputs(digits[size / unit % 10], file);
}

static void print_decades(FILE *file, int first, int last) {
    enum { MOST_TICKS = 6, LEAST_PLAIN = -2, MOST_PLAIN = 5 };
    int step = (last - first + MOST_TICKS) / MOST_TICKS;
    bool plain = first >= LEAST_PLAIN && last <= MOST_PLAIN;
    for (int k = first; k <= last; k += step) {
        fputs(k > first ? ", '" : "'", file);
        if (plain)
            fprintf(file, "%.*f", k < 0 ? -k : 0, pow(10, k));
        else
            print_power(file, k);
        fprintf(file, "' 1e%d", k);
    }
}

/* M times 10^K; beside the axis there is room for six digits.  */
static void print_tick(FILE *file, int m, int k) {
    enum { LEAST_PLAIN = -4, MOST_PLAIN = 5 };
    double tick = m * pow(10, k);
    fputc('\'', file);
    if (k >= LEAST_PLAIN && k <= MOST_PLAIN) {
        fprintf(file, "%.10g", tick);
    } else {
        if (m > 1)
            fprintf(file, "%d·", m);
        print_power(file, k);
    }
    fprintf(file, "' %.10g", tick);
}

/* 1, 2 and 5 of every decade, or all nine when there is hardly one.  */
static void print_within_decades(FILE *file, const gradus_scale *scale) {
    bool all = scale->high < 5 * scale->low, first = true;
    for (int k = (int)floor(log10(scale->low)); pow(10, k) <= scale->high; k++)
        for (int m = 1; m <= 9; m++) {
            double tick = m * pow(10, k);
            if (!(all || m == 1 || m == 2 || m == 5) || !(tick >= scale->low) ||
                !(tick <= scale->high))
                continue;
            fputs(first ? "" : ", ", file);
            print_tick(file, m, k);
            first = false;
        }
}

/* 1, 2 or 5 times a power of ten, so that there is room for the labels of an x axis.  */
static double tick_step(const gradus_scale *scale) {
    enum { MOST_STEPS = 6 };
    double least = (scale->high - scale->low) / MOST_STEPS;
    double unit = pow(10, floor(log10(least)));
    return unit * (least <= unit ? 1 : least <= 2 * unit ? 2 : least <= 5 * unit ? 5 : 10);
}

void gradus_scale_print(FILE *file, char axis, const gradus_scale *scale) {
    fprintf(file, "set %crange [%.17g:%.17g]\n", axis, scale->low, scale->high);
    if (!scale->log) {
        fprintf(file, "set %ctics nomirror out", axis);
        if (axis == 'x')
            fprintf(file, " %.10g", tick_step(scale));
        fputc('\n', file);
        return;
    }
    int first = (int)ceil(log10(scale->low)), last = (int)floor(log10(scale->high));
    fprintf(file, "set logscale %c\nset %ctics nomirror out (", axis, axis);
    if (last - first >= 2)
        print_decades(file, first, last);
    else
        print_within_decades(file, scale);
    fputs(")\n", file);
}
