/* The minimum of a function of one's own in one call:

       cc minimize.c $(pkg-config --cflags --libs gradus) && ./a.out  */

#include <gradus.h>
#include <stdio.h>

/* Rosenbrock's valley: 100 (y - x^2)^2 + (1 - x)^2.  */
static int valley(void *context, size_t n, const double x[], double *value,
                  double gradient[]) {
    double a = x[1] - x[0] * x[0], b = 1.0 - x[0];
    (void)context, (void)n;
    *value = 100.0 * a * a + b * b;
    gradient[0] = -400.0 * a * x[0] - 2.0 * b;
    gradient[1] = 200.0 * a;
    return 0;
}

int main(void) {
    const gradus_function function = {.dimension = 2, .evaluate = valley};
    double x[] = {-1.2, 1.0}; /* the start, then the minimum */
    gradus_minimum found;
    gradus_minimize(&function, x, "lbfgs", "gradient_tolerance=1e-8", &found);
    printf("%s\n", found.text);
    printf("at (%.6f, %.6f) the value is %.6f\n", x[0], x[1], found.value);
    printf("%zu updates, %zu evaluations\n", found.updates, found.evaluations);
    return found.error || found.stop < 0;
}
