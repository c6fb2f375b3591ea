/* Beale's function, number 5 of More, Garbow and Hillstrom, "Testing unconstrained
   optimization software", ACM TOMS 7(1), 1981:

     f(x, y) = (1.5 - x (1 - y))^2 + (2.25 - x (1 - y^2))^2 + (2.625 - x (1 - y^3))^2,

   start (1, 1), minimum 0 at (3, 0.5).  It falls for ever slower towards x = -infinity,
   y = 1.  */

#include "problems/plane/plane.h"

static void beale(const void *values, double x, double y, gradus_plane_values *out) {
    static const double target[] = {1.5, 2.25, 2.625};
    double power = 1, before = 0; /* y^(i-1) and y^(i-2) */
    (void)values;
    *out = (gradus_plane_values){0};
    for (int i = 1; i <= 3; i++) {
        /* r = target - x (1 - y^i) and its derivatives */
        double r = target[i - 1] - x * (1 - power * y);
        double rx = power * y - 1, ry = x * i * power, rxy = i * power,
               ryy = x * i * (i - 1) * before;
        out->value += r * r;
        out->gradient[0] += 2 * r * rx;
        out->gradient[1] += 2 * r * ry;
        out->xx += 2 * rx * rx;
        out->xy += 2 * (rx * ry + r * rxy);
        out->yy += 2 * (ry * ry + r * ryy);
        before = power;
        power *= y;
    }
}

static gradus_err beale_open(void *self, const void *values, size_t threads,
                             gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, beale, values, 1, 1);
}

static bool beale_minimum(const void *self, size_t index, double x[]) {
    static const double minima[][2] = {{3, 0.5}};
    return gradus_plane_pick(self, minima, 1, index, x);
}

const gradus_problem_type gradus_problem_beale = {
    .name = "beale",
    .brief = "Beale's function, in the plane",
    .formula = "f(x, y) = (1.5 - x (1 - y))^2 + (2.25 - x (1 - y^2))^2 + (2.625 - x (1 - "
               "y^3))^2; start (1, 1); minimum 0 at (3, 0.5)",
    .citation = "More, Garbow and Hillstrom, ACM TOMS 7(1), 1981, problem 5",
    .params_size = sizeof(gradus_plane_params),
    .params = gradus_plane_rows,
    .open = beale_open,
    .minimum = beale_minimum,
    GRADUS_PLANE_ENTRIES};
