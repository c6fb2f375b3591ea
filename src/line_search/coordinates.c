/* Which entry of a wrong gradient is the worst: by halves, and then one by one.  */

#include "line_search/coordinates.h"

#include "linalg/vector.h"

#include <math.h>
#include <string.h>

enum { COORDINATES = 32 }; /* most to be measured one by one */

/* The slope by values along move, a change of x by STEP times it; NaN on an error.  */
static gradus_err measure(const gradus_ladder *l, double step, double *slope) {
    double up = NAN, down = NAN;
    gradus_err err = gradus_ladder_value(l, l->failure->move, step, &up);
    if (!err)
        err = gradus_ladder_value(l, l->failure->move, -step, &down);
    *slope = (up - down) / (2.0 * step);
    return err;
}

/* By how much the gradient is wrong over the coordinates FIRST to END - 1 together, each
   moved up or down in turns.  */
static gradus_err error_of_part(const gradus_ladder *l, size_t first, size_t end,
                                double step, double *error) {
    double *v = l->failure->move, slope;
    memset(v, 0, l->n * sizeof *v);
    for (size_t i = first; i < end; i++)
        v[i] = (i % 2 ? -1.0 : 1.0) / sqrt((double)(end - first));
    gradus_err err = measure(l, step, &slope);
    *error = fabs(slope - gradus_dot(l->n, l->failure->g, v, l->threads));
    return err;
}

/* Follows the half with the larger error until few coordinates are left, and measures
   these.  */
gradus_err gradus_find_worst(const gradus_ladder *l, double step,
                             gradus_worst_entry *worst) {
    size_t first = 0, end = l->n;
    *worst = (gradus_worst_entry){.measured = NAN};
    gradus_err err = GRADUS_OK;
    while (!err && end - first > COORDINATES) {
        size_t middle = first + (end - first) / 2;
        double low, high = 0.0;
        err = error_of_part(l, first, middle, step, &low);
        if (!err)
            err = error_of_part(l, middle, end, step, &high);
        if (low >= high)
            end = middle;
        else
            first = middle;
    }
    double *v = l->failure->move, slope, most = -1.0;
    memset(v, 0, l->n * sizeof *v);
    for (size_t i = first; !err && i < end; i++) {
        double g = l->failure->g[i];
        v[i] = 1.0;
        err = measure(l, step, &slope);
        v[i] = 0.0;
        worst->minus += (slope + g) * (slope + g);
        worst->size += g * g;
        if (fabs(slope - g) > most) {
            most = fabs(slope - g);
            worst->index = i;
            worst->gradient = g;
            worst->measured = slope;
        }
    }
    return err;
}
