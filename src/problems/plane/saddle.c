/* A saddle between two basins.

     f(x, y) = x^2 - y^2 + y^4 / 2,

   the saddle x^2 - y^2 of the lectures, bounded from below.  Saddle (0, 0) with the
   curvatures 2 and -2, minima -1/2 at (0, -1) and (0, 1).  The ridge is y = 0: gradient
   descent from there ends in the saddle, and from a start at a distance of `offset` it takes
   the longer to leave the smaller that is.  Start (-1.5, offset).

   Dauphin et al., "Identifying and attacking the saddle point problem in high-dimensional
   non-convex optimization", NIPS 2014, figure 1.  */

#include "problems/plane/plane.h"

typedef struct {
    gradus_plane_params plane;
    double offset;
} params_t;

static const gradus_param params[] = {
    GRADUS_PLANE_ROWS(params_t),
    {GRADUS_FIELD(params_t, offset), .initial = 1e-3, .minimum = 0, .maximum = 1,
     .help = "Distance of the standard start from the ridge."},
    {0}};

static void saddle(const void *values, double x, double y, gradus_plane_values *out) {
    double y2 = y * y;
    (void)values;
    out->value = x * x - y2 + 0.5 * y2 * y2;
    out->gradient[0] = 2 * x;
    out->gradient[1] = 2 * y * (y2 - 1);
    out->xx = 2;
    out->xy = 0;
    out->yy = 6 * y2 - 2;
}

static gradus_err saddle_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, saddle, values, -1.5,
                             ((const params_t *)values)->offset);
}

static bool saddle_minimum(const void *self, size_t index, double x[]) {
    static const double minima[][2] = {{0, 1}, {0, -1}};
    return gradus_plane_pick(self, minima, 2, index, x);
}

const gradus_problem_type gradus_problem_saddle = {
    .name = "saddle",
    .brief = "a saddle between two basins, in the plane",
    .formula = "f(x, y) = x^2 - y^2 + y^4/2; start (-1.5, offset); saddle (0, 0), minima "
               "-1/2 at (0, -1) and (0, 1)",
    .citation = "Dauphin et al., NIPS 2014, figure 1 (without the quartic term)",
    .params_size = sizeof(params_t),
    .params = params,
    .open = saddle_open,
    .minimum = saddle_minimum,
    GRADUS_PLANE_ENTRIES};
