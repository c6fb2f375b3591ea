/* Activations: the maps of src/linalg, and R of a slope.

     R(f'(z) d) = f'(z) Rd + f''(z) Rz d = f'(z) Rd + (f''(z)/f'(z)) Ry d,

   since Ry = f'(z) Rz; f''/f' is 1 - 2y for the sigmoid and -2y for tanh.  Pearlmutter, "Fast
   exact multiplication by the Hessian", Neural Computation 6(1), 1994.  */

#include "problems/network/activations.h"

#include "linalg/maps.h"

static void linear(size_t n, const double shift[], double z[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++)
        z[i] += shift[i];
}

static void linear_slope(size_t n, const double y[], double d[]) {
    (void)n, (void)y, (void)d;
}

static void sigmoid_bend(size_t n, const double y[], const double Ry[], double d[],
                         double Rd[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double slope = y[i] * (1.0 - y[i]);
        Rd[i] = slope * Rd[i] + (1.0 - 2.0 * y[i]) * Ry[i] * d[i];
        d[i] *= slope;
    }
}

static void tanh_bend(size_t n, const double y[], const double Ry[], double d[],
                      double Rd[]) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double slope = 1.0 - y[i] * y[i];
        Rd[i] = slope * Rd[i] - 2.0 * y[i] * Ry[i] * d[i];
        d[i] *= slope;
    }
}

static void relu_bend(size_t n, const double y[], const double Ry[], double d[],
                      double Rd[]) {
    (void)Ry;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double slope = y[i] > 0.0 ? 1.0 : 0.0;
        Rd[i] *= slope;
        d[i] *= slope;
    }
}

static void linear_bend(size_t n, const double y[], const double Ry[], double d[],
                        double Rd[]) {
    (void)n, (void)y, (void)Ry, (void)d, (void)Rd;
}

gradus_activation gradus_activation_get(long kind) {
    const gradus_maps *maps = gradus_maps_for(0);
    switch (kind) {
    case GRADUS_SIGMOID:
        return (gradus_activation){maps->sigmoid, maps->sigmoid_slope, sigmoid_bend};
    case GRADUS_TANH:
        return (gradus_activation){maps->tanh, maps->tanh_slope, tanh_bend};
    case GRADUS_RELU:
        return (gradus_activation){maps->relu, maps->relu_slope, relu_bend};
    default:
        return (gradus_activation){linear, linear_slope, linear_bend};
    }
}
