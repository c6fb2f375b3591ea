/* A monkey saddle between three basins.

     f(x, y) = x^3 - 3 x y^2 + 3/4 (x^2 + y^2)^2,   in polar form r^3 cos(3 t) + 3/4 r^4,

   the saddle x^3 - 3 x y^2, bounded from below.  Its Hessian is zero at the saddle (0, 0),
   so that no second-order model there says which way is down.  Minima -1/4 at (-1, 0) and
   (1/2, +-sqrt(3)/2).  The positive x axis is a ridge: gradient descent from there ends in
   the saddle.  Start (1, offset).

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

static void monkey_saddle(const void *values, double x, double y,
                          gradus_plane_values *out) {
    double r2 = x * x + y * y;
    (void)values;
    out->value = x * (x * x - 3 * y * y) + 0.75 * r2 * r2;
    out->gradient[0] = 3 * (x * x - y * y) + 3 * r2 * x;
    out->gradient[1] = -6 * x * y + 3 * r2 * y;
    out->xx = 6 * x + 3 * r2 + 6 * x * x;
    out->xy = -6 * y + 6 * x * y;
    out->yy = -6 * x + 3 * r2 + 6 * y * y;
}

static gradus_err monkey_saddle_open(void *self, const void *values, size_t threads,
                                     gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, monkey_saddle, values, 1,
                             ((const params_t *)values)->offset);
}

static bool monkey_saddle_minimum(const void *self, size_t index, double x[]) {
    static const double sine = 0.86602540378443864676; /* sqrt(3) / 2 */
    static const double minima[][2] = {{-1, 0}, {0.5, sine}, {0.5, -sine}};
    return gradus_plane_pick(self, minima, 3, index, x);
}

const gradus_problem_type gradus_problem_monkey_saddle = {
    .name = "monkey_saddle",
    .brief = "a saddle without curvature between three basins, in the plane",
    .formula = "f(x, y) = x^3 - 3 x y^2 + 3/4 (x^2 + y^2)^2; start (1, offset); saddle "
               "(0, 0), minima -1/4 at (-1, 0) and (1/2, +-sqrt(3)/2)",
    .citation = "Dauphin et al., NIPS 2014, figure 1 (without the quartic term)",
    .params_size = sizeof(params_t),
    .params = params,
    .open = monkey_saddle_open,
    .minimum = monkey_saddle_minimum,
    GRADUS_PLANE_ENTRIES};
