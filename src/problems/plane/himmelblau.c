/* Himmelblau's function:

     f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2,

   start (0, 0), four minima of 0: (3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186) and
   (3.584428, -1.848127), the intersections of two parabolas.

   Himmelblau, Applied nonlinear programming, 1972.  */

#include "problems/plane/plane.h"

static void himmelblau(const void *values, double x, double y, gradus_plane_values *out) {
    double a = x * x + y - 11, b = x + y * y - 7;
    (void)values;
    out->value = a * a + b * b;
    out->gradient[0] = 4 * x * a + 2 * b;
    out->gradient[1] = 2 * a + 4 * y * b;
    out->xx = 4 * a + 8 * x * x + 2;
    out->xy = 4 * (x + y);
    out->yy = 2 + 4 * b + 8 * y * y;
}

static gradus_err himmelblau_open(void *self, const void *values, size_t threads,
                                  gradus_error *why) {
    (void)threads, (void)why;
    return gradus_plane_open(self, himmelblau, values, 0, 0);
}

static bool himmelblau_minimum(const void *self, size_t index, double x[]) {
    /* Roots of x^4 - 22 x^2 + x + 114 and y = 11 - x^2.  */
    static const double minima[][2] = {{3, 2},
                                       {-2.8051180869527448531, 3.1313125182505729658},
                                       {-3.7793102533777468919, -3.2831859912861694123},
                                       {3.5844283403304917449, -1.8481265269644035535}};
    return gradus_plane_pick(self, minima, 4, index, x);
}

const gradus_problem_type gradus_problem_himmelblau = {
    .name = "himmelblau",
    .brief = "Himmelblau's function with four minima, in the plane",
    .formula = "f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2; start (0, 0); minima 0 at "
               "(3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, "
               "-1.848127)",
    .citation = "Himmelblau, Applied nonlinear programming, 1972",
    .params_size = sizeof(gradus_plane_params),
    .params = gradus_plane_rows,
    .open = himmelblau_open,
    .minimum = himmelblau_minimum,
    GRADUS_PLANE_ENTRIES};
