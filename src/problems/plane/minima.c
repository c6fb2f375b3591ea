/* Many minima: an egg crate in a bowl.

     f(x, y) = h(x) + h(y),   h(t) = t^2/2 + number / (4 pi) (1 - cos(2 pi t)),

   Rastrigin's function with its two terms in such a proportion that h has `number` minima,
   an odd number: one just inside of every whole number from -(number-1)/2 to (number-1)/2.
   (h' = t + number/2 sin(2 pi t): the line t is crossed within number/2.)  So f has number^2
   minima; the lowest is 0 at (0, 0).  Start (-1.6, 2.4) scaled by (number-1)/4: in a basin
   near the rim.

   Rastrigin, Systems of extremal control, 1974; Muhlenbein, Schomisch and Born, "The parallel
   genetic algorithm as function optimizer", Parallel Computing 17, 1991.  */

#include "problems/plane/plane.h"

#include <math.h>

typedef struct {
    gradus_plane_params plane;
    long number;
} params_t;

static const gradus_param params[] = {
    GRADUS_PLANE_ROWS(params_t),
    {GRADUS_FIELD(params_t, number), .initial = 5, .minimum = 1, .maximum = 101,
     .help = "Minima in either coordinate, an odd number; there are as many squared."},
    {0}};

/* h' */
static double slope(const params_t *p, double t) {
    return t + 0.5 * (double)p->number * sin(2 * M_PI * t);
}

static void minima(const void *values, double x, double y, gradus_plane_values *out) {
    const params_t *p = values;
    double depth = (double)p->number / (4 * M_PI), bend = M_PI * (double)p->number;
    out->value =
        0.5 * (x * x + y * y) + depth * (2 - cos(2 * M_PI * x) - cos(2 * M_PI * y));
    out->gradient[0] = slope(p, x);
    out->gradient[1] = slope(p, y);
    out->xx = 1 + bend * cos(2 * M_PI * x);
    out->xy = 0;
    out->yy = 1 + bend * cos(2 * M_PI * y);
}

static gradus_err minima_open(void *self, const void *values, size_t threads,
                              gradus_error *why) {
    const params_t *p = values;
    (void)threads;
    if (p->number % 2 == 0)
        return gradus_fail(why, GRADUS_EINPUT, "minima: number=%ld: expected an odd number",
                           p->number);
    double scale = 0.25 * (double)(p->number - 1);
    return gradus_plane_open(self, minima, values, -1.6 * scale, 2.4 * scale);
}

/* The zero of h' near the whole number J, by bisection to the last bit: it is at most a
   quarter nearer to 0 than J is, and h' rises there.  */
static double zero_near(const params_t *p, long j) {
    double near = fabs((double)j), low = near - 0.25, high = near;
    if (j == 0)
        return 0;
    for (double middle = 0.5 * (low + high); middle > low && middle < high;
         middle = 0.5 * (low + high)) {
        if (slope(p, middle) > 0)
            high = middle;
        else
            low = middle;
    }
    return j < 0 ? -high : high;
}

static bool minima_minimum(const void *self, size_t index, double x[]) {
    const params_t *p = ((const gradus_plane *)self)->params;
    size_t number = (size_t)p->number;
    if (index >= number * number)
        return false;
    long most = (p->number - 1) / 2;
    double point[][2] = {{zero_near(p, (long)(index % number) - most),
                          zero_near(p, (long)(index / number) - most)}};
    return gradus_plane_pick(self, point, 1, 0, x);
}

const gradus_problem_type gradus_problem_minima = {
    .name = "minima",
    .brief = "many minima, an egg crate in a bowl, in the plane",
    .formula =
        "f(x, y) = h(x) + h(y), h(t) = t^2/2 + number/(4 pi) (1 - cos(2 pi t)), with "
        "number^2 minima; start (-1.6, 2.4) (number-1)/4; lowest 0 at (0, 0)",
    .citation = "Rastrigin, Systems of extremal control, 1974, in other proportions",
    .params_size = sizeof(params_t),
    .params = params,
    .open = minima_open,
    .minimum = minima_minimum,
    GRADUS_PLANE_ENTRIES};
