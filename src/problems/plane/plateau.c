/* A wide plateau around a well.

     f(x, y) = 1 - exp(-(x^2 + 2 y^2) / 2),

   start (-distance, 1), minimum 0 at (0, 0).  The gradient at a distance d along x is
   d exp(-d^2/2): at 4 it is two thousandths of what it is at 1, so that a rate that is right in
   the well takes for ever on the plateau.

   Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.2.3.  */

#include "problems/plane/plane.h"

#include <math.h>

typedef struct {
    gradus_plane_params plane;
    double distance;
} params_t;

static const gradus_param params[] = {
    GRADUS_PLANE_ROWS(params_t),
    {GRADUS_FIELD(params_t, distance), .initial = 3, .minimum = 0, .maximum = 30,
     .help = "Distance of the standard start from the well, along x."},
    {0}};

static void plateau(const void *values, double x, double y, gradus_plane_values *out) {
    double half = 0.5 * (x * x + 2 * y * y), e = exp(-half);
    (void)values;
    out->value = -expm1(-half);
    out->gradient[0] = e * x;
    out->gradient[1] = e * 2 * y;
    out->xx = e * (1 - x * x);
    out->xy = e * (-2 * x * y);
    out->yy = e * (2 - 4 * y * y);
}

static gradus_err plateau_open(void *self, const void *values, size_t threads,
                               gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, plateau, values, -((const params_t *)values)->distance,
                             1);
}

static bool plateau_minimum(const void *self, size_t index, double x[]) {
    static const double minima[][2] = {{0, 0}};
    return gradus_plane_pick(self, minima, 1, index, x);
}

const gradus_problem_type gradus_problem_plateau = {
    .name = "plateau",
    .brief = "a wide plateau around a well, in the plane",
    .formula = "f(x, y) = 1 - exp(-(x^2 + 2 y^2)/2); start (-distance, 1); minimum 0 at "
               "(0, 0)",
    .citation =
        "after Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.2.3",
    .params_size = sizeof(params_t),
    .params = params,
    .open = plateau_open,
    .minimum = plateau_minimum,
    GRADUS_PLANE_ENTRIES};
