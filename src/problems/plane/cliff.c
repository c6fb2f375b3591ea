/* A gentle slope that ends at the foot of a steep wall, as in the loss of a recurrent
   network.

     f(x, y) = slope (b(x) + b(y)) + height w(steepness x),
     b(t) = sqrt(t^2 + a^2) - a,  a = 1 / steepness,     w(t) = exp(-1 / t) for t > 0, else 0.

   Away from the axes the slope's gradient is `slope` in either coordinate; the wall rises to
   `height` (from 0.14 of it at t = 1/2 to 0.9 at t = 10) and is steepest at t = 1/2, where
   its gradient is 4 exp(-2) height steepness.  f is smooth, w vanishing with all its
   derivatives at 0.  Start (-3, 2), minimum 0 at (0, 0), the foot of the wall: an update that
   overshoots it lands on the wall and is thrown far back.

   Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
   ICML 2013, figure 6; Goodfellow, Bengio and Courville, Deep Learning, 2016, figure 8.3.  */

#include "problems/plane/plane.h"

#include <math.h>

typedef struct {
    gradus_plane_params plane;
    double slope, height, steepness;
} params_t;

static const gradus_param params[] = {
    GRADUS_PLANE_ROWS(params_t),
    {GRADUS_FIELD(params_t, slope), .initial = 0.5, .minimum = 0, .maximum = 1e6,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "Gradient of the slope, in either coordinate."},
    {GRADUS_FIELD(params_t, height), .initial = 10, .minimum = 0, .maximum = 1e6,
     .help = "Height of the wall; 0 takes it away."},
    {GRADUS_FIELD(params_t, steepness), .initial = 4, .minimum = 0, .maximum = 1e6,
     .flags = GRADUS_OPEN_MINIMUM | GRADUS_LOG,
     .help = "Inverse of the length over which the wall rises and the slope turns."},
    {0}};

/* A function of one variable with two derivatives.  */
typedef struct {
    double f, d, dd;
} line_t;

static line_t bowl(const params_t *p, double t) {
    double a = 1 / p->steepness, root = hypot(t, a);
    return (line_t){.f = p->slope * t * (t / (root + a)), /* without cancellation */
                    .d = p->slope * t / root,
                    .dd = p->slope * (a / root) * (a / root) / root};
}

static line_t wall(const params_t *p, double t) {
    double u = t > 0 ? 1 / (p->steepness * t) : INFINITY;
    double e = p->height * exp(-u), k = p->steepness;
    if (!(e > 0)) /* below the foot, or so near it that only 0 can be told */
        return (line_t){0};
    return (line_t){.f = e, .d = k * e * u * u, .dd = k * k * e * (u - 2) * u * u * u};
}

static void cliff(const void *values, double x, double y, gradus_plane_values *out) {
    line_t along = bowl(values, x), across = bowl(values, y), steep = wall(values, x);
    *out = (gradus_plane_values){.value = along.f + across.f + steep.f,
                                 .gradient = {along.d + steep.d, across.d},
                                 .xx = along.dd + steep.dd,
                                 .yy = across.dd};
}

static gradus_err cliff_open(void *self, const void *values, size_t threads,
                             gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, cliff, values, -3, 2);
}

static bool cliff_minimum(const void *self, size_t index, double x[]) {
    static const double minima[][2] = {{0, 0}};
    return gradus_plane_pick(self, minima, 1, index, x);
}

const gradus_problem_type gradus_problem_cliff = {
    .name = "cliff",
    .brief = "a gentle slope that ends at the foot of a steep wall, in the plane",
    .formula = "f(x, y) = slope (b(x) + b(y)) + height w(steepness x), b(t) = sqrt(t^2 + "
               "a^2) - a, a = 1/steepness, w(t) = exp(-1/t) for t > 0, else 0; start "
               "(-3, 2); minimum 0 at (0, 0)",
    .citation = "after Pascanu, Mikolov and Bengio, ICML 2013, figure 6, and Goodfellow, "
                "Bengio and Courville, Deep Learning, 2016, figure 8.3",
    .params_size = sizeof(params_t),
    .params = params,
    .open = cliff_open,
    .minimum = cliff_minimum,
    GRADUS_PLANE_ENTRIES};
