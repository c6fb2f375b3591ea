/* A valley with steep sides and a shallow floor, turned by an angle.

     f(x, y) = 1/2 (u^2 + condition v^2),   u = x cos(angle) + y sin(angle),
                                            v = y cos(angle) - x sin(angle),

   start u = -8, v = 3, minimum 0 at (0, 0).  Turned by 0 degrees the valley lies along the
   x axis, and methods that scale every coordinate by itself see it as round.

   Goodfellow, Bengio and Courville, Deep Learning, 2016, section 4.3.1 (figure 4.6).  */

#include "problems/plane/plane.h"

#include <math.h>

typedef struct {
    gradus_plane_params plane;
    double condition, angle;
} params_t;

static const gradus_param params[] = {
    GRADUS_PLANE_ROWS(params_t),
    {GRADUS_FIELD(params_t, condition), .initial = 20, .minimum = 1, .maximum = 1e15,
     .flags = GRADUS_LOG, .help = "Curvature across the valley; the one along it is 1."},
    {GRADUS_FIELD(params_t, angle), .initial = 0, .minimum = -180, .maximum = 180,
     .help = "Direction of the valley, in degrees from the x axis."},
    {0}};

/* Exact where it can be, so that an unturned valley has no trace of a rotation.  */
static void direction(const params_t *p, double *c, double *s) {
    double radians = p->angle * M_PI / 180;
    *c = p->angle == 0 ? 1 : cos(radians);
    *s = p->angle == 0 ? 0 : sin(radians);
}

static void valley(const void *values, double x, double y, gradus_plane_values *out) {
    const params_t *p = values;
    double c, s;
    direction(p, &c, &s);
    double u = c * x + s * y, v = c * y - s * x, k = p->condition;
    out->value = 0.5 * (u * u + k * v * v);
    out->gradient[0] = c * u - s * k * v;
    out->gradient[1] = s * u + c * k * v;
    out->xx = c * c + k * s * s;
    out->xy = (1 - k) * c * s;
    out->yy = s * s + k * c * c;
}

static gradus_err valley_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    static const double u = -8, v = 3;
    double c, s;
    (void)threads, (void)why;
    direction(values, &c, &s);
    return gradus_plane_open(self, valley, values, c * u - s * v, s * u + c * v);
}

static bool valley_minimum(const void *self, size_t index, double x[]) {
    static const double minima[][2] = {{0, 0}};
    return gradus_plane_pick(self, minima, 1, index, x);
}

const gradus_problem_type gradus_problem_valley = {
    .name = "valley",
    .brief = "a valley with steep sides and a shallow floor, in the plane",
    .formula = "f(x, y) = 1/2 (u^2 + condition v^2), (u, v) being (x, y) turned by angle; "
               "start u = -8, v = 3; minimum 0 at (0, 0)",
    .citation = "Goodfellow, Bengio and Courville, Deep Learning, 2016, section 4.3.1",
    .params_size = sizeof(params_t),
    .params = params,
    .open = valley_open,
    .minimum = valley_minimum,
    GRADUS_PLANE_ENTRIES};
